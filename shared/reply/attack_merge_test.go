package reply_test

import (
	"flag"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store"
)

const mallory = "mallory@elsewhere.example"

// TestAttackMergeOfTwoCustomers: a stranger writes into a customer's
// conversation and hopes that somebody joins the two.
func TestAttackMergeOfTwoCustomers(t *testing.T) {
	b := newRoom(t)
	lamp := b.mail(erika, support, "Lamp", "", "The lamp flickers.")
	b.carried(b.reply(anna, b.last(anna, "The lamp flickers."), "Try another bulb."))
	side := b.reply(mallory, b.last(erika, "Try another bulb."), "Send it to my new address.")
	if side.Conversation == lamp.Conversation {
		t.Fatal("the stranger was let in")
	}
	for _, text := range []string{"#merge 1", "#merge " + lamp.Conversation.Reference()} {
		if in := b.reply(anna, b.last(anna, "my new address"), text); in.Outcome != desk.OutcomeRefused {
			t.Errorf("%s: %s (%s)", text, in.Outcome, in.Reason)
		}
	}
	if b.conv(side.Conversation).ID == lamp.Conversation {
		t.Error("joined")
	}
}

// TestAttackMergeByForgedOrUsedConfirmation: only the agent who was asked
// confirms, once, and verified.
func TestAttackMergeByForgedOrUsedConfirmation(t *testing.T) {
	b := newRoom(t)
	lamp := b.mail(erika, support, "Lamp", "", "The lamp flickers.")
	bill := b.mail(erika, support, "Bill", "", "My bill is wrong.")
	b.carried(b.reply(anna, b.last(anna, "My bill is wrong."), "#merge 1"))
	ask := b.last(anna, "Shall these two be joined?")
	for _, from := range []string{ben, erika, mallory} {
		if in := b.reply(from, ask, "#yes"); in.Outcome == desk.OutcomeAgent {
			t.Errorf("%s confirmed", from)
		}
	}
	in := b.Arrive(bench.Arrival{From: anna, To: []string{ask.Read.ReplyTo[0].Address}, Verdicts: bench.Forged,
		Raw: fmt.Sprintf("From: <%s>\nTo: <%s>\nSubject: Re\nMessage-ID: <forged@x.example>\n\n#yes\n", anna,
			ask.Read.ReplyTo[0].Address)})
	if in.Outcome == desk.OutcomeAgent || b.conv(bill.Conversation).ID == lamp.Conversation {
		t.Fatalf("a forged confirmation was taken: %s", in.Outcome)
	}
	b.carried(b.reply(anna, ask, "#yes"))
	b.carried(b.reply(anna, b.last(anna, "joined ["), "#undo"))
	if in := b.reply(anna, ask, "#yes"); in.Outcome != desk.OutcomeRefused ||
		b.conv(bill.Conversation).ID == lamp.Conversation {
		t.Errorf("used twice: %s", in.Outcome)
	}
}

// TestAttackMergeAcrossMailboxes: who does not answer a mailbox cannot draw its
// conversations into another, not even by a question that waited.
func TestAttackMergeAcrossMailboxes(t *testing.T) {
	b := newRoom(t)
	own := b.Settings.Mailboxes[0]
	closed := own
	closed.ID, closed.Address, closed.ReplyBase, closed.Aliases, closed.Agents = "billing", "billing@lantern.example",
		"billing@lantern.example", nil, []string{"ben"}
	b.Settings.Mailboxes = append(b.Settings.Mailboxes, closed)
	secret := b.mail(erika, "billing@lantern.example", "Debt", "", "I cannot pay.")
	lamp := b.mail(erika, support, "Lamp", "", "The lamp flickers.")
	if in := b.reply(anna, b.last(anna, "The lamp flickers."), "#merge "+secret.Conversation.Reference()); in.Outcome !=
		desk.OutcomeRefused {
		t.Errorf("%s", in.Outcome)
	}
	// Ben may; but he is taken out of the mailbox before he confirms.
	b.carried(b.reply(ben, b.last(ben, "The lamp flickers."), "#merge "+secret.Conversation.Reference()))
	b.Settings.Mailboxes[1].Agents = []string{"anna"}
	if in := b.reply(ben, b.last(ben, "Shall these"), "#yes"); in.Outcome != desk.OutcomeRefused ||
		b.conv(lamp.Conversation).ID == b.conv(secret.Conversation).ID {
		t.Errorf("%s (%s)", in.Outcome, in.Reason)
	}
}

