package desk

import (
	"cmp"
	"strings"
)

// HighPotential reports whether the customer is one whose trouble sales hears of.
func (s *Settings) HighPotential(w Worth) bool {
	return w.Potential > 0 && w.Potential >= cmp.Or(s.Value.High, DefaultHigh)
}

// TierFor finds the tier of a conversation: the customer's by address, else by the
// team's list, else that of somebody in copy: who matters, matters there too.
func (s *Settings) TierFor(c Conversation) (Tier, bool) {
	if t, ok := s.TierOf(c.Customer.Address); ok {
		return t, true
	}
	for _, t := range s.Tiers {
		if c.Worth.Tier != "" && (strings.EqualFold(t.ID, c.Worth.Tier) || strings.EqualFold(t.Name, c.Worth.Tier)) {
			return t, true
		}
	}
	for _, p := range c.Participants {
		if t, ok := s.TierOf(p.Address); ok {
			return t, true
		}
	}
	for _, p := range c.Proposed {
		if t, ok := s.TierOf(p.Address); ok {
			return t, true
		}
	}
	return Tier{}, false
}
