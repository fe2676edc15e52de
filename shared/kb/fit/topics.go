package main

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/kb/encoders"
	"github.com/replywell/replywell/shared/kb/terms"
	"github.com/replywell/replywell/shared/topics"
	"github.com/replywell/replywell/shared/volume"
)

// What is measured of topics: a set's mails come in the course of a year, each once and by
// chance; but half of the mails of one intent come in its last days. Each intent is that
// one in turn.
const (
	topicYear   = 365
	topicSpike  = 5    // days
	topicPart   = 0.5  // of the intent's mails
	topicPasses = 0.80 // of mails that are to be in the topic, and of the topic's
)

// topicSets are the sets that topics are measured on. The constants of topics were
// chosen on the first; the second is the one left out.
var topicSets = []string{"dstc11_insurance", "banking77"}

type topicMail struct {
	intent  string
	text    topics.Text
	meaning []float32
	day     int
}

// table reads a file of tab-separated lines.
type table func(path string) ([]map[string]string, error)

// measureTopics prints how good topics are, on each set for so many intents.
func measureTopics(read table, dir string, intents int) error {
	for i, set := range topicSets {
		mails, err := topicMails(read, filepath.Join(dir, set))
		if err != nil {
			return err
		}
		fmt.Printf("%s, %s: %d mails\n", set, [...]string{"the constants were chosen on it", "left out"}[i], len(mails))
		measureTopicsOf(mails, intents)
	}
	return nil
}

func topicMails(read table, dir string) (out []topicMail, err error) {
	for _, file := range []string{"queries.tsv", "history_full.tsv", "history_k5.tsv"} {
		if file == "history_k5.tsv" && len(out) > 2000 { // of which history_full has all
			continue
		}
		rs, err := read(filepath.Join(dir, file))
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, r := range rs {
			out = append(out, topicMail{intent: cmp.Or(r["gold"], r["article"]), text: topics.Text{Subject: r["subject"], Text: r["body"]}})
		}
	}
	var done sync.WaitGroup
	for part := range 2 {
		done.Go(func() {
			for i := part; i < len(out); i += 2 {
				out[i].meaning, _ = kb.Sense(encoders.Model(), out[i].text.Subject, out[i].text.Text)
			}
		})
	}
	done.Wait()
	return slices.DeleteFunc(out, func(m topicMail) bool { return m.meaning == nil }), nil
}

// topicOutcome is what became of one intent that rose.
type topicOutcome struct {
	intent, name          string
	alarmed               bool
	holds, of             float64 // of the intent's mails, those in the topic; of the topic's, those of the intent
	right, shown          int     // examples
	named                 bool    // a word of the name is one of the intent's
	precision, recall, b3 float64
	kept, asked, found    int // mails that kept their topic over a week; topics
}

