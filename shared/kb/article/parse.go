package article

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// ParseArticle reads one file; id is its path without ".md". The error joins all
// problems, each a Problem.
//
// Front matter, between lines of three dashes, is optional; without a title
// there, the first heading is the title. Between a line ":::internal" and a line
// ":::" stands what only agents may read.
func ParseArticle(id string, data []byte) (Article, error) {
	a, problems := parse(id, data)
	if len(problems) > 0 {
		return Article{}, join(problems)
	}
	return a, nil
}

// parse reads one file as far as it can be read.
func parse(id string, data []byte) (Article, []Problem) {
	r := &articleReader{file: id + ".md", a: Article{ID: id, Audience: audiencePublic}}
	if why, ok := bytes.CutPrefix(data, []byte(notRead)); ok {
		r.say(0, "%s", why)
		return r.a, r.problems
	}
	if len(data) > MaxArticle {
		r.say(0, "the file has %d bytes, and an article at most %d; divide it", len(data), MaxArticle)
		return r.a, r.problems
	}
	if line := notText(data); line > 0 {
		r.say(line, "this is not UTF-8, and letters would be lost; save the file as UTF-8")
		return r.a, r.problems
	}
	text := strings.TrimPrefix(strings.ReplaceAll(string(data), "\r\n", "\n"), "\uFEFF")
	first := 1 // the number of the text's first line in the file
	if lines := strings.Split(text, "\n"); dashes(lines[0]) {
		end := 1 + slices.IndexFunc(lines[1:], dashes)
		if end == 0 {
			r.say(1, "the front matter that starts here does not end; close it with a line of three dashes")
			return r.a, r.problems
		}
		r.front(strings.Join(lines[1:end], "\n"))
		first, text = end+2, strings.Join(lines[end+1:], "\n")
	}
	r.body(text, first)
	return r.a, r.problems
}

// dashes reports whether a line parts the front matter from the text. Spaces
// behind the dashes are not seen, so they do not count.
func dashes(line string) bool { return strings.TrimRight(line, " \t") == "---" }

// notText is the first line that is not UTF-8; 0 where all are. A zero byte
// stands in no text but in one of another encoding.
func notText(data []byte) int {
	for i, l := range bytes.Split(data, []byte("\n")) {
		if !utf8.Valid(l) || bytes.IndexByte(l, 0) >= 0 {
			return i + 1
		}
	}
	return 0
}

type articleReader struct {
	file     string
	a        Article
	problems []Problem
	unread   bool // the front matter could not be read, so what it says is not known
	box      int  // the line of its mailbox
}

func (r *articleReader) say(line int, format string, args ...any) {
	r.problems = append(r.problems, Problem{r.file, line, fmt.Sprintf(format, args...)})
}

// body reads what stands below the front matter, from a line of the file on.
func (r *articleReader) body(text string, first int) {
	a := &r.a
	visible, notes := r.passages(text, first)
	a.Body, a.Notes = strings.TrimSpace(visible), strings.TrimSpace(notes)
	if head, rest, _ := strings.Cut(a.Body, "\n"); strings.HasPrefix(head, "# ") && (a.Title == "" || a.Title == strings.TrimSpace(head[2:])) {
		a.Title, a.Body = strings.TrimSpace(head[2:]), strings.TrimSpace(rest)
	}
	if a.Template != "" || a.Mailbox != "" {
		r.asTemplate(text, first)
	}
	switch {
	case a.Title == "" && r.unread:
	case a.Title == "":
		r.say(0, "there is no title; write \"title: …\" in the front matter, or start with a heading")
	case len([]rune(a.Title)) > mostTitle || strings.ContainsAny(a.Title, "\n\r"):
		r.say(0, "the title is to be one line of at most %d characters", mostTitle)
	}
	if len(r.problems) == 0 && (Article{Title: a.Title, Body: a.Body}).ShowsMark() {
		r.say(first, "in what would be sent of the text below stands the mark %q; %s", internalCloses, ownLine)
	}
	if a.Body == "" && a.Reply == "" {
		if a.Notes != "" && !a.Internal() {
			r.say(first, "all of the text is internal, so nothing is left for customers; write \"audience: internal\" in the front matter, or add what they may read")
		} else if a.Notes == "" {
			r.say(0, "there is no text below the title; write what the answer says")
		}
	}
}

// notRead begins what stands for a file that could not be read, before what is
// to be said of it. No article begins so: a zero byte is in no text.
const notRead = "\x00not read: "
