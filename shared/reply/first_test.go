package reply_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
)

const clara = "clara@customers.example"

// newTo is Anna's address for new mail, as she copies it from the mail that #new brings.
func (u *undo) newTo() string {
	u.Helper()
	u.mail(erika, support, "My lamp", "", "What shall I do with the glass?")
	u.wait(0)
	u.mail(anna, u.to, "Re: My lamp", "", "#new")
	u.wait(0)
	for _, word := range strings.Fields(u.told()) {
		if strings.HasPrefix(word, "support+") {
			return word
		}
	}
	u.Fatalf("#new brings no address: %s", u.told())
	return ""
}

// sentTo is the last mail to somebody.
func (u *undo) sentTo(who string) *bench.Sent {
	for i, m := range slices.Backward(u.mails) {
		if slices.Contains(m.To, who) {
			return &u.mails[i]
		}
	}
	return nil
}

// TestWritingFirst: what an agent's mail to the address for new mail comes to, in the ways
// that people write whom it is for.
func TestWritingFirst(t *testing.T) {
	const text = "your lamp is ready. Shall we send it?\n\nBest regards\nAnna"
	for _, c := range []struct {
		name, said string
		to, name2  string // who got it, and the name that stands there
		told       string // stands in the mail to Anna, where nobody got it
	}{
		{"as it is shown", "to: clara@customers.example\n\nDear Clara,\n\n" + text, clara, "", ""},
		{"on a telephone", "To clara@customers.example\nDear Clara,\n\n" + text, clara, "", ""},
		{"in German", "An: Clara Hoff <clara@customers.example>\n\nDear Clara,\n\n" + text, clara, "Clara Hoff", ""},
		{"the address alone", "Clara@Customers.example\n\nDear Clara,\n\n" + text, clara, "", ""},
		{"as Outlook writes an address", "to: clara@customers.example<mailto:clara@customers.example>\n\nDear " +
			"Clara,\n\n" +
			text, clara, "", ""},
		{"named after the label", "to: Clara Hoff clara@customers.example,\n\nDear Clara,\n\n" + text, clara,
			"Clara Hoff", ""},
		{"nobody", "Dear Clara,\n\n" + text, "", "", "names no address"},
		{"two", "to: clara@customers.example, ben@else.example\n\n" + text, "", "", "more than one address"},
		{"a sentence", "I wrote to clara@customers.example yesterday.\n\n" + text, "", "", "more than to whom"},
		{"a colleague", "to: ben@team.lantern.example\n\n" + text, "", "", "a colleague's address"},
		{"the desk", "to: support@lantern.example\n\n" + text, "", "", "own address"},
		{"nothing to say", "to: clara@customers.example", "", "", "nothing below"},
		{"a doubtful order", "to: clara@customers.example\n\n#ntoe she is angry\n\n" + text, "", "",
			"Did you mean #note"},
	} {
		t.Run(c.name, func(t *testing.T) {
			u := &undo{Path: bench.NewPath(t)}
			to := u.newTo()
			in := u.mail(anna, to, "Your lamp", "", c.said)
			u.wait(time.Minute)
			got := u.sentTo(clara)
			if c.to == "" {
				if got != nil || !strings.Contains(u.told(), c.told) || !strings.Contains(u.told(),
					"your lamp is ready") &&
					strings.Contains(c.said, text) {
					t.Fatalf("Clara got %v, and Anna was told: %s", got, u.told())
				}
				return
			}
			if got == nil {
				t.Fatalf("nothing left: %s", u.told())
			}
			m := got.Read
			if m.Subject != "Your lamp" || !strings.HasPrefix(m.PlainText, "Dear Clara,") ||
				!strings.Contains(m.PlainText, "Anna") || strings.Contains(m.PlainText+m.HTML, "@customers") ||
				m.From.Address != "support@lantern.example" || m.To[0].Name != c.name2 || len(m.InReplyTo) > 0 {
				t.Errorf("it reads\n%s\nFrom %v To %v Subject %s", m.PlainText, m.From, m.To, m.Subject)
			}
			// Her answer joins it, and waits for Anna.
			answer := u.mail(clara, m.ReplyTo[0].Address, "Re: Your lamp", "", "Yes please, to the shop.")
			if conv := u.Conversation(answer); answer.Conversation != in.Conversation ||
				conv.State != desk.StateOpen ||
				conv.Owner != "anna" || conv.Messages != 2 {
				t.Errorf("her answer: %+v in %+v", answer, conv)
			}
			u.wait(0)
			if !strings.Contains(u.told(), "to the shop") || !strings.Contains(u.told(), "your lamp is ready") {
				t.Errorf("Anna is told: %s", u.told())
			}
			u.mail(anna, u.to, "Re: Your lamp", "", "Dear Clara,\n\nit is on its way, and comes on Friday.")
			u.wait(time.Minute)
			if !strings.Contains(u.sentTo(clara).Read.PlainText, "on Friday") {
				t.Errorf("Anna's next answer did not arrive: %s", u.told())
			}
		})
	}
}

