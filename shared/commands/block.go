package commands

import (
	"fmt"
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/email/sender"
)

// spam says that a conversation is no customer's.
var spam = Command{
	Name: "spam", Also: []string{"junk"}, Maybe: []string{"phishing", "scam", "werbung", "ads", "advertising", "müll", "muell", "pub", "correo-basura", "ongewenst"}, Alone: true,
	Help: []Line{{"#spam", "takes this out of every list, as no customer's; their further mail goes to quarantine"}},
	Read: func(behind string) (string, string) {
		return nothingBehind("#spam", behind, "it", "this", "this is", "this is spam", "please", "bitte", "mail", "that", "s'il vous plaît", "por favor", "per favore", "danke", "thanks")
	},
	Needs: func(f Facts, _ desk.Command) Needs { return Needs{Senders: []string{f.Conversation.Customer.Address}} },
	Decide: func(f Facts, _ desk.Command, p Plan) (Plan, error) {
		address := f.Conversation.Customer.Address
		if f.Conversation.Aside.Why == desk.AsideSpam {
			return p, &Refusal{Rule: "spam", Title: "Nothing was done", Why: "This is marked as spam already" + f.said(f.Conversation.Aside) + ".", Next: "#undo, in reply to this mail, brings it back."}
		}
		a := f.aside(desk.AsideSpam)
		a.Why = "It is in no list and in no figure any more, and the desk sends nothing in it. The sender is told nothing."
		if name := sender.Name(address); name != "" && !ours(f.Settings, name) && len(f.Blocks) == 0 {
			b := f.block(name)
			b.Spam = true
			a.add(b)
			a.Why += " Further mail from " + name + " goes to the quarantine list, where a lead can let it in." + f.onlyUnproven(b)
		}
		a.Title = "Marked as spam, and out of everybody’s way"
		a.Next = "#undo, in reply to this mail, brings it back and lets the sender’s mail in again."
		p.Aside = a
		return p, nil
	},
}

// block keeps a sender's mail aside.
var block = Command{
	Name: "block", Also: []string{"ban", "blockieren", "sperren", "bloquer", "bloquear", "bloccare", "blokkeren"}, Maybe: []string{"ignore", "blacklist", "mute", "blocked", "blok", "gesperrt", "sperre", "blockiert"}, Alone: true,
	Help: []Line{{"#block", "keeps this sender’s mail aside: nobody is told, a lead can let it in; #block list says who is"},
		{"#block example.com", "the same with all of a domain, or with #block and an address; you are asked to confirm"}},
	Read: func(behind string) (string, string) { return readSender("#block", behind) },
	Needs: func(f Facts, c desk.Command) Needs {
		return Needs{Blocks: c.Word == "list", Senders: []string{f.Conversation.Customer.Address, c.Word}}
	},
	Decide: func(f Facts, c desk.Command, p Plan) (Plan, error) {
		if c.Word == "list" {
			p.Page = f.blockedPage()
			return p, nil
		}
		name := sender.Name(f.Conversation.Customer.Address)
		if c.Word != "" {
			name = c.Word
		}
		if err := f.blockable(name); err != nil {
			return p, err
		}
		if sender.Name(f.Conversation.Customer.Address) == name {
			p.Aside = f.blocking(name)
			return p, nil
		}
		ask := Question{What: "block asked for", Kind: desk.ConfirmBlock, About: name, Title: "Block " + shownSender(name) + "?",
			Text: "Mail of this address would be kept aside: nobody of the team is told of it, and its sender is told nothing. A lead sees in the quarantine list how much came, and can let it in. It holds until #unblock.",
			Yes:  "blocks it", No: "leaves all as it is"}
		if strings.HasPrefix(name, "@") {
			ask.Text = strings.Replace(ask.Text, "Mail of this address", "Mail of everybody at "+name[1:]+", and at what is below it,", 1)
		}
		p.Ask = &ask
		return p, nil
	},
}

