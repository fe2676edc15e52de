package commands

import (
	"strings"

	"github.com/replywell/replywell/shared/desk"
)

// topic says in a few words what a conversation is about.
var topic = Command{
	Name: "topic", Maybe: []string{"about", "subject", "theme"},
	Help: []Line{{"#topic returns", "says what this is about; #topic none takes it off"}},
	Read: func(behind string) (word, missing string) {
		word = strings.Join(strings.Fields(strings.Trim(behind, " .:;,!\"'“”")), " ")
		switch {
		case word == "":
			return "", "#topic needs a few words, like #topic returns"
		case len(word) > desk.MaxTopic:
			return "", "a topic is a few words; put the rest behind #note on a line of its own"
		}
		return word, ""
	},
	Decide: func(_ Facts, c desk.Command, p Plan) (Plan, error) {
		if p.Conversation.Topic = c.Word; strings.EqualFold(c.Word, "none") || c.Word == "-" {
			p.Conversation.Topic = ""
		}
		return p.changed("topic"), nil
	},
}
