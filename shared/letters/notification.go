package letters

import (
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/email/smime"
	"github.com/replywell/replywell/shared/waiting"
)

// Bounds of what a notification shows and carries.
const (
	MaxAttached      = 10 << 20 // bytes of attachments sent along; the others are named
	maxSentFiles     = 50       // attachments sent along
	MaxHistory       = 8        // earlier messages worth giving in Context.History, beside the first
	maxEarlier       = 600      // bytes of each
	maxSignature     = 4 << 10  // bytes; what was set aside may be something that was said
	maxQuoted        = 1500     // bytes
	MaxOthers        = 20       // earlier conversations worth giving in Context.Others: more are not counted
	shownOthers      = 5        // of them named
	shownCopies      = 4        // other recipients named
	shownProposed    = 5        // people numbered whom the agent may admit
	maxNamedFiles    = 30       // attachments named
	maxShownPassage  = 400      // characters of an article, some 60 words; a shorter one is shown whole
	shownNotes       = 3        // notes of the team
	shownBefore      = 2        // earlier messages shown, beside the first
	maxShownText     = 24 << 10 // bytes of the new text; some clients clip mail at 100 kB
	summaryFirstLine = 160      // characters of a digest's line: no entry shows more
	maxSaid          = 1000     // bytes of a text by which a digest compares: every write of the item pays for them
)

// Context is what a notification shows beside the message itself. All of it may
// be empty.
type Context struct {
	History      []desk.Message       // the conversation's earlier messages, oldest first
	Suggestions  []desk.Suggestion    // best first; #send N means the Nth
	Past         []desk.PastAnswer    // what colleagues answered by hand to mails like this, the most similar first
	DraftAnswer  *desk.DraftAnswer    // what a model wrote of the suggestions; nil: nothing
	Others       []desk.Conversation  // the customer's other conversations, the latest first
	Namesakes    int                  // earlier conversations of the address, where nothing confirms that its owner wrote; they are counted and not shown
	NamesOthers  bool                 // the message names the conversations in Others as well as its own
	Linked       *desk.Conversation   // the conversation that the mail's evidence named and whose customer the sender is not
	Attachments  []message.Attachment // of the message, with content
	HTML         string               // the message as it was written, unsanitised, where it says the same as its text
	Copies       []message.Address    // who else the mail was sent to, by its To and Cc
	Also         []string             // names of our other mailboxes that the mail was sent to
	Signature    string               // below the text
	Quoted       string               // what the mail quotes that the conversation does not hold
	SMIME        *smime.Signature     // what its S/MIME signature is worth; nil where it has none
	PGP          bool                 // it is signed by PGP, which nobody checks here
	Encrypted    bool                 // the text cannot be read here
	AskedReply   string               // where the sender asked for answers, if it is another address than the customer's
	Unchecked    string               // why nobody could say who sent the mail, a clause; "" where it was checked
	Acknowledged string               // what the customer was told at once; "" is nothing
	New          bool                 // the message opened the conversation
	Reopened     bool                 // the conversation had been solved
	Woken        desk.PutOff          // the message brings back what was put off
	Handed       string               // whose it was until now and why it is no more, a sentence; "" where nothing changed
	Happened     *page.Callout        // what an agent arranged, instead of what the message's kind says
	Previous     string               // Message-ID of the notification before this one
	Moment       waiting.Moment       // to do more than is asked; "" is none
	CustomerFrom time.Time            // since when they are a customer, for MomentLong
	Same         []string             // other addresses of the sender's, as an agent said
	Fetched      int                  // the agent asked for it, and History goes up to this message; 0: nobody asked
}

// notification is one such letter while it is written.
type notification struct {
	w     Writer
	agent desk.Agent
	mb    desk.Mailbox
	conv  desk.Conversation
	msg   desk.Message
	more  Context

	left    []message.Attachment // too large to be sent along
	html    page.Safe            // of the message, to be shown in place of its text
	plain   string               // its text with the names of its pictures
	shown   map[string]bool      // files that stand in it, by sum and name
	address string               // where a reply goes
	offered []page.Block         // what articles offers, whoever reads it
}

// thanks reports whether a mail does nothing but thank, and nobody waits for us.
func (n *notification) thanks() bool { return n.msg.Thanks && n.conv.State != desk.StateOpen }

// who is whose name stands above the text.
func (n *notification) who() string {
	switch n.msg.Kind {
	case desk.KindNote:
		return n.author(n.msg)
	case desk.KindAnswer, desk.KindArranged:
		return n.colleague(n.msg.Agent)
	case desk.KindBounce, desk.KindComplaint:
		return "Mail delivery"
	}
	return personName(n.msg.From)
}

// author names who wrote a note or an answer: an agent, or somebody outside the desk
// whose words an agent let in, or who answered before there was Replywell.
func (n *notification) author(m desk.Message) string {
	if m.Agent == "" && m.From != (desk.Person{}) {
		return personName(m.From)
	}
	return n.colleague(m.Agent)
}

func (n *notification) colleague(id string) string {
	if n.w.Settings != nil {
		if a, ok := n.w.Settings.Agent(id); ok && a.Name != "" {
			return a.Name
		}
	}
	if id == "" {
		return "A colleague"
	}
	return id
}

// customer is how the customer is called in a sentence.
func (n *notification) customer() string {
	if n.conv.Customer.Address == "" && n.conv.Customer.Name == "" {
		return "the sender"
	}
	return personName(n.conv.Customer)
}

// kind is what a reply to this notification is: a customer's own mail is
// answered, whatever else is told is talked about.
func (n *notification) kind() ReplyKind {
	alone := n.conv.CustomerMessages == 0 && n.conv.Answers == 0
	switch {
	case n.conv.Customer.Address == "":
		return ReplyTeam
	case n.msg.Kind == desk.KindCustomer, n.msg.Kind == desk.KindAutomatic && alone:
		return ReplyCustomer
	}
	return ReplyTeam
}

// mailKind is the kind of a notification.
func (n *notification) mailKind() MailKind {
	switch n.msg.Kind {
	case desk.KindAnswer, desk.KindArranged:
		return MailColleague
	case desk.KindNote:
		return MailNote
	case desk.KindAutomatic:
		return MailAutomatic
	case desk.KindCustomer:
		if n.thanks() {
			return MailThanks
		}
	}
	return MailWaits
}

// waiting is since when the customer waits: the first of their mails that no
// answer came after, and since which nobody said that all is done.
func (n *notification) waiting() time.Time {
	at := n.msg.At
	h := desk.InOrder(n.more.History)
	for i := len(h) - 1; i >= 0 && h[i].Kind != desk.KindAnswer; i-- {
		if h[i].Kind == desk.KindCustomer && !h[i].Thanks {
			at = h[i].At
		}
	}
	if asked := n.conv.Asked; asked.After(at) {
		at = asked
	}
	return at
}

// since says how long somebody waits; a moment is not worth a number.
func since(d time.Duration) string {
	if d < 2*time.Minute {
		return "Just came"
	}
	if d >= time.Hour {
		d = d.Round(time.Hour)
	}
	return "Waiting " + page.Duration(d)
}
