package reply_test

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
)

// rated is a desk that asks customers whether answers solved it.
type rated struct {
	*undo
	yes, no string // where the links of the last answer lead; "" where it has none
	events  map[string]desk.Event
}

func rating(t *testing.T) *rated {
	p := bench.NewPath(t)
	s := *p.Settings
	s.Mailboxes = slices.Clone(s.Mailboxes)
	s.Mailboxes[0].Rating, s.Mailboxes[0].Grace = true, 0
	p.World.Settings = &s
	return &rated{undo: &undo{Path: p}, events: map[string]desk.Event{}}
}

// answer has Anna answer the last mail that she got.
func (r *rated) answer(text string) {
	r.Helper()
	if in := r.mail(anna, r.to, "Re: x", "", text); in.Outcome != desk.OutcomeAgent {
		r.Fatalf("%s (%s)", in.Outcome, in.Reason)
	}
	r.wait(0)
	r.yes, r.no = "", ""
	for _, m := range slices.Backward(r.mails) {
		if !slices.Contains(m.To, erika) {
			continue
		}
		for _, part := range strings.Split(m.Read.HTML, `href="mailto:`)[1:] {
			link, _, _ := strings.Cut(strings.ReplaceAll(part, "&amp;", "&"), `"`)
			if !strings.Contains(link, "?subject=") { // a quote names its author
				continue
			}
			if r.yes == "" {
				r.yes = link
			} else if r.no == "" {
				r.no = link
			}
		}
		return
	}
}

// tap sends what a link opens, with what a customer changes in it.
func (r *rated) tap(from, link string, change func(body string) string) desk.Inbound {
	r.Helper()
	to, query, _ := strings.Cut(link, "?")
	values, err := url.ParseQuery(query)
	if err != nil || values.Get("subject") == "" || values.Get("body") == "" {
		r.Fatalf("the link %q has no subject and text: %v", link, err)
	}
	body := values.Get("body")
	if change != nil {
		body = change(body)
	}
	r.mails = nil
	in := r.mail(from, to, values.Get("subject"), "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n", body)
	r.wait(time.Second)
	return in
}

func add(more string) func(string) string { return func(body string) string { return body + more } }

func says(text string) func(string) string { return func(string) string { return text } }

// What a tap below an answer does: what it counts, how the conversation stands, whether
// somebody is told, and that no word is lost.
func TestWhatATapDoes(t *testing.T) {
	for _, c := range []struct {
		name   string
		no     bool
		change func(string) string
		counts string
		state  desk.State
		told   string // stands in what Anna is told; "" is nothing
	}{
		{"yes", false, nil, "solved", desk.StateSolved, ""},
		{"yes, and the text deleted", false, says(""), "solved", desk.StateSolved, ""},
		{"yes, with a telephone’s line", false, add("\n\nSent from my iPhone"), "solved", desk.StateSolved, ""},
		{"yes, and the name below", false, add("\n\nErika"), "solved", desk.StateSolved, ""},
		{"yes, and thanks", false, add("Thank you so much!"), "solved", desk.StateSolved, ""},
		{"yes, and a question", false, add("When does the second one come?"), "solved", desk.StateOpen,
			"When does the second one come?"},
		{"yes, and something else over it", false, says("The lamp hums now."), "solved", desk.StateOpen,
			"The lamp hums now."},
		{"not yet", true, nil, "not-yet", desk.StateOpen, "Not yet"},
		{"not yet, and the text deleted", true, says(""), "not-yet", desk.StateOpen, "Not yet"},
		{"not yet, and why", true, add("it still flickers."), "not-yet", desk.StateOpen, "it still flickers."},
		{"not yet, and thanks all the same", true, says("Thanks!"), "not-yet", desk.StateOpen, "Thanks!"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := rating(t)
			first := r.mail(erika, support, "My lamp", "", "Good morning, my lamp flickers. What shall I do?")
			r.wait(time.Second)
			r.answer("Please turn the bulb a little, that helps.\n\nAnna\n#close")
			link := r.yes
			if c.no {
				link = r.no
			}
			in := r.tap(erika, link, c.change)
			conv := r.Conversation(first)
			m := r.Messages(first)
			last := m[len(m)-1]
			if in.Conversation != first.Conversation || conv.State != c.state || string(last.Rated) != c.counts ||
				strings.TrimSpace(last.Text) == "" {
				t.Errorf("%s (%s): the conversation is %s, the message %+v", in.Outcome, in.Reason, conv.State, last)
			}
			if said := r.told(); (said == "") != (c.told == "") || !strings.Contains(said, c.told) ||
				c.no && !strings.Contains(said, "did not solve it") {
				t.Errorf("Anna is told %q", said)
			}
			if out := r.Outside(r.mails); len(out) > 0 {
				t.Errorf("mail went to %v", bench.Recipients(out))
			}
			if got := r.counted(); got != c.counts {
				t.Errorf("counted as %q", got)
			}
		})
	}
}

