package page

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"pgregory.net/rapid"

	"github.com/replywell/replywell/shared/email/htmltext"
	"github.com/replywell/replywell/shared/email/visible"
	"github.com/replywell/replywell/shared/language"
)

// TestTextAndHTMLSayTheSame: whoever reads only one of the two misses nothing.
func TestTextAndHTMLSayTheSame(t *testing.T) {
	// A button says what a tap does, and the text which word does it.
	how := " to reply send "
	for name, doc := range samples {
		text := strings.ToLower(doc.Text())
		page := strings.ToLower(shown(t, doc.HTML()))
		for _, word := range strings.Fields(text) {
			word = squashed(word)
			if !strings.Contains(page, word) && !strings.Contains(how, " "+word+" ") &&
				strings.Trim(word, ".1234567890") != "" && !strings.Contains(word, "http") &&
				!strings.Contains(word, "mailto:") {
				t.Errorf("%s: the HTML lacks %q", name, word)
			}
		}
		for _, word := range strings.Fields(page) {
			if word = squashed(word); !strings.Contains(text, word) && !strings.Contains(how, " "+word+" ") {
				t.Errorf("%s: the text lacks %q", name, word)
			}
		}
	}
}

// squashed is a word without what only one of the two forms puts to it.
func squashed(s string) string { return strings.Trim(s, ">:,.#=-|") }

// shown is the text of a page that a reader sees.
func shown(t *testing.T, page string) string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.DataAtom == atom.Head || strings.Contains(htmltext.Attr(n, "style"), "display:none") {
			return
		}
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
		switch n.DataAtom {
		case atom.A, atom.B, atom.Strong, atom.Em, atom.I:
		default:
			if n.Type == html.ElementNode {
				b.WriteByte(' ')
			}
		}
	}
	walk(doc)
	return b.String()
}

func TestPagesAreAccessible(t *testing.T) {
	for name, d := range samples {
		doc, err := html.Parse(strings.NewReader(d.HTML()))
		if err != nil {
			t.Fatal(err)
		}
		for n := range doc.Descendants() {
			switch n.DataAtom {
			case atom.Html:
				if htmltext.Attr(n, "lang") != d.Lang {
					t.Errorf("%s: lang is %q", name, htmltext.Attr(n, "lang"))
				}
			case atom.Th:
				if s := htmltext.Attr(n, "scope"); s != "row" && s != "col" {
					t.Errorf("%s: a heading cell without scope", name)
				}
			case atom.Img, atom.Link, atom.Script, atom.Iframe:
				t.Errorf("%s: has <%s>", name, n.Data)
			}
		}
	}
	if page := (Document{Lang: "ar", Blocks: []Block{Paragraph{"x"}}}).HTML(); !strings.Contains(page,
		`<html lang="ar" dir="rtl" `) {
		t.Error("Arabic is not set from right to left")
	}
	if page := (Document{Lang: `en" onload="x`}).HTML(); !strings.Contains(page, `<html lang="en" `) {
		t.Errorf("an unusable language got in:\n%s", page)
	}
}

// TestBlocksEscapeStrangersText puts the same hostile text everywhere.
func TestBlocksEscapeStrangersText(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		x := rapid.OneOf(rapid.SampledFrom(attacks), rapid.String(),
			rapid.Just("\u202egnp.exe\x1b[31m\r\nTo: all")).Draw(rt, "text")
		d := Document{Lang: x, Preheader: x, Blocks: []Block{
			ReplyLine{x, x, false}, ReplyLine{x, x, true}, Band{Tone(200), x, x}, Aside{x, x}, Team{x, x, x},
			Entries{[]Entry{{x, x, x, x, x}, {x, x, x, x, "mailto:a@b.example?subject=" + x}}},
			Panel{x, x, x, []string{x}, []Button{{x, x, true, x}, {x, "mailto:a@b.example?body=" + x, false, x}}},
			Heading{99, x}, Paragraph{x}, Link{x, x}, Message{x, x, x, Safe{}}, Message{x, x, "", Clean(x)},
			Quote{x, x, x}, Body{x, ""},
			Original{x, x, x}, Facts{[]Fact{{x, x}}}, Bullets{[]string{x}}, Numbered{[]string{x}},
			Table{[]string{x}, [][]string{{x, x}, {}, {x}}, x},
			Callout{Tone(200), x, x}, Commands{[]Command{{x, x}}}, Bars{x, []Bar{{x, 3, x}, {x, -1, ""}}}, Small{x},
		}}
		page := d.HTML()
		if strings.ContainsAny(page, "\x00\x1b\r\u202e") || strings.ContainsAny(d.Text(), "\x00\x1b\r\u202e") {
			rt.Fatalf("a control character got through")
		}
		doc, err := html.Parse(strings.NewReader(page))
		if err != nil {
			rt.Fatal(err)
		}
		allowed := " html head meta title style body div p br a h1 h2 h3 blockquote table tbody thead tr th td " +
			"caption ul ol li span b i em strong u s hr pre code img "
		for n := range doc.Descendants() {
			if n.Type == html.ElementNode && !strings.Contains(allowed, " "+n.Data+" ") {
				rt.Fatalf("%q became <%s>", x, n.Data)
			}
			if n.Type == html.ElementNode && (htmltext.Attr(n, "onclick") != "" || htmltext.Attr(n, "onerror") != "" ||
				strings.HasPrefix(htmltext.Attr(n, "href"), "javascript")) {
				rt.Fatalf("%q became an attribute of <%s>", x, n.Data)
			}
		}
	})
}

