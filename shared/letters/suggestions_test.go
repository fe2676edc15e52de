package letters_test

import (
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/letters"
)

// told is the text of the first-contact letter with something changed in it.
func told(t *testing.T, change func(*letters.Context)) string {
	t.Helper()
	w := writer(t)
	s := situations(t)["first-contact"]
	change(&s.more)
	ready, err := w.Notification("0123", w.Settings.Agents[0], w.Settings.Mailboxes[0], s.conv, s.msg, s.more)
	if err != nil {
		t.Fatal(err)
	}
	return email.Read(ready.Raw, "").PlainText
}

// Who sends an article has seen it, or knows how much of it is not seen.
func TestALetterSaysHowMuchMoreIsSent(t *testing.T) {
	line := "Turn the four screws crosswise, each a little at a time, until the lid lies flat."
	long := strings.Repeat(line+"\n\n", 12)
	for name, tc := range map[string]struct {
		s    desk.Suggestion
		want string
	}{
		"short, whatever the passage": {desk.Suggestion{Passage: line, Reply: line + "\n\nWarning: unplug it."},
			"flat.\n\n    Warning: unplug it.\n\nTo send it, reply with #send 1\n"},
		"a part": {desk.Suggestion{Passage: line, Reply: strings.TrimSpace(long)},
			"flat.\n\nAnd 11 more lines: #show 1 mails you all of it.\nTo send it, reply with #send 1\n"},
		"a part that is cut": {desk.Suggestion{Passage: long, Reply: long}, "And 8 more lines: #show 1"},
		"one line more": {desk.Suggestion{Passage: strings.Repeat(line+"\n", 4),
			Reply: strings.Repeat(line+"\n", 5)}, "And 1 more line: #show 1"},
		"internal": {desk.Suggestion{Passage: line, Reply: strings.TrimSpace(long),
			Internal: true}, "#show 1 mails you all of it.\nIt is for the team only, and is never sent.\n"},
		"in another language": {desk.Suggestion{Title: "Ring", Passage: line, Reply: line,
			Language: "fr-CA"}, "Ring\nLess likely, but in French.\n"},
		"in a language that is told": {desk.Suggestion{Title: "Ring", Passage: line,
			Reply: "Legen Sie die Dichtung wieder ein, mit der Schrift nach oben, und drehen Sie die Schrauben fest."},
			"Ring\nLess likely, but in German.\n"},
		"in the same language": {desk.Suggestion{Title: "Ring", Passage: line, Reply: line,
			Language: "en-GB"}, "Ring\nLess likely.\n"},
		"in one that has no article yet": {desk.Suggestion{Title: "Ring", Passage: line, Reply: line, Language: "da"},
			"Ring\nLess likely, but in Danish.\n"},
		"in one that nobody can judge": {desk.Suggestion{Title: "Ring", Passage: line, Reply: "K-200, 4711, 24 V."},
			"Ring\nLess likely.\n"},
		"sent for all of them": {desk.Suggestion{Title: "Ring", Score: 0.95, Alike: 5, AlikeOf: 5},
			"Ring\nFits well: sent for all of 5 such mails.\n"},
		"sent for the only one": {desk.Suggestion{Title: "Ring", Score: 0.95, Alike: 1, AlikeOf: 1},
			"Ring\nFits well: sent for the one such mail before.\n"},
	} {
		if got := told(t, func(c *letters.Context) { c.Suggestions = []desk.Suggestion{tc.s} }); !strings.Contains(got,
			tc.want) {
			_, got, _ = strings.Cut(got, "Answer 1")
			t.Errorf("%s: %q is not in\n%s", name, tc.want, got)
		}
	}
}

// What can be sent is named by its number, each has its own button, and what is
// never sent has none.
func TestWhatCanBeSentIsATapAway(t *testing.T) {
	some, inside := desk.Suggestion{Title: "A"}, desk.Suggestion{Title: "B", Internal: true}
	for want, offered := range map[string][]desk.Suggestion{
		"or with #send 1.":                       {some},
		"or with #send 2.":                       {inside, some},
		"or with #send 1 or #send 3.":            {some, inside, some},
		"or with #send 1 or #send 2 or #send 3.": {some, some, some},
	} {
		w := writer(t)
		s := situations(t)["first-contact"]
		s.more.Suggestions = offered
		ready, err := w.Notification("0123", w.Settings.Agents[0], w.Settings.Mailboxes[0], s.conv, s.msg, s.more)
		if err != nil {
			t.Fatal(err)
		}
		m := email.Read(ready.Raw, "")
		if !strings.Contains(m.PlainText, want) {
			t.Errorf("%q is not in\n%s", want, m.PlainText)
		}
		for i, o := range offered {
			label, likely := fmt.Sprintf(">Send answer %d to Erika Muster</a>", i+1),
				strings.Count(m.HTML, `class="rw-b"`)
			if strings.Contains(m.HTML, label) == o.Internal || likely != 1 {
				t.Errorf("answer %d (%v): %d filled buttons in\n%s", i+1, o.Internal, likely, m.HTML)
			}
			if o.Internal {
				continue
			}
			link := regexp.MustCompile(`href="(mailto:[^"]*)"[^>]*` + label).FindStringSubmatch(m.HTML)
			u, err := url.Parse(html.UnescapeString(link[1]))
			if err != nil || u.Opaque != m.ReplyTo[0].Address ||
				u.Query().Get("body") != fmt.Sprintf("#send %d", i+1) ||
				u.Query().Get("subject") != fmt.Sprintf("Send answer %d to Erika Muster [%s]", i+1,
					s.conv.ID.Reference()) {
				t.Errorf("a tap writes %s, %v", link[1], err)
			}
		}
		if strings.Contains(m.PlainText, "mailto:") {
			t.Error("the plain text shows an address")
		}
	}
}

// A draft can be copied as it is: no mark of what it rests on stands in it.
func TestADraftHasNoMarksInIt(t *testing.T) {
	got := told(t, func(c *letters.Context) {
		c.DraftAnswer = &desk.DraftAnswer{Text: "[1] Lay the seal in again [1][2]. Wait 2.5 hours! [2] Then try.\n\n" +
			"Call us [1]", Cites: []desk.Citation{{Number: 1, Title: "Ring"}, {Number: 2, Title: "Wait"}}}
	})
	_, got, _ = strings.Cut(got, "A draft, not sent")
	for _, want := range []string{"    Lay the seal in again. Wait 2.5 hours! Then try.\n\n    Call us\n",
		"- Answer 1, Ring: “Lay the seal in again.”, “Call us”\n",
		"- Answer 2, Wait: “Lay the seal in again.”, “Wait 2.5 hours!”\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if strings.Contains(got, "[1]") || strings.Contains(got, "[2]") {
		t.Errorf("a mark is left:\n%s", got)
	}
}
