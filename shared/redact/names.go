package redact

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	nameWord = `\p{Lu}[\p{L}'’-]{1,40}`
	nameTail = `(?: (?:(?:van|von|de|der|den|del|di|da|dos|le|la|al|bin|zu)\.? ){0,2}` + nameWord + `){0,2}`
)

var (
	titled = regexp.MustCompile(`(^|[^\p{L}])(Mr|Mrs|Ms|Mx|Miss|Dr|Prof|Herrn?|Frau|Fr|Monsieur|Madame|Mademoiselle|Mme|Mlle|Señora?|Señorita|Sra?|Srta|Don|Doña|Signora?|Sig|Sig\.ra|Senhora?|Sr|Dhr|Mevr|Mevrouw|Meneer|Pan|Pana|Panu|Panem|Pani|Panią|Herr|Fru|Fröken|Hr|Pane|Paní|Bay|Bayan|Sayın|Господин|Госпожа|г-н|г-жа)\.?((?: (?:Dr|Prof|Ing)\.?){0,2}) ` + nameWord + nameTail)
	// I say who I am: in my own words a name follows.
	selfNamed = regexp.MustCompile(`((?i:\bI am|\bI’m|\bI'm|\bmy name is|\bthis is|\bich bin|\bich heiße|\bmein Name ist|\bje suis|\bje m'appelle|\bje m’appelle|\bmon nom est|\bme llamo|\bmi nombre es|\bsoy|\bmi chiamo|\bsono|\bo meu nome é|\bchamo-me|\bmijn naam is|\bik ben|\bnazywam się|\bmam na imię|\bjag heter|\bmitt namn är|\bjeg hedder|\bjeg heter|\bmit navn er|\bnimeni on|\bjmenuji se|\badım)) ` + nameWord + nameTail)
	honorific = regexp.MustCompile(`([\p{Han}\p{Katakana}]{1,8})(様|さま|さん|氏)|([\p{Hangul}]{2,4})(님|씨)`)
	// handle is a name on a social network; a path behind it makes it a program's.
	handle = regexp.MustCompile(`(?:^|[^\p{L}\p{N}_./@])@[A-Za-z_](?:[\w.]{0,28}\w)?\b/?`)
)

// everybody are words with an honorific that name nobody.
var everybody = set(`お客 お客様 皆 奥 神 王 何 貴社 御社 担当者 ご担当者 係 고객 회원 선생 여러분 사장`)

// takeNames takes the known names, and those that stand where names do.
func takeNames(text string, names []string) string {
	text = takeKnown(text, names)
	text = handle.ReplaceAllStringFunc(text, func(s string) string {
		before, _, _ := strings.Cut(s, "@")
		if strings.HasSuffix(s, "/") {
			return s
		}
		return before + "[name]"
	})
	text = titled.ReplaceAllString(text, "$1$2$3 [name]")
	text = selfNamed.ReplaceAllString(text, "$1 [name]")
	text = honorific.ReplaceAllStringFunc(text, func(s string) string {
		m := honorific.FindStringSubmatch(s)
		name, title := m[1]+m[3], m[2]+m[4]
		if everybody[name] || strings.HasSuffix(name, "客") || strings.HasSuffix(name, "皆") {
			return s
		}
		return "[name]" + title
	})
	lines := strings.Split(text, "\n")
	closed := false
	for i, l := range lines {
		t := strings.TrimSpace(l)
		if i == 0 || strings.TrimSpace(lines[i-1]) == "" {
			lines[i] = greeted(l)
		}
		if closed && t != "" && t != "[name]" && len(strings.Fields(t)) <= 4 {
			lines[i] = "[name]"
		}
		if t != "" {
			closed = closes(t)
		}
	}
	return strings.Join(lines, "\n")
}

