package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store/engine"
)

// Place is an entry of a conversation, as reply addresses and Message-IDs name
// it. The entry need not be there; 0 names none.
type Place struct {
	Conversation desk.ConversationID
	Sequence     int
}

// mostHops bounds how often one answer is led on. Each arrangement leads to new
// numbers or back to the first ones, so there are no circles; this is the belt to
// the braces.
const mostHops = 64

// Place reads the conversation that an answer to the entry belongs to by now,
// and the entry's number there. Error: ErrNotFound; a permanent one where it
// would be led to another customer's conversation.
func (s *Store) Place(ctx context.Context, p Place) (desk.Conversation, Place, error) {
	c, err := s.Itself(ctx, p.Conversation)
	if err != nil {
		return c, p, err
	}
	return s.follow(ctx, c, p, nil)
}

// follow leads on from the place in the conversation c. known are conversations
// that were read already; what is read is added.
func (s *Store) follow(ctx context.Context, c desk.Conversation, p Place, known map[desk.ConversationID]desk.Conversation) (desk.Conversation, Place, error) {
	for range mostHops {
		into, at, elsewhere := c.Leads(p.Sequence)
		if !elsewhere {
			return c, p, nil
		}
		next, ok := known[into]
		if !ok {
			var err error
			if next, err = s.Itself(ctx, into); err != nil {
				return c, p, fmt.Errorf("following the arrangement of %s: %w", c.ID, err)
			}
			if known != nil {
				known[into] = next
			}
		}
		if !desk.SameCustomer(c, next) {
			return c, p, desk.Permanent(fmt.Errorf("the conversation %s leads to %s, which has another customer", c.ID, next.ID))
		}
		c, p = next, Place{into, at}
	}
	return c, p, desk.Permanent(fmt.Errorf("the conversation %s leads on without an end", c.ID))
}

// Itself reads a conversation as it is stored, be it joined into another or not.
// Error: ErrNotFound.
func (s *Store) Itself(ctx context.Context, id desk.ConversationID) (desk.Conversation, error) {
	item, err := s.one(ctx, conversationKey(id))
	if err != nil {
		return desk.Conversation{}, err
	}
	return toConversation(item)
}

// Recorded reads a message as it is stored under its conversation and number,
// whatever was arranged since. Error: ErrNotFound.
func (s *Store) Recorded(ctx context.Context, p Place) (desk.Message, error) {
	item, err := s.one(ctx, messageKey(p.Conversation, p.Sequence))
	if err != nil {
		return desk.Message{}, err
	}
	return toMessage(item)
}

// Conversation reads one conversation, consistently; of one that was joined into
// another, that one. Error: ErrNotFound.
func (s *Store) Conversation(ctx context.Context, id desk.ConversationID) (desk.Conversation, error) {
	c, err := s.Itself(ctx, id)
	if err != nil || c.Into == "" {
		return c, err
	}
	for range mostHops {
		if c.Into == "" {
			return c, nil
		}
		if c, err = s.Itself(ctx, c.Into); err != nil {
			return c, fmt.Errorf("the conversation that %s was joined into: %w", id, err)
		}
	}
	return c, desk.Permanent(fmt.Errorf("the conversation %s leads on without an end", id))
}