// TestAttackMergeNeverSendsToTheWrongCustomer: whatever two customers write and
// agents arrange, in whatever order, by old and new addresses and twice, an
// answer goes to the customer whose mail the agent answers, and holds nothing of
// the other's.
func TestAttackMergeNeverSendsToTheWrongCustomer(t *testing.T) {
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue {
		if err := flag.Set("rapid.checks", "15"); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = flag.Set("rapid.checks", f.DefValue) }()
	}
	customers := []string{erika, "max@customers.example"}
	agents := []string{anna, ben}
	rapid.Check(t, func(r *rapid.T) {
		b := newRoom(t)
		marks := map[string]string{erika: "erikasword", "max@customers.example": "maxsword"}
		told := map[string][]bench.Sent{}
		seen := 0
		arranged := 0
		var came []desk.Inbound
		look := func() {
			for ; seen < len(b.sent); seen++ {
				m := b.sent[seen]
				text := m.Read.Subject + m.Read.Text + m.Read.HTML
				for i, c := range customers {
					if slices.Contains(m.To, c) && (len(m.To) != 1 || strings.Contains(text, marks[customers[1-i]]) ||
						!strings.Contains(text, "for-"+marks[c][:3])) {
						r.Fatalf("to %v went:\n%s", m.To, text)
					}
				}
				if strings.Contains(text, marks[erika]) && strings.Contains(text, marks[customers[1]]) {
					r.Fatalf("one mail to %v tells of both:\n%s", m.To, text)
				}
				if len(m.Read.ReplyTo) > 0 {
					told[m.To[0]] = append(told[m.To[0]], m)
				}
			}
		}
		for i := range 4 { // something to arrange
			c := customers[i%2]
			came = append(came, b.mail(c, support, "The matter of "+marks[c][:3], "",
				fmt.Sprint(marks[c], " first ", i)))
			look()
		}
		// A stranger writes into the other's conversation, which links the two, and
		// an agent tries to join them.
		crossed := func() {
			i := rapid.IntRange(0, 1).Draw(r, "victim")
			whose, stranger := customers[i], customers[1-i]
			if len(told[whose]) == 0 {
				b.reply(anna, b.last(anna, "goes to "+whose), fmt.Sprintf("Answer %d for-%s", b.n, marks[whose][:3]))
				look()
			}
			if len(told[whose]) == 0 {
				return
			}
			side := b.reply(stranger, told[whose][len(told[whose])-1],
				fmt.Sprintf("%s crosses %d", marks[stranger], b.n))
			came = append(came, side)
			look()
			if in := b.reply(anna, b.last(anna, marks[stranger]+" crosses"), "#merge 1"); in.Outcome ==
				desk.OutcomeAgent {
				b.reply(anna, b.last(anna, "Shall these two"), "#yes")
			}
			look()
			for _, id := range b.conv(side.Conversation).Linked { // and by each reference
				if in := b.reply(anna, b.last(anna, marks[stranger]+" crosses"), "#merge "+
					id.Reference()); in.Outcome == desk.OutcomeAgent {
					b.reply(anna, b.last(anna, "Shall these two"), "#yes")
				}
				look()
			}
		}
		crossed()
		for step := range rapid.IntRange(15, 35).Draw(r, "steps") {
			switch what := rapid.IntRange(0, 9).Draw(r, "what"); {
			case what < 3:
				c := rapid.SampledFrom(customers).Draw(r, "customer")
				text := fmt.Sprintf("%s number %d", marks[c], step)
				from := c
				if rapid.IntRange(0, 4).Draw(r, "into the other's") == 0 {
					from = customers[rapid.IntRange(0, 1).Draw(r, "whose")]
				}
				if old := told[from]; len(old) > 0 && rapid.Bool().Draw(r, "answers") {
					came = append(came, b.reply(c, old[rapid.IntRange(0, len(old)-1).Draw(r, "to")], text))
				} else {
					came = append(came, b.mail(c, support, "The matter of "+marks[c][:3], "", text))
				}
			default:
				a := rapid.SampledFrom(agents).Draw(r, "agent")
				if len(told[a]) == 0 {
					continue
				}
				m := told[a][rapid.IntRange(0, len(told[a])-1).Draw(r, "to")]
				if rapid.Bool().Draw(r, "newest") {
					m = told[a][len(told[a])-1]
				}
				text := rapid.SampledFrom([]string{"answer", "answer", "#split", "#split", "#merge 1", "#merge 1",
					"#undo", "#close"}).Draw(r, "order")
				if text == "#merge 1" && rapid.Bool().Draw(r, "by reference") { // of whomever
					text = "#merge " + told[a][rapid.IntRange(0, len(told[a])-1).Draw(r, "other")].Read.Subject[1:8]
				}
				if strings.Contains(m.Read.Text, "Shall these two") {
					text = "#yes"
				}
				if text == "answer" {
					whose := customers[0] // as the agent was told
					if !strings.Contains(m.Read.Text, "goes to "+whose) {
						whose = customers[1]
					}
					if !strings.Contains(m.Read.Text, "goes to "+whose) {
						continue
					}
					text = fmt.Sprintf("Answer %d for-%s", step, marks[whose][:3])
				}
				in := b.reply(a, m, text)
				if in.Outcome == desk.OutcomeAgent && text[0] != '#' {
					came = append(came, in)
				}
				if in.Outcome == desk.OutcomeAgent && text[0] == '#' && text != "#close" {
					arranged++
				}
				if strings.HasPrefix(text, "#merge") && in.Outcome == desk.OutcomeAgent &&
					rapid.IntRange(0, 3).Draw(r, "confirms") > 0 {
					b.reply(a, b.last(a, "Shall these two"), "#yes")
				}
				if rapid.IntRange(0, 4).Draw(r, "again") == 0 {
					b.n-- // the same Message-ID and text: after a confirmation, the confirmation's
					b.reply(a, m, text)
				}
			}
			look()
		}
		r.Log(arranged, "arrangements")
		b.nothingLost(r, customers, came)
	})
}

