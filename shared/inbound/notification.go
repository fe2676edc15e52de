package inbound

import (
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/inbound/identify"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/waiting"
)

// notifications write the letters that tell these agents of the message.
func notifications(w letters.Writer, agents []desk.Agent, e *entry, shown letters.Context) (tell []letters.Ready, err error) {
	telling := w.Tell(e.Mailbox, e.conv, e.message, shown)
	for _, agent := range agents {
		id, before := desk.NotificationID(e.message.Inbound, agent.ID), previous(e.history, agent, e.Mailbox)
		ready, err := telling.To(id, agent, before)
		if desk.IsPermanent(err) && len(shown.Attachments) > 0 {
			// An attachment that no mail can carry must not keep the text from the agent.
			shown.Attachments = nil
			telling = w.Tell(e.Mailbox, e.conv, e.message, shown)
			ready, err = telling.To(id, agent, before)
		}
		if err != nil {
			return nil, err
		}
		if later := waiting.Later(w.Settings, agent, e.Mailbox, e.conv, w.Now); !later.IsZero() {
			ready.Item.PutOff, ready.Item.NotBefore = true, later
		}
		if together := waiting.Together(w.Settings, e.conv, w.Now); e.message.Kind == desk.KindCustomer && !together.IsZero() {
			ready.Item.PutOff, ready.Item.NotBefore = true, together
		}
		tell = append(tell, ready)
	}
	return tell, nil
}

// previous is the Message-ID of the last notification to the agent before this one.
func previous(history []desk.Message, agent desk.Agent, mb desk.Mailbox) string {
	for i := len(history) - 1; i >= 0; i-- {
		if history[i].Inbound != "" {
			return letters.MessageID(desk.NotificationID(history[i].Inbound, agent.ID), mb)
		}
	}
	return ""
}

// alsoSentTo are the names of our other mailboxes that the header names. Its
// copies are duplicates, so this tells the agents who else has the mail.
func alsoSentTo(f identify.Facts, mb desk.Mailbox) (names []string) {
	for _, other := range f.OurNamed {
		if other.ID != mb.ID {
			names = append(names, page.OneLine(other.Name))
		}
	}
	return names
}
