package commands

import (
	"fmt"
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/email/sender"
)

// same says that another address is this customer's, too, after a confirmation: see
// Alike.
var same = Command{
	Name: "same", Also: []string{"sameas", "same-as", "derselbe", "dieselbe"}, Maybe: []string{"alias", "identical", "gleich", "link"}, Alone: true,
	Help: []Line{{"#same clara@work.example", "says that this is the same person’s address, too; you are asked to confirm. #same none ends it"}},
	Read: func(behind string) (word, missing string) {
		const like = "#same needs the customer’s other address, like #same clara@work.example"
		if strings.EqualFold(strings.Trim(behind, " ."), "none") {
			return "none", ""
		}
		for _, w := range strings.FieldsFunc(behind, func(r rune) bool { return strings.ContainsRune(" <>()[],;\"'", r) }) {
			w = sender.Canonical(strings.TrimPrefix(strings.TrimRight(w, ".:!?"), "mailto:"))
			n := sender.Name(w)
			switch {
			case n == "" || n[0] == '@':
				if strings.Contains(w, "@") {
					return "", "“" + shortened(w) + "” is no address that mail can be sent to; " + like
				}
			case word != "" && word != w:
				return "", "#same takes one address; send one mail for each"
			default:
				word = w
			}
		}
		if word == "" {
			return "", like
		}
		return word, ""
	},
	Needs: func(_ Facts, c desk.Command) Needs {
		if c.Word == "none" {
			return Needs{}
		}
		return Needs{Beside: true, Person: c.Word, Senders: []string{c.Word}}
	},
	Decide: func(f Facts, c desk.Command, p Plan) (Plan, error) {
		here := sender.Canonical(f.Conversation.Customer.Address)
		if c.Word == "none" {
			if len(f.Same) == 0 {
				return p, notSame("Nobody has said that another address is "+Customer(f.Conversation)+"’s.", "Nothing is to be done.")
			}
			p.Aside = f.parted(f.Conversation, here, "Nobody is taken for the same person as "+here+" any more")
			return p, nil
		}
		if err := f.alikeable(c.Word); err != nil {
			return p, err
		}
		ask := Question{What: "same asked for", Kind: desk.ConfirmSame, About: c.Word, Title: "Are these two one person?",
			Text: "Then agents see the conversations of both together, and what the one answers comes to the other’s conversation. An answer goes to the address that wrote last, and to that one alone: nothing of the one is sent to the other. " +
				"Mail does not prove that they are one person; your word does it. Neither is told anything. #undo takes it back.",
			Yes: "takes them for one person", No: "leaves them as they are"}
		for _, x := range []struct {
			address string
			all     []desk.Conversation
		}{{here, f.Beside}, {c.Word, f.Theirs}} {
			so := "nobody has written to us from there"
			if n := len(x.all); n > 0 {
				so = page.Count(n, "conversation", "conversations") + ", the last on " + x.all[0].Activity.UTC().Format("2 Jan 2006") + ": " + page.Excerpt(x.all[0].Subject, 80)
			}
			ask.Blocks = append(ask.Blocks, page.Facts{Facts: []page.Fact{{Label: "Address", Value: page.Excerpt(x.address, 200)}, {Label: "So far", Value: so}}})
		}
		if near := f.nearAddress(c.Word); len(f.Theirs) == 0 && near != "" {
			ask.Blocks = append(ask.Blocks, page.Paragraph{Text: "Did you mean " + near + "? Then reply no, and write #same " + near + "."})
		}
		p.Ask = &ask
		return p, nil
	},
}

func notSame(why, next string) error {
	return &Refusal{Rule: "same", Title: "Nothing was done", Why: why, Next: next}
}

