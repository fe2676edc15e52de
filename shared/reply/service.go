package reply

import (
	"context"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/visible"
	"github.com/replywell/replywell/shared/home"
	"github.com/replywell/replywell/shared/kb/article"
)

// Service carries agents' mails out. All fields are needed but Wake and Encoder.
type Service struct {
	*home.Home
	Articles func(context.Context) (Articles, error)
	// Encoder helps to tell a jotting from an answer; nil: its small words must do.
	Encoder commands.Encoder
}

// Articles is the knowledge base as far as an answer needs it; *kb.Index is one.
type Articles interface {
	Article(id string) (article.Article, bool)
}

// searched is a knowledge base in which words can be looked for, and templated one that
// has templates; *index.Knowledge is both. Without them nothing is found.
type (
	searched interface {
		Search(words string, most int) []desk.Suggestion
		Articles() []article.Article
	}
	templated interface {
		Templates(context.Context) ([]article.Article, error)
	}
)

// mailOf reads the mail of a record.
func (s *Service) mailOf(ctx context.Context, in desk.Inbound) (*email.Mail, error) {
	raw, err := s.Blobs.Get(ctx, in.Raw)
	if err != nil {
		return nil, err
	}
	mail := email.Read(raw, in.MailFrom)
	if in.Said != "" {
		return ordering(mail, in.Said), nil
	}
	return mail, nil
}

// ordering is a mail of the agent's that says no more than an order: the reply to one
// of many, of which the agent's own mail says a number. Of that mail no word goes to
// a customer, nor does its id lead to one conversation.
func ordering(mail *email.Mail, order string) *email.Mail {
	m := message.Message{From: mail.From, Subject: mail.Subject, Date: mail.Date}
	return &email.Mail{Message: &m, Visible: visible.Parts{Visible: order}}
}