// TestWritingFirstIsAskedAboutLikeAnyAnswer: what was doubtful goes at a word, without the line that says to whom.
func TestWritingFirstIsAskedAboutLikeAnyAnswer(t *testing.T) {
	u := &undo{Path: bench.NewPath(t)}
	u.mail(anna, u.newTo(), "Your lamp", "", "to: clara@customers.example\n\nDear Clara,\n\nyour lamp is ready.\n\n"+
		"@Ben can you take this?")
	u.wait(time.Minute)
	if u.sentTo(clara) != nil || !strings.Contains(u.told(), "@Ben") {
		t.Fatalf("it was not asked about: %s", u.told())
	}
	u.mail(anna, u.to, "Re: Your lamp", "", "send")
	u.wait(time.Minute)
	if got := u.sentTo(clara); got == nil || !strings.HasPrefix(got.Read.PlainText, "Dear Clara,") {
		t.Errorf("at her word: %v; %s", got, u.told())
	}
}

// TestWritingFirstUndone: it waits its time like any answer.
func TestWritingFirstUndone(t *testing.T) {
	u := &undo{Path: bench.NewPath(t)}
	u.Settings.Mailboxes[0].Grace = 2 * time.Minute
	to := u.newTo()
	u.mail(anna, to, "Your lamp", "", "to: clara@customers.example\n\nDear Clara,\n\nyour lamp is ready.")
	u.wait(time.Minute)
	if u.sentTo(clara) != nil {
		t.Fatal("it left at once")
	}
	u.wait(time.Minute)
	if u.sentTo(clara) == nil {
		t.Errorf("it never left: %s", u.told())
	}
}

// TestAttackWritingFirst: who is not proven to be the agent sends nothing by that address; the agent hears of it once.
func TestAttackWritingFirst(t *testing.T) {
	forged := bench.Trusted
	forged.DMARC, forged.SPF, forged.DKIM = desk.VerdictFail, desk.VerdictFail, desk.VerdictFail
	replayed := bench.Trusted
	replayed.SPF = desk.VerdictFail
	const said = "to: clara@customers.example\n\nDear Clara,\n\nplease pay to another account."
	for _, c := range []struct {
		name, from, header string
		verdicts           desk.Verdicts
	}{
		{"forged", anna, anna, forged},
		{"a stranger who has the address", "mallory@evil.example", "mallory@evil.example", bench.Trusted},
		{"a colleague who has the address", "ben@team.lantern.example", "ben@team.lantern.example", bench.Trusted},
		{"handed in by somebody else", "mallory@evil.example", anna, replayed},
	} {
		t.Run(c.name, func(t *testing.T) {
			u := &undo{Path: bench.NewPath(t)}
			to := u.newTo()
			arrive := func(id string) desk.Inbound {
				return u.Arrive(bench.Arrival{From: c.from, To: []string{to}, Verdicts: c.verdicts,
					Raw: fmt.Sprintf("From: <%s>\nTo: x@y.example\nSubject: Your lamp\nMessage-ID: "+
						"<%s@x>\n\n%s\n", c.header, id, said)})
			}
			in := arrive("1")
			u.wait(24 * time.Hour)
			told := u.told()
			if in.Outcome != desk.OutcomeHeld || u.sentTo(clara) != nil || !strings.Contains(told,
				"another account") ||
				!strings.Contains(told, "Nobody was written to") {
				t.Errorf("%+v; Anna was told: %s", in, told)
			}
			// What she answers there sends nothing either.
			u.mail(anna, u.to, "Re", "", "#release")
			u.wait(24 * time.Hour)
			if u.sentTo(clara) != nil || u.sentTo("mallory@evil.example") != nil {
				t.Error("it was sent at last")
			}
		})
	}
}