// TestColoursCanBeRead computes WCAG's contrast of every text colour on every
// ground it may stand on, in light and dark.
func TestColoursCanBeRead(t *testing.T) {
	luminance := func(hex string) float64 {
		n, err := strconv.ParseUint(hex[1:], 16, 32)
		if err != nil {
			t.Fatal(err)
		}
		sum := 0.0
		for i, weight := range []float64{0.0722, 0.7152, 0.2126} {
			c := float64(n>>(8*i)&0xff) / 255
			if c <= 0.04045 {
				c /= 12.92
			} else {
				c = math.Pow((c+0.055)/1.055, 2.4)
			}
			sum += weight * c
		}
		return sum
	}
	contrast := func(a, b string) float64 {
		x, y := luminance(a), luminance(b)
		return (max(x, y) + 0.05) / (min(x, y) + 0.05)
	}
	text, ground := regexp.MustCompile(`[^-]color:(#[0-9a-f]{6})`), regexp.MustCompile(`background:(#[0-9a-f]{6})`)
	light, dark, ok := strings.Cut(everyBlock.HTML(), "@media")
	dark, rest, ok2 := strings.Cut(dark, "</style>")
	if !ok || !ok2 {
		t.Fatal("the dark colours are not there")
	}
	body := []string{"#1b2733", "#e4e9ef"}
	for i, sheet := range []string{light + rest, dark} {
		colours, grounds := text.FindAllStringSubmatch(sheet, -1), ground.FindAllStringSubmatch(sheet, -1)
		if len(colours) < 2 || len(grounds) < 4 {
			t.Fatalf("found %d colours and %d grounds", len(colours), len(grounds))
		}
		page := grounds[0][1]
		// a button's words are white; the bars carry no text
		const button, bars = "#2565c4 #326fce ", "#2f6fce #6aa3f5 "
		for _, c := range colours {
			on := page
			if c[1] == "#ffffff" {
				on = strings.Fields(button)[i]
			}
			if got := contrast(c[1], on); got < 4.5 {
				t.Errorf("%s on %s: %.2f", c[1], on, got)
			}
		}
		for _, g := range grounds {
			if strings.Contains(button+bars, g[1]+" ") {
				continue
			}
			if got := contrast(body[i], g[1]); got < 7 {
				t.Errorf("text on %s: %.2f", g[1], got)
			}
			if soft := []string{"#52606d", "#aeb8c3"}[i]; contrast(soft, g[1]) < 4.5 {
				t.Errorf("soft text on %s: %.2f", g[1], contrast(soft, g[1]))
			}
		}
	}
}

