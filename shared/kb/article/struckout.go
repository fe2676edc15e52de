package article

import (
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	table "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// struckOut reads ~~text~~. A single tilde is none: people write "~5 days".
type struckOut struct{}

// Extend makes goldmark read it.
func (s struckOut) Extend(m goldmark.Markdown) {
	m.Parser().AddOptions(parser.WithInlineParsers(util.Prioritized(s, 500)))
}

// Trigger, Parse, IsDelimiter, CanOpenCloser and OnMatch are what goldmark asks.
func (struckOut) Trigger() []byte { return []byte{'~'} }

// Parse reads the marks on either side.
func (s struckOut) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	line, segment := block.PeekLine()
	node := parser.ScanDelimiter(line, before, 2, s)
	if node == nil || node.OriginalLength != 2 || before == '~' {
		return nil
	}
	node.Segment = segment.WithStop(segment.Start + node.OriginalLength)
	block.Advance(node.OriginalLength)
	pc.PushDelimiter(node)
	return node
}

// IsDelimiter reports whether a byte is part of a mark.
func (struckOut) IsDelimiter(b byte) bool { return b == '~' }

// CanOpenCloser reports whether two marks belong together.
func (struckOut) CanOpenCloser(opener, closer *parser.Delimiter) bool {
	return opener.Char == closer.Char
}

// OnMatch makes the node of what stands between them.
func (struckOut) OnMatch(int) ast.Node { return table.NewStrikethrough() }
