package automatic

import (
	"strings"

	"github.com/replywell/replywell/shared/email/wording"
	"github.com/replywell/replywell/shared/language"
)

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
