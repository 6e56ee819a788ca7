package arena

// oneBits is the fraction of sin and cos: 1.0 is 1 << oneBits.
const oneBits = 14

// quarter is the first quarter of a sine wave of 256 steps. Integers, so that every machine agrees.
var quarter = [65]int32{ //nolint:gochecknoglobals // a table of constants
	0, 402, 804, 1205, 1606, 2006, 2404, 2801, 3196, 3590, 3981, 4370, 4756,
	5139, 5520, 5897, 6270, 6639, 7005, 7366, 7723, 8076, 8423, 8765, 9102, 9434,
	9760, 10080, 10394, 10702, 11003, 11297, 11585, 11866, 12140, 12406, 12665, 12916, 13160,
	13395, 13623, 13842, 14053, 14256, 14449, 14635, 14811, 14978, 15137, 15286, 15426, 15557,
	15679, 15791, 15893, 15986, 16069, 16143, 16207, 16261, 16305, 16340, 16364, 16379, 16384,
}

// sin is the sine of a/256 of a turn, with oneBits of fraction.
func sin(a uint8) int32 {
	switch i := a & 63; a >> 6 {
	case 0:
		return quarter[i]
	case 1:
		return quarter[64-i]
	case 2:
		return -quarter[i]
	default:
		return -quarter[64-i]
	}
}

// cos is the cosine of a/256 of a turn.
func cos(a uint8) int32 { return sin(a + 64) }

// along scales a length to its part in the direction that has the given sine or cosine, rounded to the nearest.
func along(length, trig int32) int32 {
	return (length*trig + 1<<(oneBits-1)) >> oneBits
}
