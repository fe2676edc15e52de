package commands

import (
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/desk"
)

// What of a conversation goes along to a department is said in these words, behind its
// name; AlongWords may stand between them.
var (
	AllWords   = []string{"all", "everything", "thread", "history", "alles", "verlauf", "tout", "todo", "tutto"}
	NotesWords = []string{"note", "notes", "notiz", "notizen", "notas"}
	AlongWords = []string{"and", "with", "the", "whole", "entire", "full", "our", "internal", "und", "mit", "ganzer", "ganzen", "den", "dem", "et", "avec", "y", "con", "please", "bitte"}
)

// Asked is a question to a department.
type Asked struct {
	Department desk.Department
	Question   string // may be empty: then the customer's mail is the question
	Whole      bool   // all that was said with the customer goes along
	Notes      bool   // and what the team noted
}

// forward asks a department by mail. Its reply is a note; the agent sends.
var forward = Command{
	Name: desk.CommandForward, Also: []string{"fwd", "forwarded"}, Maybe: []string{"ask", "consult", "escalate", "department"},
	Help: []Line{{"#forward warehouse", "asks that department, with the text below it and the customer's mail; its reply is a note"},
		{"#forward warehouse all", "sends the whole thread along, and with “all notes” the team's notes too"}},
	Needs: func(f Facts, c desk.Command) Needs {
		return Needs{All: slices.Contains(strings.Fields(c.Word), "all") || slices.Contains(strings.Fields(c.Word), "notes"), Files: true}
	},
	Decide: func(f Facts, c desk.Command, p Plan) (Plan, error) {
		word := strings.Fields(c.Word)
		no := func(why, next string) (Plan, error) {
			return p, &Refusal{Rule: "forward", Title: "Nothing was done, and nothing was sent", Why: why, Next: next}
		}
		if len(word) == 0 {
			return no("#forward needs the name of a department.", "Answer this mail with #forward and the name.")
		}
		d, there := f.Settings.Department(word[0])
		if !there || d.Mailbox != "" && d.Mailbox != f.Mailbox.ID {
			return no("There is no department “"+word[0]+"” for this mailbox.", "Answer this mail with one of those that the settings name.")
		}
		if len(f.Question) > MaxQuestionTo {
			return no("The question is too long for a mail that somebody is to read.", "Write what they need to know in a page.")
		}
		p.Asks = &Asked{Department: d, Question: f.Question, Whole: slices.Contains(word, "all"), Notes: slices.Contains(word, "notes")}
		return p.changed("forward"), nil
	},
}

// MaxQuestionTo bounds a question to a department, in bytes.
const MaxQuestionTo = 16 << 10
