package kb

import (
	"github.com/replywell/replywell/shared/kb/encoders"

	"github.com/replywell/replywell/shared/kb/article"
)

// Model is the model that the program ranks with.
func Model() Embedder { return encoders.Model() }

// withModel is an index for a team without a history, as programs that rank build it.
func withModel(articles []article.Article) *Index { return Build(articles, nil, Model()) }
