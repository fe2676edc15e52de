package letters

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/email/replyaddr"
)

// How long reply addresses are good. An agent's opens the way to a customer, so
// it lives shorter; a customer may answer an old mail and must still be heard.
// Delivery reports come within days (RFC 5321 section 4.5.4.1: 4 to 5).
const (
	AgentAddressGood    = 180 * 24 * time.Hour
	CustomerAddressGood = 3 * 365 * 24 * time.Hour
	BounceAddressGood   = 60 * 24 * time.Hour
)

// LoopHeader names the header field that marks every mail of ours with the
// mailbox it came from. A mail that comes in with it is our own.
const LoopHeader = "X-Loop"

// Writer writes letters. It is a value: make one where settings, keys and the
// time are at hand.
type Writer struct {
	Settings *desk.Settings
	Keys     *replyaddr.Keyring
	Now      time.Time
	// Zone is the IANA name of the time zone in which moments are written; "" is the team's.
	Zone string
}

// Ready is a letter that can be sent. Item is complete but for State,
// NotBefore, Created and CausedBy; Raw belongs into the blob store under Item.Raw.
type Ready struct {
	Item   desk.OutboxItem
	Letter compose.Letter // what Raw was written from
	Raw    []byte
	// Linked are files that the letter has links to: its reader gets them, so they are
	// compared with what must not reach a customer as what is attached is.
	Linked []compose.Attachment
}

// Queued completes the item for the outbox, caused by that mail: due at once,
// unless it says when it is due.
func (r Ready) Queued(now time.Time, cause string) *desk.OutboxItem {
	item := r.Item
	if item.NotBefore.Before(now) {
		item.NotBefore = now
	}
	item.State, item.Created, item.CausedBy = desk.OutboxPending, now, cause
	return &item
}

// finish renders a letter and fills in what the item takes from it. The
// letter's id, date, loop mark and, where it is to an agent, its standing
// headers are set here. An error is permanent: the letter cannot be written.
func (w Writer) finish(item desk.OutboxItem, mb desk.Mailbox, l compose.Letter) (Ready, error) {
	item.Mailbox = mb.ID
	item.MessageID = MessageID(item.ID, mb)
	l.MessageID, l.Date = item.MessageID, w.Now
	l.Headers = append(l.Headers, compose.Header{Name: LoopHeader, Value: mb.Address})
	if !slices.ContainsFunc(l.Headers, func(h compose.Header) bool { return h.Name == KindHeader }) {
		l.Headers = append(l.Headers, marks(kindOf(item), mb)...)
	}
	switch { // RFC 3834 section 5: a mail that no person decided to send says so.
	case item.Kind == desk.OutboxAnswer, item.Kind == desk.OutboxDepartment && item.Decided != "":
	case item.Kind == desk.OutboxAcknowledgement:
		l.AutoSubmitted, l.SuppressAutoResponse = "auto-replied", true
	default:
		l.AutoSubmitted, l.SuppressAutoResponse = "auto-generated", true
	}
	raw, err := compose.Render(l)
	if err != nil {
		return Ready{}, desk.Permanent(fmt.Errorf("writing the %s %s: %w", item.Kind, item.ID, err))
	}
	item.To = item.To[:0:0]
	for _, a := range append(l.To[:len(l.To):len(l.To)], l.Cc...) {
		item.To = append(item.To, a.Address)
	}
	// The same item can be written twice with another content (when two mails
	// of one conversation met); a blob is never changed, so the key says which.
	sum := sha256.Sum256(raw)
	item.Raw = "out/" + item.ID + "-" + hex.EncodeToString(sum[:4])
	item.Size = len(raw)
	return Ready{Item: item, Letter: l, Raw: raw}, nil
}

