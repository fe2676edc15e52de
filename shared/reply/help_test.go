package reply_test

import (
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
)

// #help begins with what is needed at the mail that is answered.
func TestHelpBeginsWithWhatIsNeeded(t *testing.T) {
	likely := func(h *house) string {
		_, m := h.newest(desk.OutboxNotice, anna)
		_, rest, _ := strings.Cut(flat(m.PlainText), "Most likely what you need now:")
		first, _, _ := strings.Cut(rest, "All there is:")
		return first
	}
	for _, c := range []struct {
		name     string
		prepare  func(h *house)
		has, not []string
	}{
		{"a customer waits", func(*house) {}, []string{"your own words", "#send 1: sends “Sending a lamp back”",
			"#take"}, []string{"#undo", "#close", "#practice"}},
		{"an answer has not left", func(h *house) {
			h.Settings.Mailboxes[0].Grace = time.Hour
			h.agentAnswers(anna, "Hi Erika, please turn the bulb.")
		}, []string{"#undo: stops your answer, which leaves at", "#close", "#pending"}, []string{"#take",
			"your own words"}},
		{"a new agent", func(h *house) {
			known, _ := h.Store.Welcomed(h.Context())
			known.Agents = map[string]time.Time{"anna": h.Now()}
			if err := h.Store.SetWelcomed(h.Context(), &known); err != nil {
				h.Fatal(err)
			}
		}, []string{"#practice: tries all this"}, nil},
	} {
		h := offering(t, "")
		h.customerWrites()
		c.prepare(h)
		h.agentAnswers(anna, "#help")
		got := likely(h)
		for _, want := range c.has {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %q is not in %q", c.name, want, got)
			}
		}
		for _, not := range c.not {
			if strings.Contains(got, not) {
				t.Errorf("%s: %q is in %q", c.name, not, got)
			}
		}
	}
}
