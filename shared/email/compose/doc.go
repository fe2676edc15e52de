// Package compose writes Internet mail.
//
// Three things are needed to write a mail that arrives, reads well everywhere
// and cannot be turned against us, and they are kept apart here.
//
// # What it says: Document
//
// A [Document] is a list of blocks: a heading, a paragraph, what somebody wrote
// ([Message]), earlier text ([Quote]), facts, lists, tables, bars, a callout,
// commands. It is written twice, as plain text and as HTML, and both say the
// same in the same order. So all mails have one look, an agent on a text client
// and one with a screen reader miss nothing, and no caller ever puts HTML
// together. The HTML is one column with inline styles, real headings and
// tables with captions and row headings; nothing in it is fetched from
// elsewhere; it reads on a phone and in a client that turns mail dark.
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
//		compose.ReplyLine{Hint: "Your answer goes to Erika."},
//		compose.Message{Who: "Erika", When: "Mon 2 Nov 2026, 09:14 CET", Text: mail.Visible.Text},
//	}}
//	raw, err := compose.Render(compose.Letter{
//		From: from, To: to, Subject: subject, MessageID: id, Date: now,
//		Text: doc.Text(), HTML: doc.HTML(),
//	})
package compose
