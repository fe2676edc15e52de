package guard

import (
	"strings"
	"unicode"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/orders"
)

// piece looks for everything in one piece of the mail.
func (c *check) piece(p piece) {
	c.tokens(p)
	if p.raw {
		return
	}
	flat := folded(p.text)
	c.frame(p, flat)
	c.commands(p)
	c.marks(p)
	c.addresses(p, flat)
	ws := words(p.text)
	c.runs(p, ws, c.notes, Note)
	c.runs(p, ws, c.inside, InternalArticle)
	c.runs(p, ws, c.others, OtherCustomer)
	c.wholes(p, ws, c.short, Note)
	c.wholes(p, ws, c.names, CustomerName)
}

// runs looks for runs of words that a library has.
func (c *check) runs(p piece, ws []word, l *library, kind Kind) {
	for _, r := range l.runs(ws) {
		c.hit(Hit{Kind: kind, Span: p.text[ws[r.first].start:ws[r.last].end], Words: r.last - r.first + 1, Where: p.where, Source: r.source})
	}
}

// wholes looks for what is found as a whole or not at all.
func (c *check) wholes(p piece, ws []word, all []whole, kind Kind) {
	for _, w := range all {
		at, found := has(ws, w.words)
		if !found {
			continue
		}
		if span := p.text[ws[at].start:ws[at+len(w.words)-1].end]; !strings.Contains(c.own, folded(span)) {
			c.hit(Hit{Kind: kind, Span: span, Words: len(w.words), Where: p.where, Source: w.source})
		}
	}
}

// tokens looks for signed addresses: as they stand, with line breaks and quote
// marks within them, and written in percent signs. The address that the
// customer answers to, those at which they say whether it is solved, and the one that
// reports about mail to them come to, are theirs.
func (c *check) tokens(p piece) {
	if c.Keys == nil {
		return
	}
	found := func(text string, skip func(byte) bool) {
		for _, t := range c.Keys.FindWithin(text, c.Now, skip, &c.checks) {
			t.Mailbox = c.Conversation.Mailbox // an address is made for somebody at a mailbox
			if (t.Purpose.FromCustomer() || t.Purpose == replyaddr.Bounce) && t.Token.Conversation == string(c.Conversation.ID) && t.IsFor(c.Keys, c.Conversation.Customer.Address) {
				continue
			}
			c.hit(Hit{Kind: ReplyAddress, Span: text[t.Start:t.End], Words: 1, Where: p.where})
		}
	}
	found(p.text, nil)
	if p.raw {
		return
	}
	found(p.text, broken)
	if strings.Contains(p.text, "%") {
		found(unpercented(p.text), broken)
	}
}

// broken tells what a mail program puts into a long word: white space, the
// marks of a quote, the sign of a soft line break.
func broken(b byte) bool {
	switch b {
	case ' ', '\t', '\r', '\n', '>', '|', '=', '<', '-', '*', '_':
		return true
	}
	return b >= 0x80 // signs that are not seen, such as a zero-width space
}

// unpercented decodes what is written in percent signs (RFC 3986 section 2.1),
// as often as it was encoded, within reason.
func unpercented(s string) string {
	for range 3 {
		var b strings.Builder
		changed := false
		for i := 0; i < len(s); i++ {
			if s[i] == '%' && i+2 < len(s) {
				if hi, lo := unhex(s[i+1]), unhex(s[i+2]); hi >= 0 && lo >= 0 {
					b.WriteByte(byte(hi<<4 | lo))
					i += 2
					changed = true
					continue
				}
			}
			b.WriteByte(s[i])
		}
		if s = b.String(); !changed {
			break
		}
	}
	return s
}

func unhex(b byte) int {
	switch {
	case b >= '0' && b <= '9':
		return int(b - '0')
	case b|0x20 >= 'a' && b|0x20 <= 'f':
		return int(b|0x20-'a') + 10
	}
	return -1
}

// around is how many bytes on each side of a phrase of our frame the customer
// must have written as well for it to be theirs: whoever writes our headings
// into a mail does not so switch off the search for them.
const around = 24

