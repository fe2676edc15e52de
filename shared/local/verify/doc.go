// Package verify finds out whether the domain in a mail's From vouches for it,
// as a receiving server does, and says it in the words of Amazon SES.
//
//	SPF    may this client send for the envelope sender's domain?  RFC 7208
//	DKIM   is a signature whole, and whose is it?                   RFC 6376, RFC 8301
//	DMARC  is one of the two that passed the From domain's own?    RFC 7489
//
// Only DMARC speaks of the From field, which is what people see, and so only
// it makes a mail authenticated ([desk.Verdicts.Authenticated]).
//
// # The words
//
//	PASS               it holds
//	FAIL               it was checked and does not hold. Of DMARC also: there is not one From
//	                   field with one address, or the header can be read in two ways
//	GRAY               neither: no signature, no policy, an SPF record that asserts nothing or
//	                   cannot be read; DMARC without a DKIM pass where SPF was not judged
//	PROCESSING_FAILED  DNS gave no answer in time, or the mail is beyond a bound
//	DISABLED           not looked at: there is no DNS, or, for SPF, the client is not the sender's
//
// SPF is judged by the client's address. A mail that another server handed over
// bears that server's, so [Mail.Client] is left out then: judged by the team's
// own mail server, whoever writes through it in the team's name would pass.
// DKIM survives being handed over, and DMARC then rests on it alone.
//
// # What is not believed
//
// The From that is verified must be the From that is read later, by another
// parser. So a header with anything that parsers differ about (a bare CR, a line
// that is no field, a second From) has no DMARC pass, and the address is read by
// the same code, [message.Parse]. Signatures over a part of the body (l=) do not
// count, nor do those of a mail with two Subjects or Content-Types, of which
// only one would be signed (RFC 6376 section 8.15).
//
// # Bounds
//
// A stranger writes the mail and owns the DNS that is asked. [MaxTime],
// [MaxLookups], [MaxSignatures] and [MaxHeader] hold for one mail. The body is
// streamed; memory is a few times MaxHeader whatever is sent.
package verify
