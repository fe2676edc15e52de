package automatic

import (
	"strings"

	"github.com/replywell/replywell/shared/email/visible/phrasebook"
	"github.com/replywell/replywell/shared/email/wording"
	"github.com/replywell/replywell/shared/language"
)

// reportSystem is a mail system and what its reports say about themselves.
// Phrases are folded; they stand in the system's own words, not in the reason
// that the other side gave.
type reportSystem struct {
	name    string
	phrases []string
	spoken  []language.Heading // what it says in the languages of its users
}

// reportSystems, the most telling first. A new system is a new line.
var reportSystems = []reportSystem{
	{"google", []string{"delivery to the following recipient failed permanently", "delivery to the following recipients failed", "delivery to the following recipient has been delayed", "technical details of permanent failure", "technical details of temporary failure", "** address not found **", "** message not delivered **", "** message blocked **", "** delivery incomplete **", "** message too large **", "** adresse nicht gefunden **", "** adresse introuvable **", "** no se ha encontrado", "** recipient inbox full **", "the response from the remote server was", "was automatically rejected by your organization"}, nil},
	{"postfix", []string{"this is the mail system at host", "this is the postfix", "i'm sorry to have to inform you that", "for other details, see the local mail logfile"}, nil},
	{"courier", []string{"running the courier mail server", "your message to the following recipients cannot be delivered"}, nil},
	{"zoho", []string{"error_code :"}, nil},
	{"mcafee", []string{"the following addresses had delivery problems"}, nil},
	{"sendmail", []string{"had permanent fatal errors", "had permanent delivery errors", "had transient", "had fatal errors", "transcript of session follows", "the original message was received at", "had successful delivery", "had unresolved addresses", "had delivery errors", "addresses had delivery", "this is a warning message only"}, nil},
	{"facebook", []string{"created automatically by facebook", "the facebook user"}, nil},
	{"exim", []string{"this message was created automatically by mail delivery", "a message that you sent could not be delivered", "the following address(es) failed", "the following address failed", "contained one or more recipient addresses that were", "has not yet been delivered to one or more", "a message that you sent was rejected by", "error(s) occurred while"}, nil},
	{"symantec", []string{"this is the mail delivery agent at"}, nil},
	{"yahoo", []string{"sorry, we were unable to deliver your message to the following address", "unable to deliver message to the following address"}, nil},
	{"qmail", []string{"this is the qmail-send program", "i wasn't able to deliver your message", "i'm afraid i wasn't able to", "i was unable to deliver your message", "i've given up", "sorry it didn't work out", "i tried to deliver", "hi. the mta program at", "giving up on "}, nil},
	{"mailmarshal", []string{"mailmarshal", "the following recipients were affected"}, nil},
	{"exchange", []string{"did not reach some or all of the intended recipients", "did not reach the following recipient", "delivery has failed to these recipients", "recipient(s) could not be reached", "recipient(s) cannot be reached", "diagnostic information for administrators", "the following organization rejected your message", "delivery is delayed to these recipients", "delivery to these recipients or distribution lists", "msexch", "generating server:"}, []language.Heading{language.BounceExchange}},
	{"groupwise", []string{"undeliverable to the following", "gwia"}, nil},
	{"messaging-server", []string{"this report relates to a message you sent", "your message cannot be delivered to the following recipients", "your message has encountered delivery problems", "your message has been enqueued and undeliverable for"}, nil},
	{"domino", []string{"not listed in domino", "not listed in public name", "no route found to domain", "was not delivered to:"}, nil},
	{"mimecast", []string{"an email that you attempted to send to the following address"}, nil},
	{"aol", []string{"because they are not accepting mail", "could not be delivered to their aol"}, nil},
	{"opensmtpd", []string{"this is the mailer-daemon, please do not reply"}, nil},
	{"notes", []string{"failure reasons"}, nil},
	{"google-groups", []string{"the group you tried to contact"}, nil},
	{"interscan", []string{"received <<< "}, nil},
	{"amazon-ses", []string{"an error occurred while trying to deliver the mail", "the following message to <", "this message could not be delivered."}, nil},
	{"x6", []string{"we had trouble delivering your message"}, nil},
	{"carrier", []string{"the user(s) ", "your mail sent on:", "could not be delivered to mobile", "次のあて先へのメッセージはエラーのため送信できませんでした", "メッセージを配信できませんでした", "あて先のメールアドレスが", "宛先不明です", "次のユーザ", "以下のメールアドレス"}, nil},
	{"other", []string{"message could not be delivered", "your message could not be sent", "message delivery failed", "could not be delivered", "couldn't be delivered", "wasn't delivered", "the following recipients returned permanent errors", "unable to deliver", "failed to deliver", "failed to be delivered", "couldn't deliver", "could not deliver", "cannot be delivered", "can not be delivered", "cannot deliver", "not be delivered", "undeliverable mail", "undeliverable message", "undeliverable to", "undeliverable address", "delivery failed", "delivery failure", "delivery has failed", "delivery to the following", "delivery error", "error message below", "invalid user address", "error delivering mail", "failed addresses follow", "reason for the problem", "reason for failure", "reason for rejection", "was undeliverable", "is undeliverable", "was not delivered", "not delivered to", "could not be sent", "failed recipient", "has been rejected", "was rejected", "was refused", "has been blocked", "message was blocked", "was blocked by", "delivery attempts", "could not be completed", "smtp error", "permanent error", "permanent failure", "non-deliverable", "nondeliverable", "the following recipient", "is being returned", "was returned to", "returned to sender", "mailbox full", "user unknown", "no such user", "mailbox unavailable", "the response was:", "will be retried"}, []language.Heading{language.BouncePhrase}},
}

