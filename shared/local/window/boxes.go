package window

import "strings"

// sides gives the mailboxes of both sides: the desk's people on the right, with
// whoever else is of their domains; everybody else on the left.
func (p *window) sides() (left, right []box) {
	known := map[string]bool{}
	for _, m := range p.settings.Mailboxes { // the desk's own addresses are nobody's mailbox
		known[strings.ToLower(m.Address)] = true
	}
	home := map[string]bool{}
	add := func(to *[]box, name, address string) {
		if key := strings.ToLower(address); !known[key] {
			known[key] = true
			n, unread := p.mailboxes.Count(address)
			*to = append(*to, box{name, address, n, unread})
		}
	}
	for _, c := range p.settings.Customers {
		add(&left, c.Name, c.Address)
	}
	for _, a := range p.settings.Agents {
		add(&right, a.Name, a.Addresses[0])
		for _, address := range a.Addresses {
			home[domainOf(address)] = true
		}
	}
	others, _ := p.mailboxes.Addresses() // the known ones are shown in any case
	for _, a := range others {
		if home[domainOf(a)] {
			add(&right, "", a)
		} else if len(left) < mostBoxes {
			add(&left, "", a)
		}
	}
	return left, right
}

// mostBoxes bounds how many mailboxes a side offers; a search of a browser finds
// one in them.
const mostBoxes = 200

// boxAt is the mailbox of an address.
func (p *window) boxAt(address string) box {
	left, right := p.sides()
	for _, b := range append(left, right...) {
		if strings.EqualFold(b.Address, address) {
			return b
		}
	}
	return box{Address: address}
}
