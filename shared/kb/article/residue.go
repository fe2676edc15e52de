package article

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	table "github.com/yuin/goldmark/extension/ast"
)

// residue is Markdown that is none to the reader of a mail.
type residue struct {
	Line string // of the file
	What string // is wrong with it, and what to do
	Hint bool
}

// Bounds of what is told of one article, and of what is looked at for it.
const (
	mostLeft  = 20
	mostPiece = 400 // bytes
)

// residues finds what would go out as its author typed it: links that are none,
// because nothing says where they lead or their address cannot be read, and
// footnotes. Within code they are meant so, and behind a backslash too. What is
// struck out does not go out, which is a hint.
func residues(a Article) (out []residue) {
	add := func(l residue) {
		same := func(o residue) bool {
			return o.What == l.What && (o.Line == l.Line || strings.HasPrefix(l.What, "the footnote"))
		}
		if len(out) < mostLeft && !slices.ContainsFunc(out, same) {
			out = append(out, l)
		}
	}
	for _, part := range []string{a.Reply, a.Body, a.Notes} {
		root, source := tree(part)
		w := &mailWriter{source: source}
		_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
			if len(out) == mostLeft {
				return ast.WalkStop, nil
			}
			switch n := n.(type) {
			case *table.Strikethrough:
				if entering {
					s, at := typed(n, source)
					add(residue{lineAt(source, at[0]), fmt.Sprintf("what is struck out, %q, is left out of a mail; delete it", clipped(s[0])), true})
				}
				return ast.WalkSkipChildren, nil
			case *ast.Link:
				if label := w.inline(n); entering && strings.HasPrefix(label, "^") {
					add(residue{Line: "[" + label + "]", What: noFootnote("[" + label + "]")})
				}
			}
			if entering && n.Type() == ast.TypeBlock && n.FirstChild() != nil && n.FirstChild().Type() == ast.TypeInline {
				lines, at := typed(n, source)
				for i, line := range lines {
					for _, what := range leftIn(line) {
						add(residue{Line: lineAt(source, at[i]), What: what})
					}
				}
			}
			return ast.WalkContinue, nil
		})
	}
	return out
}

// typed is the plain text below a node as it stands in the source, line by line,
// each with a place in the source. In place of anything else, such as a link or
// code, stands a zero byte.
func typed(n ast.Node, source []byte) (lines []string, at []int) {
	var line strings.Builder
	start := 0
	_ = ast.Walk(n, func(c ast.Node, entering bool) (ast.WalkStatus, error) {
		switch c := c.(type) {
		case *ast.Text:
			if entering {
				line.Write(c.Segment.Value(source))
				start = c.Segment.Start
				if c.SoftLineBreak() || c.HardLineBreak() {
					lines, at = append(lines, line.String()), append(at, start)
					line.Reset()
				}
			}
		case *ast.Emphasis:
		default:
			if c != n {
				line.WriteByte(0)
				return ast.WalkSkipChildren, nil
			}
		}
		return ast.WalkContinue, nil
	})
	return append(lines, line.String()), append(at, start)
}

// lineAt is the line of a text that a place is in, or its beginning.
func lineAt(source []byte, place int) string {
	from := max(0, place-mostPiece)
	start := from + bytes.LastIndexByte(source[from:place], '\n') + 1
	line, _, _ := bytes.Cut(source[start:min(len(source), place+mostPiece)], []byte("\n"))
	return string(bytes.TrimSpace(line))
}

// leftIn says what a line has of them.
func leftIn(line string) (out []string) {
	for i := range max(0, len(line)-1) {
		if len(out) == mostLeft {
			break
		}
		if i > 0 && line[i-1] == '\\' {
			continue // it is meant so
		}
		switch line[i : i+2] {
		case "](":
			out = append(out, fmt.Sprintf("%q is no link, and would be sent as it stands: its address cannot be read; write it as a browser shows it, without spaces", piece(line, i+2, ')')))
		case "][":
			out = append(out, fmt.Sprintf("%q is no link, and would be sent as it stands: nothing says where it leads; write the address in round brackets behind the text, or a backslash before a bracket that is meant", piece(line, i+2, ']')))
		case "[^":
			if s := piece(line, i+2, ']'); strings.HasSuffix(s, "]") && !strings.ContainsAny(s, " \t") {
				out = append(out, noFootnote(s))
			}
		}
	}
	return out
}

func noFootnote(s string) string {
	return fmt.Sprintf("the footnote %s would be sent as it stands: a mail has none; say where it stands what it says", s)
}

// piece is a part of a line, from the last opening bracket before a place to
// behind an end that comes after it. What is no text ends it on either side.
func piece(line string, at int, end byte) string {
	before, after := line[max(0, at-mostPiece):at], line[at:min(len(line), at+mostPiece)]
	if i := strings.LastIndexByte(before[:len(before)-1], '['); i >= 0 {
		before = before[i:]
	}
	if i := strings.LastIndexByte(before, 0); i >= 0 {
		before = before[i+1:]
	}
	if i := strings.IndexByte(after, end); i >= 0 {
		after = after[:i+1]
	}
	after, _, _ = strings.Cut(after, "\x00")
	return clipped(strings.ToValidUTF8(before+after, ""))
}

// clipped bounds what a problem shows of a text.
func clipped(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// asHTML is the hint for a link that is written as HTML.
func asHTML(l Link) string {
	if l.Image {
		return fmt.Sprintf("the image %s is written as HTML, and a mail drops it; write ![what it shows](address)", l.Target)
	}
	return fmt.Sprintf("the link %s is written as HTML, and a mail drops where it leads; write [text](address)", l.Target)
}
