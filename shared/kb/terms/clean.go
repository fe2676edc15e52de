package terms

import (
	"strings"
	"unicode"
)

// Sentence is a part of a mail that says one thing.
type Sentence struct {
	Words  []Word
	Text   string
	Weight float32 // 1, or courtesyWeight for what is said in every mail
}

const (
	CourtesyWeight = 0.08
	mostSentences  = 40
	mostText       = 64 << 10 // bytes of a mail that are read
)

// Sentences reads a mail into its sentences: greeting, quoted text and signature
// off; thanks, excuses and requests for haste kept at a small weight, unless
// nothing else was said. A subject that says nothing ("Question") counts as a courtesy.
func Sentences(subject, text string) []Sentence {
	if len(text) > mostText {
		text = strings.ToValidUTF8(text[:mostText], "")
	}
	var out []Sentence
	left := MostWords
	add := func(s string) {
		ws := Words(s, left)
		if len(ws) == 0 || len(out) >= mostSentences {
			return
		}
		left -= len(ws)
		out = append(out, Sentence{Words: ws, Text: strings.TrimSpace(s), Weight: 1})
	}
	add(TrimReply(subject))
	for _, s := range SplitSentences(Said(text)) {
		add(s)
	}
	plain := 0
	for i := range out {
		if courtesy(out[i].Words) {
			out[i].Weight = CourtesyWeight
			continue
		}
		plain++
	}
	if plain == 0 {
		for i := range out {
			out[i].Weight = 1
		}
	}
	return out
}

// TrimReply takes "Re:", "Fwd:" and their like off a subject.
func TrimReply(s string) string {
	for {
		head, rest, ok := strings.Cut(s, ":")
		if !ok || !replyMarks[strings.ToLower(strings.TrimSpace(head))] {
			return s
		}
		s = rest
	}
}

var replyMarks = Set("re aw fw fwd wg sv vs antw tr rv res enc odp")

// Said is what a mail's author wrote in it: no greeting, no quoted mail, no
// signature. Callers who have a parsed mail give its visible part; then there
// is little left to do here. Nothing is cut when nothing would be left.
func Said(text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	var kept []string
	for i, l := range lines {
		t := strings.TrimSpace(l)
		if strings.HasPrefix(t, ">") {
			continue
		}
		if i > 0 && endsMail(t, lines[i+1:]) {
			break
		}
		if len(kept) == 0 {
			if t = afterGreeting(t); t == "" {
				continue
			}
			l = t
		}
		kept = append(kept, l)
	}
	if out := strings.TrimSpace(strings.Join(kept, "\n")); out != "" {
		return out
	}
	return text
}

// endsMail tells whether what was said ends above a line: a signature's mark, a
// closing formula with a few lines behind it, a phone's footer, a quoted mail.
func endsMail(line string, rest []string) bool {
	low := strings.ToLower(line)
	switch {
	case line == "--" || line == "__" || strings.HasPrefix(line, "-----") || strings.HasPrefix(line, "_____"):
		return true
	case strings.HasPrefix(low, "sent from my ") || strings.HasPrefix(low, "get outlook for ") || strings.HasPrefix(low, "sent from "):
		return true
	case strings.HasPrefix(low, "on ") && strings.HasSuffix(low, "wrote:"):
		return true
	case strings.HasPrefix(low, "from:") && len(rest) > 0 && strings.Contains(strings.ToLower(strings.Join(rest[:min(4, len(rest))], "\n")), "subject:"):
		return true
	}
	ws := Split(low)
	if len(ws) == 0 || len(ws) > 4 || len(rest) > 12 && !signed(rest) {
		return false
	}
	for _, w := range ws[:min(2, len(ws))] {
		if closings[w] {
			return !strings.ContainsAny(line, "?") && (len(ws) <= 2 || strings.HasSuffix(line, ",") || len(rest) <= 4)
		}
	}
	return false
}

// signed tells whether a name may stand next: a short line without an end mark.
func signed(rest []string) bool {
	for _, l := range rest {
		if l = strings.TrimSpace(l); l != "" {
			return len(Split(l)) <= 4 && !strings.ContainsAny(l, ".?!:;")
		}
	}
	return true
}

var closings = Set("regards cheers sincerely thanks thank thx greetings wishes best yours faithfully cordially gruß grüße grüßen gruss cordialement saludos saluti groeten")

