package inbound

import (
	"context"
	"fmt"
	"slices"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/store"
)

// historyShown is how many earlier messages are read for the notification.
const historyShown = letters.MaxHistory

// entry is a message on its way into its conversation.
type entry struct {
	conv      desk.Conversation
	created   bool
	reopened  bool
	signature string            // of the mail, where agents have not seen it from this sender
	thanks    bool              // the mail does nothing but thank
	solved    desk.Conversation // as it was before it was reopened
	evidence  desk.Evidence
	part      desk.ConversationID // see desk.Message.Part
	linked    *desk.Conversation
	changed   []*desk.Conversation // others that are linked back
	together  bool                 // others belong to this one, it seems: the mail names them as well
	history   []desk.Message
	notes     []desk.Message // what an agent wrote above a mail that was brought
	others    []desk.Conversation
	namesakes int // earlier conversations of an author who is only claimed
	message   desk.Message
	offered   []desk.Suggestion
	past      []desk.PastAnswer // only where no article is likely
	draft     *desk.Draft
}

// write records the message, its conversation, its events and one notification
// for each agent of the mailbox, all together or not at all.
func (s *Service) write(ctx context.Context, a *arrival, e *entry) error {
	e.apply(a)
	a.in.Reason = string(e.message.Kind) + " mail, by " + e.evidence.Rule
	if err := s.suggest(ctx, a, e); err != nil {
		// Agents must hear of the mail, with or without ready answers.
		a.in.Reason += "; nothing was suggested: " + clip(err.Error(), maxName)
	}
	a.in.Outcome, a.in.Conversation, a.in.Sequence = desk.OutcomeThreaded, e.conv.ID, e.message.Sequence
	c := &store.Change{Inbound: &a.in, ContentHash: a.in.ContentHash, Conversation: &e.conv, Others: e.changed, Messages: append(e.notes, e.message), Events: s.events(a, e)}
	if id := a.mail.MessageID; id != "" && len(id) <= maxIDLength {
		c.MessageIDs = map[string]store.MessageRef{id: {Conversation: e.conv.ID, Sequence: e.message.Sequence}}
	}
	if id := a.mail.Letter().MessageID; id != "" && len(id) <= maxIDLength && c.MessageIDs != nil {
		if _, known := a.found.MessageIDs[id]; !known {
			c.MessageIDs[id] = store.MessageRef{Conversation: e.conv.ID, Sequence: e.message.Sequence}
		}
	}
	if a.from != nil && a.from.id != "" && c.MessageIDs != nil {
		c.MessageIDs[a.from.id] = store.MessageRef{Conversation: e.conv.ID, Sequence: e.message.Sequence}
	}
	a.leaveWord(c, store.MessageRef{Conversation: e.conv.ID, Sequence: e.message.Sequence})
	c.Join(a.also)
	acknowledgement, err := s.acknowledge(ctx, a, e)
	if err != nil {
		return err
	}
	var tell []letters.Ready
	agents := a.settings.AgentsOf(a.mailbox)
	if e.thanks && e.conv.State == desk.StateSolved {
		agents = nil // a mail for each "thank you" would make people stop closing conversations
	}
	for _, agent := range agents {
		ready, err := s.notification(a, e, agent, acknowledgement != nil)
		if err != nil {
			return err
		}
		tell = append(tell, ready)
	}
	return s.commitWith(ctx, a, e, c, acknowledgement, tell)
}

// suggest finds the articles that may answer a customer's message.
func (s *Service) suggest(ctx context.Context, a *arrival, e *entry) error {
	if e.message.Kind != desk.KindCustomer || e.thanks || s.Ranker == nil {
		return nil
	}
	ranker, err := s.Ranker(ctx)
	if err != nil {
		return fmt.Errorf("the knowledge base could not be read: %w", err)
	}
	e.offered = ranker.Suggest(a.subject(), e.message.Text, maxSuggestions)
	if len(e.offered) == 0 || e.offered[0].Score < kb.Likely {
		if r, ok := ranker.(interface {
			Answered(subject, text string, most int) []desk.PastAnswer
		}); ok {
			e.past = r.Answered(a.subject(), e.message.Text, maxPast)
		}
	}
	for _, o := range e.offered {
		e.message.Suggested = append(e.message.Suggested, o.Article)
		e.message.Likely = append(e.message.Likely, desk.Likely(o.Score))
	}
	s.draft(ctx, a, e)
	return nil
}

