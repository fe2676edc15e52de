package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store/engine"
)

// Retention of what is kept for a while only.
const (
	keepContent      = 30 * 24 * time.Hour  // a duplicate comes within days
	keepAgents       = 200 * 24 * time.Hour // an agent's mail must not be carried out again while its reply address is good
	keepOutbox       = 90 * 24 * time.Hour  // after it left: complaints come within weeks
	keepNotified     = 90 * 24 * time.Hour  // after the last one; windows are minutes, but mail stays in an agent's mailbox
	keepBudget       = 2 * desk.AutomaticWindow
	keepConfirmation = 90 * 24 * time.Hour // after it can no longer be answered: whoever answers then is told so
)

// Settles is how long after a UTC day nothing of it can be written any more: an
// event that is written later is recorded as of then.
const Settles = time.Hour

// part is one write of a change, with what is needed when it does not hold.
type part struct {
	write engine.Write
	// droppable: a MessageRef, where the id leads somewhere already, or a turn that is noted
	// with others; the change stands without it.
	droppable bool
}

// Commit writes a change: all of it or nothing. Errors: ErrAlreadyDone,
// ErrConflict; a permanent one where a value is too large for an item or the
// change has too many parts.
//
// Message ids that lead somewhere already are left as they are and do not
// count as a conflict.
func (s *Store) Commit(ctx context.Context, c *Change) error {
	parts, err := s.parts(c)
	if err != nil {
		return err
	}
	for len(parts) > 0 {
		writes := make([]engine.Write, len(parts))
		for i, p := range parts {
			writes[i] = p.write
		}
		err := s.engine.Write(ctx, writes...)
		var conflict *engine.ConflictError
		if errors.As(err, &conflict) {
			// Each round leaves out at least one part, so there is an end to it.
			if parts, err = s.settle(ctx, c, parts, conflict); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return fmt.Errorf("committing to the store: %w", err)
		}
		break
	}
	c.countUp()
	return nil
}

// settle looks at what did not hold, and gives the parts to try again with.
func (s *Store) settle(ctx context.Context, c *Change, parts []part, conflict *engine.ConflictError) ([]part, error) {
	if len(conflict.Failed) == 0 {
		return withoutTurn(c, parts, conflict)
	}
	drop := map[int]bool{}
	var lasting error
	for _, i := range conflict.Failed {
		p := parts[i]
		switch {
		case p.droppable:
			drop[i] = true
		case p.write.Item.Kind == kindInbound:
			done, err := s.isDone(ctx, p)
			if err != nil {
				return nil, err
			}
			if done {
				return nil, ErrAlreadyDone
			}
			lasting = conflict
		case p.write.Item.Kind == kindContent:
			// Our own from an earlier try of the same mail is no duplicate.
			first, err := s.contentOf(ctx, p.write.Item.Key)
			if err != nil {
				return nil, err
			}
			ours, err := toContent(p.write.Item)
			if err != nil {
				return nil, err
			}
			if first == ours {
				drop[i] = true
			} else {
				lasting = conflict
			}
		default:
			lasting = conflict
		}
	}
	if lasting != nil {
		return nil, lasting
	}
	var rest []part
	for i, p := range parts {
		if !drop[i] {
			rest = append(rest, p)
		}
	}
	return rest, nil
}

// withoutTurn leaves out a turn that may go unnoted, where that alone met another
// transaction. Of all else nobody knows yet whether the other one will stand.
func withoutTurn(c *Change, parts []part, conflict *engine.ConflictError) (rest []part, err error) {
	if !c.Turn || len(conflict.Met) != 1 || parts[conflict.Met[0]].write.Item.Kind != kindRota {
		return nil, conflict
	}
	return slices.Delete(slices.Clone(parts), conflict.Met[0], conflict.Met[0]+1), nil
}

// isDone reports whether the record of a mail that was to be new is there, so
// that the mail was processed before.
func (s *Store) isDone(ctx context.Context, p part) (bool, error) {
	if p.write.If != engine.IfAbsent {
		return false, nil
	}
	found, err := s.get(ctx, []engine.Key{p.write.Item.Key})
	if err != nil || len(found) == 0 {
		return false, err
	}
	in, err := toInbound(found[p.write.Item.Key])
	return err == nil && in.Outcome != "", err
}

// parts turns a change into writes.
func (s *Store) parts(c *Change) ([]part, error) {
	b := builder{now: s.now(), keep: s.Keep, since: c.Since}
	if c.Inbound != nil {
		b.inbound(c.Inbound, c.ContentHash)
	}
	for _, in := range c.Settled {
		content := ""
		if in.Version == 0 { // the mail that decided it: should it come by another way as well, it is a repetition
			content = in.ContentHash
		}
		b.inbound(in, content)
	}
	if c.Conversation != nil {
		b.conversation(c.Conversation)
	}
	for _, other := range c.Others {
		b.conversation(other)
	}
	for _, m := range c.Messages {
		b.message(m, 0)
	}
	for _, m := range c.Confirmed {
		m.Verified = true
		b.message(m, 1)
	}
	b.messageIDs(c)
	for _, o := range c.Outbox {
		b.outbox(o)
	}
	b.budgets(c)
	b.causes(c)
	b.blocks(c)
	b.same(c)
	for _, x := range c.Confirmations {
		b.confirmation(x)
	}
	for i := range c.Events {
		b.event(&c.Events[i])
	}
	if c.Notified != nil {
		b.notified(c.Notified)
	}
	if c.Rota != nil {
		b.add(kindRota, rotaKey(), c.Rota.Version, storedRota(*c.Rota), func(p *part) { p.droppable = c.Turn })
	}
	return b.parts, b.err
}

