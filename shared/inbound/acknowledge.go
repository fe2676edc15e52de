package inbound

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/asks"
	"github.com/replywell/replywell/shared/email/langid"
	"github.com/replywell/replywell/shared/guard"
	"github.com/replywell/replywell/shared/language"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/outbox"
	"github.com/replywell/replywell/shared/store"
)

const (
	// acknowledgedFor is the window in which one sender gets one acknowledgement.
	acknowledgedFor = 24 * time.Hour
	// helpFrom is how likely an article must be the right one to be shown to a
	// customer without an agent having looked. docs/suggestions-figures.md says what that
	// confidence has been worth.
	helpFrom = 0.9
	// longestHelp bounds the article, in bytes; a longer one is no help at a glance.
	longestHelp = 1500
)

// acknowledge writes the acknowledgement to whoever opened a conversation, if
// the mailbox sends any and nothing speaks against it. nil is none.
func (s *Held) acknowledge(ctx context.Context, settings *desk.Settings, e *entry) (*letters.Ready, error) {
	f := e.Facts
	encrypted := e.encrypted()
	if encrypted && (e.Linked != nil || f.Released != "" || !f.Answerable || e.message.Kind != desk.KindCustomer) {
		return nil, nil
	}
	if !encrypted && (!e.Mailbox.Acknowledge || !e.New || e.Linked != nil || f.Released != "" || !f.Acknowledgeable || e.message.Kind != desk.KindCustomer) {
		return nil, nil
	}
	now, author := s.Now(), f.Author.Address
	what := author
	if encrypted { // asked once beside it
		what = "encrypted " + author
	}
	id, before := acknowledgementID(what, now), acknowledgementID(what, now.Add(-acknowledgedFor))
	for _, known := range []string{id, before} {
		item, err := s.Store.Outbox(ctx, known)
		switch {
		case errors.Is(err, store.ErrNotFound):
		case err != nil:
			return nil, fmt.Errorf("looking for an earlier acknowledgement: %w", err)
		case known == id || now.Sub(item.Created) < acknowledgedFor:
			return nil, nil
		}
	}
	room, err := s.Recorder().Room(ctx, e.conv.ID, now, author)
	if err != nil || !room {
		return nil, err
	}
	said := acknowledgement(e)
	if encrypted {
		said = letters.Acknowledged{Answers: e.message.MessageID, Language: e.tongue(), Encrypted: true}
	}
	ready, err := s.Writer(settings).Acknowledgement(id, e.Mailbox, e.conv, said)
	switch {
	case desk.IsPermanent(err): // agents hear of the mail in any case
		return nil, nil
	case err != nil:
		return nil, err
	}
	e.acknowledged = &said
	return &ready, nil
}

// acknowledgementID is the one outbox item that acknowledges an address's mail
// in a stretch of time: two mails at once cannot both write it.
func acknowledgementID(address string, at time.Time) string {
	return desk.DerivedID(string(desk.OutboxAcknowledgement), store.AddressBudget(address), fmt.Sprint(at.Unix()/int64(acknowledgedFor/time.Second)))
}

// acknowledgement is what the customer is told: in the customer's own language,
// where that is sure, and with an article, where one helps.
func acknowledgement(e *entry) letters.Acknowledged {
	text := e.message.Subject + "\n" + e.message.Text
	a := letters.Acknowledged{Answers: e.message.MessageID, Language: langid.Of(text), Person: asks.Person(text)}
	if len(e.offered) > 0 && !a.Person && helps(e.offered[0], language.Base(letters.Tongue(a.Language, e.Mailbox)), text, len(e.message.Attachments) > 0) {
		a.Help = &e.offered[0]
	}
	return a
}

// encrypted reports whether nobody here can read the mail.
func (e *entry) encrypted() bool {
	w := e.Facts.Mail.Wrapper
	return w == "smime-encrypted" || w == "pgp-encrypted"
}

// tongue is the language of a mail of which the subject alone can be read: that of what
// its author wrote before, where that is known.
func (e *entry) tongue() string {
	for _, m := range slices.Backward(e.history) {
		if m.Kind == desk.KindCustomer {
			if l := langid.Of(m.Subject + "\n" + m.Text); l != "" {
				return l
			}
		}
	}
	return langid.Of(e.message.Subject)
}

// gives is what a mail gives that an answer may ask for: a number, a code.
var gives = regexp.MustCompile(`\p{L}{0,4}[-#]?\d{4,}|\b[A-Z0-9]+-[A-Z0-9-]*\d|\b\p{L}+\d+\p{L}*\d`)

// helps reports whether a customer may be shown an article at once: the best one, for
// everybody to read, in the language of the mail, short, and almost certainly
// right. None that begins by asking for something where the mail gives a number or a
// file: to be asked for what one has just written is worse than to wait.
func helps(o desk.Suggestion, tongue, text string, files bool) bool {
	written := o.Language
	if written == "" {
		written = langid.Of(o.Reply)
	}
	switch {
	case o.Score < helpFrom, o.Internal, strings.TrimSpace(o.Reply) == "", len(o.Reply) > longestHelp:
		return false
	case written != "" && language.Base(written) != tongue:
		return false
	case asks.First(o.Reply) && (files || gives.MatchString(text)):
		return false
	}
	return !desk.StrayMark(o.Title) && !desk.StrayMark(o.Reply)
}

// commitWith writes a change with the mails it causes and, where there is one,
// an acknowledgement. One that holds what must not reach the customer is left
// out; nothing else waits for it.
func (s *Held) commitWith(ctx context.Context, settings *desk.Settings, e *entry, c *store.Change, acknowledgement *letters.Ready, tell []letters.Ready) error {
	if acknowledgement == nil {
		return s.commit(ctx, c, tell...)
	}
	known := &guard.Known{Keys: s.Keys, Now: s.Now(), Settings: settings, Conversation: e.conv, Messages: []desk.Message{e.message}}
	if h := e.acknowledged.Help; h != nil {
		known.Public = []string{h.Title, h.Reply}
	}
	return s.commitGuarded(ctx, known, c, *acknowledgement, tell)
}

// commitGuarded writes a change with a mail that goes outside, compared with what is
// known; if that holds anything, the mail is left out.
func (s *Held) commitGuarded(ctx context.Context, known *guard.Known, c *store.Change, outside letters.Ready, tell []letters.Ready) error {
	r := s.Recorder()
	r.Guard = known
	err := r.Commit(ctx, c, append([]letters.Ready{outside}, tell...), s.Now(), c.Inbound.ID)
	var leak *outbox.LeakError
	if errors.As(err, &leak) {
		return s.commit(ctx, c, tell...)
	}
	return err
}
