package orders

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/replywell/replywell/shared/desk"
)

// readTarget reads what a command is about: the number of a list, a
// conversation's reference ("K7M-4Q9"), or an address, which mail programs like
// to make a link of.
func readTarget(line, name string, ws []string) (desk.Command, error) {
	c := desk.Command{Name: name}
	word := strings.Trim(strings.Join(ws, " "), "[]()<>.,;:*_\"' ")
	if n, err := strconv.Atoi(strings.TrimPrefix(word, "#")); err == nil && n > 0 && n < 100 {
		c.Argument = n
		return c, nil
	}
	if name == desk.CommandMerge {
		c.Word = strings.ToUpper(word)
		if len(c.Word) != 7 || c.Word[3] != '-' || strings.ContainsRune(c.Word, ' ') {
			return desk.Command{}, &desk.CommandError{Line: shorten(line), Why: "#merge needs a conversation, by its number in our mail or by its reference, like #merge 1 or #merge K7M-4Q9"}
		}
		return c, nil
	}
	for _, w := range strings.FieldsFunc(word, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("<>[]()", r) }) {
		w = strings.Trim(strings.TrimPrefix(w, "mailto:"), ".,;\"'")
		if at := strings.LastIndexByte(w, '@'); at > 0 && at < len(w)-1 && (c.Word == "" || strings.EqualFold(c.Word, w)) {
			c.Word = w
		} else if at >= 0 {
			return desk.Command{}, &desk.CommandError{Line: shorten(line), Why: "#" + name + " takes one address; write a line for each"}
		}
	}
	if c.Word == "" || len(c.Word) > 254 {
		return desk.Command{}, &desk.CommandError{Line: shorten(line), Why: "#" + name + " needs an address, or the number of a person in our mail, like #" + name + " eva@example.com"}
	}
	return c, nil
}
