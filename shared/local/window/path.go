package window

import (
	"context"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
)

// rawKey is the blob of the mail that was taken under an id, which begins with its day.
func rawKey(id string) string {
	if len(id) < 8 {
		return "mail/" + id + ".eml"
	}
	return "mail/" + id[:4] + "/" + id[4:6] + "/" + id[6:8] + "/" + id + ".eml"
}

// find looks up what is known of one mail, and nothing of what followed.
func (p *window) find(ctx context.Context, id string) found {
	f := found{settings: p.settings, sample: p.settings.Mode == desk.ModeSample}
	if raw, err := p.blob(ctx, rawKey(id)); err == nil {
		f.mail = email.Read(raw, "")
	}
	if in, err := p.records.Inbound(ctx, id); err == nil {
		f.in = &in
	}
	return f
}

// trail looks up what became of one mail.
func (p *window) trail(ctx context.Context, id string, s state) trail {
	f := p.find(ctx, id)
	if f.in == nil {
		return f.trail(id)
	}
	if f.in.Conversation != "" && f.in.Sequence > 0 {
		if ms, err := p.records.Messages(ctx, f.in.Conversation, f.in.Sequence, 1); err == nil && len(ms) == 1 && ms[0].Inbound == f.in.ID {
			f.message = &ms[0]
		}
	}
	f.items = p.caused(ctx, *f.in, f.message)
	f.open = func(o desk.OutboxItem, to string) string {
		side := "left"
		if _, agent := p.settings.AgentAt(to); agent {
			side = "right"
		}
		return s.with(pane{Side: side, Box: to}.open("inbox", o.ID)).URL()
	}
	if p.readOnly {
		f.open = nil // the mails lie under other names there
	}
	return f.trail(id)
}

// caused finds the mails that were written because of another: the answer that
// a message names, and what lies in the mailboxes under the outbox's ids.
func (p *window) caused(ctx context.Context, in desk.Inbound, m *desk.Message) []desk.OutboxItem {
	var out []desk.OutboxItem
	known := map[string]bool{}
	add := func(id string) {
		if id, _, _ = strings.Cut(id, "-"); known[id] { // beside the id a blob's name has a sum
			return
		}
		known[id] = true
		if o, err := p.records.Outbox(ctx, id); err == nil && (o.CausedBy == in.ID || m != nil && m.Outbox == o.ID) {
			out = append(out, o)
		}
	}
	if m != nil && m.Outbox != "" {
		add(m.Outbox)
	}
	left, right := p.sides()
	for _, b := range append(right, left...) {
		for _, id := range p.mailboxes.Since(b.Address, in.ReceivedAt.Add(-tick), causedAtMost) {
			add(id)
		}
	}
	return out
}

// tick is by how much a file may seem older than what was read before it was written:
// its time is the kernel's, which goes on only every 10 ms on some machines.
const tick = 20 * time.Millisecond

// causedAtMost bounds how many mails of a mailbox are looked at for one path.
const causedAtMost = 20
