package reply

import (
	"context"
	"fmt"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/kb/article"
)

// ready resolves the articles that were offered, each at its number.
func (s *Service) ready(ctx context.Context, offered []string) (out []commands.Ready, err error) {
	if len(offered) == 0 || s.Articles == nil {
		return nil, nil
	}
	articles, err := s.Articles(ctx)
	if err != nil {
		return nil, err
	}
	for _, id := range offered {
		a, ok := articles.Article(id)
		r := commands.Ready{Article: id, Missing: !ok}
		if ok {
			r = commands.Ready{Article: a.ID, Title: a.Title, Department: a.Department, Text: a.MailText(), HTML: a.MailHTML(),
				Notes: article.Article{Body: a.Notes}.MailText(), Unsendable: unsendable(a)}
		}
		out = append(out, r)
	}
	return out, nil
}

// unsendable says why an article is never sent; "" is sent.
func unsendable(a article.Article) string {
	switch {
	case a.Internal():
		return fmt.Sprintf("The article “%s” is for the team only; it is never sent to customers.", a.Title)
	case a.ShowsMark():
		return fmt.Sprintf("In what would be sent of the article “%s” stands the mark of an internal passage, so the customer might read what is for the team only. Whoever looks after the article finds the place with: replywell kb check", a.Title)
	}
	return ""
}

// offers are ready answers as a notification shows them, each at its number.
func offers(ready []commands.Ready, likely []float64) (out []desk.Suggestion) {
	for i, r := range ready {
		offer := desk.Suggestion{Article: r.Article, Title: r.Title, Passage: r.Text, Reply: r.Text, Internal: r.Unsendable != ""}
		if r.Missing {
			offer = desk.Suggestion{Article: r.Article, Title: "(not in the knowledge base any more)", Internal: true}
		}
		if i < len(likely) {
			offer.Score = likely[i]
		}
		out = append(out, offer)
	}
	return out
}
