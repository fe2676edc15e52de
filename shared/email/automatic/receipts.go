package automatic

import (
	"strings"

	"github.com/replywell/replywell/shared/email/wording"
	"github.com/replywell/replywell/shared/language"
)

// receipt is a message disposition notification (RFC 8098): the reader's
// client says that our mail was shown or deleted.
func receipt(f *facts) (Judgement, bool) {
	own := f.parts()
	for i, p := range own {
		root := i == 0 && p.ContentType == "multipart/report" && strings.EqualFold(p.Params["report-type"], "disposition-notification")
		part := p.ContentType == "message/disposition-notification" || p.ContentType == "message/global-disposition-notification"
		if !root && (!part || own[0].ContentType != "multipart/report" && f.answer) {
			continue
		}
		j := Judgement{Kind: ReadReceipt, Rule: "report:disposition-notification", Original: f.original("", "")}
		for _, q := range own {
			if strings.HasSuffix(q.ContentType, "disposition-notification") {
				readDisposition(string(clip(q.Content)), &j.Original)
			}
		}
		return j, true
	}
	return Judgement{}, false
}

// readDisposition takes Original-Message-ID and the recipient from an MDN's fields.
func readDisposition(fields string, o *Original) {
	for line := range strings.Lines(fields) {
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch strings.ToLower(name) {
		case "original-message-id":
			o.MessageID = strings.Trim(value, "<> ")
		case "final-recipient", "original-recipient":
			if a := typedAddress(value); a != "" && o.Recipient == "" {
				o.Recipient = a
			}
		}
	}
}

// textReceipt is such a receipt without the structure of one.
func textReceipt(f *facts) (Judgement, bool) {
	if f.answer || !startsAny(f.subject, language.ReceiptPrefix) {
		return Judgement{}, false
	}
	_, lower := f.body()
	if own := ownWords(lower); len(own) > 1200 || !anyOf(own, language.ReceiptPhrase) || strings.Contains(own, "?") {
		return Judgement{}, false
	}
	return Judgement{Kind: ReadReceipt, Rule: "subject:read-receipt", Original: f.answered()}, true
}

// calendarReply is an answer to an invitation (RFC 5546 section 3.2: REPLY,
// COUNTER, DECLINECOUNTER, REFRESH; RFC 6047). An invitation or a cancellation
// is a person's doing and counts as that person's mail.
func calendarReply(f *facts) (Judgement, bool) {
	for _, p := range f.parts() {
		if p.ContentType != "text/calendar" && p.ContentType != "application/ics" {
			continue
		}
		method := strings.ToUpper(p.Params["method"])
		if method == "" {
			method = calendarMethod(string(clip(p.Content)))
		}
		switch method {
		case "REPLY", "COUNTER", "DECLINECOUNTER", "REFRESH":
			return Judgement{Kind: Calendar, Rule: "calendar:" + strings.ToLower(method), Original: f.answered()}, true
		}
	}
	// Outlook's own form has no calendar part that others can read.
	if f.header("Content-Class") == "urn:content-classes:calendarmessage" && startsAny(f.subject, language.InvitationResponse) {
		return Judgement{Kind: Calendar, Rule: "header:content-class", Original: f.answered()}, true
	}
	return Judgement{}, false
}

func calendarMethod(ics string) string {
	for line := range strings.Lines(ics) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			switch strings.ToUpper(name) {
			case "METHOD":
				return strings.ToUpper(strings.TrimSpace(value))
			case "BEGIN":
				if !strings.EqualFold(strings.TrimSpace(value), "VCALENDAR") {
					return ""
				}
			}
		}
	}
	return ""
}

// challengers are filters that let mail pass only when its sender answers a
// question, as they call themselves in a subject or a text. Folded.
var challengers = []string{"boxbe", "spamarrest", "spam arrest", "mailinblack", "mailblocks", "antispam uol", "tmda"}

// challenge is the question of such a filter. It answers a mail of ours, or
// its machine marks itself; words alone decide nothing.
func challenge(f *facts) (Judgement, bool) {
	for _, name := range []string{"X-Challenge", "X-MailInBlack", "X-Spamarrest-Speedcode", "X-Boxbe", "X-TMDA-Fingerprint", "X-Uolspam"} {
		if f.m.Header.Has(name) && challenges(f.subject, language.ChallengeSubject) {
			return Judgement{Kind: Challenge, Rule: "header:" + strings.ToLower(name), Original: f.answered()}, true
		}
	}
	if !f.noReply && !f.nullPath && !f.robotic() && !wording.ContainsAny(f.domain, []string{"spamarrest.com", "boxbe.com", "mailinblack.com", "tmda."}) {
		return Judgement{}, false
	}
	if !challenges(f.subject, language.ChallengeSubject) && !wording.ContainsAny(f.domain, []string{"spamarrest.com", "boxbe.com", "mailinblack.com"}) {
		return Judgement{}, false
	}
	_, lower := f.body()
	if !challenges(clipText(lower), language.ChallengePhrase) {
		return Judgement{}, false
	}
	return Judgement{Kind: Challenge, Rule: "text:challenge", Original: f.answered()}, true
}

func challenges(folded string, h language.Heading) bool {
	return anyOf(folded, h) || wording.ContainsAny(folded, challengers)
}
