package automatic

import (
	"strings"

	"github.com/replywell/replywell/shared/email/wording"
	"github.com/replywell/replywell/shared/language"
)

// complaint reads abuse reports (RFC 5965), authentication failure reports
// (RFC 6591), aggregate DMARC and TLS reports (RFC 7489, RFC 8460), and the
// older feedback loops that only attach the mail complained of.
func complaint(f *facts) (Judgement, bool) {
	own := f.parts()
	for i, p := range own {
		feedback := p.ContentType == "message/feedback-report"
		root := i == 0 && p.ContentType == "multipart/report" && strings.EqualFold(p.Params["report-type"], "feedback-report")
		if !root && (!feedback || f.answer && own[0].ContentType != "multipart/report") {
			continue
		}
		j := Judgement{Kind: Complaint, Rule: "report:feedback", Original: f.original("", "")}
		for _, q := range own {
			if q.ContentType == "message/feedback-report" {
				f.readFeedback(string(clip(q.Content)), &j)
			}
		}
		return j, true
	}
	if f.feedbackLoop(len(own)) {
		j := Judgement{Kind: Complaint, Rule: "report:feedback-loop", Original: f.original("", "")}
		if a := j.Original.Recipient; a != "" {
			j.Recipients = []BounceRecipient{complainer(a, "abuse")}
		}
		return j, true
	}
	return f.aggregate()
}

// feedbackLoop tells the loops that came before ARF: a bare attached mail under
// a fixed subject ("complaint about message from 192.0.2.1").
func (f *facts) feedbackLoop(parts int) bool {
	if parts < 2 || !strings.HasPrefix(f.subject, "complaint about message from ") && !strings.HasPrefix(f.subject, "email feedback report for ip ") {
		return false
	}
	for _, p := range f.parts() {
		if isReturned(p.ContentType) {
			return true
		}
	}
	return false
}

// readFeedback takes the fields of RFC 5965 section 3 that name the recipient
// and the mail.
func (f *facts) readFeedback(fields string, j *Judgement) {
	kind := "abuse"
	var addresses []string
	for line := range strings.Lines(fields) {
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch strings.ToLower(name) {
		case "feedback-type":
			kind = strings.ToLower(value)
		case "original-rcpt-to", "removal-recipient":
			if a := typedAddress(value); a != "" && len(addresses) < recipientLimit {
				addresses = append(addresses, a)
			}
		}
	}
	if kind != "abuse" && kind != "fraud" && kind != "virus" && kind != "opt-out" && kind != "opt-out-list" && kind != "other" && kind != "not-spam" {
		// auth-failure reports and the like complain about no mail of a recipient's.
		j.Kind, j.Rule = Notification, "report:"+kind
		return
	}
	if len(addresses) == 0 && j.Original.Recipient != "" {
		addresses = []string{j.Original.Recipient}
	}
	seen := map[string]bool{}
	for _, a := range addresses {
		if !seen[a] {
			seen[a] = true
			j.Recipients = append(j.Recipients, complainer(a, kind))
		}
	}
	if len(addresses) > 0 {
		j.Original.Recipient = addresses[0]
	}
}

func complainer(address, kind string) BounceRecipient {
	b := BounceRecipient{Address: address, Reason: "The recipient marked the message as spam", Permanent: true}
	switch kind {
	case "not-spam":
		b.Reason, b.Permanent = "The recipient marked the message as no spam", false
	case "opt-out", "opt-out-list":
		b.Reason = "The recipient does not want more messages"
	case "virus":
		b.Reason = "The recipient's system found a virus in the message"
	case "fraud":
		b.Reason = "The recipient reported the message as fraud"
	}
	return b
}

// aggregate is a machine's report with figures in an attachment: DMARC (RFC
// 7489 section 7.2.1.1 fixes the subject) and SMTP TLS (RFC 8460 section 5.3).
func (f *facts) aggregate() (Judgement, bool) {
	if f.m.Header.Has("TLS-Report-Domain") {
		return Judgement{Kind: Notification, Rule: "report:tls"}, true
	}
	if f.answer || !strings.Contains(f.subject, "report domain: ") {
		return Judgement{}, false
	}
	for _, p := range f.parts() {
		switch p.ContentType {
		case "application/gzip", "application/x-gzip", "application/zip", "application/x-zip-compressed", "application/xml", "text/xml", "application/tlsrpt+gzip", "application/tlsrpt+json", "application/octet-stream":
			return Judgement{Kind: Notification, Rule: "report:dmarc"}, true
		}
	}
	return Judgement{}, false
}

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
