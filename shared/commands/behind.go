package commands

import (
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/email/page"
)

// nothingBehind reads what stands behind a command that stands by itself, but for
// courtesies. A command calls it in a function of its own, not when the program
// starts: so a program that carries out no command links none.
func nothingBehind(name, behind string, but ...string) (word, missing string) {
	if s := strings.ToLower(strings.Trim(behind, " .:;,!?")); s != "" && !slices.Contains(but, s) {
		return "", name + " stands on a line by itself; put your text below it"
	}
	return "", ""
}

func shortened(s string) string { return page.Excerpt(s, 40) }
