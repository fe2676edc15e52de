package reply

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/orders"
	"github.com/replywell/replywell/shared/store"
)

// A practice conversation is no conversation: nothing of it is in the store but the
// agent's own mails and the questions that they answer. So no customer can be reached
// by it, no figure counts it and nothing learns from it, whatever is written.

// mostPractised bounds the turns of one practice: a program that answers whatever comes
// is not practised with for ever.
const mostPractised = 12

// practised is how far an agent has come.
type practised struct {
	turn  int
	heard int      // how often the made-up customer was answered
	done  []string // of what there is to try
}

// tries is what is tried, in this order.
var tries = []string{letters.TryAnswer, letters.TryDigit, letters.TryNote, letters.TryClose}

func (p practised) String() string {
	return fmt.Sprintf("%d %d %s", p.turn, p.heard, strings.Join(p.done, " "))
}

func readPractised(s string) (p practised) {
	f := strings.Fields(s)
	if len(f) < 2 {
		return p
	}
	p.turn, _ = strconv.Atoi(f[0])
	p.heard, _ = strconv.Atoi(f[1])
	p.done = f[2:]
	return p
}

// next is what is to be tried now; "" is nothing more.
func (p practised) next() string {
	for _, t := range tries {
		if !slices.Contains(p.done, t) {
			return t
		}
	}
	return ""
}

func (p practised) did(what string) practised {
	if !slices.Contains(p.done, what) {
		p.done = append(slices.Clip(p.done), what)
	}
	return p
}

// practise reads what an agent wrote in practice as a mail to a customer is read, and
// gives what would have become of it.
func practise(p practised, m orders.Mail, d orders.Desk) (practised, letters.Practice) {
	p.turn++
	d.Customer, d.Offered = []string{letters.PracticeCustomer}, 2
	r, err := orders.Read(m, d)
	var bad *desk.CommandError
	var s letters.Practice
	switch {
	case errors.As(err, &bad):
		s.Happened, s.Stopped = fmt.Sprintf("Your mail says “%s”: %s. Nothing would have been sent, and you would have got your text back.", bad.Line, bad.Why), true
	case r.Doubt != nil && r.Doubt.Meant != "":
		s.Happened, s.Stopped = "We would have asked you: did you mean "+r.Doubt.Meant+"? Nothing would have been sent before your yes.", true
	case r.Doubt != nil:
		s.Happened, s.Stopped = fmt.Sprintf("One line looks like a command: “%s”. We would have asked you, and nothing would have been sent before.", r.Doubt.Line), true
	case r.Nothing && len(r.Commands) == 0:
		s.Happened, s.Stopped = "No words of yours were found in that mail. Nothing would have been sent.", true
	default:
		p, s = carriedOut(p, r)
	}
	s.Try = p.next()
	if p.turn >= mostPractised {
		s.Try = ""
	}
	return p, s
}

// carriedOut is what a mail does that can be carried out.
func carriedOut(p practised, r orders.Reading) (practised, letters.Practice) {
	var s letters.Practice
	var happened []string
	sent := strings.TrimSpace(r.Text + "\n\n" + r.Below)
	if known := slices.ContainsFunc(r.Commands, func(c desk.Command) bool { k, _ := commands.Named(c.Name); return k.Alone }); known {
		s.Happened = "That works with customers as well: it would have been mailed to you, and nothing sent."
		return p, s
	}
	for _, c := range r.Commands {
		switch c.Name {
		case desk.CommandSend:
			if c.Argument > 2 {
				s.Happened, s.Stopped = "There are two ready answers, 1 and 2. Nothing would have been sent.", true
				return p, s
			}
			sent = strings.TrimSpace(sent + "\n\n" + letters.PracticeAnswers[c.Argument-1].Reply)
			p = p.did(letters.TryDigit)
			happened = append(happened, fmt.Sprintf("Ready answer %d went to her, as a letter with a greeting and your name.", c.Argument))
		case desk.CommandNote:
			p = p.did(letters.TryNote)
			happened = append(happened, "Your note stayed in the team: “"+strings.Join(strings.Fields(r.Note), " ")+"”.")
		case desk.CommandClose:
			p = p.did(letters.TryClose)
			happened = append(happened, "It is closed. A new mail of hers would open it again.")
		case desk.CommandAnswer:
		default:
			happened = append(happened, "#"+c.Name+" works with customers as well; in practice it does nothing.")
		}
	}
	if strings.TrimSpace(r.Text+r.Below) != "" {
		p = p.did(letters.TryAnswer)
		happened = append([]string{"Your words went to her. With a customer they leave after the grace time, and #undo stops them till then."}, happened...)
	}
	s.Happened, s.Sent = strings.Join(happened, " "), sent
	if sent != "" && !r.Has(desk.CommandClose) {
		s.Says = letters.PracticeSays(p.heard + 1)
	}
	if sent != "" {
		p.heard++
	} else {
		s.Happened += " She got nothing."
	}
	return p, s
}

