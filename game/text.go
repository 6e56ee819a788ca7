package game

import "math"

// What package strconv and strings would do here, they do with tables of Unicode and of powers of ten, which are a tenth
// of the core in the browser.

// cut splits a text at the first c; more says whether there was one.
func cut(s string, c byte) (before, after string, more bool) {
	for i := range len(s) {
		if s[i] == c {
			return s[:i], s[i+1:], true
		}
	}
	return s, "", false
}

// listed says whether a word is in a list that has a comma before and after every word.
func listed(list, word string) bool {
	for list != "" {
		var one string
		if one, list, _ = cut(list, ','); one == word && word != "" {
			return true
		}
	}
	return false
}

// parseInt reads a whole number in decimal.
func parseInt(s string) (n int64, ok bool) {
	digits := s
	if s != "" && s[0] == '-' {
		digits = s[1:]
	}
	for i := range len(digits) {
		d := int64(digits[i]) - '0'
		if d < 0 || d > 9 || n > (math.MaxInt64-d)/10 {
			return 0, false
		}
		n = 10*n + d
	}
	if len(digits) < len(s) {
		n = -n
	}
	return n, digits != ""
}

// parseDecimal reads a number such as 12 or 0.01. Its digits and its power of ten must be exact as floats: then their
// quotient is the float that is nearest to it.
func parseDecimal(s string) (v float64, ok bool) {
	whole, fraction, _ := cut(s, '.')
	n, ok := parseInt(whole + fraction)
	if !ok || n < 0 || n > 1<<53 || len(fraction) > 22 {
		return 0, false
	}
	v = float64(n)
	scale := 1.0
	for range fraction {
		scale *= 10
	}
	return v / scale, true
}
