package automatic

import (
	"strings"

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

// answerPrefixes are what clients put before the subject of an answer or a
// forward, in many languages (compare shared/email/visible). Folded, without the colon.
var answerPrefixes = map[string]bool{
	"re": true, "aw": true, "sv": true, "antw": true, "vs": true, "odp": true, "res": true, "rif": true, "ynt": true, "cevap": true, "r": true,
	"ang": true, "atb": true, "hv": true, "bls": true, "ref": true, "réf": true, "回复": true, "答复": true, "回覆": true, "返信": true, "отв": true, "ответ": true, "הש": true, "רד": true,
	"reply": true, "antwort": true, "réponse": true, "vá": true, "αππ": true, "απ": true, "σχετ": true, "trả lời": true, "tl": true, "رد": true,
	"fw": true, "fwd": true, "wg": true, "tr": true, "rv": true, "vb": true, "vl": true, "enc": true, "pd": true, "i": true, "fs": true, "ilt": true, "ΠΡΘ": true, "πρθ": true,
	"转发": true, "轉寄": true, "转寄": true, "転送": true, "пересл": true, "הועבר": true, "továbbítás": true, "doorst": true, "weitergeleitet": true, "forwarded": true, "전달": true, "회신": true, "chuyển tiếp": true,
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
	if !answerPrefixes[word] {
		return subject
	}
	return strings.TrimSpace(s[i+1:])
}
