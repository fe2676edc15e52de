package letters

import (
	"fmt"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/kb"
)

// Bounds of what is offered.
const (
	shownPast     = 2   // answers of colleagues
	maxShownPast  = 900 // characters of each
	maxShownTitle = 120
	maxShownDraft = 3 << 10 // bytes
)

// articles offers the knowledge base's best, and what colleagues answered. Where
// nothing fits the section is not there: nobody has to read that.
func (n *notification) articles() (out []compose.Block) {
	var items []string
	for i, s := range n.more.Suggestions {
		lines := []string{compose.Excerpt(s.Title, maxShownTitle) + " (" + kb.InWords(s.Score) + ")"}
		if p := compose.Excerpt(s.Passage, maxShownPassage); p != "" {
			lines = append(lines, p)
		}
		if why := whyOffered(s); why != "" {
			lines = append(lines, "Why: "+why)
		}
		switch {
		case s.Internal:
			lines = append(lines, "It is"+strings.TrimPrefix(teamOnly, ",")+", and is never sent.")
		case n.conv.Customer.Address != "":
			lines = append(lines, fmt.Sprintf("#send %d", i+1)+sendsIt)
		}
		items = append(items, strings.Join(lines, "\n"))
	}
	if len(items) > 0 {
		out = append(out, compose.Heading{Level: 2, Text: readyAnswers}, compose.Numbered{Items: items})
	}
	out = append(out, n.draft()...)
	var past []compose.Block
	for _, p := range n.more.Past[:min(shownPast, len(n.more.Past))] {
		text, _ := cutText(p.Text, maxShownPast)
		past = append(past, compose.Quote{Who: "A colleague", When: pastWhen(p), Text: text})
	}
	if len(past) > 0 {
		out = append(out, compose.Heading{Level: 2, Text: pastAnswers})
		out = append(out, past...)
		out = append(out, compose.Paragraph{Text: "No article fits better. Names, numbers and amounts are taken out; copy what is right into your own answer."})
	}
	return out
}

const (
	readyAnswers = "Ready answers that may fit"
	pastAnswers  = "What colleagues answered to mails like this"
	draftHeading = "A draft, not sent. Check it."
)

// draft shows what a model wrote of the articles above. It says what it is before
// anything else, and which articles it rests on.
func (n *notification) draft() []compose.Block {
	d := n.more.Draft
	if d == nil || len(d.Cites) == 0 {
		return nil
	}
	var cites []string
	for _, c := range d.Cites {
		cites = append(cites, fmt.Sprintf("[%d] %s", c.Number, compose.Excerpt(c.Title, maxShownTitle)))
	}
	text, _ := cutText(d.Text, maxShownDraft)
	return []compose.Block{compose.Heading{Level: 2, Text: draftHeading},
		compose.Quote{Who: "Written by a language model from these articles", Text: text},
		compose.Paragraph{Text: "It rests on " + strings.Join(cites, ", ") + ". Nobody has read it yet. To use it, copy what is right into your answer, and leave the numbers in brackets out."}}
}

// sendable reports whether there is anything that #send could send.
func (n *notification) sendable() bool {
	for _, s := range n.more.Suggestions {
		if !s.Internal {
			return true
		}
	}
	return false
}

// whyOffered says in a line what speaks for an article.
func whyOffered(s desk.Suggestion) string {
	var parts []string
	if words := strings.Split(s.Because, ", "); s.Because != "" {
		for i, w := range words {
			words[i] = "“" + compose.Excerpt(w, 30) + "”"
		}
		parts = append(parts, "the mail says "+strings.Join(words, ", "))
	}
	used := "sent for "
	if s.Internal {
		used = "used for "
	}
	switch {
	case s.Alike > 0 && s.Alike == s.AlikeOf:
		parts = append(parts, used+times(s.Alike, "the one earlier mail that is like it", "all %d earlier mails that are most like it"))
	case s.Alike > 0:
		parts = append(parts, used+fmt.Sprintf("%d of the %d earlier mails that are most like it", s.Alike, s.AlikeOf))
	}
	return strings.Join(parts, "; ")
}

func times(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return fmt.Sprintf(many, n)
}

// pastWhen says when a colleague answered so, and how often.
func pastWhen(p desk.PastAnswer) string {
	month := time.Unix(int64(p.Day)*24*60*60, 0).UTC().Format("January 2006")
	if p.Times > 1 {
		return fmt.Sprintf("%d times, last in %s", p.Times, month)
	}
	return month
}
