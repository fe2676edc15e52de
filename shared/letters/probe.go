package letters

import (
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/page"
)

// Probe writes a mail from a mailbox to an address of its own that [probe] knows
// again. No person is to see it; whoever does is told what it is.
func (w Writer) Probe(id, to string, mb desk.Mailbox) (Ready, error) {
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxProbe, EnvelopeFrom: mb.Address}
	l := compose.Letter{From: message.Address{Name: shownAs("", mb), Address: mb.Address}, To: []message.Address{{Address: to}}, Subject: "The desk looks whether its mail arrives"}
	l.Say(page.Document{Lang: "en", Preheader: "A mail from the support desk to itself.", Blocks: []page.Block{
		page.Paragraph{Text: "The support desk writes this mail to itself now and then, to see whether mail leaves it and comes back. Nobody needs to do anything."},
		page.Paragraph{Text: "If a person reads this, a mail server between sender and desk gave it to somebody else. Please tell whoever looks after the desk."},
	}})
	return w.finish(item, mb, l)
}
