package identify

import (
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/page"
)

// Whom a mail names beside its author, and who answers in a conversation that is
// not theirs, is proposed to the agents: kept with the conversation, shown, and
// admitted by their word alone. To be in copy gives nobody a look at what was
// said, nor an answer.

// copies are the people whom the mail's header names beside us and its author,
// and those of our mailboxes that it names.
func copies(m *email.Mail, author desk.Person, s *desk.Settings) (people []message.Address, ours []desk.Mailbox) {
	seen := map[string]bool{Canonical(author.Address): true}
	for _, c := range slices.Concat(m.To, m.Cc) {
		mb, own := s.MailboxAt(c.Address)
		switch key := Canonical(c.Address); {
		case own && !slices.ContainsFunc(ours, func(x desk.Mailbox) bool { return x.ID == mb.ID }):
			ours = append(ours, mb)
		case !own && Usable(c.Address) && !seen[key] && len(people) < maxRecipients:
			seen[key] = true
			people = append(people, c)
		}
	}
	return people, ours
}

// proposable are those in copy who are people, and no agents, who need no
// admission.
func proposable(m *email.Mail, copies []message.Address, s *desk.Settings) (people []desk.Person) {
	for _, c := range copies {
		if _, agent := s.AgentAt(c.Address); !agent && !list(m, c.Address) && !nobody(c.Address) {
			people = append(people, desk.Person{Name: Clip(page.OneLine(c.Name), MaxName), Address: c.Address})
		}
	}
	return people
}

// list reports whether the address is a mailing list's that the mail went
// through (RFC 2369).
func list(m *email.Mail, address string) bool {
	for _, name := range []string{"List-Post", "List-Id", "Mailing-List", "X-BeenThere"} {
		for _, v := range m.Header.Values(name) {
			if strings.Contains(strings.ToLower(v), strings.ToLower(address)) {
				return true
			}
		}
	}
	return false
}

// nobody reports whether the address says of itself that nobody reads it, or
// that it is a program's.
func nobody(address string) bool {
	local, _, _ := strings.Cut(strings.ToLower(address), "@")
	switch strings.NewReplacer("-", "", "_", "", ".", "").Replace(local) {
	case "noreply", "donotreply", "mailerdaemon", "postmaster", "nobody", "undisclosedrecipients":
		return true
	}
	return false
}
