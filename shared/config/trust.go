package config

import (
	"net/netip"
	"regexp"
	"strings"

	"github.com/replywell/replywell/shared/desk"
)

var (
	fieldForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,76}$`)
	nameForm  = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,252}$`)
)

func (r *reader) mailServers(v value) (m desk.MailServers) {
	r.fields(v.node, "mail_servers", fieldSet{
		"addresses": func(v value) { m.Addresses = v.networks() },
		"results_by": func(v value) {
			m.ResultsBy = v.shaped(nameForm, "a name as it stands first in Authentication-Results, such as mx.example.com")
		},
		"spam_fields": func(v value) {
			for _, e := range v.list() {
				m.SpamFields = append(m.SpamFields, e.shaped(fieldForm, "the name of a header field, such as X-Spam"))
			}
		},
	}, "addresses")
	return m
}

func (v value) shaped(form *regexp.Regexp, want string) string {
	s := v.text()
	if s != "" && !form.MatchString(s) {
		v.bad("%q is not %s", s, want)
		return ""
	}
	return s
}

// networks are IP addresses, or networks of them. What holds much of the internet
// would have strangers believed.
func (v value) networks() (out []netip.Prefix) {
	for _, e := range v.list() {
		text := e.text()
		p, err := netip.ParsePrefix(text)
		if a, single := netip.ParseAddr(text); single == nil {
			p, err = netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen()), nil
		}
		switch {
		case err != nil:
			e.bad("%q is not an IP address like 192.0.2.25, nor a network like 10.0.0.0/24", text)
		case p.Addr().Is4() && p.Bits() < 8 || p.Addr().Is6() && p.Bits() < 32:
			e.bad("%s is too large a network: every client in it would be believed", text)
		default:
			out = append(out, p.Masked())
		}
	}
	return out
}

// loopback checks that nobody believes this machine's programs in live mode
// without having said so in as many words.
func (r *reader) loopback(s *desk.Settings, at *places) {
	if s.Mode == desk.ModeLive && s.TrustLoopback && !s.LoopbackLive {
		r.say(at.loopback, "trust_loopback with mode: live lets every program on this machine answer customers as any agent, and so does a mail server here that hands mail over: whatever it passes on counts as proven, forged mail too; take it out, and let mail_servers say what your server finds out (docs/one-machine.md). Who wants it all the same adds believe_forgeries_from_this_machine: true")
	}
	if s.LoopbackLive && (!s.TrustLoopback || s.Mode != desk.ModeLive) {
		r.say(at.loopbackLive, "believe_forgeries_from_this_machine does nothing without trust_loopback and mode: live; take it out")
	}
}

// Notes says what of a document weakens whom is believed, and whose answers will
// be asked about, each in a sentence or two. mx: mail comes straight from its
// senders' servers. It is told wherever the document is used or checked.
func Notes(s *desk.Settings, mx bool) (out []string) {
	if s.Mode != desk.ModeLive {
		return nil
	}
	if s.TrustLoopback {
		out = append(out, "trust_loopback is on in live mode: mail from every program on this machine counts as authenticated, whoever it says it is from, and none of it is verified. If a mail server on this machine hands mail over, anybody can write to customers as an agent.")
	}
	for _, p := range s.Servers.Addresses {
		if p.Addr().IsLoopback() {
			out = append(out, "mail_servers names this machine: whatever program runs on it is believed like your mail server, in where a mail came from. Let nobody log in here who may not answer as an agent.")
			break
		}
	}
	if mx || len(s.Servers.Addresses) > 0 || s.TrustLoopback {
		return out
	}
	var spf, others []string
	for _, a := range s.Agents {
		if a.VouchedBy == desk.VouchedBySPF {
			spf = append(spf, a.Name)
		} else {
			others = append(others, a.Name)
		}
	}
	if len(others) > 0 {
		out = append(out, "nothing tells here whose server a mail came from (SPF): an answer counts at once only if its signature (DKIM) covers To or Cc, Subject and Content-Type. "+
			"Microsoft 365 signs neither To nor Cc: whoever of "+list(others)+" writes through it is asked about every answer. Name the server that hands mail over under mail_servers, or start with --mx where mail comes straight from its senders (docs/one-machine.md).")
	}
	if len(spf) > 0 {
		out = append(out, "every answer of "+list(spf)+" will be held and asked about: vouched_by is spf, and nothing tells here whose server a mail came from. Name the server that hands mail over under mail_servers, or start with --mx.")
	}
	return out
}

func list(names []string) string {
	if len(names) > 6 {
		names = append(names[:5:5], "others")
	}
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return strings.Join(names, "")
}
