package message

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// Parse reads one raw mail. It never fails and never panics: what cannot be
// understood is kept as text or as an attachment, and said in Warnings. Time
// is linear in len(raw). What could not be taken apart shares its memory, so raw
// must not be changed afterwards.
func Parse(raw []byte) (m *Message) {
	defer func() {
		if p := recover(); p != nil {
			m = unread(raw, fmt.Sprint(p))
		}
	}()
	return parse(raw)
}

// parse is a variable so that a test can make it panic.
var parse = parseMail

// unread is the mail of which only the raw text could be kept.
func unread(raw []byte, why string) *Message {
	text := strings.ReplaceAll(strings.ToValidUTF8(string(raw[:min(len(raw), MaxText)]), "\uFFFD"), "\x00", "")
	sum := sha256.Sum256(raw)
	return &Message{Text: text, PlainText: text, Warnings: []Warning{{"unreadable", "the mail could not be taken apart: " + why}},
		Attachments: []Attachment{{Filename: "mail.eml", ContentType: "message/rfc822", Size: len(raw), SHA256: hex.EncodeToString(sum[:]), Content: raw}}}
}

func parseMail(raw []byte) *Message {
	m := &Message{}
	warn := &warnings{}
	raw = mendLineEnds(raw, warn)
	p := newRepairer(warn, len(raw))
	root := p.read(raw, 0, "text/plain")
	m.Header = root.header
	m.fields(root.raw, p.hint, warn)
	r := &reader{m: m, warn: warn, unnamed: new(int)}
	r.walk(root, false)
	r.finish()
	m.Parts = root.flatten(make([]Part, 0, p.parts))
	m.Warnings = warn.list
	return m
}

// mendLineEnds makes LF line ends of a mail that has only CR ones.
func mendLineEnds(raw []byte, warn *warnings) []byte {
	raw = bytes.TrimPrefix(raw, []byte("\xEF\xBB\xBF"))
	if bytes.IndexByte(raw, '\n') >= 0 || bytes.IndexByte(raw, '\r') < 0 {
		return raw
	}
	warn.add("line-ends", "lines end in CR alone")
	return bytes.ReplaceAll(raw, []byte("\r"), []byte("\n"))
}

// fields reads the header fields that have a meaning of their own.
func (m *Message) fields(h rawHeader, hint string, warn *warnings) {
	list := func(name string) []Address {
		var out []Address
		for _, f := range h {
			if !strings.EqualFold(f.name, name) || len(out) >= MaxAddresses {
				continue
			}
			as, more := parseAddresses(f.value, hint, MaxAddresses-len(out))
			if out = append(out, as...); more {
				warn.add("addresses", "the field "+f.name+" has more addresses than are listed; all of them stand in the header")
			}
		}
		return out
	}
	m.To, m.Cc, m.ReplyTo = list("To"), list("Cc"), list("Reply-To")
	if s := list("Sender"); len(s) > 0 {
		m.Sender = s[0]
	}
	m.author(list, warn)
	ids := func(name string) []string {
		var out []string
		for _, f := range h {
			if !strings.EqualFold(f.name, name) || len(out) >= MaxIDs {
				continue
			}
			got, more := parseIDs(f.value, name == "In-Reply-To", MaxIDs-len(out))
			if out = append(out, got...); more {
				warn.add("ids", "the field "+f.name+" has more message ids than are listed")
			}
		}
		return out
	}
	if id := ids("Message-ID"); len(id) > 0 {
		m.MessageID = id[0]
	}
	m.InReplyTo, m.References = ids("In-Reply-To"), ids("References")
	m.Subject = strings.TrimSpace(m.Header.Get("Subject"))
	if len(m.Subject) > MaxSubject {
		m.Subject = strings.ToValidUTF8(m.Subject[:MaxSubject], "") + "…"
		warn.add("subject-long", "the subject was cut; all of it stands in the header")
	}
	if d, ok := h.get("Date"); ok {
		if m.Date = parseDate(d); m.Date.IsZero() && d != "" {
			warn.add("date-unreadable", "the date could not be understood")
		}
	}
}

// author fills From: the first address of the first From that has one, else
// what comes nearest to saying who wrote.
func (m *Message) author(list func(string) []Address, warn *warnings) {
	for i, name := range []string{"From", "Sender", "Resent-From", "Reply-To", "X-Original-From", "Return-Path"} {
		as := list(name)
		for _, a := range as {
			if strings.Contains(a.Address, "@") {
				m.From = a
				if i > 0 {
					warn.add("from-missing", "there is no usable From; the author is taken from "+name)
				}
				return
			}
		}
		if i == 0 && len(as) > 0 { // a local name, or text that is no address
			m.From = as[0]
			if as[0].Address != "" {
				return
			}
		}
	}
	if m.From == (Address{}) {
		warn.add("from-missing", "nothing says who wrote")
	}
}

// warnings collects repairs and doubts, a few of each name.
type warnings struct {
	list  []Warning
	count map[string]int
}

func (w *warnings) add(name, detail string) {
	if w.count == nil {
		w.count = map[string]int{}
	}
	for _, x := range w.list {
		if x.Name == name && x.Detail == detail {
			return
		}
	}
	if w.count[name]++; w.count[name] <= maxWarnings {
		w.list = append(w.list, Warning{name, detail})
	}
}

func (w *warnings) has(name string) bool { return w.count[name] > 0 }

// Bounds on what a stranger's mail can make us do. Time is linear in the size
// of the mail whatever it contains; these keep the factor and the memory small.
// What lies beyond a bound is never lost: it is kept as one attachment, or
// stands in the header field or the raw mail, and a warning names it.
const (
	// MaxDepth is how deep multiparts may nest; a deeper one is kept whole, as
	// one attachment.
	MaxDepth = 50
	// MaxParts is how many parts are taken apart; the rest is kept as one attachment.
	MaxParts = 1_000
	// MaxFields is how many header fields are listed, of the mail and of each part.
	MaxFields = 5_000
	// MaxAddresses is how many addresses are read from one kind of field.
	MaxAddresses = 10_000
	// MaxIDs is how many message ids are read from one kind of field.
	MaxIDs = 1_000
	// MaxSubject is the length of Subject in bytes; the rest stands in Header.
	MaxSubject = 4 << 10
	// MaxText is how many bytes of one text part are read as text. A longer one
	// is also kept whole, as an attachment.
	MaxText = 2 << 20
	// MaxAllText bounds the sum of the texts in the same way, of those that are
	// shown and of those that are attached each.
	MaxAllText = 4 << 20
	// MaxUnpacked is how many bytes compressed text inside a winmail.dat may grow to.
	MaxUnpacked = 16 << 20
	// maxOpened is how many signatures inside one another are opened.
	maxOpened = 3
	// scanFactor and scanFree bound the bytes of multiparts that are read, as a
	// multiple of the mail and beyond it: what lies in n multiparts counts n times.
	scanFactor, scanFree = 8, 4 << 20
	// maxEncoded is how many multiparts that were encoded as a whole are decoded.
	maxEncoded = 2
	// maxFieldName is how long the name of a header field may be. A line has at
	// most 998 bytes (RFC 5322 section 2.1.1).
	maxFieldName = 998
	// maxWrapped is how many lines without an indent are looked at for the end of
	// the field that they belong to.
	maxWrapped = 200
	// maxWarnings is how many warnings of one name are listed.
	maxWarnings = 5
	// maxWord is how many bytes one encoded word may have. RFC 2047 allows 75;
	// mailers that do not fold write thousands.
	maxWord = 16 << 10
)
