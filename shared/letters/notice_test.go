package letters_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/letters"
)

// noticed is the text of a notice about a conversation.
func noticed(t *testing.T, conv desk.Conversation, n letters.Notice) string {
	t.Helper()
	w := writer(t)
	n.Agent, n.Title, n.Why = w.Settings.Agents[0], "Nothing was sent", "Why."
	ready, err := w.Notice(desk.DerivedID("notice"), w.Settings.Mailboxes[0], conv, 1, n)
	if err != nil {
		t.Fatal(err)
	}
	return email.Read(ready.Raw, "").PlainText
}

// #help says that it is the whole list, and so do the README and docs/commands.md.
func TestHelpListsEveryCommand(t *testing.T) {
	got := noticed(t, situations(t)["first-contact"].conv, letters.Notice{All: true})
	for _, file := range []string{"../../README.md", "../../docs/commands.md"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		words := regexp.MustCompile("`(#[a-z-]+)").FindAllStringSubmatch(string(text), -1)
		for _, w := range words {
			if !regexp.MustCompile(w[1] + `\b`).MatchString(got) {
				t.Errorf("%s has %s, and #help does not list it:\n%s", file, w[1], got)
			}
		}
		if len(words) < 10 {
			t.Errorf("%s: %v", file, words)
		}
	}
}

// A notice offers only what can be done with the mail that was answered.
func TestANoticeOffersWhatThereIs(t *testing.T) {
	conv := situations(t)["first-contact"].conv
	nobody := conv
	nobody.Customer.Address = ""
	for name, tc := range map[string]struct {
		conv      desk.Conversation
		sendable  int
		has, lack []string
	}{
		"ready answers": {conv, 2, []string{"#send 2: sends ready answer 2", "#learn", "#note"},
			[]string{"#send 1"}},
		"none":             {conv, 0, []string{"#learn", "#note", "#close"}, []string{"#send"}},
		"nobody to answer": {nobody, 1, []string{"#note", "#close"}, []string{"#send", "#learn"}},
	} {
		got := noticed(t, tc.conv, letters.Notice{Commands: true, Sendable: tc.sendable})
		for _, want := range tc.has {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %q is not in\n%s", name, want, got)
			}
		}
		for _, not := range tc.lack {
			if strings.Contains(got, not) {
				t.Errorf("%s: %q is in\n%s", name, not, got)
			}
		}
	}
}
