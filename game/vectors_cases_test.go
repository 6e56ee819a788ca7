package game

import (
	"encoding/hex"
	"math"
	"slices"
	"strings"
)

// vectorCase is how a golden vector is made.
type vectorCase struct {
	name, why string
	schema    *Schema
	play      func(*vectorPlay)
}

// at is a row without texts.
func at(id ID, cells ...int32) rigRow { return rigRow{id: id, cells: cells} }

// with gives a row texts.
func (r rigRow) with(texts ...string) rigRow {
	r.texts = texts
	return r
}

// one is a state of one table.
func one(rows ...rigRow) rigState { return rigState{rows} }

// table is a table's schema.
func table(name string, columns ...Column) *TableSchema {
	return &TableSchema{Name: name, Columns: columns}
}

// shipsTable is that of the protocol's example.
func shipsTable() *TableSchema {
	hp := colInt("hp")
	hp.Bits, hp.Unsigned = 8, true
	return table("ships", colPos("x"), colPos("y"), colAngle("angle", 8), hp, colBool("on"))
}

func vectorCases() []vectorCase {
	return slices.Concat(motionCases(), kindCases(), parameterCases(), rowCases(), tierCases())
}

// motionCases are about pos columns and the three modes.
func motionCases() []vectorCase {
	jumper := colPos("x")
	jumper.Jump = 100
	fine := colPos("x")
	fine.K, fine.KE = 5, 16
	return []vectorCase{
		{
			"worked-example",
			"the example of the protocol's text: enter, chain, leave and enter, ring after two skipped frames",
			prepared(shipsTable()),
			func(p *vectorPlay) {
				two, three := at(2, -7, 0, 0, 100, 0), at(3, 5, 5, 0, 100, 0)
				p.step(one(at(1, 100, 50, 250, 100, 1), two))
				p.frame(1)
				p.step(one(at(1, 113, 50, 3, 100, 1), two))
				p.frame(1)
				p.step(one(at(1, 127, 50, 3, 80, 1), three))
				p.frame(1)
				p.step(one(at(1, 140, 50, 3, 80, 1), three), one(at(1, 153, 50, 3, 80, 1), three),
					one(at(1, 165, 50, 3, 80, 0), three))
				p.frame(1)
			},
		},
		{
			"coasting",
			"a row of which nothing is said moves on by its velocity, in chain and in ring, dense and in a table of mode 0",
			prepared(table("stones", colPos("x"), colPos("y"))),
			func(p *vectorPlay) {
				for i := range int32(12) {
					p.step(one(at(1, 10*i, -3*i), at(2, 7, 7)))
					if i < 4 || i == 9 || i == 10 {
						p.frame(1)
					}
				}
			},
		},
		{
			"jump",
			"a step beyond jump leaves velocity 0 on both sides, just at jump it does not; both are told by the cells alone",
			prepared(table("frogs", jumper)),
			func(p *vectorPlay) {
				for i, x := range []int32{0, 100, 201, 101, 0, 3000, 3001, 3002, 3003, 9000, 9001} {
					p.step(one(at(1, x)))
					if i != 7 && i != 8 {
						p.frame(1)
					}
				}
			},
		},
		{
			"ring-gap",
			"ring frames at gaps of 2, 4, 8, 16, 32 and 62 ticks: the trapezoid, and parameters that grow; then one too far",
			prepared(table("ships", colPos("x"), named(fine, "y"), colInt("hp"))),
			func(p *vectorPlay) {
				tick := int32(0)
				for _, gap := range []int32{1, 2, 1, 4, 8, 16, 32, 62, 63} {
					for range gap {
						tick++
						p.step(one(at(1, tick*tick/8, -tick*3, 100-tick/20), at(2, 5, tick*(tick%7), 9)))
					}
					p.frame(1)
				}
			},
		},
		{
			"strides",
			"a client's stride changes: the first frame after it is ring with its own age, also when the age equals the new stride",
			prepared(table("ships", colPos("x"))),
			func(p *vectorPlay) {
				tick := int32(0)
				for _, f := range [][2]int32{
					{1, 1}, {1, 1}, {2, 2}, {2, 2}, {4, 4}, {4, 4}, {4, 3}, {3, 3}, {3, 1}, {1, 1}, {2, 3}, {3, 3},
				} {
					for range f[0] {
						tick++
						p.step(one(at(1, tick*tick), at(2, -tick*5)))
					}
					p.frame(uint32(f[1]))
				}
			},
		},
		{
			"extremes",
			"cells are modulo 2^32: between the least and the greatest number positions, velocities and changes wrap",
			prepared(table("edge", colPos("x"), colInt("n"), named(fine, "y"))),
			func(p *vectorPlay) {
				values := []int32{
					math.MinInt32, math.MaxInt32, math.MinInt32, 0, math.MaxInt32, -1, math.MaxInt32, 1, 0x10000, -0x10000,
				}
				for i, x := range values {
					p.step(one(at(1, x, values[len(values)-1-i], -x), at(math.MaxUint32, -x, x/2, x)))
					if i != 5 && i != 6 {
						p.frame(1)
					}
				}
			},
		},
		{
			"two-groups-of-pos",
			"pos columns that are not adjacent are two groups; drift is kept for each; the second table has pos too",
			prepared(table("none", colInt("n")),
				table("pair", colInt("a"), colPos("x"), colBool("b"), colPos("y"), colPos("z"))),
			func(p *vectorPlay) {
				for i := range int32(8) {
					p.step(rigState{{at(1, i/3)}, {at(1, 4, 3*i, i&1, -i, i*i), at(5, 0, 1, 1, 2*i, 3)}})
					if i != 4 && i != 5 {
						p.frame(1)
					}
				}
			},
		},
	}
}

