package functions

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path"
	"strings"
	"testing"
)

const module = "github.com/replywell/replywell/"

// mayImport is the dependency rule of docs/architecture.md: which rooms of this
// project a room may import. A name covers the rooms below it. What is not
// listed may import nothing of ours.
var mayImport = map[string]string{
	"shared/desk":        "",
	"shared/language":    "",
	"shared/email":       "shared/email shared/language",
	"shared/archive":     "shared/email",
	"shared/earlier":     "shared/desk shared/store",
	"shared/worth":       "shared/desk shared/store shared/worth",
	"shared/kb":          "shared/desk shared/kb shared/language shared/redact shared/topics",
	"shared/kb/fit":      "shared/kb shared/language shared/redact shared/topics shared/volume",
	"shared/kb/terms":    "shared/kb/internal/wire shared/language",
	"shared/kb/article":  "shared/desk shared/kb/template shared/kb/terms shared/language shared/redact",
	"shared/kb/internal": "shared/kb/terms shared/kb/article shared/kb/internal",
	"shared/redact":      "shared/language",
	"shared/delivery":    "shared/email",
	"shared/store":       "shared/desk shared/delivery shared/store",
	"shared/letters": "shared/desk shared/priority shared/waiting shared/measure shared/commands shared/delivery " +
		"shared/email " +
		"shared/kb shared/language",
	"shared/commands":     "shared/desk shared/email",
	"shared/orders":       "shared/desk shared/commands shared/email shared/language shared/orders/when",
	"shared/orders/fit":   "shared/kb shared/orders",
	"shared/guard":        "shared/desk shared/commands shared/email shared/language shared/orders",
	"shared/files":        "shared/email/replyaddr shared/store",
	"shared/home":         "shared/desk shared/email/replyaddr shared/letters shared/outbox shared/store",
	"shared/wiring":       services + words,
	"shared/outbox":       "shared/desk shared/guard shared/letters shared/store",
	"shared/calendar":     "shared/desk",
	"shared/waiting":      "shared/desk shared/calendar shared/priority",
	"shared/measure":      "",
	"shared/plain":        "shared/email shared/kb/terms shared/language",
	"shared/priority":     "",
	"shared/volume":       "",
	"shared/topics":       "shared/kb/terms",
	"shared/rollup":       "shared/desk",
	"shared/config":       "shared/calendar shared/desk shared/email/replyaddr",
	"shared/doctor":       "shared/desk",
	"shared/probe":        "shared/desk shared/email/replyaddr shared/home shared/letters shared/outbox shared/store",
	"shared/cloud":        "shared/cloud " + services + words + " shared/config shared/doctor shared/probe",
	"shared/local":        "shared/local " + services + words + " shared/config shared/doctor shared/probe",
	"functions":           "shared/cloud shared/config shared/probe shared/store shared/wiring " + services + words,
	"functions/replywell": "shared",
	// Support for tests stands above all rooms: nothing imports it but tests.
	"shared/bench":           "shared",
	"shared/golden":          "", // on the ground floor, for tests of every room
	"shared/proof":           "shared",
	"shared/bench/need":      "",
	"shared/bench/processor": "",
	"shared/cloud/moto":      "",
}

const (
	words = " shared/desk shared/earlier shared/worth shared/calendar shared/priority shared/waiting " +
		"shared/commands shared/measure shared/plain " +
		"shared/volume shared/topics shared/rollup shared/delivery shared/email " +
		"shared/kb shared/language shared/redact shared/store shared/files shared/letters shared/orders " +
		"shared/guard shared/outbox shared/home"
	services = "shared/inbound shared/reply shared/send shared/events shared/schedule shared/metrics shared/index " +
		"shared/confirm"
)

type goPackage struct {
	Name       string
	ImportPath string
	Dir        string
	Imports    []string
	GoFiles    []string
}

func packages(t *testing.T) (out []goPackage) {
	cmd := exec.Command("go", "list", "-json=Name,ImportPath,Dir,Imports,GoFiles", "../...")
	var errText strings.Builder
	cmd.Stderr = &errText
	data, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, errText.String())
	}
	for d := json.NewDecoder(strings.NewReader(string(data))); ; {
		var p goPackage
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return out
		} else if err != nil {
			t.Fatal(err)
		}
		if len(p.GoFiles) > 0 {
			out = append(out, p)
		}
	}
}

// under reports whether a room is one of those named, or below one.
func under(room, names string) bool {
	for _, n := range strings.Fields(names) {
		if room == n || strings.HasPrefix(room, n+"/") {
			return true
		}
	}
	return false
}

