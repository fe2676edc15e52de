package origin

import (
	"strings"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/email/wording"
)

// Clean removes what gateways write into mail: "[EXTERNAL]" banners, first-contact
// tips, safe-link wrappers, virus scanners' and groups' footers. Of a subject
// and of a body. What it cannot tell from a person's words, it keeps. Time is
// linear in the size of the text.
func Clean(subject, text string) (string, string) {
	text = unwrapLinks(text)
	// Footers first: one may stand above a banner of the next gateway.
	tail := 0
	if len(text) > footerLimit {
		tail = len(text) - footerLimit
		tail += strings.IndexByte(text[tail:], '\n') + 1
	}
	text = text[:tail] + cutFooters(text[tail:])
	text = cutBanner(text)
	return cleanSubject(subject), text
}

// footerLimit bounds where footers are looked for, in bytes from the end.
const footerLimit = 64 << 10

// CleanHTML unwraps the safe-link wrappers of an HTML body; banners there fall
// to Clean, once text has been made of it.
func CleanHTML(html string) string { return unwrapLinks(html) }

// cleanSubject takes tags out of the front of a subject, also behind "Re:".
func cleanSubject(subject string) string {
	head, rest := "", subject
	for range 8 {
		rest = strings.TrimLeft(rest, " \t")
		if after, ok := cutTag(rest); ok {
			rest = after
			continue
		}
		i := strings.IndexByte(rest, ':')
		if i <= 0 || i > 6 || strings.ContainsAny(rest[:i], " []*") {
			break
		}
		head += rest[:i+1] + " "
		rest = rest[i+1:]
	}
	if strings.TrimSpace(head+rest) == "" {
		return subject
	}
	if cleaned := head + strings.TrimLeft(rest, " \t"); len(cleaned) < len(subject) && squeeze(cleaned) != squeeze(subject) {
		return cleaned
	}
	return subject
}

// cutTag removes one gateway's tag from the front: "[EXTERNAL]", "(EXT)",
// "*EXTERN*", "EXTERNAL:", "{Spam?}".
func cutTag(s string) (string, bool) {
	if s == "" {
		return s, false
	}
	if i := strings.IndexByte("[({<", s[0]); i >= 0 {
		if end := strings.IndexByte(s, "])}>"[i]); end > 0 && isTag(strings.Trim(wording.Fold(s[1:end]), " *!?-")) {
			return strings.TrimLeft(s[end+1:], " -:"), true
		}
		return s, false
	}
	if s[0] == '*' {
		if t := strings.TrimLeft(s, "*"); t != "" {
			if end := strings.IndexByte(t, '*'); end > 0 && isTag(strings.Trim(wording.Fold(t[:end]), " !?-")) {
				return strings.TrimLeft(t[end:], "* -:"), true
			}
		}
		return s, false
	}
	// Without brackets only in capitals: "EXTERNAL: Your order".
	for _, w := range []string{"EXTERNAL EMAIL", "EXTERNAL", "EXTERN", "EXTERNE", "EXTERNO"} {
		if rest, ok := strings.CutPrefix(s, w+":"); ok {
			return rest, true
		}
	}
	return s, false
}

// bannerLimit bounds where banners are looked for, in bytes from the top.
const bannerLimit = 16 << 10

// cutBanner drops the warnings at the top of a text, sentence by sentence, and
// stops at the first that is none.
func cutBanner(text string) string {
	at, cut, started := 0, 0, false
	for at < min(len(text), bannerLimit) {
		end := sentenceEnd(text, at)
		if end == at {
			break
		}
		s := bannerFold(text[at:end])
		switch {
		case s == "":
			at = end
			if started {
				cut = at
			}
			continue
		case isBanner(s), len(s) < 600 && beginsBanner(s):
			started = true
		case started && len(s) < 600 && goesOnWithBanner(s):
		default:
			return text[cut:]
		}
		at, cut = end, end
	}
	if strings.TrimSpace(text[cut:]) == "" {
		return text // nothing else: let a person see it
	}
	return text[cut:]
}

