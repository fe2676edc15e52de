package desk

import "time"

// AutomaticPolicy bounds the mail that leaves without a person's decision for
// anybody who is not of the team: acknowledgements. It counts what was
// promised to be sent, and looks at nothing that the other side says, so no
// program of theirs can talk it into more. The zero value sends none.
type AutomaticPolicy struct {
	PerAddress      int // mails to one address within AutomaticWindow
	PerConversation int // mails in one conversation within AutomaticWindow
}

// AutomaticWindow is what the policy counts over. It slides, so that no
// midnight lets twice as many through.
const AutomaticWindow = 24 * time.Hour

// The bounds of an AutomaticPolicy: what holds where the team says nothing, and
// what no team can exceed.
const (
	DefaultAutomatic = 3
	MostAutomatic    = 10
)

// Bounded gives the policy within the hard bounds, whatever was set.
func (p AutomaticPolicy) Bounded() AutomaticPolicy {
	return AutomaticPolicy{
		PerAddress:      min(max(p.PerAddress, 0), MostAutomatic),
		PerConversation: min(max(p.PerConversation, 0), MostAutomatic),
	}
}

// Automatic reports whether the mail leaves without a person's decision for
// somebody who is not of the team. Mail to an agent has bounds of its own; a
// report goes to those whom the team named for it, and a probe to the desk itself.
func (o OutboxItem) Automatic() bool {
	return o.Decided == "" && o.Agent == "" && o.Kind != OutboxReport && o.Kind != OutboxProbe
}
