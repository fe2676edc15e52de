package index

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/rollup"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/topics"
)

const (
	topicsKey = snapshots + "topics"
	// topicsEvery is how often new mails are put into topics.
	topicsEvery = time.Hour
	// written is after what time an event is taken to be written: clocks differ.
	written = 10 * time.Minute
	// mostTopics bounds the mails that are read in one go: a request each. Where there
	// are more, the next one goes on.
	mostTopics = 2000
	// mostTopicTime bounds how long one goes on, in all.
	mostTopicTime = 5 * time.Minute
)

// PutIntoTopics puts the first mails of new conversations into topics: of those that no
// article was offered for, which are topics by themselves. It may be called at any time,
// and does something once an hour. The log of events is the truth: without the book of
// topics the last year's mails are read anew, some at a time.
func (s *Service) PutIntoTopics(ctx context.Context) error {
	start := s.Now()
	if s.Store == nil || s.Model == nil || start.Before(s.topicsNext) {
		return nil
	}
	data, version, err := s.Bucket.Look(ctx, topicsKey)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("reading the topics: %w", err)
	}
	b := topics.Read(data)
	if next := b.Through.Add(written + topicsEvery); start.Before(next) {
		s.topicsNext = next
		return nil
	}
	more, err := s.readTopics(ctx, b, start)
	if err != nil {
		return fmt.Errorf("putting mails into topics: %w", err)
	}
	if data, err = b.Write(); err != nil {
		return err
	}
	switch err := s.Bucket.Swap(ctx, topicsKey, version, data); {
	case errors.Is(err, ErrMoved): // another was quicker
		return nil
	case err != nil:
		return fmt.Errorf("keeping the topics: %w", err)
	}
	if !more {
		s.topicsNext = start.Add(topicsEvery)
	}
	return nil
}

// readTopics reads on from where the book ends.
func (s *Service) readTopics(ctx context.Context, b *topics.Book, start time.Time) (more bool, err error) {
	until := start.Add(-written)
	stop := start.Add(mostTopicTime)
	if end, ok := ctx.Deadline(); ok && start.Add(end.Sub(start)/2).Before(stop) {
		stop = start.Add(end.Sub(start) / 2)
	}
	from, days, err := s.topicDays(ctx, b, until)
	if err != nil {
		return false, err
	}
	known, left := b.Knows(), mostTopics
	for _, d := range days {
		opened, err := s.openedOn(ctx, d, func(e desk.Event) bool {
			return !e.Recorded.Before(from) && e.Recorded.Before(until) && !known[string(e.Conversation)]
		})
		if err != nil {
			return false, err
		}
		for len(opened) > 0 {
			if left <= 0 || s.Now().After(stop) {
				return true, nil
			}
			n := min(len(opened), left, 200)
			if err := s.addToTopics(ctx, b, opened[:n]); err != nil {
				return false, err
			}
			b.Through, left, opened = opened[n-1].Recorded, left-n, opened[n:]
		}
		if end := d.Add(24 * time.Hour); end.After(b.Through) && end.Before(until) {
			b.Through = end
		}
	}
	b.Through = until
	return false, nil
}

// topicDays gives the UTC days that are to be read, and from when on. A day without
// events that is known to be one is left out.
func (s *Service) topicDays(ctx context.Context, b *topics.Book, until time.Time) (from time.Time, days []time.Time, err error) {
	dayOf := func(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }
	from = b.Through.Add(-again)
	first := until.AddDate(0, 0, -topics.PastDays)
	if from.After(first) {
		first = from
	}
	rolled, err := s.Store.Totals(ctx, first, until)
	if err != nil {
		return from, nil, err
	}
	events := map[time.Time]int{}
	for _, r := range rolled {
		events[r.Day.UTC()] = r.Events
	}
	if b.Through.IsZero() { // what was not rolled up is of the last days, or there is nothing
		first = dayOf(until).AddDate(0, 0, -2)
		if len(rolled) > 0 && rolled[0].Day.Before(first) {
			first = rolled[0].Day
		}
	}
	for d := dayOf(first); d.Before(until); d = d.AddDate(0, 0, 1) {
		if n, known := events[d]; !known || n > 0 {
			days = append(days, d)
		}
	}
	return from, days, nil
}

