package window

import (
	"fmt"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/local/mailbox"
)

// trail is what the system did with one mail, step by step, in words.
type trail struct {
	ID, From, Subject string
	At                time.Time // zero while it is being read
	Steps             []trailStep
	Working           bool // more is to come
}

// trailStep is one of them. Kind is "", "good" or "bad", for its mark.
type trailStep struct {
	Did, Text, Kind string
	Links           []trailLink
}

// trailLink opens a mail that followed.
type trailLink struct{ Name, URL string }

// found is what the store and the raw mail say of one mail; what is not known is nil.
type found struct {
	settings *desk.Settings
	mail     *email.Mail
	in       *desk.Inbound
	message  *desk.Message
	items    []desk.OutboxItem
	sample   bool
	open     func(o desk.OutboxItem, to string) string // the address that shows a mail; nil: none does
}

func (f found) trail(id string) trail {
	t := trail{ID: id}
	t.From, t.Subject = f.named()
	add := func(kind, did, format string, args ...any) {
		t.Steps = append(t.Steps, trailStep{Did: did, Text: fmt.Sprintf(format, args...), Kind: kind})
	}
	if f.in == nil {
		t.Working = true
		add("", "Taken", "the mail server has it safely on disk, and it is being read.")
		return t
	}
	in := f.in
	t.At = in.ReceivedAt
	f.read(add)
	f.threaded(add)
	f.trusted(add)
	f.outcome(add)
	f.suggested(add)
	f.sent(&t, add)
	return t
}

// named says who wrote, and about what.
func (f found) named() (from, subject string) {
	if f.mail == nil {
		return "somebody", ""
	}
	if from = f.mail.From.Name; from == "" {
		from = f.mail.From.Address
	}
	return mailbox.Snippet(from, 80), mailbox.Snippet(f.mail.Subject, 200)
}

type adder func(kind, did, format string, args ...any)

// read says what kind of mail it was taken for, and what of it is new.
func (f found) read(add adder) {
	what := "a mail"
	text := ""
	if m := f.message; m != nil {
		what, text = kindWords(m.Kind), m.Text
		if kind, rule, ok := strings.Cut(m.Automatic, " "); ok || kind != "" {
			what = "an automatic mail (" + strings.TrimSpace(kind+", seen by "+rule) + "), which is never answered"
		}
	} else if f.mail != nil {
		if text = f.mail.WithPassedOn(); f.mail.Automatic.Automatic() {
			what = "an automatic mail (" + string(f.mail.Automatic.Kind) + "), which is never answered"
		} else if f.in.Outcome == desk.OutcomeAgent || f.in.Outcome == desk.OutcomeRefused {
			what = "an agent's mail"
		}
	}
	if f.in.Outcome == desk.OutcomeAgent && f.mail != nil {
		text = f.mail.WithPassedOn() // what was written; the message is what came of it
	}
	if text = mailbox.Snippet(text, 120); text != "" {
		what += ". New in it: “" + text + "”"
	}
	if f.mail != nil {
		aside := ""
		switch quote, signature := strings.TrimSpace(f.mail.Visible.Quoted) != "", strings.TrimSpace(f.mail.Visible.Signature) != ""; {
		case quote && signature:
			aside = "The sign-off and the quote below it were set aside"
		case quote:
			aside = "The quote below it was set aside"
		case signature:
			aside = "The sign-off was set aside"
		}
		if aside != "" {
			if !closed(what) {
				what += "."
			}
			what += " " + aside
		}
	}
	if !closed(what) {
		what += "."
	}
	add("", "Read as", "%s", what)
}

// closed tells whether a sentence has its stop, which may be that of a quotation.
func closed(s string) bool {
	end, quoted := strings.CutSuffix(s, "”")
	return quoted && end != strings.TrimRight(end, ".!?…")
}

func kindWords(k desk.MessageKind) string {
	switch k {
	case desk.KindCustomer:
		return "a customer's mail"
	case desk.KindAnswer:
		return "an agent's answer to the customer"
	case desk.KindNote:
		return "a note for the team, which never leaves it"
	case desk.KindBounce:
		return "a delivery report: an answer did not arrive"
	case desk.KindComplaint:
		return "a complaint: a provider reports an answer as spam"
	case desk.KindArranged:
		return "an agent's order to rearrange conversations"
	}
	return "an automatic mail"
}

// threaded says which conversation it belongs to, and why.
func (f found) threaded(add adder) {
	m := f.message
	if m == nil {
		return
	}
	if m.Evidence.Rule == desk.EvidenceNew {
		add("", "Threaded", "a new conversation, because the mail names none that the sender belongs to. In agents' subjects it is [%s].", m.Conversation.Reference())
		return
	}
	if why := evidenceWords(m.Evidence.Rule); why != "" {
		add("", "Threaded", "message %d of conversation [%s], because %s.", m.Sequence, m.Conversation.Reference(), why)
	}
}

