package letters_test

import (
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
)

// The letters of the first day, and of what an agent looks for.
func TestGoldenFirstDay(t *testing.T) {
	w := writer(t)
	mb, anna, ben := w.Settings.Mailboxes[0], w.Settings.Agents[0], w.Settings.Agents[1]
	mb.Grace = 2 * time.Minute
	ready, q, err := w.Welcome(desk.DerivedID("welcome"), ben, mb, "Mon to Fri, 9:00-17:00")
	golden(t, "welcome", ready, err)
	words := 0
	for line := range strings.Lines(ready.Letter.Text) {
		words += len(strings.Fields(line))
	}
	if words > 220 { // the budget of such a mail is 200, without its names and figures
		t.Errorf("the welcome has %d words", words)
	}
	q.Kind = desk.ConfirmPractice
	ready, err = w.Practice(desk.DerivedID("practice"), ben, mb, *q, letters.Practice{Try: letters.TryDigit, Turn: 1,
		Happened: "Your words went to her. With a customer they leave after the grace time, and #undo stops them " +
			"till then.",
		Sent: "Hello Mia,\n\nplease turn the bulb until it is tight.\n\nBen", Says: letters.PracticeSays(1)})
	golden(t, "practice", ready, err)
	ready, err = w.Asks(desk.DerivedID("asks"), anna, ben, mb, "Where do I find the price list?")
	golden(t, "asks", ready, err)
	conv := conversation(t, 1)
	other := conversation(t, 9)
	other.Subject, other.Customer.Name, other.State = "Invoice for the pump", "Otto Brand", desk.StateAnswered
	ready, err = w.Hits(desk.DerivedID("hits"), mb, conv, q, letters.Hits{Agent: anna,
		Title: "2 conversations for “pump”",
		Why:   "Looked at: who wrote, the subject, and more. Nothing was sent or changed.",
		Hits: []commands.Hit{{Conversation: conv, Sequence: 1,
			Says: firstText, All: true},
			{Conversation: other, Sequence: 1, Says: "Can I have the invoice again?", All: true}}})
	golden(t, "hits", ready, err)
	ready, err = w.Notice(desk.DerivedID("articles"), mb, conv, 1, letters.Notice{Agent: anna, Calm: true,
		Title: "Articles for “pump leaks”", Why: "From the knowledge base, by your words. Nothing was sent or " +
			"changed.", Offers: []string{"pump-leaks",
			"inside"},
		Articles: []desk.Suggestion{{Article: "pump-leaks", Title: "The pump leaks", Because: "pump, leaks",
			Passage: "Turn the ring until it clicks.", Reply: "Turn the ring until it clicks."},
			{Article: "inside", Title: "What we pay", Passage: "At most 200 euros.", Internal: true}},
		Next: "Reply with #send and a number to send that article."})
	golden(t, "articles", ready, err)
	ready, err = w.PlainWords(desk.DerivedID("plain"), mb, conv, 1, letters.PlainWords{Agent: anna,
		Leaves: friday.Add(time.Minute),
		Hard:   true, Sentence: "In the event that replacement of the aforementioned luminaire cannot be effectuated."})
	golden(t, "plain", ready, err)
	ready, err = w.Whom(desk.DerivedID("whom"), mb, conv, 1, letters.Whom{Agent: anna,
		Leaves: friday.Add(5 * time.Minute), Text: "photo is fake, same picture is on ebay"})
	golden(t, "whom", ready, err)
	ready, err = w.Notice(desk.DerivedID("kept"), mb, conv, 2, letters.KeptInside(anna, conv,
		"photo is fake, same picture is on ebay"))
	golden(t, "keptinside", ready, err)
}
