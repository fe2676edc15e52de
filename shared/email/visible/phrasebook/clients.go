package phrasebook

import (
	"fmt"
	"strings"
	"sync"
)

// Role is what a mark in HTML says of its element; clients.txt explains each.
type Role uint8

// The roles, None first.
const (
	None Role = iota
	Quote
	Container
	Attribution
	Rest
	Signature
	Indent
)

var roles = map[string]Role{"quote": Quote, "container": Container, "attribution": Attribution, "rest": Rest, "signature": Signature, "indent": Indent}

// Clients is the table of marks that mail programs leave in HTML.
type Clients struct {
	exact  map[string]Role // "class=gmail_quote"
	begins []beginning     // those that end in *
}

type beginning struct {
	key  string
	role Role
}

// DefaultClients gives the table that comes with the program; see Default.
var DefaultClients = sync.OnceValue(func() *Clients {
	c, err := ParseClients(clientsTable)
	if err != nil {
		panic("phrasebook: clients.txt: " + err.Error())
	}
	return c
})

// ParseClients reads a table of marks. The error names the line.
func ParseClients(table string) (*Clients, error) {
	c := &Clients{exact: map[string]Role{}}
	for n, l := range strings.Split(table, "\n") {
		f := strings.Fields(l)
		if len(f) == 0 || strings.HasPrefix(f[0], "#") {
			continue
		}
		if len(f) < 2 || !strings.Contains(f[1], "=") {
			return nil, fmt.Errorf("line %d: want \"kind attribute=value whose\"", n+1)
		}
		role, ok := roles[f[0]]
		if !ok {
			return nil, fmt.Errorf("line %d: %q is no known kind", n+1, f[0])
		}
		key := strings.ToLower(f[1])
		if p, star := strings.CutSuffix(key, "*"); star {
			c.begins = append(c.begins, beginning{p, role})
		} else {
			c.exact[key] = role
		}
	}
	return c, nil
}

// Role tells what an attribute of an element says; a class attribute is asked
// name by name. It looks at the first 64 bytes of a name and at 16 names.
func (c *Clients) Role(attribute, value string) Role {
	attribute = strings.ToLower(attribute)
	switch {
	case attribute == "class":
		n := 0
		for name := range strings.FieldsSeq(value) {
			if r := c.one(attribute, name); r != None {
				return r
			}
			if n++; n == 16 {
				break
			}
		}
		return None
	case attribute == "id" || attribute == "name" || strings.HasPrefix(attribute, "data-"):
		return c.one(attribute, value)
	}
	return None
}

func (c *Clients) one(attribute, name string) Role {
	if len(name) > 64 {
		name = name[:64]
	}
	name = strings.ToLower(name)
	for strings.HasPrefix(name, "x_") {
		name = name[2:]
	}
	key := attribute + "=" + name
	if r, ok := c.exact[key]; ok {
		return r
	}
	for _, b := range c.begins {
		if strings.HasPrefix(key, b.key) {
			return b.role
		}
	}
	return None
}
