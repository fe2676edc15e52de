package kb

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"sort"
	"strings"

	"github.com/goccy/go-yaml"
)

// Article is one answer that a team has ready.
type Article struct {
	ID       string   `json:"id"` // the file's path without its ending
	Title    string   `json:"title"`
	Topics   []string `json:"topics,omitempty"`
	Language string   `json:"language,omitempty"`
	Audience string   `json:"audience,omitempty"` // "internal": shown to agents, never sent to customers
	Reply    string   `json:"reply,omitempty"`    // what is sent, where it differs from Body
	Body     string   `json:"body"`               // Markdown
}

// Internal reports whether the article must not be sent to customers.
func (a Article) Internal() bool { return a.Audience == audienceInternal }

const (
	audienceInternal = "internal"
	audiencePublic   = "public"
)

// MaxArticle bounds an article's file, in bytes.
const MaxArticle = 256 << 10

// front is the head of an article's file.
type front struct {
	Title    string   `yaml:"title"`
	Topics   []string `yaml:"topics"`
	Language string   `yaml:"language"`
	Audience string   `yaml:"audience"`
	Reply    string   `yaml:"reply"`
}

// ParseArticle reads one file. Front matter, between lines of three dashes, is
// optional; without a title there, the first heading is the title.
func ParseArticle(id string, data []byte) (Article, error) {
	if len(data) > MaxArticle {
		return Article{}, fmt.Errorf("%s: the file has %d bytes; an article has at most %d", id, len(data), MaxArticle)
	}
	text := strings.ReplaceAll(strings.ToValidUTF8(string(data), "\uFFFD"), "\r\n", "\n")
	text = strings.TrimPrefix(text, "\uFEFF")
	var f front
	if head, ok := strings.CutPrefix(text, "---\n"); ok {
		head, body, closed := strings.Cut(head, "\n---\n")
		if !closed {
			return Article{}, fmt.Errorf("%s: the front matter that starts in line 1 does not end; close it with a line of three dashes", id)
		}
		if err := yaml.UnmarshalWithOptions([]byte(head), &f, yaml.Strict()); err != nil {
			return Article{}, fmt.Errorf("%s: the front matter cannot be read: %s", id, firstLine(err))
		}
		text = body
	}
	a := Article{ID: id, Title: strings.TrimSpace(f.Title), Topics: f.Topics, Language: f.Language, Audience: f.Audience, Reply: strings.TrimSpace(f.Reply), Body: strings.TrimSpace(text)}
	if a.Audience == "" {
		a.Audience = audiencePublic
	}
	if first, rest, _ := strings.Cut(a.Body, "\n"); strings.HasPrefix(first, "# ") && (a.Title == "" || a.Title == strings.TrimSpace(first[2:])) {
		a.Title, a.Body = strings.TrimSpace(first[2:]), strings.TrimSpace(rest)
	}
	switch {
	case a.Title == "":
		return Article{}, fmt.Errorf("%s: there is no title; write \"title: …\" in the front matter, or start with a heading", id)
	case a.Body == "" && a.Reply == "":
		return Article{}, fmt.Errorf("%s: there is no text below the title", id)
	case a.Audience != audiencePublic && a.Audience != audienceInternal:
		return Article{}, fmt.Errorf("%s: audience %q is not one of %s, %s", id, a.Audience, audiencePublic, audienceInternal)
	}
	return a, nil
}

// Load reads every article below the root; see Parse.
func Load(root fs.FS) ([]Article, error) {
	files := map[string][]byte{}
	err := fs.WalkDir(root, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !IsArticle(p) {
			return err
		}
		files[p], err = fs.ReadFile(root, p)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the articles: %w", err)
	}
	return Parse(files)
}

// IsArticle tells by its path whether a file is an article: one that ends in
// .md, is not hidden and is not a README.
func IsArticle(p string) bool {
	base := path.Base(p)
	return path.Ext(base) == ".md" && !strings.HasPrefix(base, ".") && !strings.EqualFold(base, "README.md")
}

// Parse reads articles from files, by path, and gives them sorted by id. The
// error joins all problems; no article is given then.
func Parse(files map[string][]byte) ([]Article, error) {
	var articles []Article
	var problems []error
	for p, data := range files {
		if !IsArticle(p) {
			continue
		}
		a, err := ParseArticle(strings.TrimSuffix(p, ".md"), data)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		articles = append(articles, a)
	}
	if len(problems) > 0 {
		sort.Slice(problems, func(i, j int) bool { return problems[i].Error() < problems[j].Error() })
		return nil, errors.Join(problems...)
	}
	sort.Slice(articles, func(i, j int) bool { return articles[i].ID < articles[j].ID })
	return articles, nil
}

func firstLine(err error) string {
	s, _, _ := strings.Cut(err.Error(), "\n")
	return s
}

var (
	mdLink  = regexp.MustCompile(`!?\[([^\]\n]{0,300})\]\(([^)\s]{1,1000})[^)\n]{0,300}\)`)
	mdMarks = regexp.MustCompile("(\\*\\*|__|`)")
)

// MailText gives the article as text that reads like mail: no Markdown marks,
// headings as lines of their own, links with their address behind them.
func (a Article) MailText() string {
	text := a.Reply
	if text == "" {
		text = a.Body
	}
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if h := strings.TrimLeft(l, "#"); h != l && strings.HasPrefix(h, " ") {
			l = strings.TrimSpace(h)
		}
		l = mdLink.ReplaceAllStringFunc(l, func(m string) string {
			p := mdLink.FindStringSubmatch(m)
			if p[1] == "" || p[1] == p[2] {
				return p[2]
			}
			return p[1] + " (" + p[2] + ")"
		})
		lines[i] = mdMarks.ReplaceAllString(l, "")
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}
