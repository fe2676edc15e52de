package reply

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/orders"
)

// saidSend answers a question about a doubtful line: the mail is sent as it was
// written.
const saidSend = "send"

// doubtful stops a mail of which a line may be an order, or a word to a
// colleague: the agent is asked.
type doubtful struct{ *orders.Doubt }

func (d *doubtful) Error() string { return "doubtful: " + d.Line }

// read reads what a mail asks for. What the agent said of a doubtful line holds.
// It gives a *commands.Refusal where the mail says no order that can be carried
// out, and a *doubtful where the agent must be asked.
func read(f commands.Facts, w written) (orders.Reading, error) {
	r, err := orders.Read(ordersMail(f, w), timed(f, w))
	if w.templates != nil && w.templates.err != nil {
		return r, w.templates.err
	}
	var bad *desk.CommandError
	switch {
	case errors.As(err, &bad):
		return r, &commands.Refusal{Rule: "command", Title: "Nothing was sent", Commands: true,
			Why:  fmt.Sprintf("Your mail contains “%s”: %s.", bad.Line, bad.Why),
			Next: "Answer this mail with #answer and your text below it, with the right command, or with #note and what is for the team."}
	case err != nil:
		return r, err
	case f.Team && r.Doubt != nil && forTeam(r.Doubt.Why): // a plain reply is for the team here
		return orders.Reading{Text: strings.TrimSpace(w.text(f)), AsWritten: true}, nil
	case w.said == "" && r.Doubt != nil:
		return r, &doubtful{r.Doubt}
	case w.said == "":
		return r, nil
	case r.Doubt == nil || w.of != digest(f, w, r.Doubt):
		// Names or settings changed since, and with them how the mail reads.
		return r, &commands.Refusal{Rule: "meant", Title: "Nothing was sent", Why: "Your mail would be read in another way today than when you were asked.",
			Next: "Answer this mail with your text."}
	case w.said == saidSend:
		return orders.Reading{Commands: []desk.Command{{Name: desk.CommandAnswer}}, Text: strings.TrimSpace(w.text(f)), AsWritten: true}, nil
	case r.Doubt.Yes == nil:
		return r, &commands.Refusal{Rule: "meant", Title: "Nothing was sent", Why: "It is not known what you meant.", Next: "Answer this mail with your text."}
	}
	return *r.Doubt.Yes, nil
}

// forTeam reports whether what made a line doubtful is that it speaks to the team.
func forTeam(why string) bool {
	return why == orders.WhyLabel || why == orders.WhyColleague || why == orders.WhyAbout
}

func ordersMail(f commands.Facts, w written) orders.Mail {
	return orders.Mail{Text: w.text(f), HTML: w.html(), Aside: w.aside(), Subject: w.mail.Subject, Of: f.Conversation.Subject}
}

// around tells who and what is around the mail: by whose names it is seen whom a
// line speaks to.
func around(f commands.Facts) orders.Desk {
	c := f.Conversation
	d := orders.Desk{Offered: len(f.Offered()), Encoder: f.Encoder, Customer: []string{c.Customer.Name, local(c.Customer.Address)}}
	for _, p := range c.Participants {
		d.Customer = append(d.Customer, p.Name, local(p.Address))
	}
	for _, m := range f.Messages {
		if m.Kind == desk.KindCustomer {
			d.Customer = append(d.Customer, m.From.Name)
		}
	}
	for _, a := range f.Settings.Agents {
		names := []string{a.Name, a.PublicName, a.ID}
		for _, address := range a.Addresses {
			names = append(names, local(address))
		}
		if a.ID == f.Agent.ID {
			d.Self = append(names, f.Mailbox.Name)
			continue
		}
		d.Colleagues = append(d.Colleagues, names...)
	}
	return d
}

// timed is around, with when the mail was written: what is asked about is read the
// same when the agent has answered.
func timed(f commands.Facts, w written) orders.Desk {
	d, at := around(f), w.in.ReceivedAt
	if at.IsZero() {
		at = f.Now
	}
	if w.templates != nil {
		d.Templates = func() []string { return w.templates.names(f.Mailbox.ID) }
	}
	d.Now, d.Opens = at.In(f.Settings.ZoneOf(f.Agent)), f.Settings.OpensOf(f.Agent, f.Mailbox)
	return d
}

// local is an address's local part as words of a name.
func local(address string) string {
	l, _, _ := strings.Cut(address, "@")
	return strings.NewReplacer(".", " ", "_", " ").Replace(l)
}

// digest binds a question to what it showed: the text, and what a yes does.
func digest(f commands.Facts, w written, d *orders.Doubt) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %q", w.text(f), d.Line, d.Meant)
	if d.Yes != nil {
		fmt.Fprintf(h, "%q %q %q", d.Yes.Text, d.Yes.Below, d.Yes.Note)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// meantAsText reports whether a line that looks like a command was meant to be
// read by the customer: written "\#", or seen by the agent and sent all the same.
func meantAsText(f commands.Facts, w written, span string) bool {
	if w.said == saidSend {
		return strings.Contains(fold(w.text(f)), fold(span))
	}
	r, err := orders.Read(ordersMail(f, w), timed(f, w))
	return err == nil && slices.ContainsFunc(r.Signs, func(s string) bool { return fold(s) == fold(span) })
}
