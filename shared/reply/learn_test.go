package reply_test

import (
	"context"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/reply"
)

// #learn sends the answer as usual, and mails a draft without personal data to
// the agent and to who reviews articles.
func TestLearnMakesADraft(t *testing.T) {
	h := open(t)
	for i := range h.Settings.Agents {
		h.Settings.Agents[i].ReviewsArticles = h.Settings.Agents[i].ID == "ben"
	}
	first := h.customerWrites()
	in := h.agentAnswers(anna, "#learn\nDear Erika,\n\na cracked glass can be changed by yourself: unscrew the brass "+
		"ring and lift the glass out. Your order 4711-22, Erika, gets a new glass for 12.50 EUR. Questions? Call +49 "+
		"30 1234567.\n\nBest,\nAnna Winter")
	if in.Outcome != desk.OutcomeAgent {
		t.Fatalf("%s (%s)", in.Outcome, in.Reason)
	}
	if _, m := h.newest(desk.OutboxAnswer, erika); !strings.Contains(m.Text, "Dear Erika") ||
		!strings.Contains(m.Text, "4711-22") || strings.Contains(m.Text, "#learn") {
		t.Errorf("the answer says:\n%s", m.Text)
	}
	for _, to := range []string{anna, ben} {
		_, m := h.newest(desk.OutboxNotice, to)
		if len(m.Attachments) != 1 || m.Attachments[0].Filename != "broken-lamp.md" {
			t.Fatalf("attached: %+v", m.Attachments)
		}
		file := string(m.Attachments[0].Content)
		a, err := article.ParseArticle("broken-lamp", []byte(file))
		if err != nil || !a.Internal() || !strings.Contains(a.MailText(), "unscrew the brass ring") {
			t.Errorf("the draft cannot be read: %v\n%s", err, file)
		}
		for _, personal := range []string{"Erika", "Muster", "4711", "1234567", "Anna", "Winter"} {
			if strings.Contains(file+m.Text+m.HTML, personal) && !(personal == "Anna" || personal == "Winter") ||
				strings.Contains(file, personal) {
				t.Errorf("the draft holds %q:\n%s", personal, file)
			}
		}
		if len(m.ReplyTo) != 1 || !strings.HasPrefix(m.ReplyTo[0].Name, "Nobody reads replies") {
			t.Errorf("an answer to the draft would go to %v", m.ReplyTo)
		}
	}
	if n := len(h.kinds(first)); n != 2 {
		t.Errorf("%d messages", n)
	}
	// What cannot become an article is refused, and nothing is sent.
	for text, told := range map[string]string{"#learn": "no text below it", "#learn\n#send 1": "no text below it",
		"#note\n#learn\nfor us": "a note is never sent"} {
		h := open(t)
		h.customerWrites()
		if in := h.agentAnswers(anna, text); in.Outcome != desk.OutcomeRefused {
			t.Errorf("%q: %s", text, in.Outcome)
		}
		if _, m := h.newest(desk.OutboxNotice, anna); !strings.Contains(m.Text, told) {
			t.Errorf("%q: the notice says:\n%s", text, m.Text)
		}
	}
}

// What is refused offers no ready answers where the mail had none, and names no
// article by an id that the agent never saw.
func TestARefusalOffersWhatThereIs(t *testing.T) {
	const plain = "From: erika@customers.example\nTo: support@lantern.example\nSubject: Hm\nMessage-ID: " +
		"<r@customers.example>\n\nShall we have lunch on Tuesday?\n"
	for _, tc := range []struct{ mail, text, has, not string }{
		{plain, "#learn", "no text below it", "#send"},
		{question, "#learn", "#send 1", "#send 2 "},
		{plain, "#send 1", "offers none", "number that is there"},
	} {
		h := open(t)
		h.arrive(erika, support, tc.mail)
		h.agentAnswers(anna, tc.text)
		if _, m := h.newest(desk.OutboxNotice, anna); !strings.Contains(m.Text, tc.has) ||
			strings.Contains(strings.ReplaceAll(m.Text, tc.text, ""), tc.not) && tc.not != "" {
			t.Errorf("%q: the notice says:\n%s", tc.text, m.Text)
		}
	}
	h := open(t)
	h.arrive(erika, support, question)
	h.inbound.Agents.(*reply.Service).Articles = func(context.Context) (reply.Articles, error) {
		return kb.Build(nil, nil, nil), nil
	}
	h.agentAnswers(anna, "#send 1")
	if _, m := h.newest(desk.OutboxNotice, anna); !strings.Contains(m.Text,
		"The article that was ready answer 1 is not in the knowledge base any more") {
		t.Errorf("the notice says:\n%s", m.Text)
	}
}

// An article that is sent reads like mail in both parts: lists are lists, marks
// of Markdown are gone, and the agent's own words stand before it.
func TestASentArticleReadsLikeMail(t *testing.T) {
	h := open(t)
	h.arrive(erika, support, "From: erika@customers.example\nTo: support@lantern.example\nSubject: Return\n"+
		"Message-ID: <r@customers.example>\n\nI want to send the lamp back. How does the return work, and when do I "+
		"get my money?\n")
	if in := h.agentAnswers(anna, "#send 1\n\nDear Erika,\nthat is <easy>:"); in.Outcome != desk.OutcomeAgent {
		t.Fatalf("%s (%s)", in.Outcome, in.Reason)
	}
	_, m := h.newest(desk.OutboxAnswer, erika)
	if !strings.HasPrefix(m.PlainText, "Dear Erika,\nthat is <easy>:\n\nYou can send anything back") ||
		!strings.Contains(m.PlainText, "\n1. Put the lamp into its box") {
		t.Errorf("text:\n%s", m.PlainText)
	}
	for _, want := range []string{"that is &lt;easy&gt;:", "<ol", "<li>Put the lamp into its box",
		"We pay the postage"} {
		if !strings.Contains(m.HTML, want) {
			t.Errorf("%q is not in the HTML:\n%s", want, m.HTML)
		}
	}
	if strings.Index(m.HTML, "easy") > strings.Index(m.HTML, "anything back") ||
		strings.Contains(m.HTML+m.PlainText, "topics:") {
		t.Errorf("HTML:\n%s", m.HTML)
	}
	if got := h.lessons(); len(got) == 0 || got[0].Kind != desk.SentAsIs || got[0].Article != "return" {
		t.Errorf("%+v", got)
	}
}