func evidenceWords(rule string) string {
	switch rule {
	case desk.EvidenceToken, desk.EvidenceHeaderToken:
		return "it came to the reply address that was signed for this conversation"
	case desk.EvidenceMessageID:
		return "its header names a mail of this conversation (In-Reply-To, References)"
	case desk.EvidenceAwaited:
		return "it answers the same mail as an earlier message"
	case desk.EvidenceQuotedToken, desk.EvidenceQuotedID:
		return "the text that it quotes names this conversation"
	case desk.EvidenceBeside:
		return "the sender has a conversation of their own beside the one that it names"
	case desk.EvidenceSubject:
		return "it has the same subject, and its sender belongs there"
	case desk.EvidenceAgentForward:
		return "an agent forwarded it"
	}
	return ""
}

// trusted says whether its sender is proven.
func (f found) trusted(add adder) {
	if f.in.Verdicts.Authenticated() {
		if f.sample {
			add("good", "Trusted", "the sender is who the mail says, because it was written from that mailbox.")
		} else {
			add("good", "Trusted", "the sender is who the mail says, because their domain vouches for it (DMARC).")
		}
		return
	}
	if f.in.Outcome == desk.OutcomeThreaded {
		add("", "Not proven", "nobody vouches for the sender. A customer's mail is taken all the same; an agent's would not be.")
		return
	}
	if f.sample {
		add("bad", "Not trusted", "the mail was not written from the mailbox that it names as its sender.")
		return
	}
	add("bad", "Not trusted", "nobody vouches that the mail comes from whom it names as its sender.")
}

// outcome says what was done where it was not simply threaded.
func (f found) outcome(add adder) {
	in := f.in
	reason := strings.TrimRight(in.Reason, ".")
	switch in.Outcome {
	case desk.OutcomeAgent:
		if f.message == nil {
			break
		}
		text := mailbox.Snippet(f.message.Text, 120)
		switch f.message.Kind {
		case desk.KindAnswer:
			add("good", "Answered", "the customer reads “%s”", text)
		case desk.KindNote:
			add("good", "Kept as a note", "the team reads “%s”. The customer gets nothing.", text)
		}
	case desk.OutcomeHeld:
		add("bad", "Held back", "%s. The customer sees nothing of it. %s", f.heldWhy(), f.canDo())
	case desk.OutcomeDropped:
		add("", "Dropped", "it was held back, and an agent threw it away.")
	case desk.OutcomeRefused:
		if asked, ok := strings.CutPrefix(in.Reason, "asked about: "); ok {
			add("bad", "Asked back", "a mail asks the agent whom “%s” is meant for. Nothing leaves before the answer.", mailbox.Snippet(asked, 80))
			return
		}
		add("bad", "Not carried out", "%s. The agent was told by mail, and nothing reached the customer.", or(reason, "what it asks for cannot be done"))
	case desk.OutcomeDuplicate:
		add("", "Known already", "the same mail came before, and nothing is done twice.")
	case desk.OutcomeOwn:
		add("", "Known already", "it is a mail of our own that came back. Nothing follows from it.")
	case desk.OutcomeReport:
		add("", "Matched", "it reports on a mail that we sent%s. Whoever wrote that mail is told in plain words.", bracketed(reason))
	case desk.OutcomeParked:
		add("bad", "Parked", "it cannot be processed%s. The raw mail is kept.", bracketed(reason))
	}
}

// heldWhy says why a mail is held. What the record says is meant for the agent.
func (f found) heldWhy() string {
	if a, ok := f.settings.Agent(f.in.Agent); ok && f.sample && !f.in.Verdicts.Authenticated() {
		return "it names " + a.Name + " as its sender and was not written from that mailbox"
	}
	return or(strings.TrimRight(f.in.Reason, "."), "nobody can vouch for it")
}

// canDo says who decides about a held mail, and how.
func (f found) canDo() string {
	if a, ok := f.settings.Agent(f.in.Agent); ok {
		return "Only " + a.Name + " can release it: a mail asks, and answering it with #release sends, with #drop throws away."
	}
	return "The daily list of what is held back asks an agent to release it or to drop it."
}

