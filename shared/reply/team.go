package reply

import (
	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store"
	await "github.com/replywell/replywell/shared/waiting"
)

// toTeam makes a conversation that was given to a team one of its agents' by turn, where
// the mailbox shares out and somebody waits, and gives whom to tell: them, or all of the
// team. Whose it was is none of the team keeps nothing of it.
func toTeam(f commands.Facts, conv *desk.Conversation, c *store.Change) (tells []commands.Handed) {
	team := await.For(f.Settings, f.Mailbox, *conv)
	for _, a := range team {
		if a.ID == conv.Owner {
			return nil
		}
	}
	t, _ := f.Settings.Team(conv.Team)
	conv.Owner = ""
	if _, waits := conv.Waits(); waits {
		rota := f.Rota
		if to := await.Assign(f.Settings, f.Mailbox, *conv, nil, f.Now, rota); to != "" {
			rota.Give(to, conv.ID, f.Now)
			conv.HandTo(to)
			c.Rota = &rota
		}
	}
	for _, a := range team {
		if a.ID == f.Agent.ID || conv.Owner != "" && a.ID != conv.Owner {
			continue
		}
		if _, away := f.Rota.At(a.ID, f.Now); away {
			continue
		}
		h := commands.Handed{To: a, Did: "gave this to " + t.Name, Then: "Nobody of the team has it yet. #take makes it yours."}
		if conv.Owner != "" {
			h.Then = "It is yours from now on, by turn."
		}
		tells = append(tells, h)
	}
	return tells
}