// namesIn gives the names that a text says its writer has.
func namesIn(text string) (out []string) {
	for _, m := range selfNamed.FindAllString(text, 10) {
		for i, r := range m {
			if unicode.IsUpper(r) && i > 0 {
				out = append(out, strings.TrimPrefix(m[i:], "Name ist "))
				break
			}
		}
	}
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if closes(strings.TrimSpace(l)) {
			for _, next := range lines[i+1:] {
				if n := strings.TrimSpace(next); n != "" {
					if len(strings.Fields(n)) <= 4 && !strings.ContainsAny(n, ".?!:;") {
						out = append(out, n)
					}
					break
				}
			}
		}
		if words, n, ok := strings.Cut(l, ","); ok && closes(words) && len(strings.Fields(n)) <= 3 {
			out = append(out, strings.TrimSpace(n))
		}
	}
	return out
}

// greeted takes the name out of "Hi Erika," and "Sehr geehrte Frau Muster,".
func greeted(line string) string {
	ws := strings.Fields(line)
	if len(ws) < 2 || len(ws) > 7 {
		return line
	}
	n := 0
	for n < len(ws) && greetings[strings.ToLower(strings.Trim(ws[n], ",.!"))] && !strings.HasSuffix(ws[n], ",") {
		n++
	}
	rest := ws[n:]
	if n == 0 || len(rest) == 0 || len(rest) > 4 {
		return line
	}
	last := rest[len(rest)-1]
	end := ""
	if r, _ := utf8.DecodeLastRuneInString(last); strings.ContainsRune(",!.:，、", r) {
		end = string(r)
	}
	if end == "" && !capital(rest[0]) {
		return line
	}
	if allStop(rest) {
		return line
	}
	return strings.Join(ws[:n], " ") + " [name]" + end
}

// allStop: "Hi there," greets nobody by name.
func allStop(ws []string) bool {
	for _, w := range ws {
		switch strings.ToLower(strings.Trim(w, ",.!:")) {
		case "there", "all", "everyone", "everybody", "team", "again", "zusammen", "à", "tous", "a", "todos", "tutti", "sir", "madam", "or", "damen", "und", "herren", "madame", "monsieur":
		default:
			return false
		}
	}
	return true
}

func capital(w string) bool {
	r, _ := utf8.DecodeRuneInString(w)
	return unicode.IsUpper(r) || unicode.IsLetter(r) && !unicode.IsLower(r)
}

var greetings = set("hi hello hey dear good morning afternoon evening hallo guten tag morgen abend liebe lieber liebes sehr geehrte geehrter geehrtes bonjour bonsoir salut cher chère hola buenos días buenas tardes estimado estimada querida querido ciao buongiorno buonasera salve gentile caro cara egregio olá ola bom dia boa tarde prezado prezada caro greetings moin servus grüezi beste geachte goedemorgen goedemiddag dag hej hei kära bästa kjære kære hyvä moi szanowny szanowna szanowni witam dzień dobry cześć dobrý den vážený vážená milý milá merhaba sayın sevgili günaydın здравствуйте уважаемый уважаемая привет")

// closes tells whether a line is the words that end a letter.
func closes(line string) bool {
	ws := strings.FieldsFunc(strings.ToLower(line), func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '’' })
	if len(ws) == 0 || len(ws) > 6 {
		return false
	}
	if len(ws) <= 4 {
		for _, w := range ws[:min(2, len(ws))] {
			if closings[w] {
				return true
			}
		}
	}
	all := strings.Join(ws, " ")
	for _, p := range closingPhrases {
		if strings.HasPrefix(all, p) {
			return true
		}
	}
	return false
}

var closings = set("regards cheers sincerely thanks thank thx greetings wishes best yours faithfully cordially gruß grüße grüßen gruss grüsse mfg lg vg cordialement cdlt saludos atentamente saluti cordialmente abraços cumprimentos atenciosamente groeten groet mvg pozdrawiam pozdrowienia hälsningar hälsning mvh hilsen hilsner vh terveisin terv pozdravem zdravím saygılarımla sevgiler")

var closingPhrases = []string{"mit freundlichen", "mit besten", "mit herzlichen", "viele grüße", "liebe grüße", "beste grüße", "herzliche grüße", "freundliche grüße", "bien à vous", "bien cordialement", "meilleures salutations",
	"un saludo", "un cordial saludo", "distinti saluti", "cordiali saluti", "com os melhores", "melhores cumprimentos", "met vriendelijke", "z poważaniem", "z wyrazami", "med vänlig", "vänliga hälsningar", "med venlig", "venlig hilsen", "med vennlig", "vennlig hilsen",
	"ystävällisin terveisin", "s pozdravem", "s úctou", "с уважением", "よろしくお願い", "敬具", "all the best", "many thanks", "kind regards", "best regards"}

