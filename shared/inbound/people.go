package inbound

import (
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/page"
)

// Whom a mail names beside its author, and who answers in a conversation that is
// not theirs, is proposed to the agents: kept with the conversation, shown, and
// admitted by their word alone. To be in copy gives nobody a look at what was
// said, nor an answer.

// maxLinked bounds the conversations that one is linked to.
const maxLinked = 20

// copies are the people whom the mail's header names beside us and its author.
func (a *arrival) copies() []message.Address {
	var out []message.Address
	seen := map[string]bool{canonical(a.author.Address): true}
	for _, list := range [][]message.Address{a.mail.To, a.mail.Cc} {
		for _, c := range list {
			_, ours := a.settings.MailboxAt(c.Address)
			if key := canonical(c.Address); usable(c.Address) && !ours && !seen[key] && len(out) < maxRecipients {
				seen[key] = true
				out = append(out, c)
			}
		}
	}
	return out
}

// alsoSentTo are the names of our other mailboxes that the header names. Its
// copies are duplicates, so this tells the agents who else has the mail.
func (a *arrival) alsoSentTo() (names []string) {
	seen := map[string]bool{a.mailbox.ID: true}
	for _, list := range [][]message.Address{a.mail.To, a.mail.Cc} {
		for _, c := range list {
			if mb, ours := a.settings.MailboxAt(c.Address); ours && !seen[mb.ID] {
				seen[mb.ID] = true
				names = append(names, page.OneLine(mb.Name))
			}
		}
	}
	return names
}

// propose adds those in copy to the conversation's proposed people: only of a
// person's mail, only people, and no agents, who need no admission.
func (a *arrival) propose(e *entry) {
	if a.kind != automatic.Person || a.from != nil {
		return
	}
	var people []desk.Person
	for _, c := range a.copies() {
		if _, agent := a.settings.AgentAt(c.Address); !agent && !a.list(c.Address) && !nobody(c.Address) {
			people = append(people, desk.Person{Name: clip(page.OneLine(c.Name), maxName), Address: c.Address})
		}
	}
	e.conv.Propose(people, same)
}

// proposeThere adds a person who wrote into a conversation that is not theirs to
// the people proposed there, and links it back.
func (a *arrival) proposeThere(e *entry, there desk.Conversation) {
	if a.kind != automatic.Person || a.author.Address == "" || nobody(a.author.Address) || a.anybody {
		return
	}
	before := len(there.Proposed)
	there.Propose([]desk.Person{a.author}, same)
	if len(there.Proposed) == before {
		return // known, or too many: the conversation is left alone
	}
	if len(there.Linked) < maxLinked {
		there.Linked = append(slices.Clone(there.Linked), e.conv.ID)
	}
	e.changed = append(e.changed, &there)
}

// together reports whether the author and the conversation's customer have to do
// with each other, as far as mail tells: one has the other in copy, or both write
// from one organisation's domain.
func (a *arrival) together(conv desk.Conversation) bool {
	in := func(people []desk.Person) bool {
		return slices.ContainsFunc(people, func(p desk.Person) bool { return same(p.Address, a.author.Address) })
	}
	if in(conv.Proposed) || in(conv.Participants) || slices.ContainsFunc(a.copies(), func(c message.Address) bool { return same(c.Address, conv.Customer.Address) }) {
		return true
	}
	_, mine, _ := strings.Cut(canonical(a.author.Address), "@")
	_, theirs, _ := strings.Cut(canonical(conv.Customer.Address), "@")
	return mine != "" && mine == theirs && !public[mine]
}

// public are domains whose mailboxes are anybody's: to share one says nothing.
var public = func() map[string]bool {
	all := map[string]bool{}
	for _, d := range strings.Fields("gmail.com googlemail.com outlook.com hotmail.com hotmail.co.uk hotmail.fr hotmail.de hotmail.it hotmail.es live.com live.de live.fr live.nl msn.com yahoo.com yahoo.co.uk yahoo.de yahoo.fr yahoo.it yahoo.es yahoo.co.jp yahoo.com.br ymail.com rocketmail.com aol.com icloud.com me.com mac.com proton.me protonmail.com pm.me gmx.de gmx.net gmx.at gmx.ch gmx.com web.de t-online.de freenet.de arcor.de posteo.de mailbox.org fastmail.com hey.com zoho.com mail.com tuta.com tutanota.com orange.fr wanadoo.fr free.fr sfr.fr laposte.net bbox.fr libero.it virgilio.it alice.it tiscali.it tim.it aruba.it pec.it ziggo.nl kpnmail.nl planet.nl bluewin.ch sunrise.ch telenet.be skynet.be btinternet.com sky.com virginmedia.com talktalk.net comcast.net verizon.net att.net sbcglobal.net cox.net charter.net bellsouth.net rogers.com shaw.ca bigpond.com optusnet.com.au mail.ru bk.ru list.ru inbox.ru yandex.ru yandex.com rambler.ru ukr.net wp.pl o2.pl onet.pl interia.pl seznam.cz centrum.cz email.cz azet.sk freemail.hu citromail.hu abv.bg qq.com 163.com 126.com sina.com foxmail.com naver.com daum.net hanmail.net docomo.ne.jp ezweb.ne.jp softbank.ne.jp rediffmail.com uol.com.br bol.com.br terra.com.br telefonica.net sapo.pt telia.com online.no") {
		all[d] = true
	}
	return all
}()

// list reports whether the address is a mailing list's that the mail went
// through (RFC 2369).
func (a *arrival) list(address string) bool {
	for _, name := range []string{"List-Post", "List-Id", "Mailing-List", "X-BeenThere"} {
		for _, v := range a.mail.Header.Values(name) {
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
