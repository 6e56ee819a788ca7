package game

import "slices"

// tierCases are about rows that are told in every second or every fourth frame only.
func tierCases() []vectorCase {
	frog := colPos("x")
	frog.Jump = 100
	ships := func(tick, n int32) (rows []rigRow) {
		for id := int32(1); id <= n; id++ {
			turn := id % 3 * (tick / 4)
			rows = append(rows, at(ID(id), tick*(id-4)+turn*turn, -3*tick*id, 8*tick*id&255, 100-tick/5, tick/6&1))
		}
		return rows
	}
	// play captures ticks of some ships and makes a frame after each that is a multiple of the stride and not skipped.
	play := func(p *vectorPlay, n int32, ticks, stride uint32, rates func(tick uint32) []uint8, skipped ...uint32) {
		for range ticks {
			tick := p.history.Newest() + 1
			p.step(one(ships(int32(tick), n)...))
			skip := tick%stride != 0
			for _, s := range skipped {
				skip = skip || s == tick
			}
			if !skip {
				p.rated(stride, [][]uint8{rates(tick)}, p.encoder.upTo(int(n)))
			}
		}
	}
	fixed := func(rates ...uint8) func(uint32) []uint8 { return func(uint32) []uint8 { return rates } }
	return []vectorCase{
		{
			"tiers-example",
			"the second example of the protocol's text: a row becomes one of class 1, goes on, turns, and becomes one of class 0",
			prepared(table("balls", colPos("x"))),
			func(p *vectorPlay) {
				for i, x := range []int32{0, 10, 20, 30, 40, 33, 26, 19} {
					p.step(one(at(1, 5), at(2, x)))
					if i >= 3 {
						p.rated(1, [][]uint8{{0, uint8(1 - i/7)}}, p.encoder.upTo(2))
					}
				}
			},
		},
		{
			"tiers",
			"rows of class 1 are told in every second frame, of class 2 in every fourth, and go on with their velocities in " +
				"between; they change their class in the whole frame with which they enter",
			prepared(shipsTable()),
			func(p *vectorPlay) { play(p, 6, 14, 1, fixed(0, 1, 2, 2, 1, 0)) },
		},
		{
			"tiers-change",
			"a row changes its class, from each to each, in a frame that is due for both",
			prepared(shipsTable()),
			func(p *vectorPlay) {
				play(p, 7, 34, 1, func(tick uint32) []uint8 {
					steps := [][]uint8{
						{0, 0, 0, 1, 1, 2, 2}, {1, 2, 0, 0, 2, 0, 1}, {0, 0, 0, 0, 0, 0, 0}, {2, 2, 2, 2, 2, 2, 1}, {1, 0, 1, 2, 1, 0, 1},
					}
					return steps[tick/7%5]
				})
			},
		},
		{
			"tiers-skip",
			"frames are skipped: the next one is due for the classes whose ticks were skipped, and tells of them as ring if it is " +
				"not in its time, with an m of its own",
			prepared(shipsTable()),
			func(p *vectorPlay) {
				play(p, 6, 66, 1, fixed(0, 1, 2, 2, 1, 0),
					4, 7, 8, 12, 13, 14, 17, 18, 19, 20, 21, 22, 23, 24, 26, 27, 28, 29, 30, 31,
					33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57)
			},
		},
		{
			"tiers-stride",
			"with stride 3 class 1 is due at the multiples of 6, class 2 at those of 12; a frame that changes the stride is due " +
				"for all classes, and always ring",
			prepared(shipsTable()),
			func(p *vectorPlay) {
				rates := fixed(0, 1, 2, 2, 1, 0)
				play(p, 6, 30, 3, rates)
				play(p, 6, 9, 1, rates)
				play(p, 6, 11, 2, rates, 40)
			},
		},
		{
			"tiers-reach",
			"a row whose class was told so long ago that its velocity is no longer known makes the frame whole, where one row of " +
				"class 0 would not; just before that it does not",
			prepared(shipsTable()),
			func(p *vectorPlay) {
				for _, gap := range []uint32{3, 1, 3, 59, 2, 3, 61} {
					for range gap {
						p.step(one(ships(int32(p.history.Newest()+1), 3)...))
					}
					p.rated(1, [][]uint8{{0, 2, 1}}, p.encoder.upTo(3))
				}
			},
		},
		{
			"tiers-sight",
			"rows of slower classes leave at any frame and others enter among them, which are of class 0 until the next due frame; " +
				"the places in the list count rows of all classes, over all tables",
			prepared(table("ships", colPos("x"), colPos("y")), table("own", colText("name"), colPos("x"), colInt("ammo"))),
			func(p *vectorPlay) {
				sights := [][2][]int32{
					{{0, 1, 2, 3}, {0, 1}}, {{0, 1, 3}, {0, 1}}, {{0, 1, 2, 3}, {1}}, {{1, 2}, {0, 1}}, {{0, 1, 2, 3}, {0, 1}},
				}
				names, rates := []string{"Ada", "Bob", "Cleo"}, []uint8{2, 1, 2, 1}
				for i := range int32(20) {
					sight := sights[i%13%5]
					p.step(rigState{
						{at(1, 5*i, i), at(2, -6*i, 2*i), at(4, i*i, 0), at(9, 7, 7)},
						{at(2, 80*i, 10-i).with(names[i/5%3]), at(4, i*i, 3).with("x")},
					})
					p.rated(1, [][]uint8{rates[:len(sight[0])], rates[1 : 1+len(sight[1])]}, sight[0], sight[1])
				}
				p.frame(1) // now all, in class 0, where the frame allows
				p.step(rigState{{at(1, 105, 21)}, {}})
				p.frame(1)
			},
		},
		{
			"tiers-turn",
			"a row told after 2 or 4 strides tells its velocity and for how many of them it had it; two groups of pos tell it " +
				"twice; a jump leaves velocity 0",
			prepared(table("frogs", frog, colInt("n"), colPos("y"), colPos("z"))),
			func(p *vectorPlay) {
				var rows []rigRow
				for id := range int32(9) {
					rows = append(rows, at(ID(id+1), 0, 0, 10*id, -id))
				}
				for i := range int32(21) {
					now := slices.Clone(rows)
					for n := range now {
						id := int32(n)
						x, c := (i+id)/5%4, slices.Clone(now[n].cells)
						c[0] += [...]int32{9, -20, 0, 7 * id}[x]
						if i%13 == 2*id%13 {
							c[0] += 300
						}
						c[1] += (i + id) / 7 % 2
						c[2] += [...]int32{3, 3, -8, 1}[(i+2*id)/6%4]
						c[3] += i * id / 8
						now[n].cells = c
					}
					rows = now
					p.step(one(rows...))
					p.rated(1, [][]uint8{{0, 1, 1, 1, 1, 2, 2, 2, 2}}, p.encoder.upTo(9))
				}
			},
		},
		{
			"tiers-sparse",
			"each class of a table has its own mode; the skips of mode 11 count rows of the class only",
			prepared(table("none", colInt("n")), table("stones", colPos("x"), colInt("n"))),
			func(p *vectorPlay) {
				var rates []uint8
				for n := range 45 {
					rates = append(rates, uint8(n%3))
				}
				for i := range int32(9) {
					var rows []rigRow
					for id := range int32(45) {
						x := id%7*i + id
						if id%29 == 5 {
							x += i * i
						}
						rows = append(rows, at(ID(id+1), x, (i+id)/30))
					}
					p.step(rigState{{at(1, i/3)}, rows})
					p.rated(1, [][]uint8{nil, rates}, p.encoder.upTo(1), p.encoder.upTo(45))
				}
			},
		},
	}
}

