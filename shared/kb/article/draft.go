package article

import (
	"strings"

	"github.com/replywell/replywell/shared/kb/terms"
	"github.com/replywell/replywell/shared/redact"
)

// Draft makes an article's file of a question and an agent's answer to it, with
// personal data taken out, for a person to review and to put among the articles.
// The answer's own figures stay.
func Draft(subject, question, answer string, known redact.Known) string {
	without := func(s string) string { return redact.Article(s, known) }
	title := strings.TrimSpace(terms.TrimReply(without(firstLineOf(subject))))
	if title == "" {
		for _, s := range terms.Sentences("", without(question)) {
			if s.Weight == 1 {
				title = terms.FirstWords(s.Text, 14)
				break
			}
		}
	}
	if title == "" {
		title = "Draft: give this a title"
	}
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(title)
	return "---\ntitle: \"" + quoted + "\"\naudience: internal\n---\n" + ungreeted(without(terms.Said(answer))) + "\n"
}

func firstLineOf(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), "\n")
	return s
}

// ungreeted takes a line off a text's top that is somebody's name and a few words
// around it: "Olá [name],", "[name]様". An article greets nobody.
func ungreeted(text string) string {
	text = strings.TrimSpace(text)
	first, rest, more := strings.Cut(text, "\n")
	if more && strings.Contains(first, "[name]") && len(strings.Fields(first)) <= 4 && strings.TrimSpace(rest) != "" && !strings.ContainsAny(first, ".?:;0123456789") {
		return strings.TrimSpace(rest)
	}
	return text
}