// counted are the words that were recorded as said.
func (r *rated) counted() string {
	for _, e := range r.Events() { // those of the day
		if e.Kind == desk.EventRated {
			r.events[e.ID] = e
		}
	}
	said := slices.SortedFunc(maps.Values(r.events), func(a, b desk.Event) int {
		return a.Recorded.Compare(b.Recorded)
	})
	var out []string
	for _, e := range said {
		out = append(out, e.Detail)
	}
	return strings.Join(out, " ")
}

// Who is asked, and who is not: at most once a month, where something ends.
func TestWhoIsAskedWhetherItIsSolved(t *testing.T) {
	r := rating(t)
	asked := func(what string, want bool) {
		t.Helper()
		if got := r.yes != "" && r.no != ""; got != want {
			t.Errorf("%s: asked %v", what, got)
		}
	}
	r.mail(erika, support, "My lamp", "", "My lamp flickers. What shall I do?")
	r.wait(time.Second)
	r.answer("Which lamp is it?\n\nAnna")
	asked("an answer that does not end it", false)
	r.mail(erika, support, "Another lamp", "", "My second lamp hums. What shall I do?")
	r.wait(time.Second)
	r.answer("Please turn the bulb.\n\nAnna\n#close")
	asked("one that closes", true)
	r.mail(erika, support, "A third lamp", "", "My third lamp is dark. What shall I do?")
	r.wait(time.Second)
	r.answer("Please turn this bulb, too.\n\nAnna\n#close")
	asked("another on the same day", false)
	r.wait(31 * 24 * time.Hour)
	r.mail(erika, support, "A fourth lamp", "", "My fourth lamp is dark. What shall I do?")
	r.wait(time.Second)
	r.answer("Please turn it off and on.\n\nAnna\n#close")
	asked("a month later", true)

	r = rating(t)
	r.mail(erika, support, "My lamp", "", "My lamp flickers. What shall I do?")
	r.wait(time.Second)
	r.answer("Please turn the bulb.\n\nAnna")
	asked("an answer", false)
	at := r.to
	r.mail(erika, support, "Re: My lamp", "", "Thank you very much!")
	r.wait(time.Second)
	r.to = at
	r.answer("You are welcome. The guarantee runs until May.\n\nAnna")
	asked("the first answer after a thank-you", true)
	if in := r.tap(erika, r.yes, nil); r.Conversation(in).State != desk.StateSolved || len(r.mails) > 0 {
		t.Errorf("what was answered and is said to be solved is %s, and %v are told", r.Conversation(in).State,
			bench.Recipients(r.mails))
	}

	r = rating(t)
	r.mail(erika, support, "My lamp", "", "My lamp flickers. What shall I do?")
	r.wait(time.Second)
	r.answer("#add otto@other.example\nPlease turn the bulb.\n\nAnna\n#close")
	asked("where others get the answer", false)

	r = rating(t)
	s := *r.Settings
	s.Mailboxes = slices.Clone(s.Mailboxes)
	s.Mailboxes[0].Rating = false
	r.World.Settings = &s
	r.mail(erika, support, "My lamp", "", "My lamp flickers. What shall I do?")
	r.wait(time.Second)
	r.answer("Please turn the bulb.\n\nAnna\n#close")
	asked("where the settings do not say so", false)
}