func (c *check) frame(p piece, flat string) {
	for _, phrase := range c.Frame {
		for from := 0; ; {
			i := strings.Index(flat[from:], phrase)
			if i < 0 {
				break
			}
			at, end := from+i, from+i+len(phrase)
			if !strings.Contains(c.own, flat[max(0, at-around):min(len(flat), end+around)]) {
				c.hit(Hit{Kind: Frame, Span: phrase, Words: len(strings.Fields(phrase)), Where: p.where})
				break
			}
			from = end
		}
	}
}

// commands looks for lines that are an order to us.
func (c *check) commands(p piece) {
	if !strings.ContainsAny(p.text, "#＃﹟♯") {
		return
	}
	for _, line := range strings.Split(p.text, "\n") {
		line = strings.TrimLeft(line, "> \t|")
		if orders.IsOrder(line) && !strings.Contains(c.own, folded(line)) {
			c.hit(Hit{Kind: Command, Span: strings.TrimSpace(line), Words: 1, Where: p.where})
		}
	}
}

// marks looks for the mark of an article's passage for the team alone: where it
// is seen, what it was to hide may be seen as well.
func (c *check) marks(p piece) {
	if !desk.MarksPassage(p.text) || desk.MarksPassage(c.own) {
		return
	}
	span := desk.PassageOpens
	for line := range strings.SplitSeq(p.text, "\n") {
		if desk.MarksPassage(line) {
			span = strings.TrimSpace(line)
			break
		}
	}
	c.hit(Hit{Kind: InternalMark, Span: span, Words: 1, Where: p.where})
}

// addresses looks for agents' private addresses and for other customers'.
func (c *check) addresses(p piece, flat string) {
	if !strings.Contains(flat, "@") {
		return
	}
	whole := strings.ReplaceAll(flat, " ", "")
	look := func(address string, kind Kind) {
		address = strings.ToLower(address)
		if containsAddress(flat, address) || brokenAddress(p.text, whole, address) {
			c.hit(Hit{Kind: kind, Span: address, Words: 1, Where: p.where})
		}
	}
	if c.Settings != nil {
		for _, a := range c.Settings.Agents {
			for _, address := range a.Addresses {
				if !strings.EqualFold(address, c.Conversation.Customer.Address) && !containsAddress(c.own, strings.ToLower(address)) {
					look(address, AgentAddress)
				}
			}
		}
	}
	for _, address := range c.other {
		look(address, CustomerAddress)
	}
}

// brokenAddress looks for an address with line breaks in it: what stands before
// it is not its own beginning.
func brokenAddress(text, whole, address string) bool {
	if !strings.Contains(whole, address) {
		return false // the quick answer, nearly always
	}
	joined := folded(strings.NewReplacer("\r\n", "", "\n> ", "", "\n>", "", "\n", "", "\u200b", "").Replace(text))
	return containsAddress(joined, address)
}

// containsAddress looks for a whole address: not the end of a longer one.
func containsAddress(text, address string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], address)
		if i < 0 {
			return false
		}
		at := from + i
		end := at + len(address)
		if (at == 0 || !wordByte(text[at-1])) && (end == len(text) || !wordByte(text[end]) && !goesOn(text[end:])) {
			return true
		}
		from = at + 1
	}
}

func wordByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '-' || b == '_' || b == '+' || b >= 0x80
}

// goesOn tells that a domain has a further label: ".uk" behind "shop.co".
func goesOn(rest string) bool {
	return len(rest) > 1 && rest[0] == '.' && wordByte(rest[1])
}

// folded makes texts comparable that differ in case, wrapping and quote marks.
func folded(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space, lineStart := true, true
	for _, r := range s {
		switch {
		case r == '\n':
			lineStart = true
			fallthrough
		case unicode.IsSpace(r):
			if !space {
				b.WriteByte(' ')
				space = true
			}
		case lineStart && (r == '>' || r == '|'):
		case unicode.Is(unicode.Cf, r):
		default:
			lineStart, space = false, false
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return strings.TrimSuffix(b.String(), " ")
}
