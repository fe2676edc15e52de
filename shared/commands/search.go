package commands

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
)

// kb mails the articles that fit words best. Each has a number, by which a reply to
// that mail sends it.
var kb = Command{
	Name: desk.CommandKB, Also: []string{"knowledge", "articles"}, Maybe: []string{"search", "faq", "wiki", "docs", "lookup"}, Alone: true,
	Help:  []Line{{"#kb lamp flickers", "mails you the articles that fit these words, each with a number that sends it"}},
	Read:  func(behind string) (string, string) { return wordsBehind("#kb", "lamp flickers", behind) },
	Needs: func(_ Facts, c desk.Command) Needs { return Needs{Search: c.Word} },
	Decide: func(f Facts, c desk.Command, p Plan) (Plan, error) {
		p.Page = f.articles("kb", fmt.Sprintf("Articles for “%s”", shortened(c.Word)), "")
		return p, nil
	},
}

// article mails one article, by its number in the mail that is answered, by its name or
// its title. What is none is looked for.
var article = Command{
	Name: desk.CommandArticle, Alone: true,
	Help:  []Line{{"#article 2", "mails you all of an article, by its number in the mail that you answer, its name or its title"}},
	Read:  func(behind string) (string, string) { return wordsBehind("#article", "2", behind) },
	Needs: func(_ Facts, c desk.Command) Needs { return Needs{Whole: c.Word, Search: c.Word} },
	Decide: func(f Facts, c desk.Command, p Plan) (Plan, error) {
		if f.Whole == nil {
			p.Page = f.articles("article", fmt.Sprintf("No article is called “%s”", shortened(c.Word)), "These fit the words best. ")
			return p, nil
		}
		p.Page = &Page{What: "article", ReadyAnswer: f.Whole, Number: 1, Offers: []string{f.Whole.Article}}
		return p, nil
	},
}

// articles is the mail that lists what was found.
func (f Facts) articles(what, title, why string) *Page {
	p := &Page{What: what, Title: title, Why: why + "From the knowledge base, by your words. Nothing was sent or changed.", Articles: f.Found}
	if len(f.Found) == 0 {
		p.Why = "Nothing in the knowledge base has these words. Nothing was sent or changed."
	}
	for _, s := range f.Found {
		p.Offers = append(p.Offers, s.Article)
	}
	return p
}

// find mails which conversations fit words.
var find = Command{
	Name: desk.CommandFind, Maybe: []string{"search", "query", "grep"}, Alone: true,
	Help:  []Line{{"#find otto lamp", "mails you the conversations in which these words stand, each with a number that brings its mail"}},
	Read:  func(behind string) (string, string) { return wordsBehind("#find", "otto lamp", behind) },
	Needs: func(_ Facts, c desk.Command) Needs { return Needs{Find: c.Word} },
	Decide: func(f Facts, c desk.Command, p Plan) (Plan, error) {
		p.Page = &Page{What: "find", Title: page.Count(len(f.Hits), "conversation", "conversations") + fmt.Sprintf(" for “%s”", shortened(c.Word)), Hits: f.Hits}
		looked := "Looked at: who wrote, the subject, topic and tags, the first and the last message of " + page.Count(f.Searched, "conversation", "conversations") + " of your mailboxes, the latest. Nothing was sent or changed."
		if len(f.Hits) == 0 {
			p.Page.Title = fmt.Sprintf("Nothing was found for “%s”", shortened(c.Word))
			looked += " The address of a customer finds older ones too."
		} else if !f.Hits[0].All {
			looked = "None has all of the words; these have most of them. " + looked
		}
		p.Page.Why = looked
		return p, nil
	},
}

// mostWordsBehind bounds what is looked for, in bytes.
const mostWordsBehind = 200

// wordsBehind reads words that something is looked for by.
func wordsBehind(name, like, behind string) (word, missing string) {
	word = strings.Join(strings.Fields(strings.Trim(behind, " .:;,!?\"'“”„«»")), " ")
	for _, after := range []string{" please", " pls", " bitte"} {
		if n := len(word) - len(after); n > 0 && strings.EqualFold(word[n:], after) {
			word = word[:n]
		}
	}
	switch {
	case !strings.ContainsFunc(word, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }):
		return "", name + " needs words, like " + name + " " + like
	case len(word) > mostWordsBehind:
		return "", name + " needs a few words, and this is a text"
	}
	return word, ""
}

// practice begins a conversation with a made-up customer.
var practice = Command{
	Name: desk.CommandPractice, Also: []string{"practise"}, Maybe: []string{"training", "tutorial", "exercise", "tryout", "demo", "sandbox"}, Alone: true,
	Help: []Line{{"#practice", "begins a practice conversation with a made-up customer; nothing of it reaches anybody else"}},
	Read: func(behind string) (string, string) {
		return nothingBehind("#practice", behind, "please", "again", "now")
	},
	Decide: func(_ Facts, _ desk.Command, p Plan) (Plan, error) { p.Practice = true; return p, nil },
}
