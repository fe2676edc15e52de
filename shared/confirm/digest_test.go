package confirm_test

import (
	"context"
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
	"github.com/replywell/replywell/shared/inbound"
	"github.com/replywell/replywell/shared/kb/article"
)

// sure offers the article about broken lamps for everything, but the one about invoices
// for what is about them.
type sure struct{ article, invoices article.Article }

func (s sure) Suggest(_, text string, _ int) []desk.Suggestion {
	if strings.Contains(text, "invoice") {
		s.article = s.invoices
	}
	return []desk.Suggestion{{Article: s.article.ID, Title: s.article.Title, Passage: s.article.MailText(),
		Reply: s.article.MailText(), Score: 0.9}}
}

// rushed is a desk with seven mails that came at once: Anna has two of them, and
// the others in a digest.
type rushed struct {
	*bench.Path
	came   []desk.Inbound
	digest bench.Sent
}

func rush(t *testing.T, more ...string) *rushed {
	articles, err := article.Load(article.Sample())
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(articles, func(a article.Article) bool { return strings.Contains(a.Title, "broken") })
	if at < 0 {
		t.Fatal("the sample has no such article any more")
	}
	bills := slices.IndexFunc(articles, func(a article.Article) bool { return strings.Contains(a.Title, "invoice") })
	r := &rushed{Path: bench.NewPath(t)}
	r.Inbound.Ranker = func(context.Context) (inbound.Ranker, error) { return sure{articles[at], articles[bills]}, nil }
	s := *r.World.Settings
	s.Notifications = desk.NotificationPolicy{Most: 2, Window: 10 * time.Minute}
	r.World.Settings = &s
	for i, text := range append([]string{"One.", "Two.", "My lamp is broken.", "My lamp is broken, too.",
		"My lamp is broken, and it smells burnt.", "My lamp is broken.", "Is my lamp broken?"}, more...) {
		who := fmt.Sprintf("customer%d@customers.example", i)
		r.came = append(r.came, r.Arrive(bench.Arrival{From: who, To: []string{"support@lantern.example"},
			Verdicts: bench.Trusted,
			Raw: fmt.Sprintf("From: %s\nTo: support@lantern.example\nSubject: Broken\nMessage-ID: "+
				"<m%d@customers.example>\n\n%s\n", who, i, text)}))
		r.Sent()
	}
	for _, m := range r.Later(11 * time.Minute) {
		if m.To[0] == anna && strings.Contains(m.Read.PlainText, "letter fetches one mail") {
			r.digest = m
		}
	}
	if r.digest.Read == nil {
		t.Fatal("there is no digest")
	}
	return r
}

// says answers the digest, and gives what became of it and what left.
func (r *rushed) says(text string) (desk.Inbound, []bench.Sent) {
	r.Helper()
	in := r.Arrive(reply(anna, r.digest, text))
	return in, r.Sent()
}

// sign is the letter under which the digest lists a mail.
func (r *rushed) sign(text string) string {
	r.Helper()
	m := regexp.MustCompile(`(?m)^([A-Z])\. .*\n   .*“` + regexp.QuoteMeta(text) + `”`).FindStringSubmatch(
		r.digest.Read.PlainText)
	if m == nil {
		r.Fatalf("%q is not listed in\n%s", text, r.digest.Read.PlainText)
	}
	return m[1]
}

func got(mails []bench.Sent) (out []string) {
	for _, m := range mails {
		if strings.HasSuffix(m.To[0], "@customers.example") {
			out = append(out, m.To[0][:len("customer0")])
		}
	}
	return out
}

