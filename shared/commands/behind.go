package commands

import (
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/email/page"
)

// nothingBehind reads a command that stands by itself, but for courtesies.
func nothingBehind(name string, but ...string) func(string) (string, string) {
	return func(behind string) (word, missing string) {
		if s := strings.ToLower(strings.Trim(behind, " .:;,!?")); s != "" && !slices.Contains(but, s) {
			return "", name + " stands on a line by itself; put your text below it"
		}
		return "", ""
	}
}

func shortened(s string) string { return page.Excerpt(s, 40) }
