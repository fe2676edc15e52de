package automatic

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/replywell/replywell/shared/email/wording"
	"github.com/replywell/replywell/shared/language"
)

// A code, or a link that proves who has read it, is known by its shape in whatever
// language it is sent, once it is known that a machine speaks for itself. A machine
// that passes a person's words on (a form, a marketplace, a portal, an answering
// machine, a forward) does not, whatever links it puts around them.

// codeShape judges machines' mail by what it asks to be done: a link of a shape
// that confirms, a code, or nothing but a button.
func codeShape(f *facts) (Judgement, bool) {
	sure, may := f.speaks()
	if !may || f.carries() {
		return Judgement{}, false
	}
	_, lower := f.body()
	lower = clipText(lower)
	if f.m.PlainText != "" && f.m.Text != f.m.PlainText { // a text that says "see the page"
		lower += "\n" + clipText(wording.Fold(f.m.Text))
	}
	lower = norm.NFKC.String(lower)
	source := lower + "\n" + strings.ToLower(clipText(f.m.HTML))
	says := anyOf(f.subject+"\n"+lower, aboutCodes...) || shortWord.MatchString(f.subject+"\n"+lower)
	links := linksOf(source)
	// Every link into an account may bear a token. It proves only where the mail
	// is about that, or about nothing else.
	shaped, about := false, anyOf(f.subject, aboutCodes...) || length(anyLink.ReplaceAllString(lower, "")) <= 12
	for _, l := range links {
		shaped = shaped || proves.MatchString(l) && (about || proves.MatchString(opens.ReplaceAllString(l, "")))
	}
	local := wording.Squash(f.local)
	if !sure && !wording.HasAnyPrefix(local, robotLocals) && !wording.HasAnyPrefix(local, siteLocals) &&
		!(shaped && anyOf(f.subject, aboutCodes...)) && !f.invites() && !anyOf(f.subject+"\n"+lower, language.VerificationSubject) && !anyOf(lower, language.VerificationPhrase) {
		return Judgement{}, false // people write from there, and speak of codes
	}
	lower, subject := telephone.ReplaceAllString(lower, ""), telephone.ReplaceAllString(f.subject, "")
	rule := ""
	switch bulk := f.m.Header.Has("List-Unsubscribe") || f.m.Header.Has("List-Id") || f.header("Precedence") != ""; {
	case says && (standsAlone(subject, lower) || grouped.MatchString(clipText(f.text))):
		rule = "shape:code"
	case shaped && (says || sure && !bulk):
		rule = "shape:link"
	case says && len(links) > 0 && len(links) <= 3 && brief(lower) && !bulk && (sure && (about || anyOf(lower, language.VerificationPhrase)) || f.m.HTML != "" && !digits.MatchString(f.subject) && anyOf(f.subject, aboutCodes...) && anyOf(f.subject, language.AddressWord)):
		rule = "shape:link"
	case sure && !bulk && len(links) == 1 && strings.Count(strings.ToLower(f.m.HTML), "<a ") == 1 && (about || length(anyLink.ReplaceAllString(lower, "")) <= 16) && brief(lower) && !digits.MatchString(f.subject):
		rule = "shape:button"
	default:
		return Judgement{}, false
	}
	return Judgement{Kind: Verification, Rule: rule}, true
}

// speaks tells whether a machine sent the mail: for sure, by a mark of its own,
// or perhaps, by the address of an office that only machines hold.
func (f *facts) speaks() (sure, may bool) {
	if strings.HasPrefix(f.header("Auto-Submitted"), "auto-replied") || f.nullPath {
		return false, false
	}
	sure = f.noReply || f.robotic()
	may = f.mass()
	local := wording.Squash(f.local)
	may = may || wording.HasAnyPrefix(local, robotLocals) || wording.HasAnyPrefix(local, officeLocals)
	if !may && wording.HasAnyPrefix(local, siteLocals) {
		may = true
		for _, a := range f.m.ReplyTo {
			may = may && (a.Address == "" || strings.EqualFold(a.Address, f.m.From.Address))
		}
	}
	return sure, sure || may
}

// robotLocals begin the addresses that write by themselves, and officeLocals
// those at which people may sit as well; squashed.
var (
	robotLocals  = []string{"verif", "auth", "login", "signin", "signup", "confirm", "activat", "notif", "otp", "code", "password", "invit", "mailer", "alert"}
	officeLocals = []string{"account", "security", "regist", "identity", "welcome", "konto", "sicherheit"}
)

// siteLocals are what a web site's own software sends from. A mail of it that
// names somebody else to answer is a form's.
var siteLocals = []string{"wordpress", "wwwdata", "apache", "joomla", "drupal", "typo3"}