// arrange leads what a Lookup found to where it belongs by now. It costs nothing
// where nothing was arranged.
func (s *Store) arrange(ctx context.Context, l Lookup, f *Found) error {
	read := map[desk.ConversationID]desk.Conversation{}
	plain := true
	for id, c := range f.Conversations {
		read[id] = c
		plain = plain && len(c.Moves) == 0 && c.Into == "" && c.Arranged == 0
	}
	f.Places = map[Place]Place{}
	for _, p := range l.Places {
		f.Places[p] = p
	}
	if plain {
		return nil
	}
	f.Around = nil // as stored, which is not as shown
	lead := func(p Place) (Place, error) {
		c, ok := read[p.Conversation]
		if !ok {
			return p, nil
		}
		c, p, err := s.follow(ctx, c, p, read)
		if errors.Is(err, ErrNotFound) {
			return p, nil
		}
		if err == nil {
			f.Conversations[c.ID] = c
		}
		return p, err
	}
	for p := range f.Places {
		to, err := lead(p)
		if err != nil {
			return err
		}
		f.Places[p] = to
	}
	for id, ref := range f.MessageIDs {
		to, err := lead(Place{ref.Conversation, ref.Sequence})
		if err != nil {
			return err
		}
		ref.Conversation, ref.Sequence = to.Conversation, to.Sequence
		f.MessageIDs[id] = ref
	}
	for _, id := range l.Conversations {
		if c, ok := read[id]; ok && c.Into != "" {
			c, _, err := s.follow(ctx, c, Place{id, 0}, read)
			if err != nil {
				return err
			}
			f.Conversations[id] = c
		}
	}
	return nil
}

// Messages reads the messages of a conversation in the order of their numbers,
// from the number `from` on, at most limit (0: all): what agents arranged is
// done, see desk.Arranged. What was joined into another conversation is read
// there, under that one's id.
func (s *Store) Messages(ctx context.Context, id desk.ConversationID, from, limit int) ([]desk.Message, error) {
	q := engine.Query{Partition: conversationKey(id).Partition, From: messageSort(max(from, 1)), To: "message#" + afterAll}
	ask := limit
	if limit > 0 {
		ask++ // one more tells whether the end is reached
	}
	stored, err := collect(ctx, s, q, ask, toMessage)
	if err != nil {
		return nil, err
	}
	if limit > 0 && len(stored) > limit {
		// A later entry may have arranged these.
		c, err := s.Itself(ctx, id)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return nil, err
		}
		if c.Arranged < from {
			return stored[:limit], nil
		}
		if stored, err = collect(ctx, s, q, 0, toMessage); err != nil {
			return nil, err
		}
	}
	all, err := s.shown(ctx, id, stored, max(from, 1))
	return first(all, limit), err
}

// shown does what the entries arranged: it takes out what is elsewhere, and adds
// what is stored elsewhere.
func (s *Store) shown(ctx context.Context, id desk.ConversationID, stored []desk.Message, from int) ([]desk.Message, error) {
	if !slices.ContainsFunc(stored, func(m desk.Message) bool { return m.Kind == desk.KindArranged }) {
		return stored, nil
	}
	hidden := desk.HiddenIn(stored)
	var out []desk.Message
	for _, m := range stored {
		if !hidden(m.Sequence) {
			out = append(out, m)
		}
		for _, span := range m.Arranged.Included {
			got, err := s.span(ctx, id, span, from, hidden)
			if err != nil {
				return nil, err
			}
			out = append(out, got...)
		}
	}
	slices.SortStableFunc(out, func(a, b desk.Message) int { return a.Sequence - b.Sequence })
	return out, nil
}

// span reads a run of messages that are stored in another conversation.
func (s *Store) span(ctx context.Context, id desk.ConversationID, span desk.Span, from int, hidden func(int) bool) ([]desk.Message, error) {
	first, last := max(span.From, span.From+from-span.At), span.To
	for first <= last && hidden(span.At+first-span.From) {
		first++
	}
	if first > last {
		return nil, nil
	}
	q := engine.Query{Partition: conversationKey(span.Conversation).Partition, From: messageSort(first), To: messageSort(last)}
	got, err := collect(ctx, s, q, 0, toMessage)
	if err != nil {
		return nil, err
	}
	var out []desk.Message
	for _, m := range got {
		at := span.At + m.Sequence - span.From
		if hidden(at) {
			continue
		}
		m.Home = desk.Span{Conversation: span.Conversation, From: m.Sequence, To: m.Sequence}
		m.Conversation, m.Sequence, m.Part = id, at, span.Part
		out = append(out, m)
	}
	return out, nil
}
