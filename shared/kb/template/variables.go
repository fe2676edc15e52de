package template

import (
	"strings"

	"github.com/agnivade/levenshtein"
)

// Variable is something that a template can name.
type Variable struct{ Name, Meaning string }

// The variables.
const (
	CustomerName      = "customer.name"
	CustomerFirstName = "customer.first_name"
	CustomerAddress   = "customer.address"
	AgentName         = "agent.name"
	AgentFirstName    = "agent.first_name"
	MailboxName       = "mailbox.name"
	MailboxAddress    = "mailbox.address"
	Subject           = "subject"
	Order             = "order"
)

// Variables lists all that there are.
func Variables() []Variable {
	return []Variable{
		{CustomerName, "the customer's name, as a person is greeted by it"}, {CustomerFirstName, "its first word"}, {CustomerAddress, "the address that the answer goes to"},
		{AgentName, "the agent's name as customers see it; the mailbox's where they see none"}, {AgentFirstName, "its first word"},
		{MailboxName, "the mailbox's name"}, {MailboxAddress, "its address"}, {Subject, "the subject of the customer's mail"},
		{Order, "the order number that the customer wrote, where there is just one"},
	}
}

// Known reports whether there is a variable of that name.
func Known(name string) bool {
	for _, v := range Variables() {
		if v.Name == name {
			return true
		}
	}
	return false
}

// nearest bounds how far a name may be from the variable that it is taken for, in
// letters.
const nearest = 3

// Near gives the variable that a name was most likely meant for; "" is none. Names are
// compared without what parts their words, so "customer_name" and "Customer Name" are
// near to "customer.name".
func Near(name string) string {
	best, least := "", nearest+1
	bare := plain(name)
	for _, v := range Variables() {
		d := levenshtein.ComputeDistance(bare, plain(v.Name))
		if d < least && 2*d < len(bare) {
			best, least = v.Name, d
		}
	}
	if best == "" && len(bare) > 2 {
		for _, v := range Variables() { // "name", "firstname": the end of one
			if strings.HasSuffix(plain(v.Name), bare) {
				return v.Name
			}
		}
	}
	return best
}

// plain is a name without what parts its words.
func plain(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("._- ", r) {
			return -1
		}
		return r
	}, strings.ToLower(name))
}
