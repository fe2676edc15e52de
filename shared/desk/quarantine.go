package desk

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// HeldMail is one line of a list of held mail: a mail, and those that say the
// same from the same sender, which are decided on with it.
type HeldMail struct {
	Inbound
	Copies []Inbound
	Known  int // conversations that the sender has had with us; see SortHeld
}

// IDs are the records that the line is about.
func (h HeldMail) IDs() []string {
	ids := []string{h.Inbound.ID}
	for _, c := range h.Copies {
		ids = append(ids, c.ID)
	}
	return ids
}

// Quarantine is what is held, as a lead is told of it.
type Quarantine struct {
	Decide  []HeldMail // somebody must decide: known senders first, then the newest
	Nothing []HeldMail // nothing is to be done: it cannot be let in, or no person wrote it
	Earlier int        // lines of either kind that earlier lists told of
}

// Sender is the address of who wrote a held mail, as its summary says.
func (in Inbound) Sender() string {
	from := in.Summary.From
	if i := strings.LastIndexByte(from, '<'); i >= 0 {
		from = strings.TrimRight(from[i+1:], "> ")
	}
	return strings.ToLower(strings.TrimSpace(from))
}

// OwnSlip reports whether a mail is held for an agent alone: it came in the
// agent's name or to an address made for the agent, and only that agent can say
// what shall become of it.
func (in Inbound) OwnSlip() bool { return in.Hold == HoldAgent && in.Agent != "" }

// CanBeLetIn reports whether a lead can release a held mail.
func (in Inbound) CanBeLetIn() bool {
	switch in.Hold {
	case HoldSpam, HoldVerification, HoldUnverified, HoldReport:
		return true
	}
	return false
}

// mayBeReal reports whether a person may have written it who waits for an answer.
func (in Inbound) mayBeReal() bool {
	return in.Hold == HoldUnverified || in.Hold == HoldSpam && in.Automatic == ""
}

// SortHeld makes a list of what is held, without what is for an agent alone. What
// says the same from the same sender is one line. seen is when the last list was
// written: what was held before, or was decided on before and held again, is not
// new, nor is a line of which any part is not. all lists it nevertheless, with
// everything that can be let in among what is to be decided. known gives how many
// conversations a sender has had.
func SortHeld(held []Inbound, seen time.Time, all bool, known func(address string) int) Quarantine {
	var lines []*HeldMail
	byKey := map[string]*HeldMail{}
	for _, in := range held {
		if in.OwnSlip() {
			continue
		}
		key := strings.Join([]string{in.Hold, in.Sender(), in.Summary.Subject, in.Summary.FirstLines}, "\x00")
		if h := byKey[key]; h != nil && in.Hold != HoldVirus {
			h.Copies = append(h.Copies, in)
			continue
		}
		h := &HeldMail{Inbound: in}
		byKey[key], lines = h, append(lines, h)
	}
	var q Quarantine
	for _, h := range lines {
		fresh := true
		for _, in := range append([]Inbound{h.Inbound}, h.Copies...) {
			fresh = fresh && in.Recorded.After(seen) && in.SettledBy == ""
		}
		switch {
		case !fresh && !all:
			q.Earlier++
		case h.CanBeLetIn() && (all || h.mayBeReal()):
			if known != nil && h.Hold != HoldVerification {
				h.Known = known(h.Sender())
			}
			q.Decide = append(q.Decide, *h)
		default:
			q.Nothing = append(q.Nothing, *h)
		}
	}
	slices.SortStableFunc(q.Decide, func(a, b HeldMail) int {
		return cmp.Or(cmp.Compare(min(b.Known, 1), min(a.Known, 1)), b.ReceivedAt.Compare(a.ReceivedAt))
	})
	return q
}
