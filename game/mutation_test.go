//go:build !js

package game

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// mutants are mistakes that somebody might make in the codec. Each must be found by the property or the golden vectors.
var mutants = []struct{ why, file, old, new string }{
	{"the sign of a change", "bits.go", "^ -int32(u&1)", "^ int32(u&1)"},
	{
		"the low bits of a number", "bits.go",
		"uint32((q-1)<<k | x>>z&(1<<k-1))", "uint32((q-1)<<k | x>>z&(1<<k-1)>>1)",
	},
	{"numbers of more than 16 bits", "bits.go", "if q >= 1<<maxZeros {", "if q > 1<<maxZeros {"},
	{"a word that is full to the last bit", "bits.go", "if w.n >= 64 {", "if w.n > 64 {"},
	{"the fill", "apply.go", "n >= 8 || in.bits(n) != 0", "n >= 16 || in.bits(min(n, 7)) != 0"},
	{"jumps are ignored", "layout.go", "if jump > 0 && (", "if jump < 0 && ("},
	{"a step of just jump is one", "layout.go", "step > jump ||", "step >= jump ||"},
	{"only jumps forward", "layout.go", " || step < -jump)", ")"},
	{
		"adjacent pos columns are groups of their own", "layout.go",
		"c.Kind != Pos || i == 0 ||", "c.Kind == Pos || i == 0 ||",
	},
	{"the second half of 64 bits", "layout.go", "			p.cell++\n", ""},
	{"the order of masks", "layout.go", "for _, mask := range order {", "for _, mask := range order[:0] {"},
	{"no wrap of angles, plain path", "fragment.go", "return d << p.shift >> p.shift", "return d"},
	{"no wrap of angles, fast path", "fragment.go", "		d = d << (p.shift & 31) >> (p.shift & 31)\n", ""},
	{"angles are not kept in their bits", "apply.go", "c &= 1<<(32-p.shift) - 1", "c += 0"},
	{"the parameter of a ring residual", "fragment.go", "bits.Len32(uint32(m))-3", "bits.Len32(uint32(m))-2"},
	{"the trapezoid", "fragment.go", "return (v + w) * m >> 1", "return v * m"},
	{"a velocity that changes alone", "fragment.go", " || md != chain && held.vels[p.vel] != now.vels[p.vel]", ""},
	{
		"the fast path forgets jumps", "fragment.go",
		"d -= speed(held[c]-before[c], p.jump)", "d -= held[c] - before[c]",
	},
	{
		"the fast path forgets groups", "fragment.go",
		"	mask |= p.group\n		}\n	}\n	f", "	mask = p.group\n		}\n	}\n	f",
	},
	{"the fast path takes too many bits", "fragment.go", "if n > 64 {", "if n > 70 {"},
	{
		"rows that were not there two strides ago", "share.go",
		"b < len(t.before.ids) && t.before.ids[b] == id", "b < len(t.before.ids)",
	},
	{
		"velocities from the wrong stride", "share.go",
		"s.base == held.Tick && s.old == old &&", "s.base == held.Tick &&",
	},
	{"a table that moved before the baseline", "share.go", "min(int64(s.base)-int64(s.old), ", "min(int64(s.base), "},
	{"fragments of 57 bits", "share.go", "const most = 56", "const most = 60"},
	{"long fragments", "share.go", "for ; n > 64; n -= 64 {", "for ; n >= 128; n -= 64 {"},
	{"chain at another stride", "baseline.go", "age == stride && b.stride == stride", "age == stride"},
	{"beyond the ring", "baseline.go", "uint64(stride) <= maxReach &&", "uint64(stride) <= maxReach+1 &&"},
	{"at the ring's edge", "baseline.go", "uint64(stride) <= maxReach &&", "uint64(stride) < maxReach &&"},
	{
		"the server forgets the highest ID", "baseline.go",
		"b.tick, b.stride, b.maxID = e.now.Tick, stride, maxID", "b.tick, b.stride = e.now.Tick, stride",
	},
	{"the client forgets the highest ID", "apply.go", "r.maxID = top", "_ = top"},
	{"the place of a row that leaves", "merge.go", "		first += len(had)\n", ""},
	{"the place of a row that leaves after a table at rest", "merge.go", "			first += x.kept\n", ""},
	{"the number of rows that change", "frame.go", "uint32(x.changed-1)", "uint32(x.changed)"},
	{"runs of rows that do not change", "frame.go", "			run = 0\n", ""},
	{"rows that enter start from nothing", "frame.go", "			held = is\n", ""},
	{
		"the velocity of rows that enter", "frame.go",
		"e.rowsAt(e.now.Tick, stride, i)", "e.rowsAt(e.now.Tick, stride+1, i)",
	},
	{"frames shared by clients that know other IDs", "frame.go", "(f.maxID == b.maxID || !f.enters)", "f.stride > 0"},
	{"leaving rows of later tables", "tierapply.go", "at - p.first, nil", "at, nil"},
	{"rows after the last change stand still", "apply.go", "	t.coast(l, md, m, list, next, n)\n", ""},
	{"rows between changes stand still", "apply.go", "		t.coast(l, md, m, list, next, next+run)\n", ""},
	{"rows of a table of mode 0 stand still", "apply.go", "		t.coast(l, md, m, list, 0, n)\n", ""},
	{"the velocity after a residual", "apply.go", "*v = speed(step, p.jump)", "*v = was"},
	{"rows that enter among others", "replica.go", "t.ids[held-1] < t.ids[held]", "true"},
	{
		"texts that stay behind", "replica.go",
		"	copy(t.texts[to*l.blobs:], t.texts[from*l.blobs:end*l.blobs])\n", "",
	},
	{"a base that is not held", "replica.go", "tick-r.tick != base-1", "false"},
	{"a chain on nothing", "replica.go", "case !good:", "case !good && false:"},
	{"velocities in the plain codec", "plain.go", "if same(held.vels, now.vels) {", "if len(vels) > 0 {"},
	{"texts in the plain codec", "plain.go", "return held.texts[p.cell] != now.texts[p.cell]", "return false"},
	{"velocities in the hash", "hash.go", "for _, v := range vels {", "for _, v := range vels[:0] {"},
	{"the number of the table in the hash", "hash.go", "uint32(table)", "uint32(0)"},
	{"slow rows stand still between their frames", "tier.go", "+= vels[i] * n", "+= 0"},
	{"a slow row after a frame of another age", "tier.go", "case old == stride && age == n:", "case old == stride && age > 0:"},
	{"slow rows are told as if nothing moved", "tier.go", "m: strides(tick, told, stride)}", "m: 0}"},
	{"strides since a turn", "fragment.go", "return v*(m-turn) + w*turn", "return v*turn + w*(m-turn)"},
	{"the turn of the first group for all", "fragment.go", "p.group != turned {", "turned == 0 {"},
	{"a turn at any stride", "fragment.go", "uint(width(int(m))))", "uint(width(int(m)+1)))"},
	{"slow rows in classes too slow for the ring", "tierframe.go", "+uint64(stride) <= maxReach", " <= 2*maxReach"},
	{
		"slow rows held of the baseline's own tick", "tierframe.go",
		"e.history.At(b.told[c-1]), b.stride, stride)", "e.history.At(b.tick), b.stride, stride)",
	},
	{"the way back to where slow rows were told", "tierapply.go", "n := -strides(r.tick, told, r.last)", "n := int32(0)"},
	{"slow rows in the plain codec go on", "plain.go", "if class > 0 && !e.tiers.sections[class].due {", "if false {"},
	{"a new stride is due for no slow row", "tier.go", "case old == stride && uint64(tick)/n", "case uint64(tick)/n"},
	{
		"slow rows beyond the ring", "baseline.go",
		"if some && !e.reaches(b.told[c]", "if some && false && !e.reaches(b.told[c]",
	},
	{
		"all is held though some rows are slow", "baseline.go",
		"b.all = vis == nil && len(b.classes) == 0", "b.all = vis == nil",
	},
	{"the server forgets when a class was told", "tierframe.go", "			b.told[c] = e.now.Tick\n", ""},
	{"the client forgets when a class was told", "apply.go", "				r.told[c] = tick\n", ""},
	{
		"a whole frame tells no slow rows", "tierapply.go",
		"		if base != baseWhole {\n", "		if base >= 0 {\n",
	},
	{"a copied baseline without classes", "baseline.go", "	c.classes = append(c.classes, o.classes...)\n", ""},
	{
		"a row changes to a class that is not told", "tierframe.go",
		"if x.sections[has].due && x.sections[wish].due {", "if x.sections[has].due {",
	},
	{
		"a row leaves a class that is not told", "tierframe.go",
		"if x.sections[has].due && x.sections[wish].due {", "if x.sections[wish].due {",
	},
	{"fragments of slow rows from another row", "tierframe.go", "		at = t.held.find(t.now.ids[r], at)\n", ""},
	{
		"classes of the rows that enter", "tierframe.go",
		"			x.classes = append(x.classes, 0)\n			n++\n", "			n++\n",
	},
	{"the other class", "tierframe.go", "	if to > from {\n		to--\n	}\n", ""},
	{"slow rows that leave", "replica.go", "			r.slow--\n", ""},
	{"classes of rows that move up", "replica.go", "	copy(t.classes[to:], t.classes[from:end])\n", ""},
	{"a row that enters takes over a class", "replica.go", "t.ids[to], t.classes[to] = id, 0", "t.ids[to] = id"},
	{
		"a whole frame leaves classes", "replica.go",
		"			t.classes, t.slow = t.classes[:0], 0\n", "			t.classes = t.classes[:0]\n",
	},
	{
		"the stride before", "replica.go",
		"r.tick, r.last, r.good, r.open = tick, r.stride, true, false", "r.tick, r.good, r.open = tick, true, false",
	},
	{
		"slow rows in the hash", "hash.go",
		"if c := classAt(classes, n); c > 0 {", "if c := classAt(classes, n); c > 2 {",
	},
}