// carries tells whether the mail is there for a person's words.
func (f *facts) carries() bool {
	if (f.written() || f.passedOn()) && !f.invites() || f.answer {
		return true
	}
	if f.ofHimself() || f.offersAnswer() && !f.invites() {
		return true
	}
	for _, p := range f.parts() {
		if isReturned(p.ContentType) || strings.HasPrefix(p.ContentType, "audio/") {
			return true
		}
	}
	text, lower := f.body()
	if wording.ContainsAny(strings.ToLower(clipText(f.m.HTML)), []string{"<blockquote"}) || quotes(clipText(text)) || labelled(clipText(lower)) || len(spoken.FindAllString(clipText(text), 2)) > 1 {
		return true
	}
	// An address that the service itself made for this talk. Somebody else's is no
	// sign: whoever asks for a code may have asked that answers go to him.
	for i := 0; i < len(f.m.ReplyTo) && !f.invites(); i++ {
		a := f.m.ReplyTo[i]
		local, domain := wording.SplitAddress(strings.ToLower(a.Address))
		if a.Address != "" && !strings.EqualFold(a.Address, f.m.From.Address) && !wording.IsNoReply(local) && token(local) && strings.HasSuffix("."+domain, "."+f.domain) {
			return true
		}
	}
	return false
}

// invites tells of an invitation, which comes in the name of a member and has
// nothing of the member's: who follows its link is let in.
func (f *facts) invites() bool {
	if !anyOf(f.subject, language.InviteStem) {
		return false
	}
	_, lower := f.body()
	said := len(strings.Fields(anyLink.ReplaceAllString(clipText(lower), "")))
	for _, l := range linksOf(clipText(lower) + "\n" + strings.ToLower(clipText(f.m.HTML))) {
		if said < 40 && lets.MatchString(l) {
			return true
		}
	}
	return false
}

var (
	lets   = regexp.MustCompile(`[/?&=_.+-](invit|accept|join|einlad|signup|register|token)`)
	proves = regexp.MustCompile(`[/?&=_.+-](confirm|verif|verify|validat|activat|aktivier|bestaetig|invit|token|code|otp|magic|optin|opt-in|reset|recover|signup|sign-up|register|auth|signin|login|accept|approve|unlock|setpassword|set-password|doi|key=)`)
	// opens are the parameters by which a link opens an account, whatever it leads to.
	opens     = regexp.MustCompile(`[?&][a-z_]*(token|auth|login|code|key|signin)[a-z_]*=[^&]*`)
	telephone = regexp.MustCompile(`\+\d[\d ()/-]{6,}\d`)
	anyLink   = regexp.MustCompile(`https?://[^\s"'<>()\[\]]+`)
	// grouped is a code of letters or words alone, on a line of its own.
	grouped   = regexp.MustCompile(`(?m)^[ \t*]*([A-Z0-9]{3,6}(-[A-Z0-9]{3,6}){1,4}|[a-z]{3,8}(-[a-z]{3,8}){2,4})[ \t*\r]*$`)
	halves    = regexp.MustCompile(`\b\d{3}[ -]\d{3}\b`)
	spoken    = regexp.MustCompile(`(?m)^[^:\n]{1,40}\(?\d{1,2}:\d{2}\)?: \S+ \S`)
	digits    = regexp.MustCompile(`\d{3,}`)
	shortWord = regexp.MustCompile(`\b(otp|pin|tan|2fa)\b`)
	passing   = regexp.MustCompile(`unsubscribe|preferences|abmelden|privacy|datenschutz|impressum|imprint|terms|\.(png|gif|jpe?g|svg|css)$`)
)

// linksOf gives the links of a mail, each once, without those that all mail has.
func linksOf(lower string) (out []string) {
	seen := map[string]bool{}
	for _, l := range anyLink.FindAllString(lower, 60) {
		l = strings.TrimRight(strings.ReplaceAll(l, "&amp;", "&"), ".,;:!?")
		if !seen[l] && !passing.MatchString(l) && !strings.Contains(l, "www.w3.org/") {
			seen[l] = true
			out = append(out, l)
		}
	}
	return out
}

// standsAlone tells of a code that is shown as one: on a line of its own, in the
// subject, or next to a colon or behind a word for it.
func standsAlone(subject, lower string) bool {
	if anyCode(subject) {
		return true
	}
	for line := range strings.SplitSeq(joinSigns(lower), "\n") {
		line = strings.Trim(strings.TrimSpace(line), "*_#|-=[]()<>「」【】«»\"'. ")
		if line == "" || strings.Contains(line, "http") {
			continue
		}
		words := strings.Fields(line)
		if isCode(strings.Join(words, "")) && len(words) <= 8 {
			return true
		}
		if at := strings.LastIndexAny(line, ":："); at > 0 && isCode(strings.Trim(strings.TrimLeft(line[at:], ":： "), ".*_ ")) {
			return true
		}
		if len(words) <= 24 && (anyOf(line, language.CodeWord) || shortWord.MatchString(line)) && (anyCode(line) || halves.MatchString(line)) {
			return true
		}
	}
	return false
}

