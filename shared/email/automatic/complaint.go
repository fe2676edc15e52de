package automatic

import "strings"

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
