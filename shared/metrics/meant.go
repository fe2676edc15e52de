package metrics

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/redact"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/topics"
	"github.com/replywell/replywell/shared/volume"
)

// meaning is what a topic begins with that was found by what mails mean.
const meaning = "meaning:"

// book reads what mails are about; an empty one where nobody has found that.
func (s *Service) book(ctx context.Context) (*topics.Book, error) {
	if s.Topics == nil {
		return &topics.Book{}, nil
	}
	return s.Topics(ctx)
}

// mostRead bounds the mails that are read to give a topic its name and its examples.
const mostRead = 25

// riseByMeaning tells of a rise of a topic that was found by what mails mean: with what
// came with it and near it, and by the name that its mails give.
// It is told once: where told has half of its mails already, ok is false.
func (s *Service) riseByMeaning(ctx context.Context, b *topics.Book, mailbox, topic string, r volume.Rise, begin, stop time.Time, told map[string]bool) (out letters.Rise, ok bool, err error) {
	since := stop.AddDate(0, 0, -r.Days)
	ids, mails, usual := b.Rise(strings.TrimPrefix(topic, meaning), mailbox, begin, since, stop)
	out = letters.Rise{Mails: mails, Days: r.Days, Expected: r.Expected + usual, Since: since}
	again := 0
	for _, id := range ids {
		if told[id] {
			again++
		}
		told[id] = true
		if len(out.Conversations) < desk.MaxBehind {
			out.Conversations = append(out.Conversations, desk.ConversationID(id))
		}
	}
	if again > 0 && 2*again >= len(ids) {
		return out, false, nil
	}
	var texts []topics.Text
	for _, id := range ids[:min(len(ids), mostRead)] {
		t, err := s.firstMail(ctx, desk.ConversationID(id))
		if err != nil {
			return out, false, err
		}
		if t != (topics.Text{}) {
			texts = append(texts, t)
		}
		out.Examples = withExample(out.Examples, t.Text)
	}
	if out.Topic = topics.Name(texts, b.Background()); out.Topic == "" {
		out.Topic = "One kind of mail, of which no example is left"
		if len(out.Examples) > 0 {
			out.Topic = page.Excerpt(out.Examples[0], 60)
		}
	}
	return out, true, nil
}

// withExample adds what a mail says, if there is room and none says the same.
func withExample(examples []string, text string) []string {
	said := page.OneLine(page.Excerpt(text, exampleLength))
	if len(examples) == shownExamples || said == "" {
		return examples
	}
	for _, e := range examples {
		if e == said {
			return examples
		}
	}
	return append(examples, said)
}

// firstMail is what a customer first wrote, without what is a person's; empty where it
// is gone.
func (s *Service) firstMail(ctx context.Context, id desk.ConversationID) (t topics.Text, err error) {
	list, err := s.Store.Messages(ctx, id, 1, 3)
	if errors.Is(err, store.ErrNotFound) {
		return t, nil
	}
	if err != nil {
		return t, fmt.Errorf("reading an example: %w", err)
	}
	for _, m := range list {
		if m.Kind == desk.KindCustomer {
			return topics.Text{Subject: redact.Everything(m.Subject, m.From.Name), Text: redact.Everything(m.Text, m.From.Name)}, nil
		}
	}
	return t, nil
}
