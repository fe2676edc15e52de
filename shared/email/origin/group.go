package origin

import (
	"strings"

	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/wording"
	"github.com/replywell/replywell/shared/language"
)

// group is mail that a Google group passed on, a Workspace team's usual support
// address. With a strict DMARC policy of the author's domain the group writes
// itself into From ("'Erika' via Support"); else From stays as it was. Either
// way it adds everything a mailing list adds.
func group(m *message.Message) (Origin, bool) {
	address := groupAddress(m)
	if address == "" {
		return Origin{}, false
	}
	o := Origin{Author: m.From, Rule: "group", Forwarded: true, Forwarder: address}
	local, domain, _ := strings.Cut(address, "@")
	if strings.HasSuffix(domain, "googlegroups.com") && !wording.ContainsAny(local, language.Phrases(language.DeskAddress)) {
		o.Forwarded = false
	}
	name, via := cutVia(m.From.Name)
	if !via && !strings.EqualFold(m.From.Address, address) {
		o.ReplyTo = ordinaryReplyTo(m, address)
		return o, true
	}
	for _, candidate := range []struct {
		rule  string
		field string
	}{{"x-original-from", "X-Original-From"}, {"via-group", "Reply-To"}, {"x-original-sender", "X-Original-Sender"}} {
		a, ok := addressIn(m.Header.Get(candidate.field))
		if candidate.field == "Reply-To" && len(m.ReplyTo) > 0 {
			a, ok = m.ReplyTo[0], strings.Contains(m.ReplyTo[0].Address, "@")
		}
		if !ok || strings.EqualFold(a.Address, address) || strings.EqualFold(a.Address, m.From.Address) {
			continue
		}
		if a.Name == "" {
			a.Name = name
		}
		o.Author, o.Rule = a, candidate.rule
		if r := ordinaryReplyTo(m, address); !strings.EqualFold(r, a.Address) {
			o.ReplyTo = r
		}
		return o, true
	}
	// The group hides who wrote: all that is left is the name.
	o.Author.Name, o.Rule = name, "via-group"
	return o, true
}

// ordinaryReplyTo is the Reply-To where it names neither author nor group.
func ordinaryReplyTo(m *message.Message, group string) string {
	if r := replyTo(m); !strings.EqualFold(r, group) {
		return r
	}
	return ""
}

// groupAddress is the address of the Google group that passed the mail on; ""
// if none did.
func groupAddress(m *message.Message) string {
	google := m.Header.Has("X-Google-Group-Id")
	list := m.Header.Get("Mailing-List")
	if !google && !(strings.Contains(list, "+owners@") || strings.Contains(m.Header.Get("List-Help")+m.Header.Get("List-Archive")+m.Header.Get("List-Unsubscribe"), "groups.google.com")) {
		return ""
	}
	// Mailing-list: list support@example.org; contact support+owners@example.org
	if a, ok := addressIn(list); ok {
		return strings.ToLower(a.Address)
	}
	if a, ok := addressIn(m.Header.Get("X-BeenThere")); ok {
		return strings.ToLower(a.Address)
	}
	// List-ID: <support.example.org>
	id := m.Header.Get("List-Id")
	if i := strings.LastIndexByte(id, '<'); i >= 0 {
		id = strings.TrimRight(strings.TrimSpace(id[i+1:]), ">")
	}
	if local, domain, ok := strings.Cut(id, "."); ok && local != "" && strings.Contains(domain, ".") {
		return strings.ToLower(local + "@" + domain)
	}
	if google {
		return strings.ToLower(m.From.Address)
	}
	return ""
}

