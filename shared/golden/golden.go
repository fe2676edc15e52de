package golden

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Update is the flag "-update" of a test program that has golden files.
var Update = flag.Bool("update", false, "write the golden files anew; look at the difference before you commit it")

// File fails a test whose text is not the one in the file, and says at which line. With
// -update it writes the file, and its folder, in place of comparing.
func File(t testing.TB, path, got string) {
	t.Helper()
	if *Update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; if the test is new, run it with -update", err)
	}
	if got == string(want) {
		return
	}
	line, now, was := differs(got, string(want))
	t.Errorf("%s:%d: it is now\n%s\nand was\n%s\nIf it is better now, run go test -update. All of it:\n%s", path, line,
		now, was, got)
}

// differs gives the first line in which two texts that differ do so, counted from 1.
func differs(got, want string) (line int, now, was string) {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for line < len(a) && line < len(b) && a[line] == b[line] {
		line++
	}
	end := func(lines []string) string {
		if line < len(lines) {
			return lines[line]
		}
		return "(the end)"
	}
	return line + 1, end(a), end(b)
}
