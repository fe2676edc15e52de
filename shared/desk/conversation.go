package desk

import (
	"strings"
	"time"
)

// Conversation is one concern of one customer, from the first mail to its end.
type Conversation struct {
	ID       ConversationID
	Mailbox  string // Mailbox.ID
	Customer Person // whom answers go to
	Subject  string // as the customer first wrote it
	State    State
	Opened   time.Time
	Activity time.Time // of the last message
	// Messages is the last message's sequence number. Where nothing was arranged it
	// counts them; an entry that is shown elsewhere keeps its number free.
	Messages int
	// CustomerMessages and Answers count the two directions; an exchange is one of each.
	CustomerMessages int
	Answers          int
	FirstAnswer      time.Time // zero until answered
	Solved           time.Time // zero unless State is StateSolved
	Reopened         int
	Owner            string // agent id of whose it is: who answered last, or was given it; "" is nobody's
	// Thread is what the customer's mail client needs to keep our answers in its thread.
	Thread Thread
	// Linked are other conversations that belong to this one (a stranger wrote to its address).
	Linked []ConversationID
	// Participants are the people beside the customer whom an agent admitted: what
	// they write belongs to the conversation. Proposed are people who were in copy,
	// or who answered in it, whom no agent admitted yet. At most MaxParticipants each.
	Participants []Person
	Proposed     []Person
	// What agents arranged, see Arrangement. Into is the conversation that this one
	// was joined into; Moves lead answers to entries that are elsewhere now; Done
	// can be taken back, the latest last; Arranged is the number of the last entry
	// of KindArranged, 0 without one.
	Into     ConversationID
	Moves    []Move
	Done     []Arrangement
	Arranged int
	// Due is when the schedule looks at it next; zero is never.
	Due time.Time
	// Watch is when somebody looks whether any agent was told of the customer's
	// last message; zero is never. See UntoldAfter.
	Watch time.Time
	// Asked is when the customer's first message after our last word came; zero where
	// none came, and in a conversation that had no answer yet. See Waits.
	Asked time.Time
	// Leaving are answers that wait for the grace time to pass, the latest last; some
	// may have left meanwhile.
	Leaving []Leaving
	// ReplyTo is where the first mail asked for answers, "" where that is the
	// customer's address. Mail that asks for them elsewhere is not found by its subject.
	ReplyTo string
	// Signed are marks of the signatures that agents saw below mails in it, each made
	// of the sender and the text, the latest last; at most MaxSigned. What is known
	// is not shown again.
	Signed []string
	// What agents said of it: how urgent it is ("" is normal), what it is about, and
	// words by which it is found; at most MaxTopic and MaxTag bytes, and MaxTags.
	Priority string
	Topic    string
	Tags     []string
	// Reminded is the beginning of the wait for which somebody was reminded of what
	// was promised: each is reminded of once.
	Reminded time.Time
	// What agents put off, see PutOff, Reminder and Pending.
	Snoozed   PutOff
	Reminders []Reminder
	Pending   Pending
	// Handovers counts how often somebody else took it over.
	Handovers int
	// Worth is what the team says of the customer, as of their last mail.
	Worth Worth
	// Tied is the cause that it is about, beside others.
	Tied Tied
	// Mood is how loud the customer’s last mail was, from 0 to 1; see package priority.
	Mood float64
	// Team is Team.ID of the team that it was given to; "" is none.
	Team string
	// Shown is the beginning of the wait of which all were told, as nobody had taken it.
	Shown time.Time
	// Consulted are the departments that were asked, the latest last; at most MaxAsked.
	Consulted []Consulted
	Aside     Aside
	// Version is the store's; 0 means not stored yet.
	Version int64
}

// UntoldAfter is how long after a customer's message it is looked whether any
// agent was told of it.
const UntoldAfter = time.Hour

// Person is someone with an address.
type Person struct{ Name, Address string }

// Thread holds message ids, without angle brackets, of the customer's side.
type Thread struct {
	Last       string   // the customer's last Message-ID: our next In-Reply-To
	References []string // what our next References start with, oldest first, at most MaxReferences
}

// MaxReferences bounds the ids kept of a thread. Clients need the first and the last few.
const MaxReferences = 20

// The priorities that are not normal.
const (
	PriorityHigh = "high"
	PriorityLow  = "low"
)

// Bounds of what agents say of a conversation.
const (
	MaxTopic = 80
	MaxTag   = 40
	MaxTags  = 20
)

// MaxSigned bounds Conversation.Signed.
const MaxSigned = 6