// draft asks for a draft where an article was offered that customers may read.
// It is asked once for a mail, however often the mail is recorded anew.
func (s *Service) draft(ctx context.Context, a *arrival, e *entry) {
	sendable := slices.ContainsFunc(e.offered, func(o desk.Suggestion) bool { return !o.Internal })
	if s.Drafter == nil || !sendable {
		return
	}
	if !a.drafted.asked {
		a.drafted.asked = true
		ctx, cancel := context.WithTimeout(ctx, draftWithin)
		defer cancel()
		d, err := s.Drafter.Draft(ctx, a.subject(), e.message.Text, "", e.offered)
		if err == nil {
			a.drafted.draft = &d
		} else {
			a.drafted.why = "; nothing was drafted: " + clip(err.Error(), maxName)
		}
	}
	e.draft = a.drafted.draft
	a.in.Reason += a.drafted.why
}

// apply makes the message and lets it change the conversation. Automatic mail
// is kept and shown, and changes nothing about whose turn it is.
func (e *entry) apply(a *arrival) {
	m := a.mail
	id := m.MessageID
	if len(id) > maxIDLength {
		id = ""
	}
	e.comment(a)
	e.message = desk.Message{Conversation: e.conv.ID, Kind: desk.KindCustomer, From: a.author, At: a.in.ReceivedAt, Subject: a.subject(),
		MessageID: id, Inbound: a.in.ID, Raw: a.in.Raw, Verified: a.verified, Evidence: e.evidence, Part: e.part, Beside: letters.Beside(e.others), Proposed: letters.Proposed(e.conv)}
	e.message.Text, e.message.TextCut = a.shownCut()
	e.sign(a)
	for i, f := range m.Attachments {
		if i == maxAttachments {
			break
		}
		e.message.Attachments = append(e.message.Attachments, desk.AttachmentInfo{Filename: clip(page.OneLine(f.Filename), maxName),
			ContentType: clip(page.OneLine(f.ContentType), maxName), Size: f.Size, SHA256: f.SHA256})
	}
	if a.kind != automatic.Person {
		e.message.Kind = desk.KindAutomatic
		e.message.Automatic = clip(string(a.kind)+" "+m.Automatic.Rule, maxName)
		e.conv.Messages++
		e.conv.Active(a.in.ReceivedAt)
	} else {
		letter := m.Letter() // the customer's program knows the letter, not its envelope
		references := letter.References
		if len(references) == 0 {
			references = letter.InReplyTo
		}
		if l := letter.MessageID; letter != m && l != "" && len(l) <= maxIDLength {
			id = l
		}
		if a.from != nil { // the customer's program knows the mail that was forwarded, not the agent's
			e.message.Agent = a.from.agent.ID
			id, references = a.from.id, a.from.refs
		}
		e.solved = e.conv
		e.message.Thanks = a.merelyThanks()
		if e.thanks = a.onlyThanks(e.conv); e.thanks {
			e.conv.CustomerThanked(a.in.ReceivedAt, id, bounded(references))
		} else {
			e.reopened = e.conv.CustomerWrote(a.in.ReceivedAt, id, bounded(references))
		}
	}
	e.message.Sequence = e.conv.Messages
}

// comment puts what an agent wrote above a forwarded mail into the conversation,
// as a note that never leaves, before the mail itself.
func (e *entry) comment(a *arrival) {
	if a.from == nil || a.from.comment == "" {
		return
	}
	e.conv.Messages++
	text := clip(a.from.comment, desk.MaxInlineText)
	e.history = append(e.history, desk.Message{Conversation: e.conv.ID, Sequence: e.conv.Messages, Kind: desk.KindNote, Agent: a.from.agent.ID,
		From: desk.Person{Name: a.from.agent.Name, Address: a.single}, At: a.in.ReceivedAt, Subject: a.from.subject, Inbound: a.in.ID, Raw: a.in.Raw,
		Verified: true, Evidence: e.evidence, Text: text, TextCut: len(text) < len(a.from.comment)})
	e.notes = e.history[len(e.history)-1:]
}

