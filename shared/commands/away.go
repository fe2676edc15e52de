package commands

import (
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
)

// away says that the agent does not work until a time, or until #back: who waits for
// them goes to colleagues, and nothing new is given to them. It is about the agent and
// not the conversation, so that text beside it goes nowhere.
var away = Command{
	Name: desk.CommandAway, Also: []string{"ooo", "absent"}, Maybe: []string{"vacation", "holiday", "holidays", "sick", "ill", "leave", "off"}, Alone: true,
	Time: "#away stands alone, or with until when, like #away until Friday or #away 3d", TimeMay: true, TimeTill: true, Spoken: true,
	Help: []Line{{"#away until Friday", "your waiting ones go to colleagues, and nothing new comes to you; #away alone holds until #back"}},
	Decide: func(f Facts, c desk.Command, p Plan) (Plan, error) {
		a := desk.Absence{Agent: f.Agent.ID, From: f.Now}
		title, ends := "You are away until you say #back", "It ends by #back in reply to any mail of ours, or when you answer somebody on a later day."
		if c.Word != "" {
			at, _, err := f.moment(c)
			if err != nil {
				return p, err
			}
			a.Until = at
			title, ends = "You are away until "+at.Format("Mon 2 January, 15:04"), "#back in reply to any mail of ours ends it before."
		}
		rota := f.Rota
		rota.Leave(a)
		p.Rota = &rota
		goes := "Who waits for you goes to colleagues within a minute; each is told why."
		if alone(f) {
			goes = "Nobody else answers " + page.OneLine(f.Mailbox.Name) + ", so who waits there waits until you are back."
		}
		p.Page = &Page{What: "away", Title: title, Why: goes + " Nothing new is given to you, and no mail about customers comes to you. " +
			"The morning mail tells you what moved when you are back. " + ends}
		return p, nil
	},
}

// alone reports whether nobody else answers the mailbox who is not away.
func alone(f Facts) bool {
	for _, a := range f.Settings.AgentsOf(f.Mailbox) {
		if _, out := f.Rota.At(a.ID, f.Now); !out && a.ID != f.Agent.ID {
			return false
		}
	}
	return true
}

// back ends it.
var back = Command{
	Name: desk.CommandBack, Also: []string{"here"}, Maybe: []string{"return", "returned"}, Alone: true,
	Help: []Line{{"#back", "ends #away, and what your vacation program told us"}},
	Read: func(behind string) (string, string) {
		return nothingBehind("#back", behind, "again", "today", "here", "now", "at work", "at my desk", "i am", "please")
	},
	Decide: func(f Facts, _ desk.Command, p Plan) (Plan, error) {
		rota := f.Rota
		p.Page = &Page{What: "back", Title: "Welcome back", Why: "You are counted as at work again, within your hours. What went to colleagues stays with them unless you #take it; your next morning mail lists it."}
		if p.Rota = &rota; !rota.Return(f.Agent.ID, f.Now) {
			p.Rota = nil
			p.Page.Title, p.Page.Why = "You were not away", "Nothing was changed: as far as we know you are at work, within your hours."
		}
		return p, nil
	},
}
