package desk

// IsCommand reports whether a line of text is an order to us, as ReadOrder
// takes it at the top of an agent's mail.
func IsCommand(line string) bool {
	line = cleanLine(line)
	if !looksLikeCommand(line) {
		return false
	}
	_, err := readCommand(line)
	return err == nil
}
