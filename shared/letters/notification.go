package letters

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/message"
)

// Bounds of what a notification shows and carries.
const (
	MaxAttached      = 10 << 20 // bytes of attachments sent along; the others are named
	maxSentFiles     = 50       // attachments sent along
	MaxHistory       = 8        // earlier messages shown
	maxEarlier       = 600      // bytes of each
	maxSignature     = 400      // bytes
	maxQuoted        = 1500     // bytes
	MaxOthers        = 20       // earlier conversations worth giving in Context.Others: more are not counted
	shownOthers      = 5        // of them named
	shownCopies      = 4        // other recipients named
	shownProposed    = 5        // people numbered whom the agent may admit
	maxNamedFiles    = 30       // attachments named
	maxShownPassage  = 600      // characters of an article; a shorter one is shown whole
	maxShownText     = 24 << 10 // bytes of the new text; some clients clip mail at 100 kB
	summaryFirstLine = 200      // characters of a digest's line
)

// Context is what a notification shows beside the message itself. All of it may
// be empty.
type Context struct {
	History      []desk.Message       // the conversation's earlier messages, oldest first
	Suggestions  []desk.Suggestion    // best first; #send N means the Nth
	Past         []desk.PastAnswer    // what colleagues answered by hand to mails like this, the most similar first
	Draft        *desk.Draft          // what a model wrote of the suggestions; nil: nothing
	Others       []desk.Conversation  // the customer's other conversations, the latest first
	Together     bool                 // the message names the conversations in Others as well as its own
	Linked       *desk.Conversation   // the conversation that the mail's evidence named and whose customer the sender is not
	Attachments  []message.Attachment // of the message, with content
	Copies       []message.Address    // who else the mail was sent to, by its To and Cc
	Also         []string             // names of our other mailboxes that the mail was sent to
	Signature    string               // below the text
	Quoted       string               // what the mail quotes that the conversation does not hold
	Encrypted    bool                 // the text cannot be read here
	AskedReply   string               // where the sender asked for answers, if it is another address than the customer's
	Acknowledged string               // what the customer was told at once; "" is nothing
	New          bool                 // the message opened the conversation
	Reopened     bool                 // the conversation had been solved
	Happened     *compose.Callout     // what an agent arranged, instead of what the message's kind says
	Previous     string               // Message-ID of the notification before this one
}

// Notification tells an agent of one message of a conversation: a customer's, an
// automatic one, an answer or a note of a colleague's, an answer that bounced. id is the
// outbox item's. Errors are permanent.
func (w Writer) Notification(id string, agent desk.Agent, mb desk.Mailbox, conv desk.Conversation, msg desk.Message, more Context) (Ready, error) {
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxNotification, Sequence: msg.Sequence}
	n := notification{w: w, agent: agent, mb: mb, conv: conv, msg: msg, more: more}
	item.Summary = desk.Summary{From: compose.Excerpt(n.who(), 80), Subject: subject(conv.Subject), FirstLines: compose.Excerpt(msg.Text, summaryFirstLine)}
	l, err := w.toAgent(&item, agent, mb, conv, n.who(), n.kind())
	if err != nil {
		return Ready{}, err
	}
	if more.Previous != "" {
		l.InReplyTo = more.Previous
	}
	l.Attachments = n.attach()
	doc := n.document()
	l.Text, l.HTML = doc.Text(), doc.HTML()
	return w.finish(item, mb, l)
}

// notification is one such letter while it is written.
type notification struct {
	w     Writer
	agent desk.Agent
	mb    desk.Mailbox
	conv  desk.Conversation
	msg   desk.Message
	more  Context

	left []message.Attachment // too large to be sent along
}

func (n *notification) document() compose.Document {
	var blocks []compose.Block
	add := func(b ...compose.Block) { blocks = append(blocks, b...) }
	add(compose.ReplyLine{Hint: firstLine(n.turn(), n.kind(), n.conv)})
	if c, ok := n.happened(); ok {
		add(c)
	}
	text, cut := cutText(n.msg.Text, maxShownText)
	if n.msg.Kind != desk.KindArranged || n.more.Happened == nil {
		add(compose.Message{Who: n.who(), When: n.w.when(n.msg.At), Text: text})
	}
	if cut || n.msg.TextCut {
		add(compose.Paragraph{Text: "The text is longer than a mail should be, so it is cut here. The whole mail is kept."})
	}
	add(n.below("Signature", n.more.Signature, maxSignature)...)
	add(n.below("They quote", n.more.Quoted, maxQuoted)...)
	add(n.attachments()...)
	add(n.warnings()...)
	if n.msg.Kind == desk.KindCustomer || n.msg.Kind == desk.KindAutomatic {
		add(n.person()...)
	}
	add(n.soFar()...)
	add(n.articles()...)
	add(n.howToAnswer()...)
	add(compose.Small{Text: n.small()})
	return compose.Document{Lang: "en", Preheader: compose.Excerpt(n.msg.Text, 140), Blocks: blocks}
}

// below shows what stood under the new text and cannot be seen elsewhere: the
// phone number in a signature, the invoice that is spoken of.
func (n *notification) below(what, text string, most int) []compose.Block {
	if text, _ = cutText(text, most); text == "" {
		return nil
	}
	return []compose.Block{compose.Quote{Who: what, Text: text}}
}

