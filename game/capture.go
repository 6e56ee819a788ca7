package game

import (
	"strconv"
)

// capture fills the snapshot of a tick from the tables. What did not change since the tick before is marked as same,
// and texts are copied only when they changed. It returns what is wrong with the state, or "".
func (w *World) capture(tick uint32) string {
	before := w.history.At(tick - 1)
	now := w.history.next(tick)
	for _, s := range w.stores {
		if s.shown == hidden {
			continue
		}
		var old *rows
		if before != nil {
			old = &before.tables[s.shown]
		}
		if problem := s.capture(&now.tables[s.shown], old); problem != "" {
			return "table " + s.schema.Name + ": " + problem
		}
	}
	return ""
}

func (s *store) capture(dst, old *rows) string {
	n, width := len(s.rows), s.schema.width
	dst.ids = append(dst.ids[:0], s.ids...)
	dst.cells = sized(dst.cells, n*width)
	for i := range s.cells {
		src := &s.cells[i]
		if n == 0 {
			break
		}
		if problem := src.gather(dst.cells[src.cell:], width, s.rows); problem != "" {
			return problem
		}
	}
	sameRows := old != nil && sameIDs(dst.ids, old.ids)
	sameTexts, problem := s.captureTexts(dst, old, sameRows)
	dst.same = sameRows && sameTexts && sameCells(dst.cells, old.cells)
	return problem
}

// captureTexts shares the texts of the tick before if none changed, else makes new ones, which no snapshot ever writes.
func (s *store) captureTexts(dst, old *rows, sameRows bool) (same bool, problem string) {
	if len(s.texts) == 0 {
		dst.texts = nil
		return true, ""
	}
	if sameRows && s.textsEqual(old.texts) {
		dst.texts = old.texts
		return true, ""
	}
	dst.texts = make([]string, 0, len(s.rows)*len(s.texts))
	for _, row := range s.rows {
		for i := range s.texts {
			text := s.texts[i].text(row)
			if len(text) > maxReplicatedText {
				return false, "field " + s.texts[i].goName + " has " + strconv.Itoa(len(text)) + " bytes, at most " +
					strconv.Itoa(maxReplicatedText) + " are replicated"
			}
			dst.texts = append(dst.texts, string(bytesOf(text)))
		}
	}
	return false, ""
}

func (s *store) textsEqual(old []string) bool {
	k := 0
	for _, row := range s.rows {
		for i := range s.texts {
			if s.texts[i].text(row) != old[k] {
				return false
			}
			k++
		}
	}
	return true
}
