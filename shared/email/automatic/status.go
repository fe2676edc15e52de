package automatic

import (
	"strings"

	"github.com/replywell/replywell/shared/email/wording"
)

// diagnosisLimit bounds, in bytes, what is read of one recipient's diagnosis.
const diagnosisLimit = 2 << 10

// saidLimit bounds, in bytes, what is kept of it.
const saidLimit = 500

// failure is one recipient as a report tells of it, before it is understood.
type failure struct {
	address   string
	action    string // of an Action field
	status    string // of a Status field, as written
	diagnosis string // whatever else is said
}

// understand turns what a report says of a recipient into a status, an action
// and a reason. delayed and final are what the report as a whole says: that the
// system keeps trying, that the failure is a permanent one.
func (r failure) understand(delayed, final bool) BounceRecipient {
	diag := r.diagnosis
	if len(diag) > diagnosisLimit {
		diag = strings.ToValidUTF8(diag[:diagnosisLimit], "")
	}
	diag = strings.ReplaceAll(wording.Fold(diag), "\n", " ")
	given, said, code := enhanced(r.status), enhanced(diag), replyCode(diag)
	why := causeOf(diag)
	status := given
	switch {
	case status != "" && !vague(status):
	case said != "" && (status == "" || !vague(said) && said[0] == status[0]):
		status = said
	case status == "" && code != "":
		status = inferred(code[:1], code, why)
	case status == "" && why != nil:
		class := "5"
		if delayed || !final && !why.lasting && why.detail != "2.2" {
			class = "4"
		}
		status = inferred(class, "", why)
	}
	b := BounceRecipient{Address: r.address, Status: status, Action: actionOf(r.action, status, delayed)}
	if b.Status == "" && b.Action == "failed" {
		b.Status = "5.0.0"
	} else if b.Status == "" && b.Action == "delayed" {
		b.Status = "4.0.0"
	}
	b.Permanent = b.Action == "failed" && strings.HasPrefix(b.Status, "5")
	b.Reason = reason(b, why)
	b.Said = strings.Join(strings.Fields(r.diagnosis), " ")
	if len(b.Said) > saidLimit {
		b.Said = strings.ToValidUTF8(b.Said[:saidLimit], "")
	}
	return b
}

// Understand reads what one mail server said of one recipient: in the dialogue,
// in a report or in an event. status is the RFC 3463 status where it stands by
// itself; "" is none. cause is the stable word of why, "" where nothing is said
// that would tell; see Causes.
func Understand(status, said string) (b BounceRecipient, cause string) {
	f := failure{status: status, diagnosis: said}
	b = f.understand(false, true)
	if len(said) > diagnosisLimit {
		said = strings.ToValidUTF8(said[:diagnosisLimit], "")
	}
	if c := causeFor(b.Status, causeOf(strings.ReplaceAll(wording.Fold(said), "\n", " "))); c != nil {
		cause = c.name
	}
	return b, cause
}

// Causes are the words that Understand may give.
func Causes() (names []string) {
	for _, c := range causes {
		names = append(names, c.name)
	}
	return names
}

// causeFor chooses between what a status says and what the words beside it say,
// nil where neither tells: a status of the vague kind says less than the words.
func causeFor(status string, why *cause) *cause {
	_, detail, _ := strings.Cut(status, ".")
	if known := causeNamed(byDetail[detail]); known != nil && !(why != nil && weakDetail[detail]) {
		return known
	}
	return why
}

// inferred builds a status from a class and what the diagnosis speaks of.
func inferred(class, code string, why *cause) string {
	switch {
	case why != nil:
		return class + "." + why.detail
	case byCode[code] != "":
		return class + "." + byCode[code]
	}
	return class + ".0.0"
}

