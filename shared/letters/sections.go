package letters

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/priority"
	"github.com/replywell/replywell/shared/waiting"
)

// person says who the customer is, and how they came here before, in a paragraph.
func (n *notification) person() []page.Block {
	p := n.msg.From
	about := append(n.priority(), saidOf(n.conv)...)
	tier := n.conv.Worth.Tier
	if p, promised := n.promised(); promised && p.Tier != "" {
		tier = p.Tier
	}
	if tier != "" {
		about = append(about, "Tier: "+page.Excerpt(tier, 60)+".")
	}
	about = append(about, n.worth()...)
	if off := n.conv.Snoozed; !off.Until.IsZero() {
		about = append(about, "Put off until "+n.w.clock(off.Until)+" by "+n.colleague(off.By)+".")
	}
	if c := n.w.consulted(n.conv); c != "" {
		about = append(about, c)
	}
	if a := page.Excerpt(p.Address, 200); a != "" {
		sender := a + ", sender not confirmed: anybody could have written this under that address."
		if n.msg.Verified {
			sender = a + ", " + confirmed + "."
		}
		if n.more.Unchecked != "" {
			sender = a + ", sender not confirmed; " + n.more.Unchecked + "."
		}
		about = append(about, sender)
	}
	if len(n.more.Same) > 0 {
		about = append(about, "The same person as "+page.Excerpt(strings.Join(n.more.Same, ", "), 200)+", as one of you said (#same).")
	}
	if s := n.signed(); s != "" {
		about = append(about, s)
	}
	aside := page.Aside{}
	switch {
	case n.more.New && p.Address != "":
		aside.Strong = earlier(len(n.more.Others))
		if n.more.Namesakes > 0 {
			aside.Strong = namesakes(n.more.Namesakes)
		}
	case !n.more.New && n.msg.Kind == desk.KindCustomer:
		aside.Strong = n.counts()
	}
	if n.more.Acknowledged != "" {
		about = append(about, "A confirmation was "+n.more.Acknowledged+".")
	}
	if c := n.copies(); c != "" {
		about = append(about, "In copy: "+c+".")
	}
	if c := n.admitted(); c != "" {
		about = append(about, "Part of this conversation: "+c+".")
	}
	if len(n.more.Also) > 0 {
		about = append(about, "Also sent to "+page.Excerpt(strings.Join(n.more.Also, ", "), 200)+".")
	}
	if s := page.Excerpt(n.msg.Subject, 120); !n.more.New && s != "" && !strings.Contains(strings.ToLower(s), strings.ToLower(page.Excerpt(n.conv.Subject, 100))) {
		about = append(about, "New subject: “"+s+"”.")
	}
	var out []page.Block
	if aside.Text = strings.Join(about, " "); aside != (page.Aside{}) {
		out = append(out, aside)
	}
	if people := n.proposed(); len(people) > 0 {
		out = append(out, page.Paragraph{Text: "Not part of this conversation yet. To send them your answers in copy, write #add and the address:"}, page.Bullets{Items: people})
	}
	// No numbers: those are the ready answers'.
	var items []string
	for _, c := range n.more.Others[:min(len(n.more.Others), shownOthers)] {
		items = append(items, fmt.Sprintf("[%s] %s: %s", c.ID.Reference(), subject(c.Subject), n.state(c)))
	}
	if len(items) == 0 {
		return out
	}
	if n.more.NamesOthers {
		out = append(out, page.Paragraph{Text: "This mail names a mail of another conversation as well. The two seem to belong together; nothing was joined:"})
	}
	out = append(out, page.Bullets{Items: items})
	if len(n.msg.Beside) > 0 {
		out = append(out, page.Paragraph{Text: "If this belongs to one of them: #merge " + n.msg.Beside[0].Reference() + " joins it, after you confirm."})
	}
	return out
}

// worth is what the team's list says of the customer.
func (n *notification) worth() (out []string) {
	w := n.conv.Worth
	if n.w.Settings != nil && n.w.Settings.HighPotential(w) {
		high := "High potential"
		if w.Copied != "" {
			high += ", for " + aloud(page.Excerpt(w.Copied, 120)) + " in copy"
		}
		out = append(out, high+".")
	}
	if !w.Since.IsZero() {
		out = append(out, "Customer since "+w.Since.Format("January 2006")+".")
	}
	if w.Owner != "" {
		owner := w.Owner
		if n.w.Settings != nil {
			if a, ok := n.w.Settings.Agent(w.Owner); ok {
				owner = a.Name
			}
		}
		out = append(out, "Looked after by "+page.Excerpt(owner, 60)+".")
	}
	return out
}

