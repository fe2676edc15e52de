package automatic_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/message"
)

// mails gives the mails of testdata by the kind that their folder names;
// "person" is mail that people write.
func mails(t testing.TB) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob("testdata/*/*.eml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no mails in testdata: %v", err)
	}
	all := map[string][]byte{}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimPrefix(filepath.ToSlash(f), "testdata/")] = raw
	}
	return all
}

func kindOf(file string) automatic.Kind {
	dir, _, _ := strings.Cut(file, "/")
	if dir == "person" {
		return automatic.Person
	}
	return automatic.Kind(dir)
}

func TestEveryMailIsJudgedAsTheFolderItLiesIn(t *testing.T) {
	for file, raw := range mails(t) {
		t.Run(file, func(t *testing.T) {
			j := automatic.Judge(message.Parse(raw), "")
			if j.Kind != kindOf(file) {
				t.Errorf("kind %q by rule %q, want %q", j.Kind, j.Rule, kindOf(file))
			}
			if j.Automatic() == (j.Rule == "") {
				t.Errorf("kind %q and rule %q: a robot's mail names its rule, a person's none", j.Kind, j.Rule)
			}
		})
	}
}

// TestWhatReportsSay holds rule, recipients and original of every robot's mail
// in one file that is good to read.
func TestWhatReportsSay(t *testing.T) {
	var lines []string
	for file, raw := range mails(t) {
		j := automatic.Judge(message.Parse(raw), "")
		if !j.Automatic() {
			continue
		}
		var b strings.Builder
		fmt.Fprintf(&b, "%s\n  rule: %s\n", file, j.Rule)
		for _, r := range j.Recipients {
			lasting := "temporary"
			if r.Permanent {
				lasting = "permanent"
			}
			fmt.Fprintf(&b, "  to: %s | %s | %s | %s | %s\n", r.Address, r.Status, r.Action, lasting, r.Reason)
		}
		if j.Original != (automatic.Original{}) {
			fmt.Fprintf(&b, "  about: %s | %s | %s\n", j.Original.MessageID, j.Original.Subject, j.Original.Recipient)
		}
		for _, w := range j.Warnings {
			fmt.Fprintf(&b, "  warning: %s\n", w.Name)
		}
		lines = append(lines, b.String())
	}
	compareGolden(t, "testdata/judgements.golden", lines)
}
