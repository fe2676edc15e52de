// Package thanks knows a mere thank-you from a mail that wants something.
//
// "Perfect, thank you!" below a closed conversation is the best mail of the day,
// and the worst thing to do with it is to open the conversation again and put it
// on somebody's desk. But "Thanks, and when will the second one come?" is a
// concern, and to miss it would be far worse. So the rule is closed: every word
// of the mail must be one that people thank with, in one language, apart from the
// names of those who write to each other. A word that the table does not
// have, a question mark, a number or a link makes it a mail like any other. What
// the rule misses is only shown to an agent who need not have seen it.
//
// The words are in the files of package language ([thanks] and [thanks-beside]).
package thanks