// named is a column by another name.
func named(c Column, name string) Column {
	c.Name = name
	return c
}

// kindCases are about the kinds of columns, masks and orders.
func kindCases() []vectorCase {
	wide := make([]Column, 0, 12)
	for i := range 12 {
		c := colInt("n" + string(rune('a'+i)))
		if i == 3 || i == 4 {
			c = colPos(c.Name)
		}
		wide = append(wide, c)
	}
	wide = append(wide, colText("text"))
	ordered := table("ordered", colPos("x"), colAngle("angle", 8), colInt("hp"))
	ordered.Order = []uint32{3, 2, 0, 1}
	single := table("score", colInt("home"), colInt("away"), colText("phase"))
	single.Single = true
	long := strings.Repeat("abc", 100)
	return []vectorCase{
		{
			"angle-wrap",
			"angles of 8, 16 and 1 bits go the short way round, also in ring",
			prepared(table("needles", colAngle("a", 8), colAngle("b", 16), colAngle("c", 1))),
			func(p *vectorPlay) {
				for i, a := range []int32{250, 3, 255, 127, 0, 128, 1, 129} {
					p.step(one(at(1, a, a*257, a&1)))
					if i != 4 {
						p.frame(1)
					}
				}
			},
		},
		{
			"wide",
			"a 64-bit integer is one group of two cells, low first; either may stay",
			prepared(table("purse", colWide("coins"), colInt("n"))),
			func(p *vectorPlay) {
				for _, c := range [][2]int32{{0, 0}, {1, 0}, {-1, 0}, {-1, -1}, {-1, 5}, {math.MinInt32, math.MaxInt32}} {
					p.step(one(at(1, c[0], c[1], 7)))
					p.frame(1)
				}
			},
		},
		{
			"bool",
			"a bool that is sent flips; a row that enters after another flips what that one has",
			prepared(table("lamps", colBool("a"), colBool("b"))),
			func(p *vectorPlay) {
				p.step(one(at(1, 1, 0), at(2, 1, 1), at(3, 0, 1)))
				p.frame(1)
				p.step(one(at(1, 0, 0), at(2, 1, 1), at(3, 1, 0)))
				p.frame(1)
			},
		},
		{
			"float", "floats are cells, number times step, coded as integers are",
			prepared(table("heat", colFloat("t"), colPos("x"))),
			func(p *vectorPlay) {
				for i, t := range []int32{0, 160, -160, math.MaxInt32, math.MinInt32, 8} {
					p.step(one(at(1, t, int32(i))))
					p.frame(1)
				}
			},
		},
		{
			"strings",
			"text and bytes: sent in full when they change; a row that enters takes those of the one before it in the frame",
			prepared(table("players", colText("name"), colInt("score"), colBytes("blob"))),
			func(p *vectorPlay) {
				p.step(one(at(1, 0).with("Ada", "\x00\xff"), at(2, 0).with("Ada", ""), at(3, 5).with("", "\x00\xff")))
				p.frame(1)
				p.step(one(at(1, 1).with("Ada Lovelace ♥", "\x00\xff"), at(2, 0).with("Ada", "x"), at(3, 5).with(long, "\x00\xff")))
				p.frame(1)
				p.step(one(at(1, 1).with("", ""), at(3, 5).with(long, "\x00\xfe")), one(at(3, 6).with(long, "")))
				p.frame(1)
			},
		},
		{
			"many-groups",
			"more than 8 groups: the mask is one bit, then a bit for each group",
			prepared(table("wide", wide...)),
			func(p *vectorPlay) {
				cells := make([]int32, 12)
				for i := range 7 {
					for j := range cells {
						if (i*j)%5 == 1 {
							cells[j] += int32(j) - 3
						}
					}
					cells[3] += 4
					p.step(one(at(1, cells...).with(strings.Repeat("x", i/3)), at(2, make([]int32, 12)...).with("")))
					if i != 4 {
						p.frame(1)
					}
				}
			},
		},
		{
			"order",
			"a table's order gives the masks 3, 2, 0, 1 the shortest codes: even nothing has another code then",
			prepared(ordered),
			func(p *vectorPlay) {
				for i := range int32(8) {
					p.step(one(at(1, i*i, i/2, 100-i/4), at(2, 9, 9, 9), at(3, 2*i, 10*i&255, i/7)))
					if i != 4 {
						p.frame(1)
					}
				}
			},
		},
		{
			"var", "a Var is row 1 of its table",
			prepared(single, table("rest", colInt("n"))),
			func(p *vectorPlay) {
				p.step(rigState{{at(1, 0, 0).with("warm up")}, {}})
				p.frame(1)
				p.step(rigState{{at(1, 1, 0).with("play")}, {}})
				p.frame(1)
				p.step(rigState{{at(1, 1, 0).with("play")}, {}})
				p.frame(1)
			},
		},
	}
}

