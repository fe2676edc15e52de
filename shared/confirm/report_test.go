package confirm_test

import (
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/metrics"
)

// reported is a desk with a week behind it, and its report in Anna's mailbox.
type reported struct {
	*bench.Path
	letter bench.Sent
}

// aReport plays a week: of twelve customers eight got an answer, by the agents in
// turn; seven were closed and three of those wrote again.
func aReport(t *testing.T, agents ...string) *reported {
	r := &reported{Path: bench.NewPath(t)}
	s := *r.World.Settings
	for _, id := range agents {
		if _, ok := s.Agent(id); !ok {
			s.Agents = slices.Concat(s.Agents, []desk.Agent{{ID: id, Name: strings.ToUpper(id),
				Addresses: []string{id + "@team.lantern.example"}}})
			s.Mailboxes[0].Agents = slices.Concat(s.Mailboxes[0].Agents, []string{id})
		}
	}
	s.Report.To = []string{anna, "boss@lantern.example"}
	s.Notifications.Most = 1000
	r.World.Settings = &s
	write := func(n int, text, to string) {
		r.Arrive(bench.Arrival{From: fmt.Sprintf("c%d@customers.example", n), To: []string{to}, Verdicts: bench.Trusted,
			Raw: fmt.Sprintf("From: Customer %c <c%d@customers.example>\nTo: %s\nSubject: Concern %d\n"+
				"Message-ID: <%d.%d@customers.example>\n\n%s\n",
				'A'+n, n, to, n, n, serial, text)})
		serial++
	}
	for n := range 12 {
		write(n, "My lamp is dark.", "support@lantern.example")
		var told []bench.Sent
		for _, m := range r.Sent() {
			if len(agents) > 0 && m.To[0] == agents[n%len(agents)]+"@team.lantern.example" {
				told = append(told, m)
			}
		}
		r.Pass(time.Hour)
		if n%3 == 2 || len(told) == 0 {
			continue
		}
		order := ""
		if n != 0 {
			order = "#close\n\n"
		}
		in := r.Arrive(reply(told[0].To[0], told[0],
			order+"Hello,\n\nthe switch is on the cable, near the plug.\n\nKind regards"))
		if in.Outcome != desk.OutcomeAgent {
			t.Fatalf("an answer is %s (%s)", in.Outcome, in.Reason)
		}
		r.Pass(time.Hour)
		for _, m := range r.Sent() {
			if m.To[0] == fmt.Sprintf("c%d@customers.example", n) && (n == 1 || n == 4 || n == 6) {
				write(n, "It is still dark.", m.Read.ReplyTo[0].Address)
			}
		}
		r.Sent()
	}
	r.Pass(8 * 24 * time.Hour)
	service := &metrics.Service{Home: r.World.Home()}
	if err := service.PostLast(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, m := range r.Later(time.Hour) {
		if m.To[0] == anna && strings.HasPrefix(m.Read.Subject, "Support, ") {
			r.letter = m
		}
	}
	if r.letter.Read == nil {
		t.Fatal("there is no report")
	}
	return r
}

func (r *reported) says(to bench.Sent, text string) bench.Sent {
	r.Helper()
	in := r.Arrive(reply(anna, to, text))
	sent := r.Sent()
	if len(sent) != 1 || sent[0].To[0] != anna {
		r.Fatalf("%q is %s (%s), and sends %v", text, in.Outcome, in.Reason, bench.Recipients(sent))
	}
	return sent[0]
}

func flat(s string) string { return strings.Join(strings.Fields(s), " ") }

func TestWhatIsBehindAFigureIsMailed(t *testing.T) {
	r := aReport(t, "anna", "ben")
	for said, want := range map[string]string{
		"#why reopened":                      "Reopened: 3 counted. Here: solved before, and reopened.",
		"#Why Reopened?":                     "Reopened: 3 counted.",
		"# why reopened":                     "Reopened: 3 counted.",
		"why reopened":                       "Reopened: 3 counted.",
		"reopened":                           "Reopened: 3 counted.",
		"#why 1":                             "First answer: 12 counted. Here: those that waited longest for it.",
		"1":                                  "First answer: 12 counted.",
		"#why waiting":                       "Who waits: 7 counted.",
		"#why who waits":                     "Who waits: 7 counted.",
		"Hello,\n\n#why waiting\n\nAnna":     "Who waits: 7 counted.",
		"#why waiting support":               "Who waits: 7 counted.",
		"#why solved":                        "Solved: 4 counted.",
		"#why solved at the first answer":    "Solved at the first answer: none, so",
		"#why reopenned":                     "Did you mean “Reopened”?",
		"#why watiing":                       "Did you mean “Who waits”?",
		"#why came back so often":            "Did you mean “Came back within 7 days”?",
		"#why came back within 7 days":       "Came back within 7 days: none, so there is nothing behind it.",
		"#why is Ben so slow":                "The report has no figure “is ben so slow”",
		"#why ben":                           "The report has no figure “ben”",
		"#why reopened ben":                  "Did you mean “Reopened”?",
		"#why 77":                            "there is nothing to show behind 77",
		"#why":                               "it does not say which figure",
		"Nice.":                              "The report has no figure “nice”",
		"#why reopened\n\nTell Ben to hurry": "this is more than a figure’s number or name",
	} {
		r.Pass(25 * time.Hour) // so many refusals are told in a day
		m := r.says(r.letter, said)
		if !strings.Contains(flat(m.Read.PlainText), want) {
			t.Errorf("%q: wants %q:\n%s", said, want, m.Read.PlainText)
		}
	}
	m := r.says(r.letter, "#why reopned")
	if m = r.says(m, "yes"); !strings.Contains(flat(m.Read.PlainText), "Reopened: 3 counted.") {
		t.Errorf("yes gives\n%s", m.Read.PlainText)
	}
	for _, name := range []string{"Anna", "Ben", "ben@"} {
		if strings.Contains(strings.ReplaceAll(m.Read.Text, "Anna Winter", ""), name) {
			t.Errorf("who answered stands in\n%s", m.Read.Text)
		}
	}
	// A tap fetches an entry, in its own thread, and what is answered then is an answer.
	link := regexp.MustCompile(`href="(mailto:[^"]*)"`).FindAllStringSubmatch(m.Read.HTML, -1)
	if len(link) != 3 {
		t.Fatalf("%d taps in\n%s", len(link), m.Read.HTML)
	}
	u, err := url.Parse(html.UnescapeString(link[1][1]))
	if err != nil {
		t.Fatal(err)
	}
	tap := reply(anna, m, u.Query().Get("body"))
	tap.To = []string{u.Opaque}
	r.Arrive(tap)
	sent := r.Sent()
	if len(sent) != 1 || !strings.Contains(sent[0].Read.PlainText, "It is still dark.") ||
		len(sent[0].Read.References) == 0 {
		t.Fatalf("fetched %v", bench.Recipients(sent))
	}
	r.Arrive(reply(anna, sent[0], "Hello,\n\nthe bulb may be loose. Turn it to the right.\n\nKind regards"))
	if out := r.Outside(r.Sent()); len(out) != 1 {
		t.Errorf("answered %v", bench.Recipients(out))
	}
	// Another figure can be asked for from there.
	if m = r.says(m, "#why waiting"); !strings.Contains(m.Read.PlainText, "Who waits") {
		t.Errorf("next:\n%s", m.Read.PlainText)
	}
}

// Nobody else, no program and no forger is shown anything.
func TestWhatIsBehindAFigureIsNobodyElses(t *testing.T) {
	r := aReport(t, "anna", "ben")
	for _, from := range []string{"ben@team.lantern.example", "boss@lantern.example", "c1@customers.example"} {
		r.Arrive(reply(from, r.letter, "#why waiting"))
		for _, m := range r.Sent() {
			if strings.Contains(m.Read.Text, "Concern") {
				t.Errorf("%s makes us write to %v:\n%s", from, m.To, m.Read.Text)
			}
		}
	}
	forged := reply(anna, r.letter, "#why waiting")
	forged.Verdicts = bench.Forged
	r.Arrive(forged)
	for _, m := range r.Sent() {
		if strings.Contains(m.Read.Text, "Concern") {
			t.Errorf("a forger makes us write\n%s", m.Read.Text)
		}
	}
	// Who is no agent of the mailbox any more sees none of it.
	s := *r.World.Settings
	s.Mailboxes = append([]desk.Mailbox(nil), s.Mailboxes...)
	s.Mailboxes[0].Agents = []string{"ben"}
	r.World.Settings = &s
	r.Arrive(reply(anna, r.letter, "#why waiting"))
	for _, m := range r.Sent() {
		if strings.Contains(m.Read.Text, "Concern") {
			t.Errorf("an agent of no mailbox is shown\n%s", m.Read.Text)
		}
	}
}

// In a team of three no figure of fewer than five conversations, or of one agent's, is
// shown alone; and with other names for the agents it is the same mail.
func TestWhatIsBehindAFigureIsOfNobodyAlone(t *testing.T) {
	var told [][]string
	for _, agents := range [][]string{{"anna", "ben", "cleo"}, {"cleo", "ben", "anna"}} {
		r := aReport(t, agents...)
		var all []string
		for _, figure := range []string{"reopened", "solved", "waiting", "1", "2", "3", "exchanges", "thanks"} {
			m := r.says(r.letter, "#why "+figure)
			all = append(all, m.Read.PlainText)
			n := len(regexp.MustCompile(`(?m)^\d+\. Customer`).FindAllString(m.Read.PlainText, -1))
			if n > 0 && n < 5 {
				t.Errorf("%d alone:\n%s", n, m.Read.PlainText)
			}
			if figure == "reopened" && !strings.Contains(flat(m.Read.PlainText),
				"are never shown by themselves: here they are among those of") {
				t.Errorf("three are shown as\n%s", m.Read.PlainText)
			}
		}
		told = append(told, append(all, r.letter.Read.PlainText))
	}
	for i := range told[0] {
		if told[0][i] != told[1][i] {
			t.Errorf("with other names:\n%s\nand\n%s", told[0][i], told[1][i])
		}
	}
}

// What is behind a figure was kept with the report: whatever the size of the desk, to
// mail it takes the same few requests.
func TestWhatIsBehindAFigureIsCheap(t *testing.T) {
	r := aReport(t, "anna", "ben")
	for said, most := range map[string]int{"#why waiting": 1, "#why opened": 1, "#why nothing": 0} {
		mail := reply(anna, r.letter, said)
		r.World.Engine.Requests()
		r.Arrive(mail)
		all := r.World.Engine.Requests()
		gets := 0
		for _, q := range all {
			if q == "get" {
				gets++
			}
			if q == "query" {
				t.Errorf("%s searches: %v", said, all)
			}
		}
		other := reply(anna, r.letter, "Nobody reads this.")
		r.Arrive(other)
		refused := 0
		for _, q := range r.World.Engine.Requests() {
			if q == "get" {
				refused++
			}
		}
		if gets > refused+most {
			t.Errorf("%s takes %d reads, a refusal %d: %v", said, gets, refused, all)
		}
		r.Sent()
	}
}
