package letters

import (
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
)

// How strangers and what they chose are written in our letters: on one line, not
// too long, and so that no mail program makes a link of it.

// subject makes a stranger's subject one line of bounded length.
func subject(s string) string {
	if s = page.Excerpt(s, 150); s == "" {
		return "(no subject)"
	}
	return s
}

// personName is how somebody is called in a sentence.
func personName(p desk.Person) string {
	if name := page.Excerpt(p.Name, 80); name != "" {
		return name
	}
	if a := page.Excerpt(p.Address, 120); a != "" {
		return a
	}
	return "Unknown sender"
}

// shownPerson is somebody with the address.
func shownPerson(p desk.Person) string {
	if page.OneLine(p.Name) == "" {
		return page.Excerpt(p.Address, 100)
	}
	return page.Excerpt(p.Name+", "+p.Address, 100)
}

// customerName is what to call the customer in a sentence.
func customerName(conv desk.Conversation) string {
	if n := page.Excerpt(conv.Customer.Name, 60); n != "" {
		return n
	}
	if conv.Customer.Address != "" {
		return conv.Customer.Address
	}
	return "the customer"
}

func addressOr(a, otherwise string) string {
	if a = page.Excerpt(a, 120); a == "" {
		return otherwise
	}
	return a
}

// fileName is how an attachment is called.
func fileName(s string) string {
	if s = page.Excerpt(strings.NewReplacer("/", "_", `\`, "_").Replace(s), 120); s == "" {
		return "unnamed"
	}
	return s
}

// cutText shortens a text to so many bytes, at a line or a word where it can.
func cutText(s string, most int) (string, bool) {
	s = strings.TrimSpace(s)
	if len(s) <= most {
		return s, false
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	s = s[:most]
	if i := strings.LastIndexByte(s, '\n'); i > most*3/4 {
		s = s[:i]
	} else if i := strings.LastIndexByte(s, ' '); i > most*3/4 {
		s = s[:i]
	}
	return strings.TrimSpace(s) + " …", true
}

func orNoText(s string) string {
	if strings.TrimSpace(s) == "" {
		return "(no text)"
	}
	return s
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// aloud is an address as people read it to each other: no program makes a link of it.
func aloud(address string) string {
	local, domain, ok := strings.Cut(address, "@")
	if !ok {
		return orDash(Defused(address))
	}
	return Defused(local) + " at " + Defused(domain)
}

// Defused makes a stranger's words harmless where a mail program would make a
// link of them: addresses, domains and URLs are written as people read them
// aloud ("https[:]//example[.]com").
func Defused(s string) string {
	s = strings.ReplaceAll(s, "://", "[:]//")
	s = strings.NewReplacer("mailto:", "mailto[:]", "tel:", "tel[:]", "data:", "data[:]", "javascript:", "javascript[:]", "@", "[at]").Replace(s)
	for dotted.MatchString(s) { // twice: matches do not overlap
		s = dotted.ReplaceAllString(s, "$1[.]$2")
	}
	return s
}

var (
	dotted = regexp.MustCompile(`([\pL\pN])\.([\pL\pN])`)
	digits = regexp.MustCompile(`[\pN]{3,}`)
)

// unlinked writes the addresses of a text so that no program makes a link of them,
// which would lead past the desk.
func unlinked(text string) string {
	words := strings.Split(text, " ")
	for i, w := range words {
		if at := strings.LastIndexByte(w, '@'); at > 0 && at < len(w)-1 {
			words[i] = aloud(w)
		}
	}
	return strings.Join(words, " ")
}

// mailto is a mail that is ready to be sent: its subject says what it does, and
// its body is the one word that does it.
func mailto(address, subject, body string) string {
	return "mailto:" + address + "?subject=" + escape(subject) + "&body=" + escape(body)
}

// escape writes a value for a mailto link, where a space is never a plus (RFC
// 6068 section 5).
func escape(value string) string { return strings.ReplaceAll(url.QueryEscape(value), "+", "%20") }

// shownAs is the display name of mail about somebody: "Erika Muster (Example
// Support)". A name that looks like an address is shown without its "@", so
// that no client takes it for the sender's.
func shownAs(who string, mb desk.Mailbox) string {
	who = strings.TrimSpace(strings.ReplaceAll(page.Excerpt(who, 60), "@", " at "))
	name := page.OneLine(mb.Name)
	switch {
	case who == "":
		return name
	case name == "":
		return who
	}
	return who + " (" + name + ")"
}

// domain is what stands behind the "@" of a mailbox's own address.
func domain(mb desk.Mailbox) string {
	return mb.Address[strings.LastIndexByte(mb.Address, '@')+1:]
}
