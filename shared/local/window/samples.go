package window

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net/mail"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/local/mailbox"
)

// oneClick is a mail that the first page sends with one click, to show what it does.
type oneClick struct {
	Name, Label, Shows string
	send               func(p *window, ctx context.Context) (sent, error)
}

// samples are the sample mails, in the order in which somebody new would try them.
var samples = []oneClick{
	{"angry", "An angry customer", "Agents see at once who it is and what fits.", fromCustomer(0, "THIRD lamp that flickers!!!",
		"Hello,\n\nthis is the third lamp from you that flickers. I am really angry and want my money back, or a lamp that works.\n\nErika Muster\n")},
	{"german", "A customer who writes German", "Greeting, sign-off and quotes are known in many languages.", fromCustomer(0, "Andere Lieferadresse",
		"Guten Tag,\n\nich bin umgezogen. Können Sie die Lieferadresse meiner Bestellung noch ändern?\n\nViele Grüße\nErika Muster\n")},
	{"form", "A contact form", "Whoever filled it in is answered, not the form.", contactForm},
	{"digit", "An agent answers with “1”", "One digit sends the first ready answer.", fromAgent("1\n", func(m desk.Message) bool { return len(m.Suggested) > 0 })},
	{"note", "A note for colleagues", "An agent writes for colleagues only: the customer gets nothing.", fromAgent("Hi,\n\n#note She has been a customer for ten years, please be generous.\n", anyMessage)},
	{"forged", "A forged agent", "Somebody else writes as an agent: nothing is sent, and that agent is asked.", forgedAgent},
	{"away", "An out-of-office note", "Known as a robot's: agents see it, nobody answers it.", outOfOffice},
	{"bounce", "An answer that bounces", "The agent is told why, in plain words.", bounce},
}

// customer is one of the sample customers; a configuration may have none.
func (p *window) customer(n int) box {
	if list := p.settings.Customers; len(list) > 0 {
		c := list[n%len(list)]
		return box{Name: c.Name, Address: c.Address}
	}
	return box{Name: "Erika Muster", Address: "erika@" + p.customerDomain()}
}

func (p *window) support() string { return p.settings.Mailboxes[0].Address }

func fromCustomer(n int, subject, text string) func(*window, context.Context) (sent, error) {
	return func(p *window, _ context.Context) (sent, error) { return p.writeAs(p.customer(n), subject, text) }
}

func (p *window) writeAs(b box, subject, text string) (sent, error) {
	d := p.draft(b)
	d.To, d.Subject, d.Text = p.support(), subject, text
	id, err := p.sendDraft(d, nil)
	return sent{id: id, side: "left", from: b}, err
}

// fromAgent replies to the last customer's message of a kind that the first agent
// was told of; where there is none, a customer writes first.
func fromAgent(text string, fits func(desk.Message) bool) func(*window, context.Context) (sent, error) {
	return func(p *window, ctx context.Context) (sent, error) {
		o, err := p.toldOrAsk(ctx, fits)
		if err != nil {
			return sent{}, err
		}
		return p.answer(ctx, o, text)
	}
}

func anyMessage(desk.Message) bool { return true }

func (p *window) toldOrAsk(ctx context.Context, fits func(desk.Message) bool) (opened, error) {
	o, err := p.told(ctx, "", p.agent(0), fits)
	if errors.Is(err, errNotTold) {
		c := p.customer(1)
		return p.askAndBeTold(ctx, c, "Can my order go to another address?", "Hello,\n\ncan I still change the delivery address of my order?\n\n"+first(c.Name)+"\n")
	}
	return o, err
}

func (p *window) answer(ctx context.Context, o opened, text string) (sent, error) {
	d := p.replyTo(o, false)
	d.Text = text
	id, err := p.sendDraft(d, nil)
	return sent{id: id, side: "right", from: o.Box, about: p.asks(ctx, o)}, err
}

// asks is the address of the customer whom a mail tells an agent of.
func (p *window) asks(ctx context.Context, o opened) string {
	item, err := p.records.Outbox(ctx, o.ID)
	if err != nil {
		return ""
	}
	ms, err := p.records.Messages(ctx, item.Conversation, item.Sequence, 1)
	if err != nil || len(ms) != 1 {
		return ""
	}
	return ms[0].From.Address
}

func (p *window) askAndBeTold(ctx context.Context, who box, subject, text string) (opened, error) {
	out, err := p.writeAs(who, subject, text)
	if err != nil {
		return opened{}, err
	}
	return p.untilTold(ctx, out.id, p.agent(0))
}

