package reply

import (
	"context"
	"io"
	"time"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/store"
)

// Service carries agents' mails out. All fields are needed but Wake and Encoder.
type Service struct {
	Store    *store.Store
	Blobs    store.Blobs
	Settings func(context.Context) (*desk.Settings, error)
	Keys     *replyaddr.Keyring
	Articles func(context.Context) (Articles, error)
	// Encoder helps to tell a jotting from an answer; nil: its small words must do.
	Encoder commands.Encoder
	// Wake tells the sender that these outbox items are there; nil: the sweep finds them.
	Wake   func(ctx context.Context, outboxIDs []string)
	Now    func() time.Time
	Random io.Reader
}

// Articles is the knowledge base as far as an answer needs it; *kb.Index is one.
type Articles interface {
	Article(id string) (article.Article, bool)
}

// mailOf reads the mail of a record.
func (s *Service) mailOf(ctx context.Context, in desk.Inbound) (*email.Mail, error) {
	raw, err := s.Blobs.Get(ctx, in.Raw)
	if err != nil {
		return nil, err
	}
	return email.Read(raw, in.MailFrom), nil
}