// TestMutants compiles the package once for each mutant, all into one program, and shows that every mutant is found and
// that the package as it is passes.
func TestMutants(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles the package many times")
	}
	dir := t.TempDir()
	write := func(path, text string) {
		t.Helper()
		path = filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	files := packageFiles(t)
	var imports, table strings.Builder
	for i := range len(mutants) + 1 {
		for name, text := range files {
			if i > 0 && mutants[i-1].file == name {
				m := mutants[i-1]
				if strings.Count(text, m.old) != 1 {
					t.Fatalf("mutant %q does not fit the code any more: %q is there %d times in %s",
						m.why, m.old, strings.Count(text, m.old), name)
				}
				text = strings.Replace(text, m.old, m.new, 1)
			}
			write(fmt.Sprintf("m%d/%s", i, name), text)
		}
		fmt.Fprintf(&imports, "import m%d \"mutants/m%d\"\n", i, i)
		fmt.Fprintf(&table, "	m%d.Found,\n", i)
	}
	write("go.mod", "module mutants\n\ngo 1.26\n")
	write("main.go", "package main\n\n"+imports.String()+mutantMain+"var found = []func(string) error{\n"+table.String()+"}\n")
	exe := filepath.Join(dir, "mutants.exe")
	goes(t, dir, "go", "build", "-trimpath", "-gcflags=mutants/...=-N -l", "-o", exe, ".")
	vectors, err := filepath.Abs(vectorDir)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(goes(t, dir, exe, vectors)), "\n")
	if len(lines) != len(mutants)+1 {
		t.Fatalf("%d answers for %d mutants: %q", len(lines), len(mutants), lines)
	}
	if lines[0] != "passes" {
		t.Errorf("the package as it is: %s", lines[0])
	}
	for i, m := range mutants {
		if lines[i+1] == "passes" {
			t.Errorf("nobody finds %s: %q instead of %q", m.why, m.new, m.old)
		}
		t.Logf("%s: %s", m.why, lines[i+1])
	}
}

