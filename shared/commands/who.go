package commands

import (
	"fmt"
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
)

// who mails what is known of the customer.
var who = Command{
	Name: "who", Also: []string{"whois"}, Maybe: []string{"customer", "contact", "client"}, Alone: true,
	Help: []Line{{"#who", "mails you who the customer is, and their other conversations"}},
	Read: func(behind string) (string, string) {
		return nothingBehind("#who", behind, "is this", "is it", "is the customer", "is that", "please")
	},
	Needs: func(Facts, desk.Command) Needs { return Needs{Beside: true} },
	Decide: func(f Facts, _ desk.Command, p Plan) (Plan, error) {
		c := f.Conversation
		if c.Customer.Address == "" {
			return p, &Refusal{Rule: "who", Title: "Nobody knows who this is", Why: "The mail names no address of its sender, so there is nothing to find them by.",
				Next: "#history mails you all that was said."}
		}
		all := slices.Clone(f.Beside)
		if !slices.ContainsFunc(all, func(o desk.Conversation) bool { return o.ID == c.ID }) {
			all = append(all, c)
		}
		slices.SortStableFunc(all, func(a, b desk.Conversation) int { return b.Opened.Compare(a.Opened) })
		var open, wrote, answers int
		var items []string
		for i, o := range all {
			wrote, answers = wrote+o.CustomerMessages, answers+o.Answers
			state := map[desk.State]string{desk.StateOpen: "waits for us", desk.StateAnswered: "answered", desk.StateSolved: "solved"}[o.State]
			if o.State == desk.StateOpen {
				open++
			}
			if i < mostNamed {
				items = append(items, fmt.Sprintf("[%s] %s: %s, %s", o.ID.Reference(), page.Excerpt(o.Subject, 80), state, o.Activity.UTC().Format("2 Jan 2006")))
			}
		}
		facts := []page.Fact{{Label: "Address", Value: page.Excerpt(c.Customer.Address, 200)}, {Label: "Writes since", Value: all[len(all)-1].Opened.UTC().Format("2 January 2006")},
			{Label: "So far", Value: page.Count(len(all), "conversation", "conversations") + ", " + page.Count(open, "waits for us", "wait for us") + "; " +
				page.Count(wrote, "message", "messages") + " of theirs, " + page.Count(answers, "answer", "answers") + " of ours"}}
		var copied []string
		for _, x := range c.Participants {
			copied = append(copied, x.Address)
		}
		if len(copied) > 0 {
			facts = append(facts, page.Fact{Label: "In copy here", Value: page.Excerpt(strings.Join(copied, ", "), 400)})
		}
		blocks := []page.Block{page.Facts{Facts: facts}, page.Heading{Level: 2, Text: "Conversations, the latest first"}, page.Bullets{Items: items}}
		if more := len(all) - len(items); more > 0 {
			blocks = append(blocks, page.Paragraph{Text: page.Count(more, "older one is", "older ones are") + " not listed."})
		}
		p.Page = &Page{What: "who", Title: page.Excerpt(Customer(c), 80), Why: "What is known of them by their mail. Nothing was sent or changed.", Blocks: blocks}
		return p, nil
	},
}

// mostNamed bounds the conversations that a page lists.
const mostNamed = 30
