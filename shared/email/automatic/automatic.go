// Package automatic tells mail that no person wrote from mail that a person wrote.
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
	Rule       string            // the rule that decided, "header:auto-submitted"
	Recipients []BounceRecipient // of a delivery report
	Original   Original          // the mail of ours that it is about
	Warnings   []message.Warning
}

// Automatic reports whether mail must never be answered automatically.
func (j Judgement) Automatic() bool { return j.Kind != Person }

// BounceRecipient is one recipient of a delivery report (RFC 3464 section 2.3).
type BounceRecipient struct {
	Address   string `json:"address"`
	Status    string `json:"status"` // RFC 3463 enhanced status, "5.1.1"; "" if not given
	Action    string `json:"action"` // failed, delayed, delivered, relayed, expanded
	Reason    string `json:"reason"` // in plain words
	Permanent bool   `json:"permanent"`
}

// Original is what a report tells of the mail that it is about.
type Original struct {
	MessageID string
	Subject   string
	Recipient string
}

// Judge decides by header, structure and, with care, text. returnPath is the
// envelope sender where known ("<>" for the null path), else "".
func Judge(m *message.Message, returnPath string) Judgement {
	if v := m.Header.Get("Auto-Submitted"); v != "" && v != "no" {
		return Judgement{Kind: AutoReply, Rule: "header:auto-submitted"}
	}
	return Judgement{}
}
