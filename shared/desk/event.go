package desk

import "time"

// EventSchema is the version of Event's form.
const EventSchema = 1

// Event is something that happened. It is written with what caused it and
// never changed. Figures are folded from events; they hold no addresses and no text.
type Event struct {
	ID           string // unique; derived from its cause so that writing twice is one
	Schema       int
	Kind         EventKind
	Occurred     time.Time // when it happened in the world
	Recorded     time.Time // when we wrote it down
	Mailbox      string
	Conversation ConversationID
	Sequence     int
	Agent        string   // who acted; never shown per person in a report
	Articles     []string // suggestions offered or sent
	// Of the conversation at that moment, so that a report needs no other read:
	Opened       time.Time
	Answers      int           // answers so far, this one included
	Exchanges    int           // customer messages that had an answer
	FirstWait    time.Duration // on the first answer: how long the customer waited
	Reopened     int
	ByItself     bool      // solved by silence rather than by #close
	SolvedBefore time.Time // on reopening: when it had been solved
	// Asked is since when the customer had waited for what the event tells of: an
	// answer, or that it was closed. Zero where the customer did not wait.
	Asked     time.Time
	Contacts  int      // customer messages so far
	Handovers int      // how often somebody else took it over
	Topics    []string // what agents newly said that it is about: "topic:...", "tag:..."
	Detail    string   // a stable word: the rule, the bounce status
	// Potential and Revenue are Worth's, of a customer who is known, on events that tell
	// how it went for them.
	Potential, Revenue float64
	// Reactions are what became of the articles that were offered with the
	// message that this one answers, or sent with the answer before it.
	Reactions []Reaction
}

// Teaches reports whether something can be learnt from the event: an answer of
// an agent's, with an article or by hand, a reaction to an article, or that
// articles say something else now.
func (e Event) Teaches() bool {
	return e.Kind == EventAnswered || e.Kind == EventRevised || len(e.Reactions) > 0
}

// Tell begins an event of the conversation: its id is made of what caused it, and it
// bears how the conversation stands, so that a report needs no other read.
func (c Conversation) Tell(kind EventKind, cause string, occurred, recorded time.Time) Event {
	e := Event{ID: DerivedID(cause, string(kind)), Schema: EventSchema, Kind: kind, Occurred: occurred, Recorded: recorded,
		Mailbox: c.Mailbox, Conversation: c.ID, Sequence: c.Messages, Opened: c.Opened, Answers: c.Answers, Exchanges: c.Exchanges(),
		Reopened: c.Reopened, Contacts: c.CustomerMessages, Handovers: c.Handovers}
	switch kind {
	case EventReceived, EventAnswered, EventSolved, EventReopened, EventThanked, EventRated, EventBounced:
		e.Potential, e.Revenue = c.Worth.Potential, c.Worth.Revenue
	}
	return e
}

// EventKind names what happened.
type EventKind string

// The kinds of events.
const (
	EventOpened      EventKind = "conversation.opened"
	EventReceived    EventKind = "message.received"
	EventAnswered    EventKind = "answer.sent"           // recorded when the answer can no longer be taken back: when it is written to the outbox, or when it leaves after a grace time
	EventArranged    EventKind = "conversation.arranged" // split, joined, or its people changed; Detail says which
	EventNoted       EventKind = "note.added"
	EventSolved      EventKind = "conversation.solved"
	EventReopened    EventKind = "conversation.reopened"
	EventThanked     EventKind = "customer.thanked" // a mail that did nothing else
	EventRated       EventKind = "customer.rated"   // a customer said whether it is solved; Detail is the Rated
	EventMoment      EventKind = "moment.told"      // a moment to do more for a customer than is asked; Detail says which
	EventSuggested   EventKind = "suggestion.offered"
	EventArticleSent EventKind = "suggestion.sent"
	EventDrafted     EventKind = "article.drafted" // an answer became a draft
	EventRevised     EventKind = "article.revised" // Articles were written anew, in good part
	EventHeld        EventKind = "mail.held"
	EventRefused     EventKind = "mail.refused"
	EventWithheld    EventKind = "mail.withheld"         // an automatic mail that was above its bound; Detail says which
	EventConfirmed   EventKind = "confirmation.answered" // Detail: its kind and the word
	EventBounced     EventKind = "answer.bounced"
	EventComplained  EventKind = "answer.complained"
	EventDelivered   EventKind = "answer.delivered"
	EventHandedOn    EventKind = "conversation.handed-on" // by itself; Agent is whose it was, Detail why: a word of waiting.Left
)
