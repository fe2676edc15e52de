package letters

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/page"
)

// MaxQuarantineList bounds how many lines one list has that can be decided on.
// More are told of on the next day, or when the list of all is asked for.
const MaxQuarantineList = 40

// MaxQuarantineAll is the same for the list of all.
const MaxQuarantineAll = 100

const quarantineWhy = "Nobody was shown any held mail, and nobody was answered"

// Quarantine tells a lead what is held and asks what to do with it: what may be
// real by its number, the rest in one sentence. all: it was asked for. Nothing of
// a stranger's in it is a link; what may be a code is left out. The question c
// names, under the same numbers, what stands under them here.
func (w Writer) Quarantine(id string, agent desk.Agent, mb desk.Mailbox, c desk.Confirmation, q desk.Quarantine, all bool) (Ready, error) {
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxNotice}
	l, err := w.toAgent(&item, agent, mb, desk.Conversation{}, "", ReplyWords)
	if err != nil {
		return Ready{}, err
	}
	address, err := w.ConfirmAddress(mb, c)
	if err != nil {
		return Ready{}, err
	}
	l.ReplyTo, l.Headers = &message.Address{Name: shownAs("Held mail: a number, or drop", mb), Address: address}, marks(MailQuarantine, mb)
	title := page.Count(len(q.Decide), "held mail looks real", "held mails look real")
	band := page.Band{Tone: page.Warning, Title: title, Text: "Please decide. " + quarantineWhy + "."}
	hint := "1 lets mail 1 in, drop 1 drops it. " + otherWords
	switch {
	case len(q.Decide) == 0:
		band = page.Band{Tone: page.Info, Title: "Held mail: nothing to do", Text: quarantineWhy + "."}
		hint = "all lists what is held. " + otherWords
	case all:
		band = page.Band{Tone: page.Info, Title: page.Count(len(q.Decide), "mail is held that can be let in", "mails are held that can be let in"), Text: quarantineWhy + "."}
	}
	l.Subject = "Quarantine: " + strings.ToLower(band.Title[:1]) + band.Title[1:]
	blocks := []page.Block{page.ReplyLine{Hint: hint}, band}
	shown := q.Decide[:min(len(q.Decide), len(c.Held))]
	if len(shown) > 0 {
		blocks = append(blocks, page.Heading{Level: 2, Text: "To decide"})
	}
	for i, h := range shown {
		blocks = append(blocks, w.heldPanel(i+1, h, address, !all))
	}
	if more := len(q.Decide) - len(shown); more > 0 {
		blocks = append(blocks, page.Paragraph{Text: fmt.Sprintf("And %d more, which do not fit in here: reply with the word all when these are decided.", more)})
	}
	if len(q.Nothing) > 0 {
		blocks = append(blocks, page.Heading{Level: 2, Text: "Nothing to do"}, page.Paragraph{Text: w.nothingToDo(q.Nothing)})
	}
	small := "Agents’ own slips went back to them. Made for " + page.OneLine(agent.Name) + " alone, until " + w.day(c.Expires) + "."
	if q.Earlier > 0 && !all {
		small = page.Count(q.Earlier, "mail of an earlier list is", "mails of earlier lists are") + " still held; reply “all” to see every one. " + small
	}
	blocks = append(blocks, page.Small{Text: small})
	doc := page.Document{Lang: "en", Preheader: band.Text, Blocks: blocks}
	l.Say(doc)
	return w.finish(item, mb, l)
}