// parameterCases are about the Exp-Golomb parameters, which grow with the age of a ring frame's baseline.
func parameterCases() []vectorCase {
	kinds := []Column{
		colInt("n"), colAngle("a", 16), colWide("w"), colFloat("f"), colPos("x"), colBool("b"), colText("t"),
	}
	great := []Column{colInt("n"), colAngle("a", 32), colWide("w"), colFloat("f"), colPos("x"), colPos("y")}
	for i := range great {
		great[i].K, great[i].KE = maxColumnK, maxK
	}
	// changed is a row of kinds: every cell of it is another in every tick.
	changed := func(id ID, tick int32, size int32) rigRow {
		return at(id, size*tick, size*tick&0xffff, -size*tick, tick/5, size*tick*tick/16, tick*tick, tick/9&1).
			with(strings.Repeat("z", int(tick/20)))
	}
	return []vectorCase{
		{
			"ring-kinds",
			"every kind in ring frames of m = 4, 7, 8, 15, 16, 31, 32 and 62: of all their numbers but the changes of velocity " +
				"the parameter grows at 8, 16 and 32",
			prepared(table("things", kinds...)),
			func(p *vectorPlay) {
				tick := int32(0)
				for _, gap := range []int32{1, 1, 4, 7, 8, 15, 16, 31, 32, 62, 1} {
					for range gap {
						tick++
						p.step(one(changed(1, tick, 3), changed(2, tick, -37), changed(3, tick, 1001), changed(4, 1, 5)))
					}
					p.frame(1)
				}
			},
		},
		{
			"ring-strides",
			"m is the strides since the baseline, rounded down, by the stride of this frame: 16 and 17 ticks are 8 strides of 2, " +
				"31 are 15, 33 are 16; at stride 4 they are 4, 7 and 8; 3 ticks are none",
			prepared(table("things", kinds...)),
			func(p *vectorPlay) {
				tick := int32(0)
				for _, f := range [][2]int32{
					{1, 2}, {2, 2}, {16, 2}, {17, 2}, {31, 2}, {33, 2}, {16, 4}, {31, 4}, {33, 4}, {3, 4}, {4, 4},
				} {
					for range f[0] {
						tick++
						p.step(one(changed(7, tick, 9), changed(8, tick, -300)))
					}
					p.frame(uint32(f[1]))
				}
			},
		},
		{
			"greatest-parameters",
			"k is 13 and ke is 16, the greatest: ring frames of 8, 16 and 32 strides have 14, 15 and 16, and numbers that are " +
				"written in full",
			prepared(table("far", great...)),
			func(p *vectorPlay) {
				tick := int32(0)
				row := func(id ID, size int32) rigRow {
					v := size * tick
					return at(id, v, v^0x5555, -v, v/3, v*tick, v*tick/64, tick%17*size)
				}
				for i, gap := range []int32{1, 1, 8, 16, 32, 1, 1} {
					for range gap {
						tick++
						rows := []rigRow{row(1, 1), row(3, 70_001), row(4, -900_000_007)}
						if tick > 11 {
							rows = append(rows, row(5, 123_456_789), row(6, math.MinInt32))
						}
						if i == 5 {
							for j := range rows[0].cells {
								rows[0].cells[j] = math.MinInt32
							}
						}
						p.step(one(rows...))
					}
					p.frame(1)
				}
			},
		},
	}
}

