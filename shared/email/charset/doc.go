// Package charset turns the bytes of a mail's text into UTF-8, whatever the
// mail says that they are.
//
// A mail declares the charset of each text (RFC 2045 section 5.1) and of each
// encoded word (RFC 2047 section 2). Mailers get it wrong in a few ways that
// repeat: they declare Latin-1 and send Windows-1252 or UTF-8, they declare
// nothing and send 8-bit text, they name a charset that nobody else knows, or
// they declare US-ASCII for everything. So the order of evidence is:
//
//  1. A byte order mark, or ISO-2022 escapes, decide by themselves.
//  2. Bytes that are valid UTF-8 and not plain ASCII are UTF-8: text in another
//     charset almost never is. For declared two-byte charsets, where a short
//     text can be both by accident, the declared charset is heard first.
//  3. The declared charset, if it is known and the bytes are possible in it.
//     Latin-1 is taken as Windows-1252, GB2312 as GB18030, and so on, as the
//     WHATWG Encoding Standard has it.
//  4. A guess by plausibility: each candidate charset decodes a sample, and the
//     text is judged by letters that languages use together, by case inside
//     words, by scripts mixed inside a word, and by how common the characters
//     are. The most plausible wins.
//
// Detection is deterministic, looks at a bounded sample (sampleSize bytes),
// and needs no model. It is our own because the detector at hand compares
// recognisers in the order in which goroutines happen to finish, so that one
// mail can be read in two ways, and because it needs more text than a header
// field has.
//
// Decode never fails: bytes that mean nothing become U+FFFD, and Result says so.
package charset
