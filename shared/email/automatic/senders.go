package automatic

import (
	"strings"

	"github.com/replywell/replywell/shared/email/visible/phrasebook"
	"github.com/replywell/replywell/shared/email/wording"
)

// The local parts and names that machines sign with. All in lower case.
var (
	// daemonLocals are mail systems; hyphens, dots and underscores do not count.
	daemonLocals = []string{"mailerdaemon", "maildaemon", "mailerdemon", "maildeliverysystem", "maildeliverysubsystem", "maildelivery",
		"deliverystatus", "deliverysystem", "mailsystem", "mdaemon", "mmdf", "bouncehandler", "bouncenotification"}
	daemonNames = []string{"mail delivery system", "mail delivery subsystem", "mailer-daemon", "mailer daemon", "delivery subsystem", "internet mail delivery",
		"ndr administrator", "mail delivery agent", "mail transport agent", "mail deliver system"}
	// postmasterNames may also be an administrator who writes.
	postmasterNames = []string{"postmaster", "system administrator", "mail administrator", "microsoft outlook", "microsoft exchange",
		"mail router", "mail system", "mail server", "email delivery", "systemadministrator", "administrateur syst", "administrador del sistema", "amministratore di sistema"}
	postmasterLocals = []string{"postmaster", "postmast", "mailadmin", "mailadministrator", "administrator", "systemadministrator", "sysadmin", "mailmaster", "smtp", "listserv", "mailmarshal",
		"mlmmj", "fml", "mailgate", "mailgateway", "emailgateway", "systemattendant"}
)

func isDaemonLocal(local string) bool {
	s := wording.Squash(local)
	if s == "" {
		return false
	}
	for _, d := range daemonLocals {
		if s == d {
			return true
		}
	}
	// Exchange signs delivery reports with "MicrosoftExchange" and 32 hex digits.
	return strings.HasPrefix(s, "mailerdaemon") || strings.HasPrefix(s, "microsoftexchange") && len(s) >= 40 ||
		strings.HasPrefix(local, "post_master")
}

func isPostmaster(local string) bool {
	s := wording.Squash(local)
	for _, p := range postmasterLocals {
		if s == p {
			return true
		}
	}
	return strings.HasPrefix(s, "postmaster")
}

// hasAnswerPrefix tells whether a folded subject begins as an answer or a
// forward does: "re:", "aw :", "re[2]:", "[ticket 5] re:".
func hasAnswerPrefix(subject string) bool { return afterAnswerPrefix(subject) != subject }

// afterAnswerPrefix gives a folded subject without its first such prefix.
func afterAnswerPrefix(subject string) string {
	s := subject
	if strings.HasPrefix(s, "[") {
		if i := strings.IndexByte(s, ']'); i > 0 && i < 40 {
			s = strings.TrimSpace(s[i+1:])
		}
	}
	i := strings.IndexByte(s, ':')
	if i <= 0 || i > 20 {
		return subject
	}
	word := strings.TrimSpace(s[:i])
	if j := strings.IndexAny(word, "[("); j > 0 {
		word = word[:j]
	}
	word = strings.TrimRight(word, "0123456789^ ")
	if reply, forward := phrasebook.Default().Prefix(phrasebook.Fold(word)); !reply && !forward {
		return subject
	}
	return strings.TrimSpace(s[i+1:])
}