// packageFiles are the sources of the codec, which needs nothing else of its package, and of its property.
func packageFiles(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{"found.go": mutantFound}
	for _, name := range []string{
		"schema.go", "history.go", "prepare.go", "layout.go", "bits.go", "fragment.go", "share.go", "baseline.go", "frame.go",
		"merge.go", "tier.go", "tierframe.go", "tierapply.go",
		"plain.go", "hash.go", "replica.go", "apply.go", "edit.go", "memory.go",
		"codec_rig_test.go", "codec_tiers_test.go", "codec_property_test.go", "codec_golden_test.go",
	} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files[strings.Replace(name, "_test.go", ".go", 1)] = string(text)
	}
	return files
}

// goes runs a command.
func goes(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off", "GOEXPERIMENT=")
	var errs strings.Builder
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, errs.String())
	}
	return string(out)
}

// mutantFound is what each copy of the package exports.
const mutantFound = `package game

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// ID names rows.
type ID uint32

// sights is what decides who sees what, of which the codec knows nothing.
type sights struct{}

// Found returns how a mistake is found; nil if it is not.
func Found(dir string) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v", cause)
		}
	}()
	names, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(names) < 10 {
		os.Exit(2)
	}
	for seed := range uint64(60) {
		if err := property(seed+1, 300, seen{}); err != nil {
			return err
		}
	}
	for _, name := range names {
		if filepath.Base(name) == "malformed.json" {
			continue
		}
		if err := checkVector(dir, filepath.Base(name), applyBody); err != nil {
			return err
		}
	}
	if err := checkMalformed(dir); err != nil {
		return errors.New("a malformed body is accepted")
	}
	return nil
}
`

// mutantMain runs them all, a few at a time.
const mutantMain = `
import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
)

func main() {
	answers := make([]string, len(found))
	var wg sync.WaitGroup
	free := make(chan bool, runtime.NumCPU())
	for i, f := range found {
		wg.Go(func() {
			free <- true
			answers[i] = "passes"
			if err := f(os.Args[1]); err != nil {
				answers[i], _, _ = strings.Cut(err.Error(), "\n")
			}
			<-free
		})
	}
	wg.Wait()
	fmt.Println(strings.Join(answers, "\n"))
}

`
