package article

import (
	"fmt"
	"html"
	"net/mail"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// Link is a link or an image in an article's text.
type Link struct {
	Target string
	Image  bool
	HTML   bool   // it is written as HTML, of which a mail shows the text alone
	Text   string // of an image: what is said in its place
	Sent   bool   // it stands in what customers are sent
}

// Links gives an article's links and images, in order.
func Links(a Article) (out []Link) {
	for _, part := range []struct {
		source string
		sent   bool
	}{{a.Reply, true}, {a.Body, a.Reply == ""}, {a.Notes, false}} {
		root, b := tree(part.source)
		w := &mailWriter{source: b}
		sent := part.sent && !a.Internal()
		_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
			if entering {
				switch n := n.(type) {
				case *ast.Link:
					out = append(out, Link{Target: string(n.Destination), Text: w.inline(n), Sent: sent})
				case *ast.Image:
					out = append(out, Link{Target: string(n.Destination), Text: w.inline(n), Image: true, Sent: sent})
				case *ast.RawHTML:
					out = append(out, linksOfHTML(string(n.Segments.Value(b)), sent)...)
				case *ast.HTMLBlock:
					out = append(out, linksOfHTML(string(n.Lines().Value(b)), sent)...)
				case *ast.AutoLink:
					if n.AutoLinkType == ast.AutoLinkURL {
						out = append(out, Link{Target: string(n.URL(b)), Sent: sent})
					}
				}
			}
			return ast.WalkContinue, nil
		})
	}
	return out
}

// htmlLink finds the target of a link or an image in HTML.
var htmlLink = regexp.MustCompile(`(?i)<(a|img)\s(?:[^>]*\s)?(?:href|src)\s*=\s*(?:"([^">]*)"|'([^'>]*)'|([^\s"'>]+))`)

func linksOfHTML(source string, sent bool) (out []Link) {
	for _, m := range htmlLink.FindAllStringSubmatch(comment.ReplaceAllString(source, ""), -1) {
		out = append(out, Link{Target: html.UnescapeString(m[2] + m[3] + m[4]), Image: strings.EqualFold(m[1], "img"), HTML: true, Sent: sent})
	}
	return out
}

// anchors are the places of an article that a link can lead to: its headings.
func anchors(a Article) (out []string) {
	root, _ := tree(a.Body)
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		if id, ok := n.AttributeString("id"); ok {
			if b, ok := id.([]byte); ok {
				out = append(out, string(b))
			}
		}
	}
	return out
}

// linkChecker is a whole set of articles and what lies beside them, while it is checked.
type linkChecker struct {
	articles map[string]Article // by path
	exists   func(path string) bool
	anchors  map[string][]string
}

// wrongLink says what is wrong with a link and what to do; problem tells whether
// it must be mended, else it is a hint. Both are empty for a good link.
func (s *linkChecker) wrongLink(file string, l Link) (problem, hint string) {
	what := "the link"
	if l.Image {
		what = "the image"
	}
	if strings.TrimSpace(l.Target) == "" {
		return what + " has no target; write where it leads, or take it out", ""
	}
	u, err := url.Parse(l.Target)
	if err != nil {
		return fmt.Sprintf("%s %q cannot be read as an address; write it as a browser shows it", what, l.Target), ""
	}
	switch u.Scheme {
	case "":
		return s.wrongPath(file, what, l, u)
	case "http", "https":
		if h := u.Hostname(); !strings.Contains(strings.Trim(h, "."), ".") || strings.ContainsAny(h, " _,;") {
			return fmt.Sprintf("%s %q names no site that a customer can reach; write the whole address, like https://example.com/page", what, l.Target), ""
		}
	case "mailto":
		if _, err := mail.ParseAddress(u.Opaque); err != nil {
			return fmt.Sprintf("%s %q names no mail address; write it like mailto:name@example.com", what, l.Target), ""
		}
	case "tel":
		if len(strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return r
			}
			return -1
		}, u.Opaque)) < 3 {
			return fmt.Sprintf("%s %q names no telephone number; write it like tel:+49301234567", what, l.Target), ""
		}
	default:
		return fmt.Sprintf("%s %q starts with %s:, which a mail program does not open; use https, mailto or tel", what, l.Target, u.Scheme), ""
	}
	if l.Image && u.Scheme != "https" && u.Scheme != "http" {
		return fmt.Sprintf("%s %q is no picture's address", what, l.Target), ""
	}
	return "", s.unsaid(l)
}

// unsaid is the hint for an image without a text: in a mail the text is all that
// is seen of it.
func (s *linkChecker) unsaid(l Link) string {
	if l.Image && strings.TrimSpace(l.Text) == "" {
		return fmt.Sprintf("the image %s has no text; write between the brackets what it shows: in a mail that is all that is seen of it", l.Target)
	}
	return ""
}

var pictures = []string{".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg"}

// wrongPath looks after links to files of the folder and to headings.
func (s *linkChecker) wrongPath(file, what string, l Link, u *url.URL) (problem, hint string) {
	target := file
	switch {
	case u.Host != "" || strings.HasPrefix(u.Path, "/"):
		return fmt.Sprintf("%s %q does not say on which site it is; write the whole address, like https://example.com/page", what, l.Target), ""
	case u.Path != "":
		target = path.Join(path.Dir(file), u.Path)
		if strings.HasPrefix(target, "..") {
			return fmt.Sprintf("%s %q leads out of the folder of articles; move the file into it", what, l.Target), ""
		}
		if path.Ext(target) == "" && !s.exists(target) {
			target += ".md"
		}
		if !s.exists(target) {
			return fmt.Sprintf("%s %q leads nowhere: there is no file %s; mend the name, or write the page's whole address", what, l.Target, target), ""
		}
	}
	if l.Image {
		if !slices.Contains(pictures, strings.ToLower(path.Ext(target))) {
			return fmt.Sprintf("the image %q is no picture (%s)", l.Target, strings.Join(pictures, ", ")), ""
		}
		if hint := s.unsaid(l); hint != "" || !l.Sent {
			return "", hint
		}
		return "", fmt.Sprintf("the image %s is a file of the folder: a mail shows its text, %q, in its place; for the picture itself write its whole address", l.Target, l.Text)
	}
	if u.Fragment != "" {
		known, ok := s.anchors[target]
		if a, is := s.articles[target]; is && !ok {
			known = anchors(a)
			s.anchors[target] = known
		}
		if !slices.Contains(known, u.Fragment) {
			have := "has no headings"
			if len(known) > 0 {
				have = "has #" + strings.Join(known, ", #")
			}
			return fmt.Sprintf("the link %q leads to no heading: %s %s", l.Target, target, have), ""
		}
	}
	if l.Sent {
		return "", fmt.Sprintf("the link %s leads to a file of the folder: a mail shows its text alone; to lead customers there, write the page's whole address", l.Target)
	}
	return "", ""
}
