package commands

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/replywell/replywell/shared/desk"
)

// tag puts words on a conversation, and takes off those with a "-" before them.
var tag = Command{
	Name: "tag", Also: []string{"tags", "label", "labels"}, Maybe: []string{"tagged", "mark", "category"},
	Help: []Line{{"#tag refund", "puts a word on this, or several (#tag refund lamp); #tag -refund takes it off"}},
	Read: func(behind string) (word, missing string) {
		tags := strings.FieldsFunc(strings.ToLower(behind), func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",;.:!\"'“”()", r) })
		for i, t := range tags {
			t = strings.TrimPrefix(t, "+")
			off := strings.HasPrefix(t, "-")
			if t = strings.Trim(t, "#-_"); t == "" {
				return "", "#tag needs a word, like #tag refund"
			}
			if strings.ContainsFunc(t, func(r rune) bool {
				return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) && r != '-' && r != '_'
			}) || len(t) > desk.MaxTag {
				return "", fmt.Sprintf("a tag is a word of letters and digits, of at most %d; “%s” is none", desk.MaxTag, shortened(t))
			}
			if tags[i] = t; off {
				tags[i] = "-" + t
			}
		}
		if len(tags) == 0 {
			return "", "#tag needs a word, like #tag refund"
		}
		return strings.Join(tags, " "), ""
	},
	Often: true,
	Decide: func(_ Facts, c desk.Command, p Plan) (Plan, error) {
		tags := slices.Clone(p.Conversation.Tags)
		for _, t := range strings.Fields(c.Word) {
			off, is := strings.CutPrefix(t, "-")
			tags = slices.DeleteFunc(tags, func(have string) bool { return have == off })
			if !is {
				tags = append(tags, t)
			}
		}
		if len(tags) > desk.MaxTags {
			return p, &Refusal{Rule: "tag", Title: "Nothing was done, and nothing was sent", Why: fmt.Sprintf("A conversation has at most %d tags.", desk.MaxTags),
				Next: "Take one off first: #tag -" + tags[0] + "."}
		}
		p.Conversation.Tags = tags
		return p.changed("tag"), nil
	},
}
