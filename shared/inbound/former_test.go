package inbound_test

import (
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
)

// Who is taken out of the settings and still replies hears so, once a day, where the
// mail is proven to be from the address that our mail went to. Nobody else hears a word.
func TestAFormerAgentIsToldAndNobodyElse(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*world, *mail)
		told   string
	}{
		"as it is": {func(*world, *mail) {}, "anna@team.example"},
		"in other letters": {func(_ *world, m *mail) { m.from = "Anna <ANNA@team.example>" },
			"anna@team.example"},
		"forged": {func(_ *world, m *mail) {
			m.verdicts = &desk.Verdicts{DMARC: desk.VerdictFail}
		}, ""},
		"nobody says whose it is": {func(_ *world, m *mail) { m.verdicts = &desk.Verdicts{} }, ""},
		"a stranger has it":       {func(_ *world, m *mail) { m.from = "mallory@elsewhere.example" }, ""},
		"the customer has it":     {func(_ *world, m *mail) { m.from = "erika@customer.example" }, ""},
		"a colleague has it":      {func(_ *world, m *mail) { m.from = "ben@team.example" }, ""},
		"two in From":             {func(_ *world, m *mail) { m.from = "anna@team.example, m@elsewhere.example" }, ""},
		"a program answered":      {func(_ *world, m *mail) { m.headers = "Auto-Submitted: auto-replied\n" }, ""},
		"answers are to go to both": {func(_ *world, m *mail) { m.headers = "Reply-To: v@elsewhere.example\n" },
			"anna@team.example"},
		"nothing shows what of": {func(_ *world, m *mail) { m.reply = "" }, ""},
		"it answers another's mail": {func(w *world, m *mail) {
			m.reply = w.to("ben", "mail-1")[0].Mail.MessageID
		}, ""},
	} {
		w := newWorld(t)
		w.Settings.Automatic = desk.AutomaticPolicy{PerAddress: 5, PerConversation: 5}
		first := w.receive(erika)
		m := w.agentsMail(first.Conversation)
		m.reply = w.to("anna", first.ID)[0].Mail.MessageID
		c.change(w, &m)
		w.Settings.Agents = w.Settings.Agents[1:]
		for i := range 3 {
			m.id, m.body = "", "The ring must be tightened. "+strings.Repeat("Really. ", i)
			in := w.receive(m)
			if in.Outcome != desk.OutcomeHeld && c.told != "" || len(w.agents.seen) != 0 {
				t.Errorf("%s: recorded as %s (%s), carried %v", name, in.Outcome, in.Reason, w.agents.seen)
			}
		}
		told := w.former()
		if c.told == "" && len(told) != 0 || c.told != "" && (len(told) != 1 || told[0].To[0] != c.told) {
			t.Errorf("%s: told %d", name, len(told))
			continue
		}
		for _, s := range told {
			for _, no := range []string{"erika", "Erika", "pump", "ring", string(first.Conversation),
				first.Conversation.Reference()} {
				if strings.Contains(s.PlainText+s.Subject+s.HTML, no) {
					t.Errorf("%s: the refusal has %q:\n%s", name, no, s.PlainText)
				}
			}
			for _, yes := range []string{"not sent", "no longer", "lead"} {
				if !strings.Contains(s.PlainText, yes) {
					t.Errorf("%s: the refusal does not say %q:\n%s", name, yes, s.PlainText)
				}
			}
		}
		if c.told != "" {
			w.At(w.Now().Add(24 * time.Hour))
			w.receive(m)
			if n := len(w.former()); n != 2 {
				t.Errorf("%s: %d by the next day", name, n)
			}
		}
	}
}

// former are the refusals to who is no agent any more.
func (w *world) former() (out []sent) {
	for _, s := range w.outbox() {
		if s.Agent == "" && strings.Contains(s.Subject, "not sent") {
			out = append(out, s)
		}
	}
	return out
}
