package commands

import (
	"fmt"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
)

// help mails the list of commands, below those that this agent most likely needs now.
var help = Command{
	Name: desk.CommandHelp, Alone: true,
	Help:  []Line{{"#help", "mails you this list, what you most likely need now first; nothing is sent"}},
	Needs: func(Facts, desk.Command) Needs { return Needs{Ready: true, Templates: true, Welcomed: true} },
	Decide: func(f Facts, _ desk.Command, p Plan) (Plan, error) {
		p.Page = &Page{What: "help", Help: true}
		if likely := f.likely(); len(likely) > 0 {
			p.Page.Blocks = []page.Block{page.Heading{Level: 2, Text: "Most likely what you need now"}, page.Commands{Commands: likely},
				page.Heading{Level: 2, Text: "All there is"}}
		}
		return p, nil
	},
}

const (
	mostLikely = 4
	// newFor is how long an agent is new.
	newFor = 14 * 24 * time.Hour
)

// likely is what an agent needs in the place of the mail that is answered, the likeliest
// first: what can still be stopped, what the customer waits for, what the agent has not
// tried yet.
func (f Facts) likely() (out []page.Command) {
	add := func(is bool, name, meaning string) {
		if is && len(out) < mostLikely {
			out = append(out, page.Command{Name: name, Meaning: meaning})
		}
	}
	who := Customer(f.Conversation)
	_, waits := f.Conversation.Waits()
	for _, l := range f.Conversation.Leaving {
		add(l.Agent == f.Agent.ID && l.Until.After(f.Now), "#undo", "stops your answer, which leaves at "+l.Until.In(f.Settings.ZoneOf(f.Agent)).Format("15:04")+"; reply to "+who+"’s mail with it")
	}
	answered, noted := f.wrote()
	fresh := !f.Welcomed.IsZero() && f.Now.Sub(f.Welcomed) < newFor
	if first := f.sendable(); waits && f.Conversation.Customer.Address != "" {
		add(!f.Team, "your own words", "reply to "+who+"’s mail with them, and they go to "+who)
		add(f.Team, "#answer", "in the first line sends the text below it to "+who+"; without it a reply stays in the team")
		add(first > 0, fmt.Sprintf("#send %d", first), f.title(first))
		add(f.Conversation.Owner != f.Agent.ID && len(f.Mailbox.Agents) > 1, "#take", "makes it yours, so that no two of you answer")
		add(len(f.Templates) > 0 && first == 0, "#template", "mails you the texts that the team has ready")
		add(first == 0, "#kb words", "mails you the articles that fit the words")
	} else if f.Conversation.Customer.Address != "" {
		add(f.Conversation.State != desk.StateSolved, "#close", "marks this as solved")
		add(answered && f.Conversation.State != desk.StateSolved, "#pending", "waits for "+who)
		add(true, "#answer", "in the first line sends the text below it to "+who)
	}
	add(fresh && !answered, "#practice", "tries all this on a made-up customer first")
	add(!noted, "#note", "keeps the text below it for the team")
	return out
}

// wrote reports what the agent has written in the conversation so far.
func (f Facts) wrote() (answered, noted bool) {
	for _, m := range f.Messages {
		if m.Agent == f.Agent.ID {
			answered, noted = answered || m.Kind == desk.KindAnswer, noted || m.Kind == desk.KindNote
		}
	}
	return answered, noted
}

// sendable is the number of the first ready answer that can be sent; 0 is none.
func (f Facts) sendable() int {
	for i, r := range f.Ready {
		if !r.Missing && r.Unsendable == "" {
			return i + 1
		}
	}
	return 0
}

func (f Facts) title(n int) string {
	return "sends “" + strings.TrimSpace(page.Excerpt(f.Ready[n-1].Title, 80)) + "”"
}