// MaxParticipants bounds Participants and Proposed; of more, the first count.
const MaxParticipants = 20

// Admits reports whether same holds for the address and that of the customer or
// a participant. An address that nobody has belongs to nobody.
func (c Conversation) Admits(address string, same func(a, b string) bool) bool {
	if address == "" {
		return false
	}
	if same(address, c.Customer.Address) {
		return true
	}
	for _, p := range c.Participants {
		if same(address, p.Address) {
			return true
		}
	}
	return false
}

// SubjectWord is the name under which a conversation is found by its subject
// when an admitted participant writes: participants, unlike customers, have no
// index of their conversations. base is the subject without prefixes. The name
// stands among the Message-IDs and is none: it has no "@".
func SubjectWord(address, base string) string {
	return "subject:" + DerivedID(strings.ToLower(strings.TrimSpace(address)), base)
}

// Propose adds people whom agents may admit, but for those who belong to the
// conversation or are proposed already.
func (c *Conversation) Propose(people []Person, same func(a, b string) bool) {
	proposed := append([]Person(nil), c.Proposed...)
	for _, p := range people {
		known := p.Address == "" || c.Admits(p.Address, same)
		for _, q := range proposed {
			known = known || same(p.Address, q.Address)
		}
		if !known && len(proposed) < MaxParticipants {
			proposed = append(proposed, p)
		}
	}
	c.Proposed = proposed
}

// CustomerWrote applies a customer's message and reports whether it reopened
// the conversation.
func (c *Conversation) CustomerWrote(at time.Time, messageID string, references []string) (reopened bool) {
	c.Messages++
	c.CustomerMessages++
	c.Active(at)
	c.Aside = Aside{} // what is kept aside does not come here; somebody let it in
	if c.State != StateOpen && c.Messages > 1 {
		c.Asked = at
	}
	reopened = c.State == StateSolved
	if reopened {
		c.Reopened++
		c.Solved = time.Time{}
	}
	c.State, c.Due, c.Watch = StateOpen, time.Time{}, at.Add(UntoldAfter)
	c.Snoozed, c.Pending = PutOff{}, Pending{}
	if messageID != "" {
		c.Thread.Last = messageID
		refs := append(append([]string(nil), references...), messageID)
		c.Thread.References = TrimReferences(refs)
	}
	return reopened
}

// CustomerThanked applies a customer's mail that does nothing but thank: it is
// kept in the thread, and whose turn it is stays as it was.
func (c *Conversation) CustomerThanked(at time.Time, messageID string, references []string) {
	before := *c
	c.CustomerWrote(at, messageID, references)
	c.State, c.Due, c.Solved, c.Reopened, c.CustomerMessages, c.Watch, c.Asked = before.State, before.Due, before.Solved, before.Reopened, before.CustomerMessages, before.Watch, before.Asked
	c.Snoozed, c.Pending = before.Snoozed, before.Pending
}

// Answered applies an agent's answer. solvedAfter is Settings.SolvedAfter.
func (c *Conversation) Answered(at time.Time, agent string, solvedAfter time.Duration) {
	c.Messages++
	c.Answers++
	c.Active(at)
	c.Aside = Aside{} // the agent was asked
	if c.FirstAnswer.IsZero() {
		c.FirstAnswer = at
	}
	c.HandTo(agent)
	c.State, c.Due = StateAnswered, time.Time{}
	c.Solved, c.Asked = time.Time{}, time.Time{}
	c.Snoozed, c.Pending = PutOff{}, Pending{}
	if solvedAfter > 0 {
		c.Due = at.Add(solvedAfter)
	}
}

// HandTo makes the conversation an agent's, and counts where it was another's.
func (c *Conversation) HandTo(agent string) {
	if c.Owner != "" && agent != "" && c.Owner != agent {
		c.Handovers++
	}
	c.Owner = agent
}

// About is what agents said that the conversation is about, as events name it.
func (c Conversation) About() (out []string) {
	if c.Topic != "" {
		out = append(out, "topic:"+c.Topic)
	}
	for _, t := range c.Tags {
		out = append(out, "tag:"+t)
	}
	return out
}

// Active notes that something happened at the time. A mail that was overtaken
// by another is taken in later and came earlier; it does not turn time back.
func (c *Conversation) Active(at time.Time) {
	if at.After(c.Activity) {
		c.Activity = at
	}
}