// happened says in one line what the mail is, where it is not simply a
// customer's new mail.
func (n *notification) happened() (compose.Callout, bool) {
	if n.more.Happened != nil {
		return *n.more.Happened, true
	}
	switch n.msg.Kind {
	case desk.KindAutomatic:
		return compose.Callout{Title: "No person wrote this", Text: "It looks like " + automaticKind(n.msg.Automatic) +
			". Whose turn it is has not changed, and nothing was answered."}, true
	case desk.KindBounce:
		return compose.Callout{Tone: compose.Problem, Title: "The answer did not arrive",
			Text: n.customer() + " has not got it. What the mail system said stands below. An answer goes to the same address again."}, true
	case desk.KindComplaint:
		return compose.Callout{Tone: compose.Problem, Title: "The answer was reported as spam",
			Text: n.customer() + " or their mail provider marked it so. Please do not write again unless they do."}, true
	case desk.KindAnswer:
		return compose.Callout{Title: n.who() + " has answered", Text: "Nothing to do. You see it so that two of you do not answer twice."}, true
	case desk.KindNote:
		return compose.Callout{Title: n.who() + " left a note", Text: "It is for the team only. " + n.customer() + " does not see it."}, true
	}
	if n.more.Reopened {
		return compose.Callout{Tone: compose.Warning, Title: "This was solved, and is open again", Text: n.customer() + " wrote again."}, true
	}
	return compose.Callout{}, false
}

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

// author names who wrote a note: an agent, or somebody outside the desk whose
// words an agent let in.
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

func personName(p desk.Person) string {
	if name := compose.Excerpt(p.Name, 80); name != "" {
		return name
	}
	if a := compose.Excerpt(p.Address, 120); a != "" {
		return a
	}
	return "Unknown sender"
}

// attach chooses the attachments that are sent along, in their order, and
// leaves the others in n.left.
func (n *notification) attach() []compose.Attachment {
	var out []compose.Attachment
	total := 0
	for _, a := range n.more.Attachments {
		if len(out) == maxSentFiles || total+len(a.Content) > MaxAttached || len(a.Content) == 0 && a.Size > 0 {
			n.left = append(n.left, a)
			continue
		}
		total += len(a.Content)
		out = append(out, passedOn(a))
	}
	return out
}

func fileName(s string) string {
	if s = compose.Excerpt(strings.NewReplacer("/", "_", `\`, "_").Replace(s), 120); s == "" {
		return "unnamed"
	}
	return s
}

func (n *notification) attachments() []compose.Block {
	files := n.more.Attachments
	if len(files) == 0 {
		return nil
	}
	left := make(map[string]bool, len(n.left))
	for _, a := range n.left {
		left[a.SHA256+"/"+a.Filename] = true
	}
	var items []string
	for i, a := range files {
		if i == maxNamedFiles {
			items = append(items, fmt.Sprintf("and %d more", len(files)-i))
			break
		}
		line := fileName(a.Filename) + ", " + compose.Size(int64(a.Size))
		if left[a.SHA256+"/"+a.Filename] {
			line += " (not sent along, because it is too much for one mail; it is kept)"
		}
		items = append(items, line)
	}
	return []compose.Block{compose.Heading{Level: 3, Text: "Attached"}, compose.Bullets{Items: items}}
}

// warnings are what an agent must know before answering.
func (n *notification) warnings() []compose.Block {
	var out []compose.Block
	warn := func(title, text string) {
		out = append(out, compose.Callout{Tone: compose.Warning, Title: title, Text: text})
	}
	if n.more.Linked != nil {
		warn("Somebody else wrote into a conversation", fmt.Sprintf("This mail "+n.names()+" [%s] %s, whose customer is %s. It came from another address, so it was made a conversation of its own. "+
			"Its sender has seen nothing of the other one; please do not quote from that before you are sure who this is.",
			n.more.Linked.ID.Reference(), subject(n.more.Linked.Subject), personName(n.more.Linked.Customer)))
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
		warn("Answers are asked for at another address", "The sender asks for answers at "+compose.Excerpt(n.more.AskedReply, 120)+
			". Your answer goes to the address that they wrote from all the same.")
	}
	return out
}

// names says how the mail names the conversation that its sender does not belong to.
func (n *notification) names() string {
	if f := n.msg.Evidence.Found; len(f) > 0 && f[0].Rule == desk.EvidenceAwaited {
		return "is answered by one in"
	}
	return "answers"
}

func addressOr(a, otherwise string) string {
	if a = compose.Excerpt(a, 120); a == "" {
		return otherwise
	}
	return a
}

// cutText shortens a text to so many bytes, at a line or a word where it can.
func cutText(s string, most int) (string, bool) {
	s = strings.TrimSpace(s)
	if len(s) <= most {
		return s, false
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	s = s[:most]
	if i := strings.LastIndexByte(s, '\n'); i > most*3/4 {
		s = s[:i]
	} else if i := strings.LastIndexByte(s, ' '); i > most*3/4 {
		s = s[:i]
	}
	return strings.TrimSpace(s) + " …", true
}