// rowCases are about which rows there are.
func rowCases() []vectorCase {
	many := func(n int, change ...int) []rigRow {
		rows := make([]rigRow, 0, n)
		for i := range n {
			x := int32(0)
			for _, c := range change {
				if c == i {
					x = int32(i + 1)
				}
			}
			rows = append(rows, at(ID(10+i), x, 3))
		}
		return rows
	}
	return []vectorCase{
		{
			"whole-empty",
			"nothing at all is one byte, whole or chain; then rows come and go",
			prepared(table("a", colPos("x")), table("b", colInt("n"))),
			func(p *vectorPlay) {
				p.step(rigState{{}, {}})
				p.frame(1)
				p.step(rigState{{}, {}})
				p.frame(1)
				p.step(rigState{{at(1, 4)}, {at(2, 5)}})
				p.frame(1)
				p.step(rigState{{}, {}})
				p.frame(1)
			},
		},
		{
			"no-columns", "a table without columns only says that rows are there",
			prepared(table("marks"), table("also")),
			func(p *vectorPlay) {
				p.step(rigState{{at(1), at(7)}, {at(7)}})
				p.frame(1)
				p.step(rigState{{at(1), at(9)}, {at(7)}})
				p.frame(1)
			},
		},
		{
			"sparse",
			"few of many rows change: mode 11, with runs of rows that do not, at the first, the last and neighbouring rows",
			prepared(table("tiles", colInt("kind"), colInt("more")), table("stones", colPos("x"))),
			func(p *vectorPlay) {
				stones := func(tick int32) (rows []rigRow) {
					for i := range int32(20) {
						x := i * tick // all coast
						if i == 6 && tick > 4 {
							x += 50
						}
						rows = append(rows, at(ID(100+i), x))
					}
					return rows
				}
				for tick, c := range [][]int{{}, {0}, {0, 39}, {20, 21}, {39}, {}, {5}, {}} {
					p.step(rigState{many(40, c...), stones(int32(tick))})
					if tick != 5 && tick != 6 {
						p.frame(1)
					}
				}
			},
		},
		{
			"leave-order",
			"places of rows that leave count over all tables, in as many bits as the list before needs",
			prepared(table("a", colInt("n")), table("b", colInt("n")), table("c", colInt("n"))),
			func(p *vectorPlay) {
				p.step(rigState{{at(1, 1), at(2, 2), at(3, 3)}, {}, {at(4, 4), at(5, 5)}})
				p.frame(1)
				p.step(rigState{{at(1, 1), at(3, 3)}, {at(6, 6)}, {at(4, 4)}})
				p.frame(1)
				p.step(rigState{{}, {at(6, 6)}, {at(7, 4)}})
				p.frame(1)
				p.step(rigState{{}, {}, {}})
				p.frame(1)
			},
		},
		{
			"readd-same-id",
			"a row deleted and put again between two frames is a change, after a skip too; after a frame without it, it enters",
			prepared(table("ships", colPos("x"), colInt("hp"))),
			func(p *vectorPlay) {
				p.step(one(at(1, 10, 5), at(2, 0, 0)))
				p.frame(1)
				p.step(one(at(1, 500, 9), at(2, 0, 0)))
				p.frame(1)
				p.step(one(at(2, 0, 0)), one(at(1, 7, 9), at(2, 1, 0)))
				p.frame(1)
				p.step(one(at(2, 2, 0)))
				p.frame(1)
				p.step(one(at(1, 7, 9), at(2, 3, 0)))
				p.frame(1)
				p.step(one(at(1, 8, 9), at(2, 4, 0)))
				p.frame(1)
			},
		},
		{
			"enter-between",
			"IDs of rows that enter may lie below the highest ID, between rows that are there, and stand in several tables",
			prepared(table("a", colPos("x")), table("b", colInt("n"))),
			func(p *vectorPlay) {
				p.step(rigState{{at(10, 0), at(20, 0)}, {at(10, 1)}})
				p.frame(1)
				p.step(rigState{{at(5, 1), at(10, 0), at(15, 2), at(20, 0), at(1000, 3)}, {at(5, 1), at(10, 1), at(1000, 2)}})
				p.frame(1)
				p.step(rigState{{at(5, 1), at(15, 3), at(1000, 3), at(1001, 3)}, {at(10, 1), at(20, 1), at(1000, 2)}})
				p.frame(1)
			},
		},
		{
			"sight",
			"rows come into a client's sight and leave it; a row seen again tells the velocity that it has",
			prepared(table("ships", colPos("x")), table("own", colPos("x"), colInt("ammo"))),
			func(p *vectorPlay) {
				sights := [][][]int32{{{0, 1}, {0}}, {{1, 2}, {0}}, {{0, 1, 2}, {}}, {{2}, {0}}, {{0, 1, 2}, {0, 1}}, nil, {{1}, {1}}}
				for i, sight := range sights {
					x := int32(i)
					p.step(rigState{{at(1, 5*x), at(2, 6*x), at(3, -x*x)}, {at(1, 80*x, 10-x), at(2, x, 3)}})
					p.frame(1, sight...)
				}
			},
		},
	}
}

