package htmltext

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"

	"github.com/replywell/replywell/shared/golden"
)

func TestTextAsAPersonWouldTypeIt(t *testing.T) {
	for name, c := range map[string]struct{ html, want string }{
		"paragraphs": {"<p>One.</p><p>Two\n lines</p>", "One.\n\nTwo lines"},
		"paragraphs of Gmail": {"<div>One.</div><div><br></div><div>Two.<br></div><div>Three.</div>",
			"One.\n\nTwo.\nThree."},
		"Outlook's lines": {
			`<p class="MsoNormal">One<o:p></o:p></p><p class="MsoNormal"><o:p>&nbsp;</o:p></p><p ` +
				`class="MsoNormal">Two</p>`, "One\n\nTwo"},
		"line breaks": {"a<br>b<br/><br>c</br>d", "a\nb\n\nc\nd"},
		"bullets": {"<p>We need:</p><ul><li>a lamp</li><li><p>a " +
			"cable</p></li><li>both<ul><li>soon</li></ul></li></ul>end",
			"We need:\n\n- a lamp\n- a cable\n- both\n  - soon\n\nend"},
		"numbers": {`<ol start="3"><li>three<br>more</li><li>four</li><li value=9>nine`,
			"3. three\n   more\n4. four\n9. nine"},
		"link": {`see <a href="https://shop.example/x?a=1&amp;b=2">the shop</a>.`,
			"see the shop <https://shop.example/x?a=1&b=2>."},
		"link that says it": {
			`<a href="https://www.shop.example/">shop.example</a> <a ` +
				`href="mailto:a@b.example?subject=x">a@b.example</a> <a href="#top">top</a> <a ` +
				`href="javascript:x()">js</a>`, "shop.example a@b.example top js"},
		"mail link in angles": {`Ann <a href="mailto:help@shop.example">&lt;help@shop.example&gt;</a>`,
			"Ann <help@shop.example>"},
		"table of labels": {
			`<table><tr><th>Subject: </th><td>Cups</td></tr><tr><th>From: </th><td>Ann</td></tr></table>`,
			"Subject: Cups\nFrom: Ann"},
		"mail link": {`<a href="mailto:help@shop.example">write us</a>`,
			"write us <help@shop.example>"},
		"quote": {
			"<p>You wrote:</p><blockquote>one<br>two<blockquote>three</blockquote></blockquote>four",
			"You wrote:\n\n> one\n> two\n> > three\nfour"},
		"empty line in quote": {"<blockquote><p>one</p><p>two</p></blockquote>", "> one\n>\n> two"},
		"data table": {"<table><tr><th>Item</th><th>Price</th></tr><tr><td>Lamp</td><td>20 " +
			"€</td></tr><tr><td>Long cable</td><td>5 €</td></tr></table>",
			"Item       | Price\nLamp       | 20 €\nLong cable | 5 €"},
		"layout table": {"<table><tr><td><table><tr><td><p>Dear " +
			"Erika,</p></td></tr></table></td></tr><tr><td>your order</td></tr></table>", "Dear Erika,\n\nyour order"},
		"cells without ends": {"<table><tr><td>a<td>b<tr><td>c<td>d</table>", "a | b\nc | d"},
		"preformatted":       {"<pre>if x {\n    y\n}\n</pre>after", "if x {\n    y\n}\nafter"},
		"heading and rule":   {"<h1>News</h1>text<hr>foot", "News\n\ntext\n\n---\n\nfoot"},
		"hidden": {
			`<style>p{}</style><script>x</script><div style="display: none">no</div><span hidden>no</span><div ` +
				`style="max-height:0px;overflow:hidden">no</div><title>no</title><!-- no --><p>yes</p>`, "yes"},
		"not hidden": {
			`<div style="max-height:0.5em;overflow:hidden">yes</div><p style="font-size:0"><span ` +
				`style="font-size:12px">also</span></p>`, "yes\n\nalso"},
		"no size":   {`<span style="font-size:0px;line-height:0">no</span><p>yes</p>`, "yes"},
		"one pixel": {`<div style="FONT-SIZE: 1px; color:#333">no</div><p>yes</p>`, "yes"},
		"size by shorthand": {`<div style="font:0/0 a">no</div><p style="font:12px Arial">yes</p>`,
			"yes"},
		"size of no size": {
			`<div style="font-size:0"><span style="font-size:120%">no</span></div><p>yes</p>`, "yes"},
		"sized again": {
			`<div style="font-size:0px"><div style="font-size:13px">yes</div><font size="2">too</font></div>`,
			"yes\ntoo"},
		"a table's own size": {`<div style="font-size:0"><table><tr><td>yes</td></tr></table></div>`,
			"yes"},
		"white on white": {`<p style="color:#FFFFFF">no</p><p>yes</p>`, "yes"},
		"white by other names": {
			`<font color="white">no</font><span style="color: rgb(255, 255, 255)">no</span><i ` +
				`style="color:#fefefe">no</i><b style="color:transparent">no</b>yes, all of it`, "yes, all of it"},
		"grey on grey": {`<td bgcolor="#eeeeee" style="color:#eee">no</td><p>yes</p>`, "yes"},
		"white on a ground": {
			`<div style="background:#004488"><p style="color:white">yes</p></div><p>too</p>`, "yes\n\ntoo"},
		"white on a picture": {
			`<table background="x.png"><tr><td style="color:#fff">yes</td></tr></table><p>too</p>`, "yes\n\ntoo"},
		"white on a class": {
			`<style>.b{background:#000}</style><div class="b"><p style="color:#fff">yes</p></div><p>too</p>`,
			"yes\n\ntoo"},
		"white on declared white": {
			`<div style="background:#fff"><span style="color:#fff">ref 4711-99-12</span><p>Where is it?</p></div>`,
			"Where is it?"},
		"a sheet hides": {
			`<style>.ph{display:none !important} p.x, #y {font-size:0}</style><div class="a ph">no</div><p ` +
				`class="x">no</p><p id="y">no</p><p class="y">yes</p>`, "yes"},
		"a sheet hides on small screens": {
			`<style>@media (max-width:600px){.wide{display:none}} .narrow{display:none} @media ` +
				`(max-width:600px){.narrow{display:block}}</style><p class="wide">yes</p><p class="narrow">too</p>`,
			"yes\n\ntoo"},
		"a style shows what a sheet hides": {
			`<style>.ph{display:none}</style><div class="ph" style="display:block">yes</div>`, "yes"},
		"a sheet keeps lines": {"<style>/* c */ .a { white-space: pre-line; color:red }</style><div " +
			"class=a>one\ntwo</div>", "one\ntwo"},
		"a sheet of combined selectors": {"<style>.a .b{display:none} div>p{display:none} " +
			"p:first-child{display:none} *{display:none} p{display:none}</style><div class=a><p class=b>yes</p></div>",
			"yes"},
		"clipped away": {
			`<span style="position:absolute;clip:rect(1px, 1px, 1px, 1px)">no</span><p style="clip: rect(0,0,0,` +
				`0)">no</p><p style="clip:rect(0,200px,100px,0)">yes</p>`, "yes"},
		"all is white": {`<div style="color:#fff">The lamp is dark.</div>`, "The lamp is dark."},
		"written in white": {
			`<div style="color:#fff">Where is my order? I wait.</div><div>Ann</div><blockquote ` +
				`class="gmail_quote">You will have it on Monday at the latest, we said.</blockquote>`,
			"Where is my order? I wait.\nAnn\n> You will have it on Monday at the latest, we said."},
		"preheader": {
			`<div style="display:none;font-size:1px;color:#fff">no</div><div style="opacity:0;max-height:0">no</div>` +
				`<div style="overflow:hidden;height:0">no</div><div style="text-indent:-9999px">no</div><p>yes</p>`,
			"yes"},
		"lines by style": {"<div style=\"white-space: pre-wrap\">Dear Anna,\n\nthe lamp is " +
			"dark.\r\nErika\n</div>end", "Dear Anna,\n\nthe lamp is dark.\nErika\nend"},
		"lines, but no layout": {"<body style=\"white-space:pre-line\">\n<p>one\ntwo</p>\n\n" +
			"<p>three</p>\n</body>", "one\ntwo\n\nthree"},
		"lines no more": {"<div style=\"white-space:pre-wrap\"><p " +
			"style=\"white-space:normal\">one\ntwo</p></div>", "one two"},
		"form fields": {
			`<form>Name: <input type="text" name="n" value="Erika"><br>Order: <input value=4711><br><input ` +
				`type=hidden value=no><input type=submit value=no><textarea>It is dark.</textarea></form>`,
			"Name: Erika\nOrder: 4711\nIt is dark."},
		"boxes and choices": {
			`<input type=checkbox checked> lamp <input type="checkbox"> cable<br><select><option>no<option ` +
				`selected>Köln<option>no</select><select><option>first<option>no</select>`,
			"[x] lamp [ ] cable\nKölnfirst"},
		"entities": {"caf&eacute; &lt;b&gt; &amp;amp; 1&nbsp;000&euro;",
			"café <b> &amp; 1 000€"},
		"without width": {"in\u200bvis\u00adible\ufeff \u034f\u200c \u034f\u200c end",
			"invisible end"},
		"joined letters": {"می\u200cخواهم", "می\u200cخواهم"},
		"images": {
			`a<img src="https://t.example/x.gif" width=1 height=1><img src="x.png"><img alt="The lamp" src="y.png">` +
				`<img src="e.png" alt="😀">`, "a[image: The lamp]😀"},
		"inline image": {`see <img src="cid:lamp%40example" alt="x"> and <img src="cid:none">`,
			"see [image: lamp.png] and [image]"},
		"open tags":         {"<div><b>one<p>two</div>three</i></b>", "one\n\ntwo\n\nthree"},
		"end tag in a cell": {"<div><table><tr><td>a</div>b</td></tr></table>c</div>", "ab\nc"},
		"definition": {"<dl><dt>Lamp<dd>gives light<dt>Cable<dd>gives power</dl>",
			"Lamp\n  gives light\nCable\n  gives power"},
		"nothing": {"<html><head><title>x</title></head><body></body></html>", ""},
		"head without end": {"<html><head><title>x</title><meta " +
			"charset=utf-8><body>yes<head><meta>also</body>", "yesalso"},
		"page after text": {"<p>new</p><!DOCTYPE " +
			"html><html><head><title>x</title></head><body><p>old</p></body></html>", "new\n\nold"},
		"empty items": {"<ul><li></li><li>a</li></ul>", "- a"},
		"link around a block": {`<a href="https://shop.example"><div>Shop</div></a>next`,
			"Shop <https://shop.example>\nnext"},
		"text only in html": {"no tags at all & some <unknown>marks</unknown>",
			"no tags at all & some marks"},
	} {
		images := Options{Image: func(id string) string {
			if id == "lamp@example" {
				return "lamp.png"
			}
			return ""
		}}
		if got := Render(Parse(c.html), images); got != c.want {
			t.Errorf("%s: %q\n want %q", name, got, c.want)
		}
	}
}

