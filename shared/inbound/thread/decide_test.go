package thread_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/inbound/identify"
	"github.com/replywell/replywell/shared/inbound/thread"
	"github.com/replywell/replywell/shared/store"
)

var (
	monday = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	anna   = desk.Agent{ID: "anna", Name: "Anna Agent", Addresses: []string{"anna@team.example"}}
	ben    = desk.Agent{ID: "ben", Name: "Ben Beispiel", Addresses: []string{"ben@team.example"}}
	team   = &desk.Settings{SubjectWindow: 14 * 24 * time.Hour, Agents: []desk.Agent{anna, ben},
		Mailboxes: []desk.Mailbox{{ID: "support", Address: "support@shop.example", Agents: []string{"anna", "ben"}},
			{ID: "sales", Address: "sales@shop.example", Agents: []string{"ben"}}}}
	pass = desk.Verdicts{SPF: desk.VerdictPass, DMARC: desk.VerdictPass}
)

// conv is a conversation of erika's, about her pump, with so many messages.
func conv(id string, change ...func(*desk.Conversation)) desk.Conversation {
	c := desk.Conversation{ID: desk.ConversationID(id), Mailbox: "support",
		Customer: desk.Person{Address: "erika@customer.example"}, Subject: "My pump leaks", Messages: 2,
		State: desk.StateOpen, Activity: monday.Add(-time.Hour), Opened: monday.Add(-time.Hour)}
	for _, f := range change {
		f(&c)
	}
	return c
}

// world is a case in the making: a mail of erika's to the support address.
func world(changes ...func(*thread.Case)) thread.Case {
	c := thread.Case{Settings: team}
	c.Facts = identify.Facts{Mail: &email.Mail{Message: &message.Message{MessageID: "new@customer.example"}},
		Mailbox: team.Mailboxes[0], Kind: automatic.Person,
		Sender: "erika@customer.example", Author: desk.Person{Address: "erika@customer.example"}, Verified: true,
		Reader: "erika@customer.example", Subject: "Another thing", Text: "Hello",
		Record: desk.Inbound{ID: "mail-1", ReceivedAt: monday, Recorded: monday, Verdicts: pass, Mailbox: "support"}}
	c.Found.Found = store.Found{MessageIDs: map[string]store.MessageRef{},
		Conversations: map[desk.ConversationID]desk.Conversation{"c1": conv("c1"), "c2": conv("c2"),
			"theirs": conv("theirs", of("otto@other.example"))}}
	c.Found.Theirs, c.Found.Joined, c.Found.History = []desk.Conversation{}, []desk.Conversation{}, []desk.Message{}
	for _, f := range changes {
		f(&c)
	}
	return c
}

func of(address string) func(*desk.Conversation) {
	return func(c *desk.Conversation) { c.Customer.Address = address }
}

func from(address string) func(*thread.Case) {
	return func(c *thread.Case) {
		c.Facts.Sender, c.Facts.Author.Address, c.Facts.Reader = address, address, address
		c.Facts.Mail.From.Address = address
		if a, ok := team.AgentAt(address); ok {
			c.Facts.Agent = &a
		}
	}
}

// to is a genuine address of ours among the envelope recipients.
func to(purpose replyaddr.Purpose, conversation string, agent *desk.Agent, changes ...func(*identify.Address)) func(
	*thread.Case) {
	return func(c *thread.Case) {
		c.Facts.Recipients = append(c.Facts.Recipients, address(purpose, conversation, agent, changes...))
	}
}

func address(purpose replyaddr.Purpose, conversation string, agent *desk.Agent,
	changes ...func(*identify.Address)) identify.Address {
	at := store.Place{Conversation: desk.ConversationID(conversation), Sequence: 2}
	t := identify.Address{Token: replyaddr.Token{Purpose: purpose, Conversation: conversation, LastSeen: 2,
		Expires: monday.Add(90 * 24 * time.Hour)},
		Genuine: true, Named: at, Leads: at, Agent: agent, Meant: true}
	for _, f := range changes {
		f(&t)
	}
	return t
}

func expired(t *identify.Address) { t.Expired = true }
func forged(t *identify.Address)  { *t = identify.Address{} }
func stray(t *identify.Address)   { t.Meant, t.NotMeant = false, "no signature covers it" }

func answers(id, conversation string) func(*thread.Case) {
	return func(c *thread.Case) {
		c.Facts.Answered, c.Facts.Awaited = append(c.Facts.Answered, id), append(c.Facts.Awaited, id)
		if conversation != "" {
			c.Found.MessageIDs[id] = store.MessageRef{Conversation: desk.ConversationID(conversation), Sequence: 1}
		}
	}
}

