package commands

import (
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/desk"
)

// priority says how urgent a conversation is.
var priority = Command{
	Name: "priority", Also: []string{"prio"}, Maybe: []string{"urgency", "urgent", "important"},
	Help: []Line{{"#priority high", "marks this as high, normal or low in the mails about it"}},
	Read: func(behind string) (word, missing string) {
		word = strings.ToLower(strings.Trim(behind, " .:;,=!\"'“”"))
		for name, words := range map[string][]string{
			desk.PriorityHigh: {"high", "hi", "urgent", "top", "1", "asap", "very high", "highest"},
			"normal":          {"normal", "medium", "none", "-", "2", "default", "usual"},
			desk.PriorityLow:  {"low", "lowest", "3", "not urgent", "no hurry"},
		} {
			if slices.Contains(words, word) {
				return name, ""
			}
		}
		return "", "a priority is high, normal or low, like #priority high"
	},
	Decide: func(_ Facts, c desk.Command, p Plan) (Plan, error) {
		if p.Conversation.Priority = c.Word; c.Word == "normal" {
			p.Conversation.Priority = ""
		}
		return p.changed("priority"), nil
	},
}
