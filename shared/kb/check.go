package kb

import (
	"fmt"
	"slices"
	"strings"
)

// Check looks at a whole set of articles that could each be read. Problems stop
// their use: two articles with one title, a link without a target, text that
// nobody could send. Hints do not: long sentences, an article too long to read in
// a mail. Both are sorted by article.
func Check(articles []Article) (problems, hints []string) {
	titles := map[string]string{}
	ids := map[string]bool{}
	for _, a := range articles {
		ids[a.ID] = true
	}
	for _, a := range articles {
		key := strings.ToLower(strings.Join(split(a.Title), " ")) + "\n" + a.Language
		if other, ok := titles[key]; ok {
			problems = append(problems, fmt.Sprintf("%s: has the title of %s, %q; an agent cannot tell them apart", a.ID, other, a.Title))
		} else {
			titles[key] = a.ID
		}
		for _, link := range mdLink.FindAllStringSubmatch(a.Body+"\n"+a.Reply, -1) {
			if p := badLink(a.ID, link[2], ids); p != "" {
				problems = append(problems, p)
			}
		}
		hints = append(hints, reading(a)...)
	}
	slices.Sort(problems)
	return problems, hints
}

// badLink says what is wrong with a link's target: a customer reads the article
// in a mail, where only whole addresses lead anywhere.
func badLink(id, target string, ids map[string]bool) string {
	switch {
	case strings.HasPrefix(target, "https://"), strings.HasPrefix(target, "http://"), strings.HasPrefix(target, "mailto:"), strings.HasPrefix(target, "tel:"):
		return ""
	case ids[strings.TrimSuffix(strings.TrimPrefix(target, "./"), ".md")]:
		return fmt.Sprintf("%s: links to the article %s; in a mail that leads nowhere: give the page's whole address, or say it in words", id, target)
	}
	return fmt.Sprintf("%s: the link to %q is not a whole address (https://…); in a mail it leads nowhere", id, target)
}

const (
	longSentence = 30  // words; plain-language guides say 15 to 20 on average
	longArticle  = 350 // words; longer is not read in a mail
)

func reading(a Article) (hints []string) {
	text := a.MailText()
	if n := len(split(text)); n > longArticle {
		hints = append(hints, fmt.Sprintf("%s: %d words; in a mail few read more than %d: give a shorter text as reply", a.ID, n, longArticle))
	}
	long := 0
	for _, s := range splitSentences(text) {
		if len(split(s)) > longSentence {
			long++
		}
	}
	if long > 0 {
		hints = append(hints, fmt.Sprintf("%s: %d sentences have more than %d words; shorter ones are understood at the first reading", a.ID, long, longSentence))
	}
	return hints
}
