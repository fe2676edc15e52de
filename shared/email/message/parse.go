package message

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"mime"
	"net/mail"
	"strings"

	"github.com/jhillyerd/enmime/v2"
)

// Parse reads one raw mail. It never fails: what cannot be understood is kept
// as text, and said in Warnings.
func Parse(raw []byte) *Message {
	m := &Message{}
	env, err := enmime.ReadEnvelope(bytes.NewReader(raw))
	if err != nil {
		m.Warnings = append(m.Warnings, Warning{"unreadable", err.Error()})
		m.Text = strings.ToValidUTF8(string(raw), "\uFFFD")
		m.PlainText = m.Text
		return m
	}
	for _, k := range env.GetHeaderKeys() {
		for _, v := range env.GetHeaderValues(k) {
			m.Header = append(m.Header, Field{Name: k, Value: v, Raw: v})
		}
	}
	m.Subject = env.GetHeader("Subject")
	m.MessageID = strings.Trim(strings.TrimSpace(env.GetHeader("Message-Id")), "<>")
	m.InReplyTo = ids(env.GetHeader("In-Reply-To"))
	m.References = ids(env.GetHeader("References"))
	list := func(k string) (out []Address) {
		as, _ := env.AddressList(k)
		for _, a := range as {
			out = append(out, Address{a.Name, a.Address})
		}
		return out
	}
	if as := list("From"); len(as) > 0 {
		m.From = as[0]
	}
	m.To, m.Cc, m.ReplyTo = list("To"), list("Cc"), list("Reply-To")
	if d, err := mail.ParseDate(env.GetHeader("Date")); err == nil {
		m.Date = d
	}
	m.Text, m.PlainText, m.HTML = env.Text, env.Text, env.HTML
	for i, ps := range [][]*enmime.Part{env.Attachments, env.Inlines, env.OtherParts} {
		for _, p := range ps {
			sum := sha256.Sum256(p.Content)
			m.Attachments = append(m.Attachments, Attachment{Filename: p.FileName, ContentType: p.ContentType, Size: len(p.Content),
				Inline: i == 1, ContentID: p.ContentID, SHA256: hex.EncodeToString(sum[:]), Content: p.Content})
		}
	}
	_ = env.Root.DepthMatchAll(func(p *enmime.Part) bool {
		pt := Part{ContentType: strings.ToLower(p.ContentType), Content: p.Content}
		_, pt.Params, _ = mime.ParseMediaType(p.Header.Get("Content-Type"))
		for k, vs := range p.Header {
			for _, v := range vs {
				pt.Header = append(pt.Header, Field{k, v, v})
			}
		}
		m.Parts = append(m.Parts, pt)
		return false
	})
	return m
}

func ids(s string) (out []string) {
	for _, f := range strings.Fields(s) {
		if f = strings.Trim(f, "<>,"); f != "" {
			out = append(out, f)
		}
	}
	return out
}
