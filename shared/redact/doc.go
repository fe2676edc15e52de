// Package redact takes personal data out of what an agent wrote to one customer,
// so that it can become an article, or be shown beside another customer's mail.
//
// # Whose a figure is
//
// "Your order 20881 gets the 24 V lamp within 14 days" holds a number that is one
// customer's and two that are everybody's. No pattern tells them apart by their
// look alone. So three things are asked of each:
//
//   - what stands before it: "order", "passport", "user name", in the languages
//     that most mail is written in, make any number or code after them one person's;
//   - what stands behind it: a unit makes it a measure;
//   - whether the customer's own mail has it (Known.Said): what a customer gave is
//     the customer's, and the agent only said it again.
//
// Names are those that are known (Known.Names), those that the customer's mail
// gives, and those that stand where names do: in a greeting, under the words that
// end a letter, behind a title or an honorific, where somebody says who they are.
//
// # Two readers
//
// An article is read by many and keeps its own figures: prices, spans of time,
// versions, limits ([Article]). What is shown beside another's mail needs no
// figures, and loses amounts as well ([Everything]).
//
// # Bounds
//
// It errs on the side of taking too much: a person reviews what becomes an
// article, and finds a gap marked "[number]" sooner than a number too many. Taking
// twice takes no more. Who is named in running text without any of the marks above
// is not found; the agent is asked to read for that. Regular expressions are RE2,
// and linear.
package redact
