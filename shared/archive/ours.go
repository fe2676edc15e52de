package archive

import (
	"cmp"
	"slices"
	"strings"
)

const (
	// leastAnswered is to how many different people somebody must have answered to be
	// found to be ours: a customer answers one team.
	leastAnswered = 2
	// mostShown bounds what is told of addresses.
	mostShown = 20
)

// deeds are what an address did.
type deeds struct {
	to    map[string]bool // who began conversations that it answered in
	begun int
}

// whoIsOurs tells the team's addresses: those that are named, or else found.
func (f *Found) whoIsOurs(threads [][]Letter, named []string) func(string) bool {
	did := map[string]*deeds{}
	of := func(address string) *deeds {
		if did[address] == nil {
			did[address] = &deeds{to: map[string]bool{}}
		}
		return did[address]
	}
	team := map[string]bool{}
	for _, t := range threads {
		first := -1
		for i, l := range t {
			if l.From == "" || l.Skip != "" {
				continue
			}
			if l.Side == Team {
				team[l.From] = true
			}
			if first < 0 {
				first = i
				of(l.From).begun++
			} else if l.From != t[first].From {
				of(l.From).to[t[first].From] = true
			}
		}
	}
	domains := map[string]bool{}
	for _, n := range named {
		if n = strings.ToLower(strings.TrimSpace(n)); strings.HasPrefix(n, "@") {
			domains[n] = true
		} else {
			team[n] = true
		}
	}
	if len(named) == 0 {
		for address, d := range did {
			if len(d.to) >= leastAnswered && len(d.to) > d.begun {
				team[address] = true
			}
		}
	}
	ours := func(address string) bool { return team[address] || domains[domainOf(address)] }
	if len(named) == 0 {
		f.findDomains(did, team, domains)
	}
	for address := range team {
		d := of(address)
		f.Ours = append(f.Ours, Address{address, len(d.to), d.begun})
	}
	for domain := range domains {
		f.Ours = append(f.Ours, Address{Address: domain})
	}
	byWork := func(a, b Address) int {
		return cmp.Or(b.Answers-a.Answers, b.Begun-a.Begun, cmp.Compare(a.Address, b.Address))
	}
	for address, d := range did {
		if !ours(address) && len(d.to) >= leastAnswered {
			f.Doubtful = append(f.Doubtful, Address{address, len(d.to), d.begun})
		}
	}
	slices.SortFunc(f.Ours, byWork)
	slices.SortFunc(f.Doubtful, byWork)
	f.Doubtful = f.Doubtful[:min(mostShown, len(f.Doubtful))]
	return ours
}

// findDomains takes a domain for ours where those of it who answer are no fewer than
// those who only ask: at a provider that anybody can have an address with, most ask.
func (f *Found) findDomains(did map[string]*deeds, team, domains map[string]bool) {
	answer, ask := map[string]int{}, map[string]int{}
	for address := range did {
		if team[address] {
			answer[domainOf(address)]++
		} else {
			ask[domainOf(address)]++
		}
	}
	for domain, n := range answer {
		switch {
		case domain == "@" || domain == "":
		case ask[domain] <= n:
			domains[domain] = true
		default:
			f.Doubtful = append(f.Doubtful, Address{Address: domain, Begun: ask[domain]})
		}
	}
}

func domainOf(address string) string {
	i := strings.LastIndex(address, "@")
	if i < 0 {
		return ""
	}
	return address[i:]
}