// builder collects parts, and the first error.
type builder struct {
	now   time.Time
	keep  time.Duration
	since time.Time // of Change
	parts []part
	err   error
}

// add puts one value into the change: new at version 0, else as it was read.
func (b *builder) add(kind string, key engine.Key, version int64, stored any, more func(*part)) {
	item, err := pack(kind, key, version+1, stored)
	if err != nil {
		b.err = errors.Join(b.err, err)
		return
	}
	p := part{write: engine.Write{Item: item, If: engine.IfVersion, Old: version}}
	if version == 0 {
		p.write.If, p.write.AsOf = engine.IfAbsent, b.now
	}
	if more != nil {
		more(&p)
	}
	if textual[kind] && b.keep > 0 && p.write.Item.Expires.IsZero() {
		from := b.now
		if !b.since.IsZero() {
			from = b.since
		}
		p.write.Item.Expires = from.Add(b.keep)
	}
	b.parts = append(b.parts, p)
}

// textual are the kinds that hold what people wrote or who wrote it, and that
// nothing else gives an end.
var textual = map[string]bool{kindConversation: true, kindMessage: true, kindInbound: true, kindMessageID: true, kindTie: true, kindSame: true}

func (b *builder) inbound(in *desk.Inbound, contentHash string) {
	if in.Recorded.IsZero() {
		in.Recorded = b.now
	}
	b.add(kindInbound, inboundKey(in.ID), in.Version, storedInbound(*in), func(p *part) {
		p.write.Item.Index[byTime-1] = heldIndex(*in)
		if in.Outcome == desk.OutcomeHeld || in.Outcome == desk.OutcomeDropped {
			p.write.Item.Expires = in.KeptUntil
		}
	})
	if in.SignedHash != "" && (in.Outcome == desk.OutcomeAgent || in.Outcome == desk.OutcomeRefused) {
		b.add(kindContent, contentKey(in.SignedHash), 0, storedContent{Inbound: in.ID}, func(p *part) {
			p.droppable = !in.SignedOnly
			p.write.Item.Expires = b.now.Add(keepAgents)
		})
	}
	if contentHash == "" || in.Outcome == desk.OutcomeDuplicate {
		return
	}
	b.add(kindContent, contentKey(contentHash), 0, storedContent{Inbound: in.ID}, func(p *part) {
		p.write.Item.Expires = b.now.Add(keepContent)
		if in.Outcome == desk.OutcomeAgent || in.Outcome == desk.OutcomeRefused {
			p.write.Item.Expires = b.now.Add(keepAgents)
		}
	})
}

func (b *builder) conversation(c *desk.Conversation) {
	b.add(kindConversation, conversationKey(c.ID), c.Version, storedConversation(*c), func(p *part) {
		p.write.Item.Index = [2]engine.Key{customerIndex(*c), dueIndex(*c)}
	})
}

// message puts a message into the change, new at version 0.
func (b *builder) message(m desk.Message, version int64) {
	if m.Sequence < 1 {
		b.err = errors.Join(b.err, desk.Permanent(fmt.Errorf("a message of %s has sequence number %d; the first is 1", m.Conversation, m.Sequence)))
		return
	}
	b.add(kindMessage, messageKey(m.Conversation, m.Sequence), version, storedMessage(m), nil)
}

