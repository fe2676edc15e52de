package letters_test

import (
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
		"short, whatever the passage":  {desk.Suggestion{Passage: line, Reply: line + "\n\nWarning: unplug it."}, "flat.\n\n       Warning: unplug it.\n\n   #send 1 sends it\n"},
		"a part":                       {desk.Suggestion{Passage: line, Reply: strings.TrimSpace(long)}, "flat.\n\n   #send 1 sends it with 11 more lines; #show 1 mails you all of it\n"},
		"a part that is cut":           {desk.Suggestion{Passage: long, Reply: long}, "#send 1 sends it with 5 more lines; #show 1"},
		"one line more":                {desk.Suggestion{Passage: strings.Repeat(line+"\n", 7), Reply: strings.Repeat(line+"\n", 8)}, "#send 1 sends it with 1 more line; #show 1"},
		"internal":                     {desk.Suggestion{Passage: line, Reply: strings.TrimSpace(long), Internal: true}, "is never sent; #show 1 mails you all of it."},
		"in another language":          {desk.Suggestion{Title: "Ring", Passage: line, Reply: line, Language: "fr-CA"}, "Ring (possible, but in French)"},
		"in a language that is told":   {desk.Suggestion{Title: "Ring", Passage: line, Reply: "Legen Sie die Dichtung wieder ein, mit der Schrift nach oben, und drehen Sie die Schrauben fest."}, "Ring (possible, but in German)"},
		"in the same language":         {desk.Suggestion{Title: "Ring", Passage: line, Reply: line, Language: "en-GB"}, "Ring (possible)\n"},
		"in one that nobody can judge": {desk.Suggestion{Title: "Ring", Passage: line, Reply: line, Language: "da"}, "Ring (possible)\n"},
	} {
		if got := told(t, func(c *letters.Context) { c.Suggestions = []desk.Suggestion{tc.s} }); !strings.Contains(got, tc.want) {
			_, got, _ = strings.Cut(got, "Ready answers")
			t.Errorf("%s: %q is not in\n%s", name, tc.want, got)
		}
	}
}

// The commands name the numbers that there are, and no number of what is not sent.
func TestHowToAnswerNamesWhatCanBeSent(t *testing.T) {
	some, inside := desk.Suggestion{Title: "A"}, desk.Suggestion{Title: "B", Internal: true}
	for want, offered := range map[string][]desk.Suggestion{
		"\n#send 1  sends ready answer 1, after your own text if there is any\n":                                      {some},
		"\n#send 2  sends ready answer 2, after your own text if there is any\n":                                      {inside, some},
		"\n#send 1  sends ready answer 1, after your own text if there is any; #send 3 sends the other\n":             {some, inside, some},
		"\n#send 1  sends ready answer 1, after your own text if there is any; #send 2 and #send 3 send the others\n": {some, some, some},
	} {
		if got := told(t, func(c *letters.Context) { c.Suggestions = offered }); !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
}

// A draft can be copied as it is: no mark of what it rests on stands in it.
func TestADraftHasNoMarksInIt(t *testing.T) {
	got := told(t, func(c *letters.Context) {
		c.Draft = &desk.Draft{Text: "[1] Lay the seal in again [1][2]. Wait 2.5 hours! [2] Then try.\n\nCall us [1]", Cites: []desk.Citation{{Number: 1, Title: "Ring"}, {Number: 2, Title: "Wait"}}}
	})
	_, got, _ = strings.Cut(got, "A draft, not sent")
	for _, want := range []string{"> Lay the seal in again. Wait 2.5 hours! Then try.\n>\n> Call us\n", "- Ready answer 1, Ring: “Lay the seal in again.”, “Call us”\n", "- Ready answer 2, Wait: “Lay the seal in again.”, “Wait 2.5 hours!”\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if strings.Contains(got, "[1]") || strings.Contains(got, "[2]") {
		t.Errorf("a mark is left:\n%s", got)
	}
}
