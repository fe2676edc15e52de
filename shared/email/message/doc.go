// Package message turns the bytes of one Internet mail into values, and never
// refuses.
//
// # The steps
//
// [Parse] takes every mail, well formed or not, the same way:
//
//		raw -> repair -> enmime's parts -> what the leaves mean
//
//	 1. Repair. The header (RFC 5322 section 2.2) is cut off the body. An mbox separator,
//	    blank lines or junk before it, lines broken without indent, a missing empty line
//	    at its end: each is recognised by what the next lines are. The body is taken apart
//	    at the lines that are exactly a boundary (RFC 2046 section 5.1); where the declared
//	    boundary does not occur, the line that does a boundary's work is taken. Parts and
//	    levels are counted. Transfer encodings that are damaged, misnamed or wrong are put
//	    right. What is well formed stays as it came, byte for byte.
//	 2. enmime reads the parts and undoes their transfer encodings. A part that it gives
//	    otherwise than it was handed over is kept as an attachment.
//	 3. Text leaves are decoded: charset, line ends and format=flowed (RFC 3676).
//	 4. The tree is read as a mail client shows it. All inline texts make the text, in
//	    order; of alternatives the plain and the HTML form are both kept; everything
//	    else is an attachment. winmail.dat, uuencoded and yEnc files in the text and
//	    opaque signatures are opened.
//	 5. The header fields that mean something are read: addresses, ids, the date,
//	    encoded words (RFC 2047, RFC 2231). They are read from what repair found, since
//	    enmime keeps a header without its order.
//
// docs/enmime.md lists where enmime reads otherwise than the rules, and repair
// writes anew what is right.
//
// # Tolerance
//
// The policy is: understand what was meant, keep what was not understood, and say
// what was done. Broken mail is broken in ways that repeat, because programs write
// it; so there is a rule for each way and no special case for any mail. A rule needs
// evidence. A line without a colon ends the header, unless known fields follow it; a
// text declared base64 is decoded, unless it has the spaces of prose. A repair that
// changes what is read is a [Warning] with a stable name, in the order met. An
// address list with one address that nobody can read gives all the others.
//
// # Bounds
//
// Time is linear in the size of the mail, and the constants at [MaxDepth] keep the
// factor small. They are far beyond what people send. What lies beyond is kept: parts
// as one attachment, text as an attachment that holds all of it, addresses and ids in
// the header field where they stand. Repair works on slices of the raw mail; enmime
// makes one copy of each content. So a mail of 30 MB takes its own size, twice its
// decoded size for a moment, and little more.
//
// # Testdata
//
// testdata holds mails sorted by what is wrong with them, each with the reading that
// is expected. To add one, write the .eml, run the tests of this package with -update,
// and look at the .json before you believe it.
package message
