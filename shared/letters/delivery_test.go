package letters_test

import (
	"testing"
	"time"

	"github.com/replywell/replywell/shared/delivery"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
)

// What is told of mail that fails.
func TestLettersAboutDeliveryLookAsTheyShould(t *testing.T) {
	w := writer(t)
	anna, mb, conv := w.Settings.Agents[0], w.Settings.Mailboxes[0], conversation(t, 1)
	ready, err := w.Alert(desk.DerivedID("alert"), anna, mb, letters.Alert{Title: "Mail to Ben Okafor does not arrive",
		Text: "A mail to Ben Okafor about “Pump leaks at the ring” (K7M-4Q9) came back. There is no mailbox ben@team.example. It is tried again once a day while the customer waits; until it works, Ben Okafor does not see what customers write.",
		Next: "Tell Ben Okafor another way, and see whether the address in the settings is right. This is said once a day.", Said: "550 5.1.1 <ben@team.example>: Recipient address rejected, see https://mx.team.example/why"})
	golden(t, "alert", ready, err)
	ready, err = w.Withheld(desk.DerivedID("withheld"), anna, mb, conv, 1, letters.Withheld{Summary: desk.Summary{From: "Erika Muster <erika@customer.example>", Subject: "Pump leaks at the ring", FirstLines: "Hello"},
		Came: friday, Size: 31 << 20, Said: delivery.Explain(delivery.Answer{Stage: delivery.StageText, Code: 552, Status: "5.3.4", Text: "Message size exceeds fixed limit"}, "anna@team.example")})
	golden(t, "withheld", ready, err)
	ready, err = w.KeptBack(desk.DerivedID("kept-back"), mb, conv, 1, letters.KeptBack{Agent: anna, Mails: []letters.KeptMail{
		{At: friday, Why: "Your mail contains “#clsoe”: this is not a command.", Text: "#clsoe\n\nDear Erika,\n\nplease lay the seal in again."},
		{At: friday.Add(4 * time.Minute), Why: "It waits for your word, for something came after the mail that you answered.", Text: "Dear Erika,\n\nhere is the drawing.", Files: []string{"drawing.pdf, 84 kB"}}}})
	golden(t, "kept-back", ready, err)
}