// unblock takes that back.
var unblock = Command{
	Name: "unblock", Also: []string{"unban", "entsperren", "débloquer", "desbloquear", "sbloccare", "deblokkeren"}, Maybe: []string{"allow", "whitelist", "notspam", "not-spam", "nospam"}, Alone: true,
	Help: []Line{{"#unblock", "lets this sender’s mail in again, also with an address or a domain behind it"}},
	Read: func(behind string) (string, string) { return readSender("#unblock", behind) },
	Needs: func(f Facts, c desk.Command) Needs {
		return Needs{Senders: []string{f.Conversation.Customer.Address, c.Word}}
	},
	Decide: func(f Facts, c desk.Command, p Plan) (Plan, error) {
		name := sender.Name(f.Conversation.Customer.Address)
		if c.Word != "" {
			name = c.Word
		}
		i := slices.IndexFunc(f.Blocks, func(b desk.Block) bool { return b.Sender == name })
		if i < 0 {
			no := &Refusal{Rule: "unblock", Title: "Nothing was done", Why: shownSender(name) + " is not blocked.", Next: "#block list, in reply to this mail, says who is."}
			if wide := slices.IndexFunc(f.Blocks, func(b desk.Block) bool { return sender.Under(name, b.Sender) }); wide >= 0 {
				b := f.Blocks[wide]
				no.Why = fmt.Sprintf("%s is not blocked by itself, but %s is%s.", name, shownSender(b.Sender), f.said(desk.Aside{By: b.By, At: b.At}))
				no.Next = "#unblock " + shownSender(b.Sender) + ", in reply to this mail, lets all of it in again."
			}
			return p, no
		}
		a := &Aside{What: "unblock", Conversation: f.Conversation, Title: shownSender(name) + " is not blocked any more",
			Why: "Mail from there reaches the team again. What was held stays in the quarantine list, and can be let in there."}
		if f.Conversation.Aside.Why != "" && sender.Under(f.Conversation.Customer.Address, name) {
			a = f.back()
			a.Title = shownSender(name) + " is not blocked any more"
		}
		a.What = "unblock"
		b := f.Blocks[i]
		b.Lifted = true
		a.add(b)
		p.Aside = a
		return p, nil
	},
}

// readSender reads an address, a domain or nothing.
func readSender(name, behind string) (word, missing string) {
	said := strings.ToLower(strings.Trim(behind, " .:;,!?<>()[]\"'"))
	said = strings.TrimPrefix(strings.TrimPrefix(said, "mailto:"), "*")
	switch said {
	case "", "it", "this", "him", "her", "them", "sender", "this sender", "please", "bitte", "diesen", "den", "absender", "this address", "spam":
		return "", ""
	case "list", "liste", "all", "?":
		if name == "#block" {
			return "list", ""
		}
	}
	for _, w := range strings.Fields(said) { // "clara@example.org <mailto:clara@example.org>", "please"
		w = strings.TrimPrefix(strings.Trim(w, "<>()[],;.\"'"), "mailto:")
		if n := sender.Name(w); n != "" && word == "" || n != "" && n == word {
			word = n
		} else if n != "" {
			return "", name + " takes one address or domain; send one mail for each"
		} else if w != "please" && w != "bitte" && w != "domain" {
			return "", name + " takes an address or a domain, like " + name + " mallory@example.com or " + name + " example.com, or nothing for who wrote this; “" + shortened(w) + "” is neither"
		}
	}
	return word, ""
}

// shownSender is how a name of a sender is shown.
func shownSender(name string) string { return strings.TrimPrefix(name, "@") }

// Unblockable says why a sender's name cannot be blocked, and what to do instead, in
// sentences; "" where it can.
func Unblockable(s *desk.Settings, name string) (why, next string) {
	const instead = "#close closes the conversation, #spam takes it out of every list."
	switch {
	case name == "":
		return "It is neither an address nor a domain.", "Write the whole address, like mallory@example.com, or a domain."
	case ours(s, name):
		if strings.HasPrefix(name, "@") {
			return shownSender(name) + " cannot be blocked. It is the team’s own domain.", instead
		}
		return name + " cannot be blocked. It is an address of the team’s.", instead
	case strings.HasPrefix(name, "@") && sender.Anybodys(name):
		return "Anybody can have a mailbox at " + name[1:] + ". To block it would keep out people who have done nothing.", "Write #block and the whole address, like #block mallory@" + name[1:] + "."
	}
	return "", ""
}

// ours reports whether a sender's name is one of the team's.
func ours(s *desk.Settings, name string) bool {
	return slices.ContainsFunc(s.Ours(), func(a string) bool {
		return name == sender.Name(a) || strings.HasPrefix(name, "@") && slices.Contains(sender.Names("x@"+a[strings.LastIndexByte(a, '@')+1:]), name)
	})
}

// blockable says why a sender cannot be blocked, or gives nil.
func (f Facts) blockable(name string) error {
	no := func(why, next string) error {
		return &Refusal{Rule: "block", Title: "Nobody was blocked", Why: why, Next: next}
	}
	if name == "" {
		return no("The mail names no address of its sender, so there is nothing to block.", "#spam takes this conversation out of every list.")
	}
	if why, next := Unblockable(f.Settings, name); why != "" {
		return no(why, next)
	}
	for _, b := range f.Blocks {
		if b.Sender == name && !b.Spam && !b.Unproven {
			return no(shownSender(name)+" is blocked already"+f.said(desk.Aside{By: b.By, At: b.At})+".", "#unblock, in reply to this mail, ends that.")
		}
	}
	return nil
}

