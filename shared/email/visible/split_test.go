package visible

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"github.com/replywell/replywell/shared/email/htmltext"
)

func TestForwarded(t *testing.T) {
	const block = "From: Ann Example <ann@shop.example>\nDate: Tue, Mar 5, 2024 at 10:00\nSubject: Two\nlines\nTo: " +
		"erika@beispiel.example\n\nYour parcel left us.\n"
	for name, c := range map[string]struct{ subject, text, comment string }{
		"Gmail": {"Fwd: Two lines", "Please see.\n\n---------- Forwarded message ---------\n" + block,
			"Please see."},
		"Gmail, only": {"Fwd: Two lines", "---------- Forwarded message ---------\n" + block, ""},
		"German Gmail": {"Fwd: Two lines", "Bitte.\n\n---------- Weitergeleitete Nachricht ---------\n" +
			strings.NewReplacer("From:", "Von:", "Date:", "Datum:", "Subject:", "Betreff:", "To:", "An:").Replace(
				block), "Bitte."},
		"Outlook": {"WG: Two lines", "Please see.\n\n" + block, "Please see."},
		"Apple": {"Fwd: Two lines", "Please see.\n\nBegin forwarded message:\n\n> " +
			strings.ReplaceAll(strings.TrimSpace(block), "\n", "\n> ") + "\n", "Please see."},
		"Thunderbird": {"Fwd: Two lines", "Please see.\n\n-------- Forwarded Message --------\n" + block,
			"Please see."},
		"a reply's forward": {"Re: Two lines", "Please see.\n\n---------- Forwarded message ---------\n" + block,
			"Please see."},
		"with own signature": {"Fwd: Two lines",
			"Please see.\n\n-- \nErika\n\n---------- Forwarded message ---------\n" + block, "Please see."},
	} {
		t.Run(name, func(t *testing.T) {
			p := Split(c.subject, c.text, "")
			f := p.Forwarded
			if f == nil {
				t.Fatalf("no forward found; visible is %q, rules %q", p.Visible, p.Rules)
			}
			if f.FromName != "Ann Example" || f.FromAddress != "ann@shop.example" || f.Subject != "Two lines" ||
				!strings.HasPrefix(f.Date, "Tue, Mar 5, 2024") {
				t.Errorf("forwarded from %q <%s>, subject %q, date %q", f.FromName, f.FromAddress, f.Subject, f.Date)
			}
			if f.Text != "Your parcel left us." || f.Comment != c.comment {
				t.Errorf("text %q, comment %q", f.Text, f.Comment)
			}
			if !strings.Contains(p.Visible, "Your parcel left us.") {
				t.Errorf("what was forwarded is not visible: %q", p.Visible)
			}
			if err := sameWords(c.text, p); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestPerson(t *testing.T) {
	for s, want := range map[string][2]string{
		"Ann Example <ann@shop.example>":                       {"Ann Example", "ann@shop.example"},
		`"Example, Ann" <ann@shop.example>`:                    {"Example, Ann", "ann@shop.example"},
		"Ann Example [mailto:ann@shop.example]":                {"Ann Example", "ann@shop.example"},
		"ann@shop.example<mailto:ann@shop.example>":            {"", "ann@shop.example"},
		"ann@shop.example":                                     {"", "ann@shop.example"},
		"Ann Example":                                          {"Ann Example", ""},
		"Ann Example via Shop <ann@shop.example>; on behalf x": {"Ann Example via Shop", "ann@shop.example"},
		"": {"", ""},
	} {
		if name, address := person(s); name != want[0] || address != want[1] {
			t.Errorf("person(%q) = %q, %q, want %q", s, name, address, want)
		}
	}
}

func TestInlineAnswersKeepTheirQuestions(t *testing.T) {
	long := strings.Repeat("A sentence that leads up to something. ", 8) + "Which size do you want?"
	p := Split("Re: order", "Hello,\n\nOn Mar 5, 2024, at 10:00, Ann <ann@shop.example> wrote:\n\n> "+long+
		"\n\nThe big one.\n\n> Which colour?\n\nGreen.\n", "")
	if !p.Inline {
		t.Fatal("inline answers were not seen")
	}
	want := "Hello,\n\n> … "
	if !strings.HasPrefix(p.WithContext, want) || !strings.Contains(p.WithContext,
		"Which size do you want?\nThe big one.\n\n> Which colour?\nGreen.") {
		t.Errorf("with context:\n%s", p.WithContext)
	}
	if longest := longestLine(p.WithContext); longest > maxQuestion+4 {
		t.Errorf("a question is %d characters long", longest)
	}
	if q := Split("Re: order", "Yes.\n\nOn Mar 5, 2024, Ann <ann@shop.example> wrote:\n> Shall we?\n", ""); q.Inline ||
		q.WithContext != "" {
		t.Error("an answer above the quote was taken for inline answers")
	}
}

func longestLine(s string) int {
	n := 0
	for l := range strings.SplitSeq(s, "\n") {
		n = max(n, len([]rune(l)))
	}
	return n
}

func TestOnlyAQuoteSaysSo(t *testing.T) {
	for _, text := range []string{"> Your parcel left us.\n",
		"On Mar 5, 2024, Ann <ann@shop.example> wrote:\n\n> Shall we?\n",
		"From: Ann <ann@shop.example>\nSent: Tuesday, March 5, 2024\nTo: Erika\nSubject: Order\n\nShall we?\n"} {
		p := Split("Re: order", text, "")
		if !p.OnlyQuote || fold(p.Visible) != fold(text) {
			t.Errorf("OnlyQuote %v, visible %q of %q", p.OnlyQuote, p.Visible, text)
		}
	}
}

func TestWhichPartIsBelieved(t *testing.T) {
	const quote = `<div class="gmail_quote"><div class="gmail_attr">Zzz 5 Qqq Ann Example jjj:</div><blockquote ` +
		`class="gmail_quote">Shall we?</blockquote></div>`
	for name, c := range map[string]struct{ text, html, want, rule string }{
		"both agree": {"Yes.\n", "<p>Yes.</p>", "Yes.", "text: both parts agree"},
		"the client's marks decide": {"Yes *please*.\n\nZzz 5 Qqq Ann Example jjj:\nShall we?\n",
			"<p>Yes <b>please</b>.</p>" + quote, "Yes *please*.", "text, cut where the html shows the quote"},
		"the text is a notice": {"This mail needs a newer program.", "<p>" +
			strings.Repeat("A long letter about cups and plates. ", 12) + "</p>",
			strings.TrimSpace(strings.Repeat("A long letter about cups and plates. ", 12)),
			"html: it says more than the text part"},
		"no text": {"", "<p>Yes, see <a href='https://shop.example/a'>this</a>.</p>" + quote,
			"Yes, see this <https://shop.example/a>.", "html: the only part"},
		"no text, a list": {"", "<ul><li>cup</li><li>plate</li></ul>" + quote, "- cup\n- plate",
			"html: the only part"},
		"the text has more than marks": {"Yes. " + strings.Repeat("And more. ", 20) +
			"\n\nOn Mar 5, 2024, Ann <a@shop.example> wrote:\n> Shall we?\n", "<p>Something else.</p>" + quote,
			"Yes. " + strings.Repeat("And more. ", 20), "text: the parts differ"},
	} {
		t.Run(name, func(t *testing.T) {
			p := Split("Re: order", c.text, c.html)
			if fold(p.Visible) != fold(c.want) || len(p.Rules) == 0 || p.Rules[0] != c.rule {
				t.Errorf("visible %q, want %q; rules %q", p.Visible, c.want, p.Rules)
			}
			if strings.Contains(p.VisibleHTML, "Shall we") {
				t.Errorf("the quote is in the visible html: %s", p.VisibleHTML)
			}
		})
	}
}

func TestVisibleHTMLKeepsWhatIsVisible(t *testing.T) {
	body := `<html><head><style>p{}</style></head><body><p>Hello <b>Ann</b>, <img src="cid:1" alt="cup"></p><ul>` +
		`<li>one</li></ul>` +
		`<div style="display:none">preview</div><div class="gmail_signature">Erika<br>Beispiel AG</div><div ` +
		`class="gmail_quote">On Mar 5, 2024, Ann wrote:<blockquote class="gmail_quote">Old <i>text</i></blockquote>` +
		`</div></body></html>`
	p := Split("Re: order", "", body)
	for _, want := range []string{"<b>Ann</b>", `<img src="cid:1"`, "<li>one</li>"} {
		if !strings.Contains(p.VisibleHTML, want) {
			t.Errorf("%q is not in %s", want, p.VisibleHTML)
		}
	}
	for _, not := range []string{"preview", "Erika", "wrote", "Old", "<style"} {
		if strings.Contains(p.VisibleHTML, not) {
			t.Errorf("%q is in %s", not, p.VisibleHTML)
		}
	}
	if p.Signature != "Erika\nBeispiel AG" {
		t.Errorf("signature %q", p.Signature)
	}
}

func TestTextOutsideOfTheBodyStays(t *testing.T) {
	const quote = `<div class="gmail_quote">On Mar 5, 2024, Ann wrote:<blockquote class="gmail_quote">Shall ` +
		`we?</blockquote></div>`
	for name, body := range map[string]string{
		"before the document": "<p>Yes please.</p><html><head><title>t</title></head><body>" + quote + "</body></html>",
		"before the body":     "<html><head><title>t</title></head><p>Yes please.</p><body>" + quote + "</body></html>",
		"after the body":      "<html><body>" + quote + "</body></html><p>Yes please.</p>",
		"a head without end":  "<html><head><title>t</title><meta charset=utf-8><body><p>Yes please.</p>" + quote,
		"text in the head":    "<html><head><p>Yes please.</p>" + quote,
		"two bodies":          "<body></body><body><p>Yes please.</p>" + quote + "</body>",
	} {
		p := Split("Re: order", "", body)
		if p.Visible != "Yes please." || p.VisibleHTML != "<p>Yes please.</p>" {
			t.Errorf("%s: visible %q, html %q, rules %q", name, p.Visible, p.VisibleHTML, p.Rules)
		}
	}
}

func TestOwnBlockquotesStay(t *testing.T) {
	for name, body := range map[string]string{
		"quoted by hand, more below": `<p>As you say:</p><blockquote>cups break</blockquote><p>That is so.</p>` +
			`<div>On 11 Apr 2024, at 10:00, Bob &lt;bob@shop.example&gt; wrote:</div><blockquote>x</blockquote>`,
		"Gmail's quote button": `<p>As you say:</p><blockquote class="gmail_quote">cups break</blockquote>`,
		"indented": `<p>As you say:</p><blockquote style="margin:0 0 0 40px;border:none;` +
			`padding:0px">cups break</blockquote>`,
	} {
		if p := Split("Re: order", "", body); !strings.Contains(p.Visible, "cups break") {
			t.Errorf("%s: visible is %q, rules %q", name, p.Visible, p.Rules)
		}
	}
}

func TestHostileHTML(t *testing.T) {
	for name, body := range map[string]string{
		"deep":        strings.Repeat("<div>", 100_000) + "hello",
		"deep quotes": strings.Repeat("<blockquote type=cite>", 50_000) + "hello",
		"unclosed":    strings.Repeat("<font color=red><b><i>", 20_000) + strings.Repeat("<p>hello", 20_000),
		"attributes":  "<div " + strings.Repeat("class=gmail_quote ", 50_000) + ">hello",
		"classes":     `<div class="` + strings.Repeat("x_gmail_quot ", 50_000) + `">hello`,
		"containers":  strings.Repeat(`<div class=gmail_quote>`, 50_000) + "hello",
		"beyond size": "<p>hello</p>" + strings.Repeat("<!-- x -->", maxHTML/10+1),
	} {
		if p := Split("Re: order", "", body); !strings.Contains(p.Visible+p.Quoted, "hello") {
			t.Errorf("%s: lost; rules %q", name, p.Rules)
		}
	}
}

// TestNothingIsLost makes mails of every kind of line in any order: all words are
// in the parts, and what is visible is of the mail.
func TestNothingIsLost(t *testing.T) {
	pieces := []string{"Hello there,", "", "> quoted", ">> twice", "> ", "-- ", "---",
		"________________________________", "Ann Example", "ann@shop.example",
		"On Mar 5, 2024, at 10:00, Ann <ann@shop.example> wrote:", "From: Ann <ann@shop.example>",
		"Sent: Tuesday, March 5, 2024 10:00", "To: Erika", "Subject: Re: x",
		"-----Original Message-----", "---------- Forwarded message ---------", "Sent from my iPhone", "Kind regards,",
		"##- reply above this line -##", "| a | b |", "| bar",
		"yes On Mar 5, 2024, Ann wrote:", "Am 05.03.2024 um 10:00 schrieb", "Ann Example <ann@shop.example", ">:",
		"- Ann", "A longer sentence that ends here, as sentences of this length do.", "发件人：甲", "<", ":"}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 25).Draw(t, "lines"),
			rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "ends"))
		subject := rapid.SampledFrom([]string{"", "Re: x", "Fwd: x", "x"}).Draw(t, "subject")
		p := Split(subject, text, "")
		if err := sameWords(text, p); err != nil {
			t.Fatal(err)
		}
		if strings.TrimSpace(text) != "" && p.Visible == "" {
			t.Fatalf("nothing is visible of %q", text)
		}
		if again := Split(subject, text, ""); again.Visible != p.Visible {
			t.Fatal("the same mail gave two answers")
		}
	})
}

