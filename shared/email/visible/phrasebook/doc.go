// Package phrasebook holds the words that mail programs write around a quote, in
// every language they write them, and the marks they leave in HTML.
//
// Both are data. The words are in the files of package language: the labels of a
// header block ("Von:", "发件人："), the words of an attribution line ("On ...
// wrote:"), what stands between dashes above a quote, how a telephone signs, how
// a letter closes. clients.txt has one line per mark: a class, id or name that a
// mail program gives to the elements it quotes or signs with. A contributor adds
// a language or a program there, and needs no Go for it.
//
// This package knows words, not mail: it answers "is this a label, and of which
// language?", and package visible decides what follows from it. Everything is
// compared in lower case with blanks folded, in maps, so that a look-up costs
// the same whatever the number of languages.
package phrasebook