// malformedCases are bodies and deltas that must be refused.
func malformedCases() []malformedFile {
	return slices.Concat(malformedBodies(), malformedDeltas(), malformedTiers())
}

func malformedBodies() []malformedFile {
	ships := schemaJSON(prepared(shipsTable()))
	texts := schemaJSON(prepared(table("a", colText("name"), colInt("n")), table("b", colInt("n")), table("c", colInt("n"))))
	start := shipsFrame()
	none := []malformedDelta{}
	return []malformedFile{
		{
			"base", "a frame whose base is not the state held", ships,
			[]setupFrame{start},
			[]malformedBody{
				{2, 3, bitString("010 1 0 1"), "ring of two ticks ago, but the copy is one tick old"},
				{4, 3, bitString("010 1 0 1"), "ring of two ticks ago, but the copy is three ticks old"},
				{1, 0, bitString("1 0 1"), "chain of the same tick"},
				{2, 128, bitString("1 1 0 1"), "a base that is none"},
				{2, 1 << 31, bitString("1 1 0 1"), "the greatest bit of a base"},
			},
			none,
		},
		{
			"first", "an empty copy takes only a whole frame", ships,
			[]setupFrame{},
			[]malformedBody{{1, 0, bitString("1 1"), "chain first"}, {1, 2, bitString("1 1 1"), "ring first"}},
			none,
		},
		{
			"length", "a body ends with its last bit, filled to a byte with zeros", ships,
			[]setupFrame{start},
			[]malformedBody{
				{2, 0, "", "nothing"},
				{2, 0, "2370b3", "the last byte is missing"},
				{2, 0, "23", "only the first byte"},
				{2, 0, "2370b30600", "a byte too many"},
				{2, 0, "2370b386", "the fill is not zero"},
				{2, 1, "ce476444325490231bab11c770", "whole, cut short"},
			},
			none,
		},
		{
			"rows", "rows that cannot be", ships,
			[]setupFrame{start},
			[]malformedBody{
				{2, 0, bitString("00100 0 1"), "3 rows leave, there are 2"},
				{2, 0, bitString("011 1 0 1 1"), "2 rows leave out of order"},
				{2, 0, bitString("011 1 1 1 1"), "the same row leaves twice"},
				{2, 0, bitString("1 11 1010 000 1"), "3 rows change, there are 2"},
				{2, 0, bitString("1 11 1000 1010 00 1"), "a row after the last one changes"},
				{2, 0, bitString("1 10 000001000001 1 1"), "a mask that has no group"},
				{2, 0, bitString("1 0 010 111 0000"), "row 1 enters, but it is there"},
				{2, 0, bitString("1 0 010 01010 0000"), "row 0 enters"},
				{2, 1, bitString("011 100 0000 110 0000"), "row 1 enters twice"},
				{2, 1, bitString("0000000000000000 11111111111111111111111111111110"), "four thousand million rows enter"},
				{2, 0, bitString("0000000000000000 11111111111111111111111111111110"), "four thousand million rows leave"},
				{3, 3, bitString("00100 1 0 1"), "3 strides in 2 ticks"},
			},
			none,
		},
		{
			"places", "a place beyond the list of rows, which its bits could name",
			schemaJSON(prepared(table("marks"))),
			[]setupFrame{{1, 1, bitString("00100 100 100 100"), deltaOf(func(d *deltaBytes) {
				d.Table(0)
				for id := range ID(3) {
					d.Row(id+1, 0, nil, nil, nil)
				}
			})}},
			[]malformedBody{{2, 0, bitString("010 11 0 1"), "row 3 of 3 leaves"}},
			none,
		},
		{
			"tables", "rows of tables that cannot be", texts,
			[]setupFrame{},
			[]malformedBody{
				{1, 1, bitString("010 11 100 0"), "table 3 of 3"},
				{1, 1, bitString("011 10 100 0 00 100 00"), "a row of table 0 after one of table 1"},
				{1, 1, bitString("010 00 100 10 1 1111 10000000"), "a text longer than the body"},
				{1, 1, bitString("010 00 100 10 0000000000000000 00000000000000001000000000000000"), "a text longer than 65535 bytes"},
			},
			none,
		},
	}
}