func TestTextOnlyLeavesOutAddresses(t *testing.T) {
	got := Render(Parse(`<a href="https://x.example">text</a> <img alt="pic" src="https://x.example/i.png">`),
		Options{TextOnly: true})
	if got != "text" {
		t.Errorf("%q", got)
	}
}

func TestGoldenPages(t *testing.T) {
	pages, err := filepath.Glob("testdata/*.html")
	if err != nil || len(pages) == 0 {
		t.Fatal(len(pages), err)
	}
	for _, p := range pages {
		src, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		got := Text(string(src)) + "\n"
		golden.File(t, strings.TrimSuffix(p, ".html")+".txt", got)
	}
}

func TestWrapComesBack(t *testing.T) {
	text := "a < b & c\n\n  \"d\""
	if got := Text(Wrap(text)); got != "a < b & c\n\n\"d\"" {
		t.Errorf("%q", got)
	}
}

// FuzzHTMLToText holds what is promised of any HTML: it ends, it is UTF-8, it is
// bounded, and no word that a reader sees is missing.
func FuzzHTMLToText(f *testing.F) {
	pages, err := filepath.Glob("testdata/*.html")
	if err != nil {
		f.Fatal(err)
	}
	for _, p := range pages {
		b, err := os.ReadFile(p)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b))
	}
	for _, s := range []string{"<table><tr><td><table><td>x", "<li><blockquote><pre>\n x</pre>",
		strings.Repeat("<div>", 300) + "x", "<a href='mailto:x'>", "<ul><ol><li><li>", "<br>&#0;&nbsp;"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		src = strings.ToValidUTF8(src, "")
		got := Text(src)
		if !utf8.ValidString(got) {
			t.Errorf("not UTF-8: %q", got)
		}
		if len(got) > 16*len(src)+1000 {
			t.Errorf("%d bytes became %d", len(src), len(got))
		}
		if strings.HasPrefix(got, "\n") || strings.HasSuffix(got, "\n") || strings.Contains(got, " \n") {
			t.Errorf("loose ends: %q", got)
		}
		root := Parse(src)
		if n := depth(root); n > maxDepth+2 {
			t.Errorf("the tree is %d deep", n)
		}
	})
}

func depth(n *html.Node) int {
	d := 0
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		d = max(d, depth(c))
	}
	return d + 1
}

func TestWordsBeyondTheDepthAreKept(t *testing.T) {
	got := Text(strings.Repeat("<div>", 5000) + "deep" + strings.Repeat("</div>", 5000) + "<p>after</p>")
	if got != "deep\n\nafter" && got != "deep\nafter" {
		t.Errorf("%q", got)
	}
}
