// Package guard compares a mail to a customer with what must not reach them,
// before it leaves.
//
// An agent's mailbox shows what is the team's (notes, who wrote, ready answers,
// signed reply addresses) and what is other customers' beside what the customer
// wrote. Mail programs quote too much, people paste into the wrong window, and
// digests tell of many conversations at once. So whatever is composed for a
// customer passes [Check], in one place: package outbox records no mail to a
// customer that was not compared.
//
// # What is looked for
//
//   - Signed reply addresses of ours but the customer's own, wherever they hide:
//     broken over lines, in percent signs, in links, in attached mails.
//   - Our frame, of which package letters knows the phrases; and commands.
//   - Agents' private addresses, other customers' addresses and full names,
//     unless the customer wrote them or an article has them.
//   - The mark of an article's passage for the team alone.
//   - Words of the team's notes, and of other customers.
//
// # Whose words they are
//
// Texts are cut into words (see words.go: case, accents, punctuation, wrapping
// and quote marks do not count) and runs of words into shingles, of which a few
// are kept by winnowing (Schleimer, Wilkerson, Aiken 2003). A run of twelve
// words of another customer's is always found, a shorter one than eight never;
// in scripts without spaces two signs count as a word. What anybody may read is
// taken out shingle by shingle before: articles, what the team answered this
// customer or two others (templates, signatures), what the customer wrote, what
// three customers and more wrote alike (order confirmations, legal notices), and
// courtesies. What another customer quotes from an answer is not theirs either.
//
// # What a customer could read
//
// The whole mail is searched: subject, text, HTML with what it hides, attached
// files, mails and archives within each other. Pictures and what is packed in
// other ways than ZIP is searched for addresses as bytes.
//
// Time and memory are linear in the mail and in what it is compared with. The
// package reads nothing by itself: who calls brings what is known.
package guard
