package htmltext

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const (
	maxColumns = 20  // more are no table for reading
	maxCell    = 120 // runes; a cell with more is prose, and the table lays out
	maxAligned = 100 // columns of text; a wider table is not aligned
	maxRows    = 2000
)

// table writes a table of data in columns, and reads any other cell by cell.
func (w *writer) table(n *html.Node) {
	rows := dataRows(n)
	if rows == nil || w.inCell {
		w.need(1)
		w.children(n)
		w.need(1)
		return
	}
	cells := make([][]string, 0, len(rows))
	var width [maxColumns]int
	for _, r := range rows {
		line := make([]string, 0, len(r))
		for i, c := range r {
			s := w.plain(c)
			line = append(line, s)
			width[i] = max(width[i], utf8.RuneCountInString(s))
		}
		cells = append(cells, line)
	}
	total := 0
	for _, x := range width {
		total += x + 3
	}
	w.need(2)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && c.DataAtom == atom.Caption {
			w.node(c)
			w.need(1)
		}
	}
	for _, line := range cells {
		var b strings.Builder
		for i, s := range line {
			label := i > 0 && strings.HasSuffix(line[i-1], ":") // "Subject:" and what it is
			switch {
			case label:
				b.WriteByte(' ')
			case i > 0:
				b.WriteString(" | ")
			}
			b.WriteString(s)
			if i < len(line)-1 && !strings.HasSuffix(s, ":") && total <= maxAligned {
				b.WriteString(strings.Repeat(" ", width[i]-utf8.RuneCountInString(s)))
			}
		}
		if text := strings.TrimRight(b.String(), " |"); text != "" {
			w.need(1)
			w.word(text)
		}
	}
	w.need(2)
}

// dataRows gives the cells of a table of data, or nil if the table lays out. A
// table of data has two rows and two columns or a header cell, and no cell of
// it holds a table, a list, an image or much text.
func dataRows(n *html.Node) [][]*html.Node {
	if strings.EqualFold(Attr(n, "role"), "presentation") {
		return nil
	}
	var rows [][]*html.Node
	head := false
	columns := 0
	ok := eachRow(n, func(tr *html.Node) bool {
		var row []*html.Node
		filled := 0
		for c := tr.FirstChild; c != nil; c = c.NextSibling {
			if c.Type != html.ElementNode {
				if c.Type == html.TextNode && strings.TrimSpace(c.Data) != "" {
					return false
				}
				continue
			}
			if c.DataAtom != atom.Td && c.DataAtom != atom.Th || len(row) == maxColumns {
				return false
			}
			head = head || c.DataAtom == atom.Th
			size, simple := measure(c, 0)
			if !simple || size > maxCell {
				return false
			}
			if size > 0 {
				filled++
			}
			row = append(row, c)
		}
		columns = max(columns, filled)
		rows = append(rows, row)
		return len(rows) <= maxRows
	})
	if !ok || columns < 2 || len(rows) < 2 && !head {
		return nil
	}
	return rows
}

// eachRow visits the rows of a table and of its sections until visit says no.
func eachRow(n *html.Node, visit func(*html.Node) bool) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode {
			if c.Type == html.TextNode && strings.TrimSpace(c.Data) != "" {
				return false
			}
			continue
		}
		switch c.DataAtom {
		case atom.Tbody, atom.Thead, atom.Tfoot:
			if !eachRow(c, visit) {
				return false
			}
		case atom.Tr:
			if !visit(c) {
				return false
			}
		}
	}
	return true
}

// measure counts the runes of text in a cell; simple is false where it holds
// more than a line of text.
func measure(n *html.Node, blocks int) (size int, simple bool) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			size += utf8.RuneCountInString(strings.TrimSpace(c.Data))
			continue
		case c.Type != html.ElementNode || hidden(c):
			continue
		}
		switch c.DataAtom {
		case atom.Table, atom.Ul, atom.Ol, atom.Img, atom.Blockquote, atom.Pre, atom.Hr, atom.Form, atom.H1, atom.H2:
			return size, false
		case atom.Br, atom.P, atom.Div:
			if size > 0 {
				blocks++
			}
		}
		if blocks > 2 {
			return size, false
		}
		s, ok := measure(c, blocks)
		if size += s; !ok || size > maxCell {
			return size, false
		}
	}
	return size, true
}
