package automatic

import (
	"strings"

	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/wording"
	"github.com/replywell/replywell/shared/language"
)

// textReport reads delivery reports that are only text. The sender must be
// known as a mail system, or nearly; words alone prove nothing, because people
// quote reports when they ask for help.
func textReport(f *facts) (Judgement, bool) {
	if f.fieldsInText() {
		j := Judgement{Kind: Bounce, Rule: "report:text:fields"}
		f.fillReport(&j, nil)
		return j, true
	}
	failed := f.m.Header.Get("X-Failed-Recipients")
	sure := f.daemon || failed != ""
	if !sure && !f.nullPath && !f.postmaster && !f.noReply && !f.m.Header.Has("X-MS-Exchange-Message-Is-Ndr") && !f.robotic() {
		return Judgement{}, false
	}
	titled := startsAny(f.title(), language.BounceSubject) || wording.ContainsAny(f.subject, reportTitles)
	if f.answer && !sure && !f.nullPath || autoSubject(f.subject) != "" && !titled {
		return Judgement{}, false
	}
	if !titled && !sure && !f.nullPath {
		return Judgement{}, false
	}
	text, _ := f.body()
	before, after := cutReturned(text)
	system := systemOf(wording.Fold(before))
	if f.noReply && !sure && !f.nullPath && (system == "" || system == "other") {
		return Judgement{}, false // a courier's "Delivery failed" is no report of ours
	}
	if f.answer && !sure && (system == "" || system == "other" || !f.explains(before, after)) {
		return Judgement{}, false
	}
	if system == "" && !titled && failed == "" {
		return Judgement{}, false
	}
	j := Judgement{Kind: Bounce, Rule: "report:text"}
	if system != "" {
		j.Rule = "report:text:" + system
	}
	if !sure && (!titled || !f.nullPath) && !f.explains(before, after) {
		return Judgement{}, false
	}
	f.fillReport(&j, nil)
	return j, true
}

// fieldsInText tells whether a text is a report whose fields (RFC 3464 section 2.3)
// stand in it as they would in a part of their own, under a report's title, as
// Amazon WorkMail and some gateways write it. Where a person's address signs, it
// must begin with a mail system's words, and with nothing that people say.
func (f *facts) fieldsInText() bool {
	if f.answer || autoSubject(f.subject) != "" || !startsAny(f.title(), language.BounceSubject) {
		return false
	}
	text, _ := f.body()
	seen, first := map[string]bool{}, -1
	at := 0
	for line := range strings.Lines(text) {
		name, value, ok := strings.Cut(line, ":")
		switch name = strings.ToLower(name); name {
		case "final-recipient", "original-recipient", "action", "status", "reporting-mta", "diagnostic-code", "remote-mta":
			if ok && strings.TrimSpace(value) != "" {
				seen[name] = true
				if first < 0 {
					first = at
				}
			}
		}
		at += len(line)
	}
	if len(seen) < 3 || !seen["final-recipient"] && !seen["original-recipient"] || !seen["action"] && !seen["status"] {
		return false
	}
	if f.machine() && (f.daemon || f.postmaster || f.nullPath || f.noReply || f.domain == "") {
		return true
	}
	above := wording.Fold(text[:first])
	return systemOf(above) != "" && !strings.ContainsAny(above, "?？") && len(above) < 1000 && !anyOf(" "+above, language.PersonWrites)
}

// explains tells whether a text names who failed, and why: what is asked of a
// report whose sender may as well be the person who runs the mail system.
func (f *facts) explains(before, after string) bool {
	folded := wording.Fold(before)
	if enhanced(folded) == "" && replyCode(folded) == "" && causeOf(folded) == nil {
		return false
	}
	return len(f.failures(before, f.original(after, ""))) > 0
}

// reportTitles are subjects of reports that stand behind other words. Folded.
var reportTitles = []string{"mail delivery failed", "delivery failure", "undeliverable", "undelivered", "delivery status notification", "failure notice", "returned mail", "could not be delivered", "errors from ", "delivery failed", "not delivered", "mail delivery", "unzustellbar"}

// title is the subject without a leading tag such as "[Postmaster]" or "***SPAM***".
func (f *facts) title() string {
	s := strings.TrimLeft(f.subject, "*!- ")
	if strings.HasPrefix(s, "[") {
		if i := strings.IndexByte(s, ']'); i > 0 && i < 40 {
			s = s[i+1:]
		}
	}
	return strings.TrimLeft(s, "*!- ")
}

// systemOf names the mail system whose words a folded text has, "" if none.
func systemOf(folded string) string {
	if len(folded) > 16<<10 {
		folded = strings.ToValidUTF8(folded[:16<<10], "")
	}
	for _, s := range reportSystems {
		if wording.ContainsAny(folded, s.phrases) || anyOf(folded, s.spoken...) {
			return s.name
		}
	}
	return ""
}

// delayed tells whether the report says that the mail system keeps trying.
func (f *facts) delayed(report string) bool {
	folded := wording.Fold(report)
	if len(folded) > 16<<10 {
		folded = strings.ToValidUTF8(folded[:16<<10], "")
	}
	switch {
	case wording.ContainsAny(folded, sureDelay):
		return true
	case wording.ContainsAny(folded, failWords):
		return false
	}
	return anyOf(folded, language.BounceDelay) || wording.ContainsAny(f.subject, []string{"(delay)", "delayed", "warning: could not send"})
}

