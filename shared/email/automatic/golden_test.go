package automatic_test

import (
	"os"
	"slices"
	"strings"
	"testing"
)

func compareGolden(t *testing.T, file string, lines []string) {
	t.Helper()
	slices.Sort(lines)
	got := strings.Join(lines, "")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; run the test with -update", err)
	}
	want := strings.Split(string(raw), "\n")
	for i, line := range strings.Split(got, "\n") {
		if i >= len(want) || want[i] != line {
			was := "(nothing)"
			if i < len(want) {
				was = want[i]
			}
			t.Fatalf("%s:%d: got %q, want %q; if the new one is right, run with -update", file, i+1, line, was)
		}
	}
}
