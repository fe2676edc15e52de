// Package compose writes Internet mail.
//
// Three things are needed to write a mail that arrives, reads well everywhere
// and cannot be turned against us, and they are kept apart here.
//
// # What it says: Document
//
// A [Document] is a list of blocks: where a reply goes ([ReplyLine]), the mail's
// state ([Band]), what somebody wrote ([Message]), what is offered ([Panel], with
// its [Button]), lists called by letters ([Entries]), notes of the team ([Team]),
// earlier text ([Quote]), facts, lists, tables, bars, commands, small print. It is
// written twice, as plain text and as HTML, and both say the same in the same
// order. So all mails have one look, an agent on a text client and one with a
// screen reader miss nothing, and no caller ever puts HTML together.
//
// # The page
//
// The HTML is one column of at most 640 pixels: real headings without gaps, styles
// inline, tints in pairs for light and dark, tables where Word needs them. Nothing
// in it is fetched from elsewhere. Others' words stand beside a bar or in a panel;
// ours never do, so that no mail can imitate us.
//
// The plain text has lines of at most [Columns] columns, which flow (RFC 3676), so
// that a client joins them to its window's width. Others' words are set in by four
// columns and do not flow: what is set in would stand in the middle of a line.
//
// An answer to a customer is a Document with Personal set, made of a [Body] and
// the [Original]: it looks like a mail that somebody typed, because it is one.
//
// # What strangers wrote: Sanitize
//
// Customers' HTML is shown to agents, and agents' HTML to customers. [Sanitize]
// lets through an allow-list of elements and attributes, links to http, https,
// mailto and tel, and images that travel with the mail. No script, form, style
// sheet or remote image passes, so opening a mail runs nothing and tells nobody
// that it was opened. Names, subjects and other single lines from outside go
// through [OneLine]. Every block escapes what it is given.
//
// # How it is sent: Render
//
// [Render] writes a [Letter] as RFC 5322 and MIME bytes: lines within bounds,
// encoded words, RFC 2231 file names, the least transfer encoding that carries
// a body, CRLF throughout. A header value with a line break or a NUL is an
// error that names the field and never a header line of its own. The same
// letter gives the same bytes: boundaries come from the Message-ID, so that a
// retried send is the same mail, and a golden file can be compared.
//
// # A mail, from end to end
//
//	doc := compose.Document{Lang: "en", Blocks: []compose.Block{
//		compose.ReplyLine{Hint: "A reply goes to Erika.", Strong: "Erika"},
//		compose.Band{Tone: compose.Turn, Title: "Your turn"},
//		compose.Message{Who: "Erika wrote", When: "Mon 2 Nov, 09:14", Text: mail.Visible.Text},
//	}}
//	letter := compose.Letter{From: from, To: to, Subject: subject, MessageID: id, Date: now}
//	letter.Say(doc)
//	raw, err := compose.Render(letter)
package compose
