// Package language holds the words of each human language that Replywell reads
// and writes: one file a language, "de.txt", in this folder.
//
// Mail is full of words that no standard gives: "AW:" before a subject, "Am 3. Mai
// schrieb Ann:" above a quote, "Gesendet von meinem iPhone" below it, "Ich bin nicht
// im Büro" in an answer that nobody wrote. And we say a few things to customers in
// their language: that their mail has come, and what stands above the quote of it.
// Both are data. Who knows a language can add it or mend it here, and needs no Go
// for it: a file is plain text in UTF-8, and each [heading] in it bears a comment on
// what it is for. docs/languages.md tells a translator how.
//
//	[reply-prefix]
//	# What stands before the subject of an answer, without the colon.
//	AW
//	Antwort
//
// headings.go is the list of the headings, with their comments. What stands below
// them is compiled into the program from phrases.bin, which "go test ./shared/language
// -update" writes, and read once, when a word is first asked for; all of it, as a mail
// may be in any language. A mistake in a file is found by the tests of this package,
// which name file and line.
//
// This room knows words and no mail: it is on the ground floor and imports nothing
// of ours. What follows from a word, and how texts are compared with it, is decided
// where it is used: packages email/visible, email/automatic, orders, letters, kb.
// Which language a text is in is found out by email/langid.
//
// The words of mail systems, which answer in English wherever they stand
// ("550 5.1.1 user unknown"), are no language's: they are in email/automatic.
package language
