package reply

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/orders"
	"github.com/replywell/replywell/shared/store"
	await "github.com/replywell/replywell/shared/waiting"
)

// Department keeps what a department replied as a note with the name of who wrote it, and
// tells those whom it concerns, who asked among them. Nothing in it is an order, and it
// reaches no customer. The error is Carry's.
func (s *Service) Department(ctx context.Context, in *desk.Inbound, mail *email.Mail, r desk.DepartmentReply, conv desk.Conversation, also *store.Change) error {
	if conv.ID == "" {
		return s.toLeads(ctx, in, mail, r, also)
	}
	w := written{in: in, mail: mail}
	f, err := s.look(ctx, commands.Facts{Conversation: conv, Seen: conv.Messages}, w)
	if err != nil {
		return err
	}
	at := w.at(f)
	conv.Messages++
	conv.Active(at)
	name := page.OneLine(r.Department.Name)
	said := writing{text: mail.Visible.Visible, files: w.attachments()}
	f.Seen = 0 // nobody was shown anything
	msg := entry(f, w, conv, desk.KindNote, at, said)
	msg.Agent, msg.From, msg.Verified, msg.Evidence.Detail = "", r.Who, r.Verified, "reply of the department "+r.Department.ID
	if msg.From.Name = page.OneLine(msg.From.Name); msg.From.Name == "" {
		msg.From.Name = msg.From.Address
	}
	if r.Foreign == "" {
		msg.From.Name += ", " + name
	}
	above := letters.Replied{Department: r.Department, Automatic: r.Automatic, Foreign: r.Foreign, Copied: r.Copied, Unproven: r.LetIn != ""}
	var asked *desk.Consulted
	if r.Automatic {
		asked = away(&conv, r.Department.ID, at)
		msg.Automatic = "out-of-office"
	} else {
		asked = conv.DepartmentReplied(r.Department.ID, at)
		above.Orders = orders.Ordered(said.text)
	}
	if asked != nil {
		above.By, _ = f.Settings.Agent(asked.By)
	}
	c := change(f, w, desk.OutcomeAgent, "a reply of the department "+r.Department.ID)
	c.Conversation, c.Messages, c.Inbound.Sequence = &conv, []desk.Message{msg}, msg.Sequence
	c.Events = append(c.Events, event(f, desk.EventNoted, conv, at))
	ready, err := departmentTold(s.writer(f), f, conv, msg, said, above)
	if err != nil {
		return err
	}
	if len(above.Orders) > 0 {
		back, err := s.ordersBack(ctx, f, conv, above)
		if err != nil {
			return err
		}
		ready = append(ready, back...)
	}
	return s.commit(ctx, f, w, c, ready, nil, also)
}

// away notes that a department's mailbox answered by itself, and gives the open question.
func away(conv *desk.Conversation, department string, at time.Time) *desk.Consulted {
	conv.Consulted = slices.Clone(conv.Consulted)
	for i := range conv.Consulted {
		if q := &conv.Consulted[i]; q.Department == department && q.Open() {
			q.Away = at
			return q
		}
	}
	return nil
}

// departmentTold tells those whom a note concerns, and who asked. What no person wrote is
// told to who asked alone.
func departmentTold(l letters.Writer, f commands.Facts, conv desk.Conversation, msg desk.Message, said writing, above letters.Replied) (out []letters.Ready, err error) {
	telling := l.Tell(f.Mailbox, conv, msg, letters.Context{History: f.Messages, Attachments: said.files, Happened: above.Callout(conv)})
	agents := await.Concerned(f.Settings, f.Mailbox, conv, msg, f.Messages, f.Now, f.Rota)
	if above.Automatic {
		agents = nil
	}
	_, gone := f.Rota.At(above.By.ID, f.Now)
	there := slices.Contains(f.Mailbox.Agents, above.By.ID) && !gone
	if there && !slices.ContainsFunc(agents, func(a desk.Agent) bool { return a.ID == above.By.ID }) {
		agents = append(agents, above.By)
	}
	if len(agents) == 0 {
		agents = f.Settings.Leads()
	}
	for _, a := range agents {
		r, err := telling.To(desk.DerivedID(f.Mail, "notification", a.ID, "note"), a, "")
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// ordersBack tells a department, once a day for each conversation, that orders in its
// reply did nothing.
func (s *Service) ordersBack(ctx context.Context, f commands.Facts, conv desk.Conversation, above letters.Replied) ([]letters.Ready, error) {
	id := desk.DerivedID("department-orders", string(conv.ID), above.Department.ID, f.Now.UTC().Format(time.DateOnly))
	if _, err := s.Store.Outbox(ctx, id); !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	r, err := s.writer(f).DepartmentOrders(id, f.Mailbox, conv, above.Department, above.By, above.Orders)
	return []letters.Ready{r}, err
}

// toLeads tells the leads, and the ambassador if that is an agent, what a department wrote
// in reply to its digest.
func (s *Service) toLeads(ctx context.Context, in *desk.Inbound, mail *email.Mail, r desk.DepartmentReply, also *store.Change) error {
	settings, err := s.Settings(ctx)
	if err != nil {
		return err
	}
	now := s.Now()
	mb, ok := settings.Mailbox(in.Mailbox)
	if !ok {
		mb = settings.Mailboxes[0]
	}
	to := slices.Clone(settings.Leads())
	if a, is := settings.AgentAt(r.Department.Ambassador); is && !slices.ContainsFunc(to, func(x desk.Agent) bool { return x.ID == a.ID }) {
		to = append(to, a)
	}
	w := letters.Writer{Settings: settings, Keys: s.Keys, Now: now}
	in.Outcome, in.Reason, in.Recorded = desk.OutcomeAgent, "a reply of the department "+r.Department.ID+" to its digest", now
	var ready []letters.Ready
	for _, a := range to {
		l, err := w.FromDepartment(desk.DerivedID(in.ID, "from-department", a.ID), a, mb, r, mail.Subject, mail.Visible.Visible)
		if err != nil {
			return err
		}
		ready = append(ready, l)
	}
	c := &store.Change{Inbound: in, ContentHash: in.ContentHash, MessageIDs: map[string]store.MessageRef{}}
	c.Join(also)
	recorder := s.Recorder()
	return recorder.Commit(ctx, c, ready, now, in.ID)
}
