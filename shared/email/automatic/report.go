package automatic

import (
	"strings"

	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/wording"
	"github.com/replywell/replywell/shared/language"
)

// recipientLimit bounds the recipients taken from one report.
const recipientLimit = 1000

// structuredReport reads delivery reports that say so by their structure:
// multipart/report with report-type=delivery-status (RFC 3462, RFC 3464), and
// the many that have a message/delivery-status part in some other wrapper.
func structuredReport(f *facts) (Judgement, bool) {
	var blocks []failure
	status := false
	declared := f.header("Content-Type")
	isReport := strings.HasPrefix(declared, "multipart/report") && strings.Contains(declared, "delivery-status")
	for _, p := range f.parts() {
		if p.ContentType == "message/delivery-status" || p.ContentType == "message/global-delivery-status" {
			status = true
			blocks = append(blocks, statusBlocks(string(clip(p.Content)))...)
		}
	}
	root := strings.HasPrefix(declared, "multipart/report")
	switch {
	case isReport:
	case status && root && (len(blocks) > 0 || f.machine()):
	case status && f.machine() && !f.answer:
	default:
		// A person may attach such a part when asking about it.
		return Judgement{}, false
	}
	j := Judgement{Kind: Bounce, Rule: "report:delivery-status"}
	if !status {
		j.Warnings = append(j.Warnings, message.Warning{Name: "report-without-status", Detail: "the report has no machine-readable part; its text was read"})
	}
	f.fillReport(&j, blocks)
	return j, true
}

// machine tells whether anything at all shows that a mail system sent this.
func (f *facts) machine() bool {
	auto := f.header("Auto-Submitted")
	return f.daemon || f.postmaster || f.nullPath || auto != "" && !strings.HasPrefix(auto, "no") ||
		f.m.Header.Has("X-Failed-Recipients") || startsAny(f.subject, language.BounceSubject)
}

// fillReport puts recipients and original into a judgement, from the status
// blocks where there are any, completed by the text.
func (f *facts) fillReport(j *Judgement, blocks []failure) {
	text, _ := f.body()
	before, after := cutReturned(text)
	j.Original = f.original(after, before)
	delayed, final := f.delayed(before), anyOf(wording.Fold(before), language.BounceFinal)
	if len(blocks) == 0 {
		blocks = statusBlocks(text)
	}
	spoken := f.failures(before, j.Original)
	if len(blocks) == 0 {
		blocks = spoken
	} else {
		delayed = false
		said := map[string]string{}
		for _, s := range spoken {
			said[strings.ToLower(s.address)] = s.diagnosis
		}
		for i := range blocks {
			if blocks[i].diagnosis == "" {
				blocks[i].diagnosis = said[strings.ToLower(blocks[i].address)]
			}
		}
	}
	seen := map[string]bool{}
	for _, b := range blocks {
		key := strings.ToLower(b.address)
		if b.address == "" || seen[key] || len(j.Recipients) >= recipientLimit {
			continue
		}
		seen[key] = true
		j.Recipients = append(j.Recipients, b.understand(delayed, final))
	}
	if len(j.Recipients) == 0 {
		j.Warnings = append(j.Warnings, message.Warning{Name: "report-without-recipient", Detail: "the report names no address that the mail was sent to"})
	}
	if j.Original.Recipient == "" && len(j.Recipients) == 1 {
		j.Original.Recipient = j.Recipients[0].Address
	}
}

// statusBlocks reads the per-recipient fields of RFC 3464 section 2.3 wherever
// they stand, also in text that lost its MIME structure. Blocks are told apart
// by blank lines or by a field that comes again; a line that is no field
// continues the one before.
func statusBlocks(text string) []failure {
	var out []failure
	var cur failure
	final := ""
	seen := map[string]bool{}
	flush := func() {
		if final != "" {
			cur.address = final
		}
		if cur.address != "" && len(out) < recipientLimit {
			out = append(out, cur)
		}
		cur, final, seen = failure{}, "", map[string]bool{}
	}
	var last *string
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if strings.TrimSpace(line) == "" {
			// Some systems write a blank line between every two fields.
			if (final != "" || cur.address != "") && (seen["action"] || seen["status"] || seen["diagnostic-code"]) {
				flush()
			}
			last = nil
			continue
		}
		name, value := statusField(line)
		if name == "" || line[0] == ' ' || line[0] == '\t' {
			if last != nil && len(*last) < diagnosisLimit {
				*last += " " + strings.TrimSpace(line)
			}
			continue
		}
		if name != "diagnostic-code" && name != "other" && seen[name] {
			flush()
		}
		seen[name] = true
		last = nil
		switch name {
		case "final-recipient":
			final = typedAddress(value)
		case "original-recipient", "x-actual-recipient":
			if a := typedAddress(value); a != "" {
				cur.address = a
			}
		case "action":
			cur.action = value
		case "status":
			cur.status, last = value, &cur.status
		case "diagnostic-code":
			if len(cur.diagnosis) > diagnosisLimit {
				value = cur.diagnosis
			} else if cur.diagnosis != "" {
				value = cur.diagnosis + " " + value
			}
			cur.diagnosis, last = value, &cur.diagnosis
		}
	}
	flush()
	return out
}

// statusField splits a line of a status block. Fields that do not matter are
// "other"; a line that is none gives "".
func statusField(line string) (name, value string) {
	name, value, ok := strings.Cut(line, ":")
	if !ok || len(name) > 40 || strings.ContainsAny(name, " \t<>@/") {
		return "", ""
	}
	switch name = strings.ToLower(name); name {
	case "final-recipient", "original-recipient", "x-actual-recipient", "action", "status", "diagnostic-code":
		return name, strings.TrimSpace(value)
	case "x-supplementary-info", "x-notes-error", "x-spam-diagnostic":
		return "diagnostic-code", strings.TrimSpace(value)
	}
	if name == "" || !isLetter(name[0]) {
		return "", ""
	}
	return "other", ""
}

// typedAddress reads "rfc822; user@example.org", "RFC822;<user@example.org>"
// and "user@example.org"; "" if no address is in it.
func typedAddress(v string) string {
	if i := strings.IndexByte(v, ';'); i >= 0 && !strings.Contains(v[:i], "@") {
		v = v[i+1:]
	}
	a, _ := findAddress(v)
	return a
}

func clip(b []byte) []byte {
	if len(b) > 4*textLimit {
		return b[:4*textLimit]
	}
	return b
}