// onBehalf is mail that a system sends in a person's name, and says so at the
// beginning of its own: "Per conto di: erika@example.org", as certified mail (PEC)
// comes. The person is in Reply-To, or in that name.
func onBehalf(m *message.Message) (Origin, bool) {
	rest, said := strings.TrimSpace(m.From.Name), false
	for _, w := range language.Phrases(language.OnBehalf) {
		if len(rest) > len(w) && strings.EqualFold(rest[:len(w)], w) && (rest[len(w)] == ':' || rest[len(w)] == ' ') {
			rest, said = strings.Trim(rest[len(w):], ": "), true
			break
		}
	}
	if !said && m.Header.Get("X-Trasporto") == "" {
		return Origin{}, false
	}
	o := Origin{Rule: "on-behalf", Forwarded: true, Forwarder: strings.ToLower(m.From.Address)}
	if r := replyTo(m); r != "" {
		o.Author = message.Address{Address: r}
		for _, a := range m.ReplyTo {
			if a.Address == r {
				o.Author.Name = a.Name
			}
		}
		if said && o.Author.Name == "" && !strings.Contains(rest, "@") {
			o.Author.Name = rest
		}
		return o, true
	}
	if a, ok := addressIn(rest); ok && said && !strings.EqualFold(a.Address, m.From.Address) {
		o.Author = message.Address{Address: a.Address}
		return o, true
	}
	return Origin{}, false
}

// cutVia takes "'Erika Muster' via Support" apart and gives the person's name.
func cutVia(name string) (string, bool) {
	lower := strings.ToLower(name)
	if len(lower) != len(name) {
		lower = name
	}
	cut := -1
	for _, h := range []language.Heading{language.Via, language.OnBehalf} {
		for _, w := range language.Phrases(h) {
			if i := strings.LastIndex(lower, " "+w+" "); i > cut {
				cut = i
			}
		}
	}
	for _, w := range []string{" (via ", " [via ", "、", " 経由"} {
		if i := strings.Index(lower, w); i > 0 && (cut < 0 || i < cut) && strings.Contains(lower, "via ") {
			cut = i
		}
	}
	if cut <= 0 {
		return name, false
	}
	return strings.Trim(strings.TrimSpace(name[:cut]), `'"‘’“”`), true
}

// originalFields are written by forwarders that put themselves into From.
var originalFields = []struct{ field, rule string }{
	{"X-Original-From", "x-original-from"},
	{"X-SimpleLogin-Original-From", "x-original-from"},
	{"Duck-Original-From", "x-original-from"},
	{"X-Original-Sender", "x-original-sender"},
	{"X-Forwarded-Original-From", "x-original-from"},
	{"X-Envelope-Original-From", "x-original-from"},
}

// rewritten is mail whose From a host or a list replaced by an address of its
// own. A field that names another author counts only if the From itself shows
// that it was rewritten: anybody can add a field.
func rewritten(m *message.Message) (Origin, bool) {
	name, via := cutVia(m.From.Name)
	list := m.Header.Has("List-Id") || m.Header.Has("List-Post") || m.Header.Has("X-BeenThere")
	o := Origin{Forwarded: !list || teamList(m) != "", Forwarder: strings.ToLower(m.From.Address)}
	for _, f := range originalFields {
		a, ok := addressIn(m.Header.Get(f.field))
		if !ok || strings.EqualFold(a.Address, m.From.Address) || !via && !mentions(m.From, a.Address) && !repliesTo(m, a.Address) {
			continue
		}
		if a.Name == "" {
			a.Name = name
		}
		o.Author, o.Rule = a, f.rule
		if r := replyTo(m); r != "" && !strings.EqualFold(r, a.Address) {
			o.ReplyTo = r
		}
		return o, true
	}
	if a, ok := encodedAddress(m.From); ok && !isRecipient(m, a.Address) {
		o.Author, o.Rule = a, "from-rewritten"
		if len(m.ReplyTo) == 0 {
			o.ReplyTo = m.From.Address // such aliases pass the answer on
		} else if !strings.EqualFold(m.ReplyTo[0].Address, a.Address) {
			o.ReplyTo = m.ReplyTo[0].Address
		}
		return o, true
	}
	// "Erika via Shop <relay@host>" with Reply-To: the author.
	mass := m.Header.Has("List-Unsubscribe") || m.Header.Has("Precedence") || strings.HasPrefix(wording.Fold(m.Header.Get("Auto-Submitted")), "auto-")
	if via && replyTo(m) != "" && (list || !mass) && (list || isRobot(m.From.Address) || differs(replyTo(m), m.From.Address) || isBrand(message.Address{Name: m.From.Name[strings.LastIndexByte(m.From.Name, ' ')+1:], Address: m.From.Address})) {
		o.Author, o.Rule = message.Address{Name: name, Address: replyTo(m)}, "via"
		if list {
			o.Rule = "via-list"
		}
		return o, true
	}
	return Origin{}, false
}

