package origin

import (
	"strings"

	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/wording"
	"github.com/replywell/replywell/shared/language"
)

// formLimit bounds the text that is searched for a form's fields, in bytes.
const formLimit = 16 << 10

// contactForm is mail that a web site wrote for a visitor. The customer stands
// in Reply-To, or only in the body ("Name: ... E-Mail: ... Message: ...").
//
// The sender must look like a site's (a robot's address, a form service, the
// traces of a web server's mailer): a person who lists name and address in a
// signature, or asks about a form, stays who the From says.
func contactForm(m *message.Message) (Origin, bool) {
	robot, software, titled := isRobot(m.From.Address), formSoftware(m), titledAsForm(wording.Fold(m.Subject))
	weak := isSiteLocal(m.From.Address) || isBrand(m.From)
	if answered(m) || !robot && !software && !(weak && titled) && replyTo(m) == "" {
		return Origin{}, false
	}
	customer := message.Address{}
	for _, a := range m.ReplyTo {
		if strings.Contains(a.Address, "@") && !strings.EqualFold(a.Address, m.From.Address) && !isRobot(a.Address) {
			customer = a
			break
		}
	}
	body := bodyOf(m)
	f := readForm(body)
	if f.email == "" && m.HTML != "" && customer.Address != "" {
		f = readForm(m.Text)
	}
	if f.email != "" && strings.EqualFold(f.email, m.From.Address) {
		f.email = ""
	}
	o := Origin{Forwarded: true, Forwarder: strings.ToLower(m.From.Address)}
	machine := strings.HasPrefix(wording.Fold(m.Header.Get("Auto-Submitted")), "auto-")
	bulk := m.Header.Has("List-Unsubscribe") || m.Header.Has("List-Id")
	switch {
	case customer.Address != "" && !robot && !software && !weak && !(strings.EqualFold(f.email, customer.Address) && f.name != "" && f.message):
		return Origin{}, false // a person's From, and nothing like a whole form
	case customer.Address == "":
		if f.email == "" || !f.message || isRobot(f.email) || bulk {
			return Origin{}, false
		}
		o.Author, o.Rule = message.Address{Name: f.name, Address: f.email}, "contact-form:body"
		return o, true
	case strings.EqualFold(f.email, customer.Address) && (f.name != "" || f.message):
	case f.message && f.name != "" && (robot || software || titled):
	case titled && (robot || software) && !bulk:
	case f.email != "" && f.message && !bulk:
	case isNoReply(m.From.Address) && names(m.From.Name, customer) && differs(customer.Address, m.From.Address) &&
		!machine && !bulk && !m.Header.Has("Precedence") && !m.Header.Has("X-Auto-Response-Suppress"):
		// A site that passes its users' messages on, in their name.
		o.Author, o.Rule = customer, "relay"
		return o, true
	case (robot || weak) && differs(customer.Address, m.From.Address) && (isLeads(m.From.Address) || speaksOf(body, customer)) && !machine && !bulk && !m.Header.Has("Precedence"):
		// A portal that passes on what somebody asked there.
		o.Author, o.Rule = customer, "relay"
		return o, true
	default:
		return Origin{}, false
	}
	if customer.Name == "" {
		customer.Name = f.name
	}
	o.Author, o.Rule = customer, "contact-form:reply-to"
	return o, true
}

// isLeads tells whether an address is one that portals send people's questions with.
func isLeads(address string) bool {
	local, _ := wording.SplitAddress(address)
	return leadLocals[wording.Squash(local)]
}

// isBrand tells whether a sender is an organisation's and no person's: the name has
// the name of the domain in it, and nothing of the local part.
func isBrand(from message.Address) bool {
	local, domain := wording.SplitAddress(from.Address)
	labels := strings.Split(site("x@"+domain), ".")
	name := wording.Squash(strings.ReplaceAll(wording.Fold(from.Name), " ", ""))
	brand := wording.Squash(labels[0])
	if len(brand) < 3 || name == "" || !strings.Contains(name, brand) && !(len(name) >= 4 && strings.Contains(brand, name)) {
		return false
	}
	rest := strings.ReplaceAll(name, brand, "")
	for _, w := range strings.FieldsFunc(local, func(r rune) bool { return strings.ContainsRune(".-_+", r) }) {
		if len(w) > 1 && w != brand && strings.Contains(rest, w) {
			return false
		}
	}
	return true
}