// ours says that the last answered id is a mail of ours, under this outbox id.
func ours(outbox string) func(*thread.Case) {
	return func(c *thread.Case) {
		id := c.Facts.Answered[len(c.Facts.Answered)-1]
		ref := c.Found.MessageIDs[id]
		ref.Outgoing, ref.Outbox = true, outbox
		c.Found.MessageIDs[id] = ref
	}
}

func kind(k automatic.Kind) func(*thread.Case) {
	return func(c *thread.Case) { c.Facts.Kind, c.Facts.Mail.Automatic.Kind = k, k }
}

func verdicts(v desk.Verdicts) func(*thread.Case) {
	return func(c *thread.Case) {
		c.Facts.Record.Verdicts, c.Facts.Verified = v, v.Authenticated()
		c.Facts.Unverified = "nobody vouches"
	}
}

func about(subject string) func(*thread.Case) {
	return func(c *thread.Case) { c.Facts.Subject = subject }
}

func theirs(cs ...desk.Conversation) func(*thread.Case) {
	return func(c *thread.Case) { c.Found.Theirs = cs }
}

// unread: the author's conversations were not read yet.
func unread(c *thread.Case) { c.Found.Theirs = nil }

func awaits(reader, id, conversation string) func(*thread.Case) {
	return func(c *thread.Case) {
		c.Found.MessageIDs[identify.AwaitedKey(reader, id)] = store.MessageRef{
			Conversation: desk.ConversationID(conversation), Sequence: 1}
	}
}

// said is a decision in a line: what is done, with the words and places that
// tell it from another.
func said(d thread.Decision) string {
	switch d := d.(type) {
	case thread.Need:
		switch {
		case d.First != "":
			return "need the record " + d.First
		case d.Theirs != "":
			return "need the conversations of " + d.Theirs
		case d.Joined != "":
			return "need what the sender takes part in"
		case d.Answered != "":
			return "need the mail " + d.Answered
		case d.History != nil:
			return "need the history of " + string(d.History.ID)
		}
		return fmt.Sprintf("need the entry %d of %s", d.Entry.Sequence, d.Entry.Conversation)
	case thread.OurOwn:
		return "our own"
	case thread.Duplicate:
		return "duplicate of " + d.Of
	case thread.Report:
		return fmt.Sprintf("report %s about %s of %s", d.Event.Kind, d.Event.Outbox, d.Conversation)
	case thread.Confirmation:
		return fmt.Sprintf("confirmation of %s, vouched %v", d.Agent.ID, d.Vouched)
	case thread.Order:
		return fmt.Sprintf("order of %s in %s", d.Agent.ID, d.Conversation.ID)
	case thread.Machine:
		return "machine in " + string(d.Conversation)
	case thread.Returned:
		return fmt.Sprintf("returned, letter %v", d.Letter)
	case thread.Hold:
		out := "hold " + d.Word
		if d.Conversation != "" {
			out += " in " + string(d.Conversation)
		}
		if n := d.Notice; n != nil {
			out += fmt.Sprintf(", tell %s, ask %q, unvouched %v, proven %v", n.Agent.ID, n.Question, n.Unvouched,
				n.Proven)
		}
		return out
	case thread.Message:
		out := "joins " + string(d.Conversation.ID)
		if d.New {
			out = "opens"
		}
		out += " by " + d.Evidence.Rule
		if d.Evidence.Linked != "" {
			out += ", linked to " + string(d.Evidence.Linked)
		}
		for _, o := range d.Others {
			out += ", beside " + string(o.ID)
		}
		if d.Part != "" {
			out += ", part " + string(d.Part)
		}
		if d.Namesakes > 0 {
			out += fmt.Sprintf(", namesakes %d", d.Namesakes)
		}
		if d.Facts.Forward != nil {
			out += ", passed on for " + d.Conversation.Customer.Address
		}
		return out
	}
	return fmt.Sprintf("%T", d)
}

type cases []struct {
	name string
	mail thread.Case
	want string
}

