package origin

import (
	"strings"

	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/wording"
)

// ruleForward is mail that a rule of a mailbox forwarded: unlike a redirect, a
// forward comes from the mailbox itself, and whoever wrote stands in the header
// block above the text. Exchange says that a rule made it.
func ruleForward(m *message.Message) (Origin, bool) {
	if !strings.HasPrefix(wording.Fold(m.Header.Get("Auto-Submitted")), "auto-generated") || !strings.Contains(wording.Fold(m.Header.Get("X-MS-Exchange-Generated-Message-Source")), "rules agent") {
		return Origin{}, false
	}
	loop := exchangeLoop(m)
	if loop != "" && !strings.EqualFold(loop, m.From.Address) {
		return Origin{}, false // a redirect
	}
	author, ok := headerBlock(bodyOf(m))
	if !ok || strings.EqualFold(author.Address, m.From.Address) {
		return Origin{}, false
	}
	return Origin{Author: author, Rule: "rule-forward", Forwarded: true, Forwarder: strings.ToLower(m.From.Address)}, true
}

// headerBlock reads the sender out of a header block at the top of a text: three
// labels at least, of which one that means "From" has an address.
func headerBlock(text string) (message.Address, bool) {
	if len(text) > formLimit {
		text = text[:formLimit]
	}
	var author message.Address
	labels, lines := 0, 0
	for line := range strings.Lines(text) {
		t := strings.Trim(strings.TrimSpace(line), "*>- _")
		if t == "" {
			continue
		}
		if lines++; lines > 12 || labels >= 3 {
			break
		}
		label, value, ok := strings.Cut(strings.ReplaceAll(t, "：", ":"), ":")
		if !ok || len(label) > 40 || len(strings.Fields(label)) > 3 {
			if labels > 0 {
				break
			}
			continue
		}
		labels++
		if a, ok := addressIn(strings.TrimSpace(value)); ok && author.Address == "" && formLabels()[trimLabel(label)] == 'n' {
			author = a
		}
	}
	return author, author.Address != "" && labels >= 3
}
