package proof_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
)

// What forty customers write about a cause in the meantime is told together at the next
// hour, each once, in as few mails as can list them: one mail has letters for
// [desk.MostListed]. What is about something else is told at once.
func TestWhatIsWrittenAboutACauseIsToldOnce(t *testing.T) {
	c := newCausal(bench.New(t))
	const many = 40
	who := func(n int) string { return fmt.Sprintf("customer%d@home.example", n) }
	for n := range many {
		c.asks(who(n), "My parcel has been lying in Hamm for days. Where is it?")
		c.says(who(n), "#cause hamm")
	}
	c.Later(2 * time.Hour) // whatever was put off has left
	var told []bench.Sent
	for n := range many {
		c.mail(who(n), supports, "Re: My parcel", fmt.Sprintf("Still nothing, and it is day %d now.", n))
		told = append(told, c.sent()...)
	}
	told = append(told, c.Later(2*time.Hour)...)
	if most := (many + desk.MostListed - 1) / desk.MostListed; len(told) > most {
		t.Fatalf("%d mails, to %v; %d can list them all", len(told), bench.Recipients(told), most)
	}
	said := ""
	for _, m := range told {
		said += strings.Join(strings.Fields(m.Read.Text), " ")
	}
	for n := range many {
		if day := fmt.Sprintf("day %d now", n); strings.Count(said, day) != 1 {
			t.Errorf("%q is said %d times", day, strings.Count(said, day))
		}
	}
	c.asks("other@home.example", "My lamp hums when I dim it. What can I do?")
	if c.shown["other@home.example"] == "" {
		t.Error("what is about something else is not told at once")
	}
}

// A cause that is new is said to be, with those that are open: a slip of its name would
// lie there unseen. One that is known, or the only one, is tied without a mail.
func TestACauseThatIsNewIsSaidToBe(t *testing.T) {
	bench.OnEach(t, func(w *bench.World) {
		c := newCausal(w)
		c.asks("erika@home.example", "My parcel has been lying in Hamm for days.")
		c.asks("joe@home.example", "My lamp hums when I dim it.")
		for _, x := range []struct{ about, order, says string }{
			{"erika@home.example", "#cause hamm", ""}, // there is none that it could be a slip of
			{"erika@home.example", "#cause hamm", ""},
			{"joe@home.example", "#cause humming", "You tied this to a new cause, “humming” " +
				"This is the first conversation that is tied to it. Others that are open: “hamm”. " +
				"#cause none unties it."},
			{"joe@home.example", "#cause hummign", "Did you mean #cause humming?"},
		} {
			told := c.says(x.about, x.order)
			if x.says == "" {
				if len(told) != 0 {
					w.Errorf("%s sent mail to %v", x.order, bench.Recipients(told))
				}
				continue
			}
			if len(c.Outside(told)) != 0 || len(told) != 1 {
				w.Fatalf("%s sent mail to %v", x.order, bench.Recipients(told))
			}
			if text := strings.Join(strings.Fields(told[0].Read.Text), " "); !strings.Contains(text, x.says) {
				w.Errorf("%s: the mail does not say %q:\n%s", x.order, x.says, told[0].Read.Text)
			}
		}
	})
}
