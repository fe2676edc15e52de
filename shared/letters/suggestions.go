package letters

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/langid"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/language"
)

// Bounds of what is offered.
const (
	shownPast     = 2   // answers of colleagues
	maxShownPast  = 900 // characters of each
	maxShownTitle = 120
	maxShownDraft = 3 << 10 // bytes

	leastShownLine = 80 // characters of a line from which it is shown in part
)

// articles offers the knowledge base's best, and what colleagues answered.
func (n *notification) articles() (out []page.Block) {
	language := ""
	if n.msg.Kind == desk.KindCustomer && len(n.more.Suggestions) > 0 {
		language = langid.Of(n.msg.Text)
	}
	first := true
	for i, s := range n.more.Suggestions {
		out = append(out, n.offer(i+1, s, language, first))
		first = first && s.Internal
	}
	out = append(out, n.draft()...)
	var past []page.Block
	for _, p := range n.more.Past[:min(shownPast, len(n.more.Past))] {
		text, _ := cutText(p.Text, maxShownPast)
		past = append(past, page.Quote{Who: "A colleague", When: pastWhen(p), Text: text})
	}
	if len(past) > 0 {
		out = append(out, page.Heading{Level: 2, Text: pastAnswers})
		out = append(out, past...)
		out = append(out, page.Paragraph{Text: "You see them because no article seems to fit. Names, numbers and amounts are taken out. Copy what is right into your own answer."})
	}
	return out
}

// offer is one ready answer: what it is, what speaks for it, its text, and a
// button that sends it. language is the mail's; likely is the first that can be sent.
func (n *notification) offer(number int, s desk.Suggestion, language string, likely bool) page.Block {
	part, more := shownPart(s)
	p := page.Panel{Title: fmt.Sprintf("Answer %d: %s", number, page.Excerpt(s.Title, maxShownTitle)), Text: part, Why: whyOffered(s, language)}
	if d := page.Excerpt(s.Department, maxShownTitle); d != "" {
		p.Why += " Department: " + d + "."
	}
	if more > 0 {
		p.More = append(p.More, fmt.Sprintf("And %s: #show %d mails you all of it.", page.Count(more, "more line", "more lines"), number))
	}
	switch {
	case s.Internal:
		p.More = append(p.More, "It is"+strings.TrimPrefix(teamOnly, ",")+", and is never sent.")
	case n.conv.Customer.Address != "":
		p.Buttons = []page.Button{{Likely: likely, Label: fmt.Sprintf("Send answer %d to %s", number, n.customer()), Say: fmt.Sprintf("To send it, reply with #send %d", number),
			URL: mailto(n.address, fmt.Sprintf("Send answer %d to %s [%s]", number, n.customer(), n.conv.ID.Reference()), fmt.Sprintf("#send %d", number))}}
	}
	return p
}

// found is an article that the agent looked for: how well it fits the customer's mail was
// not asked.
func (n *notification) found(number int, s desk.Suggestion, likely bool) page.Block {
	p, _ := n.offer(number, s, "", likely).(page.Panel)
	p.Title = fmt.Sprintf("%d. %s", number, page.Excerpt(s.Title, maxShownTitle))
	p.Why = "Its name is " + page.Excerpt(s.Article, maxShownTitle) + "."
	if s.Because != "" {
		p.Why = "It has the words " + page.Excerpt(s.Because, maxShownTitle) + ". " + p.Why
	}
	return p
}

// sendWith stands in every mail that offers something to be sent.
const sendWith = "to send it, reply with #send"

// shownPart gives what is shown of an article, and how many more lines would be
// sent, the empty ones not counted.
func shownPart(s desk.Suggestion) (shown string, more int) {
	part := s.Passage
	if utf8.RuneCountInString(s.Reply) <= maxShownPassage && s.Reply != "" {
		part = s.Reply
	}
	var lines []string
	whole, left, gap := 0, maxShownPassage, false
	for l := range strings.SplitSeq(part, "\n") {
		l = shownLine(l)
		if l == "" {
			gap = len(lines) > 0
			continue
		}
		size := utf8.RuneCountInString(l)
		if size > left && left <= leastShownLine {
			break
		}
		if gap {
			lines, gap = append(lines, ""), false
		}
		if size > left {
			lines = append(lines, page.Excerpt(l, left))
			break
		}
		lines, whole, left = append(lines, l), whole+1, left-size
	}
	all := 0
	for l := range strings.SplitSeq(s.Reply, "\n") {
		if shownLine(l) != "" {
			all++
		}
	}
	return strings.Join(lines, "\n"), max(0, all-whole)
}

// shownLine is a line with its indentation; "" is an empty one.
func shownLine(l string) string {
	s := page.OneLine(l)
	if s == "" {
		return ""
	}
	return strings.Repeat(" ", min(8, len(l)-len(strings.TrimLeft(l, " ")))) + s
}

