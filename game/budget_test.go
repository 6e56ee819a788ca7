package game

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// theRoom is what a server gives to a frame at most, unless it is told otherwise.
const theRoom = 16 << 10

// meadow is a world of many rows that a client comes into.
type meadow struct {
	t       *testing.T
	schema  *Schema
	history *History
	encoder *Encoder
	state   rigState
	tick    uint32
	view    View
	sight   Sight
	base    Baseline
	copy    *Replica
	stride  uint32
	last    int // bytes of the last frame
	haste   int32
}

// Its tables.
const (
	meadowFlowers = iota
	meadowPhase
)

func newMeadow(t *testing.T, flowers int, moving bool) *meadow {
	t.Helper()
	m := &meadow{t: t, stride: 1, haste: 1}
	m.schema = prepared(
		&TableSchema{Name: "flowers", Columns: []Column{colPos("x"), colPos("y"), colInt("kind"), colInt("age")}},
		&TableSchema{Name: "phase", Columns: []Column{colInt("n")}, Single: true},
	)
	m.history = NewHistory(m.schema)
	m.encoder = NewEncoder(m.schema, m.history)
	r := rand.New(rand.NewPCG(11, 12))
	m.state = make(rigState, 2)
	for i := range flowers {
		m.state[meadowFlowers] = append(m.state[meadowFlowers],
			at(ID(i+1), r.Int32N(2000)-1000, r.Int32N(2000)-1000, r.Int32N(4), 50))
	}
	m.state[meadowPhase] = []rigRow{at(1, 7)}
	var err error
	if m.copy, err = NewReplica(m.schema); err != nil {
		t.Fatal(err)
	}
	m.copy.SetStride(1)
	m.view.begin(&World{schema: m.schema})
	for range 3 {
		m.step(moving)
	}
	return m
}

func (m *meadow) step(moving bool) {
	m.tick++
	if moving {
		for i := range m.state[meadowFlowers] {
			c := m.state[meadowFlowers][i].cells
			c[0] += (int32(i%7) - 3) * (1 - int32(m.tick/8%2*2)) * m.haste
			c[3] += int32(m.tick) % 5
		}
	}
	capture(m.schema, m.history, m.tick, m.state)
	m.encoder.Begin()
}

func (m *meadow) table(i int) Viewable {
	return &viewable{store{world: m.view.world, schema: m.schema.Tables[i], shown: i}}
}

// frame makes the client's next frame, and returns what it is shown.
func (m *meadow) frame(view *View, room int) *Visible {
	m.t.Helper()
	vis := m.encoder.See(&m.sight, view, &m.base, room)
	base, body := m.encoder.Frame(nil, &m.base, m.stride, vis)
	if err := m.copy.Apply(m.tick, base, body); err != nil {
		m.t.Fatalf("tick %d: %v", m.tick, err)
	}
	if m.copy.Hash() != m.encoder.Hash(&m.base) {
		m.t.Fatalf("tick %d: the copy is not what it should be", m.tick)
	}
	m.last = len(body)
	return vis
}