// alikeable says why an address cannot be the customer's other one, or gives nil.
func (f Facts) alikeable(address string) error {
	here := f.Conversation.Customer.Address
	_, agent := f.Settings.AgentAt(address)
	_, ours := f.Settings.MailboxAt(address)
	switch {
	case here == "":
		return notSame("The mail names no address of the customer’s that another could be the same as.", "#note keeps what you know.")
	case agent:
		return notSame(address+" is an agent’s address, and no customer’s.", "Answer this mail with #same and the customer’s other address.")
	case ours:
		return notSame(address+" is an address of ours.", "Answer this mail with #same and the customer’s other address.")
	case SameAddress(here, address):
		return notSame(address+" is the address that they write from here.", "Answer this mail with #same and their other address.")
	case slices.Contains(f.Same, address):
		return notSame(address+" is taken for theirs already.", "#same none, in reply to this mail, ends that.")
	case len(f.Same) >= desk.MaxSame:
		return notSame(fmt.Sprintf("%d other addresses are taken for theirs already, and there is no room for more.", len(f.Same)), "#same none, in reply to this mail, begins anew.")
	}
	for _, b := range f.Blocks {
		if b.Holds(true) && sender.Under(address, b.Sender) {
			return notSame(shownSender(b.Sender)+" is blocked"+f.said(desk.Aside{By: b.By, At: b.At})+".", "#unblock "+shownSender(b.Sender)+" ends that.")
		}
	}
	return nil
}

// nearAddress is an address that is known in the conversation and a slip away from
// another; "" is none.
func (f Facts) nearAddress(address string) string {
	var known []string
	for _, p := range slices.Concat(f.Conversation.Participants, f.Conversation.Proposed) {
		known = append(known, p.Address)
	}
	for _, m := range f.Messages {
		if m.Kind == desk.KindCustomer {
			known = append(known, m.From.Address)
		}
	}
	for _, k := range known {
		k = sender.Canonical(k)
		if n := Distance(k, address); n > 0 && n <= 2 && !SameAddress(k, f.Conversation.Customer.Address) {
			return k
		}
	}
	return ""
}

// Alike is the decision after a yes: address, of which theirs is known, and the customer's
// own are one person's.
func Alike(f Facts, address string, theirs []string) (*Aside, error) {
	if err := f.alikeable(address); err != nil {
		return nil, err
	}
	all := []string{sender.Canonical(f.Conversation.Customer.Address)}
	for _, x := range slices.Concat(f.Same, []string{address}, theirs) {
		if !slices.Contains(all, x) {
			all = append(all, x)
		}
	}
	if len(all) > 1+desk.MaxSame {
		return nil, notSame(fmt.Sprintf("Together they would be %d addresses of one person, and there is room for %d.", len(all), 1+desk.MaxSame), "#same none, in reply to a mail of either, begins anew.")
	}
	c := f.Conversation
	c.Messages++
	a := f.Arrangement()
	a.Action, a.Added = desk.ActionSame, []desk.Person{{Address: address}}
	c.Did(a)
	out := &Aside{What: "same", Conversation: c, Entry: f.asideEntry(c, "took "+address+" for the same person’s address"), Same: f.group(all),
		Title: page.Excerpt(strings.Join(all, " and "), 200) + " are taken for one person",
		Why:   "Agents see their conversations together. An answer goes to the address that wrote last, and nothing of the one is sent to the other. Nobody was told.",
		Next:  "#undo, in reply to this mail, takes it back for 30 days; #same none ends it at any time."}
	return out, nil
}

// group is what is said of each of the addresses of one person.
func (f Facts) group(all []string) (out []desk.SameAs) {
	for _, x := range all {
		s := desk.SameAs{Address: x, By: f.Agent.ID, At: f.Now, Conversation: f.Conversation.ID}
		for _, y := range all {
			if y != x {
				s.Others = append(s.Others, y)
			}
		}
		out = append(out, s)
	}
	return out
}

// parted is that an address is taken for nobody else's any more.
func (f Facts) parted(c desk.Conversation, address, title string) *Aside {
	var rest []string
	for _, x := range append([]string{sender.Canonical(c.Customer.Address)}, f.Same...) {
		if x != address && !slices.Contains(rest, x) {
			rest = append(rest, x)
		}
	}
	c.Messages++
	return &Aside{What: "not the same", Conversation: c, Entry: f.asideEntry(c, "takes "+address+" for nobody else’s address any more"),
		Same:  append(f.group(rest), desk.SameAs{Address: address, By: f.Agent.ID, At: f.Now, Conversation: c.ID}),
		Title: title, Why: "Conversations stay with the address that wrote last in them. Nobody was told."}
}
