package letters_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/email/replyaddr"
	goldenfile "github.com/replywell/replywell/shared/golden"
	"github.com/replywell/replywell/shared/letters"
)

// The golden files are the letters as they leave. After a change of their look:
// go test -update, open testdata/*.html in a browser, narrow and wide, light and
// dark, and read testdata/*.txt aloud.
var friday = time.Date(2026, 11, 6, 9, 30, 0, 0, time.UTC)

func writer(t testing.TB) letters.Writer {
	t.Helper()
	keys, err := replyaddr.NewKeyring(0, map[uint8][]byte{0: bytes.Repeat([]byte("k"), 32)})
	if err != nil {
		t.Fatal(err)
	}
	return letters.Writer{Keys: keys, Now: friday, Settings: &desk.Settings{
		Mailboxes: []desk.Mailbox{{ID: "support", Name: "Brightwater Support", Address: "support@brightwater.example",
			ReplyBase: "support@brightwater.example", Language: "en", Agents: []string{"anna", "ben"}}},
		Agents: []desk.Agent{
			{ID: "anna", Name: "Anna Berg", PublicName: "Anna", Addresses: []string{"anna@team.example"}},
			{ID: "ben", Name: "Ben Okafor", Addresses: []string{"ben@team.example"}},
		},
		Report:        desk.ReportPolicy{TimeZone: "Europe/Berlin"},
		Notifications: desk.NotificationPolicy{Most: 10, Window: 10 * time.Minute}}}
}

func conversation(t testing.TB, n byte) desk.Conversation {
	t.Helper()
	id, err := desk.NewConversationID(bytes.NewReader([]byte{n, 2, 3, 4, 5, 6, 7}))
	if err != nil {
		t.Fatal(err)
	}
	return desk.Conversation{ID: id, Mailbox: "support",
		Customer: desk.Person{Name: "Erika Muster", Address: "erika@customer.example"},
		Subject:  "Pump leaks at the ring", State: desk.StateOpen, Opened: friday.Add(-4 * time.Minute),
		Activity: friday.Add(-4 * time.Minute), Messages: 1, CustomerMessages: 1,
		Thread: desk.Thread{Last: "m1@customer.example", References: []string{"m1@customer.example"}}}
}

const firstText = `Hello,

I bought the AquaPro 300 pump from you three weeks ago. Since yesterday it leaks at the ring between the housing and the lid, about a glass of water an hour.

I have tightened the screws already:

- the four on the lid
- the two at the foot

What can I do? The cellar must not get wet, we store books there.

Kind regards
Erika`

// A question of 31 words and two ready answers: the mail by which the budget of
// words is held.
const (
	shortText = "Hello,\n\nI ordered two lamps on 24 November (order 20881) and they have not arrived. The tracking " +
		"page has not moved for four days. When will they come?\n\nKind regards\nErika Muster"
	parcelText = "A parcel takes two to four working days after it was shipped. If the tracking page has not moved " +
		"for three working days, we ask the carrier the same day, and send new lamps if the parcel does not turn up " +
		"within five days."
	lostText = "Your parcel is lost, and we are sorry. New lamps leave today, at no cost. If the first parcel " +
		"still comes, please keep it closed and tell us."
)

// situation is a notification's occasion.
type situation struct {
	conv desk.Conversation
	msg  desk.Message
	more letters.Context
}

