package delivery

import (
	"errors"
	"time"
)

// Error is a carrier's error that says what was answered. A mail with such an
// error was not taken, but for Others recipients of it, for certain.
type Error struct {
	Response
	Refused []Refused     // the recipients that were refused, each by name; empty: the mail as a whole
	Others  int           // how many recipients the mail went to all the same
	Advice  string        // what whoever runs the system can do; "" where the words say it
	After   time.Duration // do not try before this has passed; 0: as usual
	Err     error         // for the log: where, and in which words
}

// Refused is one recipient that was refused.
type Refused struct {
	Address string
	Response
}

func (e *Error) Error() string {
	if e.Advice != "" {
		return e.Advice + ": " + e.Err.Error()
	}
	return e.Err.Error()
}

func (e *Error) Unwrap() error { return e.Err }

// NotSent reports that the carrier did not take the mail.
func (e *Error) NotSent() bool { return e.Others == 0 }

// RetryAfter is how long to wait at least before trying again.
func (e *Error) RetryAfter() time.Duration { return e.After }

// Of finds what was answered in an error of a carrier.
func Of(err error) (*Error, bool) {
	var e *Error
	ok := errors.As(err, &e)
	return e, ok
}
