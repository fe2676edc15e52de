package identify_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/inbound/identify"
	"github.com/replywell/replywell/shared/letters"
)

var (
	monday = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	pass   = desk.Verdicts{SPF: desk.VerdictPass, DKIM: desk.VerdictPass, DMARC: desk.VerdictPass,
		Spam: desk.VerdictPass}
	fail = desk.Verdicts{SPF: desk.VerdictFail, DKIM: desk.VerdictFail, DMARC: desk.VerdictFail,
		Spam: desk.VerdictPass}
	shop = &desk.Settings{
		Mailboxes: []desk.Mailbox{
			{ID: "support", Address: "support@shop.example", Name: "Shop Support", ReplyBase: "support@shop.example",
				Agents: []string{"anna"}, Acknowledge: true},
			{ID: "sales", Address: "sales@shop.example", Name: "Shop Sales", ReplyBase: "sales@shop.example",
				Agents: []string{"anna"}}},
		Agents: []desk.Agent{{ID: "anna", Name: "Anna Agent", Addresses: []string{"anna@team.example"}}},
	}
)

func keyring(t testing.TB) *replyaddr.Keyring {
	t.Helper()
	keys, err := replyaddr.NewKeyring(1, map[uint8][]byte{1: []byte(strings.Repeat("k", 32))})
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// read reads a mail with these header fields, one a line, and this text.
func read(t testing.TB, to string, v desk.Verdicts, head, text string) identify.Facts {
	t.Helper()
	if !strings.Contains(head, "Message-ID") {
		head += "\nMessage-ID: <new@customer.example>"
	}
	raw := strings.ReplaceAll(head+"\nDate: Mon, 2 Nov 2026 08:59:00 +0000\n\n"+text+"\n", "\n", "\r\n")
	f, err := identify.Read(identify.Delivery{ID: "m1", MailFrom: "erika@customer.example",
		Recipients: strings.Fields(to), ReceivedAt: monday, Verdicts: v},
		[]byte(raw), identify.Desk{Settings: shop, Keys: keyring(t), Now: monday})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

const erika = "From: Erika <erika@customer.example>\nTo: support@shop.example\nSubject: My pump leaks"

func TestWhoWroteAndWhatItIs(t *testing.T) {
	for _, c := range []struct{ name, to, head, text, want string }{
		{"a customer", "support@shop.example", erika, "Hello",
			"support; erika@customer.example verified; acknowledgeable"},
		{"to the other mailbox", "sales@shop.example", erika, "Hello",
			"sales; erika@customer.example verified; acknowledgeable"},
		{"to nobody of ours", "x@elsewhere.example", erika, "Hello",
			"support; erika@customer.example verified; acknowledgeable"},
		{"the first of ours counts", "x@elsewhere.example sales@shop.example support@shop.example", erika, "Hello",
			"sales; erika@customer.example verified; acknowledgeable"},
		{"in copy only", "support@shop.example", "From: erika@customer.example\nTo: x@elsewhere.example\nCc: " +
			"support@shop.example\nSubject: Hi", "Hello",
			"support; erika@customer.example verified; copies x@elsewhere.example"},
		{"with a colleague, a robot and our other mailbox", "support@shop.example", erika +
			"\nCc: Otto <otto@customer.example>, noreply@customer.example, sales@shop.example, anna@team.example",
			"Hello",
			"support; erika@customer.example verified; copies otto@customer.example noreply@customer.example " +
				"anna@team.example; proposable otto@customer.example; ours support sales; acknowledgeable"},
		{"two senders", "support@shop.example", "From: erika@customer.example, eve@evil.example\nTo: " +
			"support@shop.example\nSubject: Hi", "Hello", "support; erika@customer.example"},
		{"one that answers", "support@shop.example", erika +
			"\nIn-Reply-To: <b@x.example>\nReferences: <a@x.example> <b@x.example>", "Hello",
			"support; erika@customer.example verified; answers b@x.example a@x.example; awaits b@x.example " +
				"a@x.example"},
		{"an address where an id should be", "support@shop.example", erika + "\nIn-Reply-To: <support@shop.example>",
			"Hello", "support; erika@customer.example verified"},
		{"a verification mail", "support@shop.example",
			"From: no-reply@chat.example\nTo: support@shop.example\nSubject: Your verification code: 123456",
			"Your verification code is 123456.", "support; no-reply@chat.example verified; verification"},
		{"a robot's", "support@shop.example", erika + "\nAuto-Submitted: auto-replied", "I am away until Monday.",
			"support; erika@customer.example verified; out-of-office"},
		{"asks for answers elsewhere", "support@shop.example", erika + "\nReply-To: office@customer.example", "Hello",
			"support; erika@customer.example verified; answers to office@customer.example"},
		{"our mark", "support@shop.example", erika + "\n" + letters.LoopHeader + ": support@shop.example", "Hello",
			"support; erika@customer.example verified; ours"},
		{"from our own address", "support@shop.example",
			"From: support@shop.example\nTo: support@shop.example\nSubject: Hi", "Hello",
			"support; erika@customer.example"},
	} {
		f := read(t, c.to, pass, c.head, c.text)
		if got := said(f); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

// said are the facts in a line.
func said(f identify.Facts) string {
	out := []string{f.Mailbox.ID, f.Author.Address}
	if f.Verified {
		out[1] += " verified"
	}
	add := func(is bool, what string, of ...string) {
		if is {
			out = append(out, strings.Join(append([]string{what}, of...), " "))
		}
	}
	var copies, proposable, ours []string
	for _, c := range f.Copies {
		copies = append(copies, c.Address)
	}
	for _, p := range f.Proposable {
		proposable = append(proposable, p.Address)
	}
	for _, mb := range f.OurNamed {
		ours = append(ours, mb.ID)
	}
	add(f.Kind != "", string(f.Kind))
	add(len(copies) > 0, "copies", copies...)
	add(len(proposable) > 0 && len(proposable) != len(copies), "proposable", proposable...)
	add(len(ours) > 1, "ours", ours...)
	add(len(f.Answered) > 0, "answers", f.Answered...)
	add(len(f.Awaited) > 0, "awaits", f.Awaited...)
	add(f.AnswersTo != "", "answers to", f.AnswersTo)
	add(f.OurMark, "ours")
	add(f.Acknowledgeable, "acknowledgeable")
	return strings.Join(out, "; ")
}

// TestSignedAddresses: what an address of ours says, and to whom it was written.
func TestSignedAddresses(t *testing.T) {
	keys := keyring(t)
	id, err := desk.NewConversationID(strings.NewReader(strings.Repeat("x", 7)))
	if err != nil {
		t.Fatal(err)
	}
	sealed := func(purpose replyaddr.Purpose, mailbox, base string, expires time.Time) string {
		text, err := keys.Seal(replyaddr.Token{Purpose: purpose, Conversation: string(id), Person: "anna",
			Mailbox: mailbox, LastSeen: 3, Expires: expires})
		if err != nil {
			t.Fatal(err)
		}
		return replyaddr.Address(base, text)
	}
	good, past := monday.Add(48*time.Hour), monday.Add(-48*time.Hour)
	forAnna := sealed(replyaddr.Agent, "support", "support@shop.example", good)
	elsewhere := sealed(replyaddr.Agent, "sales", "support@shop.example", good)
	last := map[bool]string{true: "a", false: "b"}[forAnna[len("support+")] != 'a']
	forged := "support+" + last + forAnna[len("support+")+1:]
	for _, c := range []struct {
		name, to, header string
		v                desk.Verdicts
		want             string
	}{
		{"an agent's", forAnna, forAnna, pass, "genuine for anna, meant"},
		{"too old", sealed(replyaddr.Agent, "support", "support@shop.example", past), "", pass,
			"genuine expired for anna, meant"},
		{"made for another mailbox", elsewhere, elsewhere, pass, "genuine for nobody, meant"},
		{"changed on its way", forged, forged, pass, "not genuine"},
		{"a customer's", sealed(replyaddr.Customer, "", "support@shop.example", good), "", pass, "genuine for nobody"},
		{"no server of the sender's domain", forAnna, forAnna, desk.Verdicts{SPF: desk.VerdictFail},
			"genuine for anna"},
	} {
		f := read(t, c.to, c.v, "From: anna@customer.example\nSubject: Re\nTo: "+c.header, "Hello")
		if len(f.Recipients) != 1 {
			t.Errorf("%s: %d signed addresses among the recipients", c.name, len(f.Recipients))
			continue
		}
		a := f.Recipients[0]
		got := "not genuine"
		if a.Genuine {
			got = "genuine"
			if a.Expired {
				got += " expired"
			}
			who := "nobody"
			if a.Agent != nil {
				who = a.Agent.ID
			}
			got += " for " + who
			if a.Meant {
				got += ", meant"
			}
			if a.Named.Conversation != id || a.Named.Sequence != 3 || a.Leads != a.Named {
				t.Errorf("%s: leads to %v", c.name, a.Leads)
			}
		}
		if got != c.want {
			t.Errorf("%s: %s; want %s", c.name, got, c.want)
		}
	}
}

func TestWhatAnAgentPassesOn(t *testing.T) {
	whole := "From: anna@team.example\nTo: support@shop.example\nSubject: Fwd: Pump\nMIME-Version: 1.0\n" +
		"Content-Type: multipart/mixed; boundary=b"
	inside := "--b\n\nPlease look.\n--b\nContent-Type: message/rfc822\n\nFrom: Erika <erika@customer.example>\n" +
		"Subject: Pump\nMessage-ID: <old@customer.example>\n\nIt leaks.\n--b--"
	for _, c := range []struct {
		name, head, text string
		v                desk.Verdicts
		want             string
	}{
		{"an agent's forward", whole, inside, pass, "erika@customer.example: Pump; It leaks.; Please look.; " +
			"old@customer.example"},
		{"one that nobody vouches for", whole, inside, fail, "nothing"},
		{"a customer's forward", strings.ReplaceAll(whole, "anna@team.example", "otto@customer.example"), inside, pass,
			"nothing"},
		{"of a colleague's mail", whole, strings.ReplaceAll(inside, "erika@customer.example", "anna@team.example"),
			pass, "nothing"},
		{"of our own mail", whole, strings.ReplaceAll(inside, "erika@customer.example", "support@shop.example"), pass,
			"nothing"},
	} {
		f := read(t, "support@shop.example", c.v, c.head, c.text)
		got := "nothing"
		if g := f.AsForward; g != nil {
			got = fmt.Sprintf("%s: %s; %s; %s; %s", g.Author.Address, g.Subject, g.Text, g.Forward.Comment,
				g.Forward.MessageID)
			if g.Verified || f.Forward != nil || f.Author.Address != "anna@team.example" {
				t.Errorf("%s: the agent's own mail changed, or the customer's is verified", c.name)
			}
		}
		if got != c.want {
			t.Errorf("%s: %s; want %s", c.name, got, c.want)
		}
	}
}

// TestReadIsPure: the same in gives the same out, and the first answer stays as it was.
func TestReadIsPure(t *testing.T) {
	head := erika + "\nReferences: <a@x.example>"
	first := read(t, "support@shop.example", pass, head, "Hello")
	led := first.Led(nil)
	second := read(t, "support@shop.example", pass, head, "Hello")
	if !reflect.DeepEqual(first, second) || !reflect.DeepEqual(first.Lookup(), led.Lookup()) {
		t.Error("the same mail was read in two ways")
	}
}

func FuzzRead(f *testing.F) {
	f.Add("From: a@b.example\r\n\r\nhello", "support@shop.example", "a@b.example")
	f.Fuzz(func(t *testing.T, raw, to, from string) {
		facts, err := identify.Read(identify.Delivery{ID: "m", MailFrom: from, Recipients: []string{to}}, []byte(raw),
			identify.Desk{Settings: shop, Keys: keyring(t), Now: monday})
		if err != nil {
			t.Fatal(err)
		}
		if facts.Text == "" || len(facts.Subject) > 500 || len(facts.Awaited) > 3 || facts.Mailbox.ID == "" {
			t.Errorf("facts without their bounds: %+v", facts)
		}
		facts.Lookup()
	})
}
