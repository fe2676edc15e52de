package visible

// choose decides which of the two bodies to read.
func choose(subject, text, html string) Parts {
	return splitText(subject, text)
}