// Close marks the conversation as solved and reports whether it was not before.
func (c *Conversation) Close(at time.Time) (changed bool) {
	if c.State == StateSolved {
		return false
	}
	c.State, c.Solved, c.Due, c.Watch, c.Asked = StateSolved, at, time.Time{}, time.Time{}, time.Time{}
	c.Snoozed, c.Pending = PutOff{}, Pending{}
	return true
}

// Waits says since when the customer waits for us, if they do. Where that was not
// kept (by an earlier version, or an answer that did not arrive) it is the last
// message's time: then they have waited at least so long.
func (c *Conversation) Waits() (since time.Time, waits bool) {
	switch {
	case c.State != StateOpen || c.Into != "" || c.Aside.Why != "":
		return time.Time{}, false
	case !c.Asked.IsZero():
		return c.Asked, true
	case c.Answers == 0 && c.Reopened == 0:
		return c.Opened, true
	}
	return c.Activity, true
}

// TrimReferences bounds a list of ids: the first and the last ones stay.
func TrimReferences(refs []string) []string {
	seen := make(map[string]bool, len(refs))
	out := make([]string, 0, len(refs))
	for i := len(refs) - 1; i >= 0; i-- { // the later place of a repeated id counts
		if refs[i] != "" && !seen[refs[i]] {
			seen[refs[i]] = true
			out = append(out, refs[i])
		}
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	if len(out) > MaxReferences {
		out = append(out[:1:1], out[len(out)-MaxReferences+1:]...)
	}
	return out
}

// Exchanges counts the customer's messages that had an answer.
func (c Conversation) Exchanges() int { return min(c.Answers, c.CustomerMessages) }

// What stands in a conversation of whose turn it is, and knows no conversation.

// State says whose turn it is.
type State string

// The states of a conversation.
const (
	StateOpen     State = "open"     // the customer waits for us
	StateAnswered State = "answered" // we wait for the customer
	StateSolved   State = "solved"   // closed by an agent, or no further mail for Settings.SolvedAfter
)

// Leaving is an answer that is recorded and has not left: it waits until its
// mailbox's grace time is over, and can be taken back. Whether it left meanwhile,
// its outbox item says; what is written with that item's version is true of it.
type Leaving struct {
	Sequence int    // of the answer
	Number   int    // Conversation.Answers with it
	Outbox   string // OutboxItem.ID
	Agent    string // who wrote it
	Held     string // Inbound.ID of the mail that its text came in
	Seen     int    // the last message that its author had been shown
	At       time.Time
	Until    time.Time
	Closing  string // Arrangement.ID of the closing that came with it; "" is none
	// Before and After are how the conversation stood without it, and with it.
	Before, After Turn
}

// Turn is whose turn it is in a conversation, and since when.
type Turn struct {
	State       State
	Solved      time.Time
	Due         time.Time
	Watch       time.Time
	Asked       time.Time
	FirstAnswer time.Time
	Owner       string
	Handovers   int
	Snoozed     PutOff
	Pending     Pending
}

// PutOff is until when a conversation is out of its agent's way: it returns then,
// or when the customer writes. The zero value is not put off.
type PutOff struct {
	Until time.Time `json:"until,omitzero"`
	By    string    `json:"by,omitzero"` // Agent.ID: to whom it returns
}

// Reminder is a mail that an agent asked for at a time, whatever happens till then.
type Reminder struct {
	At   time.Time `json:"at"`
	By   string    `json:"by"`             // Agent.ID
	Said string    `json:"said,omitempty"` // what of, in the agent's words
}

// MaxReminders bounds Conversation.Reminders, and MaxSaid Reminder.Said in bytes.
const (
	MaxReminders = 10
	MaxSaid      = 200
)

// Pending is a conversation that waits for the customer and is followed up: its
// agent is told before, the customer is asked once, then it is closed. What was done
// is zero; the zero value is none.
type Pending struct {
	By    string    `json:"by,omitzero"`    // Agent.ID: who said so
	Tell  time.Time `json:"tell,omitzero"`  // the agent is told
	Ask   time.Time `json:"ask,omitzero"`   // the customer is asked
	Close time.Time `json:"close,omitzero"` // it is closed
}

// Aside is why a conversation is no business of the desk's; the zero value is not.
// It is in no list and no figure, and nothing is sent in it by itself.
type Aside struct {
	Why string    `json:"why,omitzero"` // one of the words below
	By  string    `json:"by,omitzero"`  // Agent.ID
	At  time.Time `json:"at,omitzero"`
}

// Why a conversation is set aside.
const (
	AsideSpam    = "spam"
	AsideBlocked = "blocked"
)
