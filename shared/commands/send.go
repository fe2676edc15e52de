package commands

import (
	"fmt"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
)

// send sends a ready answer, as the mail that is answered numbered it.
var send = Command{
	Name: desk.CommandSend, Often: true, Inserts: true,
	Help:  []Line{{"#send 1", "sends ready answer 1 of the mail that you answer, after your own text; a greeting is added if you wrote none"}},
	Needs: needsReady,
	Decide: func(f Facts, c desk.Command, p Plan) (Plan, error) {
		r, err := f.readyAnswer(c.Argument)
		if err != nil {
			return p, err
		}
		if r.Unsendable != "" {
			return p, f.badArticle(r.Unsendable)
		}
		p.Ready = append(p.Ready, r)
		return p, nil
	},
}

// show mails a ready answer to the agent as it would be sent, whole, and what
// belongs to it for the team.
var show = Command{
	Name: desk.CommandShow, Alone: true,
	Help: []Line{{"#show 1", "mails you all of it, as it would be sent, and #show NAME a template; nothing is sent"}},
	Needs: func(_ Facts, c desk.Command) Needs {
		if c.Word != "" {
			return Needs{Filled: []string{c.Word}}
		}
		return Needs{Ready: true}
	},
	Decide: func(f Facts, c desk.Command, p Plan) (Plan, error) {
		if c.Word != "" {
			p.Page = f.preview(c.Word)
			return p, nil
		}
		r, err := f.readyAnswer(c.Argument)
		p.Page = &Page{What: "show", ReadyAnswer: &r, Number: c.Argument}
		return p, err
	},
}

func needsReady(Facts, desk.Command) Needs { return Needs{Ready: true} }

// readyAnswer finds the ready answer that a number means, or says why there is none.
func (f Facts) readyAnswer(n int) (Ready, error) {
	no := func(offers, next string) (Ready, error) {
		return Ready{}, &Refusal{Rule: "no-such-suggestion", Title: "Nothing was sent",
			Why: fmt.Sprintf("You asked for ready answer %d, and the mail you answered offers %s.", n, offers), Next: next}
	}
	switch {
	case len(f.Ready) == 0:
		return no("none", "Answer this mail with #answer and your own text below it.")
	case n > len(f.Ready):
		return no(page.Count(len(f.Ready), "ready answer", "ready answers"), "Answer this mail with a number that is there, or with #answer and your own text.")
	case f.Ready[n-1].Missing:
		// Its title went with it, and the agent never saw its id.
		return Ready{}, f.badArticle(fmt.Sprintf("The article that was ready answer %d is not in the knowledge base any more.", n))
	}
	return f.Ready[n-1], nil
}

func (f Facts) badArticle(why string) *Refusal {
	next := "Answer this mail with #answer and your own text below it."
	if len(f.Ready) > 1 {
		next = "Answer this mail with #answer and your own text below it, or with another ready answer."
	}
	return &Refusal{Rule: "article", Title: "Nothing was sent", Why: why, Next: next}
}
