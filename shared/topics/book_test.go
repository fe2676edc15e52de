package topics_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/topics"
)

var monday = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

// desk is a desk whose mails are about a few things, each a direction with chance around it.
type desk struct {
	r      *rand.Rand
	things [][]float32
	n      int
	of     map[string]int // what a conversation is about
}

const dims = 96

func newDesk(things int) *desk {
	d := &desk{r: rand.New(rand.NewPCG(4, 2)), of: map[string]int{}}
	for range things {
		d.things = append(d.things, d.chance(1))
	}
	return d
}

func (d *desk) chance(size float64) []float32 {
	v := make([]float32, dims)
	for i := range v {
		v[i] = float32(d.r.NormFloat64() * size / math.Sqrt(dims))
	}
	return v
}

// mail is one about a thing, as far from others about it as size.
func (d *desk) mail(about int, at time.Time, mailbox string, size float64) topics.Mail {
	v := d.chance(size)
	sum := 0.0
	for i := range v {
		v[i] += d.things[about][i]
		sum += float64(v[i] * v[i])
	}
	for i := range v {
		v[i] /= float32(math.Sqrt(sum))
	}
	d.n++
	id := fmt.Sprint("c", d.n)
	d.of[id] = about
	return topics.Mail{Conversation: id, Mailbox: mailbox, At: at, Encoder: "e", Meaning: v,
		Words: []string{"w"}}
}

// days gives the book mails, each day some about things by chance.
func (d *desk) days(b *topics.Book, from, to int) {
	for day := from; day < to; day++ {
		var mails []topics.Mail
		for range 6 {
			at := monday.AddDate(0, 0, day).Add(9 * time.Hour)
			mails = append(mails, d.mail(d.r.IntN(len(d.things)), at, "support", 0.7))
		}
		b.Add(mails)
	}
}

func counts(b *topics.Book) map[string]int {
	out := map[string]int{}
	b.Each(func(topic, mailbox string, at time.Time) { out[topic]++ })
	return out
}

// Mails that are about one thing are one topic, and stay it, week after week; what is
// kept in a file and read again goes on in the same way.
func TestTopicsStayWhatTheyAre(t *testing.T) {
	d, b := newDesk(8), &topics.Book{}
	var was map[string]int
	for week := range 20 {
		d.days(b, 7*week, 7*week+7)
		now := counts(b)
		for topic, n := range was {
			if now[topic] < n {
				t.Errorf("week %d: topic %s had %d mails and has %d", week, topic, n, now[topic])
			}
		}
		was = now
		data, err := b.Write()
		if err != nil {
			t.Fatal(err)
		}
		if b = topics.Read(data); b.Topics == 0 {
			t.Fatal("what was written is not read")
		}
	}
	if len(was) != 8 {
		t.Errorf("8 things are %d topics: %v", len(was), was)
	}
	if len(b.Recent) != 6*15 { // the last two weeks, and the day
		t.Errorf("%d mails of the last days are known", len(b.Recent))
	}
	if got := topics.Read([]byte("something else")); got.Topics != 0 || got.Spaces != nil {
		t.Errorf("%+v", got)
	}
}

// The same mails give the same topics, whether they come at once or day by day is no
// matter of chance.
func TestTheSameMailsGiveTheSameTopics(t *testing.T) {
	make := func() *topics.Book {
		d, b := newDesk(5), &topics.Book{}
		d.days(b, 0, 30)
		return b
	}
	if a, b := make(), make(); !reflect.DeepEqual(a, b) {
		t.Error("they differ")
	}
}

// A rise takes in what came with it and near it, in its mailbox and days, and shows first
// what stands nearest to its middle.
func TestARiseTakesInWhatCameWithIt(t *testing.T) {
	d, b := newDesk(6), &topics.Book{}
	d.days(b, 0, 60)
	from := monday.AddDate(0, 0, 60)
	var mails []topics.Mail
	for i := range 40 { // many say it in words of their own
		mails = append(mails, d.mail(2, from.Add(time.Duration(i)*time.Hour), "support", 0.5+float64(i%4)*0.4),
			d.mail(i%6, from.Add(time.Duration(i)*time.Hour), "other", 0.7))
	}
	b.Add(mails)
	topic, most := "", 0
	in := map[string]int{}
	b.Each(func(name, mailbox string, at time.Time) {
		if mailbox == "support" && !at.Before(from) {
			in[name]++
		}
	})
	for _, name := range slices.Sorted(func(yield func(string) bool) {
		for n := range in {
			if !yield(n) {
				return
			}
		}
	}) {
		if in[name] > most {
			topic, most = name, in[name]
		}
	}
	got, n, _ := b.Rise(topic, "support", monday, from, from.AddDate(0, 0, 3))
	right := 0
	for _, id := range got {
		if d.of[id] == 2 {
			right++
		}
	}
	if n != len(got) || right < 36 || len(got) > right+2 {
		t.Errorf("%d mails, %d conversations, %d of 40 right", n, len(got), right)
	}
	for _, id := range got[:5] {
		if d.of[id] != 2 {
			t.Errorf("%s stands near the middle, and is about %d", id, d.of[id])
		}
	}
	if got, n, _ := b.Rise(topic, "no mailbox", monday, from, from.AddDate(0, 0, 3)); n != 0 || got != nil {
		t.Error(got, n)
	}
	if got, _, _ := b.Rise("no topic", "support", monday, from, from.AddDate(0, 0, 3)); got != nil {
		t.Error(got)
	}
}

// However many mails there are that are like no other, memory has a bound, and topics stay.
func TestMailsLikeNoOtherHaveABound(t *testing.T) {
	d, b := newDesk(4), &topics.Book{}
	d.days(b, 0, 20)
	was := counts(b)
	for day := range 5 {
		var mails []topics.Mail
		for range 600 {
			m := d.mail(0, monday.AddDate(0, 0, 20+day), "support", 0)
			m.Meaning = d.chance(1)
			mails = append(mails, m)
		}
		b.Add(mails)
	}
	if n := len(b.Spaces["e"].Crumbs); n > 2000 {
		t.Errorf("%d crumbs are kept", n)
	}
	for topic, n := range was {
		if got := counts(b)[topic]; got < n*8/10 {
			t.Errorf("topic %s had %d mails and has %d", topic, n, got)
		}
	}
}
