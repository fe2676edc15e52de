package desk

import "time"

// Consult notes that a department was asked. Who is asked again has one open question.
func (c *Conversation) Consult(q Consulted) {
	var list []Consulted
	for _, x := range c.Consulted {
		if x.Department != q.Department || !x.Open() {
			list = append(list, x)
		}
	}
	list = append(list, q)
	for i := 0; len(list) > MaxAsked && i < len(list); i++ {
		if !list[i].Open() || i == len(list)-1 {
			list = append(list[:i:i], list[i+1:]...)
			i = -1
		}
	}
	c.Consulted = list[max(0, len(list)-MaxAsked):]
}

// DepartmentReplied notes that a department replied, and gives who had asked it: of the
// open question, else of the last; nil: it was never asked here.
func (c *Conversation) DepartmentReplied(department string, at time.Time) (asked *Consulted) {
	c.Consulted = append([]Consulted(nil), c.Consulted...)
	for i := range c.Consulted {
		q := &c.Consulted[i]
		if q.Department != department {
			continue
		}
		asked = q
		if q.Open() {
			q.Answered, q.Remind = at, time.Time{}
			return q
		}
	}
	return asked
}

// WaitsFor are the departments that have not replied, who was asked first first.
func (c Conversation) WaitsFor() (out []Consulted) {
	for _, q := range c.Consulted {
		if q.Open() {
			out = append(out, q)
		}
	}
	return out
}

// DepartmentReply is what is known of a mail at the address at which a department replies.
type DepartmentReply struct {
	Department Department
	Who        Person
	Verified   bool   // the receiving service vouches for Who
	LetIn      string // Agent.ID: who said that it is to be a note, though it does not
	Automatic  bool   // the department's mailbox answered by itself
	Foreign    string // the address of Who, where it is none of the department's
	Copied     bool   // the customer stood in copy
}
