package commands

import (
	"github.com/replywell/replywell/shared/desk"
)

// All gives every command, in the order in which #help lists them. It is a function,
// not a variable: a program that asks for none links none.
func All() []Command {
	return []Command{send, show, template, kb, article, learn, note, closing, answer, sendAnyway, assign, take, snooze, remind, pending, opened, team, away, back, priority, topic, tag, forward, cause, fixed, split, merge, add, remove, undo, spam, block, unblock, same, history, who, find, practice, writeNew, help}
}

// Named gives a command by its name.
func Named(name string) (Command, bool) {
	for _, c := range All() {
		if c.Name == name {
			return c, true
		}
	}
	return Command{}, false
}

// Of gives what the orders of a mail need, and whether one of them stands alone:
// the mail's text goes nowhere then.
func Of(f Facts, orders []desk.Command) (n Needs, alone bool) {
	for _, o := range orders {
		c, _ := Named(o.Name)
		alone = alone || c.Alone
		if c.Needs != nil {
			n = n.and(c.Needs(f, o))
		}
	}
	return n, alone
}

// Decide lets each order of a mail add to the plan; the first that cannot be done
// refuses all.
func Decide(f Facts, orders []desk.Command) (p Plan, err error) {
	p.Conversation = f.Conversation
	for _, o := range orders {
		if c, _ := Named(o.Name); c.Decide != nil {
			if p, err = c.Decide(f, o, p); err != nil {
				return p, err
			}
		}
	}
	return p, nil
}
