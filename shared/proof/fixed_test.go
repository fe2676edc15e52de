package proof_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
)

// causal is a desk at which customers ask about one cause.
type causal struct {
	*bench.Path
	asked map[string]desk.Inbound // by the customer's address
	shown map[string]string       // where Anna's reply about it goes
	n     int
}

const (
	annaAt   = "anna@team.lantern.example"
	supports = "support@lantern.example"
)

func (c *causal) mail(from, to, subject, text string) desk.Inbound {
	c.Helper()
	c.n++
	return c.Arrive(bench.Arrival{From: from, To: []string{to}, Verdicts: bench.Trusted, Raw: fmt.Sprintf(
		"From: %s\nTo: %s\nSubject: %s\nMessage-ID: <%d@causal>\n\n%s\n", from, to, subject, c.n, text)})
}

// sent sends what is due; what Anna is told of a conversation is where she replies.
func (c *causal) sent() []bench.Sent {
	c.Helper()
	out := c.Sent()
	for _, m := range out {
		if m.To[0] == annaAt && len(m.Read.ReplyTo) > 0 {
			for from, in := range c.asked {
				if strings.Contains(m.Read.Subject, in.Conversation.Reference()) {
					c.shown[from] = m.Read.ReplyTo[0].Address
				}
			}
		}
	}
	return out
}

func (c *causal) asks(from, text string) {
	c.Helper()
	c.asked[from] = c.mail(from, supports, "My parcel", text)
	c.sent()
}

// says lets Anna write to what she was shown of a customer, and gives what was sent.
func (c *causal) says(about, text string) []bench.Sent {
	c.Helper()
	c.mail(annaAt, c.shown[about], "Re: My parcel", text)
	return c.sent()
}

func newCausal(w *bench.World) *causal {
	c := &causal{Path: bench.PathOver(w), asked: map[string]desk.Inbound{}, shown: map[string]string{}}
	c.Settings.Mailboxes[0].Agents = []string{"anna"}
	c.Settings.Notifications.Most = 1000
	return c
}

const mended = "The carrier has found the parcels. Yours comes on Friday; there is nothing for you to do."

// hamm is the desk with five who asked, four of them in English, and the preview's address.
func hamm(w *bench.World) (c *causal, preview bench.Sent) {
	w.Helper()
	c = newCausal(w)
	for _, x := range [][2]string{{"erika@home.example", "My parcel has been lying in Hamm for days. Where is it?"},
		{"joe@home.example", "The tracking page has said Hamm since Monday. When will it come?"},
		{"clara@home.example", "What is going on with the parcels in Hamm? I need mine."},
		{"otto@home.example", "Mein Paket liegt seit Tagen in Hamm. Wann wird es endlich zugestellt?"},
		{"gone@home.example", "Is my parcel in Hamm as well? Please tell me soon."}} {
		c.asks(x[0], x[1])
		c.says(x[0], "#cause hamm")
	}
	told := c.says("erika@home.example", "#fixed hamm\n\n"+mended)
	if len(told) != 1 || len(c.Outside(told)) != 0 {
		w.Fatalf("#fixed sent %d mails, %d of them to customers", len(told), len(c.Outside(told)))
	}
	return c, told[0]
}

func to(mails []bench.Sent) (out []string) {
	for _, m := range mails {
		out = append(out, m.To...)
	}
	slices.Sort(out)
	return out
}

