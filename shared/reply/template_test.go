package reply_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/reply"
)

// stocked is the knowledge base with templates.
type stocked struct {
	*kb.Index
	templates []article.Article
}

func (s stocked) Templates(context.Context) ([]article.Article, error) { return s.templates, nil }

// templatesOf are files as they lie beside the articles.
var templatesOf = map[string]string{
	"refund.md": "template: refund\nlanguage: en\ntitle: The money is on its way\n---\nWe have sent the money for " +
		"order {{order}} today.\n\n" +
		"1. It is there in **five** days.\n2. Write to [us](https://shop.example/help) if " +
		"not.\n\n:::internal\nAsk {{Ben}} above 200.\n:::\n",
	"refund-de.md": "template: refund\nlanguage: de\n---\nLiebe Frau {{customer.name}},\n\nwir haben das " +
		"Geld heute überwiesen, es ist in fünf Tagen bei Ihnen.\n\nViele Grüße\n{{agent.name}}\n",
	"refund-sales.md": "template: refund\nlanguage: en\nmailbox: sales\n---\nSales refunds you.\n",
	"late-parcel.md": "template: late-parcel\nlanguage: en\n---\nDear {{customer.first_name}},\n\nyour parcel " +
		"is late. {{mailbox.name}} asks the carrier.\n",
	"opening-hours.md": "template: opening-hours\nlanguage: en\n---\nWe are there from 9 to 17.\n",
	"support-thanks.md": "template: thanks\nmailbox: support\nlanguage: en\n---\nThank you for your patience, " +
		"{{customer.first_name}}.\n",
}

// stock is a desk with these templates.
func stock(t *testing.T) *house {
	t.Helper()
	x, err := sampleIndex()
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for name, text := range templatesOf {
		files["templates/"+name] = []byte("---\n" + text)
	}
	if r := article.Check(files, nil, 0); len(r.Problems) > 0 {
		t.Fatal(r.Problems)
	}
	h := open(t)
	h.inbound.Agents.(*reply.Service).Articles = func(context.Context) (reply.Articles, error) {
		return stocked{x, article.Templates(files)}, nil
	}
	return h
}

func writes(h *house, subject, text string) desk.Inbound {
	return h.arrive(erika, support, "From: Erika Muster <"+erika+">\nTo: "+support+"\nSubject: "+subject+
		"\nMessage-ID: <t1@customers.example>\nContent-Type: text/plain; charset=utf-8\n\n"+text+"\n")
}

// The template stands where its line stood, filled in, in the customer's language, as a letter.
func TestATemplateIsSent(t *testing.T) {
	const en, de = "Where is the money for my order 20881? I sent the lamp back.", "Guten Tag, wo bleibt das Geld " +
		"für meine Lampe, die ich zurückgeschickt habe?"
	for _, c := range []struct{ name, asks, answer, want string }{
		{"by its name", en, "#template refund", "Hello Erika Muster, We have sent the money for order 20881 " +
			"today. 1. It is there in five days. 2. Write to us (https://shop.example/help) if not. Best regards, " +
			"Anna"},
		{"careless", en, "#Template Refund please.", "Hello Erika Muster, We have sent the money for order 20881 " +
			"today."},
		{"words above", en, "Hi Erika,\n\nI looked at once.\n\n#template refund", "Hi Erika, I looked at once. We " +
			"have sent the money"},
		{"words below", en, "#template opening-hours\n\nDo come by on Friday!", "Hello Erika Muster, We are there " +
			"from 9 to 17. Do come by on Friday! Best regards,"},
		{"a letter below", en, "#template opening hours\n\nDear Erika,\n\nthis is when.",
			"Dear Erika, this is when. We are there from 9 to 17. Best regards,"},
		{"around", en, "Hi Erika,\n\nthe times:\n\n#template opening-hours\n\nSee you!\n\nAnna",
			"Hi Erika, the times: We are there from 9 to 17. See you! Anna"},
		{"German", de, "#Vorlage refund", "Liebe Frau Erika Muster, wir haben das Geld heute überwiesen, es ist " +
			"in fünf Tagen bei Ihnen. Viele Grüße Anna"},
		{"the mailbox's own", en, "#template thanks", "Hello Erika Muster, Thank you for your patience, Erika."},
		{"first name and mailbox", en, "#template late-parcel", "Dear Erika, your parcel is late. Lantern Shop " +
			"Support asks the carrier. Best regards,"},
		{"a value given", "Where is my money?", "#template refund order=4711", "for order 4711 today."},
		{"a value in quotes", "Where is my money?", "#template refund order=\"47 11\" please",
			"for order 47 11 today."},
		{"two", en, "#template opening-hours\n#template thanks", "We are there from 9 to 17. Thank you for your " +
			"patience, Erika."},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := stock(t)
			first := writes(h, "Money", c.asks)
			if in := h.agentAnswers(anna, c.answer); in.Outcome != desk.OutcomeAgent {
				t.Fatalf("%s (%s)", in.Outcome, in.Reason)
			}
			h.Pass(time.Hour)
			_, m := h.newest(desk.OutboxAnswer, erika)
			got := strings.Join(strings.Fields(m.PlainText), " ")
			if !strings.Contains(got, c.want) {
				t.Errorf("it says\n%s\nwant\n%s", got, c.want)
			}
			if strings.ContainsAny(m.PlainText+m.HTML, "{}") && !strings.Contains(m.HTML, "style") ||
				strings.Contains(got, "200") {
				t.Errorf("left: %s", m.PlainText)
			}
			ms, _ := h.Store.Messages(h.Context(), first.Conversation, 2, 0)
			if len(ms) != 1 || len(ms[0].Articles) != 0 {
				t.Errorf("a template is no article that was sent: %v", ms)
			}
		})
	}
}

