package metrics

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/redact"
	"github.com/replywell/replywell/shared/rollup"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/volume"
)

const (
	// shownRises and shownExamples bound what a report says of rises.
	shownRises    = 3
	shownExamples = 5
	// exampleLength bounds what is shown of one mail, in characters.
	exampleLength = 160
)

// rises tells for each mailbox of which concerns more came than their own past lets
// expect, as of the last whole day before the end in the team's zone.
func (s *Service) rises(ctx context.Context, settings *desk.Settings, end time.Time) (map[string][]letters.Rise, error) {
	z := zone(settings)
	local := end.In(z)
	stop := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, z)
	counts, err := s.concerns(ctx, stop, z)
	if err != nil {
		return nil, err
	}
	out := map[string][]letters.Rise{}
	for mailbox, byTopic := range counts {
		names := slices.Sorted(maps.Keys(byTopic))
		var topics []volume.Topic
		for _, n := range names {
			topics = append(topics, volume.Topic{Name: n, Counts: byTopic[n]})
		}
		found := volume.Rises(topics, stop.AddDate(0, 0, -1).Weekday())
		for _, r := range found[:min(shownRises, len(found))] {
			name := topics[r.Topic].Name
			since := stop.AddDate(0, 0, -r.Days)
			examples, ids, err := s.examples(ctx, mailbox, name, since, stop)
			if err != nil {
				return nil, err
			}
			out[mailbox] = append(out[mailbox], letters.Rise{Topic: topicName(name), Mails: r.Mails, Days: r.Days, Expected: r.Expected, Since: since, Examples: examples,
				Conversations: ids[:min(len(ids), desk.MaxBehind)]})
		}
	}
	return out, nil
}

// concerns counts the new concerns of each mailbox and topic by the team's days, of
// which the last ends at the moment.
func (s *Service) concerns(ctx context.Context, stop time.Time, z *time.Location) (map[string]map[string][]int, error) {
	heads, err := s.Store.Totals(ctx, stop.AddDate(0, 0, -kept), stop)
	if err != nil {
		return nil, fmt.Errorf("reading how many concerns there were: %w", err)
	}
	byDay := map[time.Time]rollup.Totals{}
	for _, h := range heads {
		if h.Form == rollup.Form {
			if byDay[h.Day.UTC()], err = rollup.UnpackTotals(h.Totals); err != nil {
				return nil, err
			}
		}
	}
	for d := stop.Add(-2 * day).UTC().Truncate(day); d.Before(stop); d = d.AddDate(0, 0, 1) { // what is not settled yet
		if byDay[d] == nil {
			events, err := s.RollUp(ctx, d)
			if err != nil {
				return nil, err
			}
			byDay[d] = rollup.Sum(events)
		}
	}
	// Days are counted back from the last one, by the calendar on the wall.
	last := stop.AddDate(0, 0, -1)
	noon := time.Date(last.Year(), last.Month(), last.Day(), 12, 0, 0, 0, time.UTC)
	ago := func(at time.Time) int {
		l := at.In(z)
		return int(noon.Sub(time.Date(l.Year(), l.Month(), l.Day(), 12, 0, 0, 0, time.UTC)) / day)
	}
	first := 0
	for d, t := range byDay {
		if len(t) > 0 {
			first = max(first, ago(d.Add(day-1)))
		}
	}
	out := map[string]map[string][]int{}
	for d, t := range byDay {
		for mailbox, topics := range t {
			for topic, list := range topics {
				for i := 0; i+1 < len(list); i += 2 {
					n := ago(d.Add(time.Duration(list[i]) * rollup.Quarter))
					if topic == "" || n < 0 || n > first {
						continue
					}
					if out[mailbox] == nil {
						out[mailbox] = map[string][]int{}
					}
					if out[mailbox][topic] == nil {
						out[mailbox][topic] = make([]int, first+1)
					}
					out[mailbox][topic][first-n] += list[i+1]
				}
			}
		}
	}
	return out, nil
}

// examples gives what some customers wrote about a topic, without what is a person's.
func (s *Service) examples(ctx context.Context, mailbox, topic string, from, to time.Time) (out []string, ids []desk.ConversationID, err error) {
	opened := map[desk.ConversationID]time.Time{}
	err = s.each(ctx, from, to, func(e desk.Event) {
		if slices.Contains(rollup.Topics(e, opened), topic) && e.Mailbox == mailbox && !slices.Contains(ids, e.Conversation) {
			ids = append(ids, e.Conversation)
		}
	})
	if err != nil {
		return nil, nil, err
	}
	slices.Reverse(ids) // the newest first
	for _, id := range ids {
		if len(out) == shownExamples {
			break
		}
		said, err := s.firstWords(ctx, id)
		if err != nil {
			return nil, nil, err
		}
		if said != "" && !slices.Contains(out, said) {
			out = append(out, said)
		}
	}
	return out, ids, nil
}

// firstWords is what a customer first wrote, without what is a person's; "" where it
// is gone.
func (s *Service) firstWords(ctx context.Context, id desk.ConversationID) (string, error) {
	list, err := s.Store.Messages(ctx, id, 1, 3)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("reading an example: %w", err)
	}
	for _, m := range list {
		if m.Kind == desk.KindCustomer {
			text := redact.Everything(m.Text, m.From.Name)
			return page.OneLine(page.Excerpt(text, exampleLength)), nil
		}
	}
	return "", nil
}

// topicName is what a person would call a topic.
func topicName(topic string) string {
	kind, name, _ := strings.Cut(topic, ":")
	if kind == "article" {
		name = strings.ReplaceAll(name[strings.LastIndex(name, "/")+1:], "-", " ")
		if name != "" {
			r, size := utf8.DecodeRuneInString(name)
			name = string(unicode.ToUpper(r)) + name[size:]
		}
	}
	return name
}
