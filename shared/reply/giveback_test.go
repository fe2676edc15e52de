package reply_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
)

// Nothing that an agent wrote disappears: whatever is refused, however much of
// it a day, its text comes back, in no more mails a day than before.
func TestNoTextOfAnAgentsIsLostWhateverRefusedIt(t *testing.T) {
	most := 0
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 1))
		p := bench.NewPath(t)
		p.Arrive(bench.Arrival{From: "erika@customers.example", To: []string{"support@lantern.example"},
			Verdicts: bench.Trusted,
			Raw: "From: erika@customers.example\nTo: support@lantern.example\nSubject: Lamp\nMessage-ID: <1@x>\n\nMy " +
				"lamp is broken.\n"})
		var asked bench.Sent
		for _, m := range p.Sent() {
			if m.To[0] == "anna@team.lantern.example" {
				asked = m
			}
		}
		var texts []string
		days, back := map[string]int{}, map[string]int{}
		read := func(sent []bench.Sent) {
			for _, m := range sent {
				if m.To[0] != "anna@team.lantern.example" {
					t.Fatalf("a mail left for %v", m.To)
				}
				days[p.Now().UTC().Format(time.DateOnly)]++
				for _, x := range texts {
					back[x] += strings.Count(m.Read.PlainText, x)
				}
			}
		}
		for i := range 5 + r.IntN(40) {
			text := fmt.Sprintf("Text-number-%d-of-mine", i)
			texts = append(texts, text)
			head := []string{"#nonsense\n", "#send 77\n", "#help\n", "#merge nobody\n"}[r.IntN(4)]
			p.Arrive(bench.Arrival{From: "anna@team.lantern.example", To: []string{asked.Read.ReplyTo[0].Address},
				Verdicts: bench.Trusted,
				Raw: fmt.Sprintf("From: anna@team.lantern.example\nTo: %s\nSubject: Re: Lamp\nMessage-ID: <a%d@x>\n"+
					"In-Reply-To: <%s>\n\n%s%s\n", asked.Read.ReplyTo[0].Address, i, asked.Read.MessageID, head, text)})
			read(p.Sent())
			p.Pass([]time.Duration{time.Second, time.Minute, 20 * time.Minute, 5 * time.Hour}[r.IntN(4)])
			read(p.Sent())
		}
		for range 12 {
			p.Pass(6 * time.Hour)
			read(p.Sent())
		}
		for _, x := range texts {
			if back[x] != 1 {
				t.Errorf("%q came back %d times", x, back[x])
			}
		}
		for d, n := range days {
			if most = max(most, n); n > 10 {
				t.Errorf("on %s there were %d mails", d, n)
			}
		}
	}
	if most != 10 {
		t.Errorf("no day came to its bound: %d mails at most", most)
	}
}
