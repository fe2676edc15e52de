package compose_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/message"
)

func ExampleRender() {
	raw, err := compose.Render(compose.Letter{
		From:      message.Address{Name: "Example Support", Address: "support@example.com"},
		To:        []message.Address{{Name: "Jürgen Müller", Address: "juergen@example.net"}},
		Subject:   "Re: Rechnung für Oktober",
		MessageID: "m1@example.com",
		InReplyTo: "c1@example.net",
		Date:      time.Date(2026, 11, 2, 9, 14, 0, 0, time.UTC),
		Text:      "Here it is.",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strings.ReplaceAll(string(raw), "\r\n", "\n"))
	// Output:
	// Date: Mon, 02 Nov 2026 09:14:00 +0000
	// From: Example Support <support@example.com>
	// To: =?utf-8?q?J=C3=BCrgen_M=C3=BCller?= <juergen@example.net>
	// Subject: =?utf-8?q?Re=3A_Rechnung_f=C3=BCr_Oktober?=
	// Message-Id: <m1@example.com>
	// In-Reply-To: <c1@example.net>
	// References: <c1@example.net>
	// Mime-Version: 1.0
	// Content-Type: text/plain; charset=utf-8
	// Content-Transfer-Encoding: 7bit
	//
	// Here it is.
}

func ExampleRender_refused() {
	_, err := compose.Render(compose.Letter{
		From:      message.Address{Address: "support@example.com"},
		To:        []message.Address{{Address: "erika@example.net"}},
		Subject:   "Hello\r\nBcc: everybody@example.net",
		MessageID: "m1@example.com",
		Date:      time.Date(2026, 11, 2, 9, 14, 0, 0, time.UTC),
	})
	what, why, _ := strings.Cut(err.Error(), ": Subject: ")
	fmt.Println(what)
	fmt.Println(why)
	// Output:
	// this mail cannot be written
	// the value contains a line break, which could smuggle in another header field
}