// One number answers those who ask the same, and nobody who says more.
func TestADigestsNumberAnswersTheAlike(t *testing.T) {
	for text, want := range map[string]string{
		"1":                                 "customer2 customer3 customer5 customer6",
		"1 not %s":                          "customer2 customer5 customer6",
		"1 without %s.":                     "customer2 customer5 customer6",
		"1\n\nSent from my iPhone":          "customer2 customer3 customer5 customer6",
		"no, wait":                          "",
		"Please tell them all that I call.": "",
		"1 and the others as well":          "",
		"":                                  "",
		"Hello,\n\n1\n\nBest regards\nAnna": "customer2 customer3 customer5 customer6",
		"1 to all of them please":           "customer2 customer3 customer5 customer6",
		"1\n\nHello,\nit is on its way.":    "",
		"#note\nHe is a liar":               "",
		"7":                                 "",
		"1 Z":                               "",
	} {
		r := rush(t)
		if strings.Contains(text, "%s") {
			text = fmt.Sprintf(text, r.sign("My lamp is broken, too."))
		}
		in, mails := r.says(text)
		answered := got(mails)
		for _, c := range strings.Fields(want) {
			if n := strings.Count(strings.Join(answered, " "), c); n != 1 {
				t.Errorf("%q: %s got %d answers", text, c, n)
			}
		}
		if len(answered) != len(strings.Fields(want)) {
			t.Errorf("%q: answered are %v, want %s; it is %s (%s)", text, answered, want, in.Outcome, in.Reason)
		}
		told := ""
		for _, m := range mails {
			if m.To[0] == anna {
				told += m.Read.Subject + "\n"
			}
		}
		if want == "" && (in.Outcome != desk.OutcomeRefused || !strings.Contains(told, "Nothing was done")) ||
			want != "" && !strings.Contains(told, "answers were sent") {
			t.Errorf("%q: it is %s, Anna is told %q", text, in.Outcome, told)
		}
		// The same reply again, as a queue delivers it twice, sends nothing more.
		if _, again := r.says(text); len(got(again)) > 0 {
			t.Errorf("%q: once more to %v", text, got(again))
		}
	}
}

// What came after the digest is not passed over by a number.
func TestADigestsNumberPassesNothingOver(t *testing.T) {
	r := rush(t)
	r.Arrive(bench.Arrival{From: "customer2@customers.example", To: []string{"support@lantern.example"},
		Verdicts: bench.Trusted,
		Raw: "From: customer2@customers.example\nTo: support@lantern.example\nSubject: Re: Broken\nMessage-ID: " +
			"<again@customers.example>\nIn-Reply-To: <m2@customers.example>\n\nForget it, I bought another one.\n"})
	r.Sent()
	_, mails := r.says("1")
	if a := strings.Join(got(mails), " "); strings.Contains(a, "customer2") || len(got(mails)) != 3 {
		t.Errorf("answered are %s", a)
	}
	for _, m := range mails {
		if m.To[0] == anna && strings.Contains(m.Read.PlainText, "wrote again") &&
			strings.Contains(m.Read.PlainText, r.came[2].Conversation.Reference()) {
			return
		}
	}
	t.Error("Anna does not hear who was left out")
}

// A letter fetches the mail in its own thread, and what is answered then is an answer.
func TestADigestsLetterFetchesTheMail(t *testing.T) {
	r := rush(t)
	sign := r.sign("My lamp is broken, and it smells burnt.")
	_, mails := r.says(strings.ToLower(sign))
	if len(mails) != 1 || mails[0].To[0] != anna {
		t.Fatalf("%d mails", len(mails))
	}
	m := mails[0]
	conv := r.came[4].Conversation
	if !strings.Contains(m.Read.PlainText, "it smells burnt") || !strings.Contains(m.Read.Subject, conv.Reference()) ||
		m.Read.References[0] != "c."+string(conv)+".anna@lantern.example" ||
		m.Read.Header.Get("X-Replywell-Kind") != "waits" {
		t.Errorf("%s, %v:\n%s", m.Read.Subject, m.Read.References, m.Read.PlainText)
	}
	in := r.Arrive(reply(anna, m, "Pull the plug at once, please."))
	if a := got(r.Sent()); in.Outcome != desk.OutcomeAgent || len(a) != 1 || a[0] != "customer4" {
		t.Errorf("%s (%s): %v", in.Outcome, in.Reason, a)
	}
}

