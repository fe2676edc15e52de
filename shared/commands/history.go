package commands

import (
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
)

// history mails all that was said.
var history = Command{
	Name: "history", Also: []string{"thread"}, Maybe: []string{"log", "transcript", "past", "everything"}, Alone: true,
	Help:  []Line{{"#history", "mails you all that was said here, the team's notes too"}},
	Read:  func(behind string) (string, string) { return nothingBehind("#history", behind, "please", "all") },
	Needs: func(Facts, desk.Command) Needs { return Needs{All: true} },
	Decide: func(f Facts, _ desk.Command, p Plan) (Plan, error) {
		p.Page = &Page{What: "history", Title: "All that was said", Said: f.All,
			Why: page.Count(len(f.All), "entry", "entries") + ", the oldest first. Nothing was sent or changed."}
		return p, nil
	},
}