func measureTopicsOf(mails []topicMail, most int) {
	var intents []string
	for _, m := range mails {
		if !slices.Contains(intents, m.intent) {
			intents = append(intents, m.intent)
		}
	}
	var all []topicOutcome
	for k, intent := range intents {
		if k >= most {
			break
		}
		o := playTopics(mails, intent, rand.New(rand.NewPCG(uint64(k), 5)))
		all = append(all, o)
		fmt.Printf("  %-48s holds %3.0f %%, %3.0f %% of it, examples %d of %d, called %q %v\n", o.intent, 100*o.holds, 100*o.of, o.right, o.shown, o.name, o.named)
	}
	sum := func(f func(o topicOutcome) bool) (n int) {
		for _, o := range all {
			if f(o) {
				n++
			}
		}
		return n
	}
	mean := func(f func(o topicOutcome) float64) (x float64) {
		for _, o := range all {
			x += f(o) / float64(len(all))
		}
		return x
	}
	n := len(all)
	holds, of := func(o topicOutcome) bool { return o.holds >= topicPasses }, func(o topicOutcome) bool { return o.of >= topicPasses }
	fmt.Printf("of %d intents: alarmed %d; the topic holds 80 %% of the mails %d (mean %.1f %%), 80 %% of it are of the intent %d (mean %.1f %%), both %d; four of five examples %d; a word of the name %d\n",
		n, sum(func(o topicOutcome) bool { return o.alarmed }), sum(holds), 100*mean(func(o topicOutcome) float64 { return o.holds }), sum(of), 100*mean(func(o topicOutcome) float64 { return o.of }),
		sum(func(o topicOutcome) bool { return holds(o) && of(o) }), sum(func(o topicOutcome) bool { return 5*o.right >= 4*o.shown && o.shown > 0 }), sum(func(o topicOutcome) bool { return o.named }))
	fmt.Printf("B-cubed precision %.3f, recall %.3f, F1 %.3f; %.0f topics for %d intents; %.1f %% of mails keep their topic over a week\n\n",
		mean(func(o topicOutcome) float64 { return o.precision }), mean(func(o topicOutcome) float64 { return o.recall }), mean(func(o topicOutcome) float64 { return o.b3 }),
		mean(func(o topicOutcome) float64 { return float64(o.found) }), len(intents), 100*mean(func(o topicOutcome) float64 { return float64(o.kept) / float64(max(1, o.asked)) }))
}

