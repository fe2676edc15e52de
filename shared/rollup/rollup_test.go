package rollup_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/rollup"
)

var monday = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

// What goes in comes out as Plain says, in the same order; and the same events give
// the same bytes.
func TestPackingProperty(t *testing.T) {
	kinds := []desk.EventKind{desk.EventOpened, desk.EventReceived, desk.EventAnswered, desk.EventSolved,
		desk.EventArranged, desk.EventThanked, desk.EventDelivered}
	rapid.Check(t, func(r *rapid.T) {
		when := func(name string) time.Time {
			if n := rapid.Int64Range(-3, 1<<40).Draw(r, name); n >= 0 {
				return monday.Add(time.Duration(n) * 1000)
			}
			return time.Time{}
		}
		word := rapid.SampledFrom([]string{"", "a", "billing", "tag:läuft", "topic:\x00", "000000000000"})
		some := rapid.SliceOfN(word, 0, 3)
		var events, want []desk.Event
		for range rapid.IntRange(0, 30).Draw(r, "events") {
			e := desk.Event{ID: word.Draw(r, "id"), Kind: rapid.SampledFrom(kinds).Draw(r, "kind"),
				Agent: word.Draw(r, "agent"), Mailbox: word.Draw(r, "mailbox"),
				Conversation: desk.ConversationID(word.Draw(r, "conversation")), Recorded: when("recorded"),
				Occurred: when("occurred"), Opened: when("opened"),
				SolvedBefore: when("solved"), Asked: when("asked"), Answers: rapid.IntRange(0, 300).Draw(r, "answers"),
				Exchanges: rapid.IntRange(0, 3).Draw(r, "exchanges"),
				FirstWait: time.Duration(rapid.Int64Range(0, 1<<50).Draw(r, "wait")),
				Contacts:  rapid.IntRange(0, 3).Draw(r, "contacts"),
				Handovers: rapid.IntRange(0, 2).Draw(r, "handovers"),
				Detail:    word.Draw(r, "detail"), Articles: some.Draw(r, "articles"), Topics: some.Draw(r, "topics"),
				ByItself:  rapid.Bool().Draw(r, "by itself"),
				Potential: rapid.Float64Range(0, 1).Draw(r, "potential"),
				Revenue:   rapid.Float64Range(0, 1e13).Draw(r, "revenue")}
			for range rapid.IntRange(0, 2).Draw(r, "reactions") {
				e.Reactions = append(e.Reactions, desk.Reaction{Article: word.Draw(r, "article"), Kind: desk.SentAsIs,
					Confidence: rapid.Float64Range(0, 1).Draw(r, "confidence"), Answer: 3})
			}
			if events = append(events, e); rollup.Counted(e.Kind) {
				want = append(want, rollup.Plain(e))
			}
		}
		data, err := rollup.Pack(events)
		if err != nil {
			r.Fatal(err)
		}
		again, _ := rollup.Pack(events)
		if !bytes.Equal(data, again) {
			r.Fatal("packed twice, it differs")
		}
		var got []desk.Event
		if err := rollup.Unpack(data, func(e desk.Event) error { got = append(got, e); return nil }); err != nil {
			r.Fatal(err)
		}
		if len(got) != len(want) {
			r.Fatalf("%d events of %d", len(got), len(want))
		}
		for i := range got {
			if !reflect.DeepEqual(got[i], want[i]) {
				r.Fatalf("\n got %+v\nwant %+v", got[i], want[i])
			}
		}
	})
}

// Who acted is in no roll-up: with other agents it is the same.
func TestNoAgentInARollUp(t *testing.T) {
	events := aDay(500)
	data, err := rollup.Pack(events)
	if err != nil {
		t.Fatal(err)
	}
	for i := range events {
		events[i].Agent = "somebody else"
	}
	other, _ := rollup.Pack(events)
	if !bytes.Equal(data, other) {
		t.Error("the roll-up says who acted")
	}
}

func TestTotals(t *testing.T) {
	at := func(m int) time.Time { return monday.Add(time.Duration(m) * time.Minute) }
	events := []desk.Event{
		{Kind: desk.EventOpened, Mailbox: "support", Conversation: "a", Recorded: at(1)},
		{Kind: desk.EventSuggested, Mailbox: "support", Conversation: "a", Recorded: at(1),
			Articles: []string{"pump", "hose"}},
		{Kind: desk.EventOpened, Mailbox: "support", Conversation: "b", Recorded: at(14)},
		// its second mail
		{Kind: desk.EventSuggested, Mailbox: "support", Conversation: "a", Recorded: at(20),
			Articles: []string{"hose"}},
		{Kind: desk.EventArranged, Mailbox: "support", Conversation: "b", Recorded: at(1439),
			Topics: []string{"topic:recall", "tag:x"}},
	}
	data, err := rollup.Sum(events).Pack()
	if err != nil {
		t.Fatal(err)
	}
	got, err := rollup.UnpackTotals(data)
	want := rollup.Totals{"support": {"": {0, 2}, "article:pump": {0, 1}, "topic:recall": {95, 1}, "tag:x": {95, 1}}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v, %v", got, err)
	}
}

func FuzzUnpack(f *testing.F) {
	data, _ := rollup.Pack(aDay(3))
	f.Add(data)
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		_ = rollup.Unpack(data, func(desk.Event) error { return nil })
		_, _ = rollup.UnpackTotals(data)
	})
}

// aDay has the events of so many customers' mails, with their answers.
func aDay(mails int) (events []desk.Event) {
	rng := rand.New(rand.NewPCG(1, 2))
	var raw [7]byte
	for i := range mails {
		for k := range raw {
			raw[k] = byte(rng.Uint32())
		}
		id, err := desk.NewConversationID(bytes.NewReader(raw[:]))
		if err != nil {
			panic(err)
		}
		at := monday.Add(time.Duration(rng.Int64N(int64(24 * time.Hour)))).Truncate(time.Microsecond)
		c := desk.Conversation{ID: id, Mailbox: "support", Opened: at}
		c.CustomerWrote(at, "", nil)
		article := fmt.Sprintf("article-%d", rng.IntN(80))
		tell := func(kind desk.EventKind, after time.Duration) *desk.Event {
			events = append(events, c.Tell(kind, fmt.Sprint(i, after), at.Add(after-2*time.Second), at.Add(after)))
			return &events[len(events)-1]
		}
		tell(desk.EventReceived, 2*time.Second)
		tell(desk.EventOpened, 2*time.Second)
		tell(desk.EventSuggested, 2*time.Second).Articles = []string{article, "other"}
		wait := time.Duration(rng.Int64N(int64(5 * time.Hour)))
		c.Answered(at.Add(wait), "anna", 0)
		a := tell(desk.EventAnswered, wait)
		a.Agent, a.Asked, a.Reactions = "anna", at, []desk.Reaction{
			{Article: article, Kind: desk.SentChanged, Confidence: 0.7}}
		c.Close(at.Add(wait))
		tell(desk.EventSolved, wait)
	}
	return events
}

// BenchmarkPack and BenchmarkUnpack say what an event costs, in nanoseconds and bytes.
func BenchmarkPack(b *testing.B) {
	events := aDay(10_000)
	for b.Loop() {
		data, err := rollup.Pack(events)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(data))/float64(len(events)), "bytes/event")
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(events)), "ns/event")
}

func BenchmarkUnpack(b *testing.B) {
	events := aDay(10_000)
	data, err := rollup.Pack(events)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := rollup.Unpack(data, func(desk.Event) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(events)), "ns/event")
}