// heldPanel is what a list says of one line.
func (w Writer) heldPanel(n int, h desk.HeldMail, address string, tap bool) page.Block {
	s := h.Summary
	subj, first := Defused(page.Excerpt(s.Subject, 100)), Defused(page.Excerpt(s.FirstLines, 140))
	name, _, _ := strings.Cut(s.From, "<")
	if name = Defused(strings.TrimSpace(name)); name == "" || h.Sender() == strings.ToLower(strings.TrimSpace(s.From)) {
		name = aloud(h.Sender())
	}
	if h.Hold == desk.HoldVerification {
		subj, first = digits.ReplaceAllString(subj, "…"), ""
	}
	if subj == "" {
		subj = "(no subject)"
	}
	p := page.Panel{Title: fmt.Sprintf("%d. %s: %s", n, orDash(name), subj), Why: aloud(h.Sender()) + ", " + w.day(h.ReceivedAt), Text: first, More: []string{heldWhy(h)}}
	if len(h.Copies) > 0 {
		p.Why += fmt.Sprintf(", came %d times", len(h.Copies)+1)
	}
	do := fmt.Sprintf("Reply %d to let it in, or: drop %d", n, n)
	if !tap {
		p.More = append(p.More, do)
		return p
	}
	p.Buttons = []page.Button{
		{Label: fmt.Sprintf("Let mail %d in", n), Say: do, URL: mailto(address, fmt.Sprintf("Let held mail %d in", n), fmt.Sprint(n)), Likely: true},
		{Label: fmt.Sprintf("Drop mail %d", n), URL: mailto(address, fmt.Sprintf("Drop held mail %d", n), fmt.Sprintf("drop %d", n))},
	}
	return p
}

// heldWhy says why a mail is held, and what speaks for its sender.
func heldWhy(h desk.HeldMail) string {
	why := map[string]string{
		desk.HoldSpam:         "Held as possible spam.",
		desk.HoldUnverified:   "Held because its sender could not be confirmed.",
		desk.HoldVerification: "Held as a sign-in code or a confirmation link; its text is not shown.",
		desk.HoldBlocked:      "Held because its sender is blocked.",
		desk.HoldReport:       "Held as a delivery report about a mail that is not ours.",
	}[h.Hold]
	if why == "" {
		why = "Held: " + h.Reason + "."
	}
	vouched := h.Verdicts.Authenticated()
	switch {
	case h.Known > 0 && vouched:
		why += " The sender wrote to us before, and is confirmed."
	case h.Known > 0:
		why += " This address wrote to us before; that it is the same person is not confirmed."
	case vouched:
		why += " The sender is confirmed, and new to us."
	}
	return why
}

// nothingToDo counts what needs no decision, and says when it goes away.
func (w Writer) nothingToDo(list []desk.HeldMail) string {
	count, n := map[string]int{}, 0
	var until time.Time
	for _, h := range list {
		of := len(h.Copies) + 1
		count[h.Hold] += of
		n += of
		for _, in := range append([]desk.Inbound{h.Inbound}, h.Copies...) {
			if in.KeptUntil.After(until) {
				until = in.KeptUntil
			}
		}
	}
	var parts []string
	for _, k := range []struct{ hold, one, many string }{
		{desk.HoldSpam, "advertising", "advertising"},
		{desk.HoldVirus, "with a virus (it can never be let in)", "with a virus (they can never be let in)"},
		{desk.HoldVerification, "sign-in code", "sign-in codes"},
		{desk.HoldBlocked, "from a blocked sender", "from blocked senders"},
		{desk.HoldReport, "report about a mail that is not ours", "reports about mails that are not ours"},
		{desk.HoldMachine, "from a machine, to an agent’s address", "from machines, to agents’ addresses"},
		{desk.HoldUnlisted, "to an address of somebody who left the team", "to addresses of people who left the team"},
		{desk.HoldAgent, "in the name of somebody who is not in the team", "in the name of people who are not in the team"},
		{desk.HoldUnverified, "from a stranger", "from strangers"},
	} {
		if c := count[k.hold]; c > 0 {
			parts = append(parts, page.Count(c, k.one, k.many))
		}
	}
	these := "These " + fmt.Sprint(n) + " delete themselves"
	if n == 1 {
		these = "It deletes itself"
	}
	return strings.Join(parts, ", ") + ". " + these + " by " + w.day(until) + "."
}

// QuestionOf names in a question what stands under the numbers of a list, at most
// so many lines.
func QuestionOf(c *desk.Confirmation, q desk.Quarantine, most int) {
	for _, h := range q.Decide[:min(len(q.Decide), most)] {
		ids := h.IDs()
		c.Held, c.Copies = append(c.Held, ids[0]), append(c.Copies, slices.Clone(ids[1:]))
	}
}
