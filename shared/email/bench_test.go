package email

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"mime/quotedprintable"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/bench/processor"
)

// reply20kB is a reply as Gmail writes it: new text, signature, and two older
// mails quoted below in HTML, about 20 kB in all.
func reply20kB(tb testing.TB, withText bool) []byte {
	tb.Helper()
	var html, text strings.Builder
	html.WriteString(
		`<div dir="ltr"><div>Hello Anna,</div><div><br></div><div>thank you, the <b>second</b> parcel has arrived. ` +
			`The lamp is ` +
			`broken, though: see <a href="https://photos.example.com/album/4711">the pictures</a>.</div><div><br>` +
			`</div><div>Kind regards</div><div>J&ouml;rg</div>` +
			"</div><br>\r\n")
	text.WriteString("Hello Anna,\r\n\r\nthank you, the *second* parcel has arrived. The lamp is broken, though:\r\n" +
		"see the pictures.\r\n\r\nKind regards\r\nJörg\r\n\r\n")
	html.WriteString(
		`<div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Tue, Nov 17, 2026 at 10:12 AM Anna from Lamps ` +
			`&lt;<a href="mailto:help@lamps.example">help@lamps.example</a>&gt; wrote:<br></div><blockquote ` +
			`class="gmail_quote" style="margin:0px 0px 0px 0.8ex;` +
			`border-left:1px solid rgb(204,204,204);padding-left:1ex">`)
	text.WriteString("On Tue, Nov 17, 2026 at 10:12 AM Anna from Lamps <help@lamps.example> wrote:\r\n\r\n")
	for i := 0; html.Len() < 15_000; i++ {
		fmt.Fprintf(&html,
			`<p style="margin:0 0 10px;font-family:Arial,sans-serif;font-size:14px"><span style="color:#333">Step `+
				`%d:</span> please look `+
				`at the label of the parcel and compare the number with <a `+
				`href="https://lamps.example/orders/%d?utm_source=mail">your order</a>.</p>`+"\r\n", i, i)
		fmt.Fprintf(&text, "> Step %d: please look at the label of the parcel and compare\r\n> the number with your "+
			"order.\r\n>\r\n", i)
	}
	html.WriteString("</blockquote></div>\r\n")
	qp := func(s string) string {
		var b bytes.Buffer
		w := quotedprintable.NewWriter(&b)
		if _, err := w.Write([]byte(s)); err != nil {
			tb.Fatal(err)
		}
		if err := w.Close(); err != nil {
			tb.Fatal(err)
		}
		return b.String()
	}
	head := "Received: from mail-ej1-f41.example.com (mail-ej1-f41.example.com [192.0.2.41])\r\n\tby " +
		"mx.lamps.example with ESMTPS id x1;\r\n\tTue, 17 Nov 2026 09:20:11 +0000\r\n" +
		"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; s=20230601;\r\n " +
		"bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=" + strings.Repeat("Ab3d", 80) + "\r\n" +
		"From: =?UTF-8?Q?J=C3=B6rg_M=C3=BCller?= <joerg@example.com>\r\nTo: Anna from Lamps <help@lamps.example>\r\n" +
		"Subject: Re: Your order 4711\r\n" +
		"Date: Tue, 17 Nov 2026 10:20:08 +0100\r\nMessage-ID: <CAB+1@mail.example.com>\r\nIn-Reply-To: " +
		"<a1@lamps.example>\r\nReferences: <a0@lamps.example> <a1@lamps.example>\r\nMIME-Version: 1.0\r\n"
	htmlPart := "Content-Type: text/html; charset=\"UTF-8\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" +
		qp(html.String())
	if !withText {
		return []byte(head + htmlPart)
	}
	return []byte(head + "Content-Type: multipart/alternative; boundary=\"0000000000001a2b3c\"\r\n\r\n" +
		"--0000000000001a2b3c\r\n" +
		"Content-Type: text/plain; charset=\"UTF-8\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" +
		qp(text.String()) +
		"\r\n--0000000000001a2b3c\r\n" + htmlPart + "\r\n--0000000000001a2b3c--\r\n")
}

func benchmarkRead(b *testing.B, raw []byte) {
	b.Helper()
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	before := processor.Time()
	for b.Loop() {
		if m := Read(raw, ""); len(m.Warnings) > 10 {
			b.Fatal(m.Warnings)
		}
	}
	b.ReportMetric(float64(processor.Time()-before)/float64(b.N), "cpu-ns/op")
}

func BenchmarkRead20kB(b *testing.B)     { benchmarkRead(b, reply20kB(b, true)) }
func BenchmarkRead20kBHTML(b *testing.B) { benchmarkRead(b, reply20kB(b, false)) }

// BenchmarkReadQuote767kB is a reply above a quote of three quarters of a megabyte.
func BenchmarkReadQuote767kB(b *testing.B) {
	line := "> We looked into it and could not find the parcel at the depot.\r\n"
	benchmarkRead(b, []byte("From: a@example.com\r\nTo: b@example.com\r\nSubject: Re: parcel\r\n\r\nIt has come, "+
		"thank you!\r\n\r\n"+
		"On Mon, 16 Nov 2026 at 09:00, Anna <help@lamps.example> wrote:\r\n"+strings.Repeat(line, 767<<10/len(line))))
}

// BenchmarkRead25MB is a short text with one large attachment.
func BenchmarkRead25MB(b *testing.B) {
	line := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{0x25, 0x50, 0x44}, 19)) + "\r\n"
	benchmarkRead(b, []byte("From: a@example.com\r\nTo: b@example.com\r\nSubject: scan\r\nMIME-Version: 1.0\r\n"+
		"Content-Type: multipart/mixed; boundary=x\r\n\r\n"+
		"--x\r\nContent-Type: text/plain\r\n\r\nHere is the scan.\r\n--x\r\nContent-Type: application/pdf; "+
		"name=scan.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"+
		strings.Repeat(line, 25<<20/len(line))+"--x--\r\n"))
}