func FuzzSplitText(f *testing.F) {
	for _, c := range replies() {
		f.Add(c.subject, c.mail)
	}
	for _, m := range samples(f)[:400] {
		f.Add("Re: x", m.text)
	}
	for l := range strings.Lines(ruledTable) {
		f.Add("Order", strings.NewReplacer(" / ", "\n", "--~", "-- ").Replace(l))
	}
	f.Add("Fw: x", "OK\n\nDe: Bo <b@x.example>Para: A <a@x.example>Enviado: lunes, 2 de marzo de 2026, 10:00:00 "+
		"CETAsunto: T\n2016-03-03 17:21 GMT+01:00 Bo\nCM> > a b c.\nCM> d\n\u2063")
	f.Fuzz(func(t *testing.T, subject, text string) {
		for _, s := range []Source{{Subject: subject, Text: text}, {Subject: subject, Text: text, Opens: true},
			{Subject: subject, Text: text, Form: true}} {
			if err := sameWords(strings.ToValidUTF8(text, "\uFFFD"), s.Split()); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func FuzzSplitHTML(f *testing.F) {
	for _, m := range samples(f)[:400] {
		f.Add(m.text, m.html)
	}
	f.Add("", "<pre>a\n\nb</pre><hr><blockquote>x<br>y")
	f.Add("null",
		"<p>Put this on the card:</p><blockquote type=cite><p>Dear you<blockquote>x</blockquote></blockquote>")
	f.Add("\u200b", "<p>a</p><hr><p>Bo Lee<br>01234 567890</p><hr><p>and send it to me.</p>")
	f.Fuzz(func(t *testing.T, text, body string) {
		p := Split("Re: x", text, body)
		for _, s := range []string{p.Visible, p.Quoted, p.Signature, p.VisibleHTML} {
			if s != strings.ToValidUTF8(s, "") {
				t.Fatal("not UTF-8")
			}
		}
		if _, err := html.Parse(strings.NewReader(p.VisibleHTML)); err != nil && !strings.Contains(err.Error(), "512") {
			t.Fatal(err)
		}
		if text == "" && squash(htmltext.Text(body)) != "" && squash(p.Visible+p.Quoted+p.Signature) == "" &&
			!strings.Contains(body, "http") {
			t.Fatalf("all was lost of %q", body)
		}
	})
}

func TestNoticeForProgramsWithoutHTML(t *testing.T) {
	const page = "<p>Two cups, please.</p>"
	for text, want := range map[string]string{
		"Your program does not show HTML mail.":                                      "Two cups, please.",
		"Ihr Programm kann keine HTML-Mails anzeigen.\n\nVersuchen Sie ein anderes.": "Two cups, please.",
		"Two cups, please.\n\nMy HTML is broken.": "Two cups, please. My HTML is " +
			"broken.",
	} {
		if p := Split("Re: cups", text, page); fold(p.Visible) != want {
			t.Errorf("of %q is visible %q, want %q (%q)", text, p.Visible, want, p.Rules)
		}
	}
}