// blocking is that a sender is blocked, and the conversation set aside if it is theirs.
func (f Facts) blocking(name string) *Aside {
	b := f.block(name)
	a := &Aside{Conversation: f.Conversation}
	theirs := sender.Under(f.Conversation.Customer.Address, name)
	if theirs && f.Conversation.Aside.Why == "" {
		a = f.aside(desk.AsideBlocked)
	}
	a.What = "block"
	a.add(b)
	a.Title = shownSender(name) + " is blocked"
	a.Why = "Mail from there is kept aside, wherever it goes to: nobody of the team is told, and the sender is told nothing. A lead sees in the quarantine list how much came, and can let it in." + f.onlyUnproven(b)
	if theirs {
		a.Why += " This conversation is out of every list."
	}
	a.Next = "It holds until #unblock. #block list says who is blocked, by whom and since when."
	return a
}

// block is the entry of a sender. It holds no proven mail where only unproven mail of
// theirs is known here: somebody else may have written it.
func (f Facts) block(name string) desk.Block {
	b := desk.Block{Sender: name, By: f.Agent.ID, At: f.Now, Conversation: f.Conversation.ID}
	wrote := false
	for _, m := range f.Messages {
		if m.Kind == desk.KindCustomer && sender.Under(m.From.Address, name) {
			wrote = true
			if m.Verified {
				return b
			}
		}
	}
	b.Unproven = wrote
	return b
}

func (f Facts) onlyUnproven(b desk.Block) string {
	if !b.Unproven {
		return ""
	}
	return " Nobody vouches that the mail here truly came from that address. So only mail in its name that nobody vouches for is kept aside; what its owner provably sends comes in as ever."
}

// aside begins that the conversation is set aside.
func (f Facts) aside(why string) *Aside {
	c := f.Conversation
	c.Messages++
	c.SetAside(why, f.Arrangement())
	did := map[string]string{desk.AsideSpam: "marked this as spam", desk.AsideBlocked: "blocked the sender"}[why]
	return &Aside{What: why, Conversation: c, Event: desk.WentAside, Entry: f.asideEntry(c, did)}
}

// back is that it is brought back, with those let in again who were blocked by it.
func (f Facts) back() *Aside {
	c := f.Conversation
	c.Messages++
	blocked := c.BringBack()
	a := &Aside{What: "undo aside", Conversation: c, Event: desk.NotAside, Entry: f.asideEntry(c, "brought this back"),
		Title: "It is back where it was", Why: "The conversation stands in the lists and figures again."}
	for _, name := range blocked {
		a.Blocks = append(a.Blocks, desk.Block{Sender: name, Lifted: true})
		a.Why += " Mail from " + shownSender(name) + " comes in again; what was held stays in the quarantine list, and can be let in there."
	}
	return a
}

func (f Facts) asideEntry(c desk.Conversation, did string) desk.Message {
	return desk.Message{Conversation: c.ID, Sequence: c.Messages, Kind: desk.KindArranged, Agent: f.Agent.ID, At: f.Now, Text: f.Agent.Name + " " + did + "."}
}

// add puts a block into the change, and notes in the conversation what to take back.
func (a *Aside) add(b desk.Block) {
	a.Blocks = slices.DeleteFunc(a.Blocks, func(x desk.Block) bool { return x.Sender == b.Sender })
	a.Blocks = append(a.Blocks, b)
	if n := len(a.Conversation.Done); a.Event == desk.WentAside && n > 0 && !b.Lifted {
		a.Conversation.Done[n-1].Blocked = append(a.Conversation.Done[n-1].Blocked, b.Sender)
	}
}

// said is by whom and when, as the end of a sentence.
func (f Facts) said(a desk.Aside) string {
	who := "whoever runs the desk"
	if x, ok := f.Settings.Agent(a.By); ok {
		who = x.Name
	} else if a.By != "" {
		who = a.By
	}
	return ", by " + who + " since " + a.At.In(f.Settings.ZoneOf(f.Agent)).Format("2 January 2006")
}

// mostBlocked bounds the senders that a page lists.
const mostBlocked = 100

// blockedPage lists who is blocked.
func (f Facts) blockedPage() *Page {
	p := &Page{What: "blocked", Title: "Whose mail is kept aside", Why: "#unblock and the address or domain ends it. Nothing was sent or changed."}
	var items []string
	for _, b := range f.Blocks[:min(len(f.Blocks), mostBlocked)] {
		what := ""
		switch {
		case b.Spam:
			what = ", as spam"
		case b.Unproven:
			what = ", unproven mail only"
		}
		items = append(items, shownSender(b.Sender)+what+f.said(desk.Aside{By: b.By, At: b.At}))
	}
	switch more := len(f.Blocks) - len(items); {
	case len(items) == 0:
		p.Blocks = []page.Block{page.Paragraph{Text: "Nobody is blocked."}}
	case more > 0:
		p.Blocks = []page.Block{page.Bullets{Items: items}, page.Paragraph{Text: page.Count(more, "older one is", "older ones are") + " not listed; whoever runs the desk can see all."}}
	default:
		p.Blocks = []page.Block{page.Bullets{Items: items}}
	}
	return p
}

// Blocking is the decision after a yes.
func Blocking(f Facts, name string) (*Aside, error) {
	if err := f.blockable(name); err != nil {
		return nil, err
	}
	return f.blocking(name), nil
}
