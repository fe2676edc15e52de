// Package page is what our mails say and how they look. It knows no mail: no
// address, no header, no file.
//
// # A document of blocks
//
// A [Document] is a list of blocks: where a reply goes ([ReplyLine]), the mail's
// state ([Band]), what somebody wrote ([Message]), what is offered ([Panel], with
// its [Button]), lists called by letters ([Entries]), notes of the team ([Team]),
// earlier text ([Quote]), facts, lists, tables, bars, commands, small print. It is
// written twice, as plain text and as HTML, and both say the same in the same
// order. So all mails have one look, an agent on a text client and one with a
// screen reader miss nothing, and no caller ever puts HTML together.
//
// # The HTML
//
// It is one column of at most 640 pixels: real headings without gaps, styles
// inline, tints in pairs for light and dark, tables where Word needs them. Nothing
// in it is fetched from elsewhere. Others' words stand beside a bar or in a panel;
// ours never do, so that no mail can imitate us.
//
// # The plain text
//
// It has lines of at most [Columns] columns, which flow (RFC 3676), so that a
// client joins them to its window's width. Others' words are set in by four
// columns and do not flow: what is set in would stand in the middle of a line.
//
// # A mail that somebody typed
//
// An answer to a customer is a Document with Personal set, made of a [Body] and
// the [Original]: it looks like a mail that somebody typed, because it is one.
//
// # What strangers wrote
//
// Customers' HTML is shown to agents, and agents' HTML to customers. [Sanitize]
// lets through an allow-list of elements and attributes, links to http, https,
// mailto and tel, and images that travel with the mail. No script, form, style
// sheet or remote image passes, so opening a mail runs nothing and tells nobody
// that it was opened. Single lines from outside go through [OneLine]. Every block
// escapes what it is given.
//
//	doc := page.Document{Lang: "en", Blocks: []page.Block{
//		page.ReplyLine{Hint: "A reply goes to Erika.", Strong: "Erika"},
//		page.Band{Tone: page.Turn, Title: "Your turn"},
//		page.Message{Who: "Erika wrote", When: "Mon 2 Nov, 09:14", Text: text},
//	}}
//	text, html := doc.Text(), doc.HTML()
package page
