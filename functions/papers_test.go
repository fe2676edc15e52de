package functions

import (
	"bufio"
	"go/parser"
	"go/scanner"
	"go/token"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// What the papers say is held to the code wherever a program can: libraries, rooms,
// files, tests, links. What only a person can check is short.

// papers gives the project's own pages, from the repository's root.
func papers(t *testing.T) []string {
	out, err := exec.Command("git", "-C", "..", "ls-files", "--cached", "--others", "--exclude-standard",
		"*.md").Output()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for n := range strings.FieldsSeq(string(out)) {
		if path.Dir(n) == "." || strings.HasPrefix(n, "docs/") {
			names = append(names, n)
		}
	}
	if len(names) < 20 {
		t.Fatalf("%d pages found", len(names))
	}
	return names
}

func page(t *testing.T, name string) string {
	text, err := os.ReadFile(filepath.Join("..", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// libraries reads the table of docs/architecture.md: which library is used in which
// rooms; nil is any.
func libraries(t *testing.T) map[string][]string {
	_, table, found := strings.Cut(page(t, "docs/architecture.md"), "| library | for | rooms |")
	if !found {
		t.Fatal("docs/architecture.md has no table of libraries")
	}
	table, _, _ = strings.Cut(table, "\n\n")
	out := map[string][]string{}
	for row := range strings.Lines(table) {
		cells := strings.Split(row, "|")
		if len(cells) < 4 || !strings.Contains(cells[1], "`") {
			continue
		}
		rooms := []string{}
		for i, r := range strings.Split(cells[3], "`") {
			if i%2 == 1 {
				rooms = append(rooms, r)
			}
		}
		if strings.TrimSpace(cells[3]) == "any" {
			rooms = nil
		}
		out[strings.Trim(cells[1], " `")] = rooms
	}
	return out
}

// TestLibrariesAreWhereTheArchitecturePageSays holds the page's table of libraries in
// both directions: every room that imports one is named there, every room that is
// named imports it, and each is in a program's dependencies.
func TestLibrariesAreWhereTheArchitecturePageSays(t *testing.T) {
	table := libraries(t)
	deps, err := exec.Command("go", "list", "-deps", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	linked := strings.Fields(string(deps))
	used := map[string][]string{}
	for _, p := range packages(t) {
		room := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "shared/")
		for _, imported := range p.Imports {
			if !strings.Contains(strings.Split(imported, "/")[0], ".") || strings.HasPrefix(imported, module) {
				continue
			}
			library := ""
			for l := range table {
				if (imported == l || strings.HasPrefix(imported, l+"/")) && len(l) > len(library) {
					library = l
				}
			}
			switch rooms := table[library]; {
			case library == "":
				t.Errorf("%s imports %s, which the table of libraries in docs/architecture.md does not name", room,
					imported)
			case rooms != nil && !under(room, strings.Join(rooms, " ")):
				t.Errorf("%s imports %s; docs/architecture.md lets only %s", room, imported, strings.Join(rooms, ", "))
			default:
				used[library] = append(used[library], room)
			}
		}
	}
	for l, rooms := range table {
		if !slices.ContainsFunc(linked, func(d string) bool { return d == l || strings.HasPrefix(d, l+"/") }) {
			t.Errorf("docs/architecture.md names %s, which is in no program", l)
		}
		for _, r := range rooms {
			if !slices.ContainsFunc(used[l], func(u string) bool { return under(u, r) }) {
				t.Errorf("docs/architecture.md says that %s uses %s, and it does not", r, l)
			}
		}
	}
}

// leastEssay is how many characters say what a room is for, how it does it and why so.
const leastEssay = 300

// TestEachRoomHasItsEssay: a newcomer reads doc.go first, for a minute.
func TestEachRoomHasItsEssay(t *testing.T) {
	for _, p := range packages(t) {
		if p.Name == "main" {
			continue // programs only wire, or say what they do by --help
		}
		name := filepath.Join(p.Dir, "doc.go")
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.PackageClauseOnly|parser.ParseComments)
		switch {
		case err != nil:
			t.Errorf("%s has no doc.go with its essay", p.ImportPath)
		case len(f.Doc.Text()) < leastEssay || !strings.Contains(strings.TrimSpace(f.Doc.Text()), "\n\n"):
			t.Errorf("%s: the essay in doc.go is a sentence; say what the room is for, how, and why so", p.ImportPath)
		}
	}
}

var (
	testName = regexp.MustCompile(`\b(?:Test|Fuzz|Benchmark)[A-Z]\w+`)
	filePath = regexp.MustCompile("`((?:shared|functions|infra|docs)/[\\w./-]*\\w)/?`")
	mdLink   = regexp.MustCompile(`\]\(([^)#\s]+)(?:#[^)]*)?\)`)
)

// TestPapersNameWhatThereIs: tests, files, folders and pages that the papers name are
// there. A decision that was replaced tells of its own time.
func TestPapersNameWhatThereIs(t *testing.T) {
	out, err := exec.Command("git", "-C", "..", "grep", "-hoE", `^func (Test|Fuzz|Benchmark)[A-Za-z0-9_]+`, "--",
		"*_test.go").Output()
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]bool{}
	for l := range strings.Lines(string(out)) {
		tests[strings.TrimPrefix(strings.TrimSpace(l), "func ")] = true
	}
	for _, name := range papers(t) {
		text := page(t, name)
		if strings.Contains(text, "Status: replaced") || name == "CHANGELOG.md" {
			continue
		}
		for _, n := range testName.FindAllString(text, -1) {
			if !tests[n] {
				t.Errorf("%s names %s, and there is no such test", name, n)
			}
		}
		for _, m := range filePath.FindAllStringSubmatch(text, -1) {
			if _, err := os.Stat(filepath.Join("..", m[1])); err != nil && m[1] != "shared/X" {
				t.Errorf("%s names %s, and there is no such file or folder", name, m[1])
			}
		}
		for _, m := range mdLink.FindAllStringSubmatch(text, -1) {
			if strings.Contains(m[1], ":") {
				continue
			}
			if _, err := os.Stat(filepath.Join("..", path.Dir(name), m[1])); err != nil {
				t.Errorf("%s links to %s, and there is no such page", name, m[1])
			}
		}
	}
}

// widest is how many characters a line of a page has at most, so that it can be read,
// and a change of it be seen.
const widest = 140

func TestEachDecisionIsListed(t *testing.T) {
	list, err := os.ReadFile("../docs/adr/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range papers(t) {
		name := path.Base(p)
		if path.Dir(p) == "docs/adr" && name != "README.md" && !strings.Contains(string(list), "("+name+")") {
			t.Errorf("docs/adr/README.md does not list %s", name)
		}
	}
}

func TestLinesOfPapersCanBeRead(t *testing.T) {
	for _, name := range papers(t) {
		if name == "CHANGELOG.md" { // a change is a line there
			continue
		}
		code, n := false, 0
		for s := bufio.NewScanner(strings.NewReader(page(t, name))); s.Scan(); {
			n++
			l := s.Text()
			if strings.HasPrefix(strings.TrimSpace(l), "```") {
				code = !code
			}
			if table := strings.HasPrefix(strings.TrimSpace(l), "|"); !code && !table && len([]rune(l)) > widest {
				t.Errorf("%s:%d has %d characters, at most %d are read with ease", name, n, len([]rune(l)), widest)
			}
		}
	}
}

// A test's line is read beside another window: at most 120 columns, a tab counting four.
// Only where a text stands as it is, a mail, a page, a program, or one word is longer
// than that, a line may be.
func TestLinesOfTestsCanBeRead(t *testing.T) {
	out, err := exec.Command("git", "ls-files", "../shared/*_test.go", "../functions/*_test.go", "*_test.go").Output()
	if err != nil {
		t.Fatal(err)
	}
	files := slices.Compact(slices.Sorted(slices.Values(strings.Fields(string(out)))))
	if len(files) < 200 {
		t.Fatalf("only %d files of tests were found", len(files))
	}
	for _, f := range files {
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		free := unbroken(src)
		for i, l := range strings.Split(string(src), "\n") {
			if w := columns(l); w > widestTest && !free[i+1] {
				t.Errorf("%s:%d has %d columns; break it at %d", f, i+1, w, widestTest)
			}
		}
	}
}

const widestTest = 120

func columns(s string) int { return utf8.RuneCountInString(s) + 3*strings.Count(s, "\t") }

// unbroken names the lines that hold a raw string, or a word that no line has room for.
func unbroken(src []byte) map[int]bool {
	free := map[int]bool{}
	set := token.NewFileSet()
	file := set.AddFile("", set.Base(), len(src))
	var s scanner.Scanner
	s.Init(file, src, nil, 0)
	for {
		at, kind, text := s.Scan()
		if kind == token.EOF {
			return free
		}
		first := file.Line(at)
		if kind != token.STRING {
			continue
		}
		if text[0] == '`' || !strings.Contains(strings.TrimSpace(text[1:len(text)-1]), " ") &&
			columns(text) > widestTest/2 {
			for n := range 1 + strings.Count(text, "\n") {
				free[first+n] = true
			}
		}
	}
}
