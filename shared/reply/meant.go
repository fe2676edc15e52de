package reply

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/orders"
	"github.com/replywell/replywell/shared/store"
)

// doubtful stops a mail of which a line may be an order, or a word to a
// colleague: the agent is asked.
type doubtful struct{ *orders.Doubt }

func (d *doubtful) Error() string { return "doubtful: " + d.Line }

// What a question about a doubtful line is answered with.
const (
	saidYes  = "yes"
	saidSend = "send"
)

// read reads the mail's orders. What the agent said of a doubtful line holds.
func (j *job) read() (orders.Reading, error) {
	r, err := orders.Read(j.ordersMail(), j.around())
	if err == nil && j.team && r.Doubt != nil && forTeam(r.Doubt.Why) {
		return orders.Reading{Text: strings.TrimSpace(j.ownText()), AsWritten: true}, nil // a plain reply is for the team here
	}
	switch {
	case err != nil || j.said == "":
		return r, err
	case r.Doubt == nil || j.shownAs != j.meantDigest(r.Doubt):
		// Names or settings changed since, and with them how the mail reads.
		return r, &refusal{rule: "meant", title: "Nothing was sent", why: "Your mail would be read in another way today than when you were asked.",
			next: "Answer this mail with your text."}
	case j.said == saidSend:
		return orders.Reading{Commands: []desk.Command{{Name: desk.CommandAnswer}}, Text: strings.TrimSpace(j.ownText()), AsWritten: true}, nil
	case r.Doubt.Yes == nil:
		return r, &refusal{rule: "meant", title: "Nothing was sent", why: "It is not known what you meant.", next: "Answer this mail with your text."}
	}
	return *r.Doubt.Yes, nil
}

// recall reads what the agent said of a doubtful line in a mail that is carried
// out again, because it was held or waited since.
func (j *job) recall(ctx context.Context, held desk.Inbound) error {
	q, err := j.Store.Confirmation(ctx, desk.ConfirmationID(desk.ConfirmMeant, held.ID, j.agent.ID))
	if errors.Is(err, store.ErrNotFound) || err == nil && q.Answer == "" {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading what the agent said of a mail: %w", err)
	}
	j.said, j.shownAs = q.Answer, q.SHA256
	return nil
}

// forTeam reports whether what made a line doubtful is that it speaks to the team.
func forTeam(why string) bool {
	return why == orders.WhyLabel || why == orders.WhyColleague || why == orders.WhyAbout
}

func (j *job) ordersMail() orders.Mail {
	return orders.Mail{Text: j.ownText(), HTML: j.ownHTML(), Aside: j.aside(), Subject: j.mail.Subject, Of: j.conv.Subject}
}

// aside is what was set aside as a signature.
func (j *job) aside() string {
	if j.mail.Visible.OnlyQuote {
		return ""
	}
	return j.mail.Visible.Signature
}

// around tells who and what is around the mail: by whose names it is seen whom a
// line speaks to.
func (j *job) around() orders.Desk {
	d := orders.Desk{Offered: len(j.offered()), Customer: []string{j.conv.Customer.Name, local(j.conv.Customer.Address)}}
	for _, p := range j.conv.Participants {
		d.Customer = append(d.Customer, p.Name, local(p.Address))
	}
	for _, m := range j.messages {
		if m.Kind == desk.KindCustomer {
			d.Customer = append(d.Customer, m.From.Name)
		}
	}
	for _, a := range j.settings.Agents {
		names := []string{a.Name, a.PublicName, a.ID}
		for _, address := range a.Addresses {
			names = append(names, local(address))
		}
		if a.ID == j.agent.ID {
			d.Self = append(names, j.mailbox.Name)
			continue
		}
		d.Colleagues = append(d.Colleagues, names...)
	}
	return d
}

// local is an address's local part as words of a name.
func local(address string) string {
	l, _, _ := strings.Cut(address, "@")
	return strings.NewReplacer(".", " ", "_", " ").Replace(l)
}

