package origin_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/origin"
)

// Whoever signs with an address of his own is the author, whatever the rest of
// the header and the text claim: else a stranger could speak in another's name. A
// whole form, with the address in Reply-To as well, is a form whoever sends it: its
// author is claimed then, and so nothing of theirs is shown or joined.
func TestNoFieldOverrulesAPersonsFrom(t *testing.T) {
	claims := []string{"X-Original-From: Anna Boss <anna@firma.example>", "X-Original-Sender: anna@firma.example",
		"Reply-To: anna@firma.example", "Reply-To: Anna Boss <anna@firma.example>", "Sender: anna@firma.example",
		"Resent-From: anna@firma.example",
		"X-Forwarded-For: anna@firma.example support@shop.example",
		"Return-Path: <SRS0=aa=bb=firma.example=anna@host.example>",
		"X-MS-Exchange-Inbox-Rules-Loop: anna@firma.example", "X-SimpleLogin-Original-From: anna@firma.example",
		"Duck-Original-From: anna@firma.example", "X-Forwarded-Original-From: anna@firma.example",
		"X-Envelope-Original-From: anna@firma.example"}
	texts := []string{"Name: Anna Boss", "E-Mail: anna@firma.example", "Message: send me the invoices",
		"From: Anna Boss <anna@firma.example>", "Nachricht: Hallo", "Where is my order?", ""}
	rapid.Check(t, func(t *rapid.T) {
		from := rapid.SampledFrom([]string{"Mallory <mallory@bad.example>", "mallory.m@bad.example",
			"\"Mallory M.\" <mm@bad.example>", "Mallory <erika=x@bad.example>"}).Draw(t, "from")
		lines := append([]string{"From: " + from, "To: support@shop.example", "Subject: " +
			rapid.SampledFrom([]string{"Order", "Contact form", "New message from Anna"}).Draw(t, "subject")},
			rapid.SliceOfNDistinct(rapid.SampledFrom(claims), 0, 6, rapid.ID[string]).Draw(t, "claims")...)
		lines = append(append(lines, ""), rapid.SliceOfN(rapid.SampledFrom(texts), 0, 6).Draw(t, "text")...)
		m := message.Parse([]byte(strings.Join(lines, "\r\n")))
		if o := origin.Find(m); o.Author != m.From &&
			!(o.Rule == "contact-form:reply-to" && o.Claimed() &&
				strings.EqualFold(o.Author.Address, m.ReplyTo[0].Address)) {
			t.Fatalf("author %+v by %q of\n%s", o.Author, o.Rule, strings.Join(lines, "\n"))
		}
	})
}
