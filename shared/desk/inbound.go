package desk

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

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
	Hold         string    // for a held mail: the stable word of the reason, see the Hold words
	Agent        string    // for one held in an agent's name: who alone may release it
	Summary      Summary   // of a held mail, for a list; no more of a stranger's text than that
	Automatic    string    // of a held mail that no person seems to have written: its kind
	Untold       bool      // of one held for an agent: the agent was not told of it, for there were too many that day
	KeptUntil    time.Time // a held mail goes away then
	SettledBy    string    // Inbound.ID of the mail whose #release or #drop decided
	Of           string    // for a duplicate: the ID of the first
	Recorded     time.Time
	// Said is what the agent ordered by it, where that stands in no mail of its own:
	// an answer from a list of many. "" is the mail itself.
	Said string
	// Opens: an agent wrote first by it, to the address for that; its first line says to whom.
	Opens bool

	// SignedHash is ContentHash of what a signature covers where many leave the
	// Message-ID out, Date and body; "" for mail that is no agent's. SignedOnly: a
	// signature alone shows that the mail was meant, so that anybody may hand it in.
	SignedHash string
	SignedOnly bool

	Version int64
}

// Outcome is what became of a mail.
type Outcome string

// The outcomes. Nothing is thrown away: every outcome keeps the raw mail.
const (
	OutcomeThreaded  Outcome = "threaded"  // a message in a conversation
	OutcomeAgent     Outcome = "agent"     // an agent's mail, carried out
	OutcomeRefused   Outcome = "refused"   // an agent's mail that asked for what we do not do; the agent was told
	OutcomeHeld      Outcome = "held"      // kept for a person to look at
	OutcomeDropped   Outcome = "dropped"   // was held, and a person dropped it
	OutcomeDuplicate Outcome = "duplicate" // the same mail came before
	OutcomeOwn       Outcome = "own"       // our own mail came back
	OutcomeReport    Outcome = "report"    // a delivery report about a mail of ours, told to who wrote it
	OutcomeParked    Outcome = "parked"    // cannot be processed; see Reason
)

// The words of why a mail is held.
const (
	HoldVirus        = "virus"
	HoldSpam         = "spam"
	HoldVerification = "verification"   // a one-time code or a confirmation link
	HoldUnverified   = "stranger"       // nobody vouches for it, and its sender does not belong to the conversation whose reply address it came to
	HoldReport       = "unknown-report" // a delivery report about a mail that is not ours
	HoldAgent        = "agent-mail"     // in an agent's name, or to an agent's address, and not proven
	HoldBlocked      = "blocked"        // its sender was blocked
	HoldUnlisted     = "agent-unlisted" // to the address of an agent who is not in the settings
	HoldMachine      = "automatic-to-agent"
)

// Settled is what became of a held mail that a person released or dropped.
type Settled struct {
	Inbound Inbound // as it is now
	Done    bool    // it was held, and is not any more; also where the same answer did that before
	Why     string  // a clause, where it was not done
}

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
type Verdicts struct {
	SPF, DKIM, DMARC, Spam, Virus Verdict
	// Proof says what of it is the author's own domain's, in the form of package
	// intent; "" where the service does not say.
	Proof string `json:",omitempty"`
}

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

// HeldMail is one line of a list of held mail: a mail, and those that say the
// same from the same sender, which are decided on with it.
type HeldMail struct {
	Inbound
	Copies []Inbound
	Known  int // conversations that the sender has had with us; see SortHeld
}

// IDs are the records that the line is about.
func (h HeldMail) IDs() []string {
	ids := []string{h.Inbound.ID}
	for _, c := range h.Copies {
		ids = append(ids, c.ID)
	}
	return ids
}

// Quarantine is what is held, as a lead is told of it.
type Quarantine struct {
	Decide  []HeldMail // somebody must decide: known senders first, then the newest
	Nothing []HeldMail // nothing is to be done: it cannot be let in, or no person wrote it
	Earlier int        // lines of either kind that earlier lists told of
}

// Sender is the address of who wrote a held mail, as its summary says.
func (in Inbound) Sender() string {
	from := in.Summary.From
	if i := strings.LastIndexByte(from, '<'); i >= 0 {
		from = strings.TrimRight(from[i+1:], "> ")
	}
	return strings.ToLower(strings.TrimSpace(from))
}

// OwnSlip reports whether a mail is held for an agent alone: it came in the
// agent's name or to an address made for the agent, and only that agent can say
// what shall become of it.
func (in Inbound) OwnSlip() bool { return in.Hold == HoldAgent && in.Agent != "" }

// CanBeLetIn reports whether a lead can release a held mail.
func (in Inbound) CanBeLetIn() bool {
	switch in.Hold {
	case HoldSpam, HoldVerification, HoldUnverified, HoldReport, HoldBlocked:
		return true
	}
	return false
}

// mayBeReal reports whether a person may have written it who waits for an answer.
func (in Inbound) mayBeReal() bool {
	return in.Hold == HoldUnverified || in.Hold == HoldSpam && in.Automatic == ""
}

// SortHeld makes a list of what is held, without what is for an agent alone. What
// says the same from the same sender is one line. seen is when the last list was
// written: what was held before, or was decided on before and held again, is not
// new, nor is a line of which any part is not. all lists it nevertheless, with
// everything that can be let in among what is to be decided. known gives how many
// conversations a sender has had.
func SortHeld(held []Inbound, seen time.Time, all bool, known func(address string) int) Quarantine {
	var lines []*HeldMail
	byKey := map[string]*HeldMail{}
	for _, in := range held {
		if in.OwnSlip() {
			continue
		}
		key := strings.Join([]string{in.Hold, in.Sender(), in.Summary.Subject, in.Summary.FirstLines}, "\x00")
		if h := byKey[key]; h != nil && in.Hold != HoldVirus {
			h.Copies = append(h.Copies, in)
			continue
		}
		h := &HeldMail{Inbound: in}
		byKey[key], lines = h, append(lines, h)
	}
	var q Quarantine
	for _, h := range lines {
		fresh := true
		for _, in := range append([]Inbound{h.Inbound}, h.Copies...) {
			fresh = fresh && in.Recorded.After(seen) && in.SettledBy == ""
		}
		switch {
		case !fresh && !all:
			q.Earlier++
		case h.CanBeLetIn() && (all || h.mayBeReal()):
			if known != nil && h.Hold != HoldVerification {
				h.Known = known(h.Sender())
			}
			q.Decide = append(q.Decide, *h)
		default:
			q.Nothing = append(q.Nothing, *h)
		}
	}
	slices.SortStableFunc(q.Decide, func(a, b HeldMail) int {
		return cmp.Or(cmp.Compare(min(b.Known, 1), min(a.Known, 1)), b.ReceivedAt.Compare(a.ReceivedAt))
	})
	return q
}
