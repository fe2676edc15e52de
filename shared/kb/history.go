package kb

import (
	"fmt"
	"io"
	"slices"

	"github.com/replywell/replywell/shared/kb/article"
)

// pastLine is a Past as a line of a history file.
type pastLine struct {
	Message *struct {
		Subject string `json:"subject"`
		Body    string `json:"body"`
	} `json:"message"`
	Sent *[]string `json:"sent"`
}

const pastForm = `{"message":{"subject":"…","body":"…"},"sent":["article id"]}`

// ReadHistory reads past mails, oldest first, one JSON object a line:
//
//	{"message":{"subject":"…","body":"…"},"sent":["article id"]}
//
// Sent is empty where an agent answered by hand because no article fitted; it may
// not be missing. An empty file is a team without a history. The error names the line.
func ReadHistory(r io.Reader) ([]Past, error) {
	var out []Past
	for in := article.NewLines(r); ; {
		var l pastLine
		n, err := in.Next("message and sent", &l)
		switch {
		case err == io.EOF:
			return out, nil
		case err != nil:
			return nil, fmt.Errorf("the history's %w", err)
		case l.Message == nil:
			return nil, fmt.Errorf("the history's line %d has no message: a line is %s", n, pastForm)
		case l.Sent == nil:
			return nil, fmt.Errorf("the history's line %d does not say what was sent: a line is %s, and %s where no article was", n, pastForm, `"sent":[]`)
		}
		out = append(out, Past{Subject: l.Message.Subject, Text: l.Message.Body, Sent: *l.Sent, Line: n})
	}
}

// UnknownArticles counts the past mails that name articles, of which none is among these,
// and gives the line of the first. They teach nothing.
func UnknownArticles(past []Past, articles []article.Article) (n, line int) {
	known := make(map[string]bool, len(articles))
	for _, a := range articles {
		known[a.ID] = true
	}
	for _, p := range past {
		if len(p.Sent) == 0 || slices.ContainsFunc(p.Sent, func(id string) bool { return known[id] }) {
			continue
		}
		if n++; n == 1 {
			line = p.Line
		}
	}
	return n, line
}