// malformedTiers are frames with rows of slower classes.
func malformedTiers() []malformedFile {
	three := deltaOf(func(d *deltaBytes) {
		d.Table(0)
		for id := range ID(3) {
			d.Row(id+1, 0, nil, nil, nil)
		}
	})
	// Rows 1, 2 and 3; row 1 becomes one of class 2, row 2 one of class 1.
	whole := setupFrame{4, 1 | Moves, bitString("00100 100 100 100   011 00 1 10 0"), three}
	return []malformedFile{
		{
			"classes", "changes of class that cannot be; base 64 and what is above it says that there are some",
			schemaJSON(prepared(table("marks"))),
			[]setupFrame{whole},
			[]malformedBody{
				{5, Moves, bitString("1 0 1   010 00 0"), "row 1 leaves class 2, for which the frame is not due"},
				{5, Moves, bitString("1 0 1   010 01 0"), "row 3 becomes one of class 1, for which the frame is not due"},
				{6, Moves | 3, bitString("1 1 0 0 1   010 01 1"), "row 3 becomes one of class 2, for which the frame is not due"},
				{6, Moves | 3, bitString("1 1 0 0 1   010 11 0"), "row 4 of 3 becomes one of class 1"},
				{6, Moves | 3, bitString("1 1 0 0 1   011 01 0 01 0"), "row 3 changes its class twice"},
				{6, Moves | 3, bitString("1 1 0 0 1   011 01 0 10 0"), "2 rows change their class out of order"},
				{6, Moves | 3, bitString("1 1 0 0 1   00101 10 0 01 0"), "4 rows change their class, there are 3"},
				{6, Moves | 3, bitString("1 1 0 0 1"), "the changes are missing"},
				{6, 3, bitString("1 1 0 0 1   010 01 0"), "changes that the base does not announce"},
				{5, 128, bitString("1 0 1 1"), "base 128"},
				{5, 255, bitString("1 0 1 1"), "a base with all of its lowest eight bits"},
			},
			[]malformedDelta{{5, Moves, "", "the plain codec has no classes"}},
		},
		{
			"rates first", "an empty copy takes only a whole frame, also if classes change",
			schemaJSON(prepared(table("marks"))),
			[]setupFrame{},
			[]malformedBody{{1, Moves, bitString("1 1 1"), "chain first"}, {1, Moves | 2, bitString("1 1 1 1"), "ring first"}},
			[]malformedDelta{},
		},
	}
}