// messageIDs records where ids lead. The composed id of an outgoing mail is
// recorded with the mail, once: later changes that name it again need not try.
// A mail that a carrier gave an id of its own is found by that id's left part
// too, whatever domain it bears.
func (b *builder) messageIDs(c *Change) {
	refs, claimed := map[engine.Key]MessageRef{}, map[engine.Key]bool{}
	for _, id := range c.Claims {
		claimed[messageIDKey(NormalMessageID(id))] = true
	}
	put := func(id string, ref MessageRef) {
		if id = NormalMessageID(id); id != "" {
			if _, taken := refs[messageIDKey(id)]; !taken {
				refs[messageIDKey(id)] = ref
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(c.MessageIDs)) {
		ref := c.MessageIDs[id]
		put(id, ref)
		for _, o := range c.Outbox {
			if ref.Outgoing && o.SentID != "" && o.ID == ref.Outbox {
				put(leftPart(NormalMessageID(o.SentID)), ref)
			}
		}
	}
	for _, o := range c.Outbox {
		if o.Version == 0 {
			put(o.MessageID, MessageRef{Conversation: o.Conversation, Sequence: o.Sequence, Outgoing: true, Outbox: o.ID})
		} else if key := messageIDKey(NormalMessageID(o.MessageID)); refs[key].Outbox == o.ID {
			delete(refs, key)
		}
	}
	for _, key := range slices.SortedFunc(maps.Keys(refs), func(a, b engine.Key) int { return strings.Compare(a.Partition, b.Partition) }) {
		b.add(kindMessageID, key, 0, storedMessageID(refs[key]), func(p *part) { p.droppable = !claimed[key] })
	}
}

func (b *builder) outbox(o *desk.OutboxItem) {
	b.add(kindOutbox, outboxKey(o.ID), o.Version, storedOutbox(*o), func(p *part) {
		p.write.Item.Index[byTime-1] = laneIndex(*o)
		if !o.Due() {
			p.write.Item.Expires = b.now.Add(keepOutbox)
		}
	})
}

func (b *builder) confirmation(c *desk.Confirmation) {
	b.add(kindConfirmation, confirmationKey(c.ID), c.Version, storedConfirmation(*c), func(p *part) {
		p.write.Item.Expires = c.Expires.Add(keepConfirmation)
	})
}

func (b *builder) event(e *desk.Event) {
	if e.ID == "" {
		b.err = errors.Join(b.err, desk.Permanent(fmt.Errorf("an event of kind %s has no id", e.Kind)))
		return
	}
	// A held mail that is let in days later is recorded then: its day is told and packed.
	if e.Recorded.Before(b.now.Add(-Settles / 2)) {
		e.Recorded = b.now
	}
	e.Schema = desk.EventSchema
	// An event is never changed; what is written again under its id is the same.
	b.add(kindEvent, eventKey(*e), 0, storedEvent(*e), func(p *part) {
		p.write.If = engine.Always
		p.write.Item.Index[byTime-1] = lessonIndex(*e)
	})
}

// causes adds causes and what is tied to them. Of two who write one at once either holds.
func (b *builder) causes(c *Change) {
	always := func(p *part) { p.write.If = engine.Always }
	for _, x := range c.Causes {
		b.add(kindCause, causeKey(x.Name), 0, storedCause(x), always)
	}
	for _, t := range c.Ties {
		b.add(kindTie, engine.Key{Partition: tiePartition(t.Cause), Sort: string(t.Conversation)}, 0, storedTie(t), always)
	}
}

func (b *builder) notified(n *Notified) {
	b.add(kindNotified, notifiedKey(n.Agent), n.Version, storedNotified(*n), func(p *part) {
		p.write.Item.Expires = b.now.Add(keepNotified)
	})
}

// Join adds to the change what another one holds beside conversations and mails:
// the record of another mail, confirmations, events, where ids lead.
func (c *Change) Join(other *Change) {
	if other == nil {
		return
	}
	if other.Inbound != nil {
		c.Settled = append(c.Settled, other.Inbound)
	}
	c.Settled = append(c.Settled, other.Settled...)
	c.Confirmations = append(c.Confirmations, other.Confirmations...)
	c.Events = append(c.Events, other.Events...)
	c.Blocks = append(c.Blocks, other.Blocks...)
	c.Same = append(c.Same, other.Same...)
	if c.Rota == nil {
		c.Rota, c.Turn = other.Rota, other.Turn
	}
	if c.MessageIDs == nil {
		c.MessageIDs = map[string]MessageRef{}
	}
	for id, ref := range other.MessageIDs {
		if _, taken := c.MessageIDs[id]; !taken {
			c.MessageIDs[id] = ref
		}
	}
}

func (c *Change) countUp() {
	if c.Inbound != nil {
		c.Inbound.Version++
	}
	if c.Conversation != nil {
		c.Conversation.Version++
	}
	for _, other := range c.Others {
		other.Version++
	}
	for _, in := range c.Settled {
		in.Version++
	}
	for _, x := range c.Confirmations {
		x.Version++
	}
	for _, o := range c.Outbox {
		o.Version++
	}
	if c.Notified != nil {
		c.Notified.Version++
	}
	if c.Rota != nil {
		c.Rota.Version++
	}
	for _, x := range c.Budgets {
		x.Version++
	}
}

// keepLifted is how long the item of a block stays that was lifted: no function may
// remove items.
const keepLifted = 24 * time.Hour

// same writes what was said of addresses as it is: what stands there gives way.
func (b *builder) same(c *Change) {
	for _, x := range c.Same {
		b.add(kindSame, sameKey(x.Address), 0, storedSame(x), func(p *part) { p.write.If = engine.Always })
	}
}

// blocks writes blocks as they are: what stands there gives way.
func (b *builder) blocks(c *Change) {
	for _, x := range c.Blocks {
		b.add(kindBlock, blockKey(x.Sender), 0, storedBlock(x), func(p *part) {
			p.write.If = engine.Always
			if x.Lifted {
				p.write.Item.Expires = b.now.Add(keepLifted)
			}
		})
	}
}