func (cs cases) run(t *testing.T) {
	t.Helper()
	for _, c := range cs {
		if got := said(thread.Decide(c.mail)); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestWhichConversation(t *testing.T) {
	cust := replyaddr.Customer
	written := func(c *thread.Case) { c.Facts.Written = []identify.Address{address(cust, "c1", nil)} }
	quoted := func(c *thread.Case) { c.Facts.Quoted = []identify.Address{address(cust, "c1", nil)} }
	cites := func(c *thread.Case) {
		c.Facts.Cited = []string{"cited@x"}
		c.Found.MessageIDs["cited@x"] = store.MessageRef{Conversation: "c1", Sequence: 1}
	}
	led := func(c *thread.Case) {
		c.Found.Places = map[store.Place]store.Place{
			{Conversation: "c1", Sequence: 2}: {Conversation: "c2", Sequence: 1}}
	}
	admitted := func(c *thread.Case) {
		x := conv("theirs", of("otto@other.example"))
		x.Participants = []desk.Person{{Address: "Erika@Customer.example"}}
		c.Found.Conversations["theirs"] = x
	}
	itself := func(c *thread.Case) {
		c.Found.MessageIDs["new@customer.example"] = store.MessageRef{Conversation: "c1", Sequence: 1}
	}
	joined := func(c *thread.Case) {
		x := c.Found.Conversations["c1"]
		x.Done = []desk.Arrangement{{Action: desk.ActionMerge}}
		c.Found.Conversations["c1"] = x
	}
	entry := func(ms ...desk.Message) func(*thread.Case) { return func(c *thread.Case) { c.Found.Entry = ms } }
	far := theirs(conv("old", func(c *desk.Conversation) { c.Activity = monday.Add(-20 * 24 * time.Hour) }))
	solved := theirs(conv("done", func(c *desk.Conversation) { c.State = desk.StateSolved }))
	cases{
		{"nothing is named", world(), "opens by new"},
		{"the author's conversations are not read yet", world(unread),
			"need the conversations of erika@customer.example"},
		{"the history is not read yet", world(to(cust, "c1", nil), func(c *thread.Case) { c.Found.History = nil }),
			"need the history of c1"},
		{"the history came with the lookup", world(answers("a", "c1"), func(c *thread.Case) {
			c.Found.History, c.Found.Around = nil, []desk.Message{{Conversation: "c1", Sequence: 1},
				{Conversation: "c1", Sequence: 2}}
		}), "joins c1 by message-id"},
		{"a reply address", world(to(cust, "c1", nil)), "joins c1 by reply-token"},
		{"one that is too old", world(to(cust, "c1", nil, expired)), "joins c1 by reply-token"},
		{"one that was not made here", world(to(cust, "c1", nil, forged)), "opens by new"},
		{"one in the header", world(written), "joins c1 by reply-token-header"},
		{"the envelope before an id", world(to(cust, "c1", nil), answers("a", "c2")),
			"joins c1 by reply-token, beside c2"},
		{"one that leads elsewhere by now", world(to(cust, "c1", nil), led), "joins c2 by reply-token"},
		{"an id", world(answers("a", "c1")), "joins c1 by message-id"},
		{"the newest id before an older one", world(answers("a", "c2"), answers("b", "c1")),
			"joins c2 by message-id, beside c1"},
		{"an id that nobody knows", world(answers("a", "")), "opens by new"},
		{"an id of another customer's", world(answers("a", "theirs")), "opens by new, linked to theirs"},
		{"the same, where an agent admitted the sender", world(answers("a", "theirs"), admitted),
			"joins theirs by message-id"},
		{"somebody else's first, then their own", world(answers("a", "theirs"), answers("b", "c1")),
			"joins c1 by message-id"},
		{"a reply address of another customer's", world(to(cust, "theirs", nil)), "opens by new, linked to theirs"},
		{"again into a conversation that is not theirs",
			world(answers("a", "theirs"), theirs(conv("mine",
				func(c *desk.Conversation) { c.Linked = []desk.ConversationID{"theirs"} }))),
			"joins mine by beside, linked to theirs"},
		{"its answer came before it", world(awaits("erika@customer.example", "new@customer.example", "c1")),
			"joins c1 by awaited-id"},
		{"another answer to the same came before it",
			world(answers("a", ""), awaits("erika@customer.example", "a", "c1")), "joins c1 by awaited-id"},
		{"somebody else's answer came before it", world(awaits(identify.Anyone, "new@customer.example", "theirs")),
			"opens by new, linked to theirs"},
		{"a stranger's answer to the same newsletter", world(answers("a", ""), awaits(identify.Anyone, "a", "theirs")),
			"opens by new"},
		{"a colleague's answer to the same", world(from("otto@customer.example"), answers("a", ""),
			awaits(identify.Anyone, "a", "c1")), "opens by new, linked to c1"},
		{"the same id again, under the same subject", world(itself, about("My pump leaks")), "joins c1 by message-id"},
		{"the same id again, under another subject", world(itself), "opens by new"},
		{"a reply address in the text", world(quoted), "joins c1 by quoted-token"},
		{"an id in the text", world(cites), "joins c1 by quoted-id"},
		{"an id before what is in the text", world(quoted, answers("a", "c2")), "joins c2 by message-id, beside c1"},
		{"the same subject", world(about("My pump leaks"), theirs(conv("c1"))), "joins c1 by subject"},
		{"an answer's subject asks for what the sender takes part in",
			world(about("Re: My pump leaks"), func(c *thread.Case) { c.Found.Joined = nil }),
			"need what the sender takes part in"},
		{"an answer's subject", world(about("AW: MY PUMP LEAKS"), theirs(conv("c1"))), "joins c1 by subject"},
		{"the same subject after its window", world(about("My pump leaks"), far), "opens by new, beside old"},
		{"the same subject as one that is solved", world(about("My pump leaks"), solved), "opens by new, beside done"},
		{"an answer's subject reopens one", world(about("Re: My pump leaks"), solved), "joins done by subject"},
		{"a subject that stands over anything", world(about("Question"),
			theirs(conv("c1", func(c *desk.Conversation) { c.Subject = "Question" }))), "opens by new, beside c1"},
		{"answers are asked for elsewhere", world(about("My pump leaks"), theirs(conv("c1")),
			func(c *thread.Case) { c.Facts.AnswersTo = "x@y.example" }), "opens by new, beside c1"},
		{"only a system names the author", world(about("My pump leaks"), theirs(conv("c1")),
			func(c *thread.Case) { c.Facts.Claimed = true }), "opens by new, namesakes 1"},
		{"an entry of what was joined, in the history", world(answers("a", "c1"), joined, func(c *thread.Case) {
			c.Found.History = []desk.Message{{Conversation: "c1", Sequence: 1, Part: "c9"}}
		}), "joins c1 by message-id, part c9"},
		{"an entry before the history", world(answers("a", "c1"), joined), "need the entry 1 of c1"},
		{"the same, read", world(answers("a", "c1"), joined, entry(desk.Message{Sequence: 1, Part: "c9"})),
			"joins c1 by message-id, part c9"},
		{"the same, gone", world(answers("a", "c1"), joined, func(c *thread.Case) { c.Found.Entry = []desk.Message{} }),
			"joins c1 by message-id"},
		{"nobody can be answered", world(from(""), unread), "opens by new"},
		{"a list, where everybody belongs", world(from("otto@other.example"), answers("a", "c1"),
			func(c *thread.Case) { c.Facts.AnySender = true }), "joins c1 by message-id"},
	}.run(t)
}

func TestWhatBecomesOfAMail(t *testing.T) {
	agentAt := func(purpose replyaddr.Purpose, changes ...func(*identify.Address)) func(*thread.Case) {
		return to(purpose, "c1", &anna, changes...)
	}
	reply, notice, bounce, confirm := agentAt(replyaddr.Agent), to(replyaddr.Notice, "c1", nil),
		to(replyaddr.Bounce, "c1", &anna), to(replyaddr.Confirm, "c1", &anna)
	nobody := desk.Verdicts{SPF: desk.VerdictFail, DMARC: desk.VerdictFail}
	duplicate := func(c *thread.Case) { c.Found.DuplicateOf = "first" }
	firstIn := func(conversation string) func(*thread.Case) {
		return func(c *thread.Case) {
			c.Found.First = &desk.Inbound{ID: "first", Conversation: desk.ConversationID(conversation)}
		}
	}
	forward := func(c *thread.Case) {
		f := c.Facts
		f.Forward, f.Author, f.Verified = &identify.Forward{Agent: anna},
			desk.Person{Address: "erika@customer.example"}, false
		c.Facts.AsForward = &f
	}
	answered := func(k desk.OutboxKind) func(*thread.Case) {
		return func(c *thread.Case) { c.Found.Answered = &desk.OutboxItem{Kind: k} }
	}
	tenToday := func(c *thread.Case) {
		c.Found.Theirs = nil
		for range 10 {
			c.Found.Theirs = append(c.Found.Theirs, conv("x", of("anna@team.example")))
		}
	}
	reader := func(c *thread.Case) {
		s := *team
		s.Report.To = []string{"boss@team.example"}
		c.Settings = &s
	}
	released := func(word string) func(*thread.Case) { return func(c *thread.Case) { c.Facts.Released = word } }
	sender := func(address string) func(*thread.Case) { return func(c *thread.Case) { c.Facts.Sender = address } }
	entry := func(ms ...desk.Message) func(*thread.Case) {
		return func(c *thread.Case) { c.Found.Entry = append([]desk.Message{}, ms...) }
	}
	gone := func(c *thread.Case) { delete(c.Found.Conversations, "c1") }
	void := func(c *thread.Case) {
		a := anna
		a.Since = monday
		c.Facts.Recipients[0].Agent = &a
	}
	a := from("anna@team.example")
	cases{
		{"a virus", world(verdicts(desk.Verdicts{Virus: desk.VerdictFail})), "hold virus"},
		{"spam, though it answers", world(verdicts(desk.Verdicts{Spam: desk.VerdictFail}), answers("a", "c1")),
			"hold spam"},
		{"spam that a person released", world(verdicts(desk.Verdicts{Spam: desk.VerdictFail}), released(desk.HoldSpam)),
			"opens by new"},
		{"our mark", world(func(c *thread.Case) { c.Facts.OurMark = true }), "our own"},
		{"our id", world(func(c *thread.Case) {
			c.Found.MessageIDs["new@customer.example"] = store.MessageRef{Outgoing: true}
		}), "our own"},
		{"the same again", world(duplicate), "duplicate of first"},
		{"an agent's again: the first is asked for", world(a, reply, duplicate), "need the record first"},
		{"an agent's again, to the same conversation", world(a, reply, duplicate, firstIn("c1")), "duplicate of first"},
		{"an agent's again, to another conversation", world(a, reply, duplicate, firstIn("c2")),
			`hold agent-mail, tell anna, ask "", unvouched false, proven true`},

		{"a report about an id of ours", world(kind(automatic.Bounce), answers("a", "c1"), ours("o1")),
			"report bounced about o1 of c1"},
		{"a report to our envelope sender asks for the entry", world(kind(automatic.Bounce), bounce),
			"need the entry 2 of c1"},
		{"a report about a notification", world(kind(automatic.Bounce), bounce,
			entry(desk.Message{Sequence: 2, Inbound: "m7"})), "report bounced about " +
			desk.NotificationID("m7", "anna") + " of c1"},
		{"a report about an entry that is gone", world(kind(automatic.Bounce), bounce, entry()),
			"report bounced about  of c1"},
		{"a report about nothing of ours", world(kind(automatic.Bounce)), "hold unknown-report"},
		{"a complaint", world(kind(automatic.Complaint), answers("a", "c1"), ours("o1")),
			"report complaint about o1 of c1"},

		{"an answer to a question", world(a, confirm), "confirmation of anna, vouched true"},
		{"one that nobody vouches for", world(a, verdicts(nobody), confirm), "confirmation of anna, vouched false"},
		{"one from somebody else", world(confirm), `hold agent-mail, tell anna, ask "", unvouched false, proven false`},
		{"one to an agent who left", world(a, to(replyaddr.Confirm, "c1", nil)), "hold agent-unlisted"},
		{"one that a program sent", world(a, confirm, kind(automatic.OutOfOffice)), "machine in "},

		{"an agent's reply", world(a, reply), "order of anna in c1"},
		{"one that leads elsewhere by now", world(a, reply, func(c *thread.Case) {
			c.Found.Places = map[store.Place]store.Place{
				{Conversation: "c1", Sequence: 2}: {Conversation: "c2", Sequence: 1}}
		}), "order of anna in c2"},
		{"one that nobody vouches for", world(a, verdicts(nobody), reply),
			`hold agent-mail in c1, tell anna, ask "release", unvouched true, proven false`},
		{"the same to an address that is too old", world(a, verdicts(nobody), agentAt(replyaddr.Agent, expired)),
			`hold agent-mail in c1, tell anna, ask "release", unvouched false, proven false`},
		{"one with two senders", world(a, reply, sender("")),
			`hold agent-mail in c1, tell anna, ask "release", unvouched false, proven false`},
		{"one that was written to others", world(a, agentAt(replyaddr.Agent, stray)),
			`hold agent-mail in c1, tell anna, ask "release", unvouched false, proven true`},
		{"one to an address that is too old", world(a, agentAt(replyaddr.Agent, expired)),
			`hold agent-mail in c1, tell anna, ask "release", unvouched false, proven true`},
		{"one to an address that was declared void", world(a, reply, void),
			`hold agent-mail in c1, tell anna, ask "release", unvouched false, proven true`},
		{"one to two conversations", world(a, reply, to(replyaddr.Agent, "c2", &anna)),
			`hold agent-mail in c1, tell anna, ask "", unvouched false, proven true`},
		{"one to a conversation that is gone", world(a, reply, gone),
			`hold agent-mail in c1, tell anna, ask "", unvouched false, proven true`},
		{"one to an agent who left", world(a, to(replyaddr.Agent, "c1", nil)), "hold agent-unlisted in c1"},
		{"a vacation notice of the agent's", world(a, reply, kind(automatic.OutOfOffice)), "machine in c1"},
		{"a vacation notice of somebody else's", world(reply, kind(automatic.OutOfOffice)),
			"hold automatic-to-agent in c1"},
		{"a stranger's to an agent's address", world(from("eve@evil.example"), reply),
			`hold agent-mail in c1, tell anna, ask "outside", unvouched false, proven false`},
		{"the agent, it seems, from home", world(from("anna.agent@home.example"), reply),
			`hold agent-mail in c1, tell anna, ask "release", unvouched false, proven false`},
		{"a colleague's to it", world(from("ben@team.example"), reply),
			`hold agent-mail in c1, tell ben, ask "own", unvouched false, proven true`},
		{"in a colleague's name", world(from("ben@team.example"), verdicts(nobody), reply),
			`hold agent-mail in c1, tell anna, ask "", unvouched false, proven false`},

		{"an agent to support@, answering our mail",
			world(a, answers("n", "c1"), ours("o1"), answered(desk.OutboxNotification)),
			`hold agent-mail in c1, tell anna, ask "release", unvouched false, proven true`},
		{"which mail is asked for", world(a, answers("n", "c1"), ours("o1")), "need the mail o1"},
		{"an agent who answers a digest there", world(a, answers("n", "c1"), ours("o1"), answered(desk.OutboxDigest)),
			`hold agent-mail, tell anna, ask "", unvouched false, proven true`},
		{"an agent who answers what needs no answer", world(a, notice),
			`hold agent-mail, tell anna, ask "", unvouched false, proven true`},
		{"an agent to the address of reports", world(a, bounce),
			`hold agent-mail in c1, tell anna, ask "release", unvouched false, proven true`},
		{"an agent to an address that was not made here", world(a, to(replyaddr.Agent, "c1", &anna, forged)),
			`hold agent-mail, tell anna, ask "", unvouched false, proven true`},
		{"an agent who writes as a customer", world(a), "opens by new"},
		{"an agent who forwards a customer's mail", world(a, forward),
			"opens by brought, passed on for erika@customer.example"},
		{"an agent's forward that answers our mail",
			world(a, forward, answers("n", "c1"), ours("o1"), answered(desk.OutboxNotification)),
			`hold agent-mail in c1, tell anna, ask "release", unvouched false, proven true`},
		{"an agent's mail program that opens one after another", world(a, tenToday),
			`hold agent-mail, tell anna, ask "", unvouched false, proven true`},
		{"a code that an agent asked for", world(a, kind(automatic.Verification)), "hold verification"},

		{"a reader of the report answers it", world(from("boss@team.example"), reader, notice),
			"returned, letter true"},
		{"a program of the reader's", world(from("boss@team.example"), reader, notice, kind(automatic.OutOfOffice)),
			"returned, letter false"},
		{"somebody in the reader's name", world(from("boss@team.example"), reader, notice, verdicts(nobody)),
			"hold stranger"},
		{"the reader writes of something else", world(from("boss@team.example"), reader), "opens by new"},

		{"a one-time code", world(kind(automatic.Verification), answers("a", "c1")), "hold verification"},
		{"nobody vouches, to a customer's reply address",
			world(from("eve@evil.example"), verdicts(nobody), to(replyaddr.Customer, "c1", nil)),
			"hold stranger in c1"},
		{"somebody vouches", world(from("otto@other.example"), to(replyaddr.Customer, "c1", nil)),
			"opens by new, linked to c1"},
		{"the customer, for whom nobody vouches", world(verdicts(nobody), to(replyaddr.Customer, "c1", nil)),
			"joins c1 by reply-token"},
		{"the customer's mailbox, under another name",
			world(from("robot@customer.example"), kind(automatic.OutOfOffice), bounce), "joins c1 by reply-token"},
	}.run(t)
}