// sentenceEnd gives the end of the sentence or line that begins at a position.
// A line shorter than a hard-wrapped one ends a sentence as well.
func sentenceEnd(text string, at int) int {
	line := max(0, at-200)
	line += strings.LastIndexByte(text[line:at], '\n') + 1
	for i := at; i < len(text); i++ {
		switch text[i] {
		case '\n':
			if utf8.RuneCountInString(strings.TrimSpace(text[line:i])) < 55 || i+1 >= len(text) || text[i+1] == '\n' || text[i+1] == '\r' {
				return i + 1
			}
			if s := bannerFold(text[at:i]); isBanner(s) {
				return i + 1
			}
			line = i + 1
		case '.', '!', '?':
			if i+1 >= len(text) || text[i+1] == ' ' && !strings.HasSuffix(text[at:i], "e.g") || text[i+1] == '\n' || text[i+1] == '\r' || text[i+1] == ']' || text[i+1] == '*' {
				for i+1 < len(text) && strings.IndexByte(" *]\r", text[i+1]) >= 0 {
					i++
				}
				if i+1 < len(text) && text[i+1] == '\n' {
					i++
				}
				return i + 1
			}
		case '\xe3':
			if strings.HasPrefix(text[i:], "。") {
				return i + len("。")
			}
		}
		if i-at > 2000 {
			return at
		}
	}
	return len(text)
}

// bannerFold folds a sentence and takes decoration off its ends.
func bannerFold(s string) string {
	return strings.Trim(squeeze(wording.Fold(s)), " *-=_[]|!.#<>~•\u26a0\ufe0f🛑:(){}▲△。")
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

// cutFooters drops the lines that virus scanners and groups add below a mail.
// Quoted lines stay as they are.
func cutFooters(text string) string {
	lower := strings.ToLower(text)
	if !mayHaveFooter(lower) {
		return text
	}
	lines := strings.SplitAfter(text, "\n")
	drop, dropped := make([]bool, len(lines)), false
	for i := 0; i < len(lines); i++ {
		if drop[i] || !isFooterStart(lines, i) {
			continue
		}
		for j := i; j < len(lines) && j < i+12; j++ {
			t := bannerFold(lines[j])
			if j > i && (t == "" || !goesOnWithFooter(t) && !strings.HasPrefix(t, "http") && !strings.HasPrefix(t, "www.")) && !continues(lines[j-1]) {
				break
			}
			drop[j], dropped = true, true
		}
		// The rule above the footer goes with it.
		for k := i - 1; k >= 0 && k > i-4; k-- {
			if t := strings.TrimSpace(lines[k]); t != "" && strings.Trim(t, "-_=* ") != "" {
				break
			} else if t != "" {
				drop[k] = true
				break
			}
		}
	}
	if !dropped {
		return text
	}
	var b strings.Builder
	for i, l := range lines {
		if !drop[i] {
			b.WriteString(l)
		}
	}
	if strings.TrimSpace(b.String()) == "" {
		return text
	}
	return strings.TrimRight(b.String(), " \t\n") + text[len(strings.TrimRight(text, "\n")):]
}

// isFooterStart tells whether a footer begins at a line; the sentence may run
// on into the next two lines.
func isFooterStart(lines []string, i int) bool {
	t := bannerFold(lines[i])
	if t == "" || strings.HasPrefix(strings.TrimSpace(lines[i]), ">") || !beginsFooter(t) {
		return false
	}
	for j := i + 1; j < len(lines) && j < i+3; j++ {
		t += " " + bannerFold(lines[j])
	}
	return provesFooter(t)
}

// continues tells whether a line is so long that it was wrapped.
func continues(line string) bool {
	t := strings.TrimSpace(line)
	return utf8.RuneCountInString(t) >= 60 && !strings.HasSuffix(t, ".")
}
