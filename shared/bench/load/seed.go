package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine"
	"github.com/replywell/replywell/shared/store/engine/bolt"
)

// seeded are how many conversations the desk has had, in the last year.
const seededOver = 365 * 24 * time.Hour

// seed writes conversations of 2 kB mails into the desk's store, as the services would
// have: answered, solved, and two agents told of each. Their mails are not among the
// blobs. It gives how many bytes the store has after it.
func seed(data string, n int) (int64, error) {
	if err := os.MkdirAll(data, 0o700); err != nil {
		return 0, err
	}
	file := filepath.Join(data, "store.db")
	e, err := bolt.OpenScratch(file)
	if err != nil {
		return 0, err
	}
	next, failed := make(chan int), make(chan error, 1)
	var work sync.WaitGroup
	for range 64 { // the engine writes them together
		work.Go(func() {
			for i := range next {
				c := conversation(i, n)
				// Each day's events are recorded on that day: all of a year recorded today would be sought on every day before.
				s := store.New(e, func() time.Time { return c.Conversation.Opened })
				err := s.Commit(context.Background(), c)
				if err == nil {
					err = e.Write(context.Background(), told(i)...)
				}
				if err != nil {
					select {
					case failed <- fmt.Errorf("conversation %d: %w", i, err):
					default:
					}
				}
			}
		})
	}
	began := time.Now()
	for i := range n {
		next <- i
		if i%20_000 == 19_999 {
			fmt.Printf("%d conversations of before after %s\n", i+1, time.Since(began).Round(time.Second))
		}
	}
	close(next)
	work.Wait()
	select {
	case err = <-failed:
	default:
	}
	if closed := e.Close(); err == nil {
		err = closed
	}
	info, statErr := os.Stat(file)
	if err == nil {
		err = statErr
	}
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// conversation is all that the i-th of n conversations of before has left.
func conversation(i, n int) *store.Change {
	r := rand.New(rand.NewPCG(uint64(i), 23))
	at := time.Now().Add(-seededOver + time.Duration(i)*(seededOver-48*time.Hour)/time.Duration(n)).Truncate(time.Second)
	id := desk.DerivedID("seeded", fmt.Sprint(i))
	mid := fmt.Sprintf("seeded-%d@customers.example", i)
	var text strings.Builder
	for text.Len() < 1500 {
		text.WriteString(vocabulary[r.IntN(len(vocabulary))] + " ")
	}
	conv := &desk.Conversation{ID: desk.ConversationID(strings.ToLower(id[:14])), Mailbox: "support", Subject: "Trouble with a lamp", Opened: at,
		Customer: desk.Person{Name: fmt.Sprint("Customer ", i/3), Address: fmt.Sprintf("s%d@customers.example", i/3)}}
	conv.CustomerWrote(at, mid, nil)
	conv.Close(at)
	c := &store.Change{
		Inbound: &desk.Inbound{ID: id, Raw: "mail/" + id, MailFrom: conv.Customer.Address, Recipients: []string{"support@shop.example"}, ReceivedAt: at,
			Outcome: desk.OutcomeThreaded, Conversation: conv.ID, Sequence: 1, Mailbox: "support", Size: 2000},
		ContentHash:  store.ContentHash(mid, []byte(text.String())),
		Conversation: conv,
		Messages: []desk.Message{{Conversation: conv.ID, Sequence: 1, Kind: desk.KindCustomer, From: conv.Customer, At: at, Subject: conv.Subject,
			Text: text.String(), MessageID: mid, Inbound: id}},
		MessageIDs: map[string]store.MessageRef{mid: {Conversation: conv.ID, Sequence: 1}},
	}
	for _, kind := range []desk.EventKind{desk.EventOpened, desk.EventReceived, desk.EventSolved} {
		c.Events = append(c.Events, desk.Event{ID: desk.DerivedID(id, string(kind)), Kind: kind, Occurred: at, Recorded: at, Mailbox: "support",
			Conversation: conv.ID, Sequence: 1, Opened: at})
	}
	for a := range *agents {
		c.MessageIDs[toldID(i, a)+"@shop.example"] = store.MessageRef{Conversation: conv.ID, Sequence: 1}
	}
	return c
}

func toldID(i, agent int) string { return desk.DerivedID("told", fmt.Sprint(i), fmt.Sprint(agent)) }

// told are items as large as those of the mails that told agents of the conversation, and
// in their places. They are no mails: those have one door, and it is not here.
func told(i int) (out []engine.Write) {
	for a := range *agents {
		out = append(out, engine.Write{Item: engine.Item{Key: engine.Key{Partition: "outbox#" + toldID(i, a), Sort: "outbox"}, Version: 3, Kind: "seeded",
			Schema: 1, Body: fmt.Appendf(nil, "%q", strings.Repeat("x", 900))}})
	}
	return out
}
