package functions

import (
	"flag"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var showFiles = flag.Bool("files", false, "print which files of each room need each other")

// needEachOther is the house's rule for what is inside a room: of how many files
// at most can none be read without the others. A file needs another when it uses
// a name that stands there; files need each other when each leads to the other.
// The number may fall and not rise. A file that can be read alone is what
// matters: cutting or joining files to please the count helps nobody. In a room
// that is not listed at most a third of the files may need each other.
var needEachOther = map[string]int{
	"functions/replywell":    7,
	"shared/archive":         4,
	"shared/desk":            3,
	"shared/email/automatic": 17,
	"shared/email/message":   18,
	"shared/email/origin":    5,
	"shared/email/visible":   17,
	"shared/guard":           4,
	"shared/kb/fit":          8,
	"shared/local":           5,
	"shared/local/page":      6,
	"shared/reply":           2,
	"shared/send":            8,
	"shared/store":           9,
}

// TestFilesCanBeReadAlone type-checks each room of eight files or more and counts
// its largest ring of files that need each other.
func TestFilesCanBeReadAlone(t *testing.T) {
	fset := token.NewFileSet()
	imp := importer.ForCompiler(fset, "gc", compiled(t))
	for _, p := range packages(t) {
		room := strings.TrimPrefix(p.ImportPath, module)
		if len(p.GoFiles) < 8 {
			continue
		}
		ring := largestRing(t, fset, imp, p)
		most, listed := needEachOther[room]
		if !listed {
			most = len(p.GoFiles) / 3
		}
		if *showFiles {
			t.Logf("%s: %d of %d files need each other: %s", room, len(ring), len(p.GoFiles), strings.Join(ring, " "))
		}
		if len(ring) > most {
			t.Errorf("%s: %d of its %d files need each other, at most %d may: %s\n"+
				"Let what they share stand in a file of its own that knows neither, or hand on values.",
				room, len(ring), len(p.GoFiles), most, strings.Join(ring, " "))
		}
	}
}

// largestRing gives the names of the files of the largest group in which each
// file leads to each other one.
func largestRing(t *testing.T, fset *token.FileSet, imp types.Importer, p goPackage) []string {
	t.Helper()
	var files []*ast.File
	for _, name := range p.GoFiles {
		f, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}}
	pkg, err := (&types.Config{Importer: imp}).Check(p.ImportPath, fset, files, info)
	if err != nil {
		t.Fatal(err)
	}
	needs := map[string]map[string]bool{}
	for use, what := range info.Uses {
		if what.Pkg() != pkg || !what.Pos().IsValid() {
			continue
		}
		from, to := fset.Position(use.Pos()).Filename, fset.Position(what.Pos()).Filename
		if from == to {
			continue
		}
		if needs[from] == nil {
			needs[from] = map[string]bool{}
		}
		needs[from][to] = true
	}
	reach := func(from string) map[string]bool {
		seen := map[string]bool{}
		var walk func(string)
		walk = func(f string) {
			for to := range needs[f] {
				if !seen[to] {
					seen[to] = true
					walk(to)
				}
			}
		}
		walk(from)
		return seen
	}
	all := map[string]map[string]bool{}
	for from := range needs {
		all[from] = reach(from)
	}
	var largest []string
	for from, to := range all {
		if !to[from] {
			continue
		}
		ring := []string{filepath.Base(from)}
		for other := range to {
			if other != from && all[other][from] {
				ring = append(ring, filepath.Base(other))
			}
		}
		if len(ring) > len(largest) {
			largest = ring
		}
	}
	slices.Sort(largest)
	return largest
}

// compiled gives the compiler's own notes on each package of the build.
func compiled(t *testing.T) func(string) (io.ReadCloser, error) {
	t.Helper()
	list := exec.Command("go", "list", "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}", "../...")
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list -export: %v", err)
	}
	at := map[string]string{}
	for _, line := range strings.Split(string(out), "\n") {
		name, file, _ := strings.Cut(line, " ")
		at[name] = file
	}
	return func(name string) (io.ReadCloser, error) { return os.Open(at[name]) }
}