// nothingLost holds that each message is shown in one conversation, that whoever
// answers it is led there, and that the conversations count what they show.
func (b *room) nothingLost(r *rapid.T, customers []string, came []desk.Inbound) {
	shown := map[string]store.Place{}
	for _, who := range customers {
		list, err := b.Store.CustomerConversations(b.Context(), who, 0)
		if err != nil {
			r.Fatal(err)
		}
		for _, c := range list {
			ms, err := b.Store.Messages(b.Context(), c.ID, 1, 0)
			if err != nil {
				r.Fatal(err)
			}
			kinds := map[desk.MessageKind]int{}
			for _, m := range ms {
				kinds[m.Kind]++
				if m.Kind == desk.KindArranged {
					continue
				}
				if other, twice := shown[m.Inbound]; twice {
					r.Fatalf("%q is shown in %v and %s", m.Text, other, c.ID)
				}
				shown[m.Inbound] = store.Place{Conversation: c.ID, Sequence: m.Sequence}
				if m.Kind == desk.KindCustomer && m.From.Address != who {
					r.Fatalf("%s's message is with %s", m.From.Address, who)
				}
			}
			if kinds[desk.KindCustomer] != c.CustomerMessages || kinds[desk.KindAnswer] != c.Answers {
				r.Fatalf("%s shows %v and counts %d and %d", c.ID, kinds, c.CustomerMessages, c.Answers)
			}
			for i := range ms { // a part of it reads as the same part of the whole
				part, err := b.Store.Messages(b.Context(), c.ID, ms[i].Sequence, 2)
				if err != nil || !reflect.DeepEqual(part, ms[i:min(i+2, len(ms))]) {
					r.Fatalf("from %d on: %v, %v", ms[i].Sequence, part, err)
				}
			}
		}
	}
	for _, in := range came {
		_, at, err := b.Store.Place(b.Context(), store.Place{Conversation: in.Conversation, Sequence: in.Sequence})
		if in.Outcome == desk.OutcomeDuplicate {
			continue
		}
		if err != nil || shown[in.ID] != at || at.Sequence == 0 {
			r.Fatalf("the mail %s (%s) is shown at %v, and answers are led to %v, %v", in.ID, in.Outcome, shown[in.ID],
				at, err)
		}
	}
}
