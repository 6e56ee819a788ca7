package plot_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/tickwire/tickwire/clients/bot/peers/plot"
)

func TestWrite(t *testing.T) {
	chart := plot.Chart{
		Title: "Cost & <size>", Note: "a note", X: "clients", Y: "µs",
		Panels: []plot.Panel{
			{Title: "one", Series: []plot.Series{
				{Name: "a", Points: []plot.Point{{X: 64, Y: 10, Low: 9, High: 12}, {X: 1500, Y: 2000, Low: 2000, High: 2000}}},
				{Name: "b", Colour: "#123456", Points: []plot.Point{{X: 64, Y: 0.25}}},
			}},
			{Title: "nothing was measured"},
		},
	}
	var b bytes.Buffer
	if err := chart.Write(&b); err != nil {
		t.Fatal(err)
	}
	got := b.String()
	d := xml.NewDecoder(strings.NewReader(got))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("it is no XML: %v\n%s", err, got)
		}
	}
	for _, want := range []string{
		"Cost &amp; &lt;size&gt;", ">clients<", ">µs<", ">one<", ">a note<", ">1,500<", ">2,000<", "a, 64: 10",
		"b, 64: 0.25", "#123456",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if strings.Contains(got, "NaN") || strings.Contains(got, "Inf") {
		t.Error("it has coordinates that are no numbers")
	}
	if n := strings.Count(got, "<circle"); n != 2+3 {
		t.Errorf("%d dots, want two in the legend and three points", n)
	}
}
