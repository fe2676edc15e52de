package sender

import (
	"strings"
	"sync"

	"golang.org/x/net/publicsuffix"
)

// Anybodys reports whether mailboxes at a domain are anybody's: those of a provider of
// mail, and a domain below which anybody can have one of their own ("co.uk"). To share
// one says nothing, and to keep one out would keep out people who have done nothing.
func Anybodys(domain string) bool {
	domain = strings.ToLower(strings.Trim(strings.TrimPrefix(domain, "@"), "."))
	own, err := publicsuffix.EffectiveTLDPlusOne(domain)
	if err != nil { // nothing stands before the suffix
		return true
	}
	brand, _, _ := strings.Cut(own, ".")
	return providers()[own] || brands()[brand]
}

// providers are domains of providers of mail.
var providers = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{}
	for _, d := range strings.Fields(list) {
		all[d] = true
	}
	return all
})

// brands are the providers that have domains in several countries, so that there are
// more of them than anybody lists.
var brands = sync.OnceValue(func() map[string]bool {
	seen, out := map[string]bool{}, map[string]bool{}
	for _, d := range strings.Fields(list) {
		brand, _, _ := strings.Cut(d, ".")
		if seen[brand] && len(brand) > 3 {
			out[brand] = true
		}
		seen[brand] = true
	}
	delete(out, "mail") // many a company's
	return out
})

const list = `
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
		sapo.pt telia.com online.no`
