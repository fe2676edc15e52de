package visible

import "strings"

func appleHTML(s speech, style string, own []string) string {
	if style == "top" {
		one, two := asked(s)
		return `<html><body style="overflow-wrap: break-word;">` + written(s, own, "div") +
			`<br id="lineBreakAtBeginningOfMessage"><div><br><blockquote type="cite"><div>` +
			esc(s.says("apple")) + `</div><br class="Apple-interchange-newline"><div><div>` + esc(one) + "<br>" +
			esc(two) + `</div></div></blockquote></div><br></body></html>`
	}
	intro := `<blockquote type="cite"><div>` + esc(s.says("apple")) + `</div></blockquote>`
	return `<html><body>` + around(s, style, own, "div", intro, `<blockquote type="cite">`, "</blockquote>") +
		`</body></html>`
}

func thunderbirdHTML(s speech, style string, own []string) string {
	intro := `<div class="moz-cite-prefix">` + esc(s.says("thunderbird")) + `<br></div>`
	return "<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; charset=UTF-8\"></head>\n<body>\n" +
		around(s, style, own, "p", intro, `<blockquote type="cite" cite="mid:1@shop.example">`, "</blockquote>") +
		"</body></html>"
}

func protonHTML(s speech, style string, own []string) string {
	intro := speech{"x": "On Tuesday, March 5th, 2024 at 10:00 AM, {p} wrote:"}.says("x")
	one, two := asked(s)
	if style == "top" {
		return written(s, own, `div style="font-family: Arial, sans-serif; font-size: 14px;"`) +
			`<div class="protonmail_quote">` + esc(intro) +
			`<br><br><blockquote class="protonmail_quote" type="cite"><p>` + esc(one) + "</p><p>" + esc(two) +
			`</p></blockquote><br></div>`
	}
	return `<div class="protonmail_quote">` + around(s, style, own, "div", esc(intro)+"<br>",
		`<blockquote class="protonmail_quote" type="cite">`, "</blockquote>") + "</div>"
}

func plainQuoteHTML(s speech, style string, own []string) string {
	intro := speech{"x": "On March 5, 2024, {p} wrote:"}.says("x")
	return around(s, style, own, "div", "<div>"+esc(intro)+"</div>", "<blockquote>", "</blockquote>")
}

func mailspringHTML(s speech, style string, own []string) string {
	intro := speech{"x": "On Mar 5 2024, at 10:00 am, {p} wrote:"}.says("x")
	return around(s, style, own, "div", `<div class="gmail_quote_attribution">`+esc(intro)+"</div>",
		`<blockquote class="gmail_quote" type="cite">`, "</blockquote>")
}

func yahooHTML(s speech, _ string, own []string) string {
	return `<div class="ydp1a2b3cyahoo-style-wrap">` + written(s, own, `div dir="ltr"`) +
		`</div><div id="yahoo_quoted_42" class="yahoo_quoted"><div style="color:#26282a;"><div>` +
		esc(s.says("gmail")) + `</div><div><br></div><div>` + esc(s["asked"]) + `<blockquote>Older: ` +
		esc(s["asked"]) + `</blockquote>Older still.</div></div></div>`
}

func zohoHTML(s speech, _ string, own []string) string {
	intro := speech{"x": "---- On Tue, 05 Mar 2024 10:00:00 +0100 {p} wrote ---"}.says("x")
	return `<div style="font-family: Verdana;">` + written(s, own, "div") +
		`<div class="zmail_extra"><div id="Zm-_Id_-Sgn1">` + esc(intro) +
		`</div><br><blockquote style="border-left: 1px solid rgb(204, 204, 204);">` + esc(s["asked"]) +
		`</blockquote></div></div>`
}

// headerRows is a header block as programs lay it out in HTML.
func headerRows(s speech, row string) string {
	out := ""
	for _, l := range block("", "{label}")(s) {
		for _, label := range s.labels() {
			if value, ok := strings.CutPrefix(l, label+" "); ok {
				out += strings.NewReplacer("{label}", esc(label), "{value}", esc(value)).Replace(row)
				break
			}
		}
	}
	return out
}

const outlookRow = `<b>{label}:</b> {value}<br>`

func outlookHTML(s speech, _ string, own []string) string {
	return `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!-- p.MsoNormal {margin:0cm;} -->` +
		`</style></head><body lang=EN-US><div class=WordSection1>` +
		written(s, own, "p class=MsoNormal") +
		`<p class=MsoNormal><o:p>&nbsp;</o:p></p><div><div style='border:none;border-top:solid #E1E1E1 1.0pt;` +
		`padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal>` +
		headerRows(s, outlookRow) + `</p></div></div><p class=MsoNormal>` + esc(s["asked"]) + `</p></div></body></html>`
}

func owaHTML(s speech, _ string, own []string) string {
	return `<html><body dir="ltr">` + written(s, own, `div class="elementToProof" style="font-family: Calibri"`) +
		`<div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1"><div ` +
		`id="divRplyFwdMsg" dir="ltr"><font face="Calibri">` + headerRows(s, outlookRow) +
		`</font><div>&nbsp;</div></div><div class="x_elementToProof">` + esc(s["asked"]) + `</div></body></html>`
}

func mobileHTML(s speech, _ string, own []string) string {
	return `<html><body>` + written(s, own, `div dir="auto"`) +
		`<div id="mail-editor-reference-message-container" dir="auto"><hr style="display:inline-block;width:98%">` +
		`<div id="divRplyFwdMsg">` +
		headerRows(s, `<strong>{label}:</strong> {value}<br>`) + `</div>` + esc(s["asked"]) + `</div></body></html>`
}

func macHTML(s speech, _ string, own []string) string {
	return `<html><body><div>` + written(s, own, "div") + `</div><div><br></div><span id="OLK_SRC_BODY_SECTION"><div>` +
		headerRows(s, `<span style="font-weight:bold">{label}: </span>{value}<br>`) + `</div><div>` + esc(s["asked"]) +
		`</div></span></body></html>`
}

func samsungHTML(s speech, _ string, own []string) string {
	return `<html><body>` + written(s, own, `div dir="auto"`) +
		`<div><br></div><div align="left" dir="auto" style="font-size:100%;color:#000000"><div>-------- ` +
		esc(s["original"]) +
		` --------</div>` + headerRows(s, `<div>{label}: {value} </div>`) + `<div><br></div></div>` + esc(s["asked"]) +
		`</body></html>`
}

func gmxHTML(s speech, _ string, own []string) string {
	return `<html><body><div style="font-family: Verdana;font-size: 12.0px;">` + written(s, own, "div") +
		`<div>&nbsp;</div><div name="quote" style="margin:10px 5px 5px 10px; padding: 10px 0 10px 10px; ` +
		`border-left:2px solid #C3D9E5;"><div style="margin:0 0 10px 0;">` +
		headerRows(s, `<b>{label}:</b>&nbsp;{value}<br/>`) + `</div><div name="quoted-content">` + esc(s["asked"]) +
		`</div></div></div></body></html>`
}
