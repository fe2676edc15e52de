package delivery

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/email/automatic"
)

// Class is what the refusal of a mail is about.
type Class string

// The classes.
const (
	Temporary Class = "temporary" // this recipient, at present: his server asks us to come again
	Route     Class = "route"     // the way out, whoever the mail is for; a person can mend it
	Recipient Class = "recipient" // this recipient, for good as far as anybody knows
	Message   Class = "message"   // this mail, whoever it is for
)

// Stage is where a mail was when it was not taken.
type Stage string

// The stages, in their order.
const (
	StageConnect   Stage = "connect"   // no connection, the greeting, EHLO, TLS
	StageLogin     Stage = "login"     // AUTH
	StageSender    Stage = "sender"    // MAIL FROM
	StageRecipient Stage = "recipient" // RCPT TO
	StageText      Stage = "text"      // DATA, and the answer to it
	StageBroken    Stage = "broken"    // the connection broke, and nobody knows why
	StageService   Stage = "service"   // a service's API: SES refused the request
	StageReport    Stage = "report"    // it was taken, and came back
)

// Response is what a mail server or service said when a mail was not taken.
type Response struct {
	Stage  Stage
	Code   int    // SMTP reply code; 0 where there is none
	Status string // RFC 3463, "5.1.1"; "" where it is not given by itself
	Name   string // the service's name of it: an error or a kind of bounce of SES's
	Text   string // in the server's words
}

// Verdict is what a response means.
type Verdict struct {
	Class Class
	Cause string // a stable word of why, see Explain
	// Sure: the answer speaks of this recipient or this message and of nothing
	// else. Where it is not, the route may say it to everybody.
	Sure bool
	// Whole: no other mail would get through either at this moment.
	Whole bool
}

// rule is one line of the table. Empty fields say nothing; of lists, separated
// by spaces, one member must fit.
type rule struct {
	stages, codes, statuses, names, causes string // the code "4" covers all of its kind, the status "5.7." what begins with it
	says                                   string // words that must stand in the text, in lower case
	is                                     Class
	sure, whole                            bool
	cause                                  string // where the name tells it
}

// rules, the first that fits counts.
var rules = []rule{
	// Before there is a mail, everything is about the route.
	{stages: "connect login", is: Route, whole: true},
	{stages: "broken", is: Temporary},
	{codes: "421 530 534 535 538", is: Route, whole: true},
	{codes: "432 454", is: Route},

	// What SES answers to a request (SES API v2, SendEmail, Errors).
	{stages: "service", names: "MessageRejected", says: "not verified", is: Route, cause: "sandbox"},
	{stages: "service", names: "MessageRejected BadRequestException", is: Message, sure: true},
	{stages: "service", is: Route, whole: true},

	// What SES tells later (SES developer guide, "Bounce types").
	{names: "Suppressed OnAccountSuppressionList", is: Recipient, sure: true, cause: "suppressed"},
	{names: "NoEmail", is: Recipient, sure: true, cause: "no-mailbox"},
	{names: "MailboxFull", is: Recipient, sure: true, cause: "mailbox-full"},
	{names: "UnsubscribedRecipient", is: Recipient, sure: true, cause: "not-allowed"},
	{names: "MessageTooLarge", is: Message, sure: true, cause: "too-big"},
	{names: "ContentRejected", is: Message, sure: true, cause: "spam"},
	{names: "AttachmentRejected", is: Message, sure: true, cause: "attachment"},
	{names: "Reject", is: Message, sure: true, cause: "virus"},
	{names: "RenderingFailure", is: Message, sure: true, cause: "content"},

	// What the codes and statuses say by themselves (RFC 3463, RFC 5248, RFC 4954).
	{statuses: "5.3.4 5.2.3", is: Message, sure: true},
	{stages: "sender", codes: "552", is: Message, sure: true, cause: "too-big"},
	{stages: "sender", is: Route},
	{statuses: "4.3. 4.7.0", is: Route},
	{statuses: "5.7.8 5.7.9 5.7.11 5.7.12 5.7.13 5.7.14 5.1.7 5.1.8", is: Route},
	{statuses: "5.5.3", is: Message},
	{codes: "500 502 503 504", is: Route},
	{codes: "4", is: Temporary},

	// What the words speak of.
	{causes: "relay rate-limited", is: Route},
	{causes: "greylisted later", is: Temporary},
	{causes: "no-mailbox no-domain mailbox-disabled mailbox-full moved syntax", is: Recipient, sure: true},
	{causes: "too-big", is: Message, sure: true},
	{causes: "virus spam content", is: Message},
	{stages: "text", is: Message},
	{is: Recipient},
}

