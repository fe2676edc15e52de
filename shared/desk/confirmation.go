package desk

import (
	"crypto/sha256"
	"strings"
	"time"
)

// Confirmation is one question to one agent that waits for a yes: the agent is
// written to at the stored address, and a reply to that mail's own address
// answers. It is written with the change that asks, and used up with the change
// that it allows, so that one answer is carried out once.
type Confirmation struct {
	ID    string // see ConfirmationID; the reply address names it
	Kind  ConfirmationKind
	Agent string // Agent.ID: who is asked, and alone may answer
	// What it is about; which of them is set depends on the kind.
	Mailbox      string
	Conversation ConversationID // the conversation that the asking mail belongs to
	About        string         // what is to be done, in the kind's own words: another conversation's id, an address...
	Held         []string       // Inbound.ID of the held mails that it is about; number N of a list is Held[N-1]
	Copies       [][]string     // beside each of Held, further ones that say the same and are decided on with it
	SHA256       string         // of the one held mail's raw bytes, or of what was shown of a doubtful one, so that what is carried out is what was shown
	Seen         int            // the last message of the conversation that the agent was shown
	Listed       []Listed       // what a digest lists; DigestSign(N) calls Listed[N]
	Given        []ListGiven    // of ConfirmDigest: the answers that were given from it, the oldest first
	Behind       []Behind       // of ConfirmReport: what stands behind the report's figures
	Answers      int            // of ConfirmWaiting: the last one that had been shown when the agent wrote; Seen is what the question shows
	// Unvouched: the domain need not vouch for the mail that answers, because
	// that was the one thing that the held mail missed.
	Unvouched bool

	Asked    time.Time
	Expires  time.Time // it can be answered until then
	CausedBy string    // Inbound.ID of the mail that asked, OutboxItem.ID of the mail that asks, or an Occasion
	Used     time.Time // when it was answered; zero while it waits
	UsedBy   string    // Inbound.ID of the mail that answered
	Word     string    // the word that answered: "release", "drop", "yes", "no"
	Version  int64
}

// Behind is a figure of a report, and some of the conversations that it is made of.
// It is kept with the report, so that who asks what is behind a figure costs no more
// than reading them, and is told of what the report counted.
type Behind struct {
	Figure  string // its stable name, one of the words below, or FigureTopic and a topic
	Label   string // what the report calls it
	What    string // what the conversations are: "reopened", a clause behind "were"
	Number  int    // under which the report shows it; 0: it does not
	Mailbox string // ids of the mailboxes, joined by "+"
	Name    string // their names
	Total   int    // how many the figure counts
	// Conversations are all of them or, of more than MaxBehind, those that say most
	// (the longest waits), else some that are drawn by lot.
	Conversations []ConversationID
	ByLot         bool
}

// ListGiven is an answer that was given from a digest to all who ask the same.
type ListGiven struct {
	Number int    // under which the digest offers it
	By     string // Inbound.ID of the reply that gave it
	To     []int  // places in Listed
	At     time.Time
}

// ConfirmationKind is what a confirmation allows.
type ConfirmationKind string

// The kinds of confirmations.
const (
	ConfirmRelease    ConfirmationKind = "release"    // carries out the agent's held mail
	ConfirmOwn        ConfirmationKind = "own"        // carries it out as the own mail of the agent that is asked, who wrote it to a colleague's reply address
	ConfirmNote       ConfirmationKind = "outside"    // keeps it as a note by somebody outside the desk, who wrote it to the agent's reply address
	ConfirmQuarantine ConfirmationKind = "quarantine" // a list of held mail, acted on by number, as often as there are numbers left
	ConfirmMeant      ConfirmationKind = "meant"      // carries out the agent's mail, in which a line was doubtful; About is the order that was meant, or ""
	ConfirmMerge      ConfirmationKind = "merge"      // puts two conversations into one; About is the other one
	ConfirmDigest     ConfirmationKind = "digest"     // a digest, acted on by letter and number, as often as wanted
	ConfirmMorning    ConfirmationKind = "morning"    // a morning mail, acted on by number, as often as wanted
	ConfirmFound      ConfirmationKind = "found"      // conversations that an agent looked for: as for ConfirmMorning
	ConfirmReport     ConfirmationKind = "report"     // a report, or what is behind a figure of one: asked for by figure, and by number where it lists mails; About is the figure that may have been meant
	ConfirmWelcome    ConfirmationKind = "welcome"    // an agent's first mail: "practice" begins one, other words go to the lead, as often as wanted
	ConfirmPractice   ConfirmationKind = "practice"   // a mail of a made-up customer's; About is how far the agent has come
	ConfirmFixed      ConfirmationKind = "fixed"      // answers everybody who asked about a cause; About is its name, CausedBy the mail with the text, Listed are they
	ConfirmBlock      ConfirmationKind = "block"      // blocks a sender; About is Block.Sender
	ConfirmSame       ConfirmationKind = "same"       // says that two addresses are one person's; About is the other one
	ConfirmExport     ConfirmationKind = "export"
	ConfirmErase      ConfirmationKind = "erase"
	ConfirmWaiting    ConfirmationKind = "kept" // what an agent wrote waits for the agent's word; About is why, one of the words below
)

