package email

import (
	"fmt"
	"strings"

	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/htmltext"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/origin"
	"github.com/replywell/replywell/shared/email/visible"
)

// Mail is one mail, read as a person reads it.
type Mail struct {
	*message.Message
	Origin    origin.Origin       // who really wrote, and how the mail came
	Visible   visible.Parts       // what was newly said, apart from what was quoted
	Automatic automatic.Judgement // whether a person wrote at all

	// Inside is the letter, where this mail is only its envelope: Visible, Origin,
	// Automatic and Attachments are then the letter's, the header is the envelope's.
	Inside *Mail
	// Passed are the mails that the author attached, to be read with the text.
	Passed []visible.Forwarded
}

// Read reads one raw mail. It never fails and never panics: what could not be
// understood is there as text or as an attachment, and Warnings say so. Time is
// linear in len(raw). raw must not be changed afterwards: attachments may share
// its memory. returnPath is the envelope sender where known ("<>" for the null
// path), else "".
func Read(raw []byte, returnPath string) *Mail { return read(raw, returnPath, 0) }

func read(raw []byte, returnPath string, depth int) *Mail {
	m := &Mail{Message: message.Parse(raw)}
	m.guard("origin", func() { m.Origin = origin.Find(m.Message) })
	m.guard("automatic", func() { m.Automatic = automatic.Judge(m.Message, returnPath) })
	m.guard("visible", func() { m.Visible = split(m.Message, m.Origin) })
	m.guard("inside", func() { m.open(depth) })
	return m
}

// split takes the text apart after gateways' words have been taken out of it:
// a banner above a reply is not the customer's, and it hides where the quote
// begins.
func split(m *message.Message, o origin.Origin) visible.Parts {
	v := source(m, o).Split()
	if len(m.Bodies) > 1 && (v.Signature != "" || delimited(m.Bodies)) {
		v = byBodies(m, o, v, maxBodies)
	}
	return cleaned(m, v)
}

// delimited tells whether a text that another follows has the signature mark
// (RFC 3676 section 4.3): several of them look like ruled lines to whoever reads
// the texts as one.
func delimited(bodies []message.Body) bool {
	for i, b := range bodies[:min(len(bodies)-1, maxBodies)] {
		if strings.Contains(b.PlainText, "\n-- \n") || strings.HasPrefix(b.PlainText, "-- \n") && i > 0 {
			return true
		}
	}
	return false
}

// maxBodies is how many texts of a mail are looked at one by one.
const maxBodies = 8

// byBodies takes the text apart again where a signature would go on into a
// later text of the mail: a signature ends with its part, and what stands below
// the next picture is the author's.
// Each text may have one of its own; deeper bounds how many.
func byBodies(m *message.Message, o origin.Origin, whole visible.Parts, deeper int) visible.Parts {
	for n := 1; n < len(m.Bodies) && n <= maxBodies; n++ {
		first := source(some(m, m.Bodies[:n]), o).Split()
		if first.Signature == "" {
			continue
		}
		if first.Quoted != "" || first.Forwarded != nil { // the rest of what was quoted may follow
			return whole
		}
		rest := some(m, nil) // below what was said first: a list's footer is known by what it stands under
		rest.PlainText = first.Visible + "\n"
		for _, b := range m.Bodies[n:] {
			text := b.PlainText
			if text == "" {
				text = htmltext.Text(b.HTML)
			}
			rest.PlainText += "\n" + text
		}
		rest.Bodies = append([]message.Body{{PlainText: first.Visible}}, m.Bodies[n:]...)
		more := source(rest, o).Split()
		if deeper > 0 && len(m.Bodies)-n > 1 {
			more = byBodies(rest, o, more, deeper-1)
		}
		if more.OnlyQuote || len(strings.TrimSpace(more.Visible)) <= len(strings.TrimSpace(first.Visible)) {
			return whole
		}
		more.Signature = strings.TrimSpace(first.Signature + "\n\n" + more.Signature)
		more.Rules = append(append(first.Rules, "signature-ends-with-its-part"), more.Rules...)
		more.SignaturePictures = append(first.SignaturePictures, more.SignaturePictures...)
		more.Pictures = append(first.Pictures, more.Pictures...)
		return more
	}
	return whole
}

// some is the mail with some of its texts only.
func some(m *message.Message, bodies []message.Body) *message.Message {
	c := *m
	c.PlainText, c.HTML, c.Bodies = "", "", bodies
	for _, b := range bodies {
		c.PlainText, c.HTML = join(c.PlainText, b.PlainText), join(c.HTML, b.HTML)
	}
	return &c
}

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return strings.TrimRight(a, "\n") + "\n" + b
}

// AsAnswer takes the text apart as an agent's answer, which goes on to a customer:
// see visible.Source. by are the agent's names and addresses.
func (m *Mail) AsAnswer(by ...string) (v visible.Parts) {
	v = m.Visible // what Read found, should this fail
	l := m.Letter()
	m.guard("answer", func() { v = cleaned(l.Message, source(l.Message, l.Origin).AsAnswer(by...)) })
	return v
}

func source(m *message.Message, o origin.Origin) visible.Source {
	subject, text := origin.Clean(m.Subject, m.PlainText)
	return visible.Source{Subject: subject, Text: text, HTML: origin.CleanHTML(m.HTML), Opens: opens(m), Form: strings.HasPrefix(o.Rule, "contact-form")}
}

func cleaned(m *message.Message, v visible.Parts) visible.Parts {
	if m.HTML != "" { // banners in HTML are seen only once text has been made of it
		_, v.Visible = origin.Clean("", v.Visible)
	}
	return v
}

// opens tells whether nothing in the header says that the mail answers another.
// Outlook may write no ids, and a Thread-Index instead that is longer than the 22
// bytes of a first mail (MS-OXOMSG section 2.2.1.3).
func opens(m *message.Message) bool {
	return len(m.InReplyTo) == 0 && len(m.References) == 0 && len(strings.TrimSpace(m.Header.Get("Thread-Index"))) <= 32
}

// guard runs one judgement about the mail. A fault in it costs that judgement,
// not the mail.
func (m *Mail) guard(what string, judge func()) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		m.Warnings = append(m.Warnings, message.Warning{Name: "fault-" + what, Detail: fmt.Sprint(p)})
		if m.Origin.Rule == "" {
			m.Origin = origin.Origin{Author: m.From, Rule: "from"}
		}
		if what == "visible" {
			m.Visible = visible.Parts{Visible: strings.TrimSpace(m.Text)}
		}
	}()
	if faults != nil {
		faults(what)
	}
	judge()
}

// faults lets a test make a judgement fail. It is nil otherwise.
var faults func(what string)
