package reply_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/htmltext"
	"github.com/replywell/replywell/shared/inbound"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/reply"
)

// always offers the article of returns.
type always struct{}

func (always) Suggest(string, string, int) []desk.Suggestion {
	return []desk.Suggestion{{Article: "return", Title: "Sending a lamp back", Score: 0.9}}
}

// offering is a desk that offers one article, with that body where one is given.
func offering(t *testing.T, body string) *house {
	h := open(t)
	x, err := sampleIndex()
	if err != nil {
		t.Fatal(err)
	}
	h.inbound.Ranker = func(context.Context) (inbound.Ranker, error) { return always{}, nil }
	h.inbound.Agents.(*reply.Service).Articles = func(context.Context) (reply.Articles, error) {
		return changed{x, func(a *article.Article) {
			if body != "" {
				a.Body = body
			}
		}}, nil
	}
	return h
}

// What a tap sends reads as a person's letter, greeting and leave in the language of
// what they stand around; who writes one has theirs.
func TestAReadyAnswerIsALetter(t *testing.T) {
	const ask = "I want to send the lamp back. How does the return work, and when do I get my money?"
	const german = "Guten Tag, ich möchte die Lampe zurückgeben. Wie läuft das, und wann bekomme ich mein Geld?"
	const french = "Bonjour, je voudrais renvoyer la lampe. Comment dois-je faire, et quand serai-je remboursée ?"
	const article = "1. Put the lamp into its box" // where the article begins
	for _, c := range []struct {
		name, from, asks, answer, body string
		begins, ends                   string // of what stands above the quote, blanks folded
	}{
		{"a digit", "Erika Muster", ask, "1", "", "Hello Erika Muster, ", " Best regards, Anna"},
		{"an order", "Erika Muster", ask, "#send 1", "", "Hello Erika Muster, ", " Best regards, Anna"},
		{"no name", "", ask, "1", "", "Hello, ", " Best regards, Anna"},
		{"an address for a name", "erika@customers.example", ask, "1", "", "Hello, ", " Best regards, Anna"},
		{"as address books sort", `"Muster, Erika (Acme)"`, ask, "1", "", "Hello Erika Muster, ",
			" Best regards, Anna"},
		{"German asked, German answer", "Erika Muster", german, "1",
			"Legen Sie die Lampe in ihre Schachtel und bringen Sie das Paket zur Post.",
			"Guten Tag Erika Muster, Legen ", "zur Post. Viele Grüße Anna"},
		{"French asked, French answer", "Erika Muster", french, "1",
			"Mettez la lampe dans sa boîte et portez le colis à la poste. Nous payons le port.",
			"Bonjour Erika Muster, Mettez ", "le port. Cordialement, Anna"},
		// One letter is in one language: that of its words.
		{"German asked, English answer", "Erika Muster", german, "1", "", "Hello Erika Muster, ",
			" Best regards, Anna"},
		{"French asked, English answer", "Erika Muster", french, "#send 1", "", "Hello Erika Muster, ",
			" Best regards, Anna"},
		{"English asked, German answer", "Erika Muster", ask, "1",
			"Legen Sie die Lampe in ihre Schachtel und bringen Sie das Paket zur Post.",
			"Guten Tag Erika Muster, Legen ", "zur Post. Viele Grüße Anna"},
		{"German words above an English answer", "Erika Muster", german,
			"Leider haben wir die Anleitung bisher nur auf Englisch:\n#send 1", "", "Guten Tag Erika Muster, Leider ",
			" Viele Grüße Anna"},
		{"an answer that tells no language", "Erika Muster", german, "1", "0800 123456",
			"Guten Tag Erika Muster, 0800 ", " Viele Grüße Anna"},
		{"her own greeting", "Erika Muster", ask, "Hi Erika, this should help:\n#send 1", "",
			"Hi Erika, this should help: ", " Best regards, Anna"},
		{"her own leave", "Erika Muster", ask, "#send 1\n\nCheers,\nAnna", "", "Hello Erika Muster, ", " Cheers, Anna"},
		{"words without a greeting", "Erika Muster", ask, "It is easy:\n#send 1", "",
			"Hello Erika Muster, It is easy: ", " Best regards, Anna"},
		{"the article is a letter", "Erika Muster", ask, "1", "Hello,\n\npack the lamp.\n\nKind regards,\nLantern Shop",
			"Hello, pack the lamp.", "the lamp. Kind regards, Lantern Shop"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := offering(t, c.body)
			h.arrive(erika, support, "From: "+c.from+" <"+erika+">\nTo: "+support+
				"\nSubject: Return\nMessage-ID: <q@customers.example>\nMIME-Version: 1.0\nContent-Type: text/plain; "+
				"charset=utf-8\n\n"+c.asks+"\n")
			_, told := h.newest(desk.OutboxNotification, anna)
			h.Pass(time.Minute)
			in := h.arrive(anna, told.ReplyTo[0].Address,
				fmt.Sprintf("From: Anna <%s>\nSubject: Re: x\nMessage-ID: <qa@team.example>\nIn-Reply-To: <%s>\n\n%s\n",
					anna, told.MessageID, c.answer))
			if in.Outcome != desk.OutcomeAgent {
				t.Fatalf("%s (%s)", in.Outcome, in.Reason)
			}
			_, m := h.newest(desk.OutboxAnswer, erika)
			for part, text := range map[string]string{"text": m.Visible.Visible + "\n" + m.Visible.Signature,
				"HTML": m.HTML} {
				if part == "HTML" {
					text, _, _ = strings.Cut(htmltext.Text(text), "> ")
				}
				said := strings.Join(strings.Fields(text), " ")
				if n := strings.Count(said, strings.TrimSpace(c.ends)); n != 1 {
					t.Errorf("%s: the leave stands there %d times:\n%s", part, n, said)
				}
				if !strings.HasPrefix(said, c.begins) || c.body == "" && !strings.Contains(said, article) {
					t.Errorf("%s:\n%s", part, said)
				}
			}
		})
	}
}
