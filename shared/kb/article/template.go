package article

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/replywell/replywell/shared/kb/template"
	"github.com/replywell/replywell/shared/kb/terms"
)

// templateName is what a template is called by: words of letters and digits, with
// hyphens between them, and no number, for those are ready answers.
var templateName = regexp.MustCompile(`^[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)*$`)

// mostTemplateName bounds a template's name, in characters.
const mostTemplateName = 40

// template reads the name that makes a template of the file.
func (r *articleReader) template(line int, v ast.Node) {
	name := strings.ToLower(r.text(line, "template", v))
	switch {
	case name == "" || strings.ContainsAny(name, "\n\r"): // said already
	case !templateName.MatchString(name) || len([]rune(name)) > mostTemplateName:
		r.say(line, "template: %q is no name; write letters, digits and hyphens, at most %d, as in late-parcel", name, mostTemplateName)
	case strings.Trim(name, "0123456789-") == "":
		r.say(line, "template: %q is a number, and numbers are ready answers; give it a name, as in late-parcel", name)
	}
	r.a.Template = name
}

// asTemplate looks at a file that is a template. text is what stands below the front
// matter, from the line first on.
func (r *articleReader) asTemplate(text string, first int) {
	a := &r.a
	if a.Template == "" {
		r.say(r.box, "mailbox: only a template is for one mailbox; write its name too (template: late-parcel), or leave the line out")
		return
	}
	a.Title = cmp.Or(a.Title, a.Template)
	for key, said := range map[string]bool{"topics": len(a.Topics) > 0, "reply": a.Reply != "", "department": a.Department != "", "valid_until": a.ValidUntil != "",
		"audience": a.Audience != audiencePublic} {
		if said {
			r.say(0, "a template has no %q: it is found by its name, and all of it is sent; leave that out, or make an article of it", key)
		}
	}
	for _, p := range template.Check(blanked(text)) {
		r.say(first+p.Line-1, "%s", p.What)
	}
	if _, missing, wrong := template.Fill(a.MailText(), allFilled(), nil); len(r.problems) == 0 && len(missing)+len(wrong) > 0 {
		r.say(first, "what is sent of it has braces left in it that no variable fills; write variables as {{customer.name}}, without a backslash")
	}
	for _, l := range Links(*a) {
		if template.Left(l.Target) || strings.Contains(l.Target, "{") {
			r.say(first+lineOf([]byte(text), l.Target)-1, "a variable within an address is not filled in; write the address without it")
		}
	}
	if a.Language == "" {
		a.Language = terms.LanguageOfWords(terms.Split(a.MailText()))
	}
}

// blanked is a text with its internal passages empty, each line at its place.
func blanked(text string) string {
	lines, inside := strings.Split(text, "\n"), false
	for i, l := range lines {
		mark := strings.ToLower(strings.ReplaceAll(strings.TrimSpace(l), " ", ""))
		inside = inside && mark != internalCloses || strings.HasPrefix(mark, internalOpens)
		if inside {
			lines[i] = ""
		}
	}
	return strings.Join(lines, "\n")
}

// allFilled is a value for each variable.
func allFilled() map[string]string {
	out := map[string]string{}
	for _, v := range template.Variables() {
		out[v.Name] = "x"
	}
	return out
}

// parted parts articles from templates.
func parted(all []Article) (articles, templates []Article) {
	for _, a := range all {
		if a.Template != "" {
			templates = append(templates, a)
			continue
		}
		articles = append(articles, a)
	}
	return articles, templates
}

// Templates reads the templates among files, by path, and gives those without a problem
// sorted by id.
func Templates(files map[string][]byte) []Article {
	all, _ := parseAll(files)
	_, templates := parted(all)
	return templates
}

// sameNames finds templates of which nobody could say which one is sent.
func sameNames(all []Article) (problems []Problem) {
	first := map[string]string{}
	for _, a := range all {
		key := fmt.Sprintf("%s %s %s", a.Template, a.Mailbox, strings.ToLower(a.Language))
		switch other, taken := first[key]; {
		case a.Template == "":
		case taken:
			problems = append(problems, Problem{a.ID + ".md", 0, fmt.Sprintf("is the template %q of the same mailbox and language as %s.md, and nobody could say which is sent; rename one, or say its language", a.Template, other)})
		default:
			first[key] = a.ID
		}
	}
	return problems
}

// ForMailbox gives the templates that agents of a mailbox can send: one of each name and
// language, the mailbox's own before those of all. They stand by name and language.
func ForMailbox(templates []Article, mailbox string) (out []Article) {
	best := map[[2]string]Article{}
	for _, t := range templates {
		key := [2]string{t.Template, strings.ToLower(t.Language)}
		if old, have := best[key]; t.Mailbox == "" && !have || t.Mailbox == mailbox && mailbox != "" && (!have || old.Mailbox == "") {
			best[key] = t
		}
	}
	for _, t := range best {
		out = append(out, t)
	}
	slices.SortFunc(out, func(a, b Article) int {
		return cmp.Or(strings.Compare(a.Template, b.Template), strings.Compare(a.Language, b.Language))
	})
	return out
}

// InLanguage gives of the templates of a mailbox the one of that name that suits best:
// in the first of the languages that there is one in, else one whose language nobody
// knows, else the first.
func InLanguage(templates []Article, name string, languages ...string) (found Article, ok bool) {
	least := len(languages) + 2
	for _, t := range templates {
		if t.Template != name {
			continue
		}
		rank := len(languages) + 1
		if t.Language == "" {
			rank = len(languages)
		}
		for i, l := range slices.Backward(languages) {
			if l != "" && base(l) == base(t.Language) {
				rank = i
			}
		}
		if rank < least {
			found, ok, least = t, true, rank
		}
	}
	return found, ok
}

func base(tag string) string {
	l, _, _ := strings.Cut(strings.ToLower(tag), "-")
	return l
}

// WriteTemplates gives templates as one object, and ReadTemplates reads it.
func WriteTemplates(templates []Article) ([]byte, error) { return json.Marshal(templates) }

// ReadTemplates reads what WriteTemplates wrote.
func ReadTemplates(data []byte) (out []Article, err error) {
	if err := json.Unmarshal(data, &out); err != nil {
		return nil, fmt.Errorf("the templates cannot be read: %w; change one, or run the index function, to make them anew", err)
	}
	return out, nil
}
