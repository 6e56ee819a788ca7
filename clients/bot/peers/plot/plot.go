// Package plot draws lines over numbers as SVG, with nothing but the standard library.
package plot

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"math"
	"strconv"
	"strings"
)

// Chart is panels side by side with one legend.
type Chart struct {
	// Title stands above all; Note, if any, below.
	Title, Note string
	// X and Y are what the axes count.
	X, Y   string
	Panels []Panel
}

// Panel is one pair of axes. They begin at 0.
type Panel struct {
	Title  string
	Series []Series
}

// Series is one line. The same name has the same colour in every panel.
type Series struct {
	Name string
	// Colour is one of SVG's. Default: another one for each name.
	Colour string
	Points []Point
}

// Point is a value, with the least and the greatest that were measured.
type Point struct {
	X, Y, Low, High float64
}

// Where things are, in pixels.
const (
	panelWidth, panelHeight = 420, 300
	left, right             = 64, 16
	top, bottom             = 92, 84
	gap                     = 28
)

// Colours that people who see few tell apart too.
const (
	Blue   = "#0072b2"
	Grey   = "#8c8c8c"
	Orange = "#d55e00"
	Green  = "#009e73"
	Pink   = "#cc79a7"
)

var colours = [...]string{Blue, Grey, Orange, Green, Pink} //nolint:gochecknoglobals // constants

// Write draws the chart.
func (c *Chart) Write(w io.Writer) error {
	var b bytes.Buffer
	width := gap + len(c.Panels)*(panelWidth+gap)
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" `,
		width, panelHeight+top+bottom, width, panelHeight+top+bottom)
	b.WriteString(`font-family="system-ui, 'DejaVu Sans', sans-serif" font-size="12" fill="#333">` + "\n")
	b.WriteString(`<rect width="100%" height="100%" fill="#fff"/>` + "\n")
	text(&b, gap, 26, "start", `font-size="17" font-weight="600" fill="#111"`, c.Title)
	c.legend(&b)
	for i := range c.Panels {
		c.panel(&b, &c.Panels[i], float64(gap+i*(panelWidth+gap)))
	}
	text(&b, gap, top+panelHeight+bottom-12, "start", `font-size="11" fill="#666"`, c.Note)
	b.WriteString("</svg>\n")
	_, err := w.Write(b.Bytes())
	return err
}

// names are those of all series, in the order in which they first come.
func (c *Chart) names() []string {
	var names []string
	seen := map[string]bool{}
	for _, p := range c.Panels {
		for _, s := range p.Series {
			if !seen[s.Name] {
				seen[s.Name] = true
				names = append(names, s.Name)
			}
		}
	}
	return names
}

// colour is that of a name.
func (c *Chart) colour(name string) string {
	for _, p := range c.Panels {
		for _, s := range p.Series {
			if s.Name == name && s.Colour != "" {
				return s.Colour
			}
		}
	}
	for i, n := range c.names() {
		if n == name {
			return colours[i%len(colours)]
		}
	}
	return "#000"
}

// legend names the lines under the title.
func (c *Chart) legend(b *bytes.Buffer) {
	const letter = 7.2
	x := float64(gap)
	for _, name := range c.names() {
		fmt.Fprintf(b, `<path d="M%s 46h22" stroke="%s" stroke-width="2.5"/><circle cx="%s" cy="46" r="3.5" fill="%s"/>`+"\n",
			num(x), c.colour(name), num(x+11), c.colour(name))
		text(b, x+28, 50, "start", "", name)
		x += 28 + float64(len(name))*letter + 20
	}
}

