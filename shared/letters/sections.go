package letters

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
)

// person says who the customer is, and how they came here before.
func (n *notification) person() []compose.Block {
	p := n.msg.From
	facts := []compose.Fact{{Label: "Name", Value: orDash(compose.Excerpt(p.Name, 120))}, {Label: "Address", Value: orDash(compose.Excerpt(p.Address, 200))}}
	if p.Address != "" {
		sender := "not confirmed; anybody could have written this under that address"
		if n.msg.Verified {
			sender = "confirmed by the mail system of " + compose.Excerpt(p.Address[strings.LastIndexByte(p.Address, '@')+1:], 100)
		}
		facts = append(facts, compose.Fact{Label: "Sender", Value: sender})
	}
	if n.more.New && p.Address != "" {
		facts = append(facts, compose.Fact{Label: "Before", Value: earlier(len(n.more.Others))})
	} else if !n.more.New {
		facts = append(facts, compose.Fact{Label: "Conversation", Value: n.counts()})
	}
	if n.more.Acknowledged != "" {
		facts = append(facts, compose.Fact{Label: "Confirmation", Value: n.more.Acknowledged})
	}
	if c := n.copies(); c != "" {
		facts = append(facts, compose.Fact{Label: "In copy", Value: c})
	}
	if c := n.admitted(); c != "" {
		facts = append(facts, compose.Fact{Label: "Admitted", Value: c})
	}
	if len(n.more.Also) > 0 {
		facts = append(facts, compose.Fact{Label: "Also sent to", Value: compose.Excerpt(strings.Join(n.more.Also, ", "), 200)})
	}
	if s := compose.Excerpt(n.msg.Subject, 120); !n.more.New && s != "" && !strings.Contains(strings.ToLower(s), strings.ToLower(compose.Excerpt(n.conv.Subject, 100))) {
		facts = append(facts, compose.Fact{Label: "New subject", Value: s})
	}
	out := []compose.Block{compose.Heading{Level: 2, Text: "Who it is"}, compose.Facts{Facts: facts}}
	if people := n.proposed(); len(people) > 0 {
		out = append(out, compose.Paragraph{Text: "Not admitted to this conversation. #add 1 gives the first of them your answers in copy from now on:"}, compose.Numbered{Items: people})
	}
	var items []string
	for i, c := range n.more.Others {
		if i == shownOthers {
			break
		}
		items = append(items, fmt.Sprintf("[%s] %s: %s", c.ID.Reference(), subject(c.Subject), n.state(c)))
	}
	if len(items) > 0 && n.more.Together {
		out = append(out, compose.Paragraph{Text: "This mail names a mail of another conversation as well. The two seem to belong together; nothing was joined:"})
	}
	if len(items) > 0 {
		out = append(out, compose.Numbered{Items: items})
		if len(n.msg.Beside) > 0 {
			out = append(out, compose.Paragraph{Text: "If this belongs to one of them: #merge 1 joins it, after you confirm."})
		}
	}
	return out
}

// Beside are the conversations that a notification numbers, for #merge N.
func Beside(others []desk.Conversation) (out []desk.ConversationID) {
	for _, c := range others[:min(len(others), shownOthers)] {
		out = append(out, c.ID)
	}
	return out
}

// Proposed are the people whom a notification numbers, for #add N.
func Proposed(conv desk.Conversation) (out []string) {
	for _, p := range conv.Proposed[:min(len(conv.Proposed), shownProposed)] {
		out = append(out, p.Address)
	}
	return out
}

// proposed shows the people whom the message numbers.
func (n *notification) proposed() (out []string) {
	for _, address := range n.msg.Proposed {
		who := desk.Person{Address: address}
		for _, p := range n.conv.Proposed {
			if p.Address == address {
				who = p
			}
		}
		out = append(out, shownPerson(who))
	}
	return out
}

func shownPerson(p desk.Person) string {
	return compose.Excerpt(strings.TrimSpace(p.Name+" "+p.Address), 100)
}

