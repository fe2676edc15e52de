package commands

import "github.com/replywell/replywell/shared/desk"

// writeNew mails the address to which the agent writes first.
var writeNew = Command{
	Name: "new", Also: []string{"compose"}, Maybe: []string{"write", "outgoing", "newmail"}, Alone: true,
	Help: []Line{{"#new", "mails you your address for writing to a customer first"}},
	Read: func(behind string) (string, string) {
		return nothingBehind("#new", behind, "please", "mail", "conversation", "message")
	},
	Decide: func(f Facts, _ desk.Command, p Plan) (Plan, error) {
		p.Page = &Page{What: "new", Title: "Write to a customer first", New: true,
			Why: "To the address below, from your own mailbox. It is yours alone. Nothing was sent or changed."}
		return p, nil
	},
}
