package inbound

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/store"
)

// arrival is a mail on its way in: what it says, what was found out about it,
// and the record in the making.
type arrival struct {
	in       desk.Inbound
	mail     *email.Mail
	settings *desk.Settings
	mailbox  desk.Mailbox
	tokens   []named              // the signed addresses among the envelope recipients
	written  []named              // those in To, Cc and Delivered-To: words of the sender's
	quoted   []named              // those in the text
	cited    []string             // Message-IDs in the text
	anybody  bool                 // Threading.AnySender
	author   desk.Person          // who wrote; the address is "" where none can be answered
	single   string               // the one address of the one From field; "" if there is not exactly one
	verified bool                 // the receiving service vouches for author
	kind     automatic.Kind       // what it is where no person wrote it
	found    store.Found          // what the store knows
	released string               // the desk.Hold word of a mail that a person released; that check counts as passed
	sha256   string               // of the raw mail
	later    bool                 // who sent it is checked later
	asks     []*desk.Confirmation // what an agent is asked about it while it is held
	also     *store.Change        // then, what is committed with it
	from     *bringing            // the mail inside that an agent brought; else nil
	drafted  *drafted             // shared by all tries
}

// drafted is what a model wrote, once it was asked.
type drafted struct {
	asked bool
	draft *desk.Draft
	why   string // there is none
}

// named is a recipient that has the shape of a signed address.
type named struct {
	replyaddr.Token
	err   error        // of opening it: nil, or one of replyaddr's
	place *store.Place // where an answer belongs by now; nil until it was looked up
	boxes []string     // ids of the mailboxes whose address carries it
}

// genuine reports whether the address was made here, be it expired or not.
func (n named) genuine() bool { return n.err == nil || errors.Is(n.err, replyaddr.ErrExpired) }

func (n named) expired() bool { return errors.Is(n.err, replyaddr.ErrExpired) }

// names is the entry that the address was made for.
func (n named) names() store.Place {
	return store.Place{Conversation: desk.ConversationID(n.Conversation), Sequence: int(n.LastSeen)}
}

// conversation and seen are what the address names, as agents arranged it since.
func (n named) conversation() desk.ConversationID { return n.now().Conversation }
func (n named) seen() int                         { return n.now().Sequence }

func (n named) now() store.Place {
	if n.place != nil {
		return *n.place
	}
	return n.names()
}

// arrive finds out all that needs no store. The error is permanent.
func (s *Service) arrive(settings *desk.Settings, d Delivery, m *email.Mail, body []byte) (*arrival, error) {
	if len(settings.Mailboxes) == 0 {
		return nil, desk.Permanent(errors.New("no mailbox is configured, so nobody can be told of mail: add one to the configuration"))
	}
	a := &arrival{in: s.record(d), mail: m, settings: settings, kind: kindOf(m), drafted: &drafted{}, later: d.CheckedLater}
	a.chooseMailbox(d.Recipients)
	a.tokens = a.openTokens(s.Keys, d.Recipients, s.Now())
	a.anybody = s.Threading.AnySender
	if !a.anybody {
		a.written = a.openTokens(s.Keys, a.headerRecipients(), s.Now())
		a.readText(s.Keys, s.Now())
	}
	a.single = onlyFrom(m.Message)
	a.author = a.findAuthor(d.MailFrom)
	// The author belongs to it: a stranger who has a copy of a customer's mail
	// and is faster must not make hers a repetition of his.
	a.in.ContentHash = store.ContentHash(m.MessageID, append([]byte(canonical(a.author.Address)+"\n"), folded(body)...))
	if date := m.Header.Get("Date"); a.fromAgent() && strings.TrimSpace(date) != "" {
		a.in.SignedHash = store.ContentHash("date:"+string(folded([]byte(date))), append([]byte(canonical(a.author.Address)+"\n"), folded(body)...))
		a.in.SignedOnly = !a.proof().SPF
	}
	a.verified = d.Verdicts.Authenticated() && m.Origin.Rule == "from" && same(a.single, a.author.Address)
	return a, nil
}

// again gives a fresh copy to decide on, so that a second try begins anew.
func (a *arrival) again() *arrival {
	b := *a
	return &b
}

// chooseMailbox takes the first recipient that is one of ours. Where none is
// (the service names no recipients, or an alias leads here that nobody
// configured) the mail still came to us, and the first mailbox takes it.
func (a *arrival) chooseMailbox(recipients []string) {
	a.mailbox = a.settings.Mailboxes[0]
	for _, r := range recipients {
		if mb, ok := a.settings.MailboxAt(bare(r)); ok {
			a.mailbox = mb
			break
		}
	}
	a.in.Mailbox = a.mailbox.ID
}

func (a *arrival) openTokens(keys *replyaddr.Keyring, recipients []string, now time.Time) (out []named) {
	var bases []string
	for _, mb := range a.settings.Mailboxes {
		bases = append(append(bases, mb.ReplyBase, mb.Address), mb.Aliases...)
	}
	for _, r := range recipients {
		if text, base, ok := replyaddr.Find(bases, r); ok {
			t, err := keys.Open(text, now)
			out = append(out, named{Token: t, err: err, boxes: a.carriers(base)})
		}
	}
	return out
}

