package letters

import (
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/waiting"
)

// turn says whose turn it is, in a few words.
func (n *notification) turn() string {
	switch n.msg.Kind {
	case desk.KindAnswer:
		return "A colleague’s answer."
	case desk.KindNote:
		if n.msg.Agent == "" {
			return "A note by " + n.who() + ", who is no agent here."
		}
		return "A colleague’s note."
	case desk.KindArranged:
		return "Nothing to do."
	case desk.KindAutomatic:
		return "No person wrote this."
	case desk.KindBounce, desk.KindComplaint:
		if n.msg.Agent == n.agent.ID {
			return "About your answer."
		}
		if n.msg.Agent == "" {
			return "About an answer of ours."
		}
		return "About the answer of " + n.colleague(n.msg.Agent) + "."
	}
	switch {
	case n.conv.Customer.Address == "":
		return ""
	case n.thanks():
		return "A thank-you."
	case n.conv.State != desk.StateOpen:
		return ""
	}
	return since(n.w.Now.Sub(n.waiting())) + n.whose() + n.promise() + "." // who waits is said behind it
}

// promise says by when the customer was promised an answer.
func (n *notification) promise() string {
	p, promised := n.promised()
	switch {
	case !promised:
		return ""
	case p.Late(n.w.Now):
		return "; promised for " + n.w.clock(p.Due)
	}
	return "; promise " + n.w.clock(p.Due)
}

// promised is what the customer who waits was promised.
func (n *notification) promised() (waiting.Promise, bool) {
	if n.w.Settings == nil || n.conv.State != desk.StateOpen {
		return waiting.Promise{}, false
	}
	return waiting.PromiseOf(n.w.Settings, n.conv)
}

// byWhen says in the band by when it is to be answered.
func (n *notification) byWhen() string {
	p, promised := n.promised()
	switch {
	case !promised:
		return ""
	case p.Late(n.w.Now):
		return ", late since " + n.w.clock(p.Due)
	}
	return ", by " + n.w.clock(p.Due)
}

// whose says which agent the customer waits for: who answered last.
func (n *notification) whose() string {
	switch {
	case n.conv.Owner == n.agent.ID, n.conv.Owner == "" && len(n.mb.Agents) == 1:
		return ", yours"
	case n.conv.Owner == "":
		return ", nobody’s yet"
	}
	return ", " + n.colleague(n.conv.Owner) + "’s"
}

// band says what the mail is and whose turn it is.
func (n *notification) band() page.Band {
	tone := page.Info
	if n.conv.State == desk.StateOpen && n.msg.Kind == desk.KindCustomer {
		tone = page.Turn
	}
	if h := n.more.Happened; h != nil {
		if h.Tone == page.Problem { // somebody is at risk
			tone = page.Info
		}
		return page.Band{Tone: max(tone, h.Tone), Title: h.Title, Text: h.Text}
	}
	switch n.msg.Kind {
	case desk.KindAutomatic:
		return page.Band{Title: "Nothing to do: " + automaticKind(n.msg.Automatic), Text: "No person wrote this, it seems. Whose turn it is has not changed."}
	case desk.KindBounce:
		return page.Band{Tone: page.Problem, Title: "An answer did not arrive", Text: n.customer() + " has not got it. An answer goes to the same address again."}
	case desk.KindComplaint:
		return page.Band{Tone: page.Problem, Title: "An answer was reported as spam", Text: n.customer() + ", or their mail provider, marked it so. Please do not write again unless they do."}
	case desk.KindAnswer:
		return page.Band{Title: "Nothing to do: " + n.who() + " answered", Text: "You see it so that two of you do not answer twice."}
	case desk.KindNote:
		return page.Band{Title: "Nothing to do: " + n.who() + " left a note", Text: notSeen}
	case desk.KindArranged:
		return page.Band{Title: "Nothing to do: " + n.who() + " arranged the conversations"}
	}
	if n.thanks() {
		return n.thanked()
	}
	b := page.Band{Tone: page.Turn, Title: "Your turn"}
	switch {
	case n.conv.Owner == "" && len(n.mb.Agents) > 1:
		b.Title = "The team’s turn"
	case n.conv.Owner != "" && n.conv.Owner != n.agent.ID:
		b.Title = n.colleague(n.conv.Owner) + "’s turn, or yours"
	}
	b.Title += n.byWhen()
	if n.more.Reopened {
		b.Text = openAgain
	}
	if n.msg.Rated == desk.RatedNotYet {
		b.Text = strings.TrimSpace(n.customer() + notSolved + " " + b.Text)
	}
	if off := n.more.Woken; !off.Until.IsZero() {
		who := n.colleague(off.By)
		if off.By == n.agent.ID {
			who = "You"
		}
		b.Text = who + " put this off until " + n.w.clock(off.Until) + "; their mail brings it back."
	}
	b.Text = strings.TrimSpace(n.more.Handed + " " + strings.TrimSpace(b.Text+" "+n.moment()))
	return b
}

// forMore begins the words that name a moment; see frame.
const forMore = "A moment for more: "

// moment names a moment to do more than is asked, with why.
func (n *notification) moment() string {
	who := n.customer()
	switch n.more.Moment {
	case waiting.MomentBadTime:
		if n.more.Reopened {
			return forMore + who + " comes back about what was called solved."
		}
		return forMore + "it is the third mail of " + who + " about one trouble."
	case waiting.MomentValued:
		return forMore + "the first mail of " + who + ", who may order much."
	case waiting.MomentLong:
		years := max(1, int(n.w.Now.Sub(n.more.CustomerFrom).Hours()/24/365.25))
		return forMore + who + " has been a customer for " + page.Count(years, "year", "years") + "."
	case waiting.MomentFirst:
		return forMore + "the first mail of " + who + "."
	}
	return ""
}

// thanked says that a mail does nothing but thank, and what happens then.
func (n *notification) thanked() page.Band {
	b := page.Band{Title: "Nothing to do: a thank-you", Text: asksNothing}
	if due := n.conv.Due; n.conv.State == desk.StateAnswered && !due.IsZero() {
		b.Text += " This closes by itself on " + n.w.local(due).Format("Mon 2 Jan") + "."
	}
	return b
}

// warnings are what an agent must know before answering.
func (n *notification) warnings() []page.Block {
	var out []page.Block
	warn := func(title, text string) {
		out = append(out, page.Callout{Tone: page.Warning, Title: title, Text: text})
	}
	if n.more.Linked != nil {
		out = append(out, n.outsider()...)
	}
	if n.msg.Kind != desk.KindCustomer {
		return out
	}
	if n.more.Encrypted {
		warn("This mail is encrypted", "It cannot be read here, and is attached as it came. If you cannot open it either, ask for it without encryption.")
	}
	if n.conv.Customer.Address == "" {
		warn("There is no address to answer to", "The mail names nobody that an answer could be sent to. Use #note to keep what you find out, and #close when it is done.")
	}
	if n.more.AskedReply != "" {
		warn("They want answers at another address", "The sender asks for answers at "+aloud(page.Excerpt(n.more.AskedReply, 120))+
			". Your answer still goes to the address that they wrote from.")
	}
	return out
}
