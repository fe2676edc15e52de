package letters_test

import (
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/waiting"
)

// TestGoldenOfWhomToSeeToIt writes the letters by which a conversation comes to somebody
// who has not written in it: from one who is away or gone, because nobody took it, and to
// a team.
func TestGoldenOfWhomToSeeToIt(t *testing.T) {
	w, s := writer(t), situations(t)["reply"]
	anna, mb := w.Settings.Agents[0], w.Settings.Mailboxes[0]
	mine := s.conv
	mine.State, mine.Owner, mine.Asked = desk.StateOpen, "anna", friday.Add(-3*time.Hour)
	s.msg.At = mine.Asked
	for name, why := range map[string]string{
		"handed-on":      w.WhoseItWas(anna, mb, "ben", waiting.LeftAway, desk.Absence{Until: friday.AddDate(0, 0, 4)}),
		"handed-on-ill":  w.WhoseItWas(anna, mb, "ben", waiting.LeftAway, desk.Absence{Found: true}),
		"handed-on-gone": w.WhoseItWas(anna, mb, "ben", waiting.LeftGone, desk.Absence{}),
	} {
		ready, err := w.HandedOn(desk.DerivedID(name), anna, mb, mine, s.msg, why, s.more)
		golden(t, name, ready, err)
	}
	free := mine
	free.Owner = ""
	ready, err := w.Untaken(desk.DerivedID("untaken"), anna, mb, free, s.msg, s.more)
	golden(t, "untaken", ready, err)
	more := s.more
	more.Happened = &page.Callout{Tone: page.Turn, Title: "Ben Okafor gave this to Billing",
		Text: "Nobody of the team has it yet. #take makes it yours."}
	ready, err = w.Notification(desk.DerivedID("given-team"), anna, mb, free, s.msg, more)
	golden(t, "given-team", ready, err)
}

// TestGoldenOfWritingFirst writes what an agent gets who asks for the address, and who
// wrote to it without saying to whom.
func TestGoldenOfWritingFirst(t *testing.T) {
	w, s := writer(t), situations(t)["reply"]
	anna, mb := w.Settings.Agents[0], w.Settings.Mailboxes[0]
	blocks, err := w.NewMail(mb, anna)
	if err != nil {
		t.Fatal(err)
	}
	ready, err := w.Notice(desk.DerivedID("new"), mb, s.conv, 3, letters.Notice{Agent: anna, Calm: true,
		Title: "Write to a customer first", About: blocks,
		Why: "To the address below, from your own mailbox. It is yours alone. Nothing was sent or changed."})
	golden(t, "new", ready, err)
	ready, err = w.NotFirst(desk.DerivedID("new-whom"), mb, anna, "Your lamp is ready",
		"The first line names no address. It is “Dear Clara,”.", "Dear Clara,\n\nyour lamp is ready.\n\nAnna")
	golden(t, "new-whom", ready, err)
}

// TestGoldenOfBeingAway writes what an agent gets who is away from now on.
func TestGoldenOfBeingAway(t *testing.T) {
	w, s := writer(t), situations(t)["reply"]
	ready, err := w.Notice(desk.DerivedID("away"), w.Settings.Mailboxes[0], s.conv, 3, letters.Notice{Calm: true,
		Agent: w.Settings.Agents[0], Title: "You are away until Tue 10 November, 09:00",
		Why: "Who waits for you goes to colleagues within a minute; each is told why. Nothing new is given to you, " +
			"and no mail about customers comes to you. The morning mail tells you what moved when you are back. " +
			"#back in reply to any mail of ours ends it before."})
	golden(t, "away", ready, err)
}

// TestGoldenOfLargeFiles writes an answer with files as links, and the mail to an agent
// whose files are too large where nothing is linked.
func TestGoldenOfLargeFiles(t *testing.T) {
	w, s := writer(t), situations(t)["reply"]
	anna, mb := w.Settings.Agents[0], w.Settings.Mailboxes[0]
	until := friday.AddDate(0, 0, 30)
	link := func(name string, size int) letters.FileLink {
		return letters.FileLink{Name: name, Size: size, Until: until,
			URL: "https://files.brightwater.example/f/AfRk2mZ1qkWl7d0pXy4t9s"}
	}
	mb.Signature = "Brightwater Ltd, 12 Harbour Road"
	ready, err := w.Answer(desk.DerivedID("answer-files"), mb, s.conv,
		desk.Message{Conversation: s.conv.ID, Sequence: 4, Kind: desk.KindAnswer, Agent: "anna", At: friday},
		letters.Answer{Agent: anna, To: s.msg, Text: "Dear Erika,\n\nthe film shows how the seal goes in.\n\nAnna",
			Links: []letters.FileLink{link("how the seal goes in.mp4", 31_400_000), link("drawing.pdf", 12_000_000)}})
	golden(t, "answer-files", ready, err)
	ready, err = w.Notice(desk.DerivedID("files-too-large"), mb, s.conv, 3, letters.Notice{Agent: anna,
		Title: "Your answer was not sent: its files are too large",
		Why: "They have 43.4 MB together, and at most 10 MB can be mailed: many mail systems refuse more. Too large: " +
			"how the seal goes in.mp4, 31.4 MB.",
		Next:  "Answer this mail with #answer, your text, and smaller files.",
		Yours: "Dear Erika,\n\nthe film shows how the seal goes in.\n\nAnna"})
	golden(t, "files-too-large", ready, err)
}

// TestGoldenOfAFormerAgent writes what somebody gets who is no agent any more, and replied.
func TestGoldenOfAFormerAgent(t *testing.T) {
	w := writer(t)
	mb := w.Settings.Mailboxes[0]
	ready, err := w.FormerAgent(desk.DerivedID("former"), "anna@team.example", mb, "r1@team.example")
	golden(t, "former-agent", ready, err)
}
