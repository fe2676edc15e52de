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
	}{{"with the encoder", encoders.Form{}, 99, 4}, {"by small words alone", nil, 70, 9}} {
		d := around
		d.Encoder = with.encoder
		headings, mails := byHeading(t, "testdata/unseen.txt")
		stopped, total, answers := 0, 0, 0
		for _, heading := range headings {
			n := 0
			for _, text := range mails[heading] {
				if r, err := orders.Read(orders.Mail{Text: text}, d); err != nil || r.Doubt != nil || r.Nothing ||
					len(r.Commands) > 0 || r.Note != "" {
					n++
				}
			}
			if fmt.Fprintf(t.Output(), "%s: %d of %d %s are asked about\n", with.name, n, len(mails[heading]),
				heading); heading == "answers" {
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

// TestLeakOtherVoices: jottings as a warehouse, a lawyer, somebody young, people who
// dictate or write a foreign language, a workman and an accountant would make them.
func TestLeakOtherVoices(t *testing.T) {
	headings, mails := byHeading(t, "testdata/voices.txt")
	stopped, total := 0, 0
	for _, heading := range headings {
		n := 0
		for _, text := range mails[heading] {
			if _, is := asked(text); is {
				n++
			}
		}
		fmt.Fprintf(t.Output(), "%s: %d of %d are asked about\n", heading, n, len(mails[heading]))
		stopped, total = stopped+n, total+len(mails[heading])
	}
	if total != 60 || stopped < 45 {
		t.Errorf("of %d jottings %d are asked about", total, stopped)
	}
}

// TestLeakFreshJottings: what one writes in a hurry between two calls, and what one
// answers in a hurry, written in one go before the classes for what only persons do, and
// for how they are reached, were in the grammar; then 48 of the 70 jottings were asked
// about, and the same two of the 60 answers.
func TestLeakFreshJottings(t *testing.T) {
	headings, mails := byHeading(t, "testdata/fresh.txt")
	stopped, total, answers := 0, 0, 0
	for _, heading := range headings {
		n := 0
		for _, text := range mails[heading] {
			if _, is := asked(text); is {
				n++
			}
		}
		fmt.Fprintf(t.Output(), "%s: %d of %d are asked about\n", heading, n, len(mails[heading]))
		if heading == "answers" {
			answers = n
			continue
		}
		stopped, total = stopped+n, total+len(mails[heading])
	}
	if total != 70 || stopped < 54 || answers > 3 {
		t.Errorf("of %d jottings %d are asked about, and %d answers", total, stopped, answers)
	}
}

// TestLeakJottingsThatGoAreTold: of the jottings that are not asked about, nearly all are
// told to their author while they wait to leave; and of the curt answers few.
func TestLeakJottingsThatGoAreTold(t *testing.T) {
	silent, says, goes, curt, answers := 0, 0, 0, 0, 0
	for _, file := range []string{"unseen", "voices", "fresh"} {
		headings, mails := byHeading(t, "testdata/"+file+".txt")
		for _, heading := range headings {
			for _, text := range mails[heading] {
				_, is, doubted := heard(text)
				switch {
				case heading == "answers":
					answers++
					if doubted {
						curt++
					}
				case is:
				case doubted:
					goes, says = goes+1, says+1
				default:
					goes, silent = goes+1, silent+1
				}
			}
		}
	}
	fmt.Fprintf(t.Output(), "of %d jottings that go %d are told to their author; of %d curt answers %d\n", goes, says,
		answers, curt)
	if silent > 11 || curt > 28 {
		t.Errorf("%d of %d jottings go without a word, and %d of %d answers are told", silent, goes, curt, answers)
	}
}

// counting counts how often the encoder is asked, and for how much.
type counting struct {
	orders.Encoder
	texts, bytes int
}

func (c *counting) Embed(text string) []float32 {
	c.texts, c.bytes = c.texts+1, max(c.bytes, len(text))
	return c.Encoder.Embed(text)
}

// The encoder takes most of the time that reading takes, so no mail may ask it often
// or for much, whatever stands in it.
func TestTheEncoderIsAskedLittle(t *testing.T) {
	long := strings.Repeat("Donaudampfschifffahrtsgesellschaft denied ", 12)
	texts := []string{long, "refund denied " + long, strings.Repeat("refund denied by finance\n\n", 40),
		"Hi,\n\nthe part will be sent tomorrow.\n\nWarehouse is out of it until May"}
	for _, file := range []string{"testdata/unseen.txt", "testdata/voices.txt"} {
		_, mails := byHeading(t, file)
		for _, m := range mails {
			texts = append(texts, m...)
		}
	}
	most := 0
	for _, text := range texts {
		c := &counting{Encoder: encoders.Form{}}
		d := around
		d.Encoder = c
		_, _ = orders.Read(orders.Mail{Text: text, HTML: "<p>" + strings.ReplaceAll(text, "\n\n", "<p>") +
			"<p>and another thing denied"}, d)
		if most = max(most, c.texts); c.texts > 2 || c.bytes > 160 {
			t.Errorf("%.80q asks %d times, for %d bytes", text, c.texts, c.bytes)
		}
	}
	if most == 0 {
		t.Error("nothing asks it: this proves nothing")
	}
}

// BenchmarkRead reads what agents mostly send, what is shortest, and what is longest
// among the mails that the encoder is asked about.
func BenchmarkRead(b *testing.B) {
	for name, text := range map[string]string{
		"letter": "Hello Erika,\n\nthank you for the photo. Please press the reset button for five seconds, and " +
			"tell us whether it blinks.\n\nBest regards\nAnna",
		"curt":    "It left this morning.",
		"jotting": "Refund denied by finance, don't tell her yet",
		"longest": "The parcel was opened at the depot and two of the six glasses are missing, the insurance wants a " +
			"report before anything is said to anybody",
		"jotted": "Hello Erika,\n\nthe lamp is on its way.\n\nBest regards\nAnna\n\nfinance was against it but the " +
			"boss waved it through",
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				_, _ = orders.Read(orders.Mail{Text: text}, around)
			}
		})
	}
}