// A variable without a value, a name that there is not and a near miss never reach the customer.
func TestATemplateThatCannotBeSent(t *testing.T) {
	for _, c := range []struct{ name, answer, says string }{
		{"an empty variable", "#template refund", "nothing is known here for {{order}}"},
		{"a value for nothing", "#template refund order=1 amount=2", "has no {{amount}}"},
		{"a slip", "#template opning-hours", "Did you mean #template opening-hours?"},
		{"a part of the name", "#template opening", "Did you mean #template opening-hours?"},
		{"words behind", "#template thanks she is angry", "Did you mean #template thanks?"},
		{"no such name", "#template invoice", "there is no template of that name"},
		{"another mailbox's", "#template refund-sales", "Did you mean #template refund?"},
		{"a slip of the command", "#tempalte thanks", "Did you mean #template thanks?"},
		{"without its sign", "template thanks", "Did you mean #template thanks?"},
		{"another word for it", "#macro thanks", "Did you mean #template thanks?"},
		{"above a note", "#note\nask her\n#template thanks", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := stock(t)
			writes(h, "Money", "Where is my money?")
			h.agentAnswers(anna, c.answer)
			h.Pass(time.Hour)
			h.none(desk.OutboxAnswer)
			if c.says == "" {
				return
			}
			if _, m := h.newest(desk.OutboxNotice,
				anna); !strings.Contains(strings.Join(strings.Fields(m.PlainText), " "), c.says) {
				t.Errorf("want %q in\n%s", c.says, m.PlainText)
			}
		})
	}
}

// A yes to a near miss sends it, filled in.
func TestYesToANearMissOfATemplate(t *testing.T) {
	h := stock(t)
	writes(h, "Money", "Where is my money?")
	h.agentAnswers(anna, "#template thnaks")
	_, asked := h.newest(desk.OutboxNotice, anna)
	if in := h.answerTo(anna, asked, "yes please"); in.Outcome != desk.OutcomeAgent {
		t.Fatalf("%s (%s)", in.Outcome, in.Reason)
	}
	h.Pass(time.Hour)
	if _, m := h.newest(desk.OutboxAnswer, erika); !strings.Contains(m.PlainText, "Thank you for your patience, "+
		"Erika.") {
		t.Error(m.PlainText)
	}
}

// #template alone lists what the mailbox has, and #show with a name shows it as it would be sent.
func TestTemplatesAreListedAndShown(t *testing.T) {
	for _, c := range []struct {
		answer string
		says   []string
		not    string
	}{
		{"#template", []string{"Templates of Lantern Shop Support", "refund: The money is on its way (de, en)",
			"late-parcel (en)", "thanks (en)"}, "Sales refunds"},
		{"#templates please", []string{"late-parcel (en)"}, ""},
		{"#show late-parcel", []string{"Template “late-parcel”", "Dear Erika,", "Answer this mail with #template " +
			"late-parcel"}, "{{"},
		{"#show refund", []string{"It cannot be sent as it stands here", "{{order}}", "Ask {{Ben}} above 200"}, ""},
		{"#show template thanks", []string{"Thank you for your patience, Erika."}, ""},
		{"#show thnaks", []string{"Did you mean #show thanks?"}, ""},
	} {
		h := stock(t)
		writes(h, "Money", "Where is my money?")
		h.agentAnswers(anna, c.answer)
		_, m := h.newest(desk.OutboxNotice, anna)
		got := strings.Join(strings.Fields(m.PlainText), " ")
		for _, want := range c.says {
			if !strings.Contains(got, want) {
				t.Errorf("%s: want %q in\n%s", c.answer, want, m.PlainText)
			}
		}
		if c.not != "" && strings.Contains(got, c.not) {
			t.Errorf("%s: %q stands in\n%s", c.answer, c.not, got)
		}
		h.Pass(time.Hour)
		h.none(desk.OutboxAnswer)
	}
}