func bracketed(s string) string {
	if s == "" {
		return ""
	}
	return " (" + s + ")"
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// suggested says which ready answers were offered.
func (f found) suggested(add adder) {
	m := f.message
	if m == nil || m.Kind != desk.KindCustomer {
		return
	}
	var list []string
	for i, id := range m.Suggested {
		if i < len(m.Likely) && m.Likely[i] > 0 {
			id += fmt.Sprintf(" (%.0f %% likely)", 100*m.Likely[i])
		}
		list = append(list, id)
	}
	if len(list) == 0 {
		add("", "Nothing suggested", "no article of the knowledge base fits well enough.")
		return
	}
	what := "the ready answer %s. “1” in a reply sends it."
	if len(list) > 1 {
		what = "the ready answers %s, the likeliest first. “1” in a reply sends that one."
	}
	add("", "Suggested", what, joined(list))
}

// sent says which mails followed, what became of them, and where they are.
func (f found) sent(t *trail, add adder) {
	if len(f.items) == 0 {
		if f.in.Outcome == desk.OutcomeThreaded || f.in.Outcome == desk.OutcomeAgent {
			add("", "Nothing sent", "no mail follows from it so far.")
		}
		return
	}
	type line struct {
		what      desk.OutboxKind
		kind      string
		did, says string
	}
	var kinds []desk.OutboxKind
	var lines []line
	all, who, links := map[desk.OutboxKind][]string{}, map[line][]string{}, map[line][]trailLink{}
	for _, o := range f.items {
		l := line{what: o.Kind, kind: outboxKind(o)}
		l.did, l.says = stateWords(o)
		if len(all[o.Kind]) == 0 {
			kinds = append(kinds, o.Kind)
		}
		if len(who[l]) == 0 {
			lines = append(lines, l)
		}
		all[o.Kind], who[l] = append(all[o.Kind], f.who(o)), append(who[l], f.who(o))
		if f.open != nil && o.State == desk.OutboxSent && len(o.To) > 0 {
			links[l] = append(links[l], trailLink{"See " + first(f.who(o)) + "’s", f.open(o, o.To[0])})
		}
	}
	var put []string
	for _, k := range kinds {
		put = append(put, outboxWords(k, joined(all[k])))
	}
	add("", "Put into the outbox", "%s, in one step with the record, so that nothing is lost.", joined(put))
	for _, l := range lines {
		what := outboxWords(l.what, joined(who[l]))
		if l.did == "Told" {
			what = joined(who[l])
		}
		add(l.kind, l.did, l.says, what)
		if all := links[l]; len(all) == 1 {
			t.Steps[len(t.Steps)-1].Links = []trailLink{{"See it", all[0].URL}}
		} else {
			t.Steps[len(t.Steps)-1].Links = all
		}
	}
}

// joined is a list as it is said.
func joined(list []string) string {
	if n := len(list); n > 1 {
		return strings.Join(list[:n-1], ", ") + " and " + list[n-1]
	}
	return strings.Join(list, "")
}

func outboxKind(o desk.OutboxItem) string {
	switch o.State {
	case desk.OutboxSent:
		return "good"
	case desk.OutboxFailed:
		return "bad"
	}
	return ""
}

// outboxWords names a mail of the outbox and whom it is for.
func outboxWords(k desk.OutboxKind, to string) string {
	switch k {
	case desk.OutboxAnswer:
		return "the answer to " + to
	case desk.OutboxNotification:
		return "the news for " + to
	case desk.OutboxAcknowledgement:
		return "a word to " + to + " that the mail has come"
	case desk.OutboxFollowUp:
		return "a question to " + to + " whether it is settled"
	case desk.OutboxDigest:
		return "several messages in one mail to " + to
	case desk.OutboxReport:
		return "the team's figures for " + to
	case desk.OutboxDepartment:
		return "a word to the department " + to
	}
	return "a word on it to " + to
}

func (f found) who(o desk.OutboxItem) string {
	if a, ok := f.settings.Agent(o.Agent); ok {
		return a.Name
	}
	for _, c := range f.settings.Customers {
		if len(o.To) == 1 && strings.EqualFold(o.To[0], c.Address) {
			return c.Name
		}
	}
	return strings.Join(o.To, ", ")
}

// stateWords says what became of a mail of the outbox, with a place for what it is,
// or for whom where people were told.
func stateWords(o desk.OutboxItem) (did, says string) {
	verbatim := strings.NewReplacer("%", "%%")
	switch {
	case o.State == desk.OutboxSent && o.Kind == desk.OutboxNotification:
		return "Told", "%s, by mail."
	case o.State == desk.OutboxSent:
		return "Sent", "%s."
	case o.State == desk.OutboxMerged:
		return "Told", "%s, in one mail with other news."
	case o.State == desk.OutboxFailed:
		return "Given up", "%s. The mail server says: " + verbatim.Replace(strings.TrimRight(o.LastError, ".")) + "."
	case o.State == desk.OutboxTakenBack:
		return "Stopped before it left", "%s."
	case o.LastError != "":
		return "To be tried again", "%s. It was not taken yet: " + verbatim.Replace(strings.TrimRight(o.LastError, ".")) + "."
	}
	return "About to be sent", "%s."
}