// situations are what agents are told of, by the golden file's name.
func situations(t testing.TB) map[string]situation {
	first := situation{conv: conversation(t, 1)}
	first.msg = desk.Message{Conversation: first.conv.ID, Sequence: 1, Kind: desk.KindCustomer,
		From: first.conv.Customer, At: friday.Add(-4 * time.Minute),
		Subject: first.conv.Subject, Text: firstText, Inbound: "mail/1", Verified: true,
		Evidence: desk.Evidence{Rule: desk.EvidenceNew}}
	first.more = letters.Context{New: true,
		Suggestions: []desk.Suggestion{
			{Article: "ring", Title: "The pump leaks at the ring", Passage: ringPassage, Reply: ringReply,
				Score: 0.91, Because: "leaks, ring, housing", Alike: 14, AlikeOf: 20},
			{Article: "return", Title: "Sending a pump back",
				Passage: "Sie können die Pumpe zwei Jahre lang auf unsere Kosten zurückschicken. Schreiben Sie die " +
					"Nummer der Bestellung auf das Paket.",
				Reply: "Sie können die Pumpe zwei Jahre lang auf unsere Kosten zurückschicken. Schreiben Sie die " +
					"Nummer der Bestellung auf das Paket.", Language: "de", Department: "returns", Score: 0.2,
				Because: "pump, bought"},
		},
		Attachments: []message.Attachment{{Filename: "leak.jpg", ContentType: "image/jpeg", Size: 5,
			Content: []byte("photo")},
			{Filename: "video of the leak.mp4", ContentType: "video/mp4", Size: 31_400_000}}}

	unconfirmed := first
	unconfirmed.msg.Verified, unconfirmed.msg.Text = false, "Where is my parcel? You promised it for Tuesday."
	unconfirmed.conv.Subject = "Parcel"
	older, oldest := conversation(t, 2), conversation(t, 3)
	older.Subject, older.State, older.Activity = "Wrong size of hose", desk.StateSolved, friday.AddDate(0, -1, -3)
	oldest.Subject, oldest.State, oldest.Activity = "Invoice for order 20881", desk.StateAnswered,
		friday.AddDate(0, -7, 0)
	unconfirmed.more = letters.Context{New: true, Signature: "Erika Muster\nPhone 030 123456",
		Quoted: "Your parcel 4711 comes on Tuesday.\n\nBrightwater Shipping",
		Others: []desk.Conversation{older, oldest}, AskedReply: "erika.private@elsewhere.example"}

	reply := first
	reply.conv.Messages, reply.conv.CustomerMessages, reply.conv.Answers, reply.conv.State = 5, 3, 1, desk.StateOpen
	reply.msg = desk.Message{Conversation: reply.conv.ID, Sequence: 5, Kind: desk.KindCustomer,
		From: reply.conv.Customer, At: friday.Add(-time.Minute), Verified: true,
		Text: "I turned the seal around. It is better, but still a drop every few seconds.\n\nShall I send it " +
			"back?",
		Evidence: desk.Evidence{Rule: desk.EvidenceToken}}
	reply.msg.Subject = "Another thing: the invoice"
	reply.conv.Participants = []desk.Person{{Name: "Max Muster", Address: "max@customer.example"}}
	reply.conv.Proposed = []desk.Person{{Address: "office@customer.example"},
		{Name: "Eva Baker", Address: "eva@elsewhere.example"}}
	reply.msg.Proposed = letters.Proposed(reply.conv)
	reply.more = letters.Context{Also: []string{"Brightwater Sales"},
		Copies: []message.Address{{Name: "Max Muster", Address: "max@customer.example"},
			{Address: "office@customer.example"}}, Previous: "before@brightwater.example", History: []desk.Message{
			{Sequence: 1, Kind: desk.KindCustomer, From: reply.conv.Customer, At: friday.AddDate(0, 0, -2),
				Text: firstText},
			{Sequence: 2, Kind: desk.KindAnswer, Agent: "ben", At: friday.AddDate(0, 0, -2).Add(40 * time.Minute),
				Text: "Dear Erika,\n\nplease open the lid and lay the flat seal in again, with the print upwards.\n\n" +
					"Ben"},
			{Sequence: 3, Kind: desk.KindNote, Agent: "ben", At: friday.AddDate(0, 0, -2).Add(45 * time.Minute),
				Text: "Third one from the October batch. Told the workshop."},
			{Sequence: 4, Kind: desk.KindAutomatic, From: reply.conv.Customer, At: friday.AddDate(0, 0, -1),
				Text: "I am out of the office until Friday."},
		}}

	reopened := reply
	reopened.more.Reopened = true
	reopened.msg.Text = "It leaks again."
	reopened.more.History = reply.more.History[:2]
	reopened.msg.Evidence = desk.Evidence{Rule: desk.EvidenceMessageID}

	stranger := first
	linked := first.conv
	stranger.conv = conversation(t, 9)
	stranger.conv.Customer, stranger.conv.Subject = desk.Person{Name: "M. Allory",
		Address: "mallory@elsewhere.example"}, "Re: Pump leaks at the ring"
	stranger.msg.From, stranger.msg.Text, stranger.msg.Verified = stranger.conv.Customer,
		"I am her husband. What did you tell her?", true
	stranger.msg.Evidence = desk.Evidence{Rule: desk.EvidenceNew, Linked: linked.ID}
	stranger.more = letters.Context{New: true, Linked: &linked}

	nobody := first
	nobody.conv.Customer, nobody.conv.Subject = desk.Person{Name: "Web form"}, ""
	nobody.msg.From, nobody.msg.Text, nobody.msg.Verified = nobody.conv.Customer, "Please call me: 030 123456. Schulz",
		false
	nobody.more = letters.Context{New: true}

	away := reply
	away.msg.Kind, away.msg.Automatic, away.msg.Text = desk.KindAutomatic, "out-of-office header:auto-submitted",
		"I am out of the office until Monday and read no mail."
	away.conv.State = desk.StateAnswered
	away.more.History = reply.more.History[:2]

	bounce := reply
	bounce.msg = desk.Message{Sequence: 3, Kind: desk.KindBounce, At: friday,
		Text: "There is no mailbox erika@customer.example.\nThe address may have a typing error, or was given up. " +
			"Reach them another way if you can; the conversation stays open.\n\nFor whoever runs the mail, the " +
			"server’s words: “550 5.1.1 no such user”"}
	bounce.more.History = reply.more.History[:2]

	complaint := bounce
	complaint.msg.Kind, complaint.msg.Text = desk.KindComplaint,
		"The mail provider of erika@customer.example passed the report on."

	colleague := reply
	colleague.msg = desk.Message{Sequence: 2, Kind: desk.KindAnswer, Agent: "ben", At: friday,
		Text: "Dear Erika,\n\nplease open the lid and lay the flat seal in again, with the print upwards.\n\nBen"}
	colleague.more.History = reply.more.History[:1]

	note := colleague
	note.msg.Kind, note.msg.Text = desk.KindNote, "Third one from the October batch. Told the workshop."

	byHand := first
	byHand.conv.Subject, byHand.msg.Subject = "Blue housing", "Blue housing"
	byHand.msg.Text = "Do you have the AquaPro in blue as well? And does the guarantee hold if I paint it myself?"
	byHand.more = letters.Context{New: true, Acknowledged: "sent",
		Suggestions: []desk.Suggestion{{Article: "warranty-limits", Title: "Where the guarantee ends",
			Passage: "Paint and drilled holes end it. Ask Kim before you promise anything.", Score: 0.31,
			Because: "guarantee", Internal: true, Alike: 1, AlikeOf: 1}},
		Past: []desk.PastAnswer{{Text: "the blue housing is sold out until [date]. I have put you on the list, and " +
			"you will hear from us as soon as it is back. The price stays at [amount].", Day: 20_500, Times: 3,
			Alike: 0.6},
			{Text: "[name] in our workshop says that paint on the lid does no harm as long as the seal stays free of " +
				"it.", Day: 20_410, Times: 1, Alike: 0.4}}}

	drafted := first
	drafted.more.DraftAnswer = &desk.DraftAnswer{Text: "A pump that leaks at the ring within the first year gets a " +
		"new seal, free of charge [1]. We send it today if you tell us your order number. [1]\n\nIf you would rather " +
		"send the pump back, we pay for that [2]. Is it more than version 2.5 of the lid [1][2]?",
		Cites: []desk.Citation{{Number: 1, Article: "ring", Title: "The pump leaks at the ring"},
			{Number: 2, Article: "return", Title: "Sending a pump back"}}}

	unconfirmed.msg.Beside = letters.Beside(unconfirmed.more.Others)
	split := reply
	split.more.Copies, split.conv.Arranged = nil, 6
	split.more.Happened = &page.Callout{Title: "Ben split this off from [K7M-4Q9]",
		Text: "From here on it is a conversation of its own: what Erika Muster answers to this comes here. #undo " +
			"takes it back within 30 days."}
	joined := split
	joined.msg.Kind, joined.msg.Agent = desk.KindArranged, "ben"
	joined.more.Happened = &page.Callout{Title: "Ben joined [K7M-4Q9] Invoice into this conversation",
		Text: "What was said in both stands below. Later mail to either comes here. #undo takes it back within 30 " +
			"days."}

	short := first
	short.conv.Subject, short.msg.Subject, short.msg.Text = "Two lamps have not arrived", "Two lamps have not arrived",
		shortText
	short.more = letters.Context{New: true, Suggestions: []desk.Suggestion{
		{Article: "parcel", Title: "Where is my parcel?", Passage: parcelText, Reply: parcelText, Score: 0.93,
			Because: "tracking, parcel", Alike: 14, AlikeOf: 20},
		{Article: "lost", Title: "My parcel is lost", Passage: lostText, Reply: lostText, Score: 0.2,
			Because: "arrived", Alike: 3, AlikeOf: 20}}}

	thanks := reply
	thanks.conv.State, thanks.conv.Due, thanks.conv.Owner = desk.StateAnswered, friday.AddDate(0, 0, 7), "anna"
	thanks.msg.Thanks, thanks.msg.Subject, thanks.msg.Text = true, "",
		"Dear Anna,\n\nthe seal came and it is dry now. You saved my books, thank you!\n\nErika"

	return map[string]situation{"short-question": short, "thank-you": thanks, "split": split, "joined": joined,
		"first-contact": first, "drafted": drafted, "past-answers": byHand, "unconfirmed": unconfirmed, "reply": reply,
		"reopened": reopened, "stranger": stranger,
		"nobody-to-answer": nobody, "out-of-office": away, "bounce": bounce, "complaint": complaint,
		"colleague-answered": colleague, "note": note}
}

