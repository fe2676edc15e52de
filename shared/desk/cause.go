package desk

import (
	"strings"
	"time"
	"unicode"
)

// Cause is what several customers ask about: a batch that hums, parcels that lie in
// Hamm. Conversations are tied to it, and when it is mended everybody who asked is
// answered at once.
type Cause struct {
	Name   string    // see CauseName
	Opened time.Time // when the first conversation was tied to it
	By     string    // Agent.ID of who named it
	Mended time.Time // when everybody was told; zero: not yet
}

// Tie says that a conversation was tied to a cause. Whether it still is, the
// conversation says.
type Tie struct {
	Cause        string
	Conversation ConversationID
	At           time.Time
}

// Tied is what a conversation bears of its cause.
type Tied struct {
	Cause string    `json:"cause,omitzero"` // Cause.Name; "" is none
	At    time.Time `json:"at,omitzero"`
	Told  time.Time `json:"told,omitzero"` // when the customer was told that it is mended
}

// Open reports whether the customer is to be told when the cause is mended.
func (t Tied) Open() bool { return t.Cause != "" && t.Told.IsZero() }

// MaxCause bounds a cause's name, in bytes.
const MaxCause = 40

// CauseName makes a name of what somebody wrote: words of letters and digits in lower
// case, joined by hyphens; "" where there is none.
func CauseName(said string) string {
	words := strings.FieldsFunc(strings.ToLower(said), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) })
	return strings.Join(words, "-")
}

// MostTied bounds how many conversations of a cause are answered at once.
const MostTied = 200