// A tap is as good as a word; and a digest is nobody else's.
func TestADigestIsAnsweredByATapAndByNobodyElse(t *testing.T) {
	r := rush(t)
	link := regexp.MustCompile(`href="(mailto:[^"]*)"[^>]*>Send answer 1 to these 4</a>`).FindStringSubmatch(
		r.digest.Read.HTML)
	if link == nil {
		t.Fatalf("no button in\n%s", r.digest.Read.HTML)
	}
	u, err := url.Parse(html.UnescapeString(link[1]))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	tap := func(from string) bench.Arrival {
		n++
		return bench.Arrival{From: from, To: []string{u.Opaque}, Verdicts: bench.Trusted,
			Raw: fmt.Sprintf("From: %s\nTo: %s\nSubject: %s\nMessage-ID: <tap-%d@mail.example>\n\n%s\n", from, u.Opaque,
				u.Query().Get("subject"), n, u.Query().Get("body"))}
	}
	for _, other := range []string{"ben@team.lantern.example", "mallory@elsewhere.example"} {
		r.Arrive(tap(other))
		if a := got(r.Sent()); len(a) > 0 {
			t.Errorf("%s answers %v", other, a)
		}
	}
	forged := tap(anna)
	forged.Verdicts = bench.Forged
	r.Arrive(forged)
	if a := got(r.Sent()); len(a) > 0 {
		t.Errorf("whoever forges Anna's address answers %v", a)
	}
	r.Arrive(tap(anna))
	if a := got(r.Sent()); len(a) != 4 {
		t.Errorf("a tap answers %v", a)
	}
}

// What a number sent to many is taken back by undo in reply to the list, while it has not
// left: nobody gets it, its text comes back, and the list works as before. Too late says
// so; where two answers were given, and where none was, nothing is taken back.
func TestUndoInReplyToADigest(t *testing.T) {
	const invoice = "Where is my invoice?"
	all, bills := "customer2 customer3 customer5 customer6", "customer7 customer8 customer9"
	for _, x := range []struct {
		why   string
		says  string // one after the other, with how long after it
		got   string
		told  string // by the last one
		after time.Duration
	}{
		{"at once", "1|undo", "", "4 answers were taken back", time.Second},
		{"with an excuse", "1|#undo, wrong one, sorry!", "", "4 answers were taken back", time.Second},
		{"in German", "1|#rückgängig", "", "4 answers were taken back", time.Second},
		{"by its number", "1|2|undo 2", all, "3 answers were taken back", time.Second},
		{"which", "1|2|undo", all + " " + bills, "which answer?", time.Second},
		{"which is said then", "1|2|undo|undo 1", bills, "4 answers were taken back", time.Second},
		{"and given again", "1|undo|1", all, "4 answers were sent", time.Second},
		{"twice", "1|undo|undo", "", "4 answers were taken back", time.Second},
		{"too late", "1|undo", all, "Too late: nothing was taken back", 3 * time.Minute},
		{"none", "undo", "", "No answer was given from that list", time.Second},
		{"not that one", "1|undo 2", all, "Answer 2 was not given", time.Second},
	} {
		r := rush(t, invoice, invoice, invoice)
		r.World.Settings.Mailboxes = slices.Clone(r.World.Settings.Mailboxes)
		r.World.Settings.Mailboxes[0].Grace = 2 * time.Minute
		var answered []string
		told := ""
		for text := range strings.SplitSeq(x.says, "|") {
			_, mails := r.says(text)
			for _, m := range mails {
				if m.To[0] == anna {
					told = strings.Join(strings.Fields(m.Read.PlainText), " ")
				}
			}
			r.Pass(x.after)
			answered = append(answered, got(append(mails, r.Sent()...))...)
		}
		r.Pass(3 * time.Minute)
		answered = append(answered, got(r.Sent())...)
		slices.Sort(answered)
		if strings.Join(answered, " ") != x.got {
			t.Errorf("%s: %v got an answer, want %s", x.why, answered, x.got)
		}
		if !strings.Contains(told, x.told) {
			t.Errorf("%s: Anna is told %s", x.why, told)
		}
		if strings.Contains(told, "were taken back") && !strings.Contains(told, "The answer:") {
			t.Errorf("%s: the text does not come back: %s", x.why, told)
		}
	}
}
