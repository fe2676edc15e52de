package reply_test

import (
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
)

// lessons are the reactions that the store has, in order.
func (h *house) lessons() (out []desk.Reaction) {
	h.Helper()
	events, _, err := h.Store.Lessons(h.Context(), time.Time{}, 0)
	if err != nil {
		h.Fatal(err)
	}
	for _, e := range events {
		out = append(out, e.Reactions...)
	}
	return out
}

// Whatever an agent does with the ready answers is kept with the answer.
func TestReactionsToReadyAnswers(t *testing.T) {
	x, err := sampleIndex()
	if err != nil {
		t.Fatal(err)
	}
	probe := open(t)
	asked := probe.customerWrites()
	first, err := probe.Store.Messages(t.Context(), asked.Conversation, 1, 1)
	if err != nil || len(first) == 0 || len(first[0].Suggested) == 0 ||
		len(first[0].Likely) != len(first[0].Suggested) || first[0].Likely[0] <= 0 {
		t.Fatalf("offered: %+v, %v", first, err)
	}
	offered := first[0].Suggested
	a, _ := x.Article(offered[0])
	words := strings.Fields(a.MailText())
	for name, c := range map[string]struct {
		text string
		want desk.ReactionKind
		sent int
	}{
		"by its number": {"#send 1", desk.SentAsIs, 1},
		"pasted":        {"Dear Erika,\n\n" + a.MailText() + "\n\nAnna", desk.SentAsIs, 1},
		"pasted and changed": {"Dear Erika,\n" + strings.Join(words[:len(words)*2/3], " ") + " or call me.\n\nAnna",
			desk.SentChanged, 1},
		"answered by hand": {"Dear Erika, my colleague drives by on Tuesday and brings you another one.",
			desk.Ignored, 0},
		"answered in two halves": {"Dear Erika, one moment please, I ask the workshop.", desk.Ignored, 0},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t)
			in := h.customerWrites()
			h.agentAnswers(anna, c.text)
			got := h.lessons()
			if len(got) != len(offered) || got[0].Article != offered[0] || got[0].Kind != c.want ||
				got[0].Confidence != first[0].Likely[0] {
				t.Fatalf("%+v; want %s of %v", got, c.want, offered)
			}
			for _, r := range got[1:] {
				if want := map[bool]desk.ReactionKind{true: desk.OtherSent, false: desk.Ignored}[c.sent > 0]; r.Kind !=
					want {
					t.Errorf("%+v; want %s", r, want)
				}
			}
			ms, err := h.Store.Messages(t.Context(), in.Conversation, 2, 1)
			if err != nil || len(ms) != 1 || len(ms[0].Articles) != c.sent {
				t.Errorf("the answer holds %+v, %v", ms, err)
			}
			// What is added later says nothing more of the offer.
			h.agentAnswers(anna, "And one more thing: we are closed on Friday.")
			if again := h.lessons(); len(again) != len(got) {
				t.Errorf("a second answer to the same mail: %+v", again)
			}
		})
	}
}

// What the customer says next is kept too, once.
func TestReactionsOfTheCustomer(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		after time.Duration
		want  desk.ReactionKind // "" is none
	}{
		"thanks":            {"Thank you, that helped!\n\nErika", time.Hour, desk.Thanked},
		"the same again":    {"The glass of the lamp is still cracked. What do I do now?", time.Hour, desk.CameBack},
		"thanks, but":       {"Thank you, but the lamp is still broken.", time.Hour, desk.CameBack},
		"nothing much":      {"Okay.", time.Hour, ""},
		"a long time later": {"The glass of the lamp is cracked again.", 60 * 24 * time.Hour, ""},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t)
			in := h.customerWrites()
			h.agentAnswers(anna, "#send 1")
			before := len(h.lessons())
			h.Pass(c.after)
			back := func(id string) {
				h.arrive(erika, support, "From: erika@customers.example\nTo: support@lantern.example\nSubject: Re: "+
					"Broken lamp\nMessage-ID: <"+id+
					"@customers.example>\nIn-Reply-To: <first@customers.example>\n\n"+c.text+"\n")
			}
			back("second")
			got := h.lessons()[before:]
			ms, err := h.Store.Messages(t.Context(), in.Conversation, 2, 1)
			if err != nil || len(ms) != 1 || len(ms[0].Articles) != 1 {
				t.Fatalf("%+v, %v", ms, err)
			}
			switch {
			case c.want == "" && len(got) != 0:
				t.Errorf("%+v; want none", got)
			case c.want != "" && (len(got) != 1 || got[0] != desk.Reaction{Article: ms[0].Articles[0], Kind: c.want,
				Answer: 2}):
				t.Errorf("%+v; want %s", got, c.want)
			}
			back("third")
			if again := h.lessons()[before:]; len(again) != len(got) {
				t.Errorf("the next mail says it once more: %+v", again)
			}
		})
	}
}
