package commands

import "github.com/replywell/replywell/shared/desk"

// pending says that we wait for the customer. Where the mailbox follows up, the
// customer is asked once, and then it is closed.
var pending = Command{
	Name: desk.CommandPending, Also: []string{"waiting"}, Maybe: []string{"onhold", "on-hold", "parked"},
	Help: []Line{{"#pending", "waits for the customer; where the settings say so, they are asked once, and then it closes"}},
	Read: func(behind string) (string, string) {
		return nothingBehind("#pending", behind, "customer", "on customer", "for customer", "for the customer", "on the customer", "please", "reply", "answer")
	},
	Decide: func(f Facts, _ desk.Command, p Plan) (Plan, error) {
		if f.Unseen() != nil {
			return p, &Refusal{Rule: "pending", Title: "Nothing was done, and nothing was sent", Why: Customer(f.Conversation) + " has written since the mail that you answered, so it is not their turn.",
				Next: "Answer their new mail, with #pending beside your answer.", Shows: true}
		}
		p.Pending = true
		return p.changed("pending"), nil
	},
}

// opened says that it is our turn again.
var opened = Command{
	Name: "open", Also: []string{"reopen"}, Maybe: []string{"unsnooze", "active"},
	Help: []Line{{"#open", "makes it our turn again: after #pending, #snooze or #close"}},
	Read: func(behind string) (string, string) {
		return nothingBehind("#open", behind, "it", "this", "again", "please")
	},
	Decide: func(f Facts, _ desk.Command, p Plan) (Plan, error) {
		if f.Conversation.Aside.Why != "" {
			p.Aside = f.back()
			return p, nil
		}
		p.Open = true
		return p.changed("open"), nil
	},
}
