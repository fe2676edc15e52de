package letters

import (
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/language"
)

// FileLink is a file of an answer that is too large to be mailed.
type FileLink struct {
	Name  string
	Size  int // bytes
	URL   string
	Until time.Time // the last day on which it leads to the file
}

// links say below the agent's words where the files are, in the language of these
// words, else in the mailbox's.
func (w Writer) links(files []FileLink, said string, mb desk.Mailbox) (out []page.Block) {
	words := language.For("en")
	for _, tag := range []string{said, mb.Language} {
		if l := language.For(tag); tag != "" && l != nil && l.Line(language.FilesUntil) != "" {
			words = l
			break
		}
	}
	for i, f := range files {
		if i == 0 {
			until := w.local(f.Until).Format(words.Line(language.QuoteDate))
			out = append(out, page.Paragraph{Text: strings.Replace(words.Line(language.FilesUntil), "$D", until, 1)})
		}
		out = append(out, page.Link{Text: page.Excerpt(fileName(f.Name), 100) + " (" + page.Size(int64(f.Size)) + ")", URL: f.URL})
	}
	return out
}
