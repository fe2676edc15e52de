package message

import (
	"strings"
	"testing"
)

func TestIDsAsMailersWriteThem(t *testing.T) {
	const ses = "0102019b1c2d3e4f-12345678-1234-1234-1234-123456789012-000000@eu-west-1.amazonses.com"
	for field, want := range map[string]string{
		// as the rules have it, and folded
		"<a1@shop.example>":                                      "a1@shop.example",
		"<a1@shop.example> <x1@shop.example>":                    "a1@shop.example x1@shop.example",
		"<a1@shop.example>,<x1@shop.example>; <a1@shop.example>": "a1@shop.example x1@shop.example",
		"<a1 @shop. example>":                                    "a1@shop.example",
		"<a1@shop.example":                                       "a1@shop.example",
		// encoded
		"=?utf-8?q?=3C0102019b1c2d3e4f-12345678-1234-1234-1234-12345678901?= " +
			"=?utf-8?q?2-000000=40eu-west-1=2Eamazonses=2Ecom=3E?=": ses,
		"=?utf-8?Q?<" + ses + ">?=":               ses,
		"=?us-ascii?b?PGExQHNob3AuZXhhbXBsZT4=?=": "a1@shop.example",
		"=?utf-8?q?=3Ca1=40shop=2Eexample=3E_=3Cx1=40shop=2Eexample=3E?=": "a1@shop.example " +
			"x1@shop.example",
		"=?utf-8?q?=3Ca1=40shop=2Eexample=3E?= <x1@shop.example>": "a1@shop.example " +
			"x1@shop.example",
		"<=?utf-8?q?a1=40shop=2Eexample?=>": "a1@shop.example",
		"=?utf-8?q?a1=40shop=2Eexample?=":   "a1@shop.example",
		"=3Ca1=40shop.example=3E":           "a1@shop.example",
		"&lt;a1@shop.example&gt;":           "a1@shop.example",
		"=?iso-2022-jp?b?PGExQHNob3AuZXhhbXBsZT4=?= =?utf-8?q?=3Cx1=40shop.example=3E": "a1@shop.example " +
			"x1@shop.example",
		// bare
		"a1@shop.example":                 "a1@shop.example",
		"a1@shop.example x1@shop.example": "a1@shop.example x1@shop.example",
		"4711":                            "4711",
		"bob.smith@mail.example":          "",
		"Anna1987@mail.example":           "",
		"anna_lee@mail.example":           "",
		"CAF+xyZabQ=kd@mail.example":      "CAF+xyZabQ=kd@mail.example",
		"E1rT2a-0003kf-Pq@host.example":   "E1rT2a-0003kf-Pq@host.example",
		"xYzQrTbKm@host.example":          "xYzQrTbKm@host.example",
		// prose
		`Your message of "Tue, 17 Nov" <m1@shop.example>`:                                                     "m1@shop.example",
		`"John Doe" <john@mail.example>`:                                                                      "",
		`yyyy@example.com's message of "Tue, 27 Aug 2002 17:03:12 +0200"`:                                     "",
		`Your message of "Tue, 27 Aug 2002 17:03:12 +0200." <20020827150312.GA1234@host.example>`:             "20020827150312.GA1234@host.example",
		`Message from John Doe <john@mail.example> of "Tue, 27 Aug 2002" <200208271503.g7RF3C1@host.example>`: "200208271503.g7RF3C1@host.example",
		`Message from john@mail.example of "Tue, 27 Aug 2002"`:                                                "",
		`John Doe <john1987@mail.example>`:                                                                    "",
		`13800138000@mail.example wrote on Tuesday`:                                                           "",
		`<a1@shop.example> (John Doe's message of "Tue, 27 Aug 2002 17:03:12 +0200")`:                         "a1@shop.example",
		`<a1@shop.example> from "John Doe <john@mail.example>" at Aug 27, 2002 05:03:12 PM`:                   "a1@shop.example",
		`<a1@shop.example> (message from John Doe <john@mail.example> on Tue, 27 Aug)`:                        "a1@shop.example",
		`Mail von Erika Muster <erika@mail.example> vom "Di, 27 Aug 2002 17:03"`:                              "",
		`message <3D6B9F10.4080100@host.example> of Tue, 27 Aug`:                                              "3D6B9F10.4080100@host.example",
		`Votre message du mardi 27 août`:                                                                      "",
		`"Your message dated 27 Aug 2002" of john@mail.example, 3D6B9F10.4080100@host.example`:                "3D6B9F10.4080100@host.example",
		`re: order 4711 for kim@customer.example`:                                                             "",
		`=?utf-8?q?yyyy=40example=2Ecom=27s_message_of_Tuesday?=`:                                             "",
		`john@mail.example (John Doe) writes:`:                                                                "",
	} {
		m := Parse([]byte("In-Reply-To: " + field + "\r\n\r\nx"))
		if got := strings.Join(m.InReplyTo, " "); got != want {
			t.Errorf("%s: %q, want %q", field, got, want)
		}
	}
	if m := Parse([]byte(
		"Message-ID: =?utf-8?q?=3Cc1=40customer=2Eexample=3E?=\r\n\r\nx")); m.MessageID != "c1@customer.example" {
		t.Errorf("%q", m.MessageID)
	}
}
