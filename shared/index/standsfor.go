package index

import (
	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/redact"
)

// bygone is a pair as it is kept, redacted.
type bygone struct {
	ID      string `json:"i"` // of Pair
	Day     int    `json:"d"` // on which it was answered, counted from 1970; 0: unknown
	Taken   int    `json:"x"` // on which it was taken in
	Subject string `json:"s,omitempty"`
	Text    string `json:"t"`
	Told    string `json:"h"`
}

// match is what an answer stands for. Maybe: it may be an article, or not.
type match struct {
	Sent  []string `json:"a,omitempty"`
	Maybe bool     `json:"m,omitempty"`
}

// standsFor tells of imported answers which articles they stand for.
//
// An answer that holds an article's text stands for it, as an agent's answer does
// today. Of one in other words there are two witnesses: the article that the answer is
// most like, and the one that the customer's words ask for. Where they agree, and are
// likely enough, it stands for that one. Where neither finds any, it was answered by
// hand. In between nothing is concluded: the answer is shown to agents, and says
// nothing of how many mails no article fits.
//
// Witnesses take time, some milliseconds each. Of mails that need them the first so
// many get them, and done is false where there are more; those are in between.
func standsFor(articles []article.Article, mails []bygone, most int) (out []match, done []bool) {
	out, done = make([]match, len(mails)), make([]bool, len(mails))
	for i := range done {
		done[i] = true
	}
	if len(mails) == 0 || len(articles) == 0 {
		return out, done
	}
	// The answers are without personal data and figures, so the articles are to be as well.
	like := make([]article.Article, len(articles))
	for i, a := range articles {
		a.Body, a.Reply = redact.Everything(a.Body), redact.Everything(a.Reply)
		like[i] = a
	}
	x := kb.New(like)
	var asked, told []kb.Asked
	var open []int
	for i, m := range mails {
		for _, q := range x.Quoted(m.Told, nil) {
			out[i].Sent = append(out[i].Sent, q.Article)
		}
		if len(out[i].Sent) == 0 && len(open) == most {
			out[i].Maybe, done[i] = true, false
		} else if len(out[i].Sent) == 0 {
			open = append(open, i)
			asked = append(asked, kb.Asked{Subject: m.Subject, Text: m.Text})
			told = append(told, kb.Asked{Text: m.Told})
		}
	}
	question, answer := x.ScoreAll(asked, 1, false), x.ScoreAll(told, 1, false)
	for k, i := range open {
		q, a := first(question[k]), first(answer[k])
		switch {
		case q.Article == a.Article && a.Confidence >= kb.Likely && q.Confidence >= likelyAsked:
			out[i].Sent = []string{a.Article}
		default:
			out[i].Maybe = a.Confidence >= likelyAsked || q.Confidence >= kb.Likely
		}
	}
	return out, done
}

// witnessed is how many mails one build asks witnesses about; the next goes on.
const witnessed = 1500

// likelyAsked is from where on one witness is heard beside a likely one.
const likelyAsked = 0.3

func first(a kb.Scoring) kb.Scored {
	if len(a.Suggestions) == 0 {
		return kb.Scored{}
	}
	return a.Suggestions[0]
}