// joinSigns puts signs that stand alone on their lines, as in the cells of a
// table, into one line.
func joinSigns(text string) string {
	var b strings.Builder
	run := false
	for line := range strings.SplitSeq(text, "\n") {
		t := strings.TrimSpace(line)
		switch single := len(t) == 1; {
		case t == "" && run:
			continue
		case run && !single || !run:
			b.WriteByte('\n')
			run = single
		}
		b.WriteString(line)
	}
	return b.String()
}

func anyCode(s string) bool {
	for _, w := range strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(",.;:!?()[]<>*\"'“”„«»「」【】、。：はが", r)
	}) {
		if isCode(w) {
			return true
		}
	}
	return false
}

// isCode tells whether a folded word looks like a code: 4 to 10 digits, or digits
// and letters mixed in up to 12 signs. A year is none.
func isCode(w string) bool {
	w = strings.Trim(w, "-")
	n, letters, marks := 0, 0, 0
	for _, r := range w {
		switch {
		case r >= '0' && r <= '9':
			n++
		case r >= 'a' && r <= 'z':
			letters++
		case r == '-':
			marks++
		default:
			return false
		}
	}
	if letters == 0 {
		year := n == 4 && (strings.HasPrefix(w, "19") || strings.HasPrefix(w, "20"))
		return n >= 4 && n <= 10 && !year && marks <= 2
	}
	return n >= 1 && n+letters >= 5 && n+letters <= 12 && marks <= 3 && (letters <= 6 || marks > 0)
}

// brief tells of a text that says one thing.
func brief(lower string) bool { return len(strings.Fields(lower)) < 120 }

// token tells of a local part that a program made.
func token(local string) bool {
	if _, tag, ok := strings.Cut(local, "+"); ok {
		local = tag
	}
	n := 0
	for _, r := range local {
		if r >= '0' && r <= '9' {
			n++
		}
	}
	return len(local) >= 10 && n >= 3
}

// quotes tells whether somebody's words are quoted: five of them at least, and a
// third of all. A name that was given to a service may hold a few quoted words.
func quotes(text string) bool {
	all := len(strings.Fields(anyLink.ReplaceAllString(text, "")))
	run := 0
	for line := range strings.SplitSeq(text, "\n") {
		t := strings.TrimSpace(line)
		if !strings.HasPrefix(t, ">") {
			continue
		}
		if run += len(strings.Fields(strings.TrimLeft(t, "> "))); run >= 5 && 3*run >= all {
			return true
		}
	}
	for _, pair := range [][2]string{{"“", "”"}, {"„", "“"}, {"«", "»"}, {"\"", "\""}, {"「", "」"}} {
		_, rest, ok := strings.Cut(text, pair[0])
		if said, _, closed := strings.Cut(rest, pair[1]); ok && closed && len(said) < 4000 && (len(strings.Fields(said)) >= 5 && 3*len(strings.Fields(said)) >= all || (pair[0] == "「" || all <= 12) && len([]rune(said)) >= 12 && 3*len(said) >= len(text)) {
			return true
		}
	}
	return false
}

// labelled tells of fields in a row, as forms and forwards have them, of which
// one names an address; or of a line that announces words, with words below it.
func labelled(lower string) bool {
	row, address := 0, false
	lines := strings.Split(strings.ReplaceAll(lower, "：", ":"), "\n")
	for i, line := range lines {
		t := strings.Trim(strings.TrimSpace(line), "*>-_ ")
		if t == "" {
			continue
		}
		label, value, ok := strings.Cut(t, ":")
		if !ok || len([]rune(label)) > 30 || strings.HasPrefix(value, "//") {
			row, address = 0, false
		} else if row++; strings.Contains(value, "@") || address {
			if address = true; row >= 3 {
				return true
			}
		}
		if strings.HasSuffix(t, ":") && len(strings.Fields(t)) <= 10 && announces(lines[i+1:], len(strings.Fields(t)) <= 4) {
			return true
		}
	}
	return false
}

// announces tells whether the next text is prose that is no instruction of the
// machine's own.
func announces(rest []string, label bool) bool {
	for _, line := range rest {
		t := strings.TrimSpace(line)
		if t == "" {
			continue
		}
		words := len(strings.Fields(t))
		for _, r := range t {
			if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) {
				words = max(words, len([]rune(t))/2)
				break
			}
		}
		if label && words >= 8 && !strings.Contains(t, "http") && !anyCode(t) && !halves.MatchString(t) && !anyOf(t, language.VerificationPhrase) {
			return true
		}
		return words >= 5 && !strings.Contains(t, "http") && (strings.ContainsAny(t, "?？") || !anyOf(t, aboutCodes...))
	}
	return false
}

// aboutCodes are what such mail is about.
var aboutCodes = []language.Heading{language.CodeStem, language.CodeWord, language.InviteStem}
