package letters

import (
	"net/http"
	"strings"

	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/page"
)

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
