package inbound

import (
	"context"
	"io"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/store"
)

// Delivery is one mail as the receiving service hands it over. Everything in it
// comes from that service and can be trusted; nothing in the mail itself can.
type Delivery struct {
	ID         string   // the receiver's: S3 key or SMTP transaction; the same for a repeated delivery
	Raw        string   // blob key of the mail as it came
	MailFrom   string   // envelope sender; "<>" is the null path, "" is not known
	Recipients []string // envelope recipients; may be empty where the service does not say
	ReceivedAt time.Time
	Verdicts   desk.Verdicts
	Size       int // bytes
	// CheckedLater: DNS did not answer, and the receiver will ask again and tell,
	// see [Service.Checked].
	CheckedLater bool
}

// AgentMail carries out an agent's mail that passed every check. It commits
// in.Outcome together with what the mail asks for, and in.ContentHash with it.
// store.ErrConflict means: read again and ask again. also, if not nil, is
// committed as one with it: what released a mail that was held.
type AgentMail interface {
	Carry(ctx context.Context, in *desk.Inbound, mail *email.Mail, agent desk.Agent, conv desk.Conversation, token replyaddr.Token, also *store.Change) error
	// Outside keeps what somebody outside the desk wrote as a note with that
	// person's name, by the agent's word.
	Outside(ctx context.Context, in *desk.Inbound, mail *email.Mail, who desk.Person, verified bool, agent desk.Agent, conv desk.Conversation, also *store.Change) error
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
	Draft(ctx context.Context, subject, text, language string, offered []desk.Suggestion) (desk.Draft, error)
}

// draftWithin bounds how long agents' mail waits for a draft.
const draftWithin = 8 * time.Second

// Threading changes what [Service.Receive] asks, for trying out how mail
// threads. The zero value is how mail is received.
type Threading struct {
	// Alone: nothing but duplicates and threading; nothing is held or refused.
	Alone bool
	// AnySender: everybody counts as a participant, as on a mailing list, and only
	// the header's ids are evidence.
	AnySender bool
}

// Service takes in mail. It is safe for concurrent use if its parts are.
type Service struct {
	Store    *store.Store
	Blobs    store.Blobs
	Settings func(context.Context) (*desk.Settings, error)
	Keys     *replyaddr.Keyring
	Ranker   func(context.Context) (Ranker, error) // nil: nothing is suggested
	Drafter  Drafter                               // nil: nothing is drafted
	Agents   AgentMail
	Reports  Reports
	// Confirmations takes answers to our questions.
	Confirmations Confirmations
	// Wake tells the sender that outbox items wait. It is a courtesy: the items
	// are recorded, and the sweep finds them if nobody is told. May be nil.
	Wake      func(ctx context.Context, outboxIDs []string)
	Now       func() time.Time
	Threading Threading
	Random    io.Reader // of conversation ids; safe for concurrent use
}

// Bounds on what one mail may put into a record, so that no item outgrows the
// store. The whole mail is always kept beside it.
const (
	maxSuggestions  = 3
	maxPast         = 2   // answers of colleagues to similar mails
	maxAttachments  = 100 // described in a message
	maxName         = 200 // bytes of a name or a file name
	maxSubject      = 500 // bytes
	maxIDLength     = 900 // bytes of a Message-ID; RFC 5322 allows a line of 998
	maxAddress      = 254 // bytes; RFC 5321 section 4.5.3.1.3
	maxPath         = 320 // bytes of an envelope address
	maxRecipients   = 100 // in the record; all are looked at
	maxDetail       = 600 // bytes of Evidence.Detail
	maxHeldNotices  = 5   // notices about held mail to one agent a day
	maxAgentOpens   = 10  // conversations that one agent opens as a customer within a day
	heldNoticeLabel = "held-notice"
)
