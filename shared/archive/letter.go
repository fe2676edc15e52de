package archive

import (
	"cmp"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/automatic"
)

// Letter is one mail or one entry of a ticket.
type Letter struct {
	ID      string    `json:"id"`             // Message-ID, or the help desk's own
	Thread  string    `json:"thread"`         // what the source names as its conversation; "" where it names none
	Answers []string  `json:"answers"`        // ids of the mails it answers
	When    time.Time `json:"when"`           // zero: unknown
	From    string    `json:"from"`           // address in lower case; "" where the export has none
	Name    string    `json:"name"`           // whoever wrote it calls himself; "" where that is unknown
	Names   []string  `json:"names"`          // of all people in its header, for redaction
	To      []string  `json:"to"`             // addresses of To and Cc, in lower case
	Subject string    `json:"subject"`        //
	Text    string    `json:"text"`           // what was newly written; at most MaxText bytes
	Side    Side      `json:"side"`           //
	Skip    string    `json:"skip"`           // why it is no letter of an exchange; "" where it may be one
	Tags    []string  `json:"tags,omitempty"` // Gmail's labels
}

// Side says who wrote, where the source does.
type Side string

// The sides. A mailbox says none.
const (
	Unknown  Side = ""
	Customer Side = "customer"
	Team     Side = "team"
)

// Why a letter is left out.
const (
	NoPerson = "no person wrote it"
	NoText   = "nothing is written in it"
	Inside   = "it is internal"
	Unsent   = "it is a draft, or was thrown away"
	Unlisted = "its label is not asked for"
	SentOn   = "it passes another mail on"
)

// MaxText bounds what is kept of a letter's text, in bytes; what matters is said before.
const MaxText = 8 << 10

// Source gives letters. It is used by one goroutine.
type Source interface {
	// Next gives the next letter; io.EOF after the last. Of one that cannot be read
	// it gives ErrLetter, with what is wrong, and can be asked on.
	Next() (Letter, error)
	// Skip passes over at most so many letters, as Next would give, more quickly, and
	// gives how many there were.
	Skip(n int) (int, error)
	// Done is which part of the source was read, from 0 to 1.
	Done() float64
	// Kind says for people what it is: "an mbox".
	Kind() string
	Close() error
}

// ErrLetter says that one letter cannot be read, and the next may.
var ErrLetter = errors.New("it is left out")

// ofMail reads a raw mail as a letter.
func ofMail(raw []byte) Letter {
	m := email.Read(raw, "")
	l := Letter{ID: m.MessageID, When: m.Date.UTC(), From: strings.ToLower(m.From.ASCII()), Subject: m.Subject}
	if a := m.Origin.Author; a.Address != "" && strings.Contains(a.Address, "@") {
		l.From = strings.ToLower(a.ASCII())
		l.Name, l.Names = a.Name, append(l.Names, a.Name)
	}
	l.Name = cmp.Or(l.Name, m.From.Name)
	l.Answers = slices.Concat(m.InReplyTo, m.References)
	l.Names = append(l.Names, m.From.Name)
	for _, a := range slices.Concat(m.To, m.Cc) {
		l.To = append(l.To, strings.ToLower(a.ASCII()))
		l.Names = append(l.Names, a.Name)
	}
	if t := strings.TrimSpace(m.Header.Get("X-GM-THRID")); t != "" {
		l.Thread = "gmail " + t
	}
	for _, labels := range m.Header.Values("X-Gmail-Labels") {
		for t := range strings.SplitSeq(labels, ",") {
			if t = strings.TrimSpace(t); t != "" {
				l.Tags = append(l.Tags, t)
			}
		}
	}
	l.Text = shortened(m.New())
	switch {
	case m.Automatic.Kind != automatic.Person:
		l.Skip = NoPerson + " (" + string(m.Automatic.Kind) + ")"
	case m.Visible.OnlyQuote || m.Visible.Forwarded != nil && l.Text == "":
		l.Skip = SentOn
	}
	return l.tidied()
}

// tidied completes a letter.
func (l Letter) tidied() Letter {
	l.Names = slices.DeleteFunc(l.Names, func(n string) bool { return strings.TrimSpace(n) == "" })
	slices.Sort(l.Names)
	l.Names = slices.Compact(l.Names)
	l.Text = shortened(l.Text)
	if l.Text == "" {
		l.Skip = cmp.Or(l.Skip, NoText)
	}
	return l
}

func shortened(s string) string {
	s = strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
	return strings.ToValidUTF8(s[:min(len(s), MaxText)], "")
}

// several are sources one after another.
type several struct {
	kind string
	open []func() (Source, error)
	n    int
	now  Source
}

func (s *several) Next() (Letter, error) {
	for {
		if s.now == nil {
			if s.n == len(s.open) {
				return Letter{}, io.EOF
			}
			var err error
			if s.now, err = s.open[s.n](); err != nil {
				return Letter{}, err
			}
		}
		l, err := s.now.Next()
		if !errors.Is(err, io.EOF) {
			return l, err
		}
		if err := s.now.Close(); err != nil {
			return Letter{}, err
		}
		s.now, s.n = nil, s.n+1
	}
}

func (s *several) Skip(n int) (int, error) {
	passed := 0
	for passed < n {
		if s.now == nil {
			if s.n == len(s.open) {
				return passed, nil
			}
			var err error
			if s.now, err = s.open[s.n](); err != nil {
				return passed, err
			}
		}
		k, err := s.now.Skip(n - passed)
		passed += k
		if err != nil {
			return passed, err
		}
		if passed < n {
			if err := s.now.Close(); err != nil {
				return passed, err
			}
			s.now, s.n = nil, s.n+1
		}
	}
	return passed, nil
}

func (s *several) Done() float64 {
	part := 0.0
	if s.now != nil {
		part = s.now.Done()
	}
	return (float64(s.n) + part) / float64(max(1, len(s.open)))
}

func (s *several) Kind() string { return s.kind }

func (s *several) Close() error {
	if s.now == nil {
		return nil
	}
	return s.now.Close()
}
