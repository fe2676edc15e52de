package wiring

import (
	"context"
	"log/slog"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/confirm"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/events"
	"github.com/replywell/replywell/shared/home"
	"github.com/replywell/replywell/shared/inbound"
	"github.com/replywell/replywell/shared/index"
	"github.com/replywell/replywell/shared/metrics"
	"github.com/replywell/replywell/shared/reply"
	"github.com/replywell/replywell/shared/schedule"
	"github.com/replywell/replywell/shared/send"
	"github.com/replywell/replywell/shared/worth"
)

// Mail is what takes in mail, and all that it hands on to.
type Mail struct {
	Inbound *inbound.Service
	Reply   *reply.Service   // carries out agents' mails
	Events  *events.Service  // tells of delivery reports
	Confirm *confirm.Service // takes answers to our questions
}

// Knowledge is the knowledge base as far as mail needs it.
type Knowledge interface {
	inbound.Ranker
	reply.Articles
}

// Receiving wires what takes in mail. knowledge gives the articles as they are now;
// encoder tells jottings from answers, and drafter writes drafts: both may be nil.
// What lets held mail go on is the inbound service without the answers to our
// questions, for none of those is ever held; so no two services need each other.
func Receiving[K Knowledge](h *home.Home, knowledge func(context.Context) (K, error), encoder commands.Encoder, drafter inbound.Drafter) Mail {
	m := Mail{Events: Events(h)}
	m.Reply = &reply.Service{Home: h, Encoder: encoder, Articles: func(ctx context.Context) (reply.Articles, error) { return knowledge(ctx) }}
	held := &inbound.Held{Home: h, Agents: m.Reply, Reports: m.Events, Drafter: drafter,
		Worth:  &worth.Reader{Blobs: h.Blobs, Now: h.Now, Keep: h.Store.Keep},
		Ranker: func(ctx context.Context) (inbound.Ranker, error) { return knowledge(ctx) }}
	m.Confirm = &confirm.Service{Home: h, Held: held, Digests: m.Reply,
		Actions: map[desk.ConfirmationKind]confirm.Action{desk.ConfirmMerge: m.Reply, desk.ConfirmBlock: m.Reply, desk.ConfirmSame: m.Reply, desk.ConfirmWaiting: m.Reply, desk.ConfirmMeant: m.Reply,
			desk.ConfirmWelcome: m.Reply, desk.ConfirmPractice: m.Reply, desk.ConfirmFixed: m.Reply}}
	m.Inbound = &inbound.Service{Held: held, Confirmations: m.Confirm}
	return m
}

// Events wires what takes in what a carrier tells of our mail.
func Events(h *home.Home) *events.Service { return &events.Service{Home: h} }

// Sending wires what drains the outbox; log may be nil.
func Sending(h *home.Home, carrier send.Carrier, log *slog.Logger) *send.Service {
	return &send.Service{Home: h, Carrier: carrier, Failed: Events(h), Log: log}
}

// Schedule wires what does what falls due by itself.
func Schedule(h *home.Home) *schedule.Service { return &schedule.Service{Home: h} }

// Metrics wires what posts figures and held mail; found is what conversations are
// about, and may be empty.
func Metrics(h *home.Home, found index.Found) *metrics.Service {
	if found.Files == nil {
		return &metrics.Service{Home: h}
	}
	return &metrics.Service{Home: h, Gaps: found.Gaps, Topics: found.Topics}
}