// Talk takes what an agent replied to a mail of a practice, or to the welcome. base is
// the change that records it. See confirm.Talker.
func (s *Service) Talk(ctx context.Context, q desk.Confirmation, agent desk.Agent, mail *email.Mail, base *store.Change) error {
	settings, err := s.Settings(ctx)
	if err != nil {
		return err
	}
	mb, ok := settings.Mailbox(q.Mailbox)
	if !ok {
		return desk.Permanent(fmt.Errorf("the mailbox %q is not in the configuration any more", q.Mailbox))
	}
	f := commands.Facts{Settings: settings, Agent: agent, Mailbox: mb, Now: s.Now(), Mail: base.Inbound.ID, Encoder: s.Encoder}
	said := saidBy(agent, mail, false)
	w := written{in: base.Inbound, mail: said}
	if q.Kind == desk.ConfirmWelcome {
		return s.welcomed(ctx, f, w, base)
	}
	p, scene := practise(readPractised(q.About), ordersMail(f, w), around(f))
	scene.Turn = p.turn
	next := practiceQuestion(f, p)
	ready, err := s.writer(f).Practice(desk.DerivedID(f.Mail, "practice"), agent, mb, next, scene)
	if err != nil {
		return err
	}
	base.Confirmations = append(base.Confirmations, &next)
	return s.write(ctx, f, base, []letters.Ready{ready}, nil)
}

// welcomed takes a reply to the welcome: "practice" begins one, and other words go to
// the lead, by whom they are answered.
func (s *Service) welcomed(ctx context.Context, f commands.Facts, w written, base *store.Change) error {
	r, err := orders.Read(ordersMail(f, w), around(f))
	doubted := err == nil && r.Doubt != nil && r.Doubt.Yes != nil && slices.ContainsFunc(r.Doubt.Yes.Commands, isPractice)
	var ready []letters.Ready
	switch {
	case err == nil && slices.ContainsFunc(r.Commands, isPractice), doubted:
		q := practiceQuestion(f, practised{})
		one, err := s.writer(f).Practice(desk.DerivedID(f.Mail, "practice"), f.Agent, f.Mailbox, q, letters.Practice{Try: letters.TryAnswer, Says: letters.PracticeSays(0)})
		if err != nil {
			return err
		}
		ready, base.Confirmations = append(ready, one), append(base.Confirmations, &q)
	case strings.TrimSpace(w.text(f)) != "":
		lead, is := letters.LeadOf(f.Settings, f.Agent)
		if !is {
			break
		}
		one, err := s.writer(f).Asks(desk.DerivedID(f.Mail, "asks"), lead, f.Agent, f.Mailbox, w.text(f))
		if err != nil {
			return err
		}
		ready = append(ready, one)
	}
	return s.write(ctx, f, base, ready, nil)
}

func isPractice(c desk.Command) bool { return c.Name == desk.CommandPractice }

// practiceQuestion is what the next mail of a practice asks: what comes back to it goes
// on from there.
func practiceQuestion(f commands.Facts, p practised) desk.Confirmation {
	q := question(f, desk.ConfirmPractice, f.Mail)
	q.Conversation, q.Seen, q.About = "", 0, p.String()
	return q
}

// practising begins a practice in reply to any mail of ours.
func practising(f commands.Facts) notice {
	q := practiceQuestion(f, practised{})
	return notice{outcome: desk.OutcomeAgent, reason: "practice", ask: &q, later: "The practice was not begun: there were too many mails about this conversation.",
		write: func(l letters.Writer, at slot, _ int) (letters.Ready, error) {
			return l.Practice(at.id, f.Agent, f.Mailbox, q, letters.Practice{Try: letters.TryAnswer, Says: letters.PracticeSays(0), Yours: f.Text})
		}}
}
