package letters_test

import (
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
)

// BenchmarkNotification writes the mails that tell agents of one customer's mail,
// once to one agent and once to ten.
func BenchmarkNotification(b *testing.B) {
	w := writer(b)
	for name, s := range map[string]situation{"question": situations(b)["short-question"], "with_HTML": withHTML(b)} {
		for _, agents := range []int{1, 10} {
			b.Run(name+"/"+map[int]string{1: "1_agent", 10: "10_agents"}[agents], func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					telling := w.Tell(w.Settings.Mailboxes[0], s.conv, s.msg, s.more)
					for range agents {
						if _, err := telling.To("n", w.Settings.Agents[0], ""); err != nil {
							b.Fatal(err)
						}
					}
				}
			})
		}
	}
}

// withHTML is a question as a mail program writes it, 12 kB of HTML.
func withHTML(t testing.TB) situation {
	s := situations(t)["first-contact"]
	s.more.HTML = strings.Repeat(`<div class="x"><p style="margin:0">Seit gestern tropft es am Ring, <b>ein Glas</b> `+
		`in der Stunde, siehe <a href="https://example.com/a">hier</a>.</p></div>`, 80)
	s.more.Attachments = nil
	return s
}

func BenchmarkAnswer(b *testing.B) {
	w := writer(b)
	s := situations(b)["short-question"]
	msg := desk.Message{Sequence: 2, Kind: desk.KindAnswer, Agent: "anna", At: friday}
	a := letters.Answer{Agent: w.Settings.Agents[0],
		Text: "Dear Erika,\n\nyour parcel is lost, and we are sorry. New lamps leave today, at no cost.\n\nKind " +
			"regards\nAnna", To: s.msg}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := w.Answer("a", w.Settings.Mailboxes[0], s.conv, msg, a); err != nil {
			b.Fatal(err)
		}
	}
}

// TestATellingIsOneMailToEach: what is written once says to each agent what
// a mail of their own would have said, and leads each to their own address.
func TestATellingIsOneMailToEach(t *testing.T) {
	w := writer(t)
	for name, s := range situations(t) {
		s.conv.Owner = "ben"
		telling := w.Tell(w.Settings.Mailboxes[0], s.conv, s.msg, s.more)
		for i, agent := range []desk.Agent{w.Settings.Agents[0], w.Settings.Agents[1], w.Settings.Agents[0]} {
			got, err := telling.To("n", agent, "before@brightwater.example")
			if err != nil {
				t.Fatal(err)
			}
			s.more.Previous = "before@brightwater.example"
			alone, err := w.Notification("n", agent, w.Settings.Mailboxes[0], s.conv, s.msg, s.more)
			if err != nil || string(got.Raw) != string(alone.Raw) {
				t.Errorf("%s, mail %d, is not what was written to %s alone: %v", name, i+1, agent.ID, err)
			}
			if strings.Contains(got.Letter.HTML, "reply.invalid") ||
				!strings.Contains(string(got.Letter.To[0].Address), agent.ID) {
				t.Errorf("%s: a mail to %s leads to nobody's address", name, agent.ID)
			}
			if other := w.Settings.Agents[1-i%2]; strings.Contains(got.Letter.HTML, reply(t, w, s, other)) {
				t.Errorf("%s: a mail to %s leads to the address of %s", name, agent.ID, other.ID)
			}
		}
	}
}

func reply(t *testing.T, w letters.Writer, s situation, agent desk.Agent) string {
	t.Helper()
	a, err := w.AgentAddress(w.Settings.Mailboxes[0], s.conv.ID, agent, s.msg.Sequence)
	if err != nil {
		t.Fatal(err)
	}
	return a
}
