package reply_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
)

const pest = "mallory@pest.example"

// forged writes a mail in somebody's name that nobody vouches for.
func (b *room) forged(from, to, subject, text string) desk.Inbound {
	b.Helper()
	b.n++
	b.Pass(time.Minute)
	in := b.Arrive(bench.Arrival{From: from, To: []string{to}, Verdicts: bench.Forged,
		Raw: fmt.Sprintf("From: <%s>\nTo: <%s>\nSubject: %s\nMessage-ID: <f%d@x.example>\n\n%s\n", from, to, subject,
			b.n, text)})
	b.Pass(time.Hour)
	b.sent = append(b.sent, b.Sent()...)
	return in
}

// quiet reports whether nobody was mailed since there were so many mails.
func (b *room) quiet(what string, before int) {
	b.Helper()
	for _, m := range b.sent[before:] {
		b.Errorf("%s: %v got %q", what, m.To, m.Read.Subject)
	}
}

func (b *room) waiting() (refs []string) {
	b.Helper()
	if err := b.Store.Waiting(b.Context(), func(c desk.Conversation) error {
		refs = append(refs, c.Subject)
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	return refs
}

func (b *room) blocks() (out []string) {
	b.Helper()
	list, err := b.Store.Blocks(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	for _, x := range list {
		out = append(out, x.Sender)
	}
	return out
}

// Spam leaves who waits, its sender's further mail is held where a lead sees it, and
// both come back with one word.
func TestSpamIsOutOfTheWayAndComesBack(t *testing.T) {
	for _, said := range []string{"#spam", "#Spam bitte", "#spam\n\nGesendet von meinem iPhone", "/spam", "#junk"} {
		for _, back := range []string{"#undo", "#open", "#unblock", "#undo spam"} {
			b := newRoom(t)
			b.mail(pest, support, "Offer", "", "Buy our lists of addresses, very cheap.")
			told := b.last(anna, "very cheap")
			b.carried(b.reply(anna, told, said))
			if w := b.waiting(); len(w) != 0 {
				t.Fatalf("%q: %v waits", said, w)
			}
			note := b.last(anna, "Marked as spam")
			n := len(b.sent)
			in := b.mail(pest, support, "Re: Offer", "", "Did you get this? Very very cheap.")
			if in.Outcome != desk.OutcomeHeld || in.Hold != desk.HoldSpam {
				t.Fatalf("%q: %s %s (%s)", said, in.Outcome, in.Hold, in.Reason)
			}
			b.quiet("a second mail", n)
			if out := b.Outside(b.sent); len(out) != 0 {
				t.Errorf("%v got mail", bench.Recipients(out))
			}
			b.carried(b.reply(anna, note, back))
			if w := b.waiting(); !slices.Equal(w, []string{"Offer"}) {
				t.Errorf("after %q %v waits", back, w)
			}
			if in := b.mail(pest, support, "Third", "", "Hello again."); in.Outcome != desk.OutcomeThreaded {
				t.Errorf("after %q: %s (%s)", back, in.Outcome, in.Reason)
			}
		}
	}
}

// Wherever a blocked sender writes to, nobody is told, and nothing is lost.
func TestAttackABlockedSenderByEveryWay(t *testing.T) {
	b := newRoom(t)
	b.mail(pest, support, "Threat", "", "I know where you live, really.")
	told := b.last(anna, "where you live")
	b.carried(b.reply(anna, told, "Please stop this."))
	answer := b.last(pest, "Please stop this.")
	// They are in copy of a customer's, too, and admitted there.
	b.mail(erika, support, "Lamp", "Cc: "+pest+"\n", "The lamp flickers here.")
	lamp := b.last(anna, "flickers here")
	b.carried(b.reply(anna, lamp, "#add "+pest+"\n\nDear Erika,\n\nplease try another bulb."))
	copied := b.last(pest, "another bulb")
	b.carried(b.reply(anna, told, "#block"))
	b.last(anna, "mallory@pest.example is blocked")
	n := len(b.sent)
	for how, in := range map[string]desk.Inbound{
		"a new mail":            b.mail(pest, support, "Next", "", "You hear from me."),
		"in capitals":           b.mail("Mallory@PEST.example", support, "Next 2", "", "You hear from me."),
		"behind a plus":         b.mail("mallory+two@pest.example", support, "Next 3", "", "You hear from me."),
		"the reply address":     b.reply(pest, answer, "I do not stop."),
		"by its subject":        b.mail(pest, support, "Re: Threat", "", "I do not stop."),
		"by id":                 b.mail(pest, support, "x", "In-Reply-To: <"+answer.Read.MessageID+">\n", "No."),
		"as one in copy":        b.reply(pest, copied, "Listen, Erika."),
		"to an agent's address": b.mail(pest, told.Read.ReplyTo[0].Address, "Re", "", "I found this address."),
		"answers to it": b.mail("other@elsewhere.example", support, "Next 4", "Reply-To: "+pest+"\n",
			"Write to my other address."),
		"an autoresponder": b.mail(pest, answer.Read.ReplyTo[0].Address, "Out of office",
			"Auto-Submitted: auto-replied\n", "I am away."),
		"forged in their name": b.forged(pest, support, "Next 5", "You hear from me."),
	} {
		if in.Outcome != desk.OutcomeHeld || in.Hold != desk.HoldBlocked {
			t.Errorf("%s: %s %s (%s)", how, in.Outcome, in.Hold, in.Reason)
		}
	}
	b.quiet("blocked mail", n)
	// Others are not touched by it.
	if in := b.mail("molly@pest.example", support, "Lamp", "", "Mine flickers."); in.Outcome != desk.OutcomeThreaded {
		t.Errorf("a neighbour: %s (%s)", in.Outcome, in.Reason)
	}
	if w := b.waiting(); slices.Contains(w, "Threat") {
		t.Errorf("%v wait", w)
	}
	// What would go to them is asked about, by whichever way it goes there.
	for _, to := range []bench.Sent{told, lamp} {
		n = len(b.sent)
		b.reply(anna, to, "Dear Sir,\n\nplease find the bulb in our shop.")
		b.last(anna, "somebody who is blocked", "find the bulb")
		if out := b.Outside(b.sent[n:]); len(out) != 0 {
			t.Errorf("%v got mail", bench.Recipients(out))
		}
	}
	asked := b.last(anna, "somebody who is blocked")
	b.carried(b.reply(anna, asked, "send"))
	b.last(pest, "find the bulb")
}

// A block that a forged mail gave rise to keeps nobody out who proves to be the owner.
func TestAttackAForgedMailGetsNobodyBlocked(t *testing.T) {
	for _, said := range []string{"#block", "#spam", "#block erika@customers.example"} {
		b := newRoom(t)
		b.forged(erika, support, "Insult", "You are all fools, believe me.")
		b.carried(b.reply(anna, b.last(anna, "all fools"), said))
		if b.forged(erika, support, "Insult 2", "Fools, I say.").Outcome != desk.OutcomeHeld {
			t.Errorf("%s: forged mail comes in", said)
		}
		if in := b.mail(erika, support, "Lamp", "", "My lamp flickers today."); in.Outcome != desk.OutcomeThreaded {
			t.Errorf("%s: the owner's own mail: %s (%s)", said, in.Outcome, in.Reason)
		}
		b.carried(b.reply(anna, b.last(anna, "flickers today"), "Dear Erika,\n\nplease change the bulb."))
		b.last(erika, "change the bulb")
	}
}

// Nobody blocks the team, or everybody at a provider of mail.
func TestWhatCannotBeBlocked(t *testing.T) {
	for said, why := range map[string]string{
		"#block gmail.com":                   "Anybody can have a mailbox at gmail.com",
		"#block @yahoo.co.nz":                "Anybody can have a mailbox",
		"#block co.uk":                       "Anybody can have a mailbox",
		"#block support@lantern.example":     "an address of the team",
		"#block lantern.example":             "the team’s own domain",
		"#block team.lantern.example":        "the team’s own domain",
		"#block ben@team.lantern.example":    "an address of the team",
		"#block erika@@customers":            "is neither",
		"#block erika(at)customers.example":  "is neither",
		"#unblock":                           "is not blocked",
		"#block this terrible person please": "is neither",
	} {
		b := newRoom(t)
		b.mail(erika, support, "Lamp", "", "The lamp flickers here.")
		n := len(b.sent)
		in := b.reply(anna, b.last(anna, "flickers here"), said)
		if text := b.last(anna).Read.PlainText; in.Outcome == desk.OutcomeAgent ||
			!strings.Contains(strings.Join(strings.Fields(text), " "), why) {
			t.Errorf("%s: %s (%s)\n%s", said, in.Outcome, in.Reason, text)
		}
		if out := b.Outside(b.sent[n:]); len(b.blocks())+len(out) != 0 {
			t.Errorf("%s: blocked are %v, and mail left for %v", said, b.blocks(), bench.Recipients(out))
		}
	}
}

// A domain, and an address that did not write here, are asked about first.
func TestADomainIsBlockedAfterAYes(t *testing.T) {
	for said, want := range map[string]string{"yes": "@pest.example", "ja": "@pest.example", "no": "",
		"wait, who?": ""} {
		b := newRoom(t)
		b.mail(pest, support, "Threat", "", "I know where you live.")
		told := b.last(anna, "where you live")
		b.carried(b.reply(anna, told, "#block pest.example"))
		ask := b.last(anna, "Block pest.example?")
		if got := b.blocks(); len(got) != 0 {
			t.Fatalf("blocked before it was confirmed: %v", got)
		}
		b.reply(anna, ask, said)
		if got := strings.Join(b.blocks(), " "); got != want {
			t.Errorf("after %q blocked are %q", said, got)
		}
		if want == "" {
			continue
		}
		if in := b.mail("x@mail.pest.example", support, "Y", "", "From below."); in.Hold != desk.HoldBlocked {
			t.Errorf("a domain below: %s", in.Outcome)
		}
		b.carried(b.reply(ben, b.last(ben, "where you live"), "#block list"))
		if text := b.last(ben, "Whose mail is kept aside").Read.PlainText; !strings.Contains(text,
			"pest.example, by Anna") {
			t.Errorf("the list says\n%s", text)
		}
		if in := b.reply(anna, told, "#unblock mallory@pest.example"); in.Outcome != desk.OutcomeRefused {
			t.Errorf("unblocking one of many: %s", in.Outcome)
		}
		b.carried(b.reply(anna, told, "#unblock pest.example"))
		if got := b.blocks(); len(got) != 0 {
			t.Errorf("still blocked: %v", got)
		}
	}
}

// A lead lets a blocked mail in: it is a message like any other.
func TestABlockedMailIsLetIn(t *testing.T) {
	b := newRoom(t)
	b.mail(pest, support, "Offer", "", "Buy our lists of addresses.")
	b.carried(b.reply(anna, b.last(anna, "our lists"), "#spam"))
	held := b.mail(pest, support, "Sorry", "", "That was not me, my lamp is broken.")
	by := desk.Inbound{ID: "release", ReceivedAt: b.Now(), Outcome: desk.OutcomeAgent}
	done, err := b.Inbound.Release(b.Context(), held.ID, desk.Confirmation{Kind: desk.ConfirmQuarantine}, &by, nil)
	if err != nil || !done.Done || done.Inbound.Outcome != desk.OutcomeThreaded {
		t.Fatalf("%+v, %v", done, err)
	}
	b.sent = append(b.sent, b.Sent()...)
	b.last(anna, "my lamp is broken")
}

// A near miss is asked about, and goes to nobody.
func TestASlipOfBlockIsAsked(t *testing.T) {
	for said, meant := range map[string]string{"#blok": "#block", "#spamm": "#spam", "#gesperrt": "#block",
		"#unblok": "#unblock", "#werbung": "#spam"} {
		b := newRoom(t)
		b.mail(pest, support, "Offer", "", "Buy our lists of addresses.")
		n := len(b.sent)
		b.reply(anna, b.last(anna, "our lists"), said)
		b.last(anna, "Did you mean "+meant+"?")
		if out := b.Outside(b.sent[n:]); len(b.blocks())+len(out) != 0 {
			t.Errorf("%s: blocked are %v, and mail left for %v", said, b.blocks(), bench.Recipients(out))
		}
	}
}
