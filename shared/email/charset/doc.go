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
//  4. A guess by what stands together: each one-byte charset is read as each
//     language that is written in it, and what costs least is taken. A pair of
//     letters costs as much as it is rare in that language (pairs.txt: 42
//     languages, 24,000 pairs); signs inside words, capitals behind small letters and
//     letters that the language has not cost more. So it is seen that "llegó
//     dañado" is Spanish and "nie dotarła" Polish, though every byte of
//     either is a letter in the charset of the other. What the mail says elsewhere,
//     in its encoded words or by Content-Language, weighs in (Hints). Two-byte
//     charsets are judged by which rows their characters stand in; one is taken
//     where no one-byte reading looks like language.
//
// Of 3,886 short lines of translated programs, 18 to 90 bytes in 40 languages, each
// in every charset in which its language is sent, 99.3 % are read exactly (84.8 %
// before there were pairs). The costs were set by looking at the faults in twelve
// of the languages, where it is 98.0 %; in the others it is 99.9 %. In the old
// charsets of DOS and Mac it is 81 %.
//
// Detection is deterministic and looks at a bounded sample. It is our own because
// the detector at hand compares recognisers in the order in which goroutines happen
// to finish, so that one mail can be read in two ways, and because it needs more
// text than a header field has.
//
// Decode never fails: bytes that mean nothing become U+FFFD, and Result says so.
package charset
