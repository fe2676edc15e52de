package reply_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/png"
	"strings"

	"github.com/replywell/replywell/shared/email"
)

// picture draws a PNG.
func picture(w, h int, c color.Color) []byte {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for x := range w {
		for y := range h {
			if (x/8+y/8)%2 == 0 {
				m.Set(x, y, c)
			} else {
				m.Set(x, y, color.White)
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err)
	}
	return b.Bytes()
}

var drawing, logo = picture(700, 300, color.RGBA{40, 90, 200, 255}), picture(120, 40, color.RGBA{200, 40, 40, 255})

// written is what somebody writes in a mail program.
type written struct {
	before, bold, after string // "before" with a bold word behind it; "after" stands below the picture
	items               []string
	link                string
	leave, name         string
	card, device        bool // a company's card with a logo; a telephone's line
	picture             bool
	deviceLine          string
}

// said is that in the order in which it was written, as lines of words.
func (w written) said() []string {
	return append(append([]string{w.before, w.bold}, w.items...), w.link, w.after, w.leave, w.name)
}

// programs write a mail as mail programs do: MIME parts, marks, stand-ins for
// pictures, the quote. quote is the text of the mail that is answered, "" for none.
var programs = []struct {
	name  string
	write func(w written, quote string) string // header fields of the body, and the body
}{
	{"Gmail", gmail},
	{"Outlook desktop", outlook},
	{"Outlook mobile", outlookMobile},
	{"Outlook on the web", outlookWeb},
	{"Apple Mail", appleMail},
	{"Apple Mail, text and pictures", applePlain},
	{"Apple Mail, HTML in pieces", applePieces},
	{"iPhone", iPhone},
	{"Thunderbird", thunderbird},
	{"a picture in the HTML", dataURL},
}

func esc(s string) string { return html.EscapeString(s) }

func list(items []string, li string) string {
	var b strings.Builder
	for _, i := range items {
		b.WriteString("<" + li + ">" + esc(i) + "</li>")
	}
	return "<ul>" + b.String() + "</ul>"
}

func plainList(items []string, mark string) string {
	var b strings.Builder
	for _, i := range items {
		b.WriteString(mark + i + "\n")
	}
	return b.String()
}

func marked(quote string) string {
	return "> " + strings.ReplaceAll(strings.TrimSpace(quote), "\n", "\n> ")
}

func quoteHTML(quote string) string { return strings.ReplaceAll(esc(quote), "\n", "<br>") }

// part is one MIME part; a body that is not text is base64.
func part(header string, body []byte) string {
	encoded := base64.StdEncoding.EncodeToString(body)
	var b strings.Builder
	for len(encoded) > 76 {
		b.WriteString(encoded[:76] + "\n")
		encoded = encoded[76:]
	}
	return header + "\nContent-Transfer-Encoding: base64\n\n" + b.String() + encoded + "\n"
}

func textPart(kind, s string) string {
	return part("Content-Type: "+kind+"; charset=utf-8", []byte(s))
}

func multipart(kind, boundary string, parts ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Content-Type: multipart/%s; boundary=\"%s\"\n\n", kind, boundary)
	for _, p := range parts {
		b.WriteString("--" + boundary + "\n" + p + "\n")
	}
	return b.String() + "--" + boundary + "--\n"
}

