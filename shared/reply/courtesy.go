package reply

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/langid"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/language"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/orders"
)

// courtesies are how a ready answer begins and ends that is sent by its number: an
// article greets nobody, and what the customer gets is to read as a person's mail.
// "" is where the agent's own words or the article have it; texts are all of these.
func courtesies(f commands.Facts, own string, texts ...string) (greeting, leave string) {
	words := letterWords(f, own, strings.Join(texts, "\n"))
	if !slices.ContainsFunc(texts, around(f).Greets) {
		greeting = words.Line(language.AnswerGreetingNobody)
		if name := calledBy(askedBy(f, f.Answered())); name != "" {
			greeting = strings.Replace(words.Line(language.AnswerGreeting), "$N", name, 1)
		}
	}
	if !slices.ContainsFunc(append(texts, f.Mailbox.Signature), orders.TakesLeave) {
		name := f.Agent.PublicName
		if name == "" {
			name = f.Mailbox.Name
		}
		leave = words.Line(language.AnswerLeave) + "\n" + page.OneLine(name)
	}
	return greeting, leave
}

// letterWords are the words of the language that a letter is in: the agent's own
// words tell it, else the article; where neither does, it is the customer's.
func letterWords(f commands.Facts, own, all string) *language.Language {
	asked := f.Answered()
	for _, tag := range []string{langid.Of(own), langid.Of(all), letters.Tongue(langid.Of(asked.Subject+"\n"+asked.Text), f.Mailbox)} {
		if words := language.For(tag); tag != "" && words != nil && words.Line(language.AnswerGreeting) != "" {
			return words
		}
	}
	return language.For("en")
}

// askedBy is who wrote the mail that is answered: the customer, or somebody in copy.
func askedBy(f commands.Facts, asked desk.Message) desk.Person {
	if p := asked.From; p.Address != "" && !strings.EqualFold(p.Address, f.Conversation.Customer.Address) {
		return p
	}
	if page.OneLine(f.Conversation.Customer.Name) == "" {
		return asked.From
	}
	return f.Conversation.Customer
}

// No name that somebody is called by has more.
const (
	longestName   = 50 // bytes
	mostNameWords = 5
)

// beside is what programs and companies put behind a name: "(Acme)", "via Acme".
var beside = regexp.MustCompile(`(?i)\s*(?:[(\[<|/].*|\s(?:via|c/o)\s.*)$`)

// calledBy is the name that a person is greeted by, out of what their mail program
// sends as it; "" where that is none: an address, a link, a desk, a sentence.
func calledBy(p desk.Person) string {
	name := strings.Trim(page.OneLine(p.Name), `"'“”„ `)
	name = strings.TrimSpace(beside.ReplaceAllString(name, ""))
	if last, first, ok := strings.Cut(name, ","); ok { // "Muster, Erika", as address books sort
		if len(strings.Fields(last)) > 2 || len(strings.Fields(first)) > 2 || strings.Contains(first, ",") {
			return ""
		}
		name = strings.TrimSpace(first) + " " + strings.TrimSpace(last)
	}
	ws := strings.Fields(name)
	if len(ws) == 0 || len(ws) > mostNameWords || len(name) > longestName || deskName(name) {
		return ""
	}
	before := ' '
	for _, r := range name {
		named := unicode.IsLetter(r) || unicode.IsMark(r) || strings.ContainsRune(" .'’-‐·&", r)
		if !named || before == '.' && unicode.IsLower(r) { // "shop.example"
			return ""
		}
		before = r
	}
	return strings.Join(ws, " ")
}

// deskName reports whether a name is that of an office: "Info", "Sales Team".
func deskName(name string) bool {
	for _, w := range strings.Fields(strings.ToLower(name)) {
		if language.Has(language.DeskAddress, w) || language.Has(language.NoReply, w) {
			return true
		}
	}
	return false
}

// around tells who and what is around the mail: by whose names it is seen whom a
// line speaks to.
func around(f commands.Facts) orders.Desk {
	c := f.Conversation
	d := orders.Desk{Offered: len(f.Offered()), Encoder: f.Encoder, Customer: []string{c.Customer.Name, local(c.Customer.Address)}}
	for _, p := range c.Participants {
		d.Customer = append(d.Customer, p.Name, local(p.Address))
	}
	for _, m := range f.Messages {
		if m.Kind == desk.KindCustomer {
			d.Customer = append(d.Customer, m.From.Name)
		}
	}
	for _, a := range f.Settings.Agents {
		names := []string{a.Name, a.PublicName, a.ID}
		for _, address := range a.Addresses {
			names = append(names, local(address))
		}
		if a.ID == f.Agent.ID {
			d.Self = append(names, f.Mailbox.Name)
			continue
		}
		d.Colleagues = append(d.Colleagues, names...)
	}
	return d
}

// local is an address's local part as words of a name.
func local(address string) string {
	l, _, _ := strings.Cut(address, "@")
	return strings.NewReplacer(".", " ", "_", " ").Replace(l)
}