// panel draws axes, grid and lines at x0.
func (c *Chart) panel(b *bytes.Buffer, p *Panel, x0 float64) {
	xs, ys := axes(p)
	at := func(x, y float64) (float64, float64) {
		return x0 + left + x/xs.end*(panelWidth-left-right), top + panelHeight - y/ys.end*panelHeight
	}
	middle, _ := at(xs.end/2, 0)
	text(b, middle, top-14, "middle", `font-weight="600"`, p.Title)
	for v := 0.0; v <= ys.end*1.0001; v += ys.step {
		x1, y := at(0, v)
		x2, _ := at(xs.end, v)
		fmt.Fprintf(b, `<path d="M%s %sH%s" stroke="%s"/>`+"\n", num(x1), num(y), num(x2), shade(v))
		text(b, x1-8, y+4, "end", "", label(v))
	}
	for v := 0.0; v <= xs.end*1.0001; v += xs.step {
		x, y := at(v, 0)
		fmt.Fprintf(b, `<path d="M%s %sv5" stroke="#999"/>`+"\n", num(x), num(y))
		text(b, x, y+20, "middle", "", label(v))
	}
	text(b, middle, top+panelHeight+40, "middle", `fill="#555"`, c.X)
	fmt.Fprintf(b, `<g transform="rotate(-90 %s %s)">`, num(x0+12), num(top+panelHeight/2))
	text(b, x0+12, top+panelHeight/2, "middle", `fill="#555"`, c.Y)
	b.WriteString("</g>\n")
	for i := len(p.Series) - 1; i >= 0; i-- { // the first is on top
		c.line(b, &p.Series[i], at)
	}
}

// line draws one series with a whisker at each point.
func (c *Chart) line(b *bytes.Buffer, s *Series, at func(x, y float64) (float64, float64)) {
	colour := c.colour(s.Name)
	path := make([]string, 0, len(s.Points))
	for _, p := range s.Points {
		x, y := at(p.X, p.Y)
		path = append(path, num(x)+" "+num(y))
		if p.High > p.Low {
			_, low := at(p.X, p.Low)
			_, high := at(p.X, p.High)
			fmt.Fprintf(b, `<path d="M%s %sV%s" stroke="%s" stroke-width="1.2" opacity=".55"/>`+"\n",
				num(x), num(low), num(high), colour)
		}
	}
	fmt.Fprintf(b, `<path d="M%s" fill="none" stroke="%s" stroke-width="2.2" stroke-linejoin="round"/>`+"\n",
		strings.Join(path, "L"), colour)
	for _, p := range s.Points {
		x, y := at(p.X, p.Y)
		fmt.Fprintf(b, `<circle cx="%s" cy="%s" r="3.5" fill="%s"><title>%s, %s: %s</title></circle>`+"\n",
			num(x), num(y), colour, html.EscapeString(s.Name), label(p.X), label(p.Y))
	}
}

// scale is an axis from 0 to end.
type scale struct{ step, end float64 }

// axes fit a panel's points.
func axes(p *Panel) (xs, ys scale) {
	x, y := 0.0, 0.0
	for _, s := range p.Series {
		for _, q := range s.Points {
			x, y = math.Max(x, q.X), math.Max(y, math.Max(q.Y, q.High))
		}
	}
	return fit(x, 6), fit(y*1.03, 8)
}

// fit finds a round step of which at most so many reach high.
func fit(high, most float64) scale {
	if high <= 0 {
		return scale{step: 1, end: 4}
	}
	step := math.Pow(10, math.Floor(math.Log10(high/most)))
	for _, factor := range []float64{1, 2, 2.5, 5, 10} {
		if high/(step*factor) <= most {
			step *= factor
			break
		}
	}
	return scale{step: step, end: step * math.Ceil(high/step)}
}

// shade is the colour of a line of the grid.
func shade(v float64) string {
	if v == 0 {
		return "#999"
	}
	return "#e6e6e6"
}

func text(b *bytes.Buffer, x, y float64, anchor, more, s string) {
	if s == "" {
		return
	}
	fmt.Fprintf(b, `<text x="%s" y="%s" text-anchor="%s" %s>%s</text>`+"\n", num(x), num(y), anchor, more, html.EscapeString(s))
}

// num is a coordinate.
func num(v float64) string { return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64) }

// label is a number for people: 1,500 and 0.25.
func label(v float64) string {
	s := strconv.FormatFloat(math.Round(v*1000)/1000, 'f', -1, 64)
	if v < 1000 {
		return s
	}
	s = strconv.FormatFloat(math.Round(v), 'f', 0, 64)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
