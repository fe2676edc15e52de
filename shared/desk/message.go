package desk

import (
	"cmp"
	"slices"
	"time"
)

// Message is one entry of a conversation.
type Message struct {
	Conversation ConversationID
	Sequence     int // from 1, upwards; without gaps where nothing was arranged
	Kind         MessageKind
	From         Person
	Agent        string    // agent id for answers and notes, and of who brought a customer's mail
	At           time.Time // when it reached us, or was recorded
	Subject      string
	// Text is what was newly written, bounded by MaxInlineText; the whole mail
	// is in the blob store under Raw.
	Text        string
	TextCut     bool
	Attachments []AttachmentInfo
	MessageID   string // as the mail bore it, or as composed
	Inbound     string // Inbound.ID of the mail it came by; "" for what we wrote
	Raw         string // blob key of the raw mail
	Outbox      string // OutboxItem.ID of the mail that carries it to the customer
	Verified    bool   // the sender was authenticated by the receiving service
	Automatic   string // kind and rule where no person wrote it: "out-of-office header:auto-submitted"
	Thanks      bool   // a customer's mail that does nothing but thank
	Rated       Rated  // what the customer said of our answer with a tap; "" where nothing
	ForAll      bool   // a note that its author marked as news for all: no answer goes out past it unseen
	Evidence    Evidence
	Suggested   []string         // article ids offered to agents with this message, best first
	Likely      []float64        // how likely each of them was said to be right, from 0 to 1
	Articles    []string         // article ids that an answer holds, as they are or changed
	Beside      []ConversationID // the customer's other conversations as the agents' mail numbered them: #merge N means Beside[N-1]
	Proposed    []string         // addresses of the people that could be admitted, as the agents' mail numbered them: #add N means Proposed[N-1]
	Arranged    Arranged         // of KindArranged
	// Part is the conversation that was joined into this one and that the message
	// belongs to by its evidence; "" is this one itself.
	Part ConversationID
	// Home is where it is stored, where that is another conversation or number. It
	// is filled in when it is read.
	Home Span
}

// Rated is what a customer said of an answer.
type Rated string

// What a customer can say.
const (
	RatedSolved Rated = "solved"
	RatedNotYet Rated = "not-yet"
)

// RatingApart is the time within which a customer is asked at most once whether an answer
// solved it.
const RatingApart = 30 * 24 * time.Hour

// MessageKind says who speaks to whom.
type MessageKind string

// The kinds of messages.
const (
	KindCustomer  MessageKind = "customer"  // the customer to us
	KindAnswer    MessageKind = "answer"    // an agent to the customer
	KindNote      MessageKind = "note"      // an agent to the team; never leaves
	KindAutomatic MessageKind = "automatic" // no person wrote it: out of office, list...
	KindBounce    MessageKind = "bounce"    // an answer of ours did not arrive
	KindArranged  MessageKind = "arranged"  // an agent split or joined conversations, or admitted somebody
	KindComplaint MessageKind = "complaint" // the customer's provider reported an answer of ours as spam
)

// MaxInlineText bounds Message.Text in bytes, so that an item stays far below
// DynamoDB's 400 KB.
const MaxInlineText = 32 << 10

// AttachmentInfo describes an attachment; its content is in the raw mail.
type AttachmentInfo struct {
	Filename    string
	ContentType string
	Size        int
	SHA256      string
}

// Evidence says why a message is in its conversation.
type Evidence struct {
	Rule   string         // EvidenceToken and its like: what decided
	Detail string         // the id that matched, or the purpose of the token
	Linked ConversationID `json:",omitzero"`  // the conversation that the evidence named when the message was not let in there
	Found  []Clue         `json:",omitempty"` // all evidence, the strongest first, at most MaxClues
}

// Clue is one piece of evidence, whether it decided or not.
type Clue struct {
	Rule         string         `json:"rule"`
	Detail       string         `json:"detail,omitempty"` // the id, the address or the subject that named the conversation
	Conversation ConversationID `json:"conv"`
	Sequence     int            `json:"seq,omitempty"`   // the message there that it names; 0: none in particular
	Admitted     bool           `json:"admit,omitempty"` // the sender belongs to that conversation
}

// MaxClues bounds Evidence.Found; of more, the strongest are kept.
const MaxClues = 12

// The kinds of evidence, strongest first.
const (
	EvidenceToken        = "reply-token"        // signed reply address among the envelope recipients
	EvidenceHeaderToken  = "reply-token-header" // signed reply address in To, Cc or Delivered-To
	EvidenceMessageID    = "message-id"         // In-Reply-To or References
	EvidenceAwaited      = "awaited-id"         // another answer to the same mail, which we have not seen, came before
	EvidenceQuotedToken  = "quoted-token"       // signed reply address in the quoted text
	EvidenceQuotedID     = "quoted-id"          // Message-ID in the quoted text
	EvidenceBeside       = "beside"             // the sender's own conversation beside the one that was named
	EvidenceSubject      = "subject"            // the same subject, from one who belongs there, within the window
	EvidenceAgentForward = "brought"            // an agent forwarded it to us
	EvidenceCopy         = "sent-alone"         // an agent's own mail to the customer, of which we got a copy
	EvidenceNew          = "new"                // none that lets the sender in
	EvidenceImported     = "imported"           // it was there before Replywell
)

// home is where the message is stored.
func (m Message) home() Span {
	if m.Home.Conversation != "" {
		return m.Home
	}
	return Span{Conversation: m.Conversation, From: m.Sequence, To: m.Sequence}
}

// InOrder gives messages in the order in which the receiving service took them.
// Their numbers tell in which order they were recorded, and a mail can be
// overtaken on its way here; what stands in its Date field is the sender's word.
func InOrder(messages []Message) []Message {
	out := slices.Clone(messages)
	slices.SortStableFunc(out, func(a, b Message) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Sequence, b.Sequence))
	})
	return out
}

// NewsTo reports whether a message is news to an agent who had not been shown it:
// whether an answer that was written without it may be the wrong one. A customer's
// mail is, if it says more than thank you; so is a colleague's answer, and a
// colleague's note that is marked for all. What the agent sent or brought himself
// is none, nor what no person wrote: an out-of-office note, an acknowledgement, a
// closing.
func (m Message) NewsTo(agent string) bool {
	switch m.Kind {
	case KindCustomer:
		return !m.Thanks && m.Agent != agent
	case KindAnswer:
		return m.Agent != agent
	case KindNote:
		return m.ForAll && m.Agent != agent
	}
	return false
}
