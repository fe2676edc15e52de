package letters

import (
	"fmt"
	"strings"

	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/page"
)

const (
	shownGaps = 3   // topics that lack an article
	maxGap    = 400 // characters of a draft that are shown; all of it is attached
)

// gaps tells of topics that are answered by hand again and again, each with a
// draft of the article that is missing.
func (k Week) gaps() (blocks []page.Block, drafts []compose.Attachment) {
	for _, g := range k.Gaps[:min(shownGaps, len(k.Gaps))] {
		_, body, found := strings.Cut(strings.TrimPrefix(g.DraftArticle, "---\n"), "\n---\n")
		if !found {
			body = g.DraftArticle
		}
		of := fmt.Sprintf("%d mails in eight weeks were about “%s”, and each was answered by hand.", g.Mails, g.Called())
		if strings.TrimSpace(body) == "" {
			blocks = append(blocks, page.Paragraph{Text: of + ""})
			continue
		}
		name := fileOf(g.Called()) + ".md"
		blocks = append(blocks,
			page.Paragraph{Text: of + " The most typical answer, as a draft (" + name + "):"},
			page.Quote{Text: page.Excerpt(body, maxGap)})
		drafts = append(drafts, compose.Attachment{Filename: name, ContentType: "text/markdown", Content: []byte(g.DraftArticle), Size: len(g.DraftArticle)})
	}
	if len(blocks) > 0 {
		blocks = append([]page.Block{page.Heading{Level: 2, Text: "Articles that are missing"}}, blocks...)
	}
	if len(drafts) > 0 {
		blocks = append(blocks, page.Paragraph{Text: "Read a draft, make it right for everybody, put it among the articles: the next such mail has a ready answer. Nothing is published by itself."})
	}
	return blocks, drafts
}
