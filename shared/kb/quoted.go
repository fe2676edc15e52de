package kb

import (
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/kb/terms"
)

// Quote is an article whose text stands in an answer.
type Quote struct {
	Article string
	Whole   bool // all of it, as it is; else a good part, or with changes
}

const (
	wholeFrom   = 0.92 // share of an article's shingles in the answer: sent as it is
	changedFrom = 0.35 // sent changed
	longPassage = 12   // words of a paragraph that tells, when all of it is there
	mostQuoted  = 10   // articles compared, those whose words the answer has most of
)

// Quoted finds the articles whose text an answer holds, those first that it
// holds most of. The ids in offered are compared in any case. Articles that are
// for the team only count as well: whoever retells one has used it.
func (x *Index) Quoted(answer string, offered []string) []Quote {
	has := terms.Shingles(answer)
	if len(has) == 0 || x.Len() == 0 {
		return nil
	}
	order := x.main.Sharing(answer, mostQuoted)
	for _, id := range offered {
		for _, i := range x.main.Places([]string{id}) {
			if !slices.Contains(order, i) {
				order = append(order, i)
			}
		}
	}
	type compared struct {
		id       string
		all      map[string]int
		passages []map[string]int // the long ones
	}
	left := make([]compared, len(order))
	for k, i := range order {
		a := x.main.Articles()[i]
		text := a.MailText()
		left[k] = compared{id: a.ID, all: terms.Shingles(text)}
		for _, p := range strings.Split(text, "\n\n") {
			if len(terms.Split(p)) >= longPassage {
				left[k].passages = append(left[k].passages, terms.Shingles(p))
			}
		}
	}
	var out []Quote
	for len(left) > 0 {
		top, at := 0.0, -1
		for k, c := range left {
			share := terms.Contained(c.all, has)
			for _, p := range c.passages {
				if share < changedFrom && terms.Contained(p, has) >= wholeFrom {
					share = changedFrom
				}
			}
			if share > top {
				top, at = share, k
			}
		}
		if top < changedFrom {
			break
		}
		out = append(out, Quote{left[at].id, top >= wholeFrom})
		// What articles share (a greeting, a legal notice) speaks for one of them only.
		for s := range left[at].all {
			if has[s] > 0 {
				has[s] = terms.Explained
			}
		}
		left = slices.Delete(left, at, at+1)
	}
	return out
}
