package game

import "strconv"

// tag is a field's `sync:"…"`: comma-separated words and key=value pairs, in order.
type tag []option

// syncTag finds a field's tag `sync:"…"` among others such as `json:"…"`, as reflect.StructTag.Lookup does, but without
// the quoting rules that nobody needs here and that would double what the core takes of strconv in the browser.
func syncTag(s string) (text string, ok bool) {
	for {
		key, rest, found := cut(s, ':')
		if !found || rest == "" || rest[0] != '"' {
			return "", false
		}
		if text, s, found = cut(rest[1:], '"'); !found {
			return "", false
		}
		for key != "" && key[0] == ' ' {
			key = key[1:]
		}
		if key == "sync" {
			return text, true
		}
	}
}

// The keys of tags, each between commas.
const (
	tagWords  = ",-,pos,angle,lerp,edge,"
	tagValues = ",unit,drop,jump,k,ke,step,min,max,name,"
)

// parseTag reads a tag; why is empty if it is right.
func parseTag(s string) (t tag, why string) {
	for more := s != ""; more; {
		var part string
		part, s, more = cut(s, ',')
		key, value, has := cut(part, '=')
		word, wants := listed(tagWords, key), listed(tagValues, key)
		switch {
		case !word && !wants:
			return nil, `unknown tag "` + part + `"`
		case wants && value == "":
			return nil, "tag " + key + " needs a value: " + key + "=…"
		case word && has:
			return nil, "tag " + key + " takes no value"
		case t.has(key):
			return nil, "tag " + key + " is there twice"
		}
		t = append(t, option{key, value})
	}
	if len(t) > 1 && t.has("-") {
		return nil, "tag - stands alone"
	}
	return t, ""
}

func (t tag) get(key string) (string, bool) { return options(t).get(key) }

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
	n, ok = parseInt(s)
	if !ok || n < lo || n > hi {
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
	top, bottom, fraction := cut(s, '/')
	v, ok = parseDecimal(top)
	if fraction {
		d, good := parseDecimal(bottom)
		v, ok = v/d, ok && good
	}
	if !ok || !(v >= 1e-9 && v <= 1e9) { // written so that NaN is refused
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
