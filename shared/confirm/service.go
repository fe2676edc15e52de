package confirm

import (
	"context"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/home"
	"github.com/replywell/replywell/shared/store"
)

// Action does what an agent has said yes to. base holds the record of the mail
// that answered and the used-up confirmation; Action adds what it does to base
// and commits all of it at once, and never does it without base. The error is
// the store's: after store.ErrConflict everything is read again and Action is
// called again with a new base.
type Action interface {
	Confirmed(ctx context.Context, c desk.Confirmation, agent desk.Agent, base *store.Change) error
}

// Replacer takes what an agent answers to a question in other words than those
// it names, where that is an answer in the place of what waits
// (desk.Confirmation.Replaceable). The error is temporary, and nothing has happened.
type Replacer interface {
	Replace(ctx context.Context, in *desk.Inbound, mail *email.Mail, agent desk.Agent, q desk.Confirmation) error
}

// Talker takes what an agent replied to a question that any words answer: a practice, or
// the welcome. base records the mail, and Talk commits it with what follows. The error
// is Action's.
type Talker interface {
	Talk(ctx context.Context, q desk.Confirmation, agent desk.Agent, mail *email.Mail, base *store.Change) error
}

// TakesBack takes back what an Action sent to many, as far as it has not left. base
// holds the record of the mail that says so, and is committed with what is told of it.
type TakesBack interface {
	TakeBackAll(ctx context.Context, c desk.Confirmation, agent desk.Agent, base *store.Change) error
}

// Held does what is said about held mail: Release lets it go on as if it had
// passed the check that held it, Drop ends it. by is the mail that says so, and
// also is committed as one with what is done; nil is nothing. What was done by
// the same mail before counts as done. The error is as Action's.
type Held interface {
	Release(ctx context.Context, id string, q desk.Confirmation, by *desk.Inbound, also *store.Change) (desk.Settled, error)
	Drop(ctx context.Context, id string, by *desk.Inbound, also *store.Change) (desk.Settled, error)
}

// Service takes answers. Wake may be nil, and a kind without an Action cannot be
// answered.
type Service struct {
	*home.Home
	Held    Held
	Actions map[desk.ConfirmationKind]Action
	Digests Digests // nil: replies to digests are refused
}

// maxNotices bounds how often a day one agent is told that an answer was none: a
// mail program that answers every such notice gets no more of them.
const maxNotices = 5
