package inbound_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/worth"
	"github.com/replywell/replywell/shared/worth/formula"
)

const whoWrites = "address,potential,tier,revenue\n" +
	"olga@hotel.example,0.2,partner,18000\n@hotel.example,0.5,,\nanna@team.lantern.example,1,,\n"

// What the team says of a customer stands with the conversation from their mail on: by
// the formula; of whoever is in copy and counts for more; never of an agent in copy.
func TestWhatACustomerIsWorthStandsWithTheConversation(t *testing.T) {
	p := bench.NewPath(t)
	p.Inbound.Worth.Score = formula.Score
	f, err := worth.Read([]byte(whoWrites))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := worth.Keep(t.Context(), p.Blobs, p.Now(), f.List, false); err != nil {
		t.Fatal(err)
	}
	write := func(n int, from, cc string) bench.Arrival {
		raw := fmt.Sprintf("From: %s\nTo: support@lantern.example\nSubject: Lamps\nMessage-ID: <%d@x>\n", from, n)
		if cc != "" {
			raw += "Cc: " + cc + "\n"
		}
		return bench.Arrival{From: from, To: []string{"support@lantern.example"}, Verdicts: bench.Trusted,
			Raw: raw + "\nMy lamp hums, " + strings.ToUpper(from) + "."}
	}
	for n, x := range []struct {
		from, cc, formula, tier, copied string
		potential                       float64
	}{
		{from: "olga@hotel.example", tier: "partner", potential: 0.2},
		{from: "olga@hotel.example", formula: "min(revenue / 20000, 1)", tier: "partner", potential: 0.9},
		{from: "otto@hotel.example", potential: 0.5},
		{from: "erika@customers.example"},
		{from: "joao@customers.example", cc: "olga@hotel.example", formula: "revenue / 20000", tier: "partner",
			potential: 0.9, copied: "olga@hotel.example"},
		{from: "sakura@customers.example", cc: "anna@team.lantern.example"},
		{from: "petra@hotel.example", formula: "no formula", potential: 0.5},
	} {
		p.Settings.Value.Formula = x.formula
		w := p.Conversation(p.Arrive(write(n, x.from, x.cc))).Worth
		if w.Potential != x.potential || w.Tier != x.tier || w.Copied != x.copied {
			t.Errorf("%s, %s in copy, by %q: %+v", x.from, x.cc, x.formula, w)
		}
	}
}
