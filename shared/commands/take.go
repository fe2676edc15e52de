package commands

import "github.com/replywell/replywell/shared/desk"

// take makes a conversation the agent's own. Nobody is mailed for it: whose it is
// stands in the first line of each mail about it.
var take = Command{
	Name: "take", Also: []string{"mine"}, Maybe: []string{"claim", "grab", "own", "takeover"},
	Help: []Line{{"#take", "makes this yours; colleagues see it in the first line of the next mail"}},
	Read: func(behind string) (string, string) {
		return nothingBehind("#take", behind, "it", "this", "this one", "please", "over", "it over")
	},
	Decide: func(f Facts, _ desk.Command, p Plan) (Plan, error) {
		return f.own(p, f.Agent.ID, "take"), nil
	},
}
