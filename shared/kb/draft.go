package kb

import (
	"strings"

	"github.com/replywell/replywell/shared/redact"
)

// Draft makes an article's file of a question and an agent's answer to it, with
// personal data taken out, for a person to review and to put among the articles.
// The answer's own figures stay.
func Draft(subject, question, answer string, known redact.Known) string {
	without := func(s string) string { return redact.Article(s, known) }
	title := strings.TrimSpace(trimReply(without(firstLineOf(subject))))
	if title == "" {
		for _, s := range sentences("", without(question)) {
			if s.weight == 1 {
				title = firstWords(s.text, 14)
				break
			}
		}
	}
	if title == "" {
		title = "Draft: give this a title"
	}
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(title)
	return "---\ntitle: \"" + quoted + "\"\naudience: internal\n---\n" + strings.TrimSpace(without(said(answer))) + "\n"
}

func firstLineOf(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), "\n")
	return s
}