// rule finds the rule for a room: its own, or the nearest above it.
func rule(room string) (allowed string, found bool) {
	for r := room; r != "."; r = path.Dir(r) {
		if a, ok := mayImport[r]; ok {
			return a, true
		}
		if under(r, services) {
			for path.Dir(r) != "shared" {
				r = path.Dir(r)
			}
			return r + words, true // and the rooms below the service's own
		}
	}
	return "", false
}

func TestRoomsImportOnlyWhatTheyMay(t *testing.T) {
	for _, p := range packages(t) {
		room := strings.TrimPrefix(p.ImportPath, module)
		allowed, ok := rule(room)
		if !ok {
			t.Errorf("%s is a room without a rule: add it to docs/architecture.md and to mayImport", room)
			continue
		}
		for _, imported := range p.Imports {
			if other, ours := strings.CutPrefix(imported, module); ours && other != room && !under(other, allowed) {
				t.Errorf("%s imports %s, and may import only: %s", room, other, allowed)
			}
			if (room == "shared/desk" || room == "shared/language") &&
				strings.Contains(strings.Split(imported, "/")[0], ".") {
				t.Errorf("%s imports %s; it uses the standard library only", room, imported)
			}
		}
	}
}

func TestCloudAndLocalNeverMeet(t *testing.T) {
	for _, p := range packages(t) {
		room := strings.TrimPrefix(p.ImportPath, module)
		for _, imported := range p.Imports {
			other := strings.TrimPrefix(imported, module)
			if under(room, "shared/cloud") && under(other, "shared/local") || under(room, "shared/local") &&
				under(other, "shared/cloud") {
				t.Errorf("%s imports %s", room, other)
			}
		}
	}
}

// Only config reads the environment.
func TestEnvironmentIsReadInOnePlace(t *testing.T) {
	out, err := exec.Command("git", "grep", "-nE", `os\.(Getenv|LookupEnv|Environ)\(`, "--", "../*.go",
		":!../*_test.go").Output()
	var exit *exec.ExitError
	if err != nil && !(errors.As(err, &exit) && exit.ExitCode() == 1) {
		t.Fatalf("git grep: %v", err)
	}
	for _, l := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		if l != "" && !strings.HasPrefix(l, "../shared/config/") && !strings.HasPrefix(l, "../shared/cloud/moto/") &&
			!strings.HasPrefix(l, "../shared/bench/need/") {
			t.Errorf("the environment is read outside of shared/config: %s", l)
		}
	}
}

// A test that cannot run says so in one place, which makes it a failure under CI.
func TestNoTestSkipsByItself(t *testing.T) {
	out, err := exec.Command("git", "grep", "-nE", `\b[a-z]+\.Skip(f|Now)?\(`, "--", "../*_test.go").Output()
	var exit *exec.ExitError
	if err != nil && !(errors.As(err, &exit) && exit.ExitCode() == 1) {
		t.Fatalf("git grep: %v", err)
	}
	if len(out) > 0 {
		t.Errorf("a test skips by itself; package need says what to do instead:\n%s", out)
	}
}

func TestNoRoomIsNamedAfterNothing(t *testing.T) {
	for _, p := range packages(t) {
		switch path.Base(p.ImportPath) {
		case "types", "models", "utils", "util", "common", "helpers", "ports":
			t.Errorf("%s says nothing of what is in it", p.ImportPath)
		}
	}
}

// Mail to customers has one door: outbox.Recorder, which compares each with what
// must not leave. Whoever put new items into a change elsewhere would have a
// second one. Where items are made, a test of package outbox watches.
func TestMailToCustomersHasOneDoor(t *testing.T) {
	for pattern, rooms := range map[string]string{
		`\.Queued\(`: "shared/outbox/", // where they become mails that are to leave
		// where they get into a change; sender and events mark what is there
		`\.Outbox = append|Outbox(:| =) *\[\]\*desk\.Outbox`: "shared/outbox/ shared/send/ shared/events/",
	} {
		out, err := exec.Command("git", "grep", "-nE", pattern, "--", "../shared/*.go", "../functions/*.go",
			":!../*_test.go").Output()
		var exit *exec.ExitError
		if err != nil && !(errors.As(err, &exit) && exit.ExitCode() == 1) {
			t.Fatalf("git grep: %v", err)
		}
		for _, l := range strings.Split(strings.TrimSpace(string(out)), "\n") {
			allowed := l == ""
			for _, room := range strings.Fields(rooms) {
				allowed = allowed || strings.HasPrefix(l, "../"+room)
			}
			if !allowed {
				t.Errorf("outside of %s: %s", rooms, l)
			}
		}
	}
}
