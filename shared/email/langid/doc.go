// Package langid tells which language a mail is written in, so that a customer
// is answered in it: the confirmation, the line above a quote, dates.
//
// A support mail is short, "Where is my parcel?", and what tells the language of a
// short text are its small words. They stand in the files of package
// language ([function-words]); a word that two languages share counts half for each. A script that one language
// alone is written in tells at once. Of longer texts, whose words are not enough,
// the letters in threes decide (github.com/abadojack/whatlanggo).
//
// Who is answered in a wrong language is worse off than who is answered in the
// mailbox's: where the evidence is thin or divided, Of says nothing.
package langid