const (
	ringPassage = "Almost always the flat seal sits askew. To lay it in again:\n\n1. Pull the plug and open the " +
		"lid.\n2. Take the seal out and wipe the groove dry.\n   - Use a cloth that leaves no threads.\n3. Lay it in " +
		"again with the print upwards."
	ringReply = ringPassage + "\n\nTurn the four screws crosswise, each a little at a time, until the lid lies " +
		"flat. Never use a machine for that: it tears the thread.\n\nFill the pump with water before you switch it " +
		"on. It must not run dry, not even for a minute.\n\n" +
		"If it still leaks, send us a photo of the seal and of the groove, and tell us the number on the plate below " +
		"the handle. We send you a new seal on the same day.\n\nWarning: never open the lid while the plug is in the " +
		"wall."
)

func TestLettersLookAsTheyShould(t *testing.T) {
	w := writer(t)
	anna, mb := w.Settings.Agents[0], w.Settings.Mailboxes[0]
	for name, s := range situations(t) {
		ready, err := w.Notification(desk.DerivedID(name), anna, mb, s.conv, s.msg, s.more)
		golden(t, name, ready, err)
	}
	conv := conversation(t, 1)
	held := letters.Held{From: "mallory@elsewhere.example", Subject: "Re: [x] Pump leaks at the ring", At: friday,
		Seen: 1, Text: "Please send the invoice to my new address.",
		Why: "it did not come from one of your own addresses; a reply address works only for the person it was made " +
			"for"}
	ready, err := w.Held(desk.DerivedID("held"), anna, mb, conv, held)
	golden(t, "held", ready, err)
	held.Why = "the reply address that it was sent to was not made here, or with a key that is out of use; answer " +
		"the newest mail of the conversation"
	ready, err = w.Held(desk.DerivedID("held-unknown"), anna, mb, desk.Conversation{}, held)
	golden(t, "held-unknown", ready, err)
	question := desk.Confirmation{ID: desk.ConfirmationID(desk.ConfirmRelease, "mail/7", "anna"),
		Kind: desk.ConfirmRelease, Agent: "anna", Mailbox: "support",
		Conversation: conv.ID, Held: []string{"mail/7"}, Asked: friday, Expires: friday.Add(desk.ConfirmationGood)}
	held = letters.Held{From: "anna@team.example", Subject: "Re: [x] Pump leaks at the ring", At: friday,
		Until: friday.AddDate(0, 0, 30), Question: &question,
		Why:   "the receiving service could not confirm that it truly comes from your address (DMARC)",
		Text:  "#close\n\nDear Erika,\n\nplease lay the seal in again; the drawing is attached.",
		Files: []string{"drawing.pdf, 84 kB"}}
	ready, err = w.Held(desk.DerivedID("held-question"), anna, mb, conv, held)
	golden(t, "held-question", ready, err)
	waits := desk.Confirmation{ID: desk.ConfirmationID(desk.ConfirmWaiting, "mail/8", "anna"),
		Kind: desk.ConfirmWaiting, About: desk.WaitsOutdated, Agent: "anna", Mailbox: "support",
		Conversation: conv.ID, Held: []string{"mail/8"}, Answers: 1, Seen: 3, Asked: friday,
		Expires: friday.Add(desk.ConfirmationGood)}
	kept := letters.Kept{Text: "Dear Erika,\n\nI am sorry. A new seal leaves today.\n\nBest regards\nAnna",
		Files: []string{"drawing.pdf, 84 kB"}, News: []desk.Message{
			{Sequence: 2, Kind: desk.KindCustomer, From: conv.Customer, At: friday.Add(-3 * time.Minute),
				Text: "Please forget it, a neighbour has a seal. But could you send me the invoice again?"},
			{Sequence: 3, Kind: desk.KindAnswer, Agent: "ben", At: friday.Add(-time.Minute),
				Text: "Dear Erika, good to hear! Here is the invoice once more.\n\nBen"}}}
	ready, err = w.Kept(desk.DerivedID("kept"), anna, mb, conv, waits, kept)
	golden(t, "kept", ready, err)
	stopped := letters.Stopped{Answer: desk.Message{Text: kept.Text,
		Attachments: []desk.AttachmentInfo{{Filename: "drawing.pdf", Size: 84 << 10}}}, Beside: "wrong drawing, sorry",
		Leaving: desk.Leaving{Outbox: "answer-8", Held: "mail/8", Sequence: 2, Seen: 1, Until: friday.Add(time.Minute)}}
	_, ready, err = w.Stopped(anna, mb, conv, stopped)
	golden(t, "taken-back", ready, err)
	stopped.News, stopped.Beside = kept.News[:1], ""
	_, ready, err = w.Stopped(anna, mb, conv, stopped)
	golden(t, "stopped", ready, err)
	ready, err = w.Again(desk.DerivedID("again"), anna, mb, conv, question, []string{"yes", "no"},
		"No wait, who is that?")
	golden(t, "again", ready, err)
	waits.About, kept.News = desk.WaitsUnaddressed, nil
	ready, err = w.Kept(desk.DerivedID("kept-whom"), anna, mb, conv, waits, kept)
	golden(t, "kept-whom", ready, err)
	kept.Given = true
	ready, err = w.Kept(desk.DerivedID("kept-given"), anna, mb, conv, waits, kept)
	golden(t, "kept-given", ready, err)
	kept.Given, kept.Jotted, kept.Text, kept.Files = false, true, "#take\nhe is angry, I call him back", nil
	ready, err = w.Kept(desk.DerivedID("kept-jotted"), anna, mb, conv, waits, kept)
	golden(t, "kept-jotted", ready, err)
	held.From, held.Name, held.Text, held.Files = "ben@team.example", "Ben Okafor",
		"We have two left, I told her last week.", nil
	question.Kind, held.Why = desk.ConfirmOwn, "you wrote to the reply address of Anna Berg, who had our mail"
	ready, err = w.Held(desk.DerivedID("held-own"), anna, mb, conv, held)
	golden(t, "held-own", ready, err)
	held.From, held.Name = "pia@sales.example", "Pia Sale"
	question.Kind, held.Why = desk.ConfirmNote, "somebody else wrote it, to your reply address"
	ready, err = w.Held(desk.DerivedID("held-note"), anna, mb, conv, held)
	golden(t, "held-note", ready, err)
	held.Department = "Warehouse"
	held.Why = "it came to the address at which Warehouse replies, and nothing proves who wrote it"
	ready, err = w.Held(desk.DerivedID("held-department"), anna, mb, conv, held)
	golden(t, "held-department", ready, err)
	held.Department = ""
	meant := letters.Meant{Agent: anna, Line: "#ntoe he asks for the third time, please be kind", Meant: "#note",
		At: friday.Add(-time.Minute), Yes: "“he asks for the third time, please be kind” becomes a note for the " +
			"team. Erika Muster gets nothing.",
		Text: "Hi Erika,\n\n#ntoe he asks for the third time, please be kind",
		Question: desk.Confirmation{ID: desk.ConfirmationID(desk.ConfirmMeant, "mail/9", "anna"),
			Kind: desk.ConfirmMeant, Agent: "anna", Mailbox: "support", Conversation: conv.ID,
			About: "#note", Seen: 1, Asked: friday, Expires: friday.Add(desk.ConfirmationGood), CausedBy: "mail/9"}}
	ready, err = w.Meant(desk.DerivedID("meant"), mb, conv, meant)
	golden(t, "meant", ready, err)
	meant.Line, meant.Meant, meant.Yes, meant.Text, meant.Files = "#frobnicate", "", "",
		"#frobnicate\n\nDear Erika,\n\nplease lay the seal in again.", []string{"drawing.pdf, 84 kB"}
	ready, err = w.Meant(desk.DerivedID("meant-unknown"), mb, conv, meant)
	golden(t, "meant-unknown", ready, err)
	question.Kind, question.ID = desk.ConfirmQuarantine,
		desk.ConfirmationID(desk.ConfirmQuarantine, "2026-11-06", "anna")
	list := desk.SortHeld(heldMail(), friday.Add(-40*time.Hour), false,
		func(a string) int { return map[string]int{"erika@customer.example": 2}[a] })
	letters.QuestionOf(&question, list, letters.MaxQuarantineList)
	ready, err = w.Quarantine(desk.DerivedID("quarantine"), anna, mb, question, list, false)
	golden(t, "quarantine", ready, err)
	ready, err = w.ChoiceResult(desk.DerivedID("told"), anna, mb,
		letters.ChoiceResult{Title: "1 of 2 held mails were settled", Tone: page.Warning,
			Text: "This is what happened to each, by its number in the list that you answered.",
			About: []page.Block{page.Bullets{Items: []string{"1: released, into conversation K7M-4Q9",
				"4: left as it is; it contains a virus, and is never passed on"}}}})
	golden(t, "told", ready, err)
	ready, err = w.Notice(desk.DerivedID("notice"), mb, conv, 1,
		letters.Notice{Agent: anna, Title: "Nothing was sent", Commands: true, Sendable: 2,
			Why:   "Your mail contains “#clsoe”: this is not a command; there are #close, #learn, #note and #send N.",
			Next:  "Answer this mail with your text and the right command at the top, or with your text alone.",
			Yours: "#clsoe\n\nDear Erika,\n\nplease lay the seal in again."})
	golden(t, "notice", ready, err)
	ready, err = w.Notice(desk.DerivedID("help"), mb, conv, 2, letters.Notice{Agent: anna, Calm: true, All: true,
		Title: "What you can write at the top of a mail",
		Why:   "Best on a line of its own. It works below your answer too. Nothing was sent or changed."})
	golden(t, "help", ready, err)
	ready, err = w.Notice(desk.DerivedID("history"), mb, conv, 3,
		letters.Notice{Agent: anna, Calm: true, Title: "All that was said", Yours: "and what did we promise?",
			Why: "4 entries, the oldest first. Nothing was sent or changed.", Said: []desk.Message{
				{Sequence: 1, Kind: desk.KindCustomer, From: conv.Customer, At: friday.Add(-50 * time.Hour),
					Text:        "Hello,\n\nthe pump leaks at the ring. What can I do?",
					Attachments: []desk.AttachmentInfo{{Filename: "pump.jpg", Size: 240_000}}},
				{Sequence: 2, Kind: desk.KindNote, Agent: "ben", At: friday.Add(-49 * time.Hour),
					Text: "Third leak of this batch."},
				{Sequence: 3, Kind: desk.KindAnswer, Agent: "ben", At: friday.Add(-48 * time.Hour),
					Text: "Dear Erika,\n\nplease lay the seal in again, and press it down all round.\n\nBen"},
				{Sequence: 4, Kind: desk.KindCustomer, From: conv.Customer, At: friday.Add(-time.Hour),
					Text: "It still leaks."}}})
	golden(t, "history", ready, err)
	given := conv
	given.Owner, given.Priority, given.Topic, given.Tags = "anna", desk.PriorityHigh, "leaks",
		[]string{"pump", "batch-7"}
	ready, err = w.Notification(desk.DerivedID("given"), anna, mb, given,
		desk.Message{Conversation: conv.ID, Sequence: 1, Kind: desk.KindCustomer, From: conv.Customer, Verified: true,
			At: friday.Add(-2 * time.Hour), Text: "Hello,\n\nthe pump leaks at the ring. What can I do?",
			Subject: conv.Subject},
		letters.Context{Happened: &page.Callout{Title: "Ben Okafor gave this to you",
			Text: "It is yours from now on, and the others see that."}})
	golden(t, "given", ready, err)
	shown := letters.ReadyAnswer{Number: 1, Title: "The pump leaks at the ring", Text: ringReply,
		Notes: "Above 200 euros of damage ask Kim first.", Department: "workshop"}.Notice("")
	shown.Agent = anna
	ready, err = w.Notice(desk.DerivedID("shown"), mb, conv, 1, shown)
	golden(t, "shown", ready, err)
	shown = letters.ReadyAnswer{Number: 2, Title: "Where the guarantee ends", Text: "Paint and drilled holes end it.",
		Unsendable: "The article “Where the guarantee ends” is for the team only; it is never sent to " +
			"customers."}.Notice("Dear Erika,")
	shown.Agent = anna
	ready, err = w.Notice(desk.DerivedID("shown-internal"), mb, conv, 1, shown)
	golden(t, "shown-internal", ready, err)
	ready, err = w.Notice(desk.DerivedID("notice-found"), mb, conv, 1,
		letters.Notice{Agent: anna, Title: "Your answer was not sent",
			Why: "It contains what must not reach a customer:",
			Places: []string{"“ben@team.example” in the text: an agent's own address",
				"“my daughter has been in hospital since Tuesday, so please send it to her flat” in the file " +
					"notes.txt: 15 words that João Silva wrote in [K7M-4Q9]"},
			Next: "Take it out and answer this mail again; your whole text stands below. If the customer may read it," +
				" " +
				"answer this mail with #send-anyway alone, and your answer is sent as it was.",
			Yours: "Dear Erika,\n\nwrite to ben@team.example, please. His notes are attached."})
	golden(t, "notice-found", ready, err)
	help := &desk.Suggestion{Article: "ring", Title: "The pump leaks at the ring",
		Reply: "Almost always the flat seal sits askew.\n\n1. Pull the plug and open the lid.\n2. Take the seal out " +
			"and wipe the groove dry.\n3. Lay it in again with the print upwards."}
	ready, err = w.Acknowledgement(desk.DerivedID("acknowledgement"), mb, conv,
		letters.Acknowledged{Answers: "m1@customer.example", Help: help})
	golden(t, "acknowledgement", ready, err)
	ready, err = w.DraftArticle(desk.DerivedID("draft"), mb,
		letters.DraftArticle{Agent: anna, By: "Ben Okafor", Reviews: true, Title: "Pump leaks at the ring",
			File: "---\ntitle: \"Pump leaks at the ring\"\naudience: internal\n---\nPlease open the lid and lay the " +
				"flat " +
				"seal in again, with the print upwards.\n"})
	golden(t, "draft", ready, err)
	ready, err = w.DraftArticle(desk.DerivedID("draft-author"), mb,
		letters.DraftArticle{Agent: anna, By: "Anna Berg", Answer: true, Reviewers: []string{"Ben Okafor", "Dora Lang"},
			Title: "Pump leaks at the ring",
			File: "---\ntitle: \"Pump leaks at the ring\"\naudience: internal\n---\nPlease open the lid and lay the " +
				"flat " +
				"seal in again, with the print upwards.\n"})
	golden(t, "draft-author", ready, err)
	mb.Language = "de"
	ready, err = w.Acknowledgement(desk.DerivedID("acknowledgement-de"), mb, conv,
		letters.Acknowledged{Answers: "m1@customer.example"})
	golden(t, "acknowledgement-de", ready, err)
	mb.Within = 4 * time.Hour
	ready, err = w.Acknowledgement(desk.DerivedID("acknowledgement-person"), mb, conv,
		letters.Acknowledged{Answers: "m1@customer.example", Language: "ja", Help: help, Person: true})
	golden(t, "acknowledgement-person", ready, err)
	mb.Within = 0
	mb.Language = "en"
	ready, err = w.Answer(desk.DerivedID("answer"), mb, conv,
		desk.Message{Sequence: 2, At: friday, Kind: desk.KindAnswer},
		letters.Answer{Agent: anna, Text: "Dear Erika,\n\nplease open the lid and lay the flat seal in again, with " +
			"the print upwards.\n\nAnna",
			To: desk.Message{From: conv.Customer, At: friday.Add(-4 * time.Minute), Text: firstText}})
	golden(t, "answer", ready, err)
	german := desk.Message{Conversation: conv.ID, Sequence: 2, From: conv.Customer, At: friday,
		Subject: "Die Pumpe tropft", Text: "Guten Tag,\n\nseit gestern tropft es am Ring, ein Glas in der Stunde."}
	ready, err = w.Answer(desk.DerivedID("answer"), mb, conv,
		desk.Message{Conversation: conv.ID, Sequence: 3, Kind: desk.KindAnswer, Agent: "anna", At: friday},
		letters.Answer{Agent: anna, Text: "Guten Tag Erika,\n\nlegen Sie bitte die Dichtung mit der flachen Seite " +
			"nach unten ein. Tropft es dann noch, schicke ich Ihnen eine neue.\n\nViele Grüße\nAnna",
			To: german, Rated: true})
	golden(t, "answer-rated", ready, err)
}