// carriers are the mailboxes whose addresses are built on the base: several may
// share a domain for replies.
func (a *arrival) carriers(base string) (ids []string) {
	for _, mb := range a.settings.Mailboxes {
		for _, own := range append([]string{mb.ReplyBase, mb.Address}, mb.Aliases...) {
			if strings.EqualFold(own, base) {
				ids = append(ids, mb.ID)
				break
			}
		}
	}
	return ids
}

// lookup names what one request should find. The mail's own id comes first,
// then what it answers, the newest first.
func (a *arrival) lookup() store.Lookup {
	l := store.Lookup{Inbound: a.in.ID, ContentHash: a.in.ContentHash}
	if a.in.SignedOnly {
		l.SignedHash = a.in.SignedHash
	}
	seen := map[string]bool{}
	add := func(id string) {
		if id != "" && len(id) <= maxIDLength && !seen[id] && len(l.MessageIDs) < store.MaxLookup {
			seen[id] = true
			l.MessageIDs = append(l.MessageIDs, id)
		}
	}
	add(a.mail.MessageID)
	add(a.mail.Automatic.Original.MessageID)
	for _, list := range [][]string{a.answered(), a.cited, a.words()} {
		for _, id := range list {
			add(id)
		}
	}
	for _, t := range slices.Concat(a.tokens, a.written, a.quoted) {
		if t.genuine() && t.Purpose != replyaddr.Confirm && t.Purpose != replyaddr.Notice {
			l.Places = append(l.Places, t.names())
		}
	}
	return l
}

// claimed reports whether a system only names the author. Anybody can type an
// address into a form: no earlier conversation of that address is looked for,
// shown, linked or joined, unless the mail itself names one.
func (a *arrival) claimed() bool { return a.from == nil && a.mail.Origin.Claimed() }

// answersTo is where the mail asks for answers, "" where that is its author's address.
func (a *arrival) answersTo() string {
	if r := a.mail.Origin.ReplyTo; a.from == nil && usable(r) && !same(r, a.author.Address) {
		return r
	}
	return ""
}

// answersWhere reports whether the mail asks for answers where the conversation's
// first mail did.
func (a *arrival) answersWhere(c desk.Conversation) bool {
	return canonical(a.answersTo()) == canonical(c.ReplyTo)
}

// findAuthor names who wrote: the person that the origin rules found, else the
// Sender field, else the envelope sender. An address that nobody can be
// answered at is left out, and so is our own: a mail from there would be
// answered in a circle. The name stays.
func (a *arrival) findAuthor(mailFrom string) desk.Person {
	m := a.mail
	name := clip(page.OneLine(m.Origin.Author.Name), maxName)
	candidates := []string{m.Origin.Author.Address, m.Sender.Address}
	if path := bare(mailFrom); path != "" && len(a.tokens) == 0 {
		candidates = append(candidates, path)
	}
	for _, c := range candidates {
		if _, ours := a.settings.MailboxAt(c); usable(c) && !ours {
			return desk.Person{Name: name, Address: c}
		}
	}
	if name == "" {
		name = clip(page.OneLine(m.Origin.Author.Address), maxName)
	}
	return desk.Person{Name: name}
}

// kindOf gives what a mail is when no person wrote it. What a group or a host
// added while passing a person's mail on does not make it a list's; a contact
// form's mail is written by a machine and is a customer's all the same.
func kindOf(m *email.Mail) automatic.Kind {
	k := m.Automatic.Kind
	switch {
	case !m.Origin.Forwarded:
		return k
	case k == automatic.List, k == automatic.Bulk:
		return automatic.Person
	case m.Origin.Written() && (k == automatic.Notification || k == automatic.AutoReply) && m.Inside == nil && m.Origin.Rule != "via":
		return automatic.Person
	}
	return k
}

// body is what stands behind the first empty line, without the line ends that
// some servers add to or take from a mail's end.
func body(raw []byte) []byte {
	crlf, lf := bytes.Index(raw, []byte("\r\n\r\n")), bytes.Index(raw, []byte("\n\n"))
	switch {
	case crlf >= 0 && (lf < 0 || crlf < lf):
		raw = raw[crlf+4:]
	case lf >= 0:
		raw = raw[lf+2:]
	}
	return bytes.TrimRight(raw, "\r\n")
}

// fromAgent tells of mail to an address that agents alone were given.
func (a *arrival) fromAgent() bool {
	return slices.ContainsFunc(a.tokens, func(t named) bool { return t.err == nil && t.Purpose.FromAgent() })
}

// folded leaves out white space: signatures let it be changed on the way (RFC 6376
// section 3.4.4), and what was carried out once is not to be carried out again for
// a blank more.
func folded(body []byte) []byte {
	out := make([]byte, 0, len(body))
	for _, b := range body {
		if b != ' ' && b != '\t' && b != '\r' && b != '\n' && b != '\f' && b != '\v' {
			out = append(out, b)
		}
	}
	return out
}

// clip shortens a text to so many bytes, at a character.
func clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}
