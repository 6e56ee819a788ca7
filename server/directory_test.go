package server

import (
	"errors"
	"net/netip"
	"regexp"
	"testing"
	"time"

	"github.com/tickwire/tickwire/game"
	tickwirev1 "github.com/tickwire/tickwire/proto/tickwire/v1"
)

// table is a directory whose rooms are only names.
type table struct {
	*directory
	t   *testing.T
	def game.Definition
	now time.Time
}

func newTable(t *testing.T, l Limits) *table {
	t.Helper()
	l = l.withDefaults()
	d := newDirectory(&l, newMetrics(), mustRandomSigner(t))
	d.advance(stageNew, stageRunning)
	return &table{d, t, game.Definition{Name: "duo", MaxPlayers: 2}, time.Unix(1_800_000_000, 0)}
}

// open enters and makes a room with one seat taken.
func (d *table) open(options map[string]string, private bool) *place {
	d.t.Helper()
	p, err := d.directory.open(&d.def, options, private, asker{exempt: true})
	if err != nil {
		d.t.Fatal(err)
	}
	if !d.made(p, &room{id: p.info.ID}, nil) {
		d.t.Fatal("not made")
	}
	return p
}

// wantCode fails the test if err is not an *Error with the code; 0 is no error.
func wantCode(t *testing.T, why string, err error, code Code) {
	t.Helper()
	var e *Error
	if code == 0 && err == nil || errors.As(err, &e) && e.Code == code {
		return
	}
	t.Errorf("%s: %v, want %v", why, err, code)
}

func TestRoomsOfOneAddress(t *testing.T) {
	t.Parallel()
	d := newTable(t, Limits{RoomsPerAddress: 1})
	one := asker{from: netip.MustParsePrefix("192.0.2.1/32")}
	p, err := d.directory.open(&d.def, nil, true, one)
	wantCode(t, "first", err, 0)
	_, _, err = d.takeOrOpen(&d.def, nil, one)
	wantCode(t, "second", err, tickwirev1.Code_CODE_TOO_MANY)
	other, isNew, err := d.takeOrOpen(&d.def, nil, asker{from: netip.MustParsePrefix("192.0.2.2/32")})
	wantCode(t, "another address", err, 0)
	if again, _, err := d.takeOrOpen(&d.def, nil, one); !isNew || again != other || err != nil {
		t.Errorf("a seat in the other's room: %v, %v", again, err)
	}
	d.made(p, nil, errorf(tickwirev1.Code_CODE_GAME_FAILED, "no"))
	_, err = d.directory.open(&d.def, nil, true, one)
	wantCode(t, "when the first is gone", err, 0)
}

func TestTakeOrOpen(t *testing.T) {
	t.Parallel()
	d := newTable(t, Limits{})
	p, isNew, err := d.takeOrOpen(&d.def, map[string]string{"map": "a"}, asker{})
	if err != nil || !isNew {
		t.Fatalf("first: %v %v", isNew, err)
	}
	for _, c := range []struct {
		why     string
		options map[string]string
		isNew   bool
	}{
		{"with other options: a room of its own", map[string]string{"map": "b"}, true},
		{"before the first is made: waits for it", map[string]string{"map": "a"}, false},
		{"when the first is full", map[string]string{"map": "a"}, true},
		{"with no wishes: the oldest with a seat", nil, false},
	} {
		if _, isNew, err := d.takeOrOpen(&d.def, c.options, asker{}); err != nil || isNew != c.isNew {
			t.Errorf("%s: new %v, %v; want %v", c.why, isNew, err, c.isNew)
		}
	}
	failed := errorf(tickwirev1.Code_CODE_GAME_FAILED, "no")
	if d.made(p, nil, failed) {
		t.Error("a room that failed is to be run")
	}
	wantCode(t, "whoever waited", p.wait(t.Context(), time.Minute), failed.Code)
	if _, err := d.Find(t.Context(), p.info.ID, ""); err == nil {
		t.Error("a room that failed is there")
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	d := newTable(t, Limits{})
	public, private := d.open(nil, false), d.open(nil, true)
	if !regexp.MustCompile(`^[2-9A-HJKMNP-Z]{6}$`).MatchString(private.code) || public.code != "" {
		t.Errorf("codes: %q, %q", private.code, public.code)
	}
	for _, c := range []struct{ why, id, code, want string }{
		{"public by ID", public.info.ID, "", public.info.ID},
		{"private by code", "", private.code, private.info.ID},
		{"private by ID", private.info.ID, "", ""},
		{"absent", "x", "", ""},
		{"no such code", "", "222222", ""},
	} {
		got, err := d.Find(t.Context(), c.id, c.code)
		if got.ID != c.want {
			t.Errorf("%s: %q, want %q", c.why, got.ID, c.want)
		}
		if c.want == "" && (err == nil || err.Error() != errAbsent().Error()) {
			t.Errorf("%s: %v tells more than others", c.why, err)
		}
	}
}

func TestRoomsInPages(t *testing.T) {
	t.Parallel()
	d := newTable(t, Limits{})
	want := make([]string, 0, 5)
	for i := range 5 {
		p := d.open(map[string]string{"odd": string(rune('0' + i%2))}, false)
		want = append(want, p.info.ID)
		d.open(nil, true) // never listed
	}
	var got []string
	f := Filter{Game: "duo", Limit: 2}
	for pages := 1; ; pages++ {
		rooms, next, err := d.Rooms(t.Context(), f)
		wantCode(t, "page", err, 0)
		for _, r := range rooms {
			got = append(got, r.ID)
		}
		if f.Page = next; next == "" {
			if pages != 3 {
				t.Errorf("%d pages", pages)
			}
			break
		}
	}
	if len(got) != len(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("room %d: %s, want %s", i, got[i], want[i])
		}
	}
	odd, _, err := d.Rooms(t.Context(), Filter{Options: map[string]string{"odd": "1"}, Limit: 100})
	if err != nil || len(odd) != 2 {
		t.Errorf("with an option: %v, %v", odd, err)
	}
	_, _, err = d.Rooms(t.Context(), Filter{Page: "!", Limit: 1})
	wantCode(t, "a page that nobody gave", err, tickwirev1.Code_CODE_OUT_OF_RANGE)
}

