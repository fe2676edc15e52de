// Package compose writes Internet mail.
//
// A [Letter] is what a mail says and to whom; what stands in it as text and as
// HTML is written by package page. [Render] makes RFC 5322 and MIME bytes of it.
//
// # What the library does, and what is decided here
//
// go-message writes the header, in the order given, folds it, refuses a line
// break in a field, and writes the multiparts. The standard library encodes
// contents and parameters. What remains is decided here: which fields a mail has
// and in what order, which ids of a long thread stay, the least transfer encoding
// that carries a body, what is part of the HTML and what a file, how a file is
// called. Text that must come back exactly as it was, such as one with two spaces
// or with "=?", becomes encoded words, the first of them short enough for its
// line; the libraries do neither (docs/adr/0073).
//
// Lines are within RFC 5322's bounds and end in CRLF, and the mail is 7bit, so
// that no server on its way needs to change it and its signature stays good.
//
// # Nothing gets in by a field
//
// A header value with a line break or a NUL is an error that names the field and
// never a header line of its own; names, subjects and other single lines from
// outside go through page.OneLine first.
//
// # The same letter gives the same bytes
//
// Boundaries come from the Message-ID, so that a retried send is the same mail,
// and a golden file can be compared.
//
// # Pictures
//
// [PlacePictures] carries the pictures that HTML of one mail shows into another
// mail. They travel with it; nothing is fetched from elsewhere.
//
//	letter := compose.Letter{From: from, To: to, Subject: subject, MessageID: id, Date: now}
//	letter.Say(doc)
//	raw, err := compose.Render(letter)
package compose
