package automatic

import (
	"strings"

	"github.com/replywell/replywell/shared/email/wording"
	"github.com/replywell/replywell/shared/language"
)

// verifyLocals are senders of such mail beside the no-reply ones; squashed.
var verifyLocals = []string{"account", "accounts", "security", "verify", "verification", "auth", "login", "signin", "signup", "register", "registration", "confirm", "confirmation", "welcome", "activation", "notification", "notifications", "notify", "feedback", "mailer", "id", "identity", "password", "passwordreset", "otp code", "otp for", "your otp", "code", "codes", "accountsecurity", "secure", "mail", "email", "team", "hello", "support", "info", "service", "invite", "invites", "invitations", "updates"}

// verification is mail of the kind that the ticket trick wants: a stranger
// names the support address as his own, and the code that another service
// sends lands in a conversation he can read.
func verification(f *facts) (Judgement, bool) {
	if j, ok := verificationText(f); ok {
		return j, true
	}
	if f.answer || len(f.m.InReplyTo) > 0 || !anyOf(f.subject, language.VerificationSubject) {
		return Judgement{}, false
	}
	sender := f.noReply || f.robotic() || f.daemon
	named := false
	for _, l := range verifyLocals {
		named = named || wording.Squash(f.local) == l
	}
	// A role address is a machine only together with the traces of one.
	if !sender && !(named && f.mass() && anyOf(f.subject, language.VerificationSure)) || f.carries() {
		return Judgement{}, false
	}
	_, lower := f.body()
	lower = clipText(lower)
	if !hasCode(f.subject) && !hasCode(lower) && !strings.Contains(lower, "http") && !wording.ContainsAny(strings.ToLower(clipText(f.m.HTML)), []string{"href="}) {
		return Judgement{}, false
	}
	return Judgement{Kind: Verification, Rule: "subject:verification"}, true
}

// verificationText knows such mail by its text, where a machine says that it
// sent it. That it names a mail it answers does not count against it: who asked
// for the code may have asked by a mail in our name.
func verificationText(f *facts) (Judgement, bool) {
	if f.answer || !f.robotic() && !f.noReply || f.m.Header.Has("List-Id") || f.carries() { // whether a person speaks is dear to tell
		return Judgement{}, false
	}
	_, lower := f.body()
	lower = clipText(lower)
	if !anyOf(lower, language.VerificationPhrase) || !strings.Contains(lower, "http") && !hasCode(lower) && !strings.Contains(strings.ToLower(clipText(f.m.HTML)), "href=") {
		return Judgement{}, false
	}
	return Judgement{Kind: Verification, Rule: "text:verification"}, true
}

// mass tells whether a sending service for applications carried the mail.
func (f *facts) mass() bool {
	for _, name := range []string{"Feedback-ID", "X-SES-Outgoing", "X-SG-EID", "X-Mailgun-Sid", "X-Mandrill-User", "X-PM-Message-Id", "X-Mailin-EID", "X-MSFBL", "X-MJ-Mid", "X-Auto-Response-Suppress", "List-Unsubscribe", "X-Entity-Ref-ID", "X-Postmark-Tag", "X-CSA-Complaints", "X-Notifications", "X-Google-Id", "X-Message-Flag"} {
		if f.m.Header.Has(name) {
			return true
		}
	}
	return false
}

// hasCode tells whether a word of four to eight digits, or of such a shape as
// "ABC-123" or "G-123456", stands in folded text.
func hasCode(s string) bool {
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" \n\t.,:;()<>[]*\"'!", r) }) {
		digits, others := 0, 0
		for _, r := range w {
			switch {
			case r >= '0' && r <= '9':
				digits++
			case r == '-' || r >= 'a' && r <= 'z':
				others++
			default:
				others += 10
			}
		}
		if digits >= 3 && digits <= 8 && others <= 4 && digits+others >= 4 {
			return true
		}
	}
	return false
}
