package letters

import (
	"strings"

	"golang.org/x/net/idna"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
)

// MailKind says in a word what a mail of ours to a team is, for the filters of
// its mail programs. People build rules on these words: they do not change.
type MailKind string

// The kinds, as docs/agents.md tells them.
const (
	MailWaits      MailKind = "waits"      // a customer waits, or an answer did not arrive: something is to be done
	MailThanks     MailKind = "thanks"     // a customer says thank you, and nothing else
	MailColleague  MailKind = "colleague"  // a colleague answered, or arranged conversations
	MailNote       MailKind = "note"       // a colleague's note
	MailAutomatic  MailKind = "automatic"  // no person wrote it, and it changes nothing
	MailNotice     MailKind = "notice"     // about the agent's own mail: nothing was sent, was this you
	MailQuarantine MailKind = "quarantine" // the list of held mail
	MailReport     MailKind = "report"     // the weekly figures
	MailMorning    MailKind = "morning"    // what the day begins with
)

// KindHeader names the header field that says the kind, for mail programs that
// can filter by it.
const KindHeader = "X-Replywell-Kind"

// kindOf is the kind of an outbox item's mail where its letter does not say it;
// "" for mail to customers, which bears no such mark.
func kindOf(item desk.OutboxItem) MailKind {
	switch item.Kind {
	case desk.OutboxNotification, desk.OutboxDigest:
		return MailWaits
	case desk.OutboxNotice, desk.OutboxAlert:
		return MailNotice
	case desk.OutboxReport:
		return MailReport
	}
	return ""
}

// marks are the header fields that tell the kind of a mail of the mailbox. Gmail
// filters by no header but List-ID (RFC 2919), as "list:waits.support.example.com";
// such a mail is no mailing list's all the same, so it has no other List- field,
// and Auto-Submitted tells programs what it is.
func marks(kind MailKind, mb desk.Mailbox) []compose.Header {
	if kind == "" {
		return nil
	}
	return []compose.Header{{Name: "List-ID", Value: "<" + ListID(kind, mb) + ">"}, {Name: KindHeader, Value: string(kind)}}
}

// ListID is what the List-ID of such mail holds: the kind, and the mailbox's address
// with a dot for its "@".
func ListID(kind MailKind, mb desk.Mailbox) string {
	local, _, _ := strings.Cut(mb.Address, "@")
	label := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r == '.' {
			return r
		}
		return '-'
	}, strings.ToLower(local))
	host := domain(mb)
	if ascii, err := idna.Lookup.ToASCII(host); err == nil {
		host = ascii
	}
	return string(kind) + "." + strings.Trim(label, ".") + "." + strings.ToLower(host)
}