// untilTold waits for the mail that tells an agent of a customer's.
func (p *window) untilTold(ctx context.Context, id string, agent box) (opened, error) {
	ctx, stop := context.WithTimeout(ctx, toldWithin)
	defer stop()
	for {
		o, err := p.told(ctx, id, agent, anyMessage)
		if !errors.Is(err, errNotTold) {
			return o, err
		}
		select {
		case <-ctx.Done():
			return opened{}, errors.New("the customer's mail went out, and no agent was told of it yet; press the button again in a moment")
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// toldWithin is how long a sample waits until an agent is told of a mail.
const toldWithin = 15 * time.Second

var errNotTold = errors.New("no agent was told yet")

// agent is one of the agents, the first one where there are fewer.
func (p *window) agent(n int) box {
	a := p.settings.Agents[n%len(p.settings.Agents)]
	return box{Name: a.Name, Address: a.Addresses[0]}
}

// told finds the last mail that told an agent of a customer's message: of one
// that fits, and that was taken under the id of where that is not "".
func (p *window) told(ctx context.Context, of string, agent box, fits func(desk.Message) bool) (opened, error) {
	o := opened{Box: agent, Folder: mailbox.Inbox}
	mails, err := p.mailboxes.List(o.Box.Address, 100)
	if err != nil {
		return o, err
	}
	for _, h := range mails {
		item, err := p.records.Outbox(ctx, h.ID)
		if err != nil || h.Folder != mailbox.Inbox || item.Kind != desk.OutboxNotification || of != "" && item.CausedBy != of {
			continue
		}
		o.ID = h.ID
		ms, err := p.records.Messages(ctx, item.Conversation, item.Sequence, 1)
		if err != nil || len(ms) != 1 || ms[0].Kind != desk.KindCustomer || !fits(ms[0]) {
			continue
		}
		return p.open(agent, o.Folder, o.ID)
	}
	return o, errNotTold
}

// forgedAgent writes in the first agent's name from somebody else's mailbox, to
// an address that only the agent should know.
func forgedAgent(p *window, ctx context.Context) (sent, error) {
	o, err := p.toldOrAsk(ctx, anyMessage)
	if err != nil {
		return sent{}, err
	}
	d := p.replyTo(o, false)
	d.Box, d.From = box{Name: o.Box.Name, Address: "mallory@elsewhere.example"}, o.Box.Address
	d.Text = "Please send your card number to pay-here@elsewhere.example."
	id, err := p.sendDraft(d, nil)
	return sent{id: id, side: "left", from: d.Box}, err
}

// bounce is a customer whose mailbox is gone when the answer comes.
func bounce(p *window, ctx context.Context) (sent, error) {
	gone := box{Name: "Kim Gone", Address: "bounce@" + p.customerDomain()}
	o, err := p.askAndBeTold(ctx, gone, "Where is my parcel?", "Hello,\n\nmy parcel has not come. Where is it?\n\nKim\n")
	if err != nil {
		return sent{}, err
	}
	out, err := p.answer(ctx, o, "Hello Kim,\n\nit left our house this morning and should be with you tomorrow.\n\nBest regards\n"+first(o.Box.Name)+"\n")
	out.id = ""
	return out, err
}

// contactForm is the mail of a web site's form: sent by the site, about a person.
func contactForm(p *window, _ context.Context) (sent, error) {
	c, form := p.customer(2), "website@"+domainOf(p.support())
	return p.robot(box{Name: "Web site", Address: form}, "Reply-To: "+c.Address+"\r\n", "New message from your contact form",
		"You have a new message from your contact form.\r\n\r\nName: "+c.Name+"\r\nEmail: "+c.Address+"\r\nMessage: Do you have bulbs for the hall lamp? The old one is broken.\r\n")
}

// outOfOffice is the note of a customer who is away.
func outOfOffice(p *window, _ context.Context) (sent, error) {
	c := p.customer(1)
	return p.robot(c, "Auto-Submitted: auto-replied\r\n", "Out of office: your order", "I am away until Monday and read my mail then.\r\n"+c.Name+"\r\n")
}

// robot posts a mail that no person wrote.
func (p *window) robot(b box, header, subject, text string) (sent, error) {
	random := make([]byte, 12)
	if err := p.random(random); err != nil {
		return sent{}, fmt.Errorf("no random bytes for a Message-ID: %w", err)
	}
	id := hex.EncodeToString(random)
	raw := "From: " + (&mail.Address{Name: b.Name, Address: b.Address}).String() + "\r\nTo: " + p.support() + "\r\nSubject: " + subject + "\r\nDate: " + p.now().UTC().Format("Mon, 02 Jan 2006 15:04:05 -0700") +
		"\r\nMessage-ID: <robot." + id + "@" + domainOf(b.Address) + ">\r\n" + header +
		"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + text
	took, err := p.post(b, b.Address, []string{p.support()}, []byte(raw), id)
	return sent{id: took, side: "left", from: b}, err
}