// priority says how urgent it is and why, where that is not as usual.
func (n *notification) priority() []string {
	if n.w.Settings == nil {
		return nil
	}
	p, waits := waiting.CaseOf(n.w.Settings, n.conv, n.w.Now)
	switch level, why := p.Level(), p.Reasons(page.Duration); {
	case !waits && n.conv.Priority != "":
		return []string{"Priority " + n.conv.Priority + "."}
	case !waits, level == priority.Normal && p.Word == 0, len(why) == 0:
		return nil
	default:
		return []string{"Priority " + string(level) + ": " + strings.Join(why, ", ") + "."}
	}
}

// saidOf is what agents said of a conversation, for the line of who it is.
func saidOf(c desk.Conversation) (out []string) {
	if c.Tied.Open() {
		out = append(out, "Cause: "+c.Tied.Cause+".")
	} else if c.Tied.Cause != "" {
		out = append(out, "Cause: "+c.Tied.Cause+", mended.")
	}
	if c.Topic != "" {
		out = append(out, "Topic: "+page.Excerpt(c.Topic, desk.MaxTopic)+".")
	}
	if len(c.Tags) > 0 {
		out = append(out, "Tags: "+page.Excerpt(strings.Join(c.Tags, ", "), 200)+".")
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

// copies names who else has the mail. Answers do not go to them: whom a
// stranger's mail names is no reason to write to anybody. Whom an agent admitted
// or may admit is named apart, and so is the customer where somebody else wrote.
func (n *notification) copies() string {
	var people []string
	for _, c := range n.more.Copies {
		if named := slices.ContainsFunc(n.msg.Proposed, func(p string) bool { return strings.EqualFold(p, c.Address) }); !named && !n.conv.Admits(c.Address, strings.EqualFold) {
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
	return shorten(people) + " (they get your answer in copy)"
}

func shorten(people []string) string {
	if more := len(people) - shownCopies; more > 0 {
		people = append(people[:shownCopies:shownCopies], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(people, "; ")
}

// namesakes counts the conversations of an address that a form or a portal named:
// whoever typed it may be anybody, so that none of them is named.
func namesakes(n int) string {
	count := page.Count(n, "earlier conversation", "earlier conversations")
	if n >= MaxOthers {
		count = strconv.Itoa(MaxOthers) + " earlier conversations or more"
	}
	return count + " with this address, not shown here: nothing confirms that the same person wrote."
}

func earlier(others int) string {
	switch {
	case others == 0:
		return "First contact."
	case others >= MaxOthers:
		return strconv.Itoa(MaxOthers) + " earlier conversations or more."
	}
	return page.Count(others, "earlier conversation", "earlier conversations") + "."
}

// counts says how far the conversation has come.
func (n *notification) counts() string {
	return page.Count(n.conv.CustomerMessages, "message", "messages") + " from the customer, " +
		page.Count(n.conv.Answers, "answer", "answers") + " from us."
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

// notes are what the team noted recently, the newest first.
func (n *notification) notes() (out []page.Block) {
	h := desk.InOrder(n.more.History)
	for i := len(h) - 1; i >= 0 && len(out) < shownNotes; i-- {
		if h[i].Kind == desk.KindNote {
			text, _ := cutText(h[i].Text, maxEarlier)
			out = append(out, page.Team{Who: n.author(h[i]) + " noted", When: n.w.day(h[i].At), Text: text})
		}
	}
	return out
}

// before gives the earlier messages, the newest first: the last ones, how many
// came between, and always the first.
func (n *notification) before() []page.Block {
	var said []desk.Message
	left := 0 // that are not in History
	if h := n.more.History; len(h) > 0 && n.conv.Arranged == 0 {
		left = n.msg.Sequence - 1 - len(h)
	}
	for _, m := range desk.InOrder(n.more.History) {
		if m.Kind != desk.KindNote && (m.Sequence != n.msg.Sequence || m.Conversation != n.msg.Conversation) {
			said = append(said, m)
		}
	}
	if len(said) == 0 {
		return nil
	}
	out := []page.Block{page.Heading{Level: 2, Text: "Before that, newest first"}}
	last := max(0, len(said)-shownBefore)
	if n.msg.Kind == desk.KindArranged { // what was joined is new to somebody
		last = max(0, len(said)-MaxHistory)
	}
	for i := len(said) - 1; i >= last; i-- {
		out = append(out, n.quote("", said[i]))
	}
	if between := last - 1 + max(0, left); between > 0 {
		out = append(out, page.Aside{Text: page.Count(between, "more mail", "more mails") + " came between."})
	}
	if last > 0 {
		out = append(out, n.quote("The first: ", said[0]))
	}
	return out
}

// reason is the newest earlier message of that kind, for whoever has to know what
// is spoken of.
func (n *notification) reason(what string, kind desk.MessageKind) []page.Block {
	h := desk.InOrder(n.more.History)
	for i := len(h) - 1; i >= 0; i-- {
		if h[i].Kind == kind && h[i].Sequence != n.msg.Sequence {
			return []page.Block{n.quote(what, h[i])}
		}
	}
	return nil
}

func (n *notification) quote(what string, m desk.Message) page.Block {
	text, _ := cutText(m.Text, maxEarlier)
	if text == "" {
		text = "(no text)"
	}
	return page.Quote{Who: what + n.speaker(m), When: n.w.day(m.At), Text: text}
}

// speaker says whose words an earlier message is.
func (n *notification) speaker(m desk.Message) string {
	switch m.Kind {
	case desk.KindAnswer:
		return n.author(m) + " to " + n.customer()
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

// how says in a line how to answer.
func (n *notification) how() string {
	rest := "#note " + keepsWords + ", #close marks this as solved, #help has the rest."
	switch {
	case n.conv.Customer.Address == "":
		return rest
	case n.kind() == ReplyTeam:
		return "To write to " + n.customer() + ", begin your reply with " + answerFirst + "."
	case n.thanks():
		return "If you do see a question, reply: they get your answer."
	}
	own := "Reply in your own words"
	if send := n.sendable(); len(send) > 0 {
		own += ", or with " + strings.Join(send, " or ")
	}
	return own + ". " + rest
}

// small says which conversation it is and why the mail is here.
func (n *notification) small() string {
	line := n.conv.ID.Reference() + ", " + page.OneLine(n.mb.Name) + "."
	if why := n.why(); why != "" && n.mailKind() == MailWaits {
		line += " " + whyHere + why
	}
	return n.how() + "\n\n" + line
}

// why puts the evidence in plain words.
func (n *notification) why() string {
	switch n.msg.Kind {
	case desk.KindAnswer, desk.KindNote, desk.KindBounce, desk.KindComplaint, desk.KindArranged:
		return answersFor
	}
	return n.evidence()
}

const answersFor = "you answer this mailbox."

// evidence says what brought the mail into its conversation.
func (n *notification) evidence() string {
	ev := n.msg.Evidence
	switch ev.Rule {
	case desk.EvidenceToken:
		return n.answered() + ": it was sent to our reply address."
	case desk.EvidenceHeaderToken:
		return n.answered() + ": our reply address stands in its header."
	case desk.EvidenceMessageID:
		return n.answered() + ": its header names that mail."
	case desk.EvidenceAwaited:
		return "another mail of this conversation names it, or answers the same mail."
	case desk.EvidenceQuotedToken, desk.EvidenceQuotedID:
		return n.answered() + ": it quotes that mail."
	case desk.EvidenceSubject:
		return "it has the same subject and the same sender as this conversation, and came soon after. Nothing else says what it answers."
	case desk.EvidenceBeside:
		return "its sender wrote to another conversation again without being part of it. This one was made for their mail."
	case desk.EvidenceAgentForward:
		return n.colleague(n.msg.Agent) + " forwarded it to " + page.OneLine(n.mb.Name) + "; your answer goes to the person who wrote it."
	case desk.EvidenceNew:
		if ev.Linked != "" {
			return "it answers a mail of another conversation, from an address that is not part of it."
		}
		return answersFor
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
			if m.At.UTC().Year() != n.msg.At.UTC().Year() {
				day = m.At.UTC().Format("2 January 2006")
			}
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
