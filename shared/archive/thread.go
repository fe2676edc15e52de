package archive

import (
	"cmp"
	"slices"
	"strings"
)

// Thread is a conversation as it was: what a customer and the team wrote to each other.
type Thread struct {
	Customer string   // address
	Name     string   // the customer's; "" where the source has none
	Letters  []Letter // by when they were written; at least one
	IDs      []string // Message-IDs of its mails, and of those that they answer; at least one
}

// thread gives a conversation by which a customer's answer can find it, if there is any
// Message-ID to find it by.
func (f *Found) thread(t []Letter, ours func(string) bool) {
	var out Thread
	known := map[string]bool{}
	for _, l := range t {
		internal := l.Side == Team && len(l.To) > 0 && !slices.ContainsFunc(l.To, func(to string) bool { return !ours(to) })
		if l.Skip == Inside || l.Skip == Unsent || l.Skip == Unlisted || internal {
			continue
		}
		for _, id := range append([]string{l.ID}, l.Answers...) { // what an absence note answers is the thread's as well
			if isMessageID(id) && !known[id] {
				known[id] = true
				out.IDs = append(out.IDs, id)
			}
		}
		if l.Skip != "" {
			continue
		}
		out.Letters = append(out.Letters, l)
		if l.Side == Customer && out.Customer == "" {
			out.Customer, out.Name = l.From, l.Name
		}
	}
	if out.Customer == "" && len(out.Letters) > 0 { // the team wrote first, and nobody answered yet
		first := out.Letters[0]
		if i := slices.IndexFunc(first.To, func(to string) bool { return !ours(to) }); i >= 0 {
			out.Customer = first.To[i]
		}
	}
	if !strings.Contains(out.Customer, "@") || len(out.Letters) == 0 || len(out.IDs) == 0 {
		return
	}
	slices.Sort(out.IDs)
	f.Threads = append(f.Threads, out)
}

// isMessageID tells the ids of mails from those that help desks give their entries.
func isMessageID(id string) bool {
	local, domain, ok := strings.Cut(id, "@")
	return ok && local != "" && domain != "" && !strings.ContainsAny(id, " <>\t\r\n")
}

func byFirstID(a, b Thread) int { return cmp.Compare(a.IDs[0], b.IDs[0]) }
