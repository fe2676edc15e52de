package cloud

import (
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/desk"
)

func TestSettingsAreComparedWithTheStack(t *testing.T) {
	for _, tc := range []struct{ address, base, recipients, says string }{
		{"support@shop.example", "support@shop.example", "support@shop.example", ""},
		{"Support@Shop.example", "support@shop.example", "shop.example", ""},
		{"support@shop.example", "@reply.shop.example", "support@shop.example,reply.shop.example", ""},
		{"support@shop.example", "@reply.shop.example", "support@shop.example,.shop.example", ""},
		{"support@shop.example", "@reply.shop.example", "reply.shop.example", "has to be forwarded"},
		{"support@shop.example", "@reply.shop.example", "support@shop.example", "does not receive"},
		{"support@shop.example", "@reply.shop.example", "support@reply.shop.example", "does not receive"},
		{"support@shop.example", "help@shop.example", "support@shop.example", "does not receive"},
		{"support@shop.example", "support@shop.example", ".shop.example", "does not receive"},
		{"support@other.example", "support@shop.example", "shop.example",
			"may send from addresses of shop.example, second.example alone"},
		{"hilfe@second.example", "support@shop.example", "shop.example,second.example", ""},
		{"hilfe@second.example", "support@shop.example", "shop.example",
			"does not receive mail to hilfe@second.example itself"},
		{"support@shop.example.evil.example", "support@shop.example", "shop.example", "may send from addresses of"},
	} {
		d := Deployed{MailDomains: []string{"shop.example", "second.example"},
			Recipients: strings.Split(tc.recipients, ",")}
		notes, err := d.Check(&desk.Settings{Mailboxes: []desk.Mailbox{
			{ID: "support", Address: tc.address, ReplyBase: tc.base}}})
		said := strings.Join(notes, "\n")
		if err != nil {
			said = err.Error()
		}
		if !strings.Contains(said, tc.says) || (tc.says == "") != (said == "") {
			t.Errorf("%s, replies to %s, stack takes %s: %q, wanted %q", tc.address, tc.base, tc.recipients, said,
				tc.says)
		}
	}
}
