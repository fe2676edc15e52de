package inbound

import (
	"context"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/home"
	"github.com/replywell/replywell/shared/inbound/identify"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/worth"
)

// Delivery is one mail as the receiving service hands it over.
type Delivery = identify.Delivery

// AgentMail carries out an agent's mail that passed every check. It commits
// in.Outcome together with what the mail asks for, and in.ContentHash with it.
// store.ErrConflict means: read again and ask again. also, if not nil, is
// committed as one with it: what released a mail that was held.
type AgentMail interface {
	Carry(ctx context.Context, in *desk.Inbound, mail *email.Mail, agent desk.Agent, conv desk.Conversation, token replyaddr.Token, also *store.Change) error
	// Outside keeps what somebody outside the desk wrote as a note with that
	// person's name, by the agent's word.
	Outside(ctx context.Context, in *desk.Inbound, mail *email.Mail, who desk.Person, verified bool, agent desk.Agent, conv desk.Conversation, also *store.Change) error
	// Department keeps what a department replied as a note with the name of who wrote it.
	Department(ctx context.Context, in *desk.Inbound, mail *email.Mail, said desk.DepartmentReply, conv desk.Conversation, also *store.Change) error
	// First sends what an agent wrote to a customer who has not written.
	First(ctx context.Context, in *desk.Inbound, mail *email.Mail, agent desk.Agent, mb desk.Mailbox, also *store.Change) error
	// Wrote records what an agent sent to a customer alone, and sends nothing. conv is the
	// zero value where it opens a conversation.
	Wrote(ctx context.Context, in *desk.Inbound, mail *email.Mail, agent desk.Agent, mb desk.Mailbox, conv desk.Conversation, customer desk.Person, others []desk.Person, also *store.Change) error
}

// Reports takes a delivery report or a complaint that came as mail. in bears the
// conversation and, where it is known, the sequence of the answer that it is
// about. Reports commits in with what it does.
type Reports interface {
	Report(ctx context.Context, in *desk.Inbound, ev desk.DeliveryEvent) error
}

// Confirmations takes an answer to a question that an agent was asked by mail:
// the mail came to an address that was made for the question and this agent, its
// one From address is the agent's, and a person wrote it. vouched says whether
// the agent's domain vouches for it. Confirm commits in with what it does.
type Confirmations interface {
	Confirm(ctx context.Context, in *desk.Inbound, mail *email.Mail, agent desk.Agent, token replyaddr.Token, vouched bool) error
}

// Ranker finds the articles that fit a mail, the best first, at most so many.
type Ranker interface {
	Suggest(subject, text string, most int) []desk.Suggestion
}

// Drafter writes an answer from the articles that were offered, for the agent to
// check. An error means that there is none; it keeps nothing from anybody.
type Drafter interface {
	DraftAnswer(ctx context.Context, subject, text, language string, offered []desk.Suggestion) (desk.DraftAnswer, error)
}

// Held lets held mail go on, or ends it: see [Held.Release] and [Held.Drop]. It has
// all that taking in mail needs but who takes answers to our questions, for none of
// those is ever held.
type Held struct {
	*home.Home
	Ranker  func(context.Context) (Ranker, error) // nil: nothing is suggested
	Drafter Drafter                               // nil: nothing is drafted
	Agents  AgentMail
	Reports Reports
	Worth   *worth.Reader // what the team says of its customers; nil: nothing
	// AnySender: everybody counts as a participant, as on a mailing list, and only
	// the header's ids are evidence. It is for trying out how mail threads.
	AnySender bool
}

// Service takes in mail. It is safe for concurrent use if its parts are.
type Service struct {
	*Held
	Confirmations Confirmations
}