// sealed makes a signed address of the mailbox.
func (w Writer) sealed(mb desk.Mailbox, purpose replyaddr.Purpose, conv desk.ConversationID, person string, seen int, good time.Duration) (string, error) {
	return w.seal(mb, replyaddr.Token{Purpose: purpose, Conversation: string(conv), Person: person, LastSeen: replyaddr.Seen(seen), Expires: w.Now.Add(good)})
}

func (w Writer) seal(mb desk.Mailbox, t replyaddr.Token) (string, error) {
	t.Mailbox = mb.ID
	token, err := w.Keys.Seal(t)
	if err != nil {
		return "", desk.Permanent(fmt.Errorf("making a reply address of the mailbox %s: %w", mb.ID, err))
	}
	base := mb.ReplyBase
	if base == "" {
		base = mb.Address
	}
	return replyaddr.Address(base, token), nil
}

// AgentAddress is where an agent's answer to a mail goes that showed the
// conversation up to the message `seen`.
func (w Writer) AgentAddress(mb desk.Mailbox, conv desk.ConversationID, agent desk.Agent, seen int) (string, error) {
	return w.sealed(mb, replyaddr.Agent, conv, agent.ID, seen, AgentAddressGood)
}

// CustomerAddress is where a customer's answer goes.
func (w Writer) CustomerAddress(mb desk.Mailbox, conv desk.Conversation, seen int) (string, error) {
	return w.sealed(mb, replyaddr.Customer, conv.ID, conv.Customer.Address, seen, CustomerAddressGood)
}

// BounceAddress is the envelope sender of a mail to a person: an agent's id or
// the customer's address. seen is the sequence of the message it carries.
func (w Writer) BounceAddress(mb desk.Mailbox, conv desk.ConversationID, person string, seen int) (string, error) {
	return w.sealed(mb, replyaddr.Bounce, conv, person, seen, BounceAddressGood)
}

// MessageID is the Message-ID under which an outbox item is composed, without
// angle brackets. A carrier may replace it.
func MessageID(outbox string, mb desk.Mailbox) string { return outbox + "@" + domain(mb) }

// AgentThread is the id that the References of all mails to one agent about
// one conversation begin with. No mail bears it; clients build a thread on it
// all the same (RFC 5256, REFERENCES, step 1).
func AgentThread(mb desk.Mailbox, conv desk.ConversationID, agent string) string {
	return "c." + string(conv) + "." + agent + "@" + domain(mb)
}

// AgentSubject is the subject of every mail to an agent about a conversation.
func AgentSubject(conv desk.Conversation) string {
	return "[" + conv.ID.Reference() + "] " + subject(conv.Subject)
}

// When writes a moment in the team's time zone, for those who compose what a
// letter says.
func (w Writer) When(t time.Time) string { return w.when(t) }

// when writes a moment in the team's time zone.
func (w Writer) when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return page.When(w.local(t))
}

// day writes a moment for whoever reads it today: without the year where it is
// plain, in the team's time zone.
func (w Writer) day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	form := "Mon 2 Jan, 15:04"
	if t = w.local(t); w.Now.Sub(t).Abs() > 300*24*time.Hour {
		form = "Mon 2 Jan 2006, 15:04"
	}
	return t.Format(form)
}

// clock writes a moment near by: the time, with the day where it is not today's.
func (w Writer) clock(t time.Time) string {
	t, now := w.local(t), w.local(w.Now)
	form := "15:04"
	switch {
	case t.Sub(now).Abs() > 6*24*time.Hour:
		form = "Mon 2 Jan, 15:04"
	case t.YearDay() != now.YearDay() || t.Year() != now.Year():
		form = "Mon 15:04"
	}
	return t.Format(form)
}

// local puts a moment into the time zone.
func (w Writer) local(t time.Time) time.Time {
	if w.Settings == nil {
		return t.UTC()
	}
	z, err := time.LoadLocation(cmp.Or(w.Zone, w.Settings.Report.TimeZone))
	if err != nil {
		return t.UTC()
	}
	return t.In(z)
}