// mentions tells whether an address is written in another's name or local part,
// the way rewriters leave it: "erika at example.org", erika=example.org@host.
func mentions(from message.Address, address string) bool {
	local, domain, _ := strings.Cut(strings.ToLower(address), "@")
	for _, s := range []string{strings.ToLower(from.Name), strings.ToLower(from.Address)} {
		if i := strings.Index(s, local); i >= 0 && len(local) > 1 && strings.Contains(s[i+len(local):], domain) {
			return true
		}
	}
	return false
}

func repliesTo(m *message.Message, address string) bool {
	return len(m.ReplyTo) > 0 && strings.EqualFold(m.ReplyTo[0].Address, address) && isRobot(m.From.Address)
}

// encodedAddress reads the author out of a From that carries his address:
// SRS0=..., erika=example.org@host, "Erika - erika at example.org" <...>.
func encodedAddress(from message.Address) (message.Address, bool) {
	name, _ := cutVia(from.Name)
	if a, ok := decodeSRS(from.Address); ok && a != "" {
		return message.Address{Name: name, Address: a}, true
	}
	local, _, _ := strings.Cut(from.Address, "@")
	if user, domain, ok := strings.Cut(local[strings.LastIndexByte(local, '+')+1:], "="); ok && isDomain(domain) && user != "" {
		return message.Address{Name: name, Address: user + "@" + strings.ToLower(domain)}, true
	}
	// The name is the address: "erika@example.org via Shop" <forward@host>.
	if a, ok := addressIn(name); ok && a.Address == name && (name != from.Name || isRobot(from.Address)) && !strings.EqualFold(name, from.Address) {
		return message.Address{Address: name}, true
	}
	// In the name: "Erika - erika at example.org", "erika(a)example.org via X".
	for _, at := range []string{" at ", "(a)", "[at]", " [at] ", "(at)"} {
		i := strings.LastIndex(name, at)
		if i <= 0 {
			continue
		}
		user := name[strings.LastIndexAny(name[:i], " \t<(")+1 : i]
		domain := strings.TrimRight(name[i+len(at):], " >)")
		if isDomain(domain) && strings.Count(domain, " ") == 0 && user != "" && (name != from.Name || isRobot(from.Address) || strings.Contains(name[:i], " - ")) {
			rest := strings.Trim(strings.TrimSuffix(name[:i], user), " -<(")
			return message.Address{Name: rest, Address: user + "@" + strings.ToLower(domain)}, true
		}
	}
	return message.Address{}, false
}

// isRecipient: bulk senders write the recipient into their own address.
func isRecipient(m *message.Message, address string) bool {
	for _, a := range m.To {
		if strings.EqualFold(a.Address, address) {
			return true
		}
	}
	return false
}

func isDomain(s string) bool {
	i := strings.LastIndexByte(s, '.')
	return i > 0 && i < len(s)-2 && !strings.ContainsAny(s, " \t@/=") && !strings.Contains(s, "..")
}

// differs tells whether two addresses are of different organisations, as far as
// the last two labels of their domains tell.
func differs(a, b string) bool { return site(a) != site(b) }

func site(address string) string {
	domain := strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
	labels := strings.Split(domain, ".")
	if n := len(labels); n > 2 {
		if len(labels[n-1]) == 2 && len(labels[n-2]) <= 3 && n > 2 {
			return strings.Join(labels[n-3:], ".")
		}
		return strings.Join(labels[n-2:], ".")
	}
	return domain
}
