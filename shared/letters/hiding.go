package letters

import (
	"fmt"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
)

// Hiding is an article, or a template, that answers what should not have happened: a good
// answer to a defect hides it.
type Hiding struct {
	Article string // as a person would name it
	desk.ArticleFate
	Rising bool // what it answers comes more than usual
}

// hiding says which articles answer a defect, and how that shows.
func (m WeekOfMailbox) hiding(level int) (out []page.Block) {
	var items []string
	for _, h := range m.Hiding {
		text := fmt.Sprintf("“%s” was sent %s", h.Article, page.Count(h.Sent, "time", "times"))
		if h.Defect > 0 {
			text += fmt.Sprintf("; %s to customers who are tied to a cause", page.Thousands(h.Defect))
		}
		if h.Back > 0 {
			text += fmt.Sprintf("; %s asked again", page.Count(h.Back, "customer", "customers"))
		}
		if h.Rising {
			text += "; what it answers comes more than usual"
		}
		items = append(items, text+".")
	}
	if len(items) == 0 {
		return nil
	}
	return []page.Block{page.Heading{Level: level, Text: "Answers that may hide a defect"},
		page.Paragraph{Text: "They answer what should not have happened. Whoever owns the cause should know; they are not counted as successes where a cause is named."},
		page.Bullets{Items: items}}
}
