package reply

import (
	"net/mail"
	"regexp"
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/email/visible"
	"github.com/replywell/replywell/shared/language"
)

// anAddress is what looks like one, in whatever a mail program puts around it.
var anAddress = regexp.MustCompile(`[^\s<>"'(),:;\[\]]+@[^\s<>"'(),:;\[\]]+`)

// mostName bounds a name on the line that says to whom, in words.
const mostName = 6

// whom reads to whom an agent writes first: the first line that says anything, such as
// "to: clara@example.org", "An Clara Hoff <clara@example.org>" or the address alone. why
// says what is missing, in words for the agent; "" is nothing. It is pure.
func whom(text string) (to desk.Person, rest, why string) {
	line, rest, _ := strings.Cut(strings.TrimSpace(text), "\n")
	line = strings.TrimSpace(strings.ReplaceAll(line, "mailto:", ""))
	var found []string
	for _, a := range anAddress.FindAllString(line, -1) {
		if a = strings.ToLower(strings.TrimRight(a, ".")); !slices.Contains(found, a) {
			found = append(found, a)
		}
	}
	const say = " The first line says to whom, like “to: clara@example.org”, and your text stands below it."
	switch {
	case len(found) == 0:
		return to, rest, "The first line of your mail names no address." + say
	case len(found) > 1:
		return to, rest, "The first line of your mail names more than one address; one mail goes to one customer." + say
	}
	address, err := mail.ParseAddress(found[0])
	if err != nil {
		return to, rest, "“" + page.Excerpt(found[0], 80) + "” is no address that mail can be sent to." + say
	}
	words := strings.Fields(strings.Trim(anAddress.ReplaceAllString(line, " "), " <>()\"',;:."))
	labelled := false
	if len(words) > 0 {
		label := strings.TrimRight(words[0], ":")
		if labelled = slices.ContainsFunc(language.Phrases(language.LabelTo), func(p string) bool { return strings.EqualFold(p, label) }); labelled {
			words = words[1:]
		}
	}
	for i := range words {
		words[i] = strings.Trim(words[i], "<>()\"',;:")
	}
	words = slices.DeleteFunc(words, func(w string) bool { return w == "" })
	named := strings.Contains(line, "<") // "Clara Hoff <clara@example.org>"
	if len(words) > mostName || len(words) > 0 && !labelled && !named {
		return to, rest, "The first line of your mail says more than to whom it goes." + say
	}
	return desk.Person{Name: page.Excerpt(strings.Join(words, " "), 80), Address: address.Address}, strings.TrimSpace(rest), ""
}

// withoutWhom is what an agent wrote below the line that says to whom.
func withoutWhom(v visible.Parts) visible.Parts {
	_, rest, why := whom(v.Visible)
	if why != "" {
		return v
	}
	v.Visible = rest
	v.VisibleHTML = visible.Saying(v.VisibleHTML, strings.TrimSpace(rest+"\n\n"+v.Ending))
	return v
}