func related(htm string, w written, pictureHead, logoHead string) string {
	parts := []string{textPart("text/html", htm)}
	if w.picture {
		parts = append(parts, part(pictureHead, drawing))
	}
	if w.card {
		parts = append(parts, part(logoHead, logo))
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return multipart("related", "rel", parts...)
}

func gmail(w written, quote string) string {
	text := w.before + " *" + w.bold + "*\n\n" + plainList(w.items, "   - ") + "\n" + w.link + "\n"
	htm := `<div dir="ltr"><div>` + esc(w.before) + ` <b>` + esc(w.bold) + `</b></div>` + list(w.items, "li") +
		`<div><a href="` + w.link + `">` + w.link + `</a></div>`
	if w.picture {
		text += "\n[image: drawing.png]\n"
		htm += `<div><img src="cid:ii_m1x2y3" alt="drawing.png" width="542" height="232"><br></div>`
	}
	text += w.after + "\n\n" + w.leave + "\n" + w.name + "\n"
	htm += `<div>` + esc(w.after) + `</div><div><br></div><div>` + esc(w.leave) + `</div><div>` + esc(w.name) + `</div>`
	if w.card {
		text += "\n-- \n*Anna Winter*\nLantern Shop | Support\n+49 30 901820\n[image: logo.png]\n"
		htm += `<div><br></div><span class="gmail_signature_prefix">-- </span><br><div dir="ltr" ` +
			`class="gmail_signature" data-smartmail="gmail_signature"><div dir="ltr"><b>Anna Winter</b><br>Lantern ` +
			`Shop | Support<br>+49 30 901820<br><img src="cid:ii_logo" width="120" height="40"></div></div>`
	}
	htm += `</div>`
	if quote != "" {
		text += "\nOn Mon, 2 Mar 2026 at 09:01, Erika Muster (Lantern Shop Support) <" + support + "> wrote:\n\n" +
			marked(quote) + "\n"
		htm += `<br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">On Mon, 2 Mar ` +
			`2026 at 09:01, Erika Muster &lt;<a href="mailto:` + support + `">` + support +
			`</a>&gt; wrote:<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex">` +
			quoteHTML(quote) + `</blockquote></div>`
	}
	alternative := multipart("alternative", "alt", textPart("text/plain", text), textPart("text/html", htm))
	if !w.picture && !w.card {
		return alternative
	}
	parts := []string{alternative}
	if w.picture {
		parts = append(parts, part("Content-Type: image/png; name=\"drawing.png\"\nContent-Disposition: inline; "+
			"filename=\"drawing.png\"\nContent-ID: <ii_m1x2y3>\nX-Attachment-Id: ii_m1x2y3", drawing))
	}
	if w.card {
		parts = append(parts, part("Content-Type: image/png; name=\"logo.png\"\nContent-Disposition: inline; "+
			"filename=\"logo.png\"\nContent-ID: <ii_logo>", logo))
	}
	return multipart("related", "rel", parts...)
}

func outlook(w written, quote string) string {
	p := func(s string) string { return `<p class="MsoNormal">` + s + `<o:p></o:p></p>` }
	text := w.before + " " + w.bold + "\r\n\r\n" + plainList(w.items, "  *   ") + "\r\n" + w.link + "<" + w.link +
		">\r\n"
	htm := `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!-- p.MsoNormal {margin:0cm;} -->` +
		`</style></head><body lang="EN-GB"><div class="WordSection1">` +
		p(esc(w.before)+` <b>`+esc(w.bold)+`</b>`) + list(w.items, `li class="MsoListParagraph"`) +
		p(`<a href="`+w.link+`">`+w.link+`</a>`)
	if w.picture {
		text += "\r\n[A drawing of a lamp Description automatically generated]\r\n"
		htm += p(`<img width="700" height="300" style="width:7.2in;height:3.1in" id="Picture_x0020_1" ` +
			`src="cid:image001.png@01DC5F1A.2B3C4D50" alt="A drawing of a lamp&#10;&#10;Description automatically ` +
			`generated">`)
	}
	text += w.after + "\r\n\r\n" + w.leave + "\r\n" + w.name + "\r\n"
	htm += p(esc(w.after)) + p("&nbsp;") + p(esc(w.leave)) + p(esc(w.name))
	if w.card {
		text += "\r\nAnna Winter\r\nLantern Shop | Support\r\n+49 30 901820\r\n[cid:image002.png@01DC5F1A.2B3C4D50]\r\n"
		htm += p("&nbsp;") + p("<b>Anna Winter</b>") + p("Lantern Shop | Support") + p("+49 30 901820") +
			p(`<img width="120" height="40" src="cid:image002.png@01DC5F1A.2B3C4D50">`)
	}
	if quote != "" {
		text += "\r\nFrom: Erika Muster (Lantern Shop Support) <" + support +
			">\r\nSent: Monday, March 2, 2026 9:01 AM\r\nTo: Anna Winter <" + anna +
			">\r\nSubject: [X66-TNW] Broken lamp\r\n\r\n" + quote
		htm += p("&nbsp;") +
			`<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">` +
			`<b>From:</b> Erika Muster &lt;` + support +
			`&gt;<br><b>Sent:</b> Monday, March 2, 2026 9:01 AM<br><b>To:</b> Anna Winter &lt;` + anna +
			`&gt;<br><b>Subject:</b> [X66-TNW] Broken lamp</p></div>` + p(quoteHTML(quote))
	}
	htm += `</div></body></html>`
	alternative := multipart("alternative", "alt", textPart("text/plain", text), textPart("text/html", htm))
	parts := []string{alternative}
	if w.picture {
		parts = append(parts, part("Content-Type: image/png; name=\"image001.png\"\nContent-Description: "+
			"image001.png\nContent-Disposition: inline; filename=\"image001.png\"; size=1000\nContent-ID: "+
			"<image001.png@01DC5F1A.2B3C4D50>", drawing))
	}
	if w.card {
		parts = append(parts, part("Content-Type: image/png; name=\"image002.png\"\nContent-Disposition: inline; "+
			"filename=\"image002.png\"\nContent-ID: <image002.png@01DC5F1A.2B3C4D50>", logo))
	}
	if len(parts) == 1 {
		return alternative
	}
	return multipart("related", "rel", parts...)
}

func outlookMobile(w written, quote string) string {
	w.deviceLine = "Get Outlook for iOS"
	htm := `<html><head></head><body dir="auto"><div dir="ltr">` + esc(w.before) + ` <b>` + esc(w.bold) + `</b></div>` +
		list(w.items, "li") + `<div dir="ltr"><a href="` + w.link + `">` + w.link + `</a></div>`
	text := w.before + " " + w.bold + "\n\n" + plainList(w.items, "  *   ") + w.link + "\n"
	if w.picture {
		htm += `<div><img alt="" style="max-width:100%" src="cid:d5f7a9c1-0b1c-4f9e-8f3a-1a2b3c4d5e6f"></div>`
		text += "[cid:d5f7a9c1-0b1c-4f9e-8f3a-1a2b3c4d5e6f]\n"
	}
	htm += `<div dir="ltr">` + esc(w.after) + `</div><div><br></div><div>` + esc(w.leave) + `</div><div>` +
		esc(w.name) + `</div>`
	text += w.after + "\n\n" + w.leave + "\n" + w.name + "\n"
	if w.device || w.card {
		htm += `<div id="ms-outlook-mobile-signature"><div><br></div>Get <a href="https://aka.ms/o0ukef">Outlook for ` +
			`iOS</a></div>`
		text += "\nGet Outlook for iOS<https://aka.ms/o0ukef>\n"
	}
	if quote != "" {
		htm += `<hr style="display:inline-block;width:98%"><div id="divRplyFwdMsg" dir="ltr"><b>From:</b> Erika ` +
			`Muster &lt;` + support + `&gt;<br><b>Sent:</b> Monday, March 2, 2026 9:01 AM<br><b>To:</b> Anna &lt;` +
			anna + `&gt;<br><b>Subject:</b> Broken lamp</div><div>` + quoteHTML(quote) + `</div>`
		text += "________________________________\nFrom: Erika Muster <" + support +
			">\nSent: Monday, March 2, 2026 9:01 AM\nTo: Anna <" + anna + ">\nSubject: Broken lamp\n\n" + quote
	}
	alternative := multipart("alternative", "alt", textPart("text/plain", text),
		textPart("text/html", htm+`</body></html>`))
	if !w.picture {
		return alternative
	}
	return multipart("related", "rel", alternative,
		part("Content-Type: image/png; name=\"IMG_2201.png\"\nContent-Disposition: inline; "+
			"filename=\"IMG_2201.png\"\nContent-ID: <d5f7a9c1-0b1c-4f9e-8f3a-1a2b3c4d5e6f>", drawing))
}

func outlookWeb(w written, quote string) string {
	div := func(s string) string {
		return `<div style="font-family:Aptos,sans-serif;font-size:12pt" class="elementToProof">` + s + `</div>`
	}
	htm := `<html><head></head><body dir="ltr">` + div(esc(w.before)+` <b>`+esc(w.bold)+`</b>`) + list(w.items, "li") +
		div(`<a href="`+w.link+`" id="LPlnk1">`+w.link+`</a>`)
	text := w.before + " " + w.bold + "\n\n" + plainList(w.items, "  *   ") + w.link + "\n"
	if w.picture {
		htm += div(`<img src="cid:9b1f-44c0" width="700" height="300" style="width:700px;max-width:700px" ` +
			`data-outlook-trace="F:1|T:1">`)
		text += "[cid:9b1f-44c0]\n"
	}
	htm += div(esc(w.after)) + div("<br>") + div(esc(w.leave)) + div(esc(w.name))
	text += w.after + "\n\n" + w.leave + "\n" + w.name + "\n"
	if w.card {
		htm += `<div id="Signature" class="elementToProof"><p>Anna Winter</p><p>Lantern Shop | Support</p><p>+49 30 ` +
			`901820</p><p><img src="cid:logo-7" width="120"></p></div>`
		text += "\nAnna Winter\n\nLantern Shop | Support\n\n+49 30 901820\n\n[cid:logo-7]\n"
	}
	if quote != "" {
		htm += `<div id="appendonsend"></div><hr style="width:98%"><div id="divRplyFwdMsg" dir="ltr"><b>From:</b> ` +
			`Erika Muster<br><b>Sent:</b> Monday, March 2, 2026 9:01 AM<br><b>To:</b> Anna<br><b>Subject:</b> Broken ` +
			`lamp</div><div>` + quoteHTML(quote) + `</div>`
		text += "________________________________\nFrom: Erika Muster <" + support +
			">\nSent: Monday, March 2, 2026 9:01 AM\nTo: Anna <" + anna + ">\nSubject: Broken lamp\n\n" + quote
	}
	parts := []string{multipart("alternative", "alt", textPart("text/plain", text),
		textPart("text/html", htm+`</body></html>`))}
	if w.picture {
		parts = append(parts, part("Content-Type: image/png; name=\"image.png\"\nContent-Disposition: inline; "+
			"filename=\"image.png\"\nContent-ID: <9b1f-44c0>", drawing))
	}
	if w.card {
		parts = append(parts, part("Content-Type: image/png; name=\"Outlook-logo.png\"\nContent-Disposition: inline; "+
			"filename=\"Outlook-logo.png\"\nContent-ID: <logo-7>", logo))
	}
	return multipart("related", "rel", parts...)
}

const appleAttribution = "On 2. Mar 2026, at 09:01, Erika Muster (Lantern Shop Support) <" + support + "> wrote:"

func appleMail(w written, quote string) string {
	htm := `<html aria-label="message body"><head></head><body style="overflow-wrap: break-word; -webkit-nbsp-mode: ` +
		`space;">` + esc(w.before) + ` <b>` + esc(w.bold) + `</b><div>` + list(w.items, "li") + `</div><div><a href="` +
		w.link + `">` + w.link + `</a></div>`
	text := w.before + " " + w.bold + "\n" + plainList(w.items, "• ") + w.link + "\n"
	if w.picture {
		htm += `<div><img apple-inline="yes" id="0B6F" height="300" width="700" ` +
			`src="cid:5C2E5D4D-9A2B-4B6F-A0E4-1F2A3B4C5D6E"></div>`
		text += "\uFFFC\n"
	}
	htm += `<div>` + esc(w.after) + `</div><div><br></div><div>` + esc(w.leave) + `</div><div>` + esc(w.name) + `</div>`
	text += w.after + "\n\n" + w.leave + "\n" + w.name + "\n"
	if w.card {
		htm += `<div id="AppleMailSignature"><div><br></div><div>Anna Winter</div><div>Lantern Shop | Support</div>` +
			`<div>+49 30 901820</div><img apple-inline="yes" height="40" width="120" src="cid:logo-apple"></div>`
		text += "\nAnna Winter\nLantern Shop | Support\n+49 30 901820\n"
	}
	if quote != "" {
		htm += `<div><br><blockquote type="cite"><div>` + esc(appleAttribution) +
			`</div><br class="Apple-interchange-newline"><div>` + quoteHTML(quote) + `</div></blockquote></div>`
		text += "\n" + appleAttribution + "\n\n" + marked(quote) + "\n"
	}
	return multipart("alternative", "alt", textPart("text/plain", text), related(htm+`</body></html>`, w,
		"Content-Type: image/png; name=\"drawing.png\"\nContent-Disposition: inline; filename=\"drawing.png\"\n"+
			"Content-Id: <5C2E5D4D-9A2B-4B6F-A0E4-1F2A3B4C5D6E>",
		"Content-Type: image/png; name=\"logo.png\"\nContent-Disposition: inline; filename=\"logo.png\"\nContent-Id: "+
			"<logo-apple>"))
}

// applePlain is what Apple's programs send where a mail has pictures and no
// formatting: text, picture, text, one after the other.
func applePlain(w written, quote string) string {
	first := w.before + " " + w.bold + "\n" + plainList(w.items, "- ") + w.link + "\n"
	second := "\n" + w.after + "\n\n" + w.leave + "\n" + w.name + "\n"
	if w.card {
		second += "\n-- \nAnna Winter\nLantern Shop | Support\n+49 30 901820\n"
	}
	if quote != "" {
		second += "\n> " + appleAttribution + "\n> \n" + marked(quote) + "\n"
	}
	if !w.picture {
		return textPart("text/plain", first+second)
	}
	return multipart("mixed", "mix", textPart("text/plain", first),
		part("Content-Type: image/png; name=drawing.png; x-unix-mode=0644\nContent-Disposition: inline; "+
			"filename=drawing.png", drawing), textPart("text/plain", second))
}

// applePieces is the same with formatting: each stretch of text is HTML, beside
// one plain text of all.
func applePieces(w written, quote string) string {
	if !w.picture {
		return appleMail(w, quote)
	}
	page := func(s string) string {
		return textPart("text/html", `<html><head></head><body style="overflow-wrap: break-word;">`+s+`</body></html>`)
	}
	first := `<div>` + esc(w.before) + ` <b>` + esc(w.bold) + `</b></div>` + list(w.items, "li") + `<div><a href="` +
		w.link + `">` + w.link + `</a></div>`
	second := `<div>` + esc(w.after) + `</div><div><br></div><div>` + esc(w.leave) + `</div><div>` + esc(w.name) +
		`</div>`
	text := w.before + " " + w.bold + "\n" + plainList(w.items, "• ") + w.link + "\n\n" + w.after + "\n\n" + w.leave +
		"\n" + w.name + "\n"
	if w.card {
		second += `<div><br></div><div>-- <br>Anna Winter<br>Lantern Shop | Support<br>+49 30 901820</div>`
		text += "\n-- \nAnna Winter\nLantern Shop | Support\n+49 30 901820\n"
	}
	if quote != "" {
		second += `<div><br><blockquote type="cite"><div>` + esc(appleAttribution) + `</div><br><div>` +
			quoteHTML(quote) + `</div></blockquote></div>`
		text += "\n" + appleAttribution + "\n\n" + marked(quote) + "\n"
	}
	return multipart("alternative", "alt", textPart("text/plain", text), multipart("mixed", "mix", page(first),
		part("Content-Type: image/png; name=drawing.png\nContent-Disposition: inline; filename=drawing.png", drawing),
		page(second)))
}

func iPhone(w written, quote string) string {
	first := w.before + " " + w.bold + "\n" + plainList(w.items, "- ") + w.link + "\n"
	second := "\n" + w.after + "\n\n" + w.leave + "\n" + w.name + "\n"
	if w.card || w.device {
		second += "\n" + w.phone() + "\n"
	}
	if quote != "" {
		second += "\n> " + appleAttribution + "\n> \n" + "> \uFEFF" + strings.TrimPrefix(marked(quote), "> ") + "\n"
	}
	if !w.picture {
		return textPart("text/plain", first+second)
	}
	return multipart("mixed", "Apple-Mail-1", textPart("text/plain", first),
		part("Content-Type: image/png; name=IMG_0412.png; x-apple-part-url=7B1A\nContent-Disposition: inline; "+
			"filename=IMG_0412.png", drawing), textPart("text/plain", second))
}

func (w written) phone() string {
	if w.deviceLine != "" {
		return w.deviceLine
	}
	return "Sent from my iPhone"
}

func thunderbird(w written, quote string) string {
	htm := `<html><head><meta http-equiv="content-type" content="text/html; charset=UTF-8"></head><body><p>` +
		esc(w.before) + ` <b>` + esc(w.bold) + `</b></p>` + list(w.items, "li") +
		`<p><a class="moz-txt-link-freetext" href="` + w.link + `">` + w.link + `</a></p>`
	text := w.before + " *" + w.bold + "*\n\n" + plainList(w.items, "  * ") + "\n" + w.link + "\n\n"
	if w.picture {
		htm += `<p><img moz-do-not-send="false" src="cid:part1.Ab7xQ2.9Zt0@team.example" alt="" width="700" ` +
			`height="300"></p>`
	}
	htm += `<p>` + esc(w.after) + `</p><p>` + esc(w.leave) + `<br>` + esc(w.name) + `</p>`
	text += w.after + "\n\n" + w.leave + "\n" + w.name + "\n"
	if w.card {
		htm += `<div class="moz-signature">-- <br>Anna Winter<br>Lantern Shop | Support<br>+49 30 901820<br><img ` +
			`src="cid:part2.logo@team.example" alt="Lantern"></div>`
		text += "\n-- \nAnna Winter\nLantern Shop | Support\n+49 30 901820\n"
	}
	if quote != "" {
		htm += `<div class="moz-cite-prefix">On 02/03/2026 09:01, Erika Muster (Lantern Shop Support) wrote:<br>` +
			`</div><blockquote type="cite" cite="mid:x@y.example">` + quoteHTML(quote) + `</blockquote>`
		text += "\nOn 02/03/2026 09:01, Erika Muster (Lantern Shop Support) wrote:\n" + marked(quote) + "\n"
	}
	return multipart("alternative", "alt", textPart("text/plain", text), related(htm+`</body></html>`, w,
		"Content-Type: image/png; name=\"drawing.png\"\nContent-Disposition: inline; filename=\"drawing.png\"\n"+
			"Content-Id: <part1.Ab7xQ2.9Zt0@team.example>",
		"Content-Type: image/png; name=\"lantern.png\"\nContent-Disposition: inline; filename=\"lantern.png\"\n"+
			"Content-Id: <part2.logo@team.example>"))
}

func dataURL(w written, quote string) string {
	htm := `<div>` + esc(w.before) + ` <b>` + esc(w.bold) + `</b></div>` + list(w.items, "li") + `<div><a href="` +
		w.link + `">` + w.link + `</a></div>`
	if w.picture {
		htm += `<div><img src="data:image/png;base64,` + base64.StdEncoding.EncodeToString(drawing) +
			`" alt="drawing.png"></div>`
	}
	htm += `<div>` + esc(w.after) + `</div><br><div>` + esc(w.leave) + `</div><div>` + esc(w.name) + `</div>`
	if w.card {
		htm += `<br><div>Anna Winter<br>Lantern Shop | Support<br>+49 30 901820<br><img src="data:image/png;base64,` +
			base64.StdEncoding.EncodeToString(logo) + `"></div>`
	}
	if quote != "" {
		htm += `<div>On Mon, 2 Mar 2026 at 09:01, Erika Muster &lt;` + support +
			`&gt; wrote:</div><blockquote type="cite">` + quoteHTML(quote) + `</blockquote>`
	}
	return textPart("text/html", htm)
}

// writes sends an answer to a notification from a mail program.
func (h *house) writes(agent string, told *email.Mail, body string) {
	h.Helper()
	h.arrive(agent, told.ReplyTo[0].Address, fmt.Sprintf(
		"From: Anna Winter <%s>\nTo: <%s>\nSubject: Re: %s\nMessage-ID: <p%d@team.example>\nIn-Reply-To: <%s>\n"+
			"MIME-Version: 1.0\n%s",
		agent, told.ReplyTo[0].Address, told.Subject, h.n, told.MessageID, body))
}
