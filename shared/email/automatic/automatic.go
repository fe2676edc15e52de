package automatic

import "github.com/replywell/replywell/shared/email/message"

// Kind says what a mail is when no person wrote it; "" is a person's mail.
type Kind string

// The kinds.
const (
	Person       Kind = ""
	Bounce       Kind = "bounce"        // a delivery report: see Judgement.Recipients
	Complaint    Kind = "complaint"     // ARF (RFC 5965)
	OutOfOffice  Kind = "out-of-office" // vacation notices
	AutoReply    Kind = "auto-reply"    // any other automatic answer
	List         Kind = "list"          // mailing list
	Bulk         Kind = "bulk"          // newsletters, marketing
	Notification Kind = "notification"  // a machine's own message: monitoring, cron, no-reply senders
	Verification Kind = "verification"  // one-time codes, "confirm your address"
	Calendar     Kind = "calendar"      // a calendar reply (RFC 5546 METHOD:REPLY...)
	ReadReceipt  Kind = "read-receipt"  // MDN (RFC 8098)
	Challenge    Kind = "challenge"     // challenge-response filters
)

// Judgement is what a mail is, and why.
type Judgement struct {
	Kind       Kind
	Rule       string            // the rule that decided, "header:auto-submitted"; "" for a person's mail
	Recipients []BounceRecipient // of a delivery report or a complaint; at most 1000
	Original   Original          // the mail of ours that it is about
	Warnings   []message.Warning
}

// Automatic reports whether mail must never be answered automatically.
func (j Judgement) Automatic() bool { return j.Kind != Person }

// BounceRecipient is one recipient of a delivery report (RFC 3464 section 2.3).
type BounceRecipient struct {
	Address string `json:"address"`
	// Status is the RFC 3463 enhanced status, "5.1.1". Where the report gives
	// only an SMTP code or plain words, it is inferred from those; "" if the
	// report says nothing at all.
	Status    string `json:"status"`
	Action    string `json:"action"` // failed, delayed, delivered, relayed, expanded
	Reason    string `json:"reason"` // in plain words
	Permanent bool   `json:"permanent"`
	Said      string `json:"-"` // in the server's own words, on one line; "" where it has none
}

// Original is what a report tells of the mail that it is about.
type Original struct {
	MessageID string // without angle brackets
	Subject   string // decoded
	Recipient string // the address that mail was sent to
}

// Judge decides by header, structure and, with care, text. returnPath is the
// envelope sender where known ("<>" for the null path), else "". It never
// fails, and takes time linear in the size of the header and of the first
// 64 KiB of text.
func Judge(m *message.Message, returnPath string) Judgement {
	f := gather(m, returnPath)
	for _, rule := range rules {
		if j, ok := rule(f); ok {
			return j
		}
	}
	return Judgement{}
}

// rules in the order in which they are asked. Structure that no person's mail
// has comes first, then the texts of known machines, then header fields, and
// words of a subject last.
var rules = []func(*facts) (Judgement, bool){
	receipt,
	complaint,
	structuredReport,
	snsNotice,
	calendarReply,
	textReport,
	textReceipt,
	verification,
	challenge,
	codeShape,
	markedReply,
	subjectReply,
	absence,
	listMail,
	bulkMail,
	notification,
	nullPath,
}