// leastPart is how many letters a part of a name has that is looked for alone.
const leastPart = 3

// takeKnown takes the given people's names, each part of them: written with a
// capital, in the cases of languages that have them; without one where the text
// has no capitals or two parts stand together.
func takeKnown(text string, names []string) string {
	parts := map[string]bool{}
	for _, n := range names {
		for _, p := range strings.FieldsFunc(strings.ReplaceAll(n, "’", "'"), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '\'' }) {
			p = strings.ToLower(strings.Trim(p, "'"))
			if r, _ := utf8.DecodeRuneInString(p); unspaced(r) && utf8.RuneCountInString(p) >= 2 {
				text = strings.ReplaceAll(text, p, "[name]")
			} else if utf8.RuneCountInString(p) >= leastPart && !particle[p] {
				parts[p] = true
			}
		}
	}
	if len(parts) == 0 {
		return text
	}
	small := strings.ToLower(text) == text
	type span struct {
		from, to int
		capital  bool
	}
	var found []span
	for _, at := range nameLike.FindAllStringIndex(text, -1) {
		w := text[at[0]:at[1]]
		if inflected(parts, strings.ToLower(strings.ReplaceAll(w, "’", "'"))) {
			found = append(found, span{at[0], at[1], capital(w)})
		}
	}
	var b strings.Builder
	last := 0
	for i, f := range found {
		beside := i > 0 && strings.TrimLeft(text[found[i-1].to:f.from], " -") == "" || i+1 < len(found) && strings.TrimLeft(text[f.to:found[i+1].from], " -") == ""
		if !f.capital && !small && !beside {
			continue
		}
		end := f.to
		if w := text[f.from:f.to]; strings.HasSuffix(w, "'s") || strings.HasSuffix(w, "’s") || strings.HasSuffix(w, "'S") {
			end -= len("s")
			end -= len(w[:len(w)-1]) - len(strings.TrimRight(w[:len(w)-1], "'’"))
		}
		b.WriteString(text[last:f.from] + "[name]")
		last = end
	}
	return b.String() + text[last:]
}

// nameLike is a word, with an apostrophe inside.
var nameLike = regexp.MustCompile(`\p{L}[\p{L}\p{M}]*(?:['’][\p{L}\p{M}]+)?`)

var particle = set("van von der den del des die das las los the and und bin abu dos")

// inflected tells whether a word is one of the parts, or one with an ending that
// some language puts on names.
func inflected(parts map[string]bool, w string) bool {
	if parts[w] {
		return true
	}
	if i := strings.IndexByte(w, '\''); i > 0 && parts[w[:i]] {
		return true // Erika's, Ayşe'nin
	}
	for p := range parts { // Virtanen, Virtasen, Virtaselle
		if stem, ok := strings.CutSuffix(p, "nen"); ok && strings.HasPrefix(w, stem+"s") && len(w) <= len(p)+4 {
			return true
		}
	}
	for _, end := range endings {
		if stem, ok := strings.CutSuffix(w, end); ok && utf8.RuneCountInString(stem) >= leastPart && (parts[stem] || utf8.RuneCountInString(stem) >= 4 && (parts[stem+"a"] || parts[stem+"а"] || parts[stem+"я"])) {
			return true
		}
	}
	return false
}

// endings: genitives and other cases, of German, Polish, Czech, Russian, Finnish.
var endings = []string{"s", "es", "n", "en", "a", "u", "em", "owi", "ovi", "iego", "iemu", "im", "om", "ie", "y", "ę", "ą", "m", "go", "mu", "ou", "ě", "om", "ego", "emu", "ej", "а", "у", "ом", "е", "ой", "ы", "и", "ю", "ем", "ым", "lle", "lta", "lla", "nin"}

func unspaced(r rune) bool {
	return unicode.Is(unicode.Han, r) || unicode.Is(unicode.Hiragana, r) || unicode.Is(unicode.Katakana, r) || unicode.Is(unicode.Hangul, r)
}
