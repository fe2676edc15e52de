package probe

import (
	"context"
	"encoding/binary"
	"errors"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/home"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
)

// Every is the time between two probes.
const Every = 30 * time.Minute

// goodFor is how long after it was sent a probe that comes back is told of.
const goodFor = 24 * time.Hour

// lookBack is how many times of probing back one may still be on its way, before
// another is sent all the same.
const lookBack = 48

// person is whom a probe's address is made for.
const person = "probe"

// Address is what a probe that is sent now is written to. The time stands in the
// place of a conversation's id, as microseconds since 1970.
func Address(keys *replyaddr.Keyring, mb desk.Mailbox, now time.Time) (string, error) {
	var at [8]byte
	binary.BigEndian.PutUint64(at[:], uint64(now.UnixMicro()))
	token, err := keys.Seal(replyaddr.Token{Purpose: replyaddr.Probe, Conversation: replyaddr.EncodeConversation([7]byte(at[1:])), Person: person, Mailbox: mb.ID, Expires: now.Add(goodFor)})
	if err != nil {
		return "", err
	}
	return replyaddr.Address(mb.ReplyBase, token), nil
}

// Sent says when the probe was sent that a recipient's address is of. genuine
// reports whether it is one of this desk's, good or expired; only a good one
// tells anything, and its time is not zero.
func Sent(keys *replyaddr.Keyring, settings *desk.Settings, recipient string, now time.Time) (at time.Time, genuine bool) {
	for _, mb := range settings.Mailboxes {
		text, _, ok := replyaddr.Find([]string{mb.ReplyBase}, recipient)
		if !ok {
			continue
		}
		t, err := keys.Open(text, now)
		if err != nil && !errors.Is(err, replyaddr.ErrExpired) || t.Purpose != replyaddr.Probe {
			continue
		}
		if t.Mailbox = mb.ID; !t.IsFor(keys, person) {
			continue
		}
		raw, convErr := replyaddr.DecodeConversation(t.Conversation)
		if convErr != nil || err != nil {
			return time.Time{}, true
		}
		at = time.UnixMicro(int64(binary.BigEndian.Uint64(append([]byte{0}, raw[:]...))))
		if now.Sub(at) > goodFor || at.After(now.Add(time.Minute)) {
			return time.Time{}, true
		}
		return at, true
	}
	return time.Time{}, false
}

// Service sends probes.
type Service struct {
	*home.Home
}

// Send records a probe of the first mailbox in the outbox, once in each time of
// Every. While the one before still waits to leave there is no other: when the way
// is mended they would all leave at once. awaited reports, once a time at least,
// that a probe is to come back: this one, or the one that waits, since a way out
// that is shut must not look like one that nobody tries.
func (s *Service) Send(ctx context.Context) (awaited bool, err error) {
	settings, err := s.Settings(ctx)
	if err != nil {
		return false, err
	}
	if len(settings.Mailboxes) == 0 {
		return false, nil
	}
	now := s.Now()
	slot := now.Truncate(Every)
	mb := settings.Mailboxes[0]
	id := func(n int) string {
		return desk.DerivedID("probe", slot.Add(-time.Duration(n)*Every).UTC().Format(time.RFC3339), mb.ID)
	}
	for n := range lookBack {
		item, err := s.Store.Outbox(ctx, id(n))
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return false, err
		}
		if n == 0 {
			return false, nil
		}
		if item.Due() {
			return true, nil
		}
		break
	}
	to, err := Address(s.Keys, mb, now)
	if err != nil {
		return false, err
	}
	ready, err := letters.Writer{Settings: settings, Keys: s.Keys, Now: now}.Probe(id(0), to, mb)
	if err != nil {
		return false, err
	}
	err = s.Recorder().Commit(ctx, &store.Change{}, []letters.Ready{ready}, now, desk.Occasion("probe", slot.UTC().Format(time.RFC3339)))
	if errors.Is(err, store.ErrConflict) { // another run was faster
		return false, nil
	}
	return err == nil, err
}

// Door stands before the service that receives mail, and keeps probes from it.
type Door struct {
	*home.Home
	// Closed is told of a probe that came: when it was sent, and when it was received.
	Closed func(sent, received time.Time)
}

// Keep takes the addresses of probes out of a mail's recipients. all reports that
// there are no others: the mail is a probe, and done with. A mail to a probe's
// address and to another one is a mail to the other.
func (d *Door) Keep(ctx context.Context, recipients []string, received time.Time) (rest []string, all bool, err error) {
	if len(recipients) == 0 {
		return recipients, false, nil
	}
	settings, err := d.Settings(ctx)
	if err != nil {
		return recipients, false, err
	}
	now := d.Now()
	var first time.Time
	for _, r := range recipients {
		at, genuine := Sent(d.Keys, settings, r, now)
		if !genuine {
			rest = append(rest, r)
		} else if !at.IsZero() {
			first = at
		}
	}
	if len(rest) == 0 && !first.IsZero() && d.Closed != nil {
		d.Closed(first, received)
	}
	return rest, len(rest) == 0, nil
}
