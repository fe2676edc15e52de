package commands

import (
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/page"
	"time"
)

// Facts is what is known before anything is decided. Nothing of it is changed.
type Facts struct {
	Settings     *desk.Settings
	Agent        desk.Agent // who wrote
	Mailbox      desk.Mailbox
	Conversation desk.Conversation
	Messages     []desk.Message // the conversation's last ones, oldest first
	Seen         int            // the last message that the mail showed which the agent answers
	Aware        int            // the last one that the agent was shown since, where that is later
	Team         bool           // a plain reply to the mail that is answered is no answer, but a note
	Whom         bool           // and not that either: it says for whom it is
	Now          time.Time
	Mail         string // desk.Inbound.ID of the mail: ids of what follows from it are derived of it
	Text         string // what stands beside the orders
	Question     string // what stands behind #forward
	Encoder      Encoder
	FilesAt      string    // what links to files begin with; "" where there are none
	Rota         desk.Rota // who is away

	// Listed are the articles that the mail lists which is answered, where it lists some of
	// its own; nil: it does not, and what was offered to the customer's mail counts.
	Listed []string

	// Blocks are of those whom an answer goes to, and by Needs of others, or of everybody.
	Blocks []desk.Block

	// Same are the customer's other addresses, as an agent said.
	Same []string

	// By Needs.
	Theirs    []desk.Conversation // of Needs.Person, the latest first
	Templates []Template          // all of the mailbox, in the order in which they are listed
	Filled    map[string]Template // by what was said behind the command
	Found     []desk.Suggestion   // articles, the best first
	Whole     *Ready              // the article that was asked for by its number or its name
	Hits      []Hit               // conversations, the best first
	Welcomed  time.Time           // since when the agent is one; zero: longer than anybody noted
	Searched  int                 // among how many
	Ready     []Ready
	All       []desk.Message
	Fresh     desk.ConversationID
	Beside    []desk.Conversation
	Leaving   desk.OutboxItem
	Causes    []desk.Cause
	Counts    []CauseCount
	Asked     []Asker                                   // about Needs.Asked, who waits longest first
	Named     map[desk.ConversationID]desk.Conversation // those that are there
	Half      desk.Conversation
	Files     []message.Attachment // of the customer's mail that an answer goes with
	HalfAll   []desk.Message
}

// Encoder gives a vector in which the grammar of a short text shows, and nil for what
// it cannot read: it helps to tell a jotting from an answer. Facts may be without one.
type Encoder interface {
	Embed(text string) []float32
}

// Ready is a ready answer that the agent was offered.
type Ready struct {
	Article, Title, Department string
	Text, HTML                 string // as it is sent
	Notes                      string // for the team
	Unsendable                 string // why it is never sent; "" is sent
	Missing                    bool   // it is not in the knowledge base any more
}

// Template is one that a mailbox has, and what it comes to in a conversation.
type Template struct {
	Name, Title string
	Languages   []string // that it is there in
	Language    string   // of the one that is sent here
	Text, HTML  string   // as it is sent; "" where something is missing
	Source      string   // as it stands in the file, for who looks at it
	Notes       string   // for the team
	Missing     []string // variables that have no value here, or that nobody knows
	Given       []string // of what the agent gave, what no variable is called
	Wrong       string   // what else keeps it from being sent; "": nothing
}

// Hit is a conversation that was looked for.
type Hit struct {
	Conversation desk.Conversation
	Sequence     int    // the message that it is fetched by
	Says         string // what was found, in the words of the mail
	All          bool   // every word was found in it
}

// Offered are the articles that the mail lists which is answered; else the suggestions
// of the newest message that the agent had been shown and that had any.
func (f Facts) Offered() []string {
	if f.Listed != nil {
		return f.Listed
	}
	for i := len(f.Messages) - 1; i >= 0; i-- {
		if m := f.Messages[i]; m.Sequence <= f.Seen && len(m.Suggested) > 0 {
			return m.Suggested
		}
	}
	return nil
}

// Unseen is the customer's newest message that says something and that the agent
// had not been shown.
func (f Facts) Unseen() (found *desk.Message) {
	for i := range f.Messages {
		m := &f.Messages[i]
		if m.Kind == desk.KindCustomer && m.NewsTo(f.Agent.ID) && !f.WasShown(*m) && (found == nil || !m.At.Before(found.At)) {
			found = m
		}
	}
	return found
}

// News are the messages that an answer must not go out past: the agent was not
// shown them.
func (f Facts) News() (news []desk.Message) {
	for _, m := range f.Messages {
		if m.NewsTo(f.Agent.ID) && !f.WasShown(m) {
			news = append(news, m)
		}
	}
	return desk.InOrder(news)
}

// WasShown reports whether the agent had been shown a message. Where
// conversations were joined, the numbers are not in the order of time.
func (f Facts) WasShown(m desk.Message) bool {
	aware := max(f.Seen, f.Aware)
	if !f.Conversation.Joined() || m.Sequence == aware {
		return m.Sequence <= aware
	}
	var last desk.Message
	for _, x := range f.Messages {
		if x.Sequence <= aware {
			last = x
		}
	}
	return !m.At.After(last.At)
}

// Answered is the customer's message that an answer goes with: the newest that
// the agent was shown, else the first that is known.
func (f Facts) Answered() desk.Message {
	var found desk.Message
	for _, m := range f.Messages {
		shown := m.Sequence <= f.Seen && !m.At.Before(found.At)
		if !f.Conversation.Joined() {
			shown = m.Sequence <= f.Seen
		}
		if m.Kind == desk.KindCustomer && (shown || found.Sequence == 0) {
			found = m
		}
	}
	return found
}

// Arrangement begins the note of what is arranged now.
func (f Facts) Arrangement() desk.Arrangement {
	return desk.Arrangement{ID: desk.DerivedID(f.Mail, "arrangement"), By: f.Agent.ID, At: f.Now}
}

// Customer is what to call a conversation's customer.
func Customer(c desk.Conversation) string {
	if n := page.OneLine(c.Customer.Name); n != "" {
		return n
	}
	if c.Customer.Address != "" {
		return c.Customer.Address
	}
	return "The customer"
}

// clock says when, in the team's time zone: the day where it is not today.
func (f Facts) clock(t time.Time) string {
	now := f.Now
	if zone, err := time.LoadLocation(f.Settings.Report.TimeZone); err == nil {
		t, now = t.In(zone), now.In(zone)
	}
	if t.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return "at " + t.Format("15:04")
	}
	return "on " + t.Format("Monday, 2 January, at 15:04")
}
