package store_test

import (
	"fmt"
	"testing"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine"
)

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
