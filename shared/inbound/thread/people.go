package thread

import (
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/inbound/identify"
)

// proposedThere proposes a person who wrote into a conversation that is not theirs
// to the agents of that one. nil: it is left alone, for the person is known there,
// or they are too many.
func proposedThere(f identify.Facts, there desk.Conversation) *desk.Conversation {
	if f.Kind != automatic.Person || f.Author.Address == "" || f.Unread || f.AnySender {
		return nil
	}
	before := len(there.Proposed)
	there.Propose([]desk.Person{f.Author}, identify.Same)
	if len(there.Proposed) == before {
		return nil
	}
	return &there
}

// acquainted reports whether the author and the conversation's customer have to do
// with each other, as far as mail tells: one has the other in copy, or both write
// from one organisation's domain.
func acquainted(f identify.Facts, conv desk.Conversation) bool {
	in := func(people []desk.Person) bool {
		return slices.ContainsFunc(people, func(p desk.Person) bool { return identify.Same(p.Address, f.Author.Address) })
	}
	if in(conv.Proposed) || in(conv.Participants) || slices.ContainsFunc(f.Copies, func(c message.Address) bool { return identify.Same(c.Address, conv.Customer.Address) }) {
		return true
	}
	_, mine, _ := strings.Cut(identify.Canonical(f.Author.Address), "@")
	_, theirs, _ := strings.Cut(identify.Canonical(conv.Customer.Address), "@")
	return mine != "" && mine == theirs && !public[mine]
}

// public are domains whose mailboxes are anybody's: to share one says nothing.
var public = func() map[string]bool {
	all := map[string]bool{}
	for _, d := range strings.Fields(`
		gmail.com googlemail.com outlook.com hotmail.com hotmail.co.uk hotmail.fr hotmail.de hotmail.it hotmail.es live.com live.de
		live.fr live.nl msn.com yahoo.com yahoo.co.uk yahoo.de yahoo.fr yahoo.it yahoo.es yahoo.co.jp yahoo.com.br ymail.com
		rocketmail.com aol.com icloud.com me.com mac.com proton.me protonmail.com pm.me gmx.de gmx.net gmx.at gmx.ch gmx.com web.de
		t-online.de freenet.de arcor.de posteo.de mailbox.org fastmail.com hey.com zoho.com mail.com tuta.com tutanota.com orange.fr
		wanadoo.fr free.fr sfr.fr laposte.net bbox.fr libero.it virgilio.it alice.it tiscali.it tim.it aruba.it pec.it ziggo.nl
		kpnmail.nl planet.nl bluewin.ch sunrise.ch telenet.be skynet.be btinternet.com sky.com virginmedia.com talktalk.net
		comcast.net verizon.net att.net sbcglobal.net cox.net charter.net bellsouth.net rogers.com shaw.ca bigpond.com
		optusnet.com.au mail.ru bk.ru list.ru inbox.ru yandex.ru yandex.com rambler.ru ukr.net wp.pl o2.pl onet.pl interia.pl
		seznam.cz centrum.cz email.cz azet.sk freemail.hu citromail.hu abv.bg qq.com 163.com 126.com sina.com foxmail.com naver.com
		daum.net hanmail.net docomo.ne.jp ezweb.ne.jp softbank.ne.jp rediffmail.com uol.com.br bol.com.br terra.com.br telefonica.net
		sapo.pt telia.com online.no`) {
		all[d] = true
	}
	return all
}()
