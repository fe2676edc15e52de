// Package wording compares the words of mails with tables of words.
//
// What robots, gateways and forms write is known by phrases, and kept in tables
// that people who know a language or a mail system can read and extend. Mail
// writes the same phrase in many ways: capitals, no-break spaces, typographic
// apostrophes, the full-width colon of Chinese and Japanese. [Fold] brings text
// and tables to one form; the rest are the few questions that are asked of it.
// Addresses have a form of their own: "no-reply", "no_reply" and "noreply" are
// one local part ([Squash]).
package wording