// TestReplyReaderKnowsOurMails: what we write comes back quoted, and only what
// is new above it may be taken for the reply.
func TestReplyReaderKnowsOurMails(t *testing.T) {
	for _, l := range language.All() {
		lang := l.Code
		if !KnowsAttribution(lang) {
			continue
		}
		for _, name := range []string{"Erika Mustermann", "Erika Mustermann <erika@example.net>"} {
			d := Document{Lang: lang, Personal: true, Blocks: []Block{
				Body{Text: "Dear Erika,\n\nit works again.\n\nPlease do try."},
				Original{Attribution: Attribution(lang, name, morning), Text: "the button does nothing\n\n> older"},
			}}
			for form, p := range map[string]visible.Parts{
				"text": visible.Split("Re: x", d.Text(), ""),
				"both": visible.Split("Re: x", d.Text(), d.HTML()),
				"HTML": visible.Split("Re: x", "", d.HTML()),
			} {
				if want := "Dear Erika,\n\nit works again.\n\nPlease do try."; p.Visible != want {
					t.Errorf("%s, %s: got %q, want %q", lang, form, p.Visible, want)
				}
			}
		}
	}
	const reply = "#close\n\nThanks, done."
	text, page := notification.Text(), notification.HTML()
	for form, p := range map[string]visible.Parts{
		"quoted":   visible.Split("Re: x", reply+"\n\n"+marked(text), ""),
		"unquoted": visible.Split("Re: x", reply+"\n\n"+text, ""),
		"with an attribution": visible.Split("Re: x", reply+
			"\n\nOn Mon, Nov 2, 2026 at 9:14 AM Erika via Support <support@example.com> wrote:\n"+marked(text), ""),
		"HTML": visible.Split("Re: x", reply, "<p>#close</p><p>Thanks, done.</p>"+page),
		"HTML, quoted": visible.Split("Re: x", reply, "<p>#close</p><p>Thanks, done.</p><blockquote>"+page+
			"</blockquote>"),
	} {
		if p.Visible != reply {
			t.Errorf("a notification's reply, %s: got %q", form, p.Visible)
		}
	}
}

// marked is a text as a client quotes it.
func marked(text string) string {
	return "> " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n> ")
}

func TestWords(t *testing.T) {
	for got, want := range map[string]string{
		Count(0, "message", "messages"):           "no messages",
		Count(1, "message", "messages"):           "1 message",
		Count(1234567, "mail", "mails"):           "1,234,567 mails",
		Thousands(-1000):                          "-1,000",
		Size(1):                                   "1 byte",
		Size(999):                                 "999 bytes",
		Size(84_200):                              "84 kB",
		Size(999_900):                             "1.0 MB",
		Size(25 << 20):                            "26 MB",
		Duration(-time.Second):                    "1 second",
		Duration(48*time.Minute + 30*time.Second): "48 minutes",
		Duration(time.Hour):                       "1 hour",
		Duration(3*time.Hour + 10*time.Minute):    "3 h 10 min",
		Duration(26 * time.Hour):                  "1 day 2 h",
		Duration(100 * time.Hour):                 "4 days",
		When(morning):                             "Mon 2 Nov 2026, 09:14 CET",
		Attribution("de-AT", "Erika $D", morning): "Am 02.11.2026 um 09:14 schrieb Erika $D:",
		Attribution("xx", "Erika\r\nX", morning):  "On 2 Nov 2026 at 09:14, Erika X wrote:",
		Excerpt("The export\nbutton does nothing, really", 28): "The export button does…",
		Excerpt("short", 10):                "short",
		Excerpt("請求書が届きません", 5):             "請求書が…",
		Excerpt("x", 0):                     "",
		OneLine(" a\t\x00b\u2028c\u202ed "): "a b cd",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// A table does not grow too wide for a phone or a line of text, and no block is
// as wide as it likes where Word ignores max-width.
func TestPagesFitWord(t *testing.T) {
	for name, d := range samples {
		page := d.HTML()
		if d.Personal {
			continue
		}
		if strings.Count(page, "<!--[if mso]><table role=\"presentation\" width=\"640\"") != 1 ||
			regexp.MustCompile(`<div[^>]*max-width`).MatchString(page) {
			t.Errorf("%s: not in a column of 640 pixels in Word", name)
		}
		doc, err := html.Parse(strings.NewReader(page))
		if err != nil {
			t.Fatal(err)
		}
		for n := range doc.Descendants() {
			style := htmltext.Attr(n, "style")
			if n.DataAtom == atom.Div && (strings.Contains(style, "background") ||
				strings.Contains(style, "border-left")) {
				t.Errorf("%s: a ground or a bar on a div, which Word does not draw: %s", name, style)
			}
			if n.DataAtom == atom.Td && strings.Contains(style, "background:#") && htmltext.Attr(n, "bgcolor") == "" &&
				!strings.Contains(htmltext.Attr(n, "class"), "rw-fill") {
				t.Errorf("%s: a ground without bgcolor: %s", name, style)
			}
		}
	}
}

func BenchmarkDocument(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_, _ = notification.Text(), notification.HTML()
	}
}
