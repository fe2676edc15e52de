package desk

// NewsTo reports whether a message is news to an agent who had not been shown it:
// whether an answer that was written without it may be the wrong one. A customer's
// mail is, if it says more than thank you; so is a colleague's answer, and a
// colleague's note that is marked for all. What the agent sent or brought himself
// is none, nor what no person wrote: an out-of-office note, an acknowledgement, a
// closing.
func (m Message) NewsTo(agent string) bool {
	switch m.Kind {
	case KindCustomer:
		return !m.Thanks && m.Agent != agent
	case KindAnswer:
		return m.Agent != agent
	case KindNote:
		return m.ForAll && m.Agent != agent
	}
	return false
}
