package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine"
)

// The latest conversations are those that wait, that fall due and that were answered,
// of the mailboxes that are asked for and no others, each once; with their ends.
func TestLatestConversations(t *testing.T) {
	onEach(t, func(w *world) {
		waits, solved, sales := arrival(1, nil), arrival(2, nil), arrival(3, nil)
		sales.Conversation.Mailbox = "sales"
		w.commit(waits)
		w.commit(sales)
		w.commit(solved)
		more := arrival(9, solved.Conversation)
		more.Conversation.Answered(day.Add(10*time.Minute), "anna", time.Hour)
		more.Conversation.Close(day.Add(11 * time.Minute))
		more.Events = append(more.Events, desk.Event{ID: "answered", Kind: desk.EventAnswered, Recorded: day,
			Mailbox: "support", Conversation: solved.Conversation.ID})
		w.commit(more)
		for _, c := range []struct {
			mailboxes []string
			limit     int
			want      []desk.ConversationID
		}{
			{[]string{"support"}, 10, []desk.ConversationID{solved.Conversation.ID, waits.Conversation.ID}},
			{[]string{"support"}, 1, []desk.ConversationID{solved.Conversation.ID}},
			{[]string{"sales"}, 10, []desk.ConversationID{sales.Conversation.ID}},
			{nil, 10, nil},
		} {
			got, err := w.Latest(w.Context(), c.mailboxes, c.limit)
			if err != nil {
				w.Fatal(err)
			}
			var ids []desk.ConversationID
			for _, x := range got {
				ids = append(ids, x.ID)
			}
			if !slices.Equal(ids, c.want) {
				w.Errorf("%v, at most %d: %v, want %v", c.mailboxes, c.limit, ids, c.want)
			}
		}
		all, _ := w.Latest(w.Context(), []string{"support"}, 10)
		ends, err := w.Ends(w.Context(), all)
		if err != nil || len(ends[waits.Conversation.ID]) != 1 {
			w.Errorf("%d ends of one message, %v", len(ends[waits.Conversation.ID]), err)
		}
	})
}

// A conversation that is not found under today's keys is told, and to commit it as
// it is puts it right.
func TestMisplacedConversations(t *testing.T) {
	onEach(t, func(w *world) {
		var ids []desk.ConversationID
		for n := range 230 { // more than one request reads
			c := arrival(n, nil)
			w.commit(&store.Change{Conversation: c.Conversation})
			ids = append(ids, c.Conversation.ID)
		}
		ids = append(ids, conversationID(9999)) // was never there
		if got, err := w.Misplaced(w.Context(), ids); err != nil || len(got) != 0 {
			w.Fatalf("%d are misplaced, %v", len(got), err)
		}
		lost := 0
		for shard := range 4 {
			for _, kind := range []string{"wait", "watch"} {
				page, err := w.engine.Query(w.Context(), engine.Query{Index: 2,
					Partition: fmt.Sprintf("%s#%d", kind, shard), Limit: 1})
				if err != nil {
					w.Fatal(err)
				}
				for _, item := range page.Items {
					old := item.Version
					item.Index[1], item.Version = engine.Key{}, old+1
					if err := w.engine.Write(w.Context(), engine.Write{Item: item, If: engine.IfVersion,
						Old: old}); err != nil {
						w.Fatal(err)
					}
					lost++
				}
			}
		}
		got, err := w.Misplaced(w.Context(), ids)
		if err != nil || lost == 0 || len(got) != lost {
			w.Fatalf("%d of %d are misplaced, %v", len(got), lost, err)
		}
		for i := range got {
			w.commit(&store.Change{Conversation: &got[i]})
		}
		if got, err = w.Misplaced(w.Context(), ids); err != nil || len(got) != 0 {
			w.Errorf("%d are misplaced still, %v", len(got), err)
		}
		found := 0
		if err := w.Waiting(w.Context(), func(desk.Conversation) error { found++; return nil }); err != nil ||
			found != 230 {
			w.Errorf("%d are found, %v", found, err)
		}
	})
}
