package need_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/bench/need"
)

// ended is a test that is asked how it ended.
type ended struct {
	testing.TB
	how, words string
}

func (e *ended) Helper()        {}
func (e *ended) Fatal(a ...any) { e.end("failed", a...) }
func (e *ended) Skip(a ...any)  { e.end("skipped", a...) }
func (e *ended) Fatalf(format string, a ...any) {
	e.end("failed", format)
}
func (e *ended) end(how string, a ...any) {
	e.how, e.words = how, strings.TrimSpace(strings.Join(text(a), " "))
	runtime.Goexit()
}

func text(a []any) (out []string) {
	for _, x := range a {
		out = append(out, x.(string))
	}
	return out
}

func TestWhatIsMissingFailsUnderCI(t *testing.T) {
	root := t.TempDir()
	if err := os.MkdirAll(filepath.Join(root, ".ci"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(root, "a", "b"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, ".ci", "run"), []byte("step x\nmake slowly\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Chdir(filepath.Join(root, "a", "b"))
	program := func(names ...string) func(testing.TB) {
		return func(tb testing.TB) { need.Program(tb, "apt-get install it", names...) }
	}
	for name, tc := range map[string]struct {
		ci, browser string
		test        func(testing.TB)
		how, says   string
	}{
		"nothing is missing": {"true", "", program("no-such-program", "go"), "", ""},
		"on somebody's machine": {"", "", program("no-such-program"), "skipped",
			`"apt-get install it" installs it`},
		"under CI":              {"true", "", program("no-such-program"), "failed", "no-such-program"},
		"where it is asked for": {"", "1", program("no-such-program"), "failed", "no-such-program"},
		"a step of its own": {"true", "", func(tb testing.TB) { need.Step(tb, false, "make slowly") },
			"skipped", "make slowly"},
		"a step of its own, run here": {"true", "", func(tb testing.TB) { need.Step(tb, true, "make slowly") }, "", ""},
		"a step that is gone": {"", "", func(tb testing.TB) { need.Step(tb, false, "make slow") }, "failed",
			".ci/run"},
	} {
		t.Setenv("CI", tc.ci)
		t.Setenv("REPLYWELL_BROWSER", tc.browser)
		e := &ended{TB: t}
		done := make(chan bool)
		go func() {
			defer close(done)
			tc.test(e)
		}()
		<-done
		if e.how != tc.how || !strings.Contains(e.words, tc.says) {
			t.Errorf("%s: it %s with %q", name, e.how, e.words)
		}
	}
}
