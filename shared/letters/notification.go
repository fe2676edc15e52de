package letters

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/kb"
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
	Draft        *desk.Draft          // what a model wrote of the suggestions; nil: nothing
	Others       []desk.Conversation  // the customer's other conversations, the latest first
	Namesakes    int                  // earlier conversations of the address, where nothing confirms that its owner wrote; they are counted and not shown
	Together     bool                 // the message names the conversations in Others as well as its own
	Linked       *desk.Conversation   // the conversation that the mail's evidence named and whose customer the sender is not
	Attachments  []message.Attachment // of the message, with content
	HTML         string               // the message as it was written, unsanitised, where it says the same as its text
	Copies       []message.Address    // who else the mail was sent to, by its To and Cc
	Also         []string             // names of our other mailboxes that the mail was sent to
	Signature    string               // below the text
	Quoted       string               // what the mail quotes that the conversation does not hold
	Encrypted    bool                 // the text cannot be read here
	AskedReply   string               // where the sender asked for answers, if it is another address than the customer's
	Unchecked    string               // why nobody could say who sent the mail, a clause; "" where it was checked
	Acknowledged string               // what the customer was told at once; "" is nothing
	New          bool                 // the message opened the conversation
	Reopened     bool                 // the conversation had been solved
	Happened     *page.Callout        // what an agent arranged, instead of what the message's kind says
	Previous     string               // Message-ID of the notification before this one
	Fetched      int                  // the agent asked for it, and History goes up to this message; 0: nobody asked
}