// Why what an agent wrote waits.
const (
	WaitsOutdated    = "overtaken"  // something came meanwhile that the agent had not been shown; "send" sends it, other words are an answer in its place
	WaitsTakenBack   = "taken back" // its author took it back within the grace time: as for WaitsOutdated
	WaitsUnaddressed = "whom"       // it may be for the customer or for the team: "send" or "note"
	WaitsBlocked     = "blocked"    // it would go to somebody who is blocked: "send" sends it
)

// Replaceable reports whether the question gave an answer back to its author:
// "send" sends it as it was, and all other words are an answer in its place.
func (c Confirmation) Replaceable() bool {
	return c.Kind == ConfirmWaiting && (c.About == WaitsOutdated || c.About == WaitsTakenBack)
}

// OfHeld reports whether the question is about one mail that is held in the name
// of the agent who is asked.
func (k ConfirmationKind) OfHeld() bool {
	return k == ConfirmRelease || k == ConfirmOwn || k == ConfirmNote
}

// ConfirmationGood is how long a question can be answered. Older than that, the
// agent has forgotten what it was about.
const ConfirmationGood = 14 * 24 * time.Hour

// ConfirmationID names the confirmation of that kind which the cause (a mail's
// id, a day) asks of the agent: 56 bits in the form of a conversation's id, so
// that a reply address can carry it. It is no secret: what cannot be guessed is
// the reply address, which is signed.
func ConfirmationID(kind ConfirmationKind, cause, agent string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{"confirmation", string(kind), cause, agent}, "\x00")))
	return base32lower.EncodeToString(sum[:7])
}

// Waits reports whether it can be answered at the time.
func (c Confirmation) Waits(at time.Time) bool { return c.Used.IsZero() && at.Before(c.Expires) }

// Use marks it as answered by the mail with that word.
func (c *Confirmation) Use(at time.Time, by, word string) {
	c.Used, c.UsedBy, c.Word = at, by, word
}

// Listed is one mail of a digest.
type Listed struct {
	Conversation ConversationID
	Sequence     int // the last message that the digest tells of
	// Common is the number of the digest's answer that goes to this mail together
	// with others; 0: it is none of the alike. Offered is that answer's number in the
	// list that came with the message.
	Common  int `json:",omitempty"`
	Offered int `json:",omitempty"`
	// Apart: of another language than what would be sent, so that it goes there at a
	// word of its own only.
	Apart bool `json:",omitempty"`
}

// TakenFromList is what became of taking back an answer that was given from a digest.
type TakenFromList struct {
	Who  string    // the customer, with the conversation's reference
	Was  bool      // there was one
	Back bool      // it has not left, and will not
	Left time.Time // else when it left, or is leaving
	Text string    // of the answer
}

// MostListed is how many conversations one digest tells of: as many as there are
// letters that cannot be taken for digits.
const MostListed = len(digestSigns)

const digestSigns = "ABCDEFGHJKLMNPQRSTUVWXYZ"

// DigestSign is the letter of entry n of a digest, counted from 0; "" is none.
func DigestSign(n int) string {
	if n < 0 || n >= MostListed {
		return ""
	}
	return digestSigns[n : n+1]
}
