package thread

import (
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/inbound/identify"
	"github.com/replywell/replywell/shared/store"
)

// Case is all that a decision is made of.
type Case struct {
	Settings *desk.Settings
	Facts    identify.Facts
	Found    Found

	clues []clue   // all that names a conversation, the strongest first
	asked []string // the ids that were looked up
}

// Found is what the store knows. The first part comes with the one request that
// every mail costs; the others are read when a [Need] asks for them, and are nil
// before. A list that was read and has nothing in it is empty, and not nil.
type Found struct {
	store.Found
	First    *desk.Inbound       // the record of the mail that this one repeats
	Theirs   []desk.Conversation // the author's, the latest first
	Joined   []desk.Conversation // of the same subject, to which an agent admitted the author
	Answered *desk.OutboxItem    // the mail of ours that an agent's mail answers; the zero value where it is gone
	History  []desk.Message      // of the conversation that the mail joins, as far as agents are shown it
	Entry    []desk.Message      // the one message that Need.Entry names; empty where there is none
}

// Decision is what becomes of a mail: one of the types below.
type Decision interface{ decision() }

// Need is no decision yet: one more thing has to be read, and then asked again.
// One field is set.
type Need struct {
	First    string             // Found.First: Inbound.ID
	Theirs   string             // Found.Theirs: the address; at most letters.MaxOthers are of use
	Joined   string             // Found.Joined: the name under which it is looked for, see desk.SubjectWord
	Answered string             // Found.Answered: OutboxItem.ID
	History  *desk.Conversation // Found.History
	Entry    store.Place        // Found.Entry
}

// OurOwn is a mail of ours that came back. Nothing it says is new.
type OurOwn struct{ Reason string }

// Duplicate is a mail that came before by another way.
type Duplicate struct{ Of string } // Inbound.ID of the first

// Report is a delivery report or a complaint about a mail of ours. Whoever wrote
// that mail is told.
type Report struct {
	Event        desk.DeliveryEvent
	Conversation desk.ConversationID
	Sequence     int    // of the message that it is about; 0 where not known
	Mailbox      string // "" where not known
}

// Confirmation is an agent's answer to a question of ours.
type Confirmation struct {
	Agent   desk.Agent
	Token   replyaddr.Token
	Vouched bool // the agent's domain vouches for it, and it was written to this question
}

// Order is an agent's mail that passed every check, to be carried out.
type Order struct {
	Agent        desk.Agent
	Conversation desk.Conversation
	Token        replyaddr.Token
}

// Machine is what an agent's mail program sent by itself. It is recorded, and
// nobody is told: a notice would be answered by the same machine.
type Machine struct {
	Reason       string
	Conversation desk.ConversationID // "" where not known
	Mailbox      string              // "" is the one that it came to
	// Absent is the agent who is away, as the mail says and the agent's domain vouches
	// for; nil: it says nothing of the kind. At is the conversation, where it is known, and
	// Seen the last message that the agent was shown.
	Absent *desk.Agent
	Rota   desk.Rota
	At     desk.Conversation
	Seen   int
}

// Returned is a mail about the weekly report from somebody who gets it. What it
// says is about the team, so it opens no conversation.
type Returned struct {
	Reason string
	Letter bool // it is given back with a letter, while the day's bound lasts
}

// Hold keeps a mail for a person to look at. Nobody outside hears of it.
type Hold struct {
	Word         string // desk.HoldSpam and its like
	Reason       string // in plain words
	Conversation desk.ConversationID
	Mailbox      string  // "" is the one that it came to
	Notice       *Notice // an agent is told; nil: none is
	Former       string  // the proven address of somebody who was an agent, and is told; "": nobody
}

// Notice tells an agent of a mail that came in the agent's name, or to an address
// that was made for the agent.
type Notice struct {
	Agent        desk.Agent
	Conversation desk.Conversation     // the zero value where none is known
	Seen         int                   // the last message that the agent was shown; 0 where not known
	Question     desk.ConfirmationKind // what the agent is asked; "" is nothing
	Unvouched    bool                  // nothing is missing but that the domain vouches
	Proven       bool                  // it is the agent's own for certain, and only went astray
	First        bool                  // it was written to the address for new mail
	Copy         bool                  // it is a copy of what the agent seems to have sent alone
	Team         bool                  // it came to an address to which a plain reply is words for the team
}

// Message puts the mail into a conversation, or opens one with it.
type Message struct {
	New          bool
	Conversation desk.Conversation // as it is to be written, but for what the message itself changes; no ID where New
	Mailbox      desk.Mailbox
	Evidence     desk.Evidence
	Part         desk.ConversationID // see desk.Message.Part
	History      []desk.Message      // earlier messages, oldest first, as far as agents are shown them
	// Others are conversations of the author's, shown to agents: where New, all;
	// else those that the mail names as well.
	Others      []desk.Conversation
	NamesOthers bool
	Same        []string            // the author's other addresses, as an agent said
	Namesakes   int                 // earlier conversations of an author who is only claimed
	Linked      *desk.Conversation  // the one that the evidence names and whose customer the author is not
	Changed     []desk.Conversation // others, as they are to be written
	// LinkBack: the new conversation's id is still to be added to what the first of
	// Changed is linked to.
	LinkBack bool
	Rota     desk.Rota // as it was found
	// Facts are those of the mail, or of the one that an agent passed on by it.
	Facts identify.Facts
	// Names are what the message is found by: its Message-IDs, and the names under
	// which what it answers is awaited. Claims are those of them that must not lead
	// anywhere by now: of two mails that answer the same one and come at the same
	// time, one opens the conversation and the other looks again and joins it.
	Names, Claims []string
}

func (Need) decision()         {}
func (OurOwn) decision()       {}
func (Duplicate) decision()    {}
func (Report) decision()       {}
func (Confirmation) decision() {}
func (Order) decision()        {}
func (Machine) decision()      {}
func (Returned) decision()     {}
func (Hold) decision()         {}
func (Message) decision()      {}

// passedOn says that the mail is one which an agent passed on: what is asked
// after it is asked of that mail.
type passedOn struct{}

func (passedOn) decision() {}
