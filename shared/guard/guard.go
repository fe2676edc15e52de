package guard

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/email/replyaddr"
)

// Kind says what must not leave.
type Kind string

// The kinds of hits.
const (
	ReplyAddress    Kind = "reply-address"    // a signed address of ours that is not the customer's own
	Frame           Kind = "frame"            // a heading or line of our mail to agents
	Command         Kind = "command"          // a command on a line of its own
	AgentAddress    Kind = "agent-address"    // an agent's private address
	Note            Kind = "note"             // what an agent noted for the team
	InternalArticle Kind = "internal-article" // an article, or a passage of one, for the team alone
	InternalMark    Kind = "internal-mark"    // the mark of an article's passage for the team alone
	OtherCustomer   Kind = "other-customer"   // words of another customer
	CustomerAddress Kind = "customer-address" // another customer's address
	CustomerName    Kind = "customer-name"    // another customer's full name
	Unread          Kind = "beyond-bounds"    // what could not be looked through within MaxChecks
)

// Hit is one finding.
type Hit struct {
	Kind Kind
	// Span is the place as it stands in the mail, shortened to MaxSpan
	// characters; Words how many words it has.
	Span  string
	Words int
	// Where says in which part of the mail: "the text", "the file label.txt".
	Where string
	// Source is where it comes from, for a note or another customer's words.
	Source Source
}

// Source is a message that a hit comes from.
type Source struct {
	Conversation desk.ConversationID
	Sequence     int
	Who          string // whose words
	At           time.Time
}

// MaxSpan is how many characters of a hit are shown.
const MaxSpan = 160

// MaxChecks bounds what one mail may cost. A check is what a MAC costs, some 2 µs;
// text costs one for four bytes, what is no text one for 200. So a mail takes two
// seconds at most, whatever is packed into it; people's take a few thousand.
const MaxChecks = 1_000_000

const bytesPerCheck, rawPerCheck = 4, 200

// maxHits bounds what one mail is told of.
const maxHits = 8

// Final reports whether no confirmation lets it leave: a reply address opens
// conversations to whoever has it, and no answer needs one.
func (h Hit) Final() bool { return h.Kind == ReplyAddress }

// Known is what a mail to a customer is compared with.
type Known struct {
	Keys     *replyaddr.Keyring
	Now      time.Time
	Settings *desk.Settings
	// Conversation is the one that the mail belongs to.
	Conversation desk.Conversation
	// Messages are the conversation's own, those of conversations linked with
	// it, and those of other conversations that the writer's mailbox was shown.
	// Whose they are is seen by themselves.
	Messages []desk.Message
	// Public are texts that anybody may read, such as articles. Internal are texts
	// for the team alone, such as internal articles, by their titles.
	Public   []string
	Internal map[string]string
	// Allowed tells what may leave all the same, because a person decided so; nil
	// allows nothing. What is Final is not asked about.
	Allowed func(Hit) bool
	// Frame are phrases of our mail to agents, in lower case with single spaces.
	Frame []string
}

// Comparer finds in a letter what must not reach the customer; [Known] is one. It is
// a seam, so that a program whose mail is for the team alone holds none of what
// comparing takes: it reads files and mails of every kind.
type Comparer interface {
	// Compare gives what it found. frames are phrases of our mail to agents.
	Compare(l compose.Letter, frames []string) []Hit
}

// Compare is Check with what is known and these phrases of our mail to agents.
func (k *Known) Compare(l compose.Letter, frames []string) []Hit {
	known := *k
	known.Frame = frames
	return Check(l, known)
}

// Check compares a mail to a customer with all that must not reach them. No hit
// means that it may leave. Time is linear in the mail and in what is known.
func Check(l compose.Letter, known Known) []Hit {
	c := newCheck(known)
	c.checks = MaxChecks
	all, beyond := pieces(l, &c.checks)
	for _, p := range all {
		c.piece(p)
		if c.checks < 0 && beyond == "" {
			beyond = p.where
		}
		if len(c.hits) >= maxHits {
			break
		}
	}
	if beyond != "" {
		c.hit(Hit{Kind: Unread, Span: beyond, Words: 1, Where: beyond})
	}
	return c.hits
}

// check is one comparison.
type check struct {
	Known
	own    string   // what the customer wrote, folded, with its words apart by single spaces
	other  []string // addresses of other customers
	others *library
	notes  *library
	inside *library // internal articles
	short  []whole  // notes that are shorter than a shingle
	names  []whole  // full names of other customers
	hits   []Hit
	checks int // that are left; below zero: not all was looked at
}

// whole is a short note or a name: it is found as a whole.
type whole struct {
	words  []word
	source Source
}

// leastNote is how many words a note must have to be looked for.
const leastNote = 4