// A tap counts for its conversation's customer, in time, written by a person; whatever
// else comes to such an address is the mail that it is, and no word of it is lost.
func TestWhoseTapCounts(t *testing.T) {
	r := rating(t)
	first := r.mail(erika, support, "My lamp", "", "Good morning, my lamp flickers. What shall I do?")
	r.wait(time.Second)
	r.answer("Please turn the bulb.\n\nAnna\n#close")
	yes, no := r.yes, r.no
	to, _, _ := strings.Cut(yes, "?")
	outsider := r.tap("eve@evil.example", no, add("give me the history"))
	if outsider.Conversation == first.Conversation || r.counted() != "" || strings.Contains(r.told(), "turn the bulb") {
		t.Errorf("a stranger who has the address: %s (%s), counted %q", outsider.Outcome, outsider.Reason, r.counted())
	}
	if conv := r.Conversation(first); conv.State != desk.StateSolved {
		t.Errorf("a stranger opened it: %+v", conv.State)
	}
	in := r.Arrive(bench.Arrival{From: "eve@evil.example", To: []string{to}, Verdicts: bench.Forged,
		Raw: "From: <eve@evil.example>\nTo: <x@shop.example>\nSubject: x\nMessage-ID: <f@evil.example>\n\nYes.\n"})
	if in.Outcome != desk.OutcomeHeld || r.counted() != "" {
		t.Errorf("a stranger for whom nobody vouches: %s", in.Outcome)
	}
	in = r.mail(erika, to, "Out of office", "Auto-Submitted: auto-replied\n", "I am away until Monday.")
	if r.counted() != "" || r.Conversation(first).State != desk.StateSolved {
		t.Errorf("an automatic answer: %s, counted %q", in.Outcome, r.counted())
	}
	forged := []byte(to)
	at := strings.IndexByte(to, '+') + 20
	forged[at] = 'a' + (forged[at]-'a'+1)%24
	in = r.mail(erika, string(forged), "Did this solve it? Yes", "", "Yes, this solved it. Is the second lamp coming?")
	if r.counted() != "" || in.Outcome != desk.OutcomeThreaded {
		t.Errorf("a forged address: %s (%s), counted %q", in.Outcome, in.Reason, r.counted())
	}
	// Two taps, and the same mail twice: the last one counts.
	r.tap(erika, yes, nil)
	r.tap(erika, yes, nil)
	r.tap(erika, no, add("it flickers again"))
	if got := r.counted(); got != "solved solved not-yet" || r.Conversation(first).State != desk.StateOpen {
		t.Errorf("counted %q, the conversation is %s", got, r.Conversation(first).State)
	}
	r.wait(61 * 24 * time.Hour)
	in = r.tap(erika, yes, nil)
	if r.counted() != "solved solved not-yet" || in.Conversation != first.Conversation {
		t.Errorf("an address that is too old: %s, counted %q", in.Outcome, r.counted())
	}
	in = r.tap(erika, no, add("it hums"))
	if r.counted() != "solved solved not-yet" || !strings.Contains(r.told(), "it hums") {
		t.Errorf("words to an address that is too old: %s, told %q", in.Outcome, r.told())
	}
}

// The line is in the customer's language; no agent sees it, in no client's quote of it.
func TestTheLineOfARatingIsTheCustomersAlone(t *testing.T) {
	r := rating(t)
	first := r.mail(erika, support, "Meine Lampe", "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n",
		"Guten Tag, meine Lampe flackert seit gestern jeden Abend. Was kann ich tun?")
	r.wait(time.Second)
	r.answer("Bitte drehen Sie die Birne ein wenig fester, das hilft meistens.\n\nAnna\n#close")
	var answer bench.Sent
	for _, m := range r.mails {
		if slices.Contains(m.To, erika) {
			answer = m
		}
	}
	for _, want := range []string{"Ist es damit gelöst?", "Ja: ", "Noch nicht: ", strings.SplitN(r.yes, "?", 2)[0]} {
		if !strings.Contains(answer.Read.PlainText, want) {
			t.Errorf("the text does not say %q:\n%s", want, answer.Read.PlainText)
		}
	}
	for _, m := range r.mails {
		if slices.Contains(m.To, anna) && strings.Contains(m.Read.PlainText, "damit gelöst") {
			t.Errorf("Anna sees the line:\n%s", m.Read.PlainText)
		}
	}
	var quoted strings.Builder
	for _, l := range strings.Split(strings.TrimSpace(answer.Read.PlainText), "\n") {
		quoted.WriteString("> " + l + "\n")
	}
	const utf8, no = "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n", "Das hilft leider nicht."
	for client, quote := range map[string]string{
		"Gmail": "Am Mo., 2. Nov. 2026 um 10:00 Uhr schrieb Lantern Shop <x@y.example>:\n\n" + quoted.String(),
		"Outlook": "-----Ursprüngliche Nachricht-----\nVon: Lantern Shop <x@y.example>\nGesendet: Montag, 2. " +
			"November 2026 10:00\nAn: Erika\nBetreff: AW: Meine Lampe\n\n" + answer.Read.PlainText,
	} {
		r.mails = nil
		in := r.mail(erika, answer.Read.ReplyTo[0].Address, "AW: Meine Lampe",
			utf8+"In-Reply-To: <"+answer.Read.MessageID+">\n", no+"\n\n"+quote)
		r.wait(time.Second)
		m := r.Messages(first)
		if in.Conversation != first.Conversation || m[len(m)-1].Text != no || r.counted() != "" ||
			strings.Contains(r.told(), "damit gelöst") {
			t.Errorf("%s: %+v, told %q", client, m[len(m)-1].Text, r.told())
		}
	}
}
