package proof_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/delivery"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/inbound"
	"github.com/replywell/replywell/shared/store/engine/enginetest"
)

// Two days with all that the program sees to by itself: a new team is welcomed, nobody takes
// what customers ask, spam is held, and the way out is away for four hours. Each mail has a
// cause that is known, and each of the team is told of a thing once.
func TestWhatTheProgramSeesToByItselfIsToldOnce(t *testing.T) {
	inBubble(t, func() {
		o, err := newOffice(enginetest.NewMemory(), false, func(string, ...any) {})
		if err != nil {
			t.Fatal(err)
		}
		o.settings.Mode, o.settings.Morning.At = desk.ModeLive, 8*60
		o.settings.Mailboxes[0].Untaken, o.settings.Mailboxes[0].Within = 2*time.Hour, 6*time.Hour
		ctx, began, s := context.Background(), time.Now(), o.services(o.quiet())
		s.send.Carrier = stormy{carrier{o.quiet(), o}, func() weather {
			if h := time.Since(began).Hours(); h > 3 && h < 7 {
				return weather{says: delivery.Response{Stage: delivery.StageConnect, Text: "connection refused"}}
			}
			return weather{fine: true}
		}}
		spam := bench.Trusted
		spam.Spam = desk.VerdictFail
		comes := map[int]letter{
			0: {from: erika, to: support, subject: "Lamp", id: "1@customers.example", body: "It flickers. Why?"},
			1: {from: "sale@other.example", to: support, subject: "Sale", id: "2@other.example", body: "Buy one.",
				verdicts: &spam},
			4: {from: joao, to: support, subject: "Parcel", id: "3@customers.example", body: "Where is it, please?"},
		}
		for h := 0; h < 48; h++ {
			if l, ok := comes[h]; ok {
				if _, err := s.inbound.Receive(ctx, o.delivery(l)); err != nil {
					t.Fatal(err)
				}
			}
			for range 6 {
				_, err := s.schedule.Run(ctx)
				if err = errors.Join(err, s.metrics.PostLast(ctx), s.metrics.PostQuarantine(ctx),
					s.send.Sweep(ctx)); err != nil {
					t.Fatal(err)
				}
				time.Sleep(10 * time.Minute)
			}
		}
		reached := map[string]int{}
		o.checkCauses(t, reached)
		t.Log(reached)
		for _, what := range []string{"welcome", "untaken", "promise", "morning", "quarantine", "report", "route"} {
			if reached["caused by: "+what] == 0 {
				t.Errorf("nobody was told of: %s. What is never tried is not proven", what)
			}
		}
	})
}

// checkCauses: each mail that left has a cause, and what the program saw to by itself was
// told to each of the team once. reached counts the mails by where their causes begin.
func (o *office) checkCauses(r failing, reached map[string]int) {
	told := map[string]string{} // by occasion and recipient: the mail
	for _, t := range o.taken {
		item, begins, err := o.caused(t.Outbox)
		if err != nil {
			r.Errorf("a mail to %v left that nobody caused: %v", t.To, err)
			continue
		}
		if !desk.IsOccasion(begins) {
			reached["caused by a mail"]++
			continue
		}
		what, _, _ := strings.Cut(begins, " ")
		reached["caused by: "+what]++
		if item.CausedBy != begins {
			continue // it tells of a mail that was caused so
		}
		for _, to := range t.To {
			if !strings.HasSuffix(to, "@team.lantern.example") {
				r.Errorf("the occasion %q is told to %s, who is not of the team: %+v", begins, to, item)
			}
			if before, again := told[begins+" "+to]; again && before != item.ID {
				r.Errorf("the occasion %q is told to %s twice, by %s and by %s", begins, to, before, item.ID)
			}
			told[begins+" "+to] = item.ID
		}
	}
}

// failing is what a failed check is told to.
type failing interface{ Errorf(string, ...any) }

// caused gives an outgoing mail, and what its chain of causes begins with: a mail that
// arrived, or an occasion.
func (o *office) caused(id string) (item desk.OutboxItem, begins string, err error) {
	ctx, s := context.Background(), o.store()
	if item, err = s.Outbox(ctx, id); err != nil {
		return item, "", err
	}
	of := item
	for range 6 {
		begins = of.CausedBy
		if desk.IsOccasion(begins) ||
			slices.ContainsFunc(o.arrived, func(d inbound.Delivery) bool { return d.ID == begins }) {
			return item, begins, nil
		}
		cause, err := s.Outbox(ctx, begins)
		if err != nil {
			return item, "", fmt.Errorf("the cause %q of %s: %w", begins, of.ID, err)
		}
		of = cause
	}
	return item, "", errors.New("its causes go in a circle")
}