// bounded leaves out ids that no header line can carry.
func bounded(ids []string) []string {
	var out []string
	for _, id := range desk.TrimReferences(ids) {
		if len(id) <= maxIDLength {
			out = append(out, id)
		}
	}
	return out
}

// events tells what happened: a message came; with a person's first message a
// concern was opened; a solved one was reopened; articles were offered.
func (s *Service) events(a *arrival, e *entry) []desk.Event {
	received := s.event(desk.EventReceived, a, e.conv)
	received.Detail = e.evidence.Rule
	if e.message.Kind == desk.KindAutomatic {
		received.Detail = "automatic"
	}
	received.Reactions = e.reactions()
	out := []desk.Event{received}
	if e.message.Kind == desk.KindCustomer && e.conv.CustomerMessages == 1 {
		out = append(out, s.event(desk.EventOpened, a, e.conv))
	}
	if e.thanks {
		out = append(out, s.event(desk.EventThanked, a, e.conv))
	}
	if e.reopened {
		reopened := s.event(desk.EventReopened, a, e.conv)
		reopened.SolvedBefore = e.solved.Solved
		out = append(out, reopened)
	}
	if len(e.message.Suggested) > 0 {
		offered := s.event(desk.EventSuggested, a, e.conv)
		offered.Articles = e.message.Suggested
		out = append(out, offered)
	}
	return out
}

// notification writes the letter to one agent.
func (s *Service) notification(a *arrival, e *entry, agent desk.Agent, acknowledged bool) (letters.Ready, error) {
	w := letters.Writer{Settings: a.settings, Keys: s.Keys, Now: s.Now()}
	more := letters.Context{History: e.history, Suggestions: e.offered, Past: e.past, Draft: e.draft, Others: e.others, Namesakes: e.namesakes, Together: e.together, Linked: e.linked, Attachments: a.mail.Attachments, HTML: a.shownHTML(),
		New: e.created, Reopened: e.reopened, Previous: previous(e.history, agent, a.mailbox), Copies: a.copies(), Also: a.alsoSentTo()}
	if v := a.in.Verdicts; !a.verified && v.DMARC == desk.VerdictProcessing {
		more.Unchecked = "who sent it could not be checked: DNS did not answer, so anybody could have written this under that address"
		if a.later {
			more.Unchecked = "who sent it is not checked yet: DNS did not answer"
		}
	}
	if acknowledged {
		more.Acknowledged = "sent"
		if h := e.help(a.mailbox); h != nil {
			more.Acknowledged = "sent, and it shows the article “" + h.Title + "”"
		}
	}
	if more.Signature = e.signature; more.New {
		more.Quoted = a.mail.Visible.Quoted
	}
	switch a.mail.Wrapper {
	case "smime-encrypted", "pgp-encrypted":
		more.Encrypted = true
	}
	if r := a.mail.Origin.ReplyTo; usable(r) {
		more.AskedReply = r
	}
	ready, err := w.Notification(notificationID(a.in.ID, agent), agent, a.mailbox, e.conv, e.message, more)
	if desk.IsPermanent(err) && len(more.Attachments) > 0 {
		// An attachment that no mail can carry must not keep the text from the agent.
		more.Attachments = nil
		ready, err = w.Notification(notificationID(a.in.ID, agent), agent, a.mailbox, e.conv, e.message, more)
	}
	return ready, err
}

// notificationID is the outbox item that tells this agent of that mail.
func notificationID(inbound string, agent desk.Agent) string {
	return desk.DerivedID(inbound, string(desk.OutboxNotification), agent.ID)
}

// previous is the Message-ID of the last notification to the agent before this one.
func previous(history []desk.Message, agent desk.Agent, mb desk.Mailbox) string {
	for i := len(history) - 1; i >= 0; i-- {
		if history[i].Inbound != "" {
			return letters.MessageID(notificationID(history[i].Inbound, agent), mb)
		}
	}
	return ""
}