// heldMail is what is held on that Friday, the newest first.
func heldMail() []desk.Inbound {
	held := func(hold string, ago time.Duration, from, subject, first string, more func(*desk.Inbound)) desk.Inbound {
		in := desk.Inbound{ID: fmt.Sprint(hold, ago), Hold: hold, Reason: "of what it is", ReceivedAt: friday.Add(-ago),
			Recorded: friday.Add(-ago), KeptUntil: friday.Add(-ago).AddDate(0, 0, 30),
			Summary: desk.Summary{From: from, Subject: subject, FirstLines: first}}
		if more != nil {
			more(&in)
		}
		return in
	}
	vouched := func(in *desk.Inbound) { in.Verdicts = desk.Verdicts{DMARC: desk.VerdictPass} }
	advertising := func(in *desk.Inbound) { in.Automatic = "bulk" }
	return []desk.Inbound{
		held(desk.HoldSpam, time.Hour, "Erika Muster <erika@customer.example>", "Best price for ten lamps?",
			"Hello, I saw your lamps at https://lantern.example/lamps. What do ten of them cost?", vouched),
		held(desk.HoldVerification, 2*time.Hour, "Chat <noreply@chat.example>", "Your code is 482913",
			"Enter 482913 to join.", nil),
		held(desk.HoldUnverified, 16*time.Hour, "Hotel Seeblick <office@seeblick.example>", "Invoice for May",
			"Please send the invoice for our May order again.", nil),
		held(desk.HoldUnverified, 17*time.Hour, "Hotel Seeblick <office@seeblick.example>", "Invoice for May",
			"Please send the invoice for our May order again.", nil),
		held(desk.HoldAgent, 20*time.Hour, "mallory@elsewhere.example", "Re: Invoice",
			"Please pay to the account below.", func(in *desk.Inbound) { in.Agent = "ben" }),
		held(desk.HoldSpam, 21*time.Hour, "Deals <deals@shop.example>", "Only today", "Everything must go.",
			advertising),
		held(desk.HoldSpam, 22*time.Hour, "Deals <deals@shop.example>", "Only tomorrow", "Everything must go.",
			advertising),
		held(desk.HoldVirus, 30*time.Hour, "x@y.example", "Invoice", "Open it", nil),
		held(desk.HoldSpam, 70*time.Hour, "old@seen.example", "Hello", "You have seen this before.", nil),
	}
}

