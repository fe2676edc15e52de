package automatic

import (
	"strings"

	"github.com/replywell/replywell/shared/email/wording"
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

// receiptPrefixes begin the subject of receipts that Outlook and others send as
// plain text. Folded.
var receiptPrefixes = []string{"read:", "not read:", "read receipt", "gelesen:", "ungelesen gelöscht:", "lesebestätigung", "lu:", "lu :", "accusé de lecture", "non lu:", "non lu :", "leído:", "confirmación de lectura", "letto:", "conferma di lettura", "lido:", "gelezen:", "leesbevestiging", "przeczytane:", "přečteno:", "olvasva:", "прочтено:", "прочитано:", "läst:", "læst:", "lest:", "luettu:", "okundu:", "αναγνώστηκε:", "開封済み:", "已读:", "已讀:", "읽음:", "return receipt", "delivered:", "received:"}

// receiptPhrases are what such receipts say. Folded.
var receiptPhrases = []string{"was read on", "was deleted without being read", "wurde gelesen", "wurde ungelesen gelöscht", "gelesen am", "gelesen um", "a été lu le", "a été supprimé sans", "se leyó el", "fue leído", "è stato letto", "foi lida em", "foi lido em", "is gelezen op", "została odczytana", "was displayed on", "this receipt verifies that", "this is a return receipt for the mail", "this is a receipt for", "开封", "開封", "было прочитано", "lästes", "blev læst", "ble lest", "has been read"}

// textReceipt is such a receipt without the structure of one.
func textReceipt(f *facts) (Judgement, bool) {
	if f.answer || !wording.HasAnyPrefix(f.subject, receiptPrefixes) {
		return Judgement{}, false
	}
	_, lower := f.body()
	if own := ownWords(lower); len(own) > 1200 || !wording.ContainsAny(own, receiptPhrases) || strings.Contains(own, "?") {
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
	if f.header("Content-Class") == "urn:content-classes:calendarmessage" && wording.HasAnyPrefix(f.subject, responsePrefixes) {
		return Judgement{Kind: Calendar, Rule: "header:content-class", Original: f.answered()}, true
	}
	return Judgement{}, false
}

// responsePrefixes begin the subjects of answers to invitations. Folded.
var responsePrefixes = []string{"accepted:", "declined:", "tentative:", "tentatively accepted:", "new time proposed:", "zugesagt:", "abgelehnt:", "mit vorbehalt:", "neue zeit vorgeschlagen:", "accepté", "refusé", "provisoire", "aceptad", "rechazad", "provisional:", "accettat", "rifiutat", "aceito:", "aceita:", "recusad", "geaccepteerd:", "geweigerd:", "zaakceptowano:", "odrzucono:", "přijato:", "odmítnuto:", "accepterat:", "avböjt:", "accepteret:", "afvist:", "godtatt:", "avslått:", "hyväksytty:", "hylätty:", "принято:", "отклонено:", "kabul edildi:", "reddedildi:", "承諾:", "辞退:", "已接受:", "已拒绝:", "수락:", "거절:"}

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

// challengeSubjects and challengePhrases belong to filters that let mail pass
// only when its sender answers a question. Folded.
var (
	challengeSubjects = []string{"please confirm your message", "confirm your message", "your message requires", "[boxbe]", "boxbe", "spamarrest", "verification required for your message", "action required to deliver your", "sender verification", "please verify your email to", "challenge", "message awaiting verification", "(verifying)", "your email requires verification", "please confirm your email to", "confirm your email to", "bitte bestätigen sie ihre nachricht", "bestätigung ihrer e-mail an", "mailblocks", "tmda", "your message to", "autorização de envio", "confirmação de envio"}
	challengePhrases  = []string{"spam arrest", "boxbe", "mailinblack", "challenge-response", "challenge/response", "to prove that you are a human", "prove you are human", "waiting list", "has been held pending", "held until you", "to complete this verification", "i'm protecting myself from", "will be delivered once you", "this message is being held", "your message is being held", "antispam uol", "tmda", "confirm that you are a real person", "click the link below to deliver", "to release your message", "um ihre nachricht zuzustellen", "pour que votre message"}
)

// challenge is the question of such a filter. It answers a mail of ours, or
// its machine marks itself; words alone decide nothing.
func challenge(f *facts) (Judgement, bool) {
	for _, name := range []string{"X-Challenge", "X-MailInBlack", "X-Spamarrest-Speedcode", "X-Boxbe", "X-TMDA-Fingerprint", "X-Uolspam"} {
		if f.m.Header.Has(name) && wording.ContainsAny(f.subject, challengeSubjects) {
			return Judgement{Kind: Challenge, Rule: "header:" + strings.ToLower(name), Original: f.answered()}, true
		}
	}
	if !f.noReply && !f.nullPath && !f.robotic() && !wording.ContainsAny(f.domain, []string{"spamarrest.com", "boxbe.com", "mailinblack.com", "tmda."}) {
		return Judgement{}, false
	}
	if !wording.ContainsAny(f.subject, challengeSubjects) && !wording.ContainsAny(f.domain, []string{"spamarrest.com", "boxbe.com", "mailinblack.com"}) {
		return Judgement{}, false
	}
	_, lower := f.body()
	if !wording.ContainsAny(clipText(lower), challengePhrases) {
		return Judgement{}, false
	}
	return Judgement{Kind: Challenge, Rule: "text:challenge", Original: f.answered()}, true
}
