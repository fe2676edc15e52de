package desk

import "time"

// Inbound is the record that one mail arrived. Its identity is the receiver's
// id (the S3 key, or the SMTP transaction), so processing it twice is seen.
type Inbound struct {
	ID          string // receiver's id; also names the raw mail
	Raw         string // blob key of the raw mail
	MailFrom    string // envelope sender; "<>" is the null path
	Recipients  []string
	ReceivedAt  time.Time
	Verdicts    Verdicts
	Size        int    // bytes
	ContentHash string // of Message-ID and body, for duplicates by content; "" if there is none

	// What became of it.
	Outcome      Outcome
	Reason       string // in plain words where it was held, dropped or parked
	Conversation ConversationID
	Sequence     int
	Mailbox      string
	Of           string // for a duplicate: the ID of the first
	Recorded     time.Time
	Version      int64
}

// Outcome is what became of a mail.
type Outcome string

// The outcomes. Nothing is thrown away: every outcome keeps the raw mail.
const (
	OutcomeThreaded  Outcome = "threaded"  // a message in a conversation
	OutcomeAgent     Outcome = "agent"     // an agent's mail, carried out
	OutcomeRefused   Outcome = "refused"   // an agent's mail that asked for what we do not do; the agent was told
	OutcomeHeld      Outcome = "held"      // kept for a person to look at
	OutcomeDuplicate Outcome = "duplicate" // the same mail came before
	OutcomeOwn       Outcome = "own"       // our own mail came back
	OutcomeReport    Outcome = "report"    // a delivery report about a mail of ours, told to who wrote it
	OutcomeParked    Outcome = "parked"    // cannot be processed; see Reason
)

// Verdict is what the receiving service asserts, in SES's words.
type Verdict string

// The verdicts. Everything but VerdictPass counts as not authenticated.
const (
	VerdictPass       Verdict = "PASS"
	VerdictFail       Verdict = "FAIL"
	VerdictGray       Verdict = "GRAY"
	VerdictProcessing Verdict = "PROCESSING_FAILED"
	VerdictDisabled   Verdict = "DISABLED"
)

// Verdicts come from the receiving service alone, never from the mail's own headers.
type Verdicts struct{ SPF, DKIM, DMARC, Spam, Virus Verdict }

// Authenticated reports whether the From domain vouches for the mail.
func (v Verdicts) Authenticated() bool { return v.DMARC == VerdictPass }

// Quarantine gives the reason to keep the mail from everyone, or "".
func (v Verdicts) Quarantine() string {
	switch {
	case v.Virus == VerdictFail:
		return "the receiving service found a virus"
	case v.Spam == VerdictFail:
		return "the receiving service takes it for spam"
	}
	return ""
}