// openedOn gives the events of a UTC day that opened a conversation for which no article
// was offered, in order.
func (s *Service) openedOn(ctx context.Context, d time.Time, wanted func(desk.Event) bool) (out []desk.Event, err error) {
	offered := map[desk.ConversationID]bool{}
	opened := map[desk.ConversationID]time.Time{}
	each := func(e desk.Event) error {
		for _, t := range rollup.Topics(e, opened) {
			if e.Kind == desk.EventSuggested && t != "" {
				offered[e.Conversation] = true
			}
		}
		if e.Kind == desk.EventOpened && wanted(e) {
			out = append(out, e)
		}
		return nil
	}
	r, err := s.Store.RollUp(ctx, d)
	switch {
	case err == nil && rollup.Reads(r.Form):
		err = rollup.Unpack(r.Data, each)
	case err == nil || errors.Is(err, store.ErrNotFound):
		var events []desk.Event
		if events, err = s.Store.Day(ctx, d); err == nil {
			for _, e := range events {
				_ = each(e)
			}
		}
	}
	if err != nil {
		return nil, err
	}
	rest := out[:0]
	for _, e := range out {
		if !offered[e.Conversation] {
			rest = append(rest, e)
		}
	}
	return rest, nil
}

// addToTopics reads the mails that opened conversations, and adds them.
func (s *Service) addToTopics(ctx context.Context, b *topics.Book, opened []desk.Event) error {
	mails := make([]topics.Mail, len(opened))
	texts := make([]topics.Text, len(opened))
	for i, e := range opened {
		text, err := s.firstText(ctx, e.Conversation)
		if err != nil {
			return err
		}
		texts[i] = text
		mails[i] = topics.Mail{Conversation: string(e.Conversation), Mailbox: e.Mailbox, At: e.Recorded, Words: topics.Stems(text)}
	}
	next := make(chan int)
	var done sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		done.Go(func() {
			for i := range next {
				sense, wide := kb.Sense(s.Model, texts[i].Subject, texts[i].Text)
				mails[i].Meaning, mails[i].Encoder = sense, kb.ModelName(s.Model)
				if wide {
					mails[i].Encoder += ", wide"
				}
			}
		})
	}
	for i := range mails {
		if texts[i] != (topics.Text{}) {
			next <- i
		}
	}
	close(next)
	done.Wait()
	understood := mails[:0]
	for _, m := range mails {
		if len(m.Meaning) > 0 {
			understood = append(understood, m)
		}
	}
	b.Add(understood)
	return nil
}

// firstText is what a customer first wrote, without what is a person's.
func (s *Service) firstText(ctx context.Context, id desk.ConversationID) (topics.Text, error) {
	messages, err := s.Store.Messages(ctx, id, 1, 3)
	if errors.Is(err, store.ErrNotFound) {
		return topics.Text{}, nil
	}
	if err != nil {
		return topics.Text{}, err
	}
	for _, m := range messages {
		if m.Kind == desk.KindCustomer {
			names := []string{m.From.Name}
			return topics.Text{Subject: clean(m.Subject, names), Text: clean(m.Text, names)}, nil
		}
	}
	return topics.Text{}, nil
}

// Topics reads the book of topics; an empty one where there is none.
func Topics(ctx context.Context, b interface {
	Get(ctx context.Context, key string) ([]byte, error)
}) (*topics.Book, error) {
	data, err := b.Get(ctx, topicsKey)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, fmt.Errorf("reading the topics: %w", err)
	}
	return topics.Read(data), nil
}