// Judge tells what an answer means.
func Judge(a Response) Verdict {
	b, cause := automatic.Understand(a.Status, a.said())
	if cause == "" && a.Stage != StageService {
		cause = bySubject[subjectOf(b.Status)]
	}
	for _, r := range rules {
		if !r.fits(a, b.Status, cause) {
			continue
		}
		v := Verdict{Class: r.is, Cause: cause, Sure: r.sure, Whole: r.whole}
		if r.cause != "" {
			v.Cause = r.cause
		}
		return v
	}
	return Verdict{Class: Recipient, Cause: cause} // not reached: the last rule fits everything
}

// bySubject gives the cause where a status names no more than what it is about
// (RFC 3463 section 3: the middle figure).
var bySubject = map[string]string{"3": "system", "4": "unreachable", "7": "refused"}

func subjectOf(status string) string {
	if parts := strings.Split(status, "."); len(parts) == 3 {
		return parts[1]
	}
	return ""
}

// said is the answer as one line, with its code.
func (a Response) said() string {
	if a.Code == 0 {
		return a.Text
	}
	return strings.TrimSpace(codeText(a.Code) + " " + a.Status + " " + a.Text)
}

// Detailed is everything that is known of an answer, for a person who mends mail.
func (a Response) Detailed() string {
	if a.Name != "" {
		return strings.TrimSpace(a.Name + ": " + a.said())
	}
	return a.said()
}

func codeText(code int) string {
	return string([]byte{byte('0' + code/100%10), byte('0' + code/10%10), byte('0' + code%10)})
}

func (r rule) fits(a Response, status, cause string) bool {
	code := ""
	if a.Code > 0 {
		code = codeText(a.Code)
	}
	return listed(r.stages, string(a.Stage)) && listed(r.names, a.Name) && listed(r.causes, cause) &&
		(r.codes == "" || slices.Contains(strings.Fields(r.codes), code) || code != "" && slices.Contains(strings.Fields(r.codes), code[:1])) &&
		(r.statuses == "" || slices.ContainsFunc(strings.Fields(r.statuses), func(s string) bool {
			return s == status || strings.HasSuffix(s, ".") && strings.HasPrefix(status, s)
		})) &&
		strings.Contains(strings.ToLower(a.Text), r.says)
}

func listed(list, word string) bool {
	return list == "" || slices.Contains(strings.Fields(list), word)
}

// Refusal is one recipient who was refused in a dialogue, as Widespread compares it.
type Refusal struct {
	Words  string    `json:"words"`          // see Words
	Domain string    `json:"domain"`         // of the recipient, in lower case
	Sure   bool      `json:"sure,omitempty"` // see Verdict
	At     time.Time `json:"at"`             // when
}

// SameTime is how close together refusals are that may have one reason.
const SameTime = time.Hour

// Widespread tells whether a refusal is said to recipients of several domains,
// so that it is the route that says it. What may be about one recipient counts
// from two domains on; what names the recipient's own trouble, such as an
// unknown mailbox, from three on, for two customers may well have left their
// companies within an hour. before are the refusals since a mail last went out.
func Widespread(this Refusal, before []Refusal) bool {
	domains := []string{this.Domain}
	for _, r := range before {
		if r.Words == this.Words && this.At.Sub(r.At) < SameTime && !slices.Contains(domains, r.Domain) {
			domains = append(domains, r.Domain)
		}
	}
	if this.Sure {
		return len(domains) >= 3
	}
	return len(domains) >= 2
}

// Words are what an answer says without whom it says it to: what two refusals
// have in common that have one reason. Names, addresses and figures are left
// out, for they differ from mail to mail.
func Words(a Response) string {
	var kept []string
	for _, w := range strings.Fields(strings.ToLower(a.Text)) {
		w = strings.Trim(w, ".,:;!?<>()[]\"'")
		if w != "" && !strings.ContainsAny(w, "0123456789@./\\=_") {
			kept = append(kept, w)
		}
	}
	text := strings.Join(kept, " ")
	if len(text) > maxWords {
		text = strings.ToValidUTF8(text[:maxWords], "")
	}
	return string(a.Stage) + " " + codeText(a.Code) + " " + a.Status + " " + text
}

// maxWords bounds what is compared, in bytes.
const maxWords = 120

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
