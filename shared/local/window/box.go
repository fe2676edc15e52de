package window

import "strings"

// box is one mailbox.
type box struct {
	Name, Address string
	Count, Unread int
}

// Title is what the mailbox is called.
func (b box) Title() string {
	if b.Name != "" {
		return b.Name
	}
	return b.Address
}

// sent is a mail that went out: the server's id of it, and who wrote it on which side.
type sent struct {
	id    string // "": what follows comes last, and is shown by itself
	side  string
	from  box
	about string // whom an agent's mail is about, by address; "" where it is not known
}

// first is a person's first name.
func first(name string) string {
	word, _, _ := strings.Cut(name, " ")
	return word
}

// domainOf is an address's domain.
func domainOf(address string) string {
	return strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
}