// failures finds the recipients that a report's own words name, each with what
// is said about it.
func (f *facts) failures(report string, o Original) []failure {
	s := scanner{skip: map[string]bool{}}
	for _, a := range append([]message.Address{f.m.From}, f.m.To...) {
		s.skip[strings.ToLower(a.Address)] = true
	}
	for _, a := range strings.FieldsFunc(f.m.Header.Get("X-Failed-Recipients"), func(r rune) bool { return strings.ContainsRune(", ;\t<>", r) }) {
		if strings.Contains(a, "@") && len(s.found) < recipientLimit {
			s.found = append(s.found, failure{address: a})
		}
	}
	named := len(s.found) > 0
	for line := range strings.Lines(report) {
		s.line(strings.TrimRight(line, "\r\n"), named)
	}
	if len(s.found) == 0 && s.loose.address != "" {
		s.found = append(s.found, s.loose)
	}
	if len(s.found) == 0 && s.dialog.address != "" {
		s.found = append(s.found, s.dialog)
	}
	if len(s.found) == 0 && o.Recipient != "" {
		s.found = append(s.found, failure{address: o.Recipient})
	}
	rest := s.rest.String()
	if len(s.found) > 20 {
		rest = strings.ToValidUTF8(rest[:min(len(rest), 200)], "")
	}
	for i := range s.found {
		if causeOf(wording.Fold(s.found[i].diagnosis)) == nil && enhanced(wording.Fold(s.found[i].diagnosis)) == "" && replyCode(wording.Fold(s.found[i].diagnosis)) == "" {
			// Nothing said beside the address: what the report says as a whole.
			s.found[i].diagnosis += " " + rest
		}
	}
	return s.found
}

// scanner walks a report line by line.
type scanner struct {
	skip   map[string]bool // the report's own sender and addressee
	found  []failure
	at     int             // index+1 of the recipient that the lines are about, 0 for none
	gap    int             // blank lines since the last line about it
	loose  failure         // an address inside a sentence
	dialog failure         // an address inside an SMTP dialogue
	rest   strings.Builder // what is said about no recipient
}

func (s *scanner) line(line string, named bool) {
	t := strings.TrimSpace(line)
	if t == "" {
		s.gap++
		return
	}
	if len(t) > 4096 {
		t = strings.ToValidUTF8(t[:4096], "")
	}
	address, after, ok := leadingAddress(t)
	switch {
	case ok && (!s.skip[strings.ToLower(address)] || s.known(address) > 0):
		s.begin(address, after, named)
	case isContact(t):
	case s.at > 0 && (s.gap < 2 || len(s.found) == 1):
		s.say(t)
	default:
		s.note(t)
	}
	s.gap = 0
}

// begin turns to a recipient, a new one or one met before.
func (s *scanner) begin(address, after string, named bool) {
	if i := s.known(address); i > 0 {
		s.at = i
	} else if named || len(s.found) >= recipientLimit {
		// X-Failed-Recipients is the whole list.
		s.note(address + " " + after)
		return
	} else {
		s.found = append(s.found, failure{address: address})
		s.at = len(s.found)
	}
	s.say(after)
}

func (s *scanner) known(address string) int {
	if len(s.found) > 50 {
		// Only the latest: a report that long names each recipient once.
		if last := len(s.found); strings.EqualFold(s.found[last-1].address, address) {
			return last
		}
		return 0
	}
	for i := range s.found {
		if strings.EqualFold(s.found[i].address, address) {
			return i + 1
		}
	}
	return 0
}

// say adds words about the current recipient.
func (s *scanner) say(words string) {
	r := &s.found[s.at-1]
	if words = strings.TrimSpace(words); words != "" && len(r.diagnosis) < diagnosisLimit {
		r.diagnosis += " " + words
	}
}

// note keeps what is said about nobody in particular, and looks for an address in it.
func (s *scanner) note(t string) {
	if s.rest.Len() < diagnosisLimit {
		s.rest.WriteString(t + "\n")
	}
	address, _ := findAddress(t)
	if address == "" || s.skip[strings.ToLower(address)] {
		return
	}
	folded := wording.Fold(t)
	if i := strings.Index(strings.ToLower(t), "rcpt to"); i >= 0 {
		if s.dialog.address == "" {
			s.dialog.address, _ = findAddress(t[min(i, len(t)):])
		}
		return
	}
	if strings.Contains(folded, "mail from") || strings.HasPrefix(folded, "from:") {
		return
	}
	if s.loose.address == "" {
		s.loose.address, s.loose.diagnosis = address, t
	}
}

// contactWords are sentences that tell whom to ask, not who failed. Folded.
var contactWords = []string{"contact", "assistance", "for help", "questions", "report this", "postmaster", "forward this", "support@", "received: ", "message-id", "message id", "wenden", "veuillez", "if you "}

func isContact(t string) bool {
	return strings.Contains(t, "@") && wording.ContainsAny(wording.Fold(t), contactWords) && !strings.Contains(wording.Fold(t), "rcpt to")
}