func TestRoomsEnd(t *testing.T) {
	t.Parallel()
	d := newTable(t, Limits{Rooms: 2})
	p := d.open(nil, false)
	ticket, err := d.hold(p, &session{id: "1", room: p.room}, asker{}, d.now)
	wantCode(t, "hold", err, 0)
	if d.retire(p.room) {
		t.Error("retired, although a seat waits for its player")
	}
	d.ended(p.room)
	d.ended(p.room) // a second time changes nothing
	if _, _, err := d.redeem(ticket, asker{}, d.now); !errors.Is(err, errTicket) {
		t.Errorf("the ticket of a room that ended: %v", err)
	}
	_, err = d.take(p.info.ID)
	wantCode(t, "take", err, tickwirev1.Code_CODE_NOT_FOUND)

	q := d.open(nil, true)
	d.open(nil, false)
	_, err = d.directory.open(&d.def, nil, false, asker{})
	wantCode(t, "one room too many", err, tickwirev1.Code_CODE_TOO_MANY)
	d.giveBack(q)
	if !d.retire(q.room) {
		t.Error("an empty room may not retire")
	}
	if _, err := d.Find(t.Context(), "", q.code); err == nil {
		t.Error("the code of a retired room is good")
	}
	_, err = d.hold(q, &session{id: "2"}, asker{}, d.now)
	wantCode(t, "a seat that was taken just before", err, tickwirev1.Code_CODE_NOT_FOUND)
}

func TestNews(t *testing.T) {
	t.Parallel()
	d := newTable(t, Limits{})
	p := d.open(nil, false)
	d.open(nil, true) // never told
	_, err := d.take(p.info.ID)
	wantCode(t, "take", err, 0)
	news := d.takeNews()
	if len(news) != 1 || news[0].info.ID != p.info.ID || news[0].info.Players != 2 || news[0].gone {
		t.Errorf("two changes of one room: %+v", news)
	}
	if news := d.takeNews(); len(news) != 0 {
		t.Errorf("told twice: %+v", news)
	}
	d.ended(p.room)
	if news := d.takeNews(); len(news) != 1 || !news[0].gone {
		t.Errorf("the end: %+v", news)
	}
}

func TestStages(t *testing.T) {
	t.Parallel()
	d := newTable(t, Limits{})
	p := d.open(nil, false)
	ticket, err := d.hold(p, &session{id: "1", room: p.room}, asker{}, d.now)
	wantCode(t, "hold", err, 0)
	late, err := d.directory.open(&d.def, nil, false, asker{})
	wantCode(t, "open", err, 0)
	if d.advance(stageNew, stageStopping) {
		t.Error("a stage was left twice")
	}
	d.advance(stageRunning, stageStopping)
	_, _, err = d.redeem(ticket, asker{}, d.now)
	wantCode(t, "redeem", err, tickwirev1.Code_CODE_STOPPING)
	_, err = d.take(p.info.ID)
	wantCode(t, "take", err, tickwirev1.Code_CODE_STOPPING)
	_, _, err = d.takeOrOpen(&d.def, nil, asker{})
	wantCode(t, "take or open", err, tickwirev1.Code_CODE_STOPPING)
	if d.made(late, &room{id: late.info.ID}, nil) {
		t.Error("a room that was made too late is to be run")
	}
	wantCode(t, "who waited for it", late.wait(t.Context(), time.Minute), tickwirev1.Code_CODE_STOPPING)
}