// sureDelay says that the mail system keeps trying, whatever else is said. Folded.
var sureDelay = []string{"warning message only", "do not need to resend", "not yet been delivered", "has not been delivered yet", "message will be retried", "delivery attempts will continue", "will keep trying", "this is a warning message"}

// failWords outweigh the words of a delay. Folded.
var failWords = []string{"failed permanently", "permanent error", "permanent failure", "permanent fatal errors", "given up", "giving up", "could not be delivered", "undeliverable mail", "undelivered mail", "retry timeout exceeded", "address not found", "delivery has failed", "message not delivered", "message blocked"}

// autoSubject gives the prefix by which a folded subject shows itself to be an
// automatic answer's, with its colon if it has one; "" if it does not.
func autoSubject(subject string) string { return subjectPrefix(subject, language.AutomaticPrefix) }

// subjectPrefix gives the longest phrase of some headings that stands before a folded
// subject as a prefix.
func subjectPrefix(subject string, headings ...language.Heading) string {
	s := strings.TrimLeft(subject, "[(*# ")
	lead := len(subject) - len(s)
	best := ""
	for _, h := range headings {
		for _, p := range language.Phrases(h) {
			if len(p) <= len(best) || !strings.HasPrefix(s, p) {
				continue
			}
			rest := s[len(p):]
			trimmed := strings.TrimLeft(rest, " ])*.!")
			switch {
			case trimmed == "":
				best = p
			case strings.HasPrefix(trimmed, ":") || strings.HasPrefix(trimmed, "- ") && rest[0] == ' ' || strings.HasPrefix(rest, "]"):
				best = p
			}
		}
	}
	if best == "" {
		return ""
	}
	if i := strings.IndexByte(s[len(best):], ':'); i >= 0 && i < 4 {
		return subject[:lead+len(best)+i+1]
	}
	return best
}

// subjectReply judges by the subject, with care. A subject that a mail system
// puts before ours ("Automatic reply: Your order") decides if the mail answers
// another; where it answers none, or where it may be a person's heading, more
// is asked for. A text that asks something is a person's.
func subjectReply(f *facts) (Judgement, bool) {
	if f.answer {
		return Judgement{}, false
	}
	strong, noun, weak := autoSubject(f.subject), subjectPrefix(f.subject, language.AbsencePrefix), subjectPrefix(f.subject, language.AbsenceHeading, language.ReceivedHeading)
	if strong == "" && noun == "" && weak == "" {
		return Judgement{}, false
	}
	answers := len(f.m.InReplyTo) > 0 || len(f.m.References) > 0
	_, lower := f.body()
	own := clipText(ownWords(lower))
	said, asks := wording.Count(own, language.Phrases(language.AbsencePhrase))+wording.Count(own, language.Phrases(language.AutomaticPhrase)), strings.ContainsAny(own, "?？")
	rest := ""
	if i := strings.IndexByte(f.subject, ':'); i >= 0 {
		rest = f.subject[i+1:]
	}
	switch {
	case strong != "" && answers && !(asks && said == 0):
	case strong != "" && said > 1 && !asks:
	case strong != "" && strings.HasSuffix(strong, ":") && rest != "" && !asks && !strings.HasSuffix(rest, "?") && !f.handClient():
	case strings.HasSuffix(rest, "?"):
		return Judgement{}, false
	case strings.HasSuffix(noun, ":") && answers && !asks:
	case noun+weak != "" && answers && said > 0 && !asks:
	default:
		return Judgement{}, false
	}
	j := Judgement{Kind: f.awayOr(AutoReply), Rule: "subject", Original: f.answered()}
	return j, true
}

// ownWords is folded text up to the first quoted line.
func ownWords(folded string) string {
	at := 0
	for line := range strings.Lines(folded) {
		if strings.HasPrefix(line, ">") {
			return folded[:at]
		}
		at += len(line)
	}
	return folded
}

// handClient tells whether a person's mail client shows that somebody composed this
// mail by hand: a client's name in X-Mailer or User-Agent.
func (f *facts) handClient() bool {
	agent := f.header("X-Mailer") + f.header("User-Agent")
	return wording.ContainsAny(agent, []string{"apple mail", "iphone mail", "ipad mail", "thunderbird", "mutt", "outlook", "k-9", "evolution", "kmail", "claws", "the bat", "roundcube", "yahoomail"})
}

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

// What machines write in human languages is in the files of package language; what
// is in tables here are the words of mail systems and services, whatever language
// they are used in.

// anyOf tells whether a phrase of some headings stands in a folded text, in
// whatever language.
func anyOf(folded string, headings ...language.Heading) bool {
	for _, h := range headings {
		if wording.ContainsAny(folded, language.Phrases(h)) {
			return true
		}
	}
	return false
}

// startsAny tells whether a folded text begins with a phrase of a heading.
func startsAny(folded string, h language.Heading) bool {
	return wording.HasAnyPrefix(folded, language.Phrases(h))
}