// afterGreeting takes a greeting off the start of a mail's first line.
func afterGreeting(line string) string {
	ws := Split(line)
	if len(ws) == 0 || !greetings[strings.ToLower(ws[0])] {
		return line
	}
	if len(ws) <= 5 && !strings.ContainsAny(line, "?") && (len(ws) <= 3 || strings.ContainsAny(line, ",!")) {
		head, rest, ok := strings.Cut(line, ",")
		if ok && len(Split(head)) <= 4 {
			return strings.TrimSpace(rest)
		}
		return ""
	}
	if head, rest, ok := strings.Cut(line, ","); ok && len(Split(head)) <= 4 {
		return strings.TrimSpace(rest)
	}
	return line
}

var greetings = Set("hi hello hey dear good hallo guten liebe lieber sehr bonjour hola ciao greetings moin servus salut buongiorno beste")

// SplitSentences cuts a text after . ? ! and at line ends that close a thought.
func SplitSentences(text string) (out []string) {
	start := 0
	cut := func(end int) {
		if s := strings.TrimSpace(text[start:end]); s != "" {
			out = append(out, s)
		}
		start = end
	}
	for i, r := range text {
		switch r {
		case '.', '?', '!', '。', '？', '！', ';':
			next := i + len(string(r))
			if r > 0x7f || next >= len(text) || unicode.IsSpace(rune(text[next])) {
				cut(next)
			}
		case '\n':
			if i+1 < len(text) && (text[i+1] == '\n' || text[i+1] == '-' || text[i+1] == '*') {
				cut(i)
			}
		}
	}
	cut(len(text))
	return out
}

// courtesy tells whether a sentence says only what any mail may say: each word
// is a function word or one of courtesies.
func courtesy(ws []Word) bool {
	for _, w := range ws {
		if !w.Stop && !AnyMailSays(w) {
			return false
		}
	}
	return true
}

// AnyMailSays tells whether a word is one that any mail may have, whatever it is about.
func AnyMailSays(w Word) bool { return courtesies[w.Folded] }

var courtesies = Set(`able advance advice advise afternoon again always anybody anyone anything apologies apologise apologize appreciate appreciated around asap ask asking
	assist assistance attention away awaiting bother bothering busy chance check come confused contact contacting couldnt couple customer customers day days didnt
	disappointed disturb doing earliest else email enough enquiry enough evening even ever everything explain faq far feedback few find first follow following forward found
	frustrated frustrating fwd give given glad go going good grateful great greetings guys happen happened happens happy havent hear hearing help helped helpful hope
	hoping hour hours idea immediately information inquiry issue issues keep kindly know last let like little long look looked looking lot love
	loyal mail many matter maybe message minute minutes moment month months morning much need needed new next nice nothing obvious often ok okay
	please pleased point possible possibly problem problems product prompt promptly query question questions quick quickly quite ran reach read really reading
	regarding regards reply replying request respond response right search searched see seem seems sent sent service several short shortly since site
	soon something somewhere sooner sorry stuck sure support team tell thankyou thing things think thought thorough time times today tomorrow travel travelling
	traveling trouble try trying tried twice unable understand unfortunately urgent urgently useful very wait waiting want wanted way website week weekend weeks well
	wondering work working world write writing wrong year years yesterday yet yours
	about bear hand luck patience patient two three four five six seven eight nine ten first second third
	answer answers answered back subject none spoke spoken speak talked talk called colleague colleagues told agent representative emailed mailed wrote written
	chat previously earlier later recently inconvenience greatly highly kindness below above detail details further additional provide clarify clarification
	explanation guidance assistant somebody someone person staff desk hopefully wonder wondered curious busy hurry rush waste wasted ridiculous annoying annoyed
	unacceptable fed tired sick desperate desperately important importance priority critical eod thx ty pls plz cheers hiya folks sir madam everyone
	community forum forums google googled googling manual guide article articles documentation docs pages section anywhere nowhere luck success avail already
	attempts attempt send sending mailing multiple numerous occasions occasion whole half ago past since while meanwhile`)

func Set(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

// OnlyCourtesies tells whether a mail says nothing but what any mail may say:
// thanks, greetings, that something will be tried.
func OnlyCourtesies(text string) bool {
	for _, s := range SplitSentences(Said(text)) {
		if ws := Words(s, MostWords); len(ws) > 0 && !courtesy(ws) {
			return false
		}
	}
	return true
}

// FirstWords are a text's first words, at most so many.
func FirstWords(s string, most int) string {
	f := strings.Fields(s)
	return strings.Join(f[:min(most, len(f))], " ")
}
