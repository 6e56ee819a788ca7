package game

// options are what the room's creator chose, by ascending name, so that they are written in one order.
type options []option

type option struct{ key, value string }

// sortOptions makes options of a map.
func sortOptions(m map[string]string) options {
	all := make(options, 0, len(m))
	for key, value := range m {
		all = append(all, option{key, value})
		for i := len(all) - 1; i > 0 && all[i].key < all[i-1].key; i-- { // there are few
			all[i], all[i-1] = all[i-1], all[i]
		}
	}
	return all
}

// get finds an option.
func (all options) get(key string) (string, bool) {
	for i := range all {
		if all[i].key == key {
			return all[i].value, true
		}
	}
	return "", false
}

func (w *writer) options(all options) {
	w.uint(uint64(len(all)))
	for i := range all {
		w.text(all[i].key)
		w.text(all[i].value)
	}
}

// options reads the options of a room, whose names ascend.
func (r *reader) options() (all options) {
	last := ""
	for i := range r.count() {
		o := option{r.text(), r.text()}
		if i > 0 && o.key <= last {
			r.fail()
		}
		if r.bad {
			return nil
		}
		all, last = append(all, o), o.key
	}
	return all
}
