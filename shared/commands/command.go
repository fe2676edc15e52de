package commands

import (
	"cmp"

	"github.com/replywell/replywell/shared/desk"
)

// Command is one order that an agent can give.
type Command struct {
	Name string // without '#', lower case; desk has the constants
	// Also are other English words for it, and Maybe those that may mean it: the
	// agent is asked. A language's own file has them instead once it has a heading
	// for the command.
	Also, Maybe []string
	// Read reads what stands behind the word, on its line, into desk.Command.Word; or
	// it says what is missing, in words for the agent. nil: orders reads the line.
	Read func(behind string) (word, missing string)
	// Time: a time stands behind the word, as people write it; this is what is said where
	// it is missing. TimeSaid: words may stand behind the time.
	Time     string
	TimeSaid bool
	// TimeMay: the time may be missing. TimeTill: it is an end, so that a day that is
	// named without "until" is asked about; words behind it change nothing.
	TimeMay, TimeTill bool
	// Spoken: no letter begins with its name, so that "assign to Ben" without a "#"
	// is asked about.
	Spoken bool
	// ToColleague: text beside it may be for a colleague, so that the agent is asked
	// whom it is for unless it says so or greets the customer.
	ToColleague bool
	// Inserts: what it sends stands where its line stood, among the agent's words.
	Inserts bool
	Alone   bool // no other command stands beside it
	Often   bool // it may stand there several times
	Help    []Line
	// Needs says what must be read before it can decide; nil is nothing.
	Needs func(Facts, desk.Command) Needs
	// Decide adds what is to happen to the plan, or gives a *Refusal. It is nil for
	// what is settled while the mail is read.
	Decide func(Facts, desk.Command, Plan) (Plan, error)
}

// Line is a line of #help.
type Line struct{ Written, Meaning string }

// Needs is what a command must know beyond the conversation's last messages.
type Needs struct {
	Ready     bool // the ready answers of the mail that is answered
	All       bool // every message of the conversation
	Fresh     bool // an id for a new conversation
	Beside    bool // the customer's other conversations
	Templates bool // the mailbox's templates
	// Filled are templates as they would be sent, by what stands behind the command.
	Filled []string
	// Search is words that articles are looked for by, Whole the number or the name of an
	// article, and Find words that conversations are looked for by.
	Search, Whole, Find string
	Welcomed            bool // since when the agent is one
	// Causes are all that were named, CauseCounts with how many wait, and Asked is one
	// with everybody who asked.
	Causes, CauseCounts bool
	Files               bool // those of the customer's mail that an answer goes with
	Asked               string
	// Senders are addresses and names of senders of whom it counts whether they are blocked;
	// Blocks is everybody who is.
	Senders []string
	Blocks  bool
	Person  string // an address whose conversations count
	// Leaving is an outgoing mail by its id: how far it came.
	Leaving string
	// Named are conversations as they are led to by now, and Half is one as it is
	// itself.
	Named []desk.ConversationID
	Half  desk.ConversationID
	// HalfAll is every message of Half too.
	HalfAll bool
}

// and gives what either needs.
func (n Needs) and(m Needs) Needs {
	n.Ready, n.All, n.Fresh, n.Beside = n.Ready || m.Ready, n.All || m.All, n.Fresh || m.Fresh, n.Beside || m.Beside
	n.Causes, n.CauseCounts = n.Causes || m.Causes, n.CauseCounts || m.CauseCounts
	if n.Asked == "" {
		n.Asked = m.Asked
	}
	n.Named, n.HalfAll = append(n.Named, m.Named...), n.HalfAll || m.HalfAll
	n.Templates, n.Filled = n.Templates || m.Templates, append(n.Filled, m.Filled...)
	n.Welcomed, n.Files = n.Welcomed || m.Welcomed, n.Files || m.Files
	n.Person = cmp.Or(n.Person, m.Person)
	n.Senders, n.Blocks = append(n.Senders, m.Senders...), n.Blocks || m.Blocks
	n.Search, n.Whole, n.Find = cmp.Or(n.Search, m.Search), cmp.Or(n.Whole, m.Whole), cmp.Or(n.Find, m.Find)
	if n.Half == "" {
		n.Half = m.Half
	}
	if n.Leaving == "" {
		n.Leaving = m.Leaving
	}
	return n
}

// Refusal is why nothing happens. The agent is told in these words.
type Refusal struct {
	Title, Why, Next string
	Places           []string // what Why speaks of, one by one
	Commands         bool     // show the list of commands
	Shows            bool     // the words above show the agent the newest message
	Rule             string   // a stable word for the record
}

func (r *Refusal) Error() string { return r.Rule + ": " + r.Why }