// summary is what a digest says of the mail, should so many come that it is merged.
func (n *notification) summary() desk.Summary {
	said, cut := cutText(n.msg.Text, maxSaid)
	s := desk.Summary{From: page.Excerpt(n.who(), 80), Subject: subject(n.conv.Subject), FirstLines: page.Excerpt(n.msg.Text, summaryFirstLine), Kind: string(n.mailKind())}
	if n.msg.Kind != desk.KindCustomer || n.conv.Customer.Address == "" {
		return s
	}
	s.Alone = n.more.New && !cut && len(n.more.Attachments) == 0 && len(n.more.Others) == 0 && n.more.Linked == nil && n.more.AskedReply == "" && !n.more.Encrypted && n.msg.Verified && n.more.Quoted == ""
	for i, o := range n.more.Suggestions {
		if o.Internal {
			continue
		}
		if s.Offer.Article = o.Article; !s.Alone || o.Score < kb.Likely {
			break // a digest sends it to nobody, and every write of the item would pay for it
		}
		s.Said = said
		part, more := shownPart(o)
		s.Offer = desk.Offer{Number: i + 1, Article: o.Article, Title: page.Excerpt(o.Title, maxShownTitle), Why: whyOffered(o, ""), Text: part, More: more, Likely: o.Score, Language: o.Language}
		break
	}
	return s
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

// document is the page, from its state down to how it is answered.
func (n *notification) document() page.Document {
	var blocks []page.Block
	add := func(b ...page.Block) { blocks = append(blocks, b...) }
	add(page.ReplyLine{Hint: firstLine(n.turn(), n.kind(), n.conv), Strong: n.customer() + "."})
	band := n.band()
	add(band)
	add(n.warnings()...)
	add(n.new()...)
	add(n.attachments()...)
	switch n.msg.Kind {
	case desk.KindCustomer:
		if n.thanks() {
			break // to be read, and no more
		}
		add(n.person()...)
		add(n.notes()...)
		add(n.offered...)
		add(n.before()...)
	case desk.KindAutomatic:
		add(n.person()...)
	case desk.KindAnswer:
		add(n.reason("The mail that was answered. ", desk.KindCustomer)...)
	case desk.KindBounce, desk.KindComplaint:
		add(n.reason("The answer. ", desk.KindAnswer)...)
		add(n.notes()...)
	case desk.KindArranged:
		add(n.notes()...)
		add(n.before()...)
	}
	add(page.Small{Text: n.small()})
	preheader := band.Title
	if n.msg.Kind != desk.KindArranged {
		preheader += ". " + page.Excerpt(n.msg.Text, 140)
	}
	return page.Document{Lang: "en", Preheader: preheader, Blocks: blocks}
}

// new are the words that the mail is written for.
func (n *notification) new() (out []page.Block) {
	text, cut := cutText(n.msg.Text, maxShownText)
	at := n.w.day(n.msg.At)
	switch {
	case n.msg.Kind == desk.KindArranged && n.more.Happened != nil:
		return nil
	case n.msg.Kind == desk.KindNote:
		out = append(out, page.Team{Who: n.who(), When: at, Text: text})
	case n.msg.Kind == desk.KindAnswer:
		out = append(out, page.Message{Who: n.who() + " to " + n.customer(), When: at, Text: text, HTML: n.html})
	case n.msg.Kind == desk.KindBounce, n.msg.Kind == desk.KindComplaint:
		out = append(out, page.Message{Who: "What the mail system said", When: at, Text: unlinked(text)})
	default:
		out = append(out, page.Message{Who: n.who() + " wrote", When: at, Text: n.pictured(text), HTML: n.html})
	}
	if cut || n.msg.TextCut {
		out = append(out, page.Paragraph{Text: "The text is longer than a mail should be, so it is cut here. The whole mail is kept."})
	}
	out = append(out, n.below("Their signature", n.more.Signature, maxSignature)...)
	return append(out, n.below("They quote", n.more.Quoted, maxQuoted)...)
}

// unlinked writes the addresses of a text so that no program makes a link of them,
// which would lead past the desk.
func unlinked(text string) string {
	words := strings.Split(text, " ")
	for i, w := range words {
		if at := strings.LastIndexByte(w, '@'); at > 0 && at < len(w)-1 {
			words[i] = aloud(w)
		}
	}
	return strings.Join(words, " ")
}

// below shows what stood under the new text and cannot be seen elsewhere: the
// phone number in a signature, the invoice that is spoken of.
func (n *notification) below(what, text string, most int) []page.Block {
	if text, _ = cutText(text, most); text == "" {
		return nil
	}
	return []page.Block{page.Quote{Who: what, Text: text}}
}

// band says what the mail is and whose turn it is.
func (n *notification) band() page.Band {
	tone := page.Info
	if n.conv.State == desk.StateOpen && n.msg.Kind == desk.KindCustomer {
		tone = page.Turn
	}
	if h := n.more.Happened; h != nil {
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
	if n.more.Reopened {
		b.Text = openAgain
	}
	return b
}

// thanks reports whether a mail does nothing but thank, and nobody waits for us.
func (n *notification) thanks() bool { return n.msg.Thanks && n.conv.State != desk.StateOpen }

// thanked says that a mail does nothing but thank, and what happens then.
func (n *notification) thanked() page.Band {
	b := page.Band{Title: "Nothing to do: a thank-you", Text: asksNothing}
	if due := n.conv.Due; n.conv.State == desk.StateAnswered && !due.IsZero() {
		b.Text += " This closes by itself on " + n.w.local(due).Format("Mon 2 Jan") + "."
	}
	return b
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
	if name := page.Excerpt(p.Name, 80); name != "" {
		return name
	}
	if a := page.Excerpt(p.Address, 120); a != "" {
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
	if s = page.Excerpt(strings.NewReplacer("/", "_", `\`, "_").Replace(s), 120); s == "" {
		return "unnamed"
	}
	return s
}

func (n *notification) attachments() []page.Block {
	files := n.more.Attachments
	if len(files) == 0 {
		return nil
	}
	left := make(map[string]bool, len(n.left))
	for _, a := range n.left {
		left[a.SHA256+"/"+a.Filename] = true
	}
	var items []string
	files = slices.DeleteFunc(slices.Clone(files), func(a message.Attachment) bool { return n.shown[a.SHA256+"/"+fileName(a.Filename)] })
	if len(files) == 0 {
		return nil // all stand in the text
	}
	for i, a := range files {
		if i == maxNamedFiles {
			items = append(items, fmt.Sprintf("and %d more", len(files)-i))
			break
		}
		line := fileName(a.Filename) + ", " + page.Size(int64(a.Size))
		if left[a.SHA256+"/"+a.Filename] {
			line += " (not sent along: too much for one mail; it is kept)"
		}
		items = append(items, line)
	}
	if len(items) == 1 {
		return []page.Block{page.Aside{Strong: "Attached:", Text: items[0] + "."}}
	}
	return []page.Block{page.Heading{Level: 3, Text: "Attached"}, page.Bullets{Items: items}}
}

// warnings are what an agent must know before answering.
func (n *notification) warnings() []page.Block {
	var out []page.Block
	warn := func(title, text string) {
		out = append(out, page.Callout{Tone: page.Warning, Title: title, Text: text})
	}
	if n.more.Linked != nil {
		out = append(out, n.stranger()...)
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
		warn("Answers are asked for at another address", "The sender asks for answers at "+aloud(page.Excerpt(n.more.AskedReply, 120))+
			". Your answer goes to the address that they wrote from all the same.")
	}
	return out
}

func addressOr(a, otherwise string) string {
	if a = page.Excerpt(a, 120); a == "" {
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
