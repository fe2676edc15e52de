package language

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/golden"
)

// carried is what the program has; the tests ask the files as they stand.
var carried = phrases

func TestMain(m *testing.M) {
	flag.Parse()
	files, err := texts()
	if err != nil {
		panic(err)
	}
	phrases = files
	os.Exit(m.Run())
}

// texts gives all files, each below its name.
func texts() (string, error) {
	names, err := filepath.Glob("*.txt")
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return "", err
		}
		b.WriteString(part + name + "\n" + strings.TrimRight(string(text), "\n") + "\n")
	}
	return strings.TrimRight(b.String(), "\n"), nil
}

// TestTheProgramHasWhatTheFilesSay: phrases.bin is the files without their comments and
// the headings that have nothing below.
func TestTheProgramHasWhatTheFilesSay(t *testing.T) {
	var b bytes.Buffer
	heading := ""
	for line := range strings.SplitSeq(phrases, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
		case strings.HasPrefix(line, part):
			b.WriteString(line + "\n")
		case line[0] == '[':
			heading = line + "\n"
		default:
			b.WriteString(heading + line + "\n")
			heading = ""
		}
	}
	if *golden.Update {
		if err := os.WriteFile("phrases.bin", b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if b.String() != carried {
		t.Error("the program has other phrases than the files: run go test ./shared/language -update")
	}
}
