package kb

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// Article is one answer that a team has ready.
type Article struct {
	ID         string   `json:"id"` // the file's path without its ending
	Title      string   `json:"title"`
	Topics     []string `json:"topics,omitempty"`
	Department string   `json:"department,omitempty"` // who looks after it
	Language   string   `json:"language,omitempty"`   // BCP 47; "": not said
	Audience   string   `json:"audience,omitempty"`   // "internal": shown to agents, never sent to customers
	ValidUntil string   `json:"valid_until,omitempty"`
	Reply      string   `json:"reply,omitempty"` // what is sent, where it differs from Body; Markdown
	Body       string   `json:"body"`            // Markdown, without the internal passages
	Notes      string   `json:"notes,omitempty"` // the internal passages: for agents, never quoted to customers
}

// Internal reports whether the article must not be sent to customers.
func (a Article) Internal() bool { return a.Audience == audienceInternal }

// ExpiredOn reports whether the article is no longer valid on a day, given in
// days since 1970 in UTC. The day that it is valid until is the last good one.
func (a Article) ExpiredOn(day int) bool {
	last, err := time.Parse(time.DateOnly, a.ValidUntil)
	return err == nil && day > Day(last)
}

const (
	audienceInternal = "internal"
	audiencePublic   = "customers"
)

// Bounds of what is read.
const (
	MaxArticle  = 256 << 10 // bytes of an article's file
	MaxArticles = 20_000    // articles of a team
	mostTitle   = 200       // characters
	mostTopics  = 40
)

// Problem is something wrong with an article's file, or, as a hint, something
// that would be better otherwise.
type Problem struct {
	File string // its path in the folder
	Line int    // counted from 1; 0 is the file as a whole
	What string // what it is, and what to do
}

func (p Problem) Error() string {
	if p.Line > 0 {
		return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.What)
	}
	return p.File + ": " + p.What
}

func sortProblems(ps []Problem) {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		if c := strings.Compare(a.File, b.File); c != 0 {
			return c
		}
		return a.Line - b.Line
	})
}

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

func join(problems []Problem) error {
	errs := make([]error, len(problems))
	for i, p := range problems {
		errs[i] = p
	}
	return errors.Join(errs...)
}

// parse reads one file as far as it can be read.
func parse(id string, data []byte) (Article, []Problem) {
	r := &articleReader{file: id + ".md", a: Article{ID: id, Audience: audiencePublic}}
	if len(data) > MaxArticle {
		r.say(0, "the file has %d bytes, and an article at most %d; divide it", len(data), MaxArticle)
		return r.a, r.problems
	}
	text := strings.ReplaceAll(strings.ToValidUTF8(string(data), "\uFFFD"), "\r\n", "\n")
	text = strings.TrimPrefix(text, "\uFEFF")
	first := 1 // the number of the text's first line in the file
	if head, ok := strings.CutPrefix(text, "---\n"); ok {
		head, body, closed := strings.Cut("\n"+head, "\n---\n")
		if !closed {
			if head, closed = strings.CutSuffix(head, "\n---"); !closed {
				r.say(1, "the front matter that starts here does not end; close it with a line of three dashes")
				return r.a, r.problems
			}
		}
		r.front(strings.TrimPrefix(head, "\n"))
		first, text = strings.Count(head, "\n")+3, body
	}
	r.body(text, first)
	return r.a, r.problems
}

type articleReader struct {
	file     string
	a        Article
	problems []Problem
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
	switch {
	case a.Title == "":
		r.say(0, "there is no title; write \"title: …\" in the front matter, or start with a heading")
	case len([]rune(a.Title)) > mostTitle || strings.ContainsAny(a.Title, "\n\r"):
		r.say(0, "the title is to be one line of at most %d characters", mostTitle)
	}
	if a.Body == "" && a.Reply == "" {
		if a.Notes != "" && !a.Internal() {
			r.say(first, "all of the text is internal, so nothing is left for customers; write \"audience: internal\" in the front matter, or add what they may read")
		} else if a.Notes == "" {
			r.say(0, "there is no text below the title; write what the answer says")
		}
	}
}

const (
	internalOpens  = ":::internal"
	internalCloses = ":::"
)

// passages takes the internal passages out of a text. Marks within a block of
// code are marks all the same: better one too many than a leak.
func (r *articleReader) passages(text string, first int) (visible, notes string) {
	var out, in []string
	opened := 0
	for i, l := range strings.Split(text, "\n") {
		mark := strings.ToLower(strings.ReplaceAll(strings.TrimSpace(l), " ", ""))
		switch {
		case strings.HasPrefix(mark, internalOpens):
			if opened > 0 {
				r.say(first+i, "an internal passage starts within the one of line %d; close that with a line of \":::\" first", opened)
			} else if mark != internalOpens {
				r.say(first+i, "write \":::internal\" alone in its line; the passage starts in the next")
			}
			opened = first + i
			in = append(in, "")
			out = append(out, "")
		case mark == internalCloses && opened > 0:
			opened = 0
		case strings.HasPrefix(mark, internalCloses):
			r.say(first+i, "%q marks no passage that is known; internal ones start with \":::internal\" and end with \":::\"", strings.TrimSpace(l))
		case opened > 0:
			in = append(in, l)
		default:
			out = append(out, l)
		}
	}
	if opened > 0 {
		r.say(opened, "the internal passage that starts here does not end; close it with a line of \":::\"")
	}
	return strings.Join(out, "\n"), strings.Join(in, "\n")
}

// Load reads every article below the root; see Parse.
func Load(root fs.FS) ([]Article, error) {
	files, err := Files(root)
	if err != nil {
		return nil, err
	}
	return Parse(files)
}

// Files reads the articles' files below the root, by path.
func Files(root fs.FS) (map[string][]byte, error) {
	files := map[string][]byte{}
	err := fs.WalkDir(root, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !IsArticle(p) {
			return err
		}
		if len(files) == MaxArticles {
			return fmt.Errorf("there are more than %d articles", MaxArticles)
		}
		files[p], err = fs.ReadFile(root, p)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the articles: %w", err)
	}
	return files, nil
}

// IsArticle tells by its path whether a file is an article: one that ends in
// .md, is not hidden, in no hidden folder, and is not a README.
func IsArticle(p string) bool {
	for _, part := range strings.Split(path.Clean(p), "/") {
		if strings.HasPrefix(part, ".") {
			return false
		}
	}
	return path.Ext(p) == ".md" && !strings.EqualFold(path.Base(p), "README.md")
}

// Parse reads articles from files, by path, and gives them sorted by id. The
// error joins all problems of all files; no article is given then.
func Parse(files map[string][]byte) ([]Article, error) {
	articles, problems := parseAll(files)
	if len(problems) > 0 {
		return nil, join(problems)
	}
	return articles, nil
}

// parseAll gives the articles that could be read, and what is wrong with the others.
func parseAll(files map[string][]byte) (articles []Article, problems []Problem) {
	for p, data := range files {
		if !IsArticle(p) {
			continue
		}
		a, bad := parse(strings.TrimSuffix(p, ".md"), data)
		if problems = append(problems, bad...); len(bad) == 0 {
			articles = append(articles, a)
		}
	}
	sortProblems(problems)
	slices.SortFunc(articles, func(a, b Article) int { return strings.Compare(a.ID, b.ID) })
	return articles, problems
}