// TestACopyOfAnAgentsOwnMail: what an agent wrote to a customer alone, with us in Cc, is
// recorded and not sent, and what follows joins it; unproven it is told to the agent.
func TestACopyOfAnAgentsOwnMail(t *testing.T) {
	forged := bench.Trusted
	forged.DMARC, forged.SPF, forged.DKIM = desk.VerdictFail, desk.VerdictFail, desk.VerdictFail
	head := "From: Anna Winter <" + anna + ">\nTo: Clara Hoff <" + clara +
		">\nCc: support@lantern.example\nSubject: Your lamp\n" +
		"Message-ID: <own@team>\n\nDear Clara,\n\nyour lamp is ready.\n"
	u := &undo{Path: bench.NewPath(t)}
	in := u.Arrive(bench.Arrival{From: anna, To: []string{support}, Verdicts: bench.Trusted, Raw: head})
	u.wait(time.Hour)
	conv := u.Conversation(in)
	if in.Outcome != desk.OutcomeAgent || conv.Customer.Address != clara || conv.State != desk.StateAnswered ||
		conv.Owner != "anna" ||
		u.sentTo(clara) != nil || u.sentTo(anna) != nil {
		t.Fatalf("%+v, %+v, sent %d", in, conv, len(u.mails))
	}
	answer := u.Arrive(bench.Arrival{From: clara, To: []string{support}, Verdicts: bench.Trusted,
		Raw: "From: Clara <" + clara +
			">\nTo: " + anna + "\nCc: support@lantern.example\nSubject: Re: Your lamp\nMessage-ID: " +
			"<hers@c>\nIn-Reply-To: <own@team>\n\nThank you. Can you send it?\n"})
	if answer.Conversation != in.Conversation {
		t.Errorf("her answer went elsewhere: %+v", answer)
	}
	u.wait(0)
	// Anna answers all from her own program again: recorded in the same conversation, and not sent twice.
	again := u.Arrive(bench.Arrival{From: anna, To: []string{support}, Verdicts: bench.Trusted, Raw: "From: " +
		anna + "\nTo: " + clara +
		"\nCc: support@lantern.example\nSubject: Re: Your lamp\nMessage-ID: <own2@team>\nIn-Reply-To: " +
		"<hers@c>\n\nIt leaves on Monday.\n"})
	u.wait(time.Hour)
	if conv := u.Conversation(again); again.Conversation != in.Conversation ||
		conv.State != desk.StateAnswered || u.sentTo(clara) != nil {
		t.Errorf("her second own mail: %+v in %+v", again, conv)
	}
	for _, m := range u.Messages(again)[:1] {
		if m.Kind != desk.KindAnswer || m.Evidence.Rule != desk.EvidenceCopy {
			t.Errorf("it is kept as %+v", m)
		}
	}

	v := &undo{Path: bench.NewPath(t)}
	held := v.Arrive(bench.Arrival{From: anna, To: []string{support}, Verdicts: forged, Raw: head})
	v.wait(time.Hour)
	if held.Outcome != desk.OutcomeHeld || v.sentTo(clara) != nil || !strings.Contains(v.told(), "recorded nothing") {
		t.Errorf("a forged one: %+v; Anna was told: %s", held, v.told())
	}
	// An agent who writes to us as a customer does, alone, still opens a conversation.
	own := v.mail(anna, support, "My own lamp", "", "It flickers at home.")
	if own.Outcome != desk.OutcomeThreaded {
		t.Errorf("an agent as a customer: %+v", own)
	}
}

// The address for new mail is void with the agent's others, and good for as long.
func TestTheAddressForNewMailCanBeVoided(t *testing.T) {
	u := &undo{Path: bench.NewPath(t)}
	to := u.newTo()
	u.Settings.Agents[0].Since = u.Now().AddDate(0, 0, 1)
	in := u.mail(anna, to, "Your lamp", "", "to: clara@customers.example\n\nHello Clara,\n\nhere.")
	if in.Outcome != desk.OutcomeHeld {
		t.Errorf("a void one: %+v", in)
	}
	u.Settings.Agents[0].Since = time.Time{}
	u.Pass(letters.AgentAddressGood + 48*time.Hour)
	if in := u.mail(anna, to, "Your lamp", "", "to: clara@customers.example\n\nHello "+
		"Clara,\n\nhere."); in.Outcome != desk.OutcomeHeld {
		t.Errorf("an old one: %+v", in)
	}
}
