package store

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/replywell/replywell/shared/desk"
)

// Shown names a message that an agent's mailbox was shown: its conversation
// and its number, in few bytes, for many are kept.
type Shown string

// Show names the message.
func Show(id desk.ConversationID, sequence int) Shown {
	return Shown(string(id) + ":" + strconv.Itoa(sequence))
}

func (s Shown) parts() (id desk.ConversationID, sequence int) {
	conv, n, _ := strings.Cut(string(s), ":")
	sequence, _ = strconv.Atoi(n)
	return desk.ConversationID(conv), sequence
}

// MaxShown bounds the messages that are kept of what an agent was shown, the
// last of each conversation; beyond it the oldest is forgotten. What is read of
// them and of linked conversations fits into one request (engine.MaxGet).
const MaxShown = 40

// Of so many conversations that were shown last, so many messages before the one
// that was shown are read as well, for a mail to an agent tells what happened so
// far, and one after it, which often is the agent's answer.
const (
	readClosely = 10
	shownBefore = 3
	shownAfter  = 1
)

// Show adds a message of which the agent is told.
func (n *Notified) Show(id desk.ConversationID, sequence int) {
	if id == "" || sequence < 1 {
		return
	}
	n.Shown = slices.DeleteFunc(slices.Clone(n.Shown), func(s Shown) bool {
		other, _ := s.parts()
		return other == id
	})
	n.Shown = append(n.Shown, Show(id, sequence))
	n.Shown = n.Shown[max(0, len(n.Shown)-MaxShown):]
}

// MaxListed bounds the messages, and the articles, that are kept of what lists and
// transcripts showed an agent. They are read in one request, where there are any.
const MaxListed = 40

// List adds what a mail shows that is no notification: entries of a list, a transcript,
// articles that were asked for.
func (n *Notified) List(item desk.OutboxItem) {
	for _, l := range item.Lists {
		if l.Conversation != "" && l.Sequence > 0 {
			n.Listed = latest(n.Listed, Show(l.Conversation, l.Sequence))
		}
	}
	for _, id := range item.Offers {
		n.Offered = latest(n.Offered, id)
	}
}

// latest puts a thing behind the others, once, and forgets the oldest above MaxListed.
func latest[T comparable](list []T, x T) []T {
	list = append(slices.DeleteFunc(slices.Clone(list), func(y T) bool { return y == x }), x)
	return list[max(0, len(list)-MaxListed):]
}

// Bounds of what is read of conversations that are linked with another.
const (
	maxLinked      = 4
	linkedMessages = 5
)

// AroundAgent reads what an agent who answers in the conversation may have at
// hand beside it: the messages of other conversations that the agent's mailbox
// was shown last, with what stands around the latest of them, and the last
// messages of the conversations that this one is linked with. Two requests,
// however many there are, and a third where lists or transcripts were mailed to the agent:
// what those showed is read as well. articles are the ids of those that were mailed for
// words. agent may be "".
func (s *Store) AroundAgent(ctx context.Context, agent string, conv desk.Conversation) (messages []desk.Message, articles []string, err error) {
	linked := conv.Linked[max(0, len(conv.Linked)-maxLinked):]
	first := newKeySet()
	if agent != "" {
		first.add(notifiedKey(agent))
	}
	for _, id := range linked {
		first.add(conversationKey(id))
	}
	items, err := s.get(ctx, first.list)
	if err != nil {
		return nil, nil, err
	}
	keys, listed := newKeySet(), newKeySet()
	if item, ok := items[notifiedKey(agent)]; ok {
		n, err := toNotified(item)
		if err != nil {
			return nil, nil, err
		}
		articles = n.Offered
		for _, shown := range n.Listed {
			listed.add(messageKey(shown.parts()))
		}
		for i, shown := range n.Shown {
			id, sequence := shown.parts()
			first, last := sequence, sequence
			if i >= len(n.Shown)-readClosely {
				first, last = sequence-shownBefore, sequence+shownAfter
			}
			for k := max(1, first); k <= last && id != conv.ID; k++ {
				keys.add(messageKey(id, k))
			}
		}
	}
	for _, id := range linked {
		if item, ok := items[conversationKey(id)]; ok {
			c, err := toConversation(item)
			if err != nil {
				return nil, nil, err
			}
			for n := max(1, c.Messages-linkedMessages+1); n <= c.Messages; n++ {
				keys.add(messageKey(id, n))
			}
		}
	}
	for _, of := range []*keySet{keys, listed} {
		if items, err = s.get(ctx, of.list); err != nil {
			return nil, nil, err
		}
		for _, key := range of.list {
			if item, ok := items[key]; ok {
				m, err := toMessage(item)
				if err != nil {
					return nil, nil, err
				}
				messages = append(messages, m)
			}
		}
	}
	return messages, articles, nil
}
