package letters

import (
	"net/http"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/message"
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

// passedOn is a stranger's file as it is sent to an agent. A picture may be
// shown; everything else is there to be saved. What mail programs and browsers
// would run as a page (HTML, SVG, XML) comes as a file of no kind, so that no
// click opens it within the mail.
func passedOn(a message.Attachment) compose.Attachment {
	a.Filename, a.ContentType = fileName(a.Filename), strings.ToLower(page.OneLine(a.ContentType))
	is := http.DetectContentType(a.Content)
	if !compose.Picture(a) {
		a.Inline = false
	}
	if strings.HasPrefix(a.ContentType, "image/") && strings.HasPrefix(is, "text/") || runs(a.ContentType) {
		a.ContentType = "application/octet-stream"
	}
	return a
}

// runs tells the kinds of files that may hold scripts a browser runs.
func runs(kind string) bool {
	for _, part := range []string{"html", "xml", "svg", "xsl", "mhtml", "multipart/", "javascript", "ecmascript", "x-shockwave", "hta"} {
		if strings.Contains(kind, part) && !strings.Contains(kind, "openxml") {
			return true
		}
	}
	return false
}