// A client that comes into a world of 5,000 rows gets it in pieces that fit, the nearest first, and all within 4 frames.
func TestPieces(t *testing.T) {
	const rows = 5000
	for _, tc := range []struct {
		why  string
		look func(m *meadow) *View
		near bool
	}{
		{"a game that is no Viewer", func(*meadow) *View { return nil }, false},
		{"a table that is named as a whole", func(m *meadow) *View {
			m.view.Table(m.table(meadowFlowers))
			m.view.Table(m.table(meadowPhase))
			return &m.view
		}, false},
		{"rows that are near", func(m *meadow) *View {
			m.view.Near(m.table(meadowFlowers), Area{X: 100, Y: -300, Enter: 5000})
			m.view.Table(m.table(meadowPhase))
			return &m.view
		}, true},
		{"a room that runs for long already, and a frame in every third tick", func(m *meadow) *View {
			m.stride, m.haste = 3, 5
			return nil
		}, false},
	} {
		for _, moving := range []bool{false, true} {
			t.Run(fmt.Sprint(tc.why, "/moving=", moving), func(t *testing.T) {
				m := newMeadow(t, rows, moving)
				view := tc.look(m)
				for range 2*m.stride + 1 {
					m.step(moving)
				}
				m.copy.SetStride(m.stride)
				farthest := int64(-1)
				for frame := 1; ; frame++ {
					had := m.copy.Len(meadowFlowers)
					vis := m.frame(view, theRoom)
					t.Logf("frame %d has %d rows and %d bytes", frame, m.copy.Len(meadowFlowers), m.last)
					if m.last > theRoom+64 {
						t.Errorf("frame %d has %d bytes", frame, m.last)
					}
					if m.copy.Len(meadowPhase) != 1 {
						t.Errorf("frame %d: the small table is not first", frame)
					}
					if tc.near && !moving {
						near, far := m.reach(vis)
						if near < farthest {
							t.Errorf("frame %d: a row at %d comes after one at %d", frame, near, farthest)
						}
						farthest = far
					}
					if m.copy.Len(meadowFlowers) == rows {
						t.Logf("all after %d frames, the last with %d rows of %d bytes", frame, rows-had, m.last)
						break
					}
					if frame == 4 {
						t.Fatalf("%d rows only after 4 frames", m.copy.Len(meadowFlowers))
					}
					if m.last < theRoom*8/10 && !moving {
						t.Errorf("frame %d has %d bytes only", frame, m.last)
					}
					for range m.stride {
						m.step(moving)
					}
				}
				for range m.stride {
					m.step(moving)
				}
				if vis := m.frame(view, theRoom); (vis == nil) != !tc.near {
					t.Errorf("when it has all, See returns %v", vis)
				}
				if len(m.sight.budget.waits) > 0 || cap(m.sight.budget.waits) > keepWaits {
					t.Errorf("it keeps memory for %d rows that wait", cap(m.sight.budget.waits))
				}
			})
		}
	}
}

// A client that has all gets what comes all at once in pieces too.
func TestManyComeAtOnce(t *testing.T) {
	m := newMeadow(t, 100, false)
	if vis := m.frame(nil, theRoom); vis != nil {
		t.Fatal("a client that sees all, which is little, does not get all")
	}
	for i := range 5000 {
		m.state[meadowFlowers] = append(m.state[meadowFlowers], at(ID(1000+i), int32(i*37%2000), int32(i*91%2000), 1, 1))
	}
	for frame := 1; m.copy.Len(meadowFlowers) < 5100; frame++ {
		m.step(false)
		m.frame(nil, theRoom)
		if m.last > theRoom+64 || frame > 4 {
			t.Fatalf("frame %d has %d bytes, the client %d rows", frame, m.last, m.copy.Len(meadowFlowers))
		}
	}
	m.step(false)
	if vis := m.frame(nil, theRoom); vis != nil {
		t.Error("when it has all, See does not return nil")
	}
}

// reach is how near and how far the rows are that enter, and of those that wait none is nearer: as squares, in steps that
// priorities know.
func (m *meadow) reach(vis *Visible) (near, far int64) {
	near = 1 << 62
	held := map[ID]bool{}
	for _, id := range m.copy.IDs(meadowFlowers) {
		held[id] = true
	}
	area := m.view.looks[0].area
	var q circle
	q.begin(&area, &m.encoder.sights.tables[meadowFlowers].grid.axes)
	distance := func(r int32) int64 {
		c := m.state[meadowFlowers][r].cells
		dx, dy := int64(c[0]-area.X), int64(c[1]-area.Y)
		return (dx*dx + dy*dy) >> q.fine
	}
	for r := range m.state[meadowFlowers] {
		if id := m.state[meadowFlowers][r].id; !held[id] {
			near = min(near, distance(int32(r)))
		}
	}
	for _, r := range vis.tables[meadowFlowers] {
		far = max(far, distance(r))
	}
	if near < far {
		m.t.Errorf("a row at %d waits, one at %d does not", near, far)
	}
	return near, far
}

