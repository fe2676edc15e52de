package commands

import (
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
)

// team gives a conversation to a team: it is nobody's until one of them takes it, or
// one of them who is at work gets it by turn where the mailbox shares out.
var team = Command{
	Name: "team", Maybe: []string{"group", "queue", "dept"}, ToColleague: true,
	Help: []Line{{"#team billing", "gives this to a team of the settings; #team none takes it off"}},
	Read: func(behind string) (word, missing string) {
		if word = nameIn(strings.TrimPrefix(behind, "#")); word == "" {
			return "", "#team needs the name of a team, like #team billing"
		}
		return word, ""
	},
	Decide: func(f Facts, c desk.Command, p Plan) (Plan, error) {
		if slices.Contains([]string{"none", "nobody", "-", "no team"}, strings.ToLower(c.Word)) {
			p.Conversation.Team = ""
			return p.changed("team"), nil
		}
		var names []string
		for _, t := range f.Settings.Teams {
			names = append(names, t.Name)
			if !strings.EqualFold(t.ID, c.Word) && !strings.EqualFold(t.Name, c.Word) {
				continue
			}
			if !slices.ContainsFunc(f.Mailbox.Agents, func(id string) bool { return slices.Contains(t.Agents, id) }) {
				return p, noTeam("None of the team “"+t.Name+"” answers "+page.OneLine(f.Mailbox.Name)+".", names)
			}
			p.Conversation.Team = t.ID
			p.ForTeam = true
			return p.changed("team"), nil
		}
		if names == nil {
			return p, &Refusal{Rule: "team", Title: "Nothing was done, and nothing was sent", Why: "The settings name no teams.",
				Next: "#assign and a name gives this to a colleague. Teams are set up under teams in the configuration."}
		}
		return p, noTeam("No team is called “"+shortened(c.Word)+"”.", names)
	},
}

func noTeam(why string, names []string) error {
	return &Refusal{Rule: "team", Title: "Nothing was done, and nothing was sent", Why: why, Next: "Answer this mail again, with one of these: " + strings.Join(names, ", ") + "."}
}