// actionOf gives the action; a report that names none is told by its status.
func actionOf(action, status string, delayed bool) string {
	switch action = strings.ToLower(strings.TrimSpace(action)); {
	case strings.HasPrefix(action, "delay"):
		return "delayed"
	case strings.HasPrefix(action, "deliver"):
		return "delivered"
	case strings.HasPrefix(action, "relay"):
		return "relayed"
	case strings.HasPrefix(action, "expand"):
		return "expanded"
	case strings.HasPrefix(action, "fail"):
		return "failed"
	case strings.HasPrefix(status, "2"):
		return "delivered"
	case delayed:
		return "delayed"
	}
	return "failed"
}

// reason says in plain words what happened.
func reason(b BounceRecipient, why *cause) string {
	switch b.Action {
	case "delivered":
		return "The message was delivered"
	case "relayed":
		return "The message was passed on to a system that sends no reports"
	case "expanded":
		return "The message was passed on to several addresses"
	}
	words := ""
	class, detail, _ := strings.Cut(b.Status, ".")
	if c := causeFor(b.Status, why); c != nil {
		words = c.words
	} else if subject, _, _ := strings.Cut(detail, "."); bySubject[subject] != "" {
		words = bySubject[subject]
	} else {
		words = bySubject["0"]
	}
	switch {
	case b.Action == "delayed":
		return words + "; the mail system keeps trying"
	case class == "4":
		return words + "; it may work later"
	}
	return words
}

// weakDetail are details that mail systems use for more than their meaning.
var weakDetail = map[string]bool{"2.1": true, "4.7": true, "4.1": true, "4.4": true, "1.3": true, "3.1": true, "7.5": true, "7.9": true, "2.3": true, "4.5": true}

// vague tells whether a status says no more than its class.
func vague(status string) bool {
	return strings.HasSuffix(status, ".0.0") || strings.Count(status, ".") < 2
}

// enhanced finds the first RFC 3463 status of class 4 or 5 in folded text,
// preferring one that says more than its class; class 2 only if the text is
// nothing else. Figures of a longer chain (an IP address) are none.
func enhanced(s string) string {
	first := ""
	for i := 0; i+4 < len(s); i++ {
		if (s[i] != '5' && s[i] != '4' && s[i] != '2') || s[i+1] != '.' || i > 0 && (isDigit(s[i-1]) || s[i-1] == '.' || isLetter(s[i-1])) {
			continue
		}
		end, figures := i+1, 1
		for figures < 3 && end < len(s) && s[end] == '.' {
			start := end + 1
			for end = start; end < len(s) && isDigit(s[end]) && end-start < 4; end++ {
			}
			if end == start || end-start > 3 {
				break
			}
			figures++
		}
		if figures < 3 || end < len(s) && (isDigit(s[end]) || s[end] == '.' && end+1 < len(s) && isDigit(s[end+1]) || isLetter(s[end]) || s[end] == '/') {
			continue
		}
		status := s[i:end]
		if s[i] == '2' {
			if i == 0 {
				return status
			}
			continue
		}
		if !vague(status) {
			return status
		}
		if first == "" {
			first = status
		}
	}
	return first
}

// replyCode finds the first SMTP reply code of class 4 or 5 that stands where
// one can stand: not inside a number, an address or a name.
func replyCode(s string) string {
	for i := 0; i+2 < len(s); i++ {
		if (s[i] != '4' && s[i] != '5') || s[i+1] < '0' || s[i+1] > '7' || !isDigit(s[i+2]) {
			continue
		}
		if i > 0 && (isDigit(s[i-1]) || isLetter(s[i-1]) || strings.IndexByte(".-_@=/+", s[i-1]) >= 0 && !strings.HasSuffix(s[:i], "--")) {
			continue
		}
		if i+3 < len(s) && (isDigit(s[i+3]) || isLetter(s[i+3]) || strings.IndexByte("_@=/+%", s[i+3]) >= 0) {
			continue
		}
		if i+4 < len(s) && (s[i+3] == '.' || s[i+3] == ',' || s[i+3] == ':') && isDigit(s[i+4]) {
			continue
		}
		code := s[i : i+3]
		if byCode[code] != "" || code[1] < '6' {
			return code
		}
	}
	return ""
}

func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
