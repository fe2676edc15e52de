package proof_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/send"
)

// away is a way out that takes mail in good weather only.
type awayAtTimes struct {
	*bench.Post
	bad *bool
}

func (a awayAtTimes) Send(ctx context.Context, m send.Mail) (string, error) {
	if *a.bad {
		return "", errors.New("connection refused")
	}
	return a.Post.Send(ctx, m)
}

// A clock that is ahead for some minutes, by hours or by weeks, while the way out is away and while
// claims are open: when both are right again, whatever
// was put back leaves within the greatest backoff from then, each mail once, and nothing was given up meanwhile.
func TestAClockThatJumps(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			chance := rand.New(rand.NewPCG(seed, 11))
			p := bench.NewPath(t)
			bad := false
			p.Send.Carrier = awayAtTimes{p.Post, &bad}
			got := map[string]int{} // whom which mail reached
			take := func(mails []bench.Sent) {
				for _, m := range mails {
					got[m.To[0]+" "+m.Outbox]++
				}
			}
			var reply string
			p.Arrive(bench.Arrival{From: erika, To: []string{"support@lantern.example"}, Verdicts: bench.Trusted,
				Raw: "From: " + erika +
					"\nTo: support@lantern.example\nSubject: Lamp\nMessage-ID: <1@customers.example>\n\nIt " +
					"flickers.\n"})
			for _, m := range p.Sent() {
				if m.To[0] == anna {
					reply = m.Read.ReplyTo[0].Address
				}
				take([]bench.Sent{m})
			}
			var answers, questions int
			for turn := range 10 {
				bad = chance.IntN(2) == 0
				jump := time.Duration(chance.IntN(40*24)) * time.Hour * time.Duration(chance.IntN(2))
				p.Pass(jump)
				switch chance.IntN(3) {
				case 0:
					questions++
					p.Arrive(bench.Arrival{From: joao, To: []string{"support@lantern.example"}, Verdicts: bench.Trusted,
						Raw: fmt.Sprintf("From: %s\nTo: support@lantern.example\nSubject: Question %d\nMessage-ID: "+
							"<q%d@customers.example>\n\nWhere is parcel %d?\n", joao, turn, turn, turn)})
				case 1:
					answers++
					in := p.Arrive(bench.Arrival{From: anna, To: []string{reply}, Verdicts: bench.Trusted,
						Raw: fmt.Sprintf("From: %s\nTo: %s\nSubject: Re: Lamp\nMessage-ID: "+
							"<a%d@team.lantern.example>\n\n#answer\n\nThing %d is on its way to you.\n", anna, reply,
							turn, turn)})
					if in.Outcome != desk.OutcomeAgent {
						t.Fatalf("%s: %s", in.Outcome, in.Reason)
					}
				}
				take(p.Later(time.Duration(1+chance.IntN(9)) * time.Minute))
				p.Pass(-jump) // it is set right
				take(p.Later(time.Minute))
			}
			bad = false
			take(p.Later(6*time.Hour + 20*time.Minute))
			toErika, toAnna := 0, 0
			for mail, n := range got {
				if n != 1 {
					t.Errorf("%s came %d times", mail, n)
				}
				if strings.HasPrefix(mail, erika+" ") {
					toErika++
				}
				if strings.HasPrefix(mail, anna+" ") {
					toAnna++
				}
			}
			for _, item := range p.Due() {
				t.Errorf("waits still: %s to %v, due %s, %s", item.Kind, item.To, item.NotBefore, item.LastError)
			}
			if toErika != answers || toAnna < min(questions, 1) {
				t.Errorf("of %d answers %d arrived; Anna has %d mails about %d questions", answers, toErika, toAnna,
					questions)
			}
		})
	}
}
