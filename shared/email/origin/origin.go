package origin

import (
	"strings"

	"github.com/replywell/replywell/shared/email/message"
)

// Origin is the person who wrote, and how we know.
type Origin struct {
	Author message.Address // who wrote; the From address for ordinary mail
	// Rule is "from" for ordinary mail, else the rule that found the author:
	// "via-group", "x-original-from", "srs", "resent", "contact-form:reply-to",
	// "contact-form:body"... The list is in doc.go.
	Rule string
	// Forwarded: the mail was passed on by a group, a host or a form, so that
	// list or bulk headers that the forwarder added do not make it a list's mail.
	Forwarded bool
	// ReplyTo is where an answer should go when it is not Author ("" else).
	ReplyTo string
	// Forwarder is the address that passed the mail on, in lower case, where it
	// is known ("" else). List fields of its domain are the forwarder's own.
	Forwarder string
}

// Written reports whether a system wrote the mail for somebody: a web site's form,
// a marketplace, a service of certified mail. Author is then who it says that was,
// and nothing that the receiving service checked speaks for it.
func (o Origin) Written() bool {
	return strings.HasPrefix(o.Rule, "contact-form") || o.Rule == "relay" || o.Rule == "via" || o.Rule == "on-behalf"
}

// Claimed reports whether Author is only whom a system names: it wrote for somebody,
// or a rule passed on what somebody had written. Anybody can type a name into a
// form, so nothing of that person's may be shown or joined for it.
func (o Origin) Claimed() bool { return o.Written() || o.Rule == "rule-forward" }

// Find names the author. It asserts nothing about authenticity: every field it
// reads can be written by anybody, so that its result says whom to answer and
// whose words these are, and never who may see what.
func Find(m *message.Message) Origin {
	for _, rule := range []func(*message.Message) (Origin, bool){group, onBehalf, rewritten, contactForm, ruleForward, ownList, passedOn} {
		if o, ok := rule(m); ok {
			if !strings.Contains(o.Author.Address, "@") {
				o.Author = m.From
			}
			return o
		}
	}
	return Origin{Author: m.From, Rule: "from", ReplyTo: replyTo(m)}
}

// replyTo is the Reply-To of ordinary mail, where it names another address.
func replyTo(m *message.Message) string {
	for _, a := range m.ReplyTo {
		if strings.Contains(a.Address, "@") && !strings.EqualFold(a.Address, m.From.Address) {
			return a.Address
		}
	}
	return ""
}

// passedOn is mail that kept its From, but tells that a mailbox of the team's
// handed it on: redirects (RFC 5322 section 3.6.6), Gmail's filters, Exchange's
// rules, the sender rewriting scheme.
func passedOn(m *message.Message) (Origin, bool) {
	o := Origin{Author: m.From, Forwarded: true, ReplyTo: replyTo(m)}
	loop := exchangeLoop(m)
	switch {
	case loop != "" && !strings.EqualFold(loop, m.From.Address):
		o.Rule, o.Forwarder = "exchange-redirect", loop
	case firstAddress(m, "Resent-From") != "":
		o.Rule, o.Forwarder = "resent", firstAddress(m, "Resent-From")
	case firstAddress(m, "Resent-Sender") != "":
		o.Rule, o.Forwarder = "resent", firstAddress(m, "Resent-Sender")
	case firstAddress(m, "X-Forwarded-For") != "" && strings.Contains(m.Header.Get("X-Forwarded-For"), "@"):
		o.Rule, o.Forwarder = "x-forwarded", firstAddress(m, "X-Forwarded-For")
	case firstAddress(m, "X-Forwarded-To") != "":
		o.Rule, o.Forwarder = "x-forwarded", firstAddress(m, "Delivered-To")
	default:
		path := firstAddress(m, "Return-Path")
		if _, ok := decodeSRS(path); !ok && !strings.Contains(path, "+caf_=") {
			return Origin{}, false
		}
		o.Rule, o.Forwarder = "srs", path
	}
	return o, true
}

// exchangeLoop is the mailbox whose rule or setting handed a mail on: Exchange
// leaves its address to find loops by.
func exchangeLoop(m *message.Message) string {
	for _, name := range []string{"X-MS-Exchange-ForwardingLoop", "X-MS-Exchange-Inbox-Rules-Loop"} {
		if a := firstAddress(m, name); a != "" {
			return a
		}
	}
	return ""
}

// firstAddress finds the first address in a header field, in lower case.
func firstAddress(m *message.Message, name string) string {
	a, _ := addressIn(m.Header.Get(name))
	return strings.ToLower(a.Address)
}

// addressIn finds an address, with its display name if it has one, in a field
// such as `"Erika Muster" <erika@example.org>` or `list a@b.example; contact c@d.example`.
func addressIn(s string) (message.Address, bool) {
	if len(s) > 4096 {
		s = s[:4096]
	}
	at := strings.IndexByte(s, '@')
	if at <= 0 {
		return message.Address{}, false
	}
	const stop = " \t<>(),;:\"'[]"
	start := strings.LastIndexAny(s[:at], stop) + 1
	end := strings.IndexAny(s[at:], stop)
	if end < 0 {
		end = len(s) - at
	}
	a := message.Address{Address: strings.TrimRight(s[start:at+end], ".")}
	if start == at || end < 2 {
		return message.Address{}, false
	}
	if start > 0 && s[start-1] == '<' {
		a.Name = strings.Trim(strings.TrimSpace(s[:start-1]), `"' `)
		if strings.ContainsAny(a.Name, "<>@") {
			a.Name = ""
		}
	}
	return a, true
}

// decodeSRS reads the sender out of an address that the Sender Rewriting
// Scheme made: SRS0=hash=time=domain=local@host, or SRS1=hash=host==rest.
func decodeSRS(address string) (string, bool) {
	i := strings.LastIndexByte(address, '@')
	if i < 0 {
		return "", false
	}
	local := address[:i]
	if j := strings.Index(strings.ToLower(local), "srs"); j > 0 && (local[j-1] == '+' || local[j-1] == '-') {
		local = local[j:] // Exchange: bounces+SRS=hash=time@...
	}
	lower := strings.ToLower(local)
	switch {
	case strings.HasPrefix(lower, "srs0") && len(local) > 5 && strings.IndexByte("=+-", local[4]) >= 0:
		return srsTail(local[5:])
	case strings.HasPrefix(lower, "srs1") && len(local) > 5 && strings.IndexByte("=+-", local[4]) >= 0:
		if j := strings.Index(local, "=="); j >= 0 {
			return srsTail(local[j+2:])
		}
		return "", true
	case strings.HasPrefix(lower, "srs="):
		return "", true
	}
	return "", false
}

// srsTail reads hash=time=domain=local.
func srsTail(s string) (string, bool) {
	fields := strings.SplitN(s, "=", 4)
	if len(fields) < 4 || fields[2] == "" || fields[3] == "" {
		return "", true
	}
	return fields[3] + "@" + strings.ToLower(fields[2]), true
}