// Whatever the room: something enters in each frame, so all is there at last, and what weighs more comes sooner.
func TestNothingStarves(t *testing.T) {
	for _, room := range []int{1, 8, 40, 200} {
		m := newMeadow(t, 120, false)
		for i := range m.state[meadowFlowers] { // to the left and to the right of the player
			m.state[meadowFlowers][i].cells[0] = int32(i%2*800 - 400)
			m.state[meadowFlowers][i].cells[1] = int32(i)
		}
		m.view.Near(m.table(meadowFlowers), Area{X: -400, Enter: 300, Importance: 1})
		m.view.Near(m.table(meadowFlowers), Area{X: 400, Enter: 300, Importance: 50})
		m.step(false)
		left, light := 120, 0
		for frame := 1; m.copy.Len(meadowFlowers) < 120; frame++ {
			m.step(false)
			vis := m.frame(&m.view, room)
			if now := 120 - len(vis.tables[meadowFlowers]); now >= left {
				t.Fatalf("room %d, frame %d: nothing enters, %d wait", room, frame, now)
			} else {
				left = now
			}
			heavy := 0
			light = 0
			for _, r := range vis.tables[meadowFlowers] {
				if r%2 == 1 {
					heavy++
				} else {
					light++
				}
			}
			if heavy < light {
				t.Fatalf("room %d, frame %d: %d heavy and %d light rows", room, frame, heavy, light)
			}
		}
		if light != 60 {
			t.Errorf("room %d: %d light rows", room, light)
		}
	}
}

// A row that has waited for long comes before one that is nearer but new.
func TestWaitingCounts(t *testing.T) {
	m := newMeadow(t, 40, false)
	for i := range m.state[meadowFlowers] {
		m.state[meadowFlowers][i].cells[0], m.state[meadowFlowers][i].cells[1] = 500, int32(i)
	}
	m.view.Near(m.table(meadowFlowers), Area{Enter: 600})
	for range 20 { // one each frame; those of the first frames are still the nearest
		m.step(false)
		m.frame(&m.view, 1)
	}
	m.state[meadowFlowers] = append(m.state[meadowFlowers], at(1000, 480, 0, 1, 1))
	m.step(false)
	vis := m.frame(&m.view, 1)
	if slices.Contains(vis.tables[meadowFlowers], 40) {
		t.Error("a new row that is a little nearer comes first")
	}
	m.state[meadowFlowers] = append(m.state[meadowFlowers], at(1001, 0, 0, 1, 1))
	for range 3 {
		m.step(false)
		vis = m.frame(&m.view, 1)
	}
	if slices.Contains(vis.tables[meadowFlowers], 41) {
		t.Error("even one that is much nearer waits for a while, when others have waited for 20 frames")
	}
}