// otherLanguage names the article's language where that is another one than the
// mail's; "" where it is the same, or where that cannot be told.
func otherLanguage(s desk.Suggestion, mail string) string {
	if mail == "" {
		return ""
	}
	article := s.Language
	if article == "" {
		article = langid.Of(s.Reply)
	}
	if l := language.For(article); article != "" && l != nil && l.Code != mail {
		return l.Name
	}
	return ""
}

const (
	readyAnswers = "Ready answers that may fit"
	pastAnswers  = "What colleagues answered to mails like this"
	draftHeading = "A draft, not sent. Check it."
)

// draft shows what a model wrote of the articles above. It says what it is before
// anything else, and below it which sentence rests on which article. No mark of
// that stands in the text: it would leave with what is copied.
func (n *notification) draft() []page.Block {
	d := n.more.DraftAnswer
	if d == nil || len(d.Cites) == 0 {
		return nil
	}
	text, said := uncited(d.Text)
	var rests []string
	for _, c := range d.Cites {
		var sentences []string
		for _, s := range said[c.Number] {
			sentences = append(sentences, "“"+page.Excerpt(s, 50)+"”")
		}
		rests = append(rests, fmt.Sprintf("Answer %d, %s: %s", c.Number, page.Excerpt(c.Title, maxShownTitle), strings.Join(sentences, ", ")))
	}
	text, _ = cutText(text, maxShownDraft)
	return []page.Block{page.Heading{Level: 2, Text: draftHeading},
		page.Quote{Who: "Written by a language model from these articles", Text: text},
		page.Paragraph{Text: "Which article each part comes from, as the model says:"}, page.Bullets{Items: rests},
		page.Paragraph{Text: "Nobody has read it yet. To use it, copy what is right into your answer."}}
}

var (
	cited       = regexp.MustCompile(`\s*\[(\d{1,4})\]`)
	sentenceEnd = regexp.MustCompile(`[.!?…]["”)]*\s+|\n`)
)

// uncited takes the numbers in brackets out of a draft, and tells which sentences
// they stood at.
func uncited(draft string) (text string, said map[int][]string) {
	said = map[int][]string{}
	var b strings.Builder
	type mark struct{ number, at int }
	var marks []mark
	from := 0
	for _, m := range cited.FindAllStringSubmatchIndex(draft, -1) {
		b.WriteString(draft[from:m[0]])
		n, _ := strconv.Atoi(draft[m[2]:m[3]])
		marks, from = append(marks, mark{n, b.Len()}), m[1]
	}
	b.WriteString(draft[from:])
	text = b.String()
	for _, m := range marks {
		end := len(strings.TrimRight(text[:m.at], " \n.!?…\"”)"))
		start := 0
		if ends := sentenceEnd.FindAllStringIndex(text[:end], -1); len(ends) > 0 {
			start = ends[len(ends)-1][1]
		}
		if next := sentenceEnd.FindStringIndex(text[end:]); next != nil {
			end += next[0] + len(strings.TrimRight(text[end+next[0]:end+next[1]], " \n"))
		} else {
			end = len(text)
		}
		if s := strings.TrimSpace(text[start:end]); s != "" && !slices.Contains(said[m.number], s) {
			said[m.number] = append(said[m.number], s)
		}
	}
	return strings.TrimSpace(text), said
}

// sendable are the numbers by which #send sends something.
func (n *notification) sendable() (out []string) {
	for i, s := range n.more.Suggestions {
		if !s.Internal {
			out = append(out, fmt.Sprintf("#send %d", i+1))
		}
	}
	return out
}

// whyOffered says in a line how well an article fits, and what speaks for that.
func whyOffered(s desk.Suggestion, mail string) string {
	fits := map[string]string{"very likely": "Fits well", "likely": "Likely", "possible": "Less likely"}[kb.InWords(s.Score)]
	if name := otherLanguage(s, mail); name != "" {
		fits += ", but in " + name
	}
	used := "sent for "
	if s.Internal {
		used = "used for "
	}
	switch {
	case s.Alike > 0 && s.AlikeOf == 1:
		return fits + ": " + used + "the one such mail before."
	case s.Alike > 0 && s.Alike == s.AlikeOf:
		return fits + ": " + used + fmt.Sprintf("all of %d such mails.", s.AlikeOf)
	case s.Alike > 0:
		return fits + ": " + used + fmt.Sprintf("%d of %d such mails.", s.Alike, s.AlikeOf)
	case s.Because != "":
		words := strings.Split(s.Because, ", ")
		for i, w := range words {
			words[i] = "“" + page.Excerpt(w, 30) + "”"
		}
		return fits + ": the mail says " + strings.Join(words, ", ") + "."
	}
	return fits + "."
}

// pastWhen says when a colleague answered so, and how often.
func pastWhen(p desk.PastAnswer) string {
	month := time.Unix(int64(p.Day)*24*60*60, 0).UTC().Format("January 2006")
	if p.Times > 1 {
		return fmt.Sprintf("%d times, last in %s", p.Times, month)
	}
	return month
}