// copies names who else has the mail. Answers do not go to them: whom a
// stranger's mail names is no reason to write to anybody. Whom an agent admitted
// is named apart, and so is the customer where somebody else wrote.
func (n *notification) copies() string {
	var people []string
	for _, c := range n.more.Copies {
		if !n.conv.Admits(c.Address, strings.EqualFold) {
			people = append(people, shownPerson(desk.Person{Name: c.Name, Address: c.Address}))
		}
	}
	if len(people) == 0 {
		return ""
	}
	return shorten(people) + " (they do not get your answer)"
}

// admitted names who gets answers in copy.
func (n *notification) admitted() string {
	var people []string
	for _, p := range n.conv.Participants {
		people = append(people, shownPerson(p))
	}
	if len(people) == 0 || n.conv.Customer.Address == "" {
		return ""
	}
	return shorten(people) + " (your answer goes to them in copy)"
}

func shorten(people []string) string {
	if more := len(people) - shownCopies; more > 0 {
		people = append(people[:shownCopies:shownCopies], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(people, ", ")
}

func earlier(others int) string {
	switch {
	case others == 0:
		return "first contact"
	case others >= MaxOthers:
		return strconv.Itoa(MaxOthers) + " earlier conversations or more; the latest:"
	}
	return compose.Count(others, "earlier conversation", "earlier conversations")
}

// counts says how far the conversation has come.
func (n *notification) counts() string {
	return compose.Count(n.conv.CustomerMessages, "message", "messages") + " from the customer, " +
		compose.Count(n.conv.Answers, "answer", "answers") + " from us"
}

func (n *notification) state(c desk.Conversation) string {
	day := c.Activity.UTC().Format("2 Jan 2006")
	switch c.State {
	case desk.StateSolved:
		return "solved, " + day
	case desk.StateAnswered:
		return "answered, " + day
	}
	return "still open, " + day
}

// soFar gives the earlier messages, the newest first.
func (n *notification) soFar() []compose.Block {
	var out []compose.Block
	h := n.more.History
	h = h[max(0, len(h)-MaxHistory):]
	before := 0
	if len(h) > 0 {
		before = h[0].Sequence - 1 // numbers have no gaps, so the first one shown tells how many are not
	}
	if n.conv.Arranged > 0 { // then they have
		before = len(n.more.History) - len(h)
	}
	h = desk.InOrder(h)
	for i := len(h) - 1; i >= 0; i-- {
		text, _ := cutText(h[i].Text, maxEarlier)
		if text == "" {
			text = "(no text)"
		}
		out = append(out, compose.Quote{Who: n.speaker(h[i]), When: n.w.when(h[i].At), Text: text})
	}
	if len(out) == 0 {
		return nil
	}
	out = append([]compose.Block{compose.Heading{Level: 2, Text: "What happened so far"}}, out...)
	if before > 0 {
		out = append(out, compose.Paragraph{Text: "Before that: " + compose.Count(before, "earlier message", "earlier messages") + "."})
	}
	return out
}

// speaker says whose words an earlier message is.
func (n *notification) speaker(m desk.Message) string {
	switch m.Kind {
	case desk.KindAnswer:
		return n.colleague(m.Agent) + " answered"
	case desk.KindNote:
		return "Note by " + n.author(m) + teamOnly
	case desk.KindArranged:
		return n.colleague(m.Agent) + " arranged the conversations"
	case desk.KindAutomatic:
		return "Automatic mail from " + personName(m.From)
	case desk.KindBounce:
		return "An answer did not arrive"
	case desk.KindComplaint:
		return "An answer was reported as spam"
	}
	return personName(m.From)
}

func (n *notification) howToAnswer() []compose.Block {
	if n.kind() == ReplyTeam && n.conv.Customer.Address != "" {
		return []compose.Block{compose.Paragraph{Text: "To write to " + n.customer() + ", begin your reply with " + answerFirst + "."}}
	}
	out := []compose.Block{compose.Heading{Level: 2, Text: "How to answer"}}
	commands := Commands()
	send := n.sendable()
	switch {
	case n.conv.Customer.Address == "":
		commands = commands[2:] // neither #send nor #learn: there is no answer
	case len(send) == 0:
		commands = commands[1:] // without #send
	default:
		commands[0] = compose.Command{Name: send[0], Meaning: "sends ready answer " + strings.TrimPrefix(send[0], "#send ") + ", after your own text if there is any"}
		switch others := strings.Join(send[1:], " and "); len(send) {
		case 1:
		case 2:
			commands[0].Meaning += "; " + others + " sends the other"
		default:
			commands[0].Meaning += "; " + others + " send the others"
		}
	}
	if n.conv.Customer.Address != "" {
		out = append(out, compose.Paragraph{Text: "Reply to this mail. What you write above the line goes to " + n.customer() +
			" from the support address, with your attachments. Or begin with a command:"})
	} else {
		out = append(out, compose.Paragraph{Text: "Reply to this mail and begin with a command:"})
	}
	return append(out, compose.Commands{Commands: commands})
}

// small says which conversation it is and why the mail is here.
func (n *notification) small() string {
	lines := []string{"Reference " + n.conv.ID.Reference() + " · " + compose.OneLine(n.mb.Name)}
	if why := n.why(); why != "" {
		lines = append(lines, whyHere+why)
	}
	return strings.Join(lines, "\n")
}

// why puts the evidence in plain words.
func (n *notification) why() string {
	switch n.msg.Kind {
	case desk.KindAnswer, desk.KindNote, desk.KindBounce, desk.KindComplaint, desk.KindArranged:
		return "you are one of the agents of " + compose.OneLine(n.mb.Name) + "."
	}
	return n.evidence()
}

// evidence says what brought the mail into its conversation.
func (n *notification) evidence() string {
	ev := n.msg.Evidence
	switch ev.Rule {
	case desk.EvidenceToken:
		return n.answered() + ", found by the reply address that it was sent to."
	case desk.EvidenceHeaderToken:
		return n.answered() + ", found by the reply address in its header."
	case desk.EvidenceMessageID:
		return n.answered() + ", found by the Message-ID that it names."
	case desk.EvidenceAwaited:
		return "another mail of this conversation came before it, and names it or answers the same mail."
	case desk.EvidenceQuotedToken, desk.EvidenceQuotedID:
		return n.answered() + ", found by what it quotes."
	case desk.EvidenceSubject:
		return "it has the subject of this conversation, and comes from the same address soon after. Nothing else in it says what it answers."
	case desk.EvidenceBeside:
		return "its sender wrote into another conversation again, to which the address does not belong; this one was made for that."
	case desk.EvidenceBrought:
		return n.colleague(n.msg.Agent) + " forwarded it to " + compose.OneLine(n.mb.Name) + "; your answer goes to the person who wrote it."
	case desk.EvidenceNew:
		if ev.Linked != "" {
			return "it answers a mail of another conversation, from an address that does not belong there."
		}
		return "it is a new mail to " + compose.OneLine(n.mb.Name) + "; it answers none that we know."
	}
	return ""
}

// answered names the mail that is answered, where it is among those shown.
func (n *notification) answered() string {
	for _, k := range n.msg.Evidence.Found {
		if k.Rule != n.msg.Evidence.Rule || k.Conversation != n.conv.ID || k.Sequence == 0 {
			continue
		}
		for _, m := range n.more.History {
			if m.Sequence != k.Sequence {
				continue
			}
			day := m.At.UTC().Format("Monday, 2 January")
			switch {
			case m.Kind == desk.KindAnswer:
				return "it answers our mail of " + day
			case m.Kind == desk.KindCustomer && m.From.Address == n.msg.From.Address:
				return "it answers their own mail of " + day
			case m.Kind == desk.KindCustomer:
				return "it answers the mail of " + personName(m.From) + " of " + day
			}
		}
		break
	}
	return "it answers an earlier mail of this conversation"
}

// automaticKind puts "out-of-office header:auto-submitted" in plain words.
func automaticKind(kindAndRule string) string {
	kind, _, _ := strings.Cut(kindAndRule, " ")
	switch kind {
	case "out-of-office":
		return "an out-of-office note"
	case "list":
		return "mail from a mailing list"
	case "bulk":
		return "a newsletter or other bulk mail"
	case "notification":
		return "a machine's notification"
	case "verification":
		return "a verification mail"
	case "calendar":
		return "an answer to a calendar invitation"
	case "read-receipt":
		return "a read receipt"
	case "challenge":
		return "a filter that asks the sender to prove themselves"
	case "bounce", "complaint":
		return "a delivery report"
	}
	return "an automatic answer"
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}
