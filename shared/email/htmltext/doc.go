// Package htmltext writes the HTML of a mail as the text that a person would
// have typed.
//
// Mail HTML is hardly ever a document: it is a few paragraphs in the mark-up
// of a mail client, or a newsletter built of nested tables for Outlook. So the
// aim is the reading order and the structure that carries meaning, not the look:
//
//   - paragraphs and headings stand apart by an empty line, line breaks are kept;
//   - lists have "- " or their numbers, and hang under them;
//   - a quotation (blockquote) has "> " before each line, as in plain mail;
//   - a link is "text <url>", and only the text where that is the url anyway;
//   - a table of data is aligned, with " | " between the cells; a table that
//     only lays out is read cell by cell;
//   - <pre> is kept as it stands; <hr> is a line of three dashes;
//   - an image is "[image: name]", so that one knows where it stood;
//   - what the reader of the HTML does not see is not there: styles, scripts,
//     elements with display:none, the preview text that newsletters hide.
//
// Parse builds the tree, Render writes it, Text does both. The tree is of
// golang.org/x/net/html nodes, so that a caller may cut it up in between; but
// it is built here from that package's tokenizer, with the few rules of nesting
// that mail needs. The full algorithm of the HTML standard may copy unclosed
// formatting elements into every paragraph and refuses documents nested deeper
// than 512 elements: a stranger's mail decides about our time and memory then,
// or is not read at all. Here both are linear in the size of the HTML; an
// element nested deeper than maxDepth loses its mark-up, never its text.
package htmltext
