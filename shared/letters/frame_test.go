package letters_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/email/htmltext"
	"github.com/replywell/replywell/shared/letters"
)

// toCustomers are the golden letters that somebody outside reads: customers, and who left the team.
func toCustomers(name string) bool {
	return strings.HasPrefix(name, "answer") || strings.HasPrefix(name, "acknowledg") ||
		strings.HasPrefix(name, "follow-up") || strings.HasPrefix(name, "former-agent")
}

// Every letter to an agent can be told by its frame, in text and in HTML; no
// letter to a customer has one.
func TestFrameTellsLettersToAgents(t *testing.T) {
	files, err := filepath.Glob("testdata/*")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d letters: %v", len(files), err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text := string(data)
		switch filepath.Ext(file) {
		case ".html":
			text = htmltext.Text(text)
		case ".txt":
		default:
			continue
		}
		span := letters.Frame(text)
		switch inside := !toCustomers(filepath.Base(file)); {
		case inside && span == "":
			t.Errorf("%s goes to an agent, and nothing in it tells that: put a phrase of it that nobody writes by "+
				"chance into frame.go", file)
		case !inside && span != "":
			t.Errorf("%s goes to a customer and has %q in it", file, span)
		}
	}
}

// What stands at the top of a letter to an agent, to say what happened, is known
// by itself: it may be all that an agent copies into an answer.
func TestFrameTellsWhatHappened(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if toCustomers(filepath.Base(file)) {
			continue
		}
		// The band stands below the first line, up to what somebody else said.
		_, band, ok := strings.Cut(string(data), "\n\n## Reply above this line ##\n")
		if !ok {
			continue
		}
		_, band, _ = strings.Cut(band, "\n\n")
		for i, part := range strings.Split(band, "\n\n") {
			if i == 2 || strings.HasPrefix(part, " ") {
				band = strings.Join(strings.Split(band, "\n\n")[:i], "\n")
				break
			}
		}
		found++
		if letters.Frame(band) == "" {
			t.Errorf("%s: nothing tells that %q is ours: put a phrase of it into frame.go", file, band)
		}
	}
	if found < 10 {
		t.Errorf("%d bands were looked at", found)
	}
}
