package world

import "strconv"

// The bounds of what a room can be made with.
const (
	leastSize, mostSize, defaultSize = 64, 2048, 512

	// Thousandths of a piece on 1,000 square units.
	mostFood, defaultFood   = 50_000, 10_000
	mostRocks, defaultRocks = 4_000, 1_500

	// In all, so that a room takes no more than about 20 MB: a world of the greatest size is emptier than others.
	allFood, allRocks = 16_384, 4_096
)

// options is what a room is made with.
type options struct {
	size        int32 // units
	food, rocks int   // pieces
}

// readOptions reads what a room's creator chose. Anybody may be that, so nothing is an error: what is no number counts as
// not chosen, and what is out of bounds as the nearest that is possible. The Var "rules" says what came out.
func readOptions(option func(name string) string) options {
	size := thousandths(option("size"), leastSize*1000, mostSize*1000, defaultSize*1000) / 1000
	area := size * size
	count := func(name string, most, otherwise, all int) int {
		return min(all, area*thousandths(option(name), 0, most, otherwise)/1_000_000)
	}
	return options{
		size: int32(size),
		food: count("food", mostFood, defaultFood, allFood), rocks: count("rocks", mostRocks, defaultRocks, allRocks),
	}
}

// thousandths reads a number such as 10 or 1.5, in thousandths, without floats.
func thousandths(text string, least, most, otherwise int) int {
	whole, part := text, ""
	for i := range len(text) {
		if text[i] == '.' {
			whole, part = text[:i], text[i+1:]
			break
		}
	}
	n, err := strconv.ParseUint(whole, 10, 32)
	if err != nil {
		return otherwise
	}
	n *= 1000
	for place := uint64(100); part != ""; place /= 10 {
		if part[0] < '0' || part[0] > '9' {
			return otherwise
		}
		n += place * uint64(part[0]-'0')
		part = part[1:]
	}
	return int(min(max(n, uint64(least)), uint64(most)))
}