// If what is shown is too much for long, rows that are far are told of more slowly, and the farthest not at all; never
// those that are named themselves. When there is room again, all come back.
func TestSqueeze(t *testing.T) {
	m := newMeadow(t, 400, true)
	m.view.Near(m.table(meadowFlowers), Area{Enter: 3000})
	m.view.Row(m.table(meadowFlowers), 7)
	m.view.Table(m.table(meadowPhase))
	play := func(frames, room int) (shown, slow, most, sum int) {
		for i := range frames {
			m.step(true)
			vis := m.frame(&m.view, room)
			if own := slices.Index(vis.tables[meadowFlowers], 6); own < 0 || classAt(vis.wishes(meadowFlowers), own) != 0 {
				t.Fatalf("frame %d: the own row is not shown in every frame", i)
			}
			if len(vis.tables[meadowPhase]) != 1 {
				t.Fatalf("frame %d: the table that is named is not shown", i)
			}
			shown, slow = len(vis.tables[meadowFlowers]), 0
			for n := range vis.tables[meadowFlowers] {
				slow += int(min(classAt(vis.wishes(meadowFlowers), n), 1))
			}
			if i > frames-40 {
				most = max(most, m.last)
				sum += m.last
			}
		}
		return shown, slow, most, sum / 40
	}
	shown, slow, _, full := play(60, theRoom)
	if shown != 400 || slow != 0 {
		t.Fatalf("with room for all %d rows are shown, %d of them slow", shown, slow)
	}
	if shown, _, _, _ = play(10, full/2); shown != 400 {
		t.Errorf("%d rows only after a short time", shown)
	}
	shown, slow, most, mean := play(400, full/2)
	t.Logf("in half of the room: %d rows, %d of them slow; %d bytes, %d on average; %d before", shown, slow, most, mean, full)
	if slow == 0 || mean > full/2*11/10 {
		t.Errorf("in half of the room: %d rows are slow, frames have %d bytes", slow, mean)
	}
	shown, slow, most, mean = play(600, full/10)
	t.Logf("in a tenth: %d rows, %d of them slow; frames of %d bytes, %d on average", shown, slow, most, mean)
	if shown == 400 || mean > full/10*11/10 {
		t.Errorf("in a tenth of the room: %d rows are shown, frames have %d bytes", shown, mean)
	}
	if far := m.farthest(); far > 1200 {
		t.Errorf("a row at %d is shown, and nearer ones are not", far)
	}
	if n := m.changes(100, full/10); n > 20 {
		t.Errorf("%d rows came, went, or changed their class in 100 frames", n)
	} else {
		t.Logf("%d rows came, went, or changed their class in 100 frames", n)
	}
	shown, slow, _, _ = play(600, theRoom)
	if shown != 400 || slow != 0 {
		t.Errorf("with room again %d rows are shown, %d of them slow", shown, slow)
	}
}

// changes is how many rows come, go or get another class in so many frames.
func (m *meadow) changes(frames, room int) (n int) {
	before := map[ID]uint8{}
	for i := range frames {
		m.step(true)
		vis := m.frame(&m.view, room)
		now := map[ID]uint8{}
		for k, r := range vis.tables[meadowFlowers] {
			id := m.state[meadowFlowers][r].id
			now[id] = classAt(vis.wishes(meadowFlowers), k)
			if class, ok := before[id]; i > 0 && (!ok || class != now[id]) {
				n++
			}
		}
		for id := range before {
			if _, ok := now[id]; !ok {
				n++
			}
		}
		before = now
	}
	return n
}

// farthest is how far the farthest row is that the client has, in each direction; row 7 is its own.
func (m *meadow) farthest() int32 {
	far := int32(0)
	for n, id := range m.copy.IDs(meadowFlowers) {
		if c := m.copy.Cells(meadowFlowers, n); id != 7 {
			far = max(far, c[0], -c[0], c[1], -c[1])
		}
	}
	return far
}

// Nothing is allocated in a steady state, whatever a client is shown.
func TestSeeAllocatesNothing(t *testing.T) {
	for _, room := range []int{0, 16 << 10, 120} {
		w := newCrowdWorld(300, 700, 40)
		body := make([]byte, 0, 1<<16)
		for range 120 {
			w.step()
			_, _, body = w.frames(body, room)
		}
		worst := 0.0
		for range 5 {
			w.step()
			worst = max(worst, testing.AllocsPerRun(1, func() {
				for i := range w.views {
					w.encoder.See(&w.sights[i], &w.views[i], &w.bases[i], room)
				}
			}))
			_, _, body = w.frames(body, room)
		}
		if worst > 0 {
			t.Errorf("room %d: %v allocations", room, worst)
		}
	}
}
