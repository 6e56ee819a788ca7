package game

import (
	"strconv"
	"strings"
)

// tag is a field's `sync:"…"`: comma-separated words and key=value pairs, in order.
type tag []option

type option struct{ key, value string }

// tagKeys says which keys there are and whether they take a value.
var tagKeys = map[string]bool{ //nolint:gochecknoglobals // a constant table
	"-": false, "pos": false, "angle": false, "lerp": false, "edge": false,
	"unit": true, "drop": true, "jump": true, "k": true, "ke": true, "step": true, "min": true, "max": true, "name": true,
}

// parseTag reads a tag; why is empty if it is right.
func parseTag(s string) (t tag, why string) {
	if s == "" {
		return nil, ""
	}
	for part := range strings.SplitSeq(s, ",") {
		key, value, has := strings.Cut(part, "=")
		wants, known := tagKeys[key]
		switch {
		case !known:
			return nil, "unknown tag " + strconv.Quote(part)
		case wants && (!has || value == ""):
			return nil, "tag " + key + " needs a value: " + key + "=…"
		case !wants && has:
			return nil, "tag " + key + " takes no value"
		}
		if _, twice := t.get(key); twice {
			return nil, "tag " + key + " is there twice"
		}
		t = append(t, option{key, value})
	}
	if len(t) > 1 && t.has("-") {
		return nil, `tag - stands alone`
	}
	return t, ""
}

func (t tag) get(key string) (string, bool) {
	for _, o := range t {
		if o.key == key {
			return o.value, true
		}
	}
	return "", false
}

func (t tag) has(key string) bool {
	_, ok := t.get(key)
	return ok
}

// number reads a whole number between lo and hi; def if the key is absent.
func (t tag) number(key string, lo, hi, def int64) (n int64, why string) {
	s, ok := t.get(key)
	if !ok {
		return def, ""
	}
	n, err := strconv.ParseInt(s, 0, 64)
	if err != nil || n < lo || n > hi {
		return 0, "tag " + key + "=" + s + " is not a whole number from " +
			strconv.FormatInt(lo, 10) + " to " + strconv.FormatInt(hi, 10)
	}
	return n, ""
}

// step reads step=: a decimal number or a fraction such as 1/32; 0 if absent.
func (t tag) step() (v float64, why string) {
	s, ok := t.get("step")
	if !ok {
		return 0, ""
	}
	top, bottom, fraction := strings.Cut(s, "/")
	v, err := strconv.ParseFloat(top, 64)
	if err == nil && fraction {
		var d float64
		d, err = strconv.ParseFloat(bottom, 64)
		v /= d
	}
	if err != nil || !(v >= 1e-9 && v <= 1e9) { // written so that NaN is refused
		return 0, "tag step=" + s + " is not a positive number such as 0.01 or 1/32"
	}
	return v, ""
}

// only refuses keys that have no meaning here.
func (t tag) only(what string, keys ...string) (why string) {
	for _, o := range t {
		found := o.key == "name"
		for _, k := range keys {
			found = found || k == o.key
		}
		if !found {
			return "tag " + o.key + " has no meaning for " + what
		}
	}
	return ""
}
