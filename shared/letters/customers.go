package letters

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
)

// Customers are those of whom the team says something and for whom it went wrong: who may
// be lost, and who was won back.
type Customers struct {
	AtRisk, Won                     int
	Risky, Saved                    []Customer // the first of them, by potential
	RevenueAtRisk, RevenueProtected Estimate
	Currency                        string // of both; "" is not said
	AtRiskIDs, WonIDs               []desk.ConversationID
}

// Customer is one of them. Who answered them is not in it.
type Customer struct {
	Person       desk.Person
	Conversation desk.ConversationID
	Why          Trouble
	Since        time.Time // when it last went wrong
	Waits        time.Time // since when they wait for us; zero: they do not
	Potential    float64
	Silent       bool // they have not written since, and do not wait
}

// Estimate is what customers may order in a year, which nobody knows. Sum is 0 where too few
// of them have a revenue in the team's list.
type Estimate struct {
	Customers      int // with a revenue
	Sum, Low, High float64
}

// Trouble is what went wrong, the weightiest last.
type Trouble int

// The troubles.
const (
	TroubleAskedAgain Trouble = iota + 1
	TroubleLongWait
	TroubleBounced
	TroubleCameBack
	TroubleUnanswered
	TroubleSaidNot
)

func (t Trouble) String() string {
	return [...]string{"", "asked again", "waited three days", "an answer did not arrive", "came back", "was closed without an answer", "said “not yet”"}[t]
}

// Plus is both mailboxes' together.
func (c Customers) Plus(o Customers) Customers {
	merge := func(a, b []Customer) []Customer {
		out := append(append([]Customer{}, a...), b...)
		for i := range out { // a few, by insertion
			for k := i; k > 0 && out[k].Potential > out[k-1].Potential; k-- {
				out[k], out[k-1] = out[k-1], out[k]
			}
		}
		if len(out) == 0 {
			return nil
		}
		return out[:min(len(out), max(len(a), len(b)))]
	}
	c.AtRisk, c.Won = c.AtRisk+o.AtRisk, c.Won+o.Won
	c.Risky, c.Saved = merge(c.Risky, o.Risky), merge(c.Saved, o.Saved)
	c.RevenueAtRisk, c.RevenueProtected = c.RevenueAtRisk.plus(o.RevenueAtRisk), c.RevenueProtected.plus(o.RevenueProtected)
	return c
}

func (e Estimate) plus(o Estimate) Estimate {
	return Estimate{e.Customers + o.Customers, e.Sum + o.Sum, e.Low + o.Low, e.High + o.High}
}

// customers tells of them. Only who answers the mailbox reads names.
func (p *reportPage) customers(m WeekOfMailbox, level int) (out []page.Block) {
	c := m.Customers
	if c.AtRisk+c.Won == 0 {
		return nil
	}
	out = append(out, page.Heading{Level: level, Text: "Customers at risk, and won"})
	var items []string
	who := "Who they are is told to those who answer the mailbox."
	if p.names(m) {
		who = "Those of the most potential first; #why at-risk mails you the conversations."
	}
	if c.AtRisk > 0 {
		out = append(out, page.Paragraph{Text: fmt.Sprintf("It went wrong for %s of whom your list says something, and nothing has made up for it.%s %s",
			page.Count(c.AtRisk, "customer", "customers"), c.RevenueAtRisk.said(c.Currency, "at risk"), who)})
		for _, x := range c.Risky {
			if !p.names(m) {
				break
			}
			how := "wrote again since"
			if !x.Waits.IsZero() {
				how = "waits since " + p.w.day(x.Waits)
			} else if x.Silent {
				how = "silent since " + p.w.day(x.Since)
			}
			items = append(items, fmt.Sprintf("%s: %s, %s [%s]", page.Excerpt(personName(x.Person), 60), x.Why, how, x.Conversation.Reference()))
		}
	}
	if len(items) > 0 {
		out = append(out, page.Bullets{Items: items})
	}
	if c.Won > 0 {
		text := fmt.Sprintf("Won back: %s who had a bad time, and then thanked or said that it is solved.%s", page.Count(c.Won, "customer", "customers"), c.RevenueProtected.said(c.Currency, "protected"))
		var saved []string
		for _, x := range c.Saved {
			if p.names(m) {
				saved = append(saved, page.Excerpt(personName(x.Person), 60))
			}
		}
		if len(saved) > 0 {
			text += " " + strings.Join(saved, ", ") + "."
		}
		out = append(out, page.Paragraph{Text: text})
	}
	return out
}

// said says what it may come to in a year.
func (e Estimate) said(currency, what string) string {
	switch {
	case e.Customers == 0:
		return ""
	case e.Sum == 0:
		return " Too few of them have a revenue in it to say what is " + what + "."
	}
	money := func(f float64) string { // two digits: more would be no knowledge
		step := math.Pow(10, math.Max(0, math.Floor(math.Log10(math.Max(f, 1)))-1))
		return page.Thousands(int(math.Round(f/step) * step))
	}
	return fmt.Sprintf(" An estimate of what is %s in a year: %s, likely between %s and %s.", what, strings.TrimSpace(money(e.Sum)+" "+currency), money(e.Low), money(e.High))
}
