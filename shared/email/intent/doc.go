// Package intent tells whether a mail was written to the address that it came to.
//
// Who wrote a mail and whom it was written to are two questions, and DMARC answers
// the first alone. A signed mail of an agent's to a mailing list is whole and the
// agent's wherever it turns up: whoever has it can hand it in once more with
// another envelope (RFC 6376 section 8.6). Carried out, it would be an answer that
// nobody gave. Two things show that a mail was meant for an address:
//
//	SPF        it came from a server that may send for the author's domain. A stranger who replays it has none
//	signature  the address stands in To or Cc, and every signature of the author's domain covers that field,
//	           Subject and Date too and, unless the mail is plain text, Content-Type
//
// One is enough. "Every", because a receiving service may say that a signature
// passed and not which one. Of each of these fields there must be one at most: of
// two the signature covers the lower one, and a reader may show the upper.
//
// What is quoted in a mail shows nothing: an agent's forward of our mail to
// somebody else bears the same marks.
//
// The functions are pure; what passed is told by the receiving service.
package intent
