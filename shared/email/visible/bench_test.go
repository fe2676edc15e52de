package visible

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench/processor"
)

// bigReply is an HTML reply of about 20 kB, as Outlook writes it: much style, a
// few words, a long quote.
func bigReply(t testing.TB) (text, html string) {
	s := speeches(t)["en"]
	text, html = clients[10].text(s, "top", nil, false), outlookHTML(s, "top", nil)
	style := strings.Repeat("p.MsoListParagraph {mso-style-priority:34; margin-top:0cm; font-size:11.0pt; "+
		"font-family:\"Calibri\",sans-serif;}\n", 60)
	html = strings.Replace(html, "</style>", style+"</style>", 1)
	quoted := `<p class=MsoNormal><span lang=EN-US style='font-size:11.0pt;font-family:"Calibri",sans-serif;` +
		`color:#1F497D'>` +
		"We have sent the parcel to the address that you gave us when you ordered. <o:p></o:p></span></p>\n"
	for n := (20000 - len(html)) / len(quoted); n > 0; n-- {
		html = strings.Replace(html, "</div></body>", quoted+"</div></body>", 1)
		text += "We have sent the parcel to the address that you gave us when you ordered.\n"
	}
	return text, html
}

func BenchmarkSplit(b *testing.B) {
	text, html := bigReply(b)
	for _, c := range []struct{ name, text, html string }{{"text", text, ""}, {"html", "", html},
		{"both", text, html}} {
		b.Run(fmt.Sprintf("%s %d kB", c.name, (len(c.text)+len(c.html))/1000), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(c.text) + len(c.html)))
			start := processor.Time()
			for b.Loop() {
				if p := Split("Re: Order", c.text, c.html); len(p.Visible) > 500 {
					b.Fatal("not cut")
				}
			}
			b.ReportMetric(float64(processor.Time()-start)/float64(b.N), "cpu-ns/op")
		})
	}
}

// longQuotes are 767 kB each, and made to be slow.
func longQuotes() map[string]string {
	fill := func(unit string) string { return "My answer.\n\n" + strings.Repeat(unit, 767_000/len(unit)) }
	return map[string]string{
		"one line of marks":     fill(">"),
		"short quoted lines":    fill("> a line that was quoted\n"),
		"deep quotes":           fill(strings.Repeat("> ", 50) + "deep\n"),
		"attribution lookalike": fill("On Monday we went, and Ann wrote so:\n"),
		"labels":                fill("From: somewhere\n"),
		"labels and blanks":     fill("To: a\n\n"),
		"dashes":                fill("--\n"),
		"rules":                 fill("---------- x ----------\n"),
		"help desks":            fill("## reply above this lin ##\n"),
		"mobiles":               fill("Sent from my phone\n"),
		"mobiles and text":      fill("Sent from my phone\nand more\n\n"),
		"open brackets":         fill("<\n"),
		"marks come and go":     fill("> a\nb\n"),
		"bars":                  fill("|\n"),
		"names":                 fill("Ann Example\nann@shop.example\n"),
		"wide colons":           fill("发件人：甲\n"),
		"verbs":                 fill("wrote "),
		"dates":                 fill("2024-03-05 "),
		"letters":               fill("x"),
		"attributions":          fill("On Mar 5, 2024, Ann <a@b.example> wrote:\n> x\n"),
		"shared lines":          fill("yes On Mar 5, 2024, Ann wrote:\n> x\n"),
		"blank lines":           fill("\n"),
		"closings":              fill("Regards\n"),
		"signed":                fill("-Ann\n\n"),
	}
}

func BenchmarkLongQuote(b *testing.B) {
	for name, text := range longQuotes() {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Split("Re: Order", text, "")
			}
		})
	}
}

// TestTimeIsLinear holds every hostile form against a quarter of it: the whole may
// take four times as long, and what noise adds, but not sixteen times.
func TestTimeIsLinear(t *testing.T) {
	for name, text := range longQuotes() {
		quarter, _ := cpuTime(text[:len(text)/4])
		whole, p := cpuTime(text)
		if whole > 300*time.Millisecond && whole > 12*quarter {
			t.Errorf("%s: %d bytes take %v, a quarter of them %v", name, len(text), whole, quarter)
		}
		if strings.Contains(name, "quote") && whole > 200*time.Millisecond {
			t.Errorf("%s: %d bytes take %v", name, len(text), whole)
		}
		if a, b := inked(text), inked(p.Visible+p.Quoted+p.Signature); a != b {
			t.Errorf("%s: %d characters became %d", name, a, b)
		}
	}
}

// cpuTime gives how long the processor worked on a split: unlike the clock on the
// wall it does not mind what else the machine does.
func cpuTime(text string) (time.Duration, Parts) {
	start := processor.Time()
	p := Split("Re: Order", text, "")
	return processor.Time() - start, p
}
