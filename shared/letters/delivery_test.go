package letters_test

import (
	"strings"
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
		Text: "A mail to Ben Okafor about “Pump leaks at the ring” (K7M-4Q9) came back. There is no mailbox " +
			"ben@team.example. We try again once a day while the customer waits. Until it works, Ben Okafor does not " +
			"see what customers write.",
		Next: "Tell Ben Okafor another way, and see whether the address in the settings is right. You get this once " +
			"a day.",
		Said: "550 5.1.1 <ben@team.example>: Recipient address rejected, see https://mx.team.example/why"})
	golden(t, "alert", ready, err)
	ready, err = w.Withheld(desk.DerivedID("withheld"), anna, mb, conv, 1,
		letters.Withheld{Summary: desk.Summary{From: "Erika Muster <erika@customer.example>",
			Subject: "Pump leaks at the ring", FirstLines: "Hello"},
			Came: friday, Size: 31 << 20, Said: delivery.Explain(
				delivery.Response{Stage: delivery.StageText, Code: 552, Status: "5.3.4",
					Text: "Message size exceeds fixed limit"}, "anna@team.example")})
	golden(t, "withheld", ready, err)
	ready, err = w.GivenBack(desk.DerivedID("kept-back"), mb, conv, 1,
		letters.GivenBack{Agent: anna, Mails: []letters.GivenBackMail{
			{At: friday, Why: "Your mail contains “#clsoe”: this is not a command.",
				Text: "#clsoe\n\nDear Erika,\n\nplease lay the seal in again."},
			{At: friday.Add(4 * time.Minute), Why: "It waits for you: something came after the mail that you answered.",
				Text: "Dear Erika,\n\nhere is the drawing.", Files: []string{"drawing.pdf, 84 kB"}}}})
	golden(t, "kept-back", ready, err)
	ready, err = w.OwnHeld(desk.DerivedID("own-held"), mb,
		letters.OwnHeld{Agent: anna, More: 2, Mails: []letters.GivenBackMail{
			{At: friday, Why: "Held, because the reply address that it was sent to is too old.",
				Text: "Dear Erika,\n\nplease lay the seal in again."}}})
	golden(t, "own-held", ready, err)
	held := letters.Held{Proven: true, From: "anna@team.example", Subject: "Re: Pump", At: friday, Seen: 1,
		Text: "Dear Erika,\n\nplease lay the seal in again.\n\nDear João,\n\nyour invoice is attached.",
		Why: "it was sent to the reply addresses of several conversations at once; answer each conversation by a " +
			"mail of its own"}
	ready, err = w.Held(desk.DerivedID("held-proven"), anna, mb, conv, held)
	golden(t, "held-proven", ready, err)
	if strings.Contains(ready.Letter.Text, "in your name") || strings.Contains(ready.Letter.Text, "not you") {
		t.Errorf("a proven agent is told that it may have been somebody else:\n%s", ready.Letter.Text)
	}
}

// The list of held mail has a budget of words of our own, as other mails have.
func TestTheQuarantineListIsShort(t *testing.T) {
	w := writer(t)
	list := desk.SortHeld(heldMail(), friday.Add(-40*time.Hour), false, nil)
	c := desk.Confirmation{ID: desk.ConfirmationID(desk.ConfirmQuarantine, "day", "anna"), Kind: desk.ConfirmQuarantine,
		Agent: "anna", Expires: friday.AddDate(0, 0, 14)}
	letters.QuestionOf(&c, list, letters.MaxQuarantineList)
	ready, err := w.Quarantine("0123", w.Settings.Agents[0], w.Settings.Mailboxes[0], c, list, false)
	if err != nil {
		t.Fatal(err)
	}
	if words := own(ready.Letter.Text); len(words) > 170 {
		t.Errorf("%d words of our own, and it may have 170", len(words))
	} else {
		t.Logf("%d words of our own, of 170", len(words))
	}
}

// Nothing that a server says becomes a link, and its numbers stay as they are.
func TestServersWordsAreNoLinksAndKeepTheirNumbers(t *testing.T) {
	for said, want := range map[string]string{
		"550 5.7.1 rejected (spam score 9.1)":        "550 5.7.1 rejected (spam score 9.1)",
		"host mx.dom.example [192.0.2.1]: no":        "host mx[.]dom[.]example [192.0.2.1]: no",
		"see https://block.example/?ip=192.0.2.1":    "see https[:]//block[.]example/?ip=192[.]0[.]2[.]1",
		"mail erika@customers.example is not wanted": "mail erika[at]customers[.]example is not wanted",
	} {
		if got := letters.ServerSaid(said); !strings.HasSuffix(got, "“"+want+"”") {
			t.Errorf("%q: %s", said, got)
		}
	}
}
