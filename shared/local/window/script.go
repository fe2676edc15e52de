package window

import (
	"context"
	"strings"

	"github.com/replywell/replywell/shared/local/mailbox"
)

// script is an hour at a shop for lamps: three customers, two agents. It shows what
// the product is for: ready answers, notes, thanks, what is held, and a question
// that four people ask and no article answers.
func (p *window) script() []step {
	return []step{
		{0, "flicker", "$ writes that a new lamp flickers", p.writes(0, "My new lamp flickers",
			"Hello,\n\nthe table lamp that came on Tuesday flickers, with every bulb that I have. My order is 20881.\nWhat can I do?\n\nErika Muster\n")},
		{4, "flicker", "$ sends ready answer 1 with one digit", p.answers("flicker", 0, "1\n")},
		{7, "wrapped", "$ asks for gift wrapping; no article knows of it", p.writes(1, "Gift wrapping?",
			"Hi,\n\nthe lamp I want to order is a present for my mother. Do you offer gift wrapping?\n\nJoão\n")},
		{11, "wrapped", "$ answers by hand, and closes the conversation", p.answers("wrapped", 1,
			"Hi João,\n\nwith pleasure. Write “gift wrapping” into the field for remarks when you order; it is free, and we tie a ribbon in the colour that you name.\n\nBest regards\nBen\n\n#close\n")},
		{14, "flicker", "$ says thank you", p.writesBack("flicker", 0, "Thank you, that helps! A new bulb in another socket, and it flickers no more.\n\nErika\n")},
		{17, "flicker", "$ closes the conversation", p.answers("flicker", 0, "#close\n")},
		{20, "parcel", "$ asks where the parcel is", p.writes(2, "Where is my parcel?",
			"Hello,\n\nmy parcel was shipped six days ago, order 20902. The tracking page has not moved since. When will it come?\n\nSakura Tanaka\n")},
		{23, "parcel", "$ leaves a note for the team", p.answers("parcel", 1, "Hi Anna,\n\n#note She has been a customer for ten years. Please be generous.\n")},
		{26, "parcel", "$ answers with a ready answer and a sentence of her own", p.answers("parcel", 0, "Hello Sakura,\n\nI am sorry that you have to wait. I have asked the carrier today.\n\n#send 1\n")},
		{30, "sister", "$ asks for gift wrapping", p.writes(2, "Gift wrapping for my sister",
			"Hello again,\n\nI would like to send a second lamp to my sister as a present. Do you offer gift wrapping?\n\nSakura Tanaka\n")},
		{33, "sister", "$ answers by hand, and closes the conversation", p.answers("sister", 0,
			"Dear Sakura,\n\nwith pleasure, and it is free. Please write “gift wrapping” into the field for remarks when you order, and the colour of the ribbon.\n\nBest regards\nAnna\n\n#close\n")},
		{36, "", "$ is not who the mail says: a forged agent is held back", func(ctx context.Context) (sent, error) { return forgedAgent(p, ctx) }},
		{39, "two", "$ wants two presents wrapped", p.writes(1, "Gift wrapping for two lamps",
			"Hi,\n\nI want to order two more lamps. Do you offer gift wrapping for each of them, with a card?\n\nJoão\n")},
		{43, "two", "$ answers by hand, and closes the conversation", p.answers("two", 1,
			"Hi João,\n\nyes, both. Write “gift wrapping, each” into the field for remarks and what the cards are to say. It is free.\n\nBest regards\nBen\n\n#close\n")},
		{46, "away", "$ is away, and a program says so: nobody answers it", func(ctx context.Context) (sent, error) { return outOfOffice(p, ctx) }},
		{48, "parcel", "$ writes that the parcel has come", p.writesBack("parcel", 2, "It has just arrived. Thank you very much for your help!\n\nSakura\n")},
		{50, "parcel", "$ closes the conversation", p.answers("parcel", 0, "#close\n")},
		{52, "birthday", "$ asks for gift wrapping, too", p.writes(0, "Gift wrapping for a birthday",
			"Hello,\n\nI would like to order a lamp as a birthday present. Do you offer gift wrapping, and can the bill stay out of the parcel?\n\nErika Muster\n")},
		{56, "birthday", "$ answers by hand, and closes the conversation", p.answers("birthday", 0,
			"Dear Erika,\n\nyes, of course. Write “gift wrapping” into the field for remarks when you order. It is free, and the bill comes by mail to you alone.\n\nBest regards\nAnna\n\n#close\n")},
	}
}

// usual is with which program somebody writes in the script.
func usual(side string, n int) string {
	if side == "right" {
		return []string{"outlook", "phone"}[n%2]
	}
	return []string{"apple", "gmail", "phone"}[n%3]
}

func (p *window) writes(customer int, subject, text string) func(context.Context) (sent, error) {
	return func(context.Context) (sent, error) {
		return p.writeAs(p.customer(customer), subject, text)
	}
}

// answers replies as an agent to the mail that told of a customer's last one.
func (p *window) answers(of string, agent int, text string) func(context.Context) (sent, error) {
	return func(ctx context.Context) (sent, error) {
		o, err := p.untilTold(ctx, p.askedIn(of), p.agent(agent))
		if err != nil {
			return sent{}, err
		}
		d := p.replyTo(o, false)
		d.Text, d.Client = text, usual("right", agent)
		id, err := p.sendDraft(d, nil)
		return sent{id: id, side: "right", from: o.Box, about: p.asks(ctx, o)}, err
	}
}

// writesBack replies as a customer to the last answer in a conversation.
func (p *window) writesBack(of string, customer int, text string) func(context.Context) (sent, error) {
	return func(ctx context.Context) (sent, error) {
		b := p.customer(customer)
		first, err := p.records.Inbound(ctx, p.askedIn(of))
		if err != nil {
			return sent{}, errNotCome
		}
		mail, err := p.await(ctx, b.Address, func(h mailbox.Head) bool {
			o, err := p.records.Outbox(ctx, h.ID)
			return err == nil && o.Conversation == first.Conversation
		})
		if err != nil {
			return sent{}, err
		}
		o, err := p.open(b, mailbox.Inbox, mail)
		if err != nil {
			return sent{}, err
		}
		d := p.replyTo(o, false)
		d.Text, d.Client = strings.TrimRight(text, "\n"), usual("left", customer)
		id, err := p.sendDraft(d, nil)
		return sent{id: id, side: "left", from: b}, err
	}
}

// askedIn is the server's id of the last customer's mail in a conversation of the script.
func (p *window) askedIn(of string) string {
	p.day.mu.Lock()
	defer p.day.mu.Unlock()
	return p.day.asked[of]
}
