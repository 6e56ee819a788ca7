package game

// DeltaSink takes the change of a frame as rows, for the plain codec. The calls come in the order of the wire: for each
// table that changed Table, then its rows that are Gone, then those that are new or changed, both by ascending ID. The
// slices are valid during the call.
type DeltaSink interface {
	// Table begins a table's changes.
	Table(index int)
	// Gone is a row that the client no longer sees.
	Gone(id ID)
	// Row is a row that is new or changed. Bit i of columns is column i; cells and texts are those of these columns, in
	// order. velocities are those of all pos columns of the row, or empty if they are as the client holds them.
	Row(id ID, columns uint32, cells []int32, texts []string, velocities []int32)
}

// Plain gives sink the change that Frame would pack, and advances b to it. base is what ServerFrame.base must say. Rows of
// slower classes are told where they go on to in each frame, so that a client knows nothing of classes: base has no Moves.
func (e *Encoder) Plain(sink DeltaSink, b *Baseline, stride uint32, vis *Visible) (base uint32) {
	stride = max(stride, 1)
	base, s := e.pick(b, stride)
	maxID := b.maxID
	if s == nil {
		maxID = 0
	}
	e.tiers.classes = e.tiers.classes[:0]
	tiered := len(b.classes) > 0 || vis != nil && vis.rates != nil
	if tiered {
		e.planTiers(b, s == nil, stride)
	}
	for i := range e.schema.Tables {
		d := &e.delta
		d.sink, d.table, d.told, d.l = sink, i, false, &e.schema.Tables[i].layout
		d.now, d.prior = &e.now.tables[i], e.rowsAt(e.now.Tick, stride, i)
		sees := e.seen(vis, i)
		var had []int32
		d.client, d.stride, d.tiered, d.classes, d.wishes = b, stride, tiered, nil, vis.wishes(i)
		if s != nil {
			d.classes = b.heldClasses(i)
			d.held = &e.history.At(s.base).tables[i]
			d.before = e.rowsAt(s.base, s.old, i)
			had = e.held(b, i, d.held)
			d.gone(had, sees)
		}
		maxID = max(maxID, d.rows(e, had, sees))
	}
	e.delta.sink, e.delta.client = nil, nil
	e.advance(b, stride, vis, maxID)
	return base
}

// rowDelta gives one table's change to a sink.
type rowDelta struct {
	sink                     DeltaSink
	table                    int
	l                        *layout
	now, prior, held, before *rows
	told                     bool // Table was called
	client                   *Baseline
	stride                   uint32
	tiered                   bool    // some rows are, or should be, of a slower class
	classes, wishes          []uint8 // of the rows held, and of those seen; what is missing is 0
	cells                    [2 * MaxColumns]int32
	texts                    [MaxColumns]string
}

// tell calls Table before the first change.
func (d *rowDelta) tell() {
	if !d.told {
		d.sink.Table(d.table)
		d.told = true
	}
}

// gone tells of the rows that leave.
func (d *rowDelta) gone(had, sees []int32) {
	n := 0
	for _, h := range had {
		id := d.held.ids[h]
		for n < len(sees) && d.now.ids[sees[n]] < id {
			n++
		}
		if n == len(sees) || d.now.ids[sees[n]] != id {
			d.tell()
			d.sink.Gone(id)
		}
	}
}

// rows tells of the rows that are new or changed, and returns the highest ID of the new ones.
func (d *rowDelta) rows(e *Encoder, had, sees []int32) (top ID) {
	l, h := d.l, 0
	for n, r := range sees {
		id := d.now.ids[r]
		for h < len(had) && d.held.ids[had[h]] < id {
			h++
		}
		class := uint8(0)
		held := row{cells: e.zero.cells[:l.width], vels: e.zero.vels[:l.vels], texts: e.zero.texts[:l.blobs]}
		isNew := h == len(had) || d.held.ids[had[h]] != id
		if isNew {
			top = max(top, id)
		} else {
			a := int(had[h])
			if class = classAt(d.classes, h); class > 0 {
				held = d.slowHeld(e, a, class)
			} else {
				e.velHeld = e.velocitiesOf(e.velHeld[:0], l, d.held, a, d.before)
				held = row{cells: d.held.row(l, a), vels: e.velHeld, texts: d.held.rowTexts(l, a)}
			}
		}
		var now row
		if d.tiered {
			class = e.tiers.class(class, classAt(d.wishes, n))
			e.tiers.classes = append(e.tiers.classes, class)
		}
		if class > 0 && !e.tiers.sections[class].due {
			now = d.slowNow(e, int(r), class)
		} else {
			e.velNow = e.velocitiesOf(e.velNow[:0], l, d.now, int(r), d.prior)
			now = row{cells: d.now.row(l, int(r)), vels: e.velNow, texts: d.now.rowTexts(l, int(r))}
		}
		d.row(id, isNew, held, now)
	}
	return top
}

// slowHeld is row r of the baseline, of a slower class, as the client holds it.
func (d *rowDelta) slowHeld(e *Encoder, r int, class uint8) row {
	b := d.client
	held := e.slowRow(e.cellsHeld[:0], e.velHeld[:0], d.table, d.held.ids[r], r, b.told[class-1], b.tick, b.stride)
	e.cellsHeld, e.velHeld = held.cells, held.vels
	return held
}

// slowNow is row r, of a slower class for which the frame is not due, as the client is to hold it.
func (d *rowDelta) slowNow(e *Encoder, r int, class uint8) row {
	told := d.client.told[class-1]
	now := e.slowRow(e.cellsNow[:0], e.velNow[:0], d.table, d.now.ids[r], r, told, e.now.Tick, d.stride)
	e.cellsNow, e.velNow = now.cells, now.vels
	return now
}

// classAt is the n-th of some classes; what is missing is 0.
func classAt(classes []uint8, n int) uint8 {
	if n < len(classes) {
		return classes[n]
	}
	return 0
}

// row tells of one row, if there is anything to tell.
func (d *rowDelta) row(id ID, isNew bool, held, now row) {
	columns, cells, texts := uint32(0), d.cells[:0], d.texts[:0]
	for i, c := range d.l.columns {
		for _, p := range d.l.parts[c.from:c.to] {
			if p.differsPlain(held, now) {
				columns |= 1 << i
			}
		}
		if columns&(1<<i) == 0 {
			continue
		}
		for _, p := range d.l.parts[c.from:c.to] {
			if p.isText() {
				texts = append(texts, now.texts[p.cell])
			} else {
				cells = append(cells, now.cells[p.cell])
			}
		}
	}
	vels := now.vels
	if same(held.vels, now.vels) {
		vels = nil
	}
	if isNew || columns != 0 || vels != nil {
		d.tell()
		d.sink.Row(id, columns, cells, texts, vels)
	}
}

// isText says whether a part is no cell.
func (p *part) isText() bool { return p.kind == String || p.kind == Bytes }

// differsPlain says whether a part's value differs.
func (p *part) differsPlain(held, now row) bool {
	if p.isText() {
		return held.texts[p.cell] != now.texts[p.cell]
	}
	return held.cells[p.cell] != now.cells[p.cell]
}

// same says whether two rows' velocities are equal.
func same(a, b []int32) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
