// Package replyaddr makes and reads signed reply addresses.
//
// A mail that Replywell sends carries a Reply-To such as
//
//	support+ceaqea3aicqgb2dlidvaaaacbhkdvvj34jc3vkuaag5fbzhgjonlk@example.com
//
// and whoever answers that mail has, without knowing it, told us everything we
// need: which conversation it is, for whom the address was made, what it may be
// used for, what its owner had been shown, and until when it is good. Nothing
// of it is kept in a table. The part behind the plus sign (or the whole local
// part, where a team gives replies a domain of their own) is the token.
//
// # The token
//
// 33 bytes, written as 53 characters of lower-case base32 (RFC 4648 section 6)
// without padding:
//
//	 0       purpose (4 bits), key id (4 bits)
//	 1..7    conversation
//	 8..11   person: the start of an HMAC of who it was made for
//	12       1 bit: the mark covers the mailbox; argument (7 bits), free for the purpose
//	13..14   sequence number of the last message that person was shown
//	15..16   last day it is good, in days since 2020-01-01 UTC
//	17..32   HMAC-SHA256 of bytes 0..16, its first 128 bits
//
// With "support+" before it that is 61 characters, and 64 is what RFC 5321
// section 4.5.3.1.1 allows in a local part; [CheckBase] tells whether a base
// leaves room. Mail systems change the case of local parts, so case means
// nothing. They also quote them, percent-encode them in mailto links, leave
// angle brackets and trailing dots; [Find] undoes all of that. Decoding is
// canonical: each token has one spelling, apart from case.
//
// # What it protects against
//
// Guessing: support addresses were taken over by counting ticket numbers up.
// Here a guess has to hit 128 bits. Alteration: a token that opens one
// conversation cannot be bent to open another, live longer or serve another
// purpose; any changed bit is refused. Passing on: an agent who forwards a
// notification hands out the address. The token says for whom it was made, so
// the receiver compares that with the authenticated sender ([Token.IsFor]); the
// 32 bits of it are enough because the list of agents is short and closed, and
// because nobody without the key can choose them. They are mixed with purpose,
// conversation and, for agents, the mailbox that the address belongs to, so two tokens of one person do not show that they are. Old
// mailboxes that leak: tokens expire. A leaked key: a [Keyring] holds several
// by id, so a new one becomes current while addresses made with the old one
// keep working, until the old one is taken out.
//
// # What it does not protect against
//
// A token is a claim about an address, not a proof of a person. Whoever reads
// the mailbox has it. So a token alone makes nobody an agent and proves no
// customer's identity: the caller must also check the authenticated sender, and
// must not send history to somebody who is not part of the conversation. Nor is
// a token single-use: people answer the same mail twice, and may.
package replyaddr
