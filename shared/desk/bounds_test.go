package desk_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
)

// Everybody's turns stand in one item, which each conversation that is shared out writes.
func TestTheRotaStaysSmallHoweverMuchIsSharedOut(t *testing.T) {
	var r desk.Rota
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for i := range 5000 {
		r.Give(fmt.Sprint("agent", i%10), desk.ConversationID(fmt.Sprintf("2345-67-%07d", i)), at)
	}
	for i := range 10 {
		if n := r.Has(fmt.Sprint("agent", i)); n != 500 {
			t.Errorf("agent%d has %d conversations of 500", i, n)
		}
	}
	if data, err := json.Marshal(r); err != nil || len(data) > 4000 {
		t.Errorf("it has %d bytes, %v", len(data), err)
	}
	if r.Count(map[desk.ConversationID]string{}, at.Add(time.Hour)); r.Has("agent1") != 0 {
		t.Errorf("agent1 has %d where nobody waits", r.Has("agent1"))
	}
	for ago, want := range map[time.Duration]bool{0: true, 300 * time.Millisecond: true, time.Second: false} {
		if got := r.Rushed(at.Add(ago)); got != want {
			t.Errorf("%s after a turn: rushed is %v", ago, got)
		}
	}
}

// A report's question is one item of the store, however many mailboxes a reader serves.
func TestAReportsQuestionFitsTheStore(t *testing.T) {
	for _, x := range []struct{ mailboxes, figures, each int }{
		{1, 20, 12}, {20, 400, 12}, {40, 800, 3}, {100, 1000, 0}, {1000, 1000, 0},
	} {
		var all []desk.Behind
		for m := range x.mailboxes {
			for f := range 20 {
				b := desk.Behind{Figure: fmt.Sprint("first-answer-half", f), Label: "First answer within a day",
					What: "the longest waits", Mailbox: fmt.Sprint("mailbox-", m), Name: "Shop Support", Total: 900}
				for c := range desk.MaxBehind {
					id := desk.ConversationID(fmt.Sprintf("%04d-%04d-%06d", m, f, c))
					b.Conversations = append(b.Conversations, id)
				}
				all = append(all, b)
			}
		}
		kept := desk.Remembered(all)
		data, err := json.Marshal(kept)
		if err != nil || len(data) > 320<<10 {
			t.Errorf("%d mailboxes: %d bytes, %v", x.mailboxes, len(data), err)
		}
		if len(kept) < x.figures || len(kept[0].Conversations) < x.each {
			t.Errorf("%d mailboxes: %d figures with %d conversations each are kept", x.mailboxes, len(kept),
				len(kept[0].Conversations))
		}
	}
}
