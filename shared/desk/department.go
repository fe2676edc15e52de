package desk

import (
	"strings"
	"time"
	"unicode"
)

// Department is people of the house who are no agents: a warehouse, sales. Agents ask
// it by mail, it hears what customers say of its topics, and what it replies is a note.
type Department struct {
	ID, Name string
	Address  string // what they are written to
	// Ambassador is one of its people, or the agent who speaks for it: they get its
	// digest too, and what they write counts as the department's. "" is nobody.
	Ambassador string
	// VouchedBy says what shows that a mail comes from its domain, as for an agent.
	VouchedBy string
	Mailbox   string        // Mailbox.ID that it is there for; "" is all
	Topics    []string      // topics, tags and products that are its business, as for a Team
	Within    time.Duration // working time after which the agent who asked is told that no reply came
	// Sales: it hears at once when a customer of high potential has trouble, and when
	// one is delighted; at most Most mails a day, the rest in one the next day.
	Sales bool
	Most  int
	// DigestOff: it gets no weekly digest, and is not told of rises.
	DigestOff bool
}

// What holds for a department where the settings do not say.
const (
	DefaultDepartmentWithin = 24 * time.Hour // a working day
	DefaultSalesMost        = 5
)

// MaxAsked bounds Conversation.Consulted; of more, the oldest that was answered goes.
const MaxAsked = 10

// Recipients are the addresses that a department's digest goes to.
func (d Department) Recipients() []string {
	if d.Ambassador == "" || strings.EqualFold(d.Ambassador, d.Address) {
		return []string{d.Address}
	}
	return []string{d.Address, d.Ambassador}
}

// TopicWords is how topics are compared: words of letters and digits in lower case.
func TopicWords(topic string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(topic), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) }), " ")
}

// Consulted is a department that was asked about a conversation.
type Consulted struct {
	Department string    `json:"department"` // Department.ID
	By         string    `json:"by"`         // Agent.ID: who asked
	At         time.Time `json:"at"`
	Remind     time.Time `json:"remind,omitzero"`   // when the agent is told that no reply came; zero: was, or never
	Answered   time.Time `json:"answered,omitzero"` // when the department replied
	Away       time.Time `json:"away,omitzero"`     // when its mailbox answered by itself
}

// Open reports whether the department has not replied.
func (c Consulted) Open() bool { return c.Answered.IsZero() }