// Whoever asked about a cause is told once, each in their own thread, after a preview
// that names them; who is in another language at a word of its own; who wrote since is
// left out and told of.
func TestEverybodyWhoAskedIsToldOnce(t *testing.T) {
	bench.OnEach(t, func(w *bench.World) {
		c, preview := hamm(w)
		text := strings.Join(strings.Fields(preview.Read.Text), " ")
		for _, want := range []string{"Send this to 4 customers, or to all 5?", mended, "lying in Hamm for days",
			"Reply yes to send it to 4 customers.", "In another language", "Mein Paket liegt",
			"Reply all to send it to 5 customers"} {
			if !strings.Contains(text, want) {
				w.Errorf("the preview lacks %q: %s", want, text)
			}
		}
		c.asked["gone@home.example"] = c.mail("gone@home.example", supports, "Re: My parcel", "I wrote to you.")
		c.mail("gone@home.example", supports, "My parcel", "Never mind, I want my money back instead.")
		c.sent()
		address := preview.Read.ReplyTo[0].Address
		for _, no := range []string{"Well, I am not sure.", "send them a voucher, too"} {
			c.mail(annaAt, address, "Re: x", no)
			if got := c.Outside(c.sent()); len(got) != 0 {
				w.Fatalf("%q answered %v", no, to(got))
			}
		}
		c.mail(annaAt, address, "Re: x", "yes")
		told := c.sent()
		got := c.Outside(told)
		if want := []string{"clara@home.example", "erika@home.example", "joe@home.example"}; !slices.Equal(to(got),
			want) {
			w.Fatalf("told were %v, want %v", to(got), want)
		}
		for _, m := range got {
			if !strings.Contains(m.Read.Text, mended) || len(m.Read.InReplyTo) == 0 ||
				strings.Contains(m.Read.Text, "#") {
				w.Errorf("%v got %s", m.To, m.Read.Text)
			}
			for from := range c.asked {
				if from != m.To[0] && strings.Contains(string(m.Raw), from) {
					w.Errorf("%v got the address of %s", m.To, from)
				}
			}
		}
		if !slices.ContainsFunc(told, func(m bench.Sent) bool {
			return m.To[0] == annaAt && strings.Contains(m.Read.Text, "wrote again")
		}) {
			w.Error("Anna is not told who got nothing")
		}
		for range 2 {
			c.mail(annaAt, address, "Re: x", "yes")
			c.mail(annaAt, c.shown["joe@home.example"], "Re: My parcel", "#fixed hamm\n\n"+mended)
			if again := c.Outside(c.sent()); len(again) != 0 {
				w.Errorf("told again: %v", to(again))
			}
		}
	})
}

// Wherever the process ends in the middle, each is told once when the mail comes again;
// within the grace time one word takes all of it back.
func TestTellingManyEndsInTheMiddle(t *testing.T) {
	bench.OnEach(t, func(w *bench.World) {
		c, preview := hamm(w)
		c.Settings.Mailboxes[0].Grace = 2 * time.Minute
		c.n++
		yes := bench.Arrival{From: annaAt, To: []string{preview.Read.ReplyTo[0].Address}, Verdicts: bench.Trusted,
			Raw: fmt.Sprintf("From: %s\nTo: x\nSubject: Re: x\nMessage-ID: <%d@causal>\n\nall\n", annaAt, c.n)}
		broken := errors.New("the process was ended")
		for n := range 8 {
			c.Engine.FailAfter(n%3, broken)
			_, err := c.Try(yes)
			c.Engine.Fail(nil)
			if err == nil {
				break
			}
		}
		if _, err := c.Try(yes); err != nil {
			w.Fatal(err)
		}
		if early := c.Outside(c.sent()); len(early) != 0 {
			w.Fatalf("sent within the grace time: %v", to(early))
		}
		c.mail(annaAt, preview.Read.ReplyTo[0].Address, "Re: x", "undo")
		if out := c.Outside(c.Later(5 * time.Minute)); len(out) != 0 {
			w.Fatalf("taken back, and sent: %v", to(out))
		}
		told := c.says("clara@home.example", "#fixed hamm\n\nThe parcels are found and on their way to each of you.")
		if len(told) != 1 {
			w.Fatalf("after undo: %d mails", len(told))
		}
		c.mail(annaAt, told[0].Read.ReplyTo[0].Address, "Re: x", "all")
		if got := c.Outside(c.Later(5 * time.Minute)); len(got) != 5 || len(bench.Recipients(got)) != 5 {
			w.Errorf("told at the second time: %v", to(got))
		}
	})
}