// playTopics plays a year in which an intent rises at the end.
func playTopics(mails []topicMail, intent string, r *rand.Rand) (o topicOutcome) {
	o.intent = intent
	y := &topicPlay{stream: rising(mails, intent, r), start: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	y.of = make([]int, len(y.stream))
	o.kept, o.asked = y.run()
	now := y.topicsOf(len(y.stream))
	counts := map[string][]int{}
	var gold, got []string
	for k, t := range now {
		gold = append(gold, y.stream[k].intent)
		if t == "" {
			got = append(got, fmt.Sprint("alone ", y.of[k]))
			continue
		}
		got = append(got, t)
		if counts[t] == nil {
			counts[t] = make([]int, topicYear)
		}
		counts[t][y.stream[k].day]++
	}
	o.found = len(counts)
	o.precision, o.recall, o.b3 = bCubed(gold, got)
	y.told(&o, counts, got)
	return o
}

// rising spreads mails over a year; of one intent the last part comes in its last days.
func rising(mails []topicMail, intent string, r *rand.Rand) []topicMail {
	stream := slices.Clone(mails)
	r.Shuffle(len(stream), func(i, j int) { stream[i], stream[j] = stream[j], stream[i] })
	size, seen := 0, 0
	for _, m := range stream {
		if m.intent == intent {
			size++
		}
	}
	for i := range stream {
		stream[i].day = r.IntN(topicYear)
		if stream[i].intent == intent {
			if seen++; float64(seen) > float64(size)*(1-topicPart) {
				stream[i].day = topicYear - 1 - r.IntN(topicSpike)
			}
		}
	}
	slices.SortStableFunc(stream, func(a, b topicMail) int { return a.day - b.day })
	return stream
}

// topicPlay is a year as it is put into topics, day by day.
type topicPlay struct {
	stream []topicMail
	start  time.Time
	book   topics.Book
	of     []int // the crumb of each mail
}

// run takes the year's mails in, and counts how many of those in a topic are in the
// same one a week later.
func (y *topicPlay) run() (kept, asked int) {
	var was []string
	i := 0
	for day := range topicYear {
		var some []topics.Mail
		for ; i < len(y.stream) && y.stream[i].day == day; i++ {
			some = append(some, topics.Mail{Conversation: strconv.Itoa(i), Mailbox: "m", At: y.start.AddDate(0, 0, day), Encoder: "e",
				Meaning: y.stream[i].meaning, Words: topics.Stems(y.stream[i].text)})
		}
		y.book.Add(some)
		for _, p := range y.book.Recent[max(0, len(y.book.Recent)-len(some)):] {
			y.of[number(p.Conversation)] = p.Crumb
		}
		if day%7 != 6 {
			continue
		}
		now := y.topicsOf(i)
		for k, t := range was {
			if t != "" {
				asked++
				if now[k] == t {
					kept++
				}
			}
		}
		was = now
	}
	return kept, asked
}

// number is a mail's place in the stream, which its conversation is named after.
func number(conversation string) int {
	n, _ := strconv.Atoi(conversation)
	return n
}

// topicsOf gives the topics of the first n mails as they are now; "" is none.
func (y *topicPlay) topicsOf(n int) []string {
	by := map[int]string{}
	for _, s := range y.book.Spaces {
		for _, c := range s.Crumbs {
			by[c.ID] = c.Topic
			for _, j := range c.Joined {
				by[j] = c.Topic
			}
		}
	}
	out := make([]string, n)
	for i := range out {
		out[i] = by[y.of[i]]
	}
	return out
}

// told looks at what the first rise of the year's end is told of: how much of the intent
// it holds, how much of it is the intent's, its examples and its name.
func (y *topicPlay) told(o *topicOutcome, counts map[string][]int, got []string) {
	var list []volume.Topic
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		list = append(list, volume.Topic{Name: name, Counts: counts[name]})
	}
	rises := volume.Rises(list, y.start.AddDate(0, 0, topicYear-1).Weekday())
	if len(rises) == 0 {
		return
	}
	o.alarmed = true
	end, topic := y.start.AddDate(0, 0, topicYear), list[rises[0].Topic].Name
	// Which crumbs it takes in is told by the days of the rise; what is held and shown, by all days of the spike.
	near, _, _ := y.book.Rise(topic, "m", y.start, end.AddDate(0, 0, -rises[0].Days), end)
	crumbs := map[int]bool{}
	for _, id := range near {
		crumbs[y.of[number(id)]] = true
	}
	mine, in, all := 0, 0, 0
	for k, m := range y.stream {
		if m.day < topicYear-topicSpike {
			continue
		}
		if m.intent == o.intent {
			mine++
		}
		if crumbs[y.of[k]] || got[k] == topic {
			all++
			if m.intent == o.intent {
				in++
			}
		}
	}
	o.holds, o.of = float64(in)/float64(max(1, mine)), float64(in)/float64(max(1, all))
	var texts []topics.Text
	for k, id := range near[:min(25, len(near))] {
		m := y.stream[number(id)]
		texts = append(texts, m.text)
		if k < 5 {
			o.shown++
			if m.intent == o.intent {
				o.right++
			}
		}
	}
	o.name = topics.Name(texts, y.book.Background())
	called := terms.Content(o.name)
	for _, w := range terms.Content(apart(o.intent)) {
		o.named = o.named || slices.Contains(called, w)
	}
}

// apart writes an intent's name as words: "pin_blocked", "ChangePlan".
func apart(intent string) string {
	var sb strings.Builder
	for i, r := range intent {
		if i > 0 && r >= 'A' && r <= 'Z' {
			sb.WriteByte(' ')
		}
		sb.WriteRune(r)
	}
	return strings.ToLower(strings.ReplaceAll(sb.String(), "_", " "))
}

// bCubed is Bagga and Baldwin's measure (1998).
func bCubed(gold, got []string) (precision, recall, f1 float64) {
	of, in, both := map[string]float64{}, map[string]float64{}, map[string]float64{}
	for i := range gold {
		of[gold[i]]++
		in[got[i]]++
		both[gold[i]+"\n"+got[i]]++
	}
	for i := range gold {
		n := both[gold[i]+"\n"+got[i]]
		precision += n / in[got[i]] / float64(len(gold))
		recall += n / of[gold[i]] / float64(len(gold))
	}
	return precision, recall, 2 * precision * recall / (precision + recall)
}
