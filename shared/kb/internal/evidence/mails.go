package evidence

// Past is a mail that was answered, with the articles that agents sent.
type Past struct {
	Subject string
	Text    string   // what the customer wrote; see terms.Said
	Sent    []string // articles' ids; none: it was answered by hand, because no article fitted
	Line    int      // of the file that it was read from; 0: of none
}

// Recent is a mail that was answered with articles since an index was built, or not long
// before. If that was after the index was built, a mail's neighbours, its nearest by
// meaning, an article's mean and how often it is sent take it in at once; what is trained
// over all mails, the classifier and the refined constants, does so when the index is next
// built. Beside the classifier, which counts a year alike, recent mails stand for what
// holds now, built in or not: see recall.
type Recent struct {
	Past
	Sense []float32 // its meaning, see Sense; nil: it goes by words
	Wide  bool      // Sense is of the model for what is not English
	Built bool      // the index was built with it
}
