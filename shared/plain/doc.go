// Package plain tells which answers a customer may not understand: those that are much
// harder to read than the customer's own mail, and those that do not say what happens
// next. It is pure, and it decides nothing: whoever wrote the answer is told, and it
// leaves all the same.
//
// # How hard a text is
//
// By what its sentences hold: the letters of their words, without function words, which
// cost nothing, and half for the words that the customer used. So long sentences count,
// long words do, and the customer's own vocabulary is easy. It needs no formula that was
// fitted to a language: the function words of a language help where they are known, and
// scripts without blanks are read in pairs of characters. Each sentence counts by its
// words; what has more than 80 is no sentence but a list. An answer is hard from 210
// letters a sentence on, where that is also 1.8 times what the customer writes.
//
// # What happens next
//
// A text says it if it asks, leads somewhere, lists, says please, speaks to its reader or
// of what its author does, or has a clause that begins as an order does. The words for
// that come from the languages' files; in a language that lacks them nothing is said.
//
// # How often it is wrong
//
// It is set to be silent. Of 343 ready answers of desks (banks, insurance, a site
// builder, assistants, in English, German, Dutch, Turkish and Japanese) 1 is pointed
// out; of 727 in which ministries explain the law and the plague, 39, and those are hard.
package plain
