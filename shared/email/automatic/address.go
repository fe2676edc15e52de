package automatic

import (
	"strings"

	"github.com/replywell/replywell/shared/email/wording"
)

// findAddress finds the first thing in a line that is written like an address,
// and what follows it.
func findAddress(s string) (address, after string) {
	for at := 0; at < len(s); {
		i := strings.IndexByte(s[at:], '@')
		if i < 0 {
			return "", ""
		}
		i += at
		start, end := i, i+1
		for start > at && isLocalByte(s[start-1]) {
			start--
		}
		for end < len(s) && isDomainByte(s[end]) {
			end++
		}
		domain := strings.TrimRight(s[i+1:end], ".-")
		local := strings.TrimLeft(s[start:i], ".'*=/")
		if strings.HasPrefix(strings.ToLower(local), "mailto:") {
			local = local[len("mailto:"):]
		}
		if j := strings.LastIndexAny(local, ":"); j >= 0 {
			local = local[j+1:]
		}
		if start > at && s[start-1] == '"' && local == "" {
			// A quoted local part (RFC 5321 section 4.1.2).
			if q := strings.LastIndexByte(s[at:start-1], '"'); q >= 0 {
				local = s[at+q : start]
			}
		}
		if local != "" && domain != "" && isDomainStart(domain[0]) {
			return local + "@" + domain, s[i+1+len(domain):]
		}
		at = i + 1
	}
	return "", ""
}

func isLocalByte(c byte) bool {
	return isLetter(c) || isDigit(c) || c >= 0x80 || strings.IndexByte("!#$%&'*+-/=?^_`{|}~.:", c) >= 0
}

func isDomainByte(c byte) bool {
	return isLetter(c) || isDigit(c) || c >= 0x80 || c == '-' || c == '.' || c == '_'
}

func isDomainStart(c byte) bool { return isLetter(c) || isDigit(c) || c >= 0x80 }

// recipientLabels stand before a recipient's address at the start of a line.
// Folded, without the colon.
var recipientLabels = map[string]bool{
	"to": true, "recipient": true, "recipients": true, "recipient address": true, "address": true, "addressed to": true, "rcpt to": true, "failed recipient": true, "failed recipients": true,
	"intended recipient": true, "recipient(s)": true, "for": true, "final recipient": true, "original recipient": true, "envelope recipient": true, "e-mail": true, "email": true, "user": true, "mailbox": true,
	"unable to deliver message to": true, "unable to deliver to": true, "delivery failed to": true, "your message to": true, "could not be delivered to": true, "was not delivered to": true, "undeliverable to": true, "failed to deliver to": true, "message not delivered to": true,
	"an": true, "empfänger": true, "a": true, "à": true, "destinataire": true, "para": true, "destinatario": true, "destinatário": true, "aan": true, "do": true, "till": true, "til": true, "宛先": true, "受信者": true, "收件人": true, "кому": true, "smtp": true, "delivery to the following recipient failed": true,
}

// leadingAddress tells whether a line of a report begins with a recipient:
// "<a@b.example>: host ... said", "  a@b.example", "* a@b.example",
// "To: a@b.example", "a@b.example<mailto:a@b.example>", "a@b.example Invalid Address".
func leadingAddress(t string) (address, after string, ok bool) {
	t = strings.TrimLeft(t, "*-•·+> \t")
	if name, value, has := strings.Cut(t, ":"); has && strings.Contains(value, "@") && recipientLabels[strings.Trim(wording.Fold(name), "* ")] {
		t = strings.TrimSpace(value)
	}
	quoted := strings.HasPrefix(t, "<") || strings.HasPrefix(t, "'") || strings.HasPrefix(t, "\"") || strings.HasPrefix(t, "(") || strings.HasPrefix(t, "[")
	address, after = findAddress(t)
	if address == "" {
		return "", "", false
	}
	lead := strings.Index(t, address)
	if lead < 0 || strings.Trim(t[:lead], "<'\"([ ") != "" && !strings.EqualFold(strings.Trim(t[:lead], "<'\"([ "), "smtp:") && !strings.EqualFold(strings.Trim(t[:lead], "<'\"([ "), "mailto:") {
		// "Erika Muster <erika@example.org>" alone on its line.
		if !(strings.HasSuffix(t[:max(lead, 0)], "<") && strings.Trim(after, "> .:,") == "" && lead < 60 && !strings.Contains(t[:max(lead, 0)], ":") && !isContact(t)) {
			return "", "", false
		}
		return address, strings.TrimRight(t[:lead], " <"), true // a name, or "550 unknown user"
	}
	rest := strings.TrimLeft(after, ">'\")]")
	folded := wording.Fold(rest)
	switch {
	case strings.Trim(rest, " .,;:") == "":
	case strings.HasPrefix(folded, "<mailto:"), strings.HasPrefix(folded, "[mailto:"):
		if i := strings.IndexAny(rest, ">]"); i >= 0 {
			rest = rest[i+1:]
		}
	case strings.IndexByte(":;,(.-=[", strings.TrimLeft(rest, " \t")[0]) >= 0, strings.HasPrefix(folded, "on "), strings.HasPrefix(folded, "(reason"):
	case quoted, causeOf(folded) != nil, enhanced(folded) != "", replyCode(folded) != "":
	default:
		return "", "", false
	}
	return address, rest, true
}