// meantDigest binds a question to what it showed: the text, and what a yes does.
func (j *job) meantDigest(d *orders.Doubt) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %q", j.ownText(), d.Line, d.Meant)
	if d.Yes != nil {
		fmt.Fprintf(h, "%q %q %q", d.Yes.Text, d.Yes.Below, d.Yes.Note)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// meantAsText reports whether a line that looks like a command was meant to be
// read by the customer: written "\#", or seen by the agent and sent all the same.
func (j *job) meantAsText(span string) bool {
	if j.said == saidSend {
		return strings.Contains(fold(j.ownText()), fold(span))
	}
	r, err := orders.Read(j.ordersMail(), j.around())
	return err == nil && slices.ContainsFunc(r.Signs, func(s string) bool { return fold(s) == fold(span) })
}

// askMeant asks the agent about a doubtful line; the mail waits, and goes to
// nobody, until it is answered.
func (j *job) askMeant(ctx context.Context, d *orders.Doubt) error {
	c := j.change(desk.OutcomeRefused, "asked about: "+d.Line)
	e := j.event(desk.EventRefused, j.conv, j.now)
	e.ID, e.Detail = desk.DerivedID(j.in.ID, "asked"), "asked-"+d.Why
	c.Events = append(c.Events, e)
	id, _, free, err := j.noticeID(ctx)
	if err != nil {
		return err
	}
	if !free {
		return j.keepBack(ctx, c)
	}
	mail := j.in.ID
	if j.held != nil {
		mail = j.held.ID
	}
	q := desk.Confirmation{ID: desk.ConfirmationID(desk.ConfirmMeant, mail, j.agent.ID), Kind: desk.ConfirmMeant, Agent: j.agent.ID, Mailbox: j.mailbox.ID, Conversation: j.conv.ID,
		About: d.Meant, SHA256: j.meantDigest(d), Seen: j.seen, Asked: j.now, Expires: j.now.Add(desk.ConfirmationGood), CausedBy: mail}
	m := letters.Meant{Agent: j.agent, Line: d.Line, Meant: d.Meant, At: j.in.ReceivedAt, Text: j.ownText(), Question: q}
	if d.Yes != nil {
		m.Yes = j.whatYesDoes(*d.Yes)
	}
	for _, a := range j.attachments() {
		m.Files = append(m.Files, page.Excerpt(a.Filename, 80)+", "+page.Size(int64(a.Size)))
	}
	r, err := j.letters.Meant(id, j.mailbox, j.conv, m)
	if err != nil {
		return err
	}
	c.Confirmations = []*desk.Confirmation{&q}
	return j.commit(ctx, c, []letters.Ready{r}, nil)
}

// whatYesDoes says in plain words what happens if the order was meant.
func (j *job) whatYesDoes(r orders.Reading) string {
	who := customer(j.conv)
	var does []string
	for _, c := range r.Commands {
		switch c.Name {
		case desk.CommandNote:
			does = append(does, "“"+page.Excerpt(r.Note, 160)+"” becomes a note for the team")
		case desk.CommandSend:
			does = append(does, fmt.Sprintf("%s gets ready answer %d", who, c.Argument))
		case desk.CommandClose:
			does = append(does, "the conversation is closed")
		case desk.CommandShow:
			does = append(does, fmt.Sprintf("ready answer %d is mailed to you", c.Argument))
		case desk.CommandLearn:
			does = append(does, "a draft article is made of your answer")
		case desk.CommandAnswer:
			does = append(does, "your text is for "+who)
		case desk.CommandHelp:
			does = append(does, "the list of commands is mailed to you")
		case desk.CommandSplit, desk.CommandMerge, desk.CommandUndo, desk.CommandAdd, desk.CommandRemove:
			does = append(does, "#"+strings.TrimSpace(c.Name+" "+c.Word)+" is carried out")
		}
	}
	out := strings.Join(does, ", and ")
	alone := r.Has(desk.CommandSplit) || r.Has(desk.CommandMerge) || r.Has(desk.CommandUndo) || r.Has(desk.CommandHelp) || r.Has(desk.CommandShow)
	switch text := strings.TrimSpace(r.Text + "\n\n" + r.Below); {
	case text != "" && !alone && j.team && !r.Has(desk.CommandAnswer):
		out += ". The rest is a note for the team"
	case text != "" && !alone:
		out += ". " + who + " gets: “" + page.Excerpt(text, 400) + "”"
	case !r.Has(desk.CommandSend):
		out += ". " + who + " gets nothing"
	}
	return out + "."
}

// meant carries out the mail that the agent was asked about, as the answer says:
// "yes" as it was meant, "send" as it was written.
func (s *Service) meant(ctx context.Context, q desk.Confirmation, agent desk.Agent, base *store.Change) error {
	in, err := s.Store.Inbound(ctx, q.CausedBy)
	if errors.Is(err, store.ErrNotFound) {
		return desk.Permanent(fmt.Errorf("the mail %s that was asked about is not there any more", q.CausedBy))
	}
	if err != nil {
		return fmt.Errorf("reading the mail that was asked about: %w", err)
	}
	raw, err := s.Blobs.Get(ctx, in.Raw)
	if err != nil {
		return fmt.Errorf("reading the mail that was asked about: %w", err)
	}
	conv, err := s.Store.Conversation(ctx, q.Conversation)
	if err != nil {
		return fmt.Errorf("reading the conversation: %w", err)
	}
	in.SettledBy = base.Inbound.ID
	settings, err := s.Settings(ctx)
	if err != nil {
		return err
	}
	box, _ := settings.Mailbox(q.Mailbox)
	token := s.tokenOf(box, in)
	token.Conversation, token.LastSeen = string(q.Conversation), replyaddr.Seen(q.Seen)
	return s.carry(ctx, &in, email.Read(raw, in.MailFrom), agent, conv, token, base, job{said: q.Answer, shownAs: q.SHA256})
}

// tokenOf is the reply address that a mail came to, for what a plain reply there
// is; without one that can be read, that is nothing by itself.
func (s *Service) tokenOf(mb desk.Mailbox, in desk.Inbound) replyaddr.Token {
	bases := append([]string{mb.ReplyBase, mb.Address}, mb.Aliases...)
	for _, r := range in.Recipients {
		if text, _, ok := replyaddr.Find(bases, r); ok {
			if t, _ := s.Keys.Open(text, s.Now()); t.Purpose.FromAgent() { // one that has expired meanwhile was good then
				return t
			}
		}
	}
	return replyaddr.Token{Purpose: replyaddr.Team, Argument: replyaddr.AskWhom}
}
