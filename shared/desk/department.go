package desk

import (
	"strings"
	"time"
	"unicode"
)

// Department is people of the house who are no agents: a warehouse, sales. Agents ask
// it by mail, and what it replies is a note. Reports name it where its topics come more than usual.
type Department struct {
	ID, Name string
	Address  string // what they are written to
	// Ambassador is one of its people, or the agent who speaks for it: what they write
	// counts as the department's. "" is nobody.
	Ambassador string
	// VouchedBy says what shows that a mail comes from its domain, as for an agent.
	VouchedBy string
	Mailbox   string        // Mailbox.ID that it is there for; "" is all
	Topics    []string      // topics, tags and products that are its business, see [Settings.OwnerOf]
	Within    time.Duration // working time after which the agent who asked is told that no reply came
}

// DefaultDepartmentWithin is [Department.Within] where the settings do not say: a working day.
const DefaultDepartmentWithin = 24 * time.Hour

// MaxAsked bounds Conversation.Consulted; of more, the oldest that was answered goes.
const MaxAsked = 10

// Recipients are the addresses that mail to a department may go to.
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