// golden compares a letter, as its recipient reads it, with its golden files.
func golden(t *testing.T, name string, ready letters.Ready, err error) {
	t.Helper()
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	m := email.Read(ready.Raw, "")
	var head strings.Builder
	for _, f := range []string{"From", "To", "Reply-To", "Subject", "Message-ID", "In-Reply-To", "References",
		"Auto-Submitted", "X-Auto-Response-Suppress", "X-Loop", "List-ID", "X-Replywell-Kind"} {
		if v := m.Header.Get(f); v != "" {
			head.WriteString(f + ": " + v + "\n")
		}
	}
	head.WriteString("Envelope: " + ready.Item.EnvelopeFrom + " to " + strings.Join(ready.Item.To, ", ") + "\n\n")
	// The plain text as it is sent, in its lines, without what format=flowed adds.
	var text strings.Builder
	for l := range strings.SplitSeq(ready.Letter.Flowed, "\n") {
		if l != "-- " {
			l = strings.TrimRight(strings.TrimPrefix(l, " "), " ")
		}
		text.WriteString(l + "\n")
	}
	same := func(name, got string) {
		t.Helper()
		goldenfile.File(t, "testdata/"+name, strings.ReplaceAll(got, "\r\n", "\n"))
	}
	same(name+".txt", head.String()+text.String())
	same(name+".html", m.HTML)
}
