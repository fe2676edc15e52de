package article

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"golang.org/x/text/language"

	"github.com/replywell/replywell/shared/desk"
)

// frontKeys are the keys of the front matter, each with how its value is read.
// A problem's line is that of the value.
var frontKeys = map[string]func(r *articleReader, line int, v ast.Node){
	"title":      (*articleReader).title,
	"department": func(r *articleReader, line int, v ast.Node) { r.a.Department = r.text(line, "department", v) },
	"reply":      func(r *articleReader, line int, v ast.Node) { r.a.Reply = r.reply(line, v) },
	"topics":     (*articleReader).topics,
	"template":   (*articleReader).template,
	"mailbox":    func(r *articleReader, line int, v ast.Node) { r.a.Mailbox, r.box = r.text(line, "mailbox", v), line },
	"language": func(r *articleReader, line int, v ast.Node) {
		r.a.Language = r.text(line, "language", v)
		if _, err := language.Parse(r.a.Language); r.a.Language != "" && err != nil {
			r.say(line, "language: %q is not a language's tag; write one like en, de or pt-BR", r.a.Language)
		}
	},
	"audience": func(r *articleReader, line int, v ast.Node) {
		r.a.Audience = r.text(line, "audience", v)
		if r.a.Audience != audiencePublic && r.a.Audience != audienceInternal {
			r.say(line, "audience: %q is not known; write %s, or %s for what only agents may read", r.a.Audience, audiencePublic, audienceInternal)
			r.a.Audience = audienceInternal
		}
	},
	"valid_until": func(r *articleReader, line int, v ast.Node) {
		r.a.ValidUntil = r.text(line, "valid_until", v)
		if _, err := time.Parse(time.DateOnly, r.a.ValidUntil); err != nil {
			r.say(line, "valid_until: %q is not a date; write one like 2027-03-31", r.a.ValidUntil)
		}
	},
}

// front reads the front matter, which starts in the file's second line.
func (r *articleReader) front(head string) {
	const above = 1
	file, err := parser.ParseBytes([]byte(head), 0, parser.AllowDuplicateMapKey())
	if err != nil {
		line, what := above, firstLine(err)
		var e yaml.Error
		if errors.As(err, &e) && e.GetToken() != nil {
			line, what = above+e.GetToken().Position.Line, e.GetMessage()
		}
		r.unread = true
		r.say(line, "the front matter is not YAML: %s; put a value with a colon or a quote in it between quotes", what)
		return
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return
	}
	var entries []*ast.MappingValueNode
	switch m := file.Docs[0].Body.(type) {
	case *ast.MappingNode:
		entries = m.Values
	case *ast.MappingValueNode:
		entries = []*ast.MappingValueNode{m}
	case *ast.CommentGroupNode, *ast.NullNode:
	default:
		r.unread = true
		r.say(above+1, "the front matter is to be lines of \"key: value\"; keys are %s", knownKeys())
		return
	}
	seen := map[string]bool{}
	for _, e := range entries {
		key := strings.Trim(e.Key.String(), `"' `)
		line := above + e.Key.GetToken().Position.Line
		read, ok := frontKeys[key]
		switch {
		case !ok:
			r.say(line, "unknown key %q; keys are %s", key, knownKeys())
		case seen[key]:
			r.say(line, "%q stands twice; leave one", key)
		default:
			read(r, line, e.Value)
		}
		seen[key] = true
	}
}

func knownKeys() string {
	var keys []string
	for k := range frontKeys {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return strings.Join(keys, ", ")
}

// text reads one line of text.
func (r *articleReader) text(line int, key string, v ast.Node) string {
	s := strings.TrimSpace(r.scalar(line, key, v))
	switch {
	case s == "":
		r.say(line, "%s: it is empty; write a value, or leave the line out", key)
	case strings.ContainsAny(s, "\n\r\x00"):
		r.say(line, "%s: it is to be one line", key)
	}
	return s
}

// title reads the title, which a confirmation to a customer can have in it.
func (r *articleReader) title(line int, v ast.Node) {
	if r.a.Title = r.text(line, "title", v); desk.StrayMark(r.a.Title) {
		r.say(line, "title: it has the mark of an internal passage in it; %s", ownLine)
	}
}

func (r *articleReader) scalar(line int, key string, v ast.Node) string {
	switch n := v.(type) {
	case *ast.StringNode:
		return n.Value
	case *ast.LiteralNode:
		return n.Value.Value
	case *ast.NullNode:
		return ""
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.GetToken().Value
	}
	r.say(line, "%s: a text is needed here", key)
	return "?"
}

// reply reads the text that is sent, of one line or more. It goes to customers,
// so an internal passage has no place in it.
func (r *articleReader) reply(line int, v ast.Node) string {
	s := strings.TrimSpace(r.scalar(line, "reply", v))
	if s == "" {
		r.say(line, "reply: it is empty; write what is sent, or leave the line out and the text below is sent")
	}
	if (Article{Reply: s}).ShowsMark() {
		r.say(line, "reply: this goes to customers and cannot hold an internal passage; move it to the text below the front matter, where %s", ownLine)
	}
	return s
}

func (r *articleReader) topics(line int, v ast.Node) {
	var values []ast.Node
	switch n := v.(type) {
	case *ast.SequenceNode:
		values = n.Values
	case *ast.NullNode:
	default:
		for _, t := range strings.Split(r.scalar(line, "topics", v), ",") {
			r.topic(line, t)
		}
	}
	for _, e := range values {
		r.topic(line, r.scalar(line, "topics", e))
	}
	if len(r.a.Topics) > mostTopics {
		r.say(line, "topics: there are %d; give at most %d, those that tell this article from the others", len(r.a.Topics), mostTopics)
	}
}

func (r *articleReader) topic(line int, t string) {
	t = strings.TrimSpace(t)
	switch {
	case t == "" || strings.ContainsAny(t, "\n\r\x00"):
		r.say(line, "topics: one of them is empty or has more than one line; write a list like [returns, refund]")
	case !slices.Contains(r.a.Topics, t):
		r.a.Topics = append(r.a.Topics, t)
	}
}

func firstLine(err error) string {
	s, _, _ := strings.Cut(err.Error(), "\n")
	return s
}
