// Package visible tells what a person newly wrote in a mail from everything that
// came along with it.
//
// # The problem
//
// Mail has no field for "the reply". A mail program copies the mail that is
// answered into the answer, below it, above it or between its lines, introduces it
// with a phrase in the language of its user, and adds a signature. All of this is
// text like any other, and no standard says where it begins: RFC 3676 knows "-- "
// above a signature and ">" before a quoted line, and half of the world's mail uses
// neither. A person sees at a glance what is new. A program has to know the habits.
//
// There are four, and they combine:
//
//   - marks: each quoted line begins with ">", or stands in a <blockquote>;
//   - an attribution above the quote: "On 5 Mar 2024, Ann <ann@shop.example> wrote:";
//   - a header block above it, as Outlook makes it: "From: ... Sent: ... Subject: ...";
//   - a separator: "-----Original Message-----", a drawn rule, a help desk's
//     "please reply above this line".
//
// # How it is done here
//
// Patterns for each client in each language do not end: a hundred regular
// expressions know a hundred cases. So the words are data (package phrasebook, one
// readable file a language), and the rules are few and know no language. An attribution is a
// line, perhaps broken into five, that holds two of a date, an address and a verb
// of writing, opens or ends as such lines do, and stops at a colon. A header block
// is a run of labels that one language would put above a mail. That is why most
// attributions are found in languages that the file does not have.
//
// A mail is read as lines. Each question is one pass over them: which are marked,
// where does a quote begin, where does the signature. What introduces marked lines
// takes only itself, since the marks show where the quote ends; so an answer below
// the quote, or between its lines, stays. What introduces unmarked lines takes all
// the rest.
//
// HTML says more: many clients put a class or an id on what they quote. It is laid
// out as lines too, each remembering what its elements say, and goes through the
// same passes. So an unknown client is still read as text, and a known mark decides
// where the words do not. What was cut is then cut from the tree, which gives the
// visible part as HTML. Where a mail has both bodies they are split apart and held
// against each other; Parts.Rules begins with which was believed, and why.
//
// # When in doubt, keep
//
// A line too much costs a glance; a line too little is an order that nobody sees.
// So one piece of evidence is never enough. "From: Berlin" is no header, "On Monday
// I wrote to you:" no attribution, a drawn rule no signature unless what is below
// looks like one, "Sent from my desk, which is tidier" no telephone's line. "Thanks,
// Ann" is something that a person said and stays; "Kind regards, Ann" is how a
// letter ends and is set aside. A mail that seems to be nothing but a quote stays
// whole, and Parts.OnlyQuote says so. A forwarded mail was sent to be read: it stays
// visible, and is read once more into Parts.Forwarded.
//
// Nothing is deleted in any case. Every line is in exactly one of Visible, Quoted
// and Signature; the tests hold this for every mail that they generate.
//
// # Bounds
//
// What a stranger wrote decides nothing about our time. No regular expression runs
// over it; every look forward or back is bounded, and so is how often the costly
// ones are taken. Time is linear in the size of the mail: a quote of 767 kB takes a
// few milliseconds, and the mails made to be slow, in the tests, some hundred.
package visible
