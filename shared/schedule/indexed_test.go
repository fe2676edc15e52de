package schedule_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/schedule"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine"
)

// forget takes conversations out of the index, as a version stored them that
// found nobody who waits.
func forget(w *bench.World) (n int) {
	for _, partition := range []string{"wait", "watch"} {
		for shard := range 4 {
			page, err := w.Engine.Query(w.Context(), engine.Query{Index: 2,
				Partition: fmt.Sprintf("%s#%d", partition, shard)})
			if err != nil {
				w.Fatal(err)
			}
			for _, item := range page.Items {
				old := item.Version
				item.Index[1] = engine.Key{}
				item.Version++
				if err := w.Engine.Write(w.Context(), engine.Write{Item: item, If: engine.IfVersion, Old: old}); err !=
					nil {
					w.Fatal(err)
				}
				n++
			}
		}
	}
	return n
}

func waiting(w *bench.World) (ids []desk.ConversationID) {
	err := w.Store.Waiting(w.Context(), func(c desk.Conversation) error {
		ids = append(ids, c.ID)
		return nil
	})
	if err != nil {
		w.Fatal(err)
	}
	return ids
}

// Who waited when an earlier version ran is found again, however long ago they
// wrote, within the hour; nothing else about them changes, and it is done once.
func TestWhoWaitedBeforeAnUpdateIsFound(t *testing.T) {
	w := bench.New(t)
	var want []desk.ConversationID
	for _, days := range []int{0, 1, 30, 200, 150} { // between one and the next
		w.Pass(time.Duration(days) * 24 * time.Hour)
		c := opened(w, false)
		e := desk.Event{ID: "opened-" + string(c.ID), Kind: desk.EventOpened, Occurred: w.Now(), Mailbox: c.Mailbox,
			Conversation: c.ID, Opened: c.Opened}
		if err := w.Store.Commit(w.Context(), &store.Change{Conversation: &c, Events: []desk.Event{e}}); err != nil {
			w.Fatal(err)
		}
		want = append(want, c.ID)
	}
	if n := forget(w); n != len(want) || len(waiting(w)) != 0 {
		w.Fatalf("%d were forgotten, and %v are found still", n, waiting(w))
	}
	s := &schedule.Service{Home: w.Home()}
	for range 60 {
		if _, err := s.Run(w.Context()); err != nil {
			w.Fatal(err)
		}
		w.Pass(time.Minute)
	}
	got := waiting(w)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		w.Errorf("found are %v, want %v", got, want)
	}
	before, err := w.Store.Conversation(w.Context(), want[0])
	if err != nil {
		w.Fatal(err)
	}
	if _, err := (&schedule.Service{Home: w.Home()}).Run(w.Context()); err != nil { // another process
		w.Fatal(err)
	}
	if now, err := w.Store.Conversation(w.Context(), want[0]); err != nil || now.Version != before.Version {
		w.Errorf("it is written again each time: version %d, then %d, %v", before.Version, now.Version, err)
	}
}
