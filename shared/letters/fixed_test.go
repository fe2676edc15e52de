package letters_test

import (
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
)

// What is shown before many are told that a cause is mended, and what became of it.
func TestLettersThatTellOfMany(t *testing.T) {
	w := writer(t)
	anna, mb, conv := w.Settings.Agents[0], w.Settings.Mailboxes[0], conversation(t, 1)
	q := desk.Confirmation{ID: desk.ConfirmationID(desk.ConfirmFixed, "mail/9", "anna"), Kind: desk.ConfirmFixed,
		Agent: "anna", Mailbox: "support", About: "hamm", Asked: friday, Expires: friday.Add(desk.ConfirmationGood)}
	who := func(seed byte, name, text, why string, apart bool) letters.Asker {
		c := conversation(t, seed)
		c.Customer = desk.Person{Name: name, Address: "somebody@customer.example"}
		return letters.Asker{Conversation: c, Last: desk.Message{Text: text}, Why: why, Apart: apart}
	}
	p := letters.Preview{Agent: anna, Cause: "hamm", Question: q,
		Text: "The carrier has found the parcels. Yours comes on Friday; there is nothing for you to do.",
		Askers: []letters.Asker{
			who(1, "Erika Muster", "The tracking page has said Hamm for four days.", "", false),
			who(2, "Joe Fisher", "It is a birthday present, for tomorrow. Where is it?", "", false),
			who(3, "Otto Lang", "Mein Paket liegt seit Tagen in Hamm.", "", true)},
		Left: []letters.Asker{who(4, "Clara Hoff", "", "wrote thanks; for them it is settled", false)}}
	ready, err := w.Preview("preview", mb, conv, p)
	golden(t, "fixed-preview", ready, err)
	f := letters.Fixed{Agent: anna, Cause: "hamm", Question: q, Grace: 2 * time.Minute,
		Sent: []string{"Erika Muster [7MR-9Q3]"}, Left: []string{"Joe Fisher [41G-3R0]: Joe Fisher wrote again"}}
	ready, err = w.Fixed("fixed", mb, conv, f)
	golden(t, "fixed-told", ready, err)
	f.TakenBack, f.Left = true, nil
	ready, err = w.Fixed("fixed", mb, conv, f)
	golden(t, "fixed-undone", ready, err)
}