// shipsFrame is the first frame of the protocol's example.
func shipsFrame() setupFrame {
	return setupFrame{1, 1, "ce476444325490231bab11c77001", deltaOf(func(d *deltaBytes) {
		d.Table(0)
		d.Row(1, 0b11111, []int32{100, 50, 250, 100, 1}, nil, nil)
		d.Row(2, 0b11111, []int32{-7, 0, 0, 100, 0}, nil, nil)
	})}
}

// malformedDeltas are about the plain codec.
func malformedDeltas() []malformedFile {
	// of is a delta of the first table: who leaves, then rows of it.
	of := func(gone []ID, rows ...func(*deltaBytes)) string {
		return deltaOf(func(d *deltaBytes) {
			d.Table(0)
			for _, id := range gone {
				d.Gone(id)
			}
			for _, row := range rows {
				row(d)
			}
		})
	}
	row := func(id ID, columns uint32, cells []int32, velocities ...int32) func(*deltaBytes) {
		return func(d *deltaBytes) { d.Row(id, columns, cells, nil, velocities) }
	}
	texts := func(columns uint32, cells []int32, texts ...string) func(*deltaBytes) {
		return func(d *deltaBytes) { d.Row(1, columns, cells, texts, nil) }
	}
	const x, hp = 1 << 0, 1 << 3
	return []malformedFile{
		{
			"plain base", "the plain codec has the same rules for bases and for what follows a bad frame",
			schemaJSON(prepared(shipsTable())),
			[]setupFrame{shipsFrame()},
			[]malformedBody{},
			[]malformedDelta{
				{2, 3, "", "ring of two ticks ago, but the copy is one tick old"},
				{4, 3, "", "ring of two ticks ago, but the copy is three ticks old"},
				{1, 0, "", "chain of the same tick"},
				{64, 64, "", "no base of the plain codec"},
			},
		},
		{
			"plain first", "an empty copy takes only a whole frame",
			schemaJSON(prepared(shipsTable())),
			[]setupFrame{},
			[]malformedBody{},
			[]malformedDelta{{1, 0, "", "chain first"}, {1, 2, "", "ring first"}},
		},
		{
			"plain rows", "rows that cannot be",
			schemaJSON(prepared(shipsTable())),
			[]setupFrame{shipsFrame()},
			[]malformedBody{},
			[]malformedDelta{
				{2, 0, deltaOf(func(d *deltaBytes) { d.Table(1); d.Row(1, 0, nil, nil, nil) }), "table 1 of 1"},
				{2, 0, of(nil, row(0, x, []int32{1})), "row 0"},
				{2, 0, of([]ID{3}), "row 3 leaves, but it is not there"},
				{2, 0, of([]ID{0}), "row 0 leaves"},
				{2, 0, of([]ID{2, 1}), "2 rows leave out of order"},
				{2, 0, of([]ID{1, 1}), "the same row leaves twice"},
				{2, 0, of(nil, row(2, x, []int32{1}), row(1, x, []int32{1})), "2 rows out of order"},
				{2, 0, of(nil, row(4, x, []int32{1}), row(3, x, []int32{1})), "2 new rows out of order"},
				{2, 0, of(nil, row(1, x, []int32{1}), row(1, hp, []int32{1})), "the same row twice"},
				{2, 0, of(nil, row(1, 1<<5, []int32{1})), "column 5 of 5"},
				{2, 0, of(nil, row(1, 1<<31|x, []int32{1, 1})), "column 31, which no table has"},
				{2, 0, of(nil, row(1, x|hp, []int32{1})), "1 cell for 2 columns"},
				{2, 0, of(nil, row(1, x|hp, nil)), "no cells for 2 columns"},
				{2, 0, of(nil, row(1, x|hp, []int32{1, 2, 3})), "3 cells for 2 columns"},
				{2, 0, of(nil, row(1, 0, nil, 1)), "1 velocity of 2"},
				{2, 0, of(nil, row(1, 0, nil, 1, 2, 3)), "3 velocities of 2"},
				{2, 0, of(nil, row(3, 0, nil, 1)), "a new row with 1 velocity of 2"},
			},
		},
		{
			"plain kinds", "a wide column has two cells, a text none",
			schemaJSON(prepared(table("a", colText("name"), colWide("coins"), colBytes("blob")))),
			[]setupFrame{},
			[]malformedBody{},
			[]malformedDelta{
				{1, 1, of(nil, texts(0b010, []int32{1})), "half of a wide column"},
				{1, 1, of(nil, texts(0b010, []int32{1, 2, 3})), "a wide column and a half"},
				{1, 1, of(nil, texts(0b001, nil)), "a text is missing"},
				{1, 1, of(nil, texts(0b101, nil, "Ada")), "the second text is missing"},
				{1, 1, of(nil, texts(0b001, nil, "Ada", "Bob")), "2 texts for 1 column"},
				{1, 1, of(nil, texts(0b001, []int32{1}, "Ada")), "a cell for a text"},
				{1, 1, of(nil, texts(0, nil, "Ada")), "a text for nothing"},
				{1, 1, of(nil, row(1, 0, nil, 1)), "a velocity in a table without pos"},
			},
		},
	}
}

// deltaOf is the hex of a Delta.
func deltaOf(fill func(d *deltaBytes)) string {
	d := &deltaBytes{}
	fill(d)
	return hex.EncodeToString(d.close())
}
