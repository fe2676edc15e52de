package metrics

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/rollup"
	"github.com/replywell/replywell/shared/topics"
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
func (s *Service) rises(ctx context.Context, settings *desk.Settings, b *topics.Book, end time.Time) (map[string][]letters.Rise, error) {
	z := zone(settings)
	local := end.In(z)
	stop := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, z)
	counts, days, err := s.concerns(ctx, b, stop, z)
	if err != nil {
		return nil, err
	}
	begin := stop.AddDate(0, 0, -days)
	out := map[string][]letters.Rise{}
	for mailbox, byTopic := range counts {
		names := slices.Sorted(maps.Keys(byTopic))
		var list []volume.Topic
		for _, n := range names {
			list = append(list, volume.Topic{Name: n, Counts: byTopic[n]})
		}
		found := volume.Rises(list, stop.AddDate(0, 0, -1).Weekday())
		told := map[string]bool{}
		for _, r := range found {
			if len(out[mailbox]) == shownRises {
				break
			}
			name := list[r.Topic].Name
			if strings.HasPrefix(name, meaning) {
				rise, ok, err := s.riseByMeaning(ctx, b, mailbox, name, r, begin, stop, told)
				if err != nil {
					return nil, err
				}
				if ok {
					out[mailbox] = append(out[mailbox], rise)
				}
				continue
			}
			since := stop.AddDate(0, 0, -r.Days)
			examples, ids, err := s.examples(ctx, mailbox, name, since, stop)
			if err != nil {
				return nil, err
			}
			article, _ := strings.CutPrefix(name, "article:")
			if article == name {
				article = ""
			}
			out[mailbox] = append(out[mailbox], letters.Rise{Topic: topicName(name), Article: article, Mails: r.Mails, Days: r.Days, Expected: r.Expected, Since: since, Examples: examples,
				Conversations: ids[:min(len(ids), desk.MaxBehind)]})
		}
	}
	for mailbox, list := range out {
		for i, r := range list {
			if d, ok := settings.OwnerOf(mailbox, r.Topic); ok {
				list[i].Owner = d.Name
			}
		}
	}
	return out, nil
}

// concerns counts the new concerns of each mailbox and topic by the team's days, of
// which the last ends at the moment, and tells how many days those are. Where nobody has
// said what a concern is about, the book of topics does.
func (s *Service) concerns(ctx context.Context, b *topics.Book, stop time.Time, z *time.Location) (out map[string]map[string][]int, days int, err error) {
	heads, err := s.Store.Totals(ctx, stop.AddDate(0, 0, -kept), stop)
	if err != nil {
		return nil, 0, fmt.Errorf("reading how many concerns there were: %w", err)
	}
	byDay := map[time.Time]rollup.Totals{}
	for _, h := range heads {
		if rollup.Reads(h.Form) {
			if byDay[h.Day.UTC()], err = rollup.UnpackTotals(h.Totals); err != nil {
				return nil, 0, err
			}
		}
	}
	begun, err := s.begun(ctx)
	if err != nil {
		return nil, 0, err
	}
	for d := stop.Add(-2 * day).UTC().Truncate(day); d.Before(stop); d = d.AddDate(0, 0, 1) { // what is not settled yet
		if byDay[d] == nil && !d.Before(begun) && !d.After(s.Now()) {
			events, err := s.RollUp(ctx, d)
			if err != nil {
				return nil, 0, err
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
	out = map[string]map[string][]int{}
	count := func(mailbox, topic string, at time.Time, mails int) {
		n := ago(at)
		if n < 0 || n > first {
			return
		}
		if out[mailbox] == nil {
			out[mailbox] = map[string][]int{}
		}
		if out[mailbox][topic] == nil {
			out[mailbox][topic] = make([]int, first+1)
		}
		out[mailbox][topic][first-n] += mails
	}
	b.Each(func(topic, mailbox string, at time.Time) { count(mailbox, meaning+topic, at, 1) })
	for d, t := range byDay {
		for mailbox, named := range t {
			for topic, list := range named {
				for i := 0; i+1 < len(list) && topic != ""; i += 2 {
					count(mailbox, topic, d.Add(time.Duration(list[i])*rollup.Quarter), list[i+1])
				}
			}
		}
	}
	return out, first + 1, nil
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
		said, err := s.firstMail(ctx, id)
		if err != nil {
			return nil, nil, err
		}
		out = withExample(out, said.Text)
	}
	return out, ids, nil
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
