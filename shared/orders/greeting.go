package orders

// GreetsCustomer reports whether the text begins like a letter to the customer:
// with a greeting in which their name stands, and no colleague's.
func (d Desk) GreetsCustomer(text string) bool {
	theirs, mates := nameWords(d.Customer), nameWords(d.Colleagues)
	for _, l := range readLines(text, nil) {
		if l.blank {
			continue
		}
		if !greets(l, theirs) {
			return false
		}
		named := false
		for _, w := range wordsOf(l.plain) {
			if mates[w] {
				return false
			}
			named = named || theirs[w]
		}
		return named
	}
	return false
}
