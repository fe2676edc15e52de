package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
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
