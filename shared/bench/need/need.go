package need

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Missing ends a test that cannot run. missing says what is not there, and what
// brings it.
func Missing(t testing.TB, missing string) {
	t.Helper()
	if os.Getenv("CI") != "" || os.Getenv("REPLYWELL_BROWSER") == "1" {
		t.Fatal(missing)
	}
	t.Skip(missing)
}

// Program gives the path of the first of these programs that is there. install
// is the command that installs it.
func Program(t testing.TB, install string, names ...string) string {
	t.Helper()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	Missing(t, "this test needs the program "+names[0]+", which is not on the PATH; \""+install+"\" installs it")
	return ""
}

// Chromium gives the path of a browser.
func Chromium(t testing.TB) string {
	t.Helper()
	return Program(t, "apt-get install chromium", "chromium", "chromium-browser", "google-chrome", "chrome",
		"headless-shell")
}

// Step leaves a part of a test to a step of .ci/run of its own, because it takes
// longer. Where .ci/run has no such step, nobody would run it: that is a failure.
func Step(t testing.TB, here bool, step string) {
	t.Helper()
	if here {
		return
	}
	dir, err := os.Getwd()
	for ; err == nil; dir = filepath.Dir(dir) {
		script, err := os.ReadFile(filepath.Join(dir, ".ci", "run"))
		if err != nil && filepath.Dir(dir) != dir {
			continue
		}
		if err != nil || !slices.Contains(strings.Split(string(script), "\n"), step) {
			t.Fatalf("this is left to the step %q of .ci/run, which is not there (%v)", step, err)
		}
		break
	}
	t.Skip("it takes longer, and is run by: " + step)
}