// speaksOf tells whether a text has the customer's address or name in it.
func speaksOf(text string, customer message.Address) bool {
	text = wording.Fold(text[:min(len(text), formLimit)])
	return strings.Contains(text, strings.ToLower(customer.Address)) || len(customer.Name) > 3 && strings.Contains(text, wording.Fold(customer.Name))
}

// names tells whether a display name is the customer's: it has a word of the
// customer's own name or local part.
func names(display string, customer message.Address) bool {
	local, _, _ := strings.Cut(customer.Address, "@")
	display = wording.Fold(display)
	for _, w := range strings.FieldsFunc(wording.Fold(customer.Name+" "+local), func(r rune) bool { return strings.ContainsRune(" .-_+\"'(),", r) }) {
		if len(w) > 2 && strings.Contains(display, w) {
			return true
		}
	}
	return false
}

// answered tells whether the mail is itself an answer: forms write the first
// mail of a conversation, and robots' answers are theirs alone.
func answered(m *message.Message) bool {
	return len(m.InReplyTo) > 0 || strings.HasPrefix(wording.Fold(m.Header.Get("Auto-Submitted")), "auto-replied")
}

// form is what was found in a form's mail.
type form struct {
	name, email string
	message     bool
}

// readForm looks for labelled values: "Name: Erika", "*Name*: Erika", "Name |
// Erika", or the label on a line of its own with its value on the next.
func readForm(text string) form {
	var f form
	if len(text) > formLimit {
		text = text[:formLimit]
	}
	wanted := byte(0) // the label of the line before, whose value comes now
	for line := range strings.Lines(text) {
		t := strings.TrimSpace(line)
		if t == "" || strings.HasPrefix(t, ">") {
			continue
		}
		label, value, ok := cutLabel(t)
		kind := formLabels()[label]
		switch {
		case kind == 0 && wanted != 0:
			f.take(wanted, t)
			wanted = 0
		case kind == 0:
		case ok && value != "":
			f.take(kind, value)
			wanted = 0
		default:
			wanted = kind
		}
	}
	return f
}

func (f *form) take(kind byte, value string) {
	switch kind {
	case 'n':
		if a, ok := addressIn(value); ok && f.email == "" {
			// "From: Erika <erika@example.org>", as WordPress writes it.
			f.email, f.name = a.Address, a.Name
		} else if f.name == "" && len(value) < 100 && !strings.Contains(value, "@") {
			f.name = value
		}
	case 'l':
		if f.name != "" && !strings.Contains(f.name, " ") && len(value) < 60 {
			f.name += " " + value
		}
	case 'e':
		if a, ok := addressIn(value); ok && f.email == "" {
			f.email = a.Address
		}
	case 'm':
		f.message = true
	}
}

// cutLabel splits "Label: value" and gives the label folded.
func cutLabel(t string) (label, value string, ok bool) {
	if len(t) > 2000 {
		t = t[:2000]
	}
	for _, sep := range []string{":", "：", " | ", "|", "\t", " = ", " – ", " - ", "]"} {
		if i := strings.Index(t, sep); i > 0 && i < 60 {
			label, value = t[:i], strings.Trim(strings.TrimSpace(t[i+len(sep):]), "|* ")
			if l := trimLabel(label); formLabels()[l] != 0 {
				return l, value, true
			}
		}
	}
	return trimLabel(t), "", false
}

func trimLabel(s string) string {
	s = strings.Trim(wording.Fold(s), "*_ -•#|:()[]<>?.\"'")
	for _, p := range language.Phrases(language.FormPossessive) {
		if rest, ok := strings.CutPrefix(s, p+" "); ok {
			s = rest
			break
		}
	}
	return strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(s, "(required)"), "*"))
}

func bodyOf(m *message.Message) string {
	if strings.TrimSpace(m.PlainText) != "" {
		return m.PlainText
	}
	return m.Text
}
