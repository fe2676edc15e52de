// Package topics finds what mails are about where nobody has said it: it puts mails
// that mean the same into one topic, and gives it a name that a person would give.
//
// A report needs topics that stay what they are. One that is another each week has no
// past, so nothing can be said of more mails than usual; and one that is all the desk
// gets says nothing at all. Three steps lead from a mail to a topic, all of them known
// methods, without chance in them: the same mails give the same topics.
//
//  1. A mail joins the crumb that it is nearly the same as, or begins a new one
//     (leader clustering; Hartigan, 1975). A crumb is never parted, so it costs one
//     comparison with each crumb, whatever the desk's age.
//  2. Crumbs are put together by average linkage (Sokal and Michener, 1958), the
//     mean cosine of all their mails, until no two groups are one topic. Whenever the
//     mails have grown by half all crumbs are put together anew; in between what is new
//     joins the topic it is about. When it is done anew, a topic keeps its identity
//     where most of its mails stay together, and what was joined or parted is told.
//     BIRCH (Zhang, Ramakrishnan and Livny, 1996) does the two in the same order.
//  3. When more is written about a topic than usual, its edges are drawn again
//     ([Space.Reach]): an event does not keep to the borders of last year's mails, and
//     what came with it, in the same days and near it, belongs to it.
//
// Meanings are those of a sentence encoder, and are compared as they are seen from
// the middle of the desk's mails: that all are about a bank tells none apart. Vectors of
// two encoders cannot be compared, so each has a [Space] of its own: a topic is of mails
// in English, or of mails in other languages.
//
// A name ([Name]) is a few words in a row that customers wrote, those that tell the topic
// from the desk's other mails the most. Each of them must stand in more than one mail,
// so no name is one person's.
//
// The package is pure: no clock, no network, no encoder. docs/suggestions-figures.md has
// its figures, and shared/kb/fit the program that measures them.
package topics