func newCheck(k Known) *check {
	c := &check{Known: k}
	public := make([][]word, 0, len(k.Messages)+len(k.Public)+1)
	var own strings.Builder
	learn := func(text string) { public = append(public, words(text)) }
	learn(k.Conversation.Subject)
	own.WriteString(folded(k.Conversation.Subject) + "\n" + folded(k.Conversation.Customer.Name) + "\n")
	for _, text := range k.Public {
		learn(text)
	}
	for _, m := range k.Messages {
		switch {
		case k.mine(m):
			learn(m.Subject)
			learn(m.Text)
			own.WriteString(folded(m.Subject+"\n"+m.Text) + "\n")
		case m.Kind == desk.KindAnswer && m.Conversation == k.Conversation.ID:
			learn(unquoted(m.Text))
			own.WriteString(folded(unquoted(m.Text)) + "\n")
		}
	}
	c.own = own.String()
	c.others, c.notes, c.inside = newLibrary(ofOthers, public), newLibrary(ofNotes, public), newLibrary(ofOthers, public)
	for _, title := range slices.Sorted(maps.Keys(k.Internal)) {
		c.inside.add(k.Internal[title], "", Source{Who: title})
	}
	c.inside.close()
	for _, m := range k.Messages {
		if m.Kind == desk.KindAnswer && m.Conversation != k.Conversation.ID {
			c.others.answer(unquoted(m.Text), m.Conversation, m.Sequence)
			c.notes.answer(unquoted(m.Text), m.Conversation, m.Sequence)
		}
	}
	seen := map[string]bool{}
	for _, m := range k.Messages {
		source := Source{Conversation: m.Conversation, Sequence: m.Sequence, Who: m.From.Name, At: m.At}
		switch {
		case k.mine(m) || m.Kind == desk.KindAnswer || m.Kind == desk.KindArranged:
		case m.Kind == desk.KindNote:
			c.notes.add(m.Text, "", source)
			if ws := words(m.Text); weigh(ws) >= full*leastNote && weigh(ws) < full*int32(ofNotes.words) {
				c.short = append(c.short, whole{ws, source})
			}
		default:
			if source.Who == "" {
				source.Who = m.From.Address
			}
			c.others.add(m.Subject+"\n"+m.Text, strings.ToLower(m.From.Address), source)
			if a := strings.ToLower(strings.TrimSpace(m.From.Address)); !seen[a] && c.private(a) {
				c.other = append(c.other, a)
				if m.Kind == desk.KindCustomer {
					c.name(m.From.Name, source)
				}
			}
			seen[strings.ToLower(strings.TrimSpace(m.From.Address))] = true
		}
	}
	c.others.close()
	c.notes.close()
	return c
}

// mine reports whether the customer who is written to wrote the message, or
// somebody whom an agent admitted to the conversation wrote it there, or
// whether it came from their mailbox.
func (k Known) mine(m desk.Message) bool {
	switch m.Kind {
	case desk.KindCustomer:
		return same(m.From.Address, k.Conversation.Customer.Address) || m.Conversation == k.Conversation.ID && k.Conversation.Admits(m.From.Address, same)
	case desk.KindAutomatic, desk.KindBounce, desk.KindComplaint:
		return m.Conversation == k.Conversation.ID
	}
	return false
}

func same(a, b string) bool { return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b)) }

// private reports whether an address is that of some customer, and not one
// which everybody knows or which the customer named.
func (c *check) private(address string) bool {
	if !strings.Contains(address, "@") || containsAddress(c.own, address) || c.Conversation.Admits(address, same) {
		return false
	}
	if c.Settings != nil {
		if _, ours := c.Settings.MailboxAt(address); ours {
			return false
		}
		if _, agent := c.Settings.AgentAt(address); agent {
			return false // looked for by itself
		}
	}
	for _, text := range c.Public {
		if containsAddress(folded(text), address) {
			return false
		}
	}
	return true
}

// name remembers another customer's full name, unless the team or the customer
// has it too.
func (c *check) name(name string, source Source) {
	ws := words(name)
	if len(ws) < 2 || weigh(ws) > full*5 || strings.Contains(c.own, folded(name)) {
		return
	}
	known := c.Public
	if c.Settings != nil {
		for _, a := range c.Settings.Agents {
			known = append(known[:len(known):len(known)], a.Name, a.PublicName)
		}
		for _, m := range c.Settings.Mailboxes {
			known = append(known[:len(known):len(known)], m.Name)
		}
	}
	for _, text := range known {
		if _, found := has(words(text), ws); found {
			return
		}
	}
	c.names = append(c.names, whole{ws, source})
}

// unquoted leaves out the lines that an answer quotes: they are a customer's.
func unquoted(text string) string {
	if !strings.Contains(text, ">") {
		return text
	}
	var out []string
	for _, line := range strings.Split(text, "\n") {
		if !strings.HasPrefix(strings.TrimSpace(line), ">") {
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n")
}

// hit records a finding, once.
func (c *check) hit(h Hit) {
	h.Span = page.Excerpt(h.Span, MaxSpan)
	if c.Allowed != nil && !h.Final() && c.Allowed(h) {
		return
	}
	for _, x := range c.hits {
		if x.Kind == h.Kind && x.Span == h.Span {
			return
		}
	}
	if len(c.hits) < maxHits {
		c.hits = append(c.hits, h)
	}
}
