package origin

import (
	"strings"

	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/wording"
	"github.com/replywell/replywell/shared/language"
)

// ownList is mail that a mailing list passed on which is the team's own
// support address, and left From alone. A list of other people's stays a list.
func ownList(m *message.Message) (Origin, bool) {
	address := teamList(m)
	if address == "" || !strings.Contains(m.From.Address, "@") || ofList(m.From.Address, address) {
		return Origin{}, false
	}
	return Origin{Author: m.From, Rule: "list", Forwarded: true, ReplyTo: ordinaryReplyTo(m, address), Forwarder: address}, true
}

// teamList is the address of the list (RFC 2369 section 3.4, or as Mailman
// says it) that passed a mail on, in lower case, if the mail was written to it
// and it is named as addresses for customers are; "" else.
func teamList(m *message.Message) string {
	for _, name := range []string{"X-BeenThere", "List-Post"} {
		a, ok := addressIn(strings.ReplaceAll(m.Header.Get(name), "mailto:", ""))
		if !ok || !isRecipient(m, a.Address) {
			continue
		}
		address := strings.ToLower(a.Address)
		if local, _ := wording.SplitAddress(address); wording.ContainsAny(local, language.Phrases(language.DeskAddress)) {
			return address
		}
	}
	return ""
}

// ofList tells whether an address is the list's own or one of its robots':
// support@, support-bounces@, support-owner@.
func ofList(address, list string) bool {
	local, domain := wording.SplitAddress(strings.ToLower(address))
	name, host := wording.SplitAddress(list)
	return domain == host && (local == name || strings.HasPrefix(local, name+"-") || strings.HasPrefix(local, name+"+") || strings.HasPrefix(local, "mailman"))
}
