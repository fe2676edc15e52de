package orders_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/kb/encoders"
	"github.com/replywell/replywell/shared/orders"
)

// around has the encoder that the program has.
func init() { around.Encoder = encoders.Form{} }

// byHeading reads a file of mails that stand below headings, one a line.
func byHeading(t testing.TB, file string) (headings []string, mails map[string][]string) {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	mails = map[string][]string{}
	heading := ""
	for _, l := range strings.Split(string(data), "\n") {
		switch {
		case l == "" || strings.HasPrefix(l, "//"):
		case strings.HasPrefix(l, "== "):
			heading = strings.TrimPrefix(l, "== ")
			headings = append(headings, heading)
		default:
			mails[heading] = append(mails[heading], strings.ReplaceAll(l, `\n`, "\n"))
		}
	}
	return headings, mails
}

// TestLeakUnseenJottings: jottings without a sign, a label or a name, in six languages,
// that were written down before anything read them, and that nothing was fitted to. Before
// there was a reader of whom a text speaks to, 111 of the 151 went and 11 of the 96
// answers were asked about; at its first look 60 went, most of those below an answer since
// it looked for a "you" there.
func TestLeakUnseenJottings(t *testing.T) {
	for _, with := range []struct {
		name            string
		encoder         orders.Encoder
		stopped, answer int // at least, and at most
	}{{"with the encoder", encoders.Form{}, 97, 4}, {"by small words alone", nil, 70, 9}} {
		d := around
		d.Encoder = with.encoder
		headings, mails := byHeading(t, "testdata/unseen.txt")
		stopped, total, answers := 0, 0, 0
		for _, heading := range headings {
			n := 0
			for _, text := range mails[heading] {
				if r, err := orders.Read(orders.Mail{Text: text}, d); err != nil || r.Doubt != nil || r.Nothing || len(r.Commands) > 0 || r.Note != "" {
					n++
				}
			}
			if fmt.Fprintf(t.Output(), "%s: %d of %d %s are asked about\n", with.name, n, len(mails[heading]), heading); heading == "answers" {
				answers = n
				continue
			}
			stopped, total = stopped+n, total+len(mails[heading])
		}
		if total < 150 || stopped < with.stopped || answers > with.answer {
			t.Errorf("%s: of %d jottings %d are asked about, and %d answers", with.name, total, stopped, answers)
		}
	}
}

// BenchmarkRead reads what agents mostly send, what is shortest, and what is longest
// among the mails that the encoder is asked about.
func BenchmarkRead(b *testing.B) {
	for name, text := range map[string]string{
		"letter":  "Hello Erika,\n\nthank you for the photo. Please press the reset button for five seconds, and tell us whether it blinks.\n\nBest regards\nAnna",
		"curt":    "It left this morning.",
		"jotting": "Refund denied by finance, don't tell her yet",
		"longest": "The parcel was opened at the depot and two of the six glasses are missing, the insurance wants a report before anything is said to anybody",
		"jotted":  "Hello Erika,\n\nthe lamp is on its way.\n\nBest regards\nAnna\n\nfinance was against it but the boss waved it through",
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				_, _ = orders.Read(orders.Mail{Text: text}, around)
			}
		})
	}
}
