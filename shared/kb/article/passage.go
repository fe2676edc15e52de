package article

import (
	"strings"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/kb/terms"
	"github.com/yuin/goldmark/ast"
)

// shownWhole is how many characters an article may have to be shown whole: who
// sends it sees then all that is sent.
const shownWhole = 600

// articleWords of an article's text count.
const MostWords = 4000

// Passage is the part of an article that shares most with the mail, of those that
// can be read by themselves; all of it where it is short.
func Passage(a Article, weights map[string]float64) string {
	if text := a.MailText(); utf8.RuneCountInString(text) <= shownWhole {
		return text
	}
	best, bestScore := "", -1.0
	for _, p := range a.parts() {
		score := 0.0
		counted := map[string]bool{}
		for _, w := range terms.Words(p, MostWords) {
			if !counted[w.Stem] {
				counted[w.Stem] = true
				score += weights[w.Stem]
			}
		}
		if score > bestScore+1e-9 {
			best, bestScore = p, score
		}
	}
	return best
}

// parts takes what is sent of an article apart into what can be read by itself: a
// paragraph, a list, a table. What leads in to the next part ("Do this:"), and a
// heading, stand with it.
func (a Article) parts() (out []string) {
	source := a.Reply
	if source == "" {
		source = a.Body
	}
	root, b := tree(source)
	leads := false
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		w := &mailWriter{source: b}
		w.block(n, "")
		text := strings.Trim(w.out.String(), "\n")
		if strings.TrimSpace(text) == "" {
			continue
		}
		_, heading := n.(*ast.Heading)
		if leads {
			out[len(out)-1] += "\n\n" + text
		} else {
			out = append(out, text)
		}
		leads = heading || strings.HasSuffix(text, ":") || strings.HasSuffix(text, "：")
	}
	return out
}
