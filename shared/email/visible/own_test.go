package visible

import (
	"strings"
	"testing"
)

// What stands in a <blockquote> of a mail that answers nothing is the author's own
// quotation, whatever program wrote it; unless something introduces it, or the mail
// is an answer after all.
func TestOwnQuotations(t *testing.T) {
	const words = "Happy birthday Tom"
	for name, c := range map[string]struct {
		subject, text, html string
		answers, quoted     bool
	}{
		"cite, last": {"Question", "", `<p>Put this on the card:</p><blockquote type="cite"><p>` +
			words + `</p></blockquote>`, false, false},
		"cite, between": {"Question", "", `<p>Put this on the card:</p><blockquote type="cite">` + words +
			`</blockquote><p>Thanks</p>`, false, false},
		"cite with a link": {"Question", "", `<p>I read</p><blockquote cite="https://shop.example/a">` +
			words + `</blockquote>`, false, false},
		"two": {"Question", "",
			`<p>First</p><blockquote type=cite>Dear you</blockquote><p>then</p><blockquote type=cite>` + words +
				`</blockquote>`, false, false},
		"nested": {"Question", "",
			`<p>First</p><blockquote type=cite>Dear you<blockquote type=cite>` + words + `</blockquote></blockquote>`,
			false, false},
		"plain blockquote, last": {"Question", "", `<p>Card:</p><blockquote>` + words + `</blockquote>`, false,
			false},
		"gmail's bar": {"Question", "",
			`<div>Card:</div><blockquote class="gmail_quote" style="margin:0 0 0 .8ex">` + words + `</blockquote>`,
			false, false},
		"no subject": {"", "", `<p>Card:</p><blockquote type=cite>` + words + `</blockquote>`, false,
			false},
		"both bodies": {"Question", "Card:\n\n> " + words + "\n", `<p>Card:</p><blockquote type="cite">` +
			words + `</blockquote>`, false, false},
		"text, no subject": {"", "Card:\n\n> " + words + "\n> and more\n", "", false, false},
		"it answers": {"Question", "", `<p>Yes.</p><blockquote type="cite">` + words + `</blockquote>`,
			true, true},
		"the subject says so": {"Re: Question", "", `<p>Yes.</p><blockquote type="cite">` + words +
			`</blockquote>`, false, true},
		"introduced": {"Question", "",
			`<p>Yes.</p><p>On 2 Mar 2026, at 10:00, Shop &lt;help@shop.example&gt; wrote:</p><blockquote type="cite">` +
				words + `</blockquote>`, false, true},
		"introduced inside": {"Question", "",
			`<p>Yes.</p><blockquote type="cite"><p>On 2 Mar 2026, at 10:00, Shop &lt;help@shop.example&gt; wrote:</p>` +
				words + `</blockquote>`, false, true},
		"gmail's container": {"Question", "",
			`<p>Yes.</p><div class="gmail_quote"><div class="gmail_attr">On 2 Mar 2026 Shop wrote:</div><blockquote ` +
				`class="gmail_quote">` + words + `</blockquote></div>`, false, true},
		"a client's mark": {"Question", "", `<p>Yes.</p><div class="yahoo_quoted"><blockquote type=cite>` +
			words + `</blockquote></div>`, false, true},
		"text, the subject says so": {"Re: Question", "Yes.\n\n> " + words + "\n> and more\n", "", false, true},
	} {
		t.Run(name, func(t *testing.T) {
			p := Source{Subject: c.subject, Text: c.text, HTML: c.html, Opens: !c.answers}.Split()
			if got := !strings.Contains(p.Visible, words); got != c.quoted {
				t.Errorf("quoted %v; visible:\n%s\nrules %q", got, p.Visible, p.Rules)
			}
			if c.html != "" && strings.Contains(p.VisibleHTML, words) == c.quoted && p.VisibleHTML != "" {
				t.Errorf("visible html: %s", p.VisibleHTML)
			}
		})
	}
}

// Which body says more, not which is longer.
func TestTheBodyThatSaysMore(t *testing.T) {
	const body = "<p>Hello,</p><p>where is order 4711? Please send it to 5 Mill Lane, Leeds.</p>"
	for name, c := range map[string]struct{ text, html, want, not string }{
		"null":                 {"null", body, "5 Mill Lane", "null"},
		"undefined":            {"undefined\n", body, "5 Mill Lane", "undefined"},
		"a placeholder":        {"{{content}}", body, "5 Mill Lane", "content"},
		"another":              {"%%plain_text%%", body, "5 Mill Lane", "plain"},
		"false":                {"False", body, "5 Mill Lane", "False"},
		"zero width":           {"\u200b\u200b\n\u00a0", body, "5 Mill Lane", ""},
		"zero width, one word": {"\ufeff", "<p>Yes</p>", "Yes", ""},
		"one word":             {"null", "<p>Yes</p>", "Yes", "null"},
		"the browser": {"View this email in your browser: https://v.example/1", body, "5 Mill Lane",
			"browser"},
		"the browser, German": {"Diese E-Mail im Browser ansehen", body, "5 Mill Lane", "Browser"},
		"an advert": {"Get our app and save 20% today! https://app.example/get", body, "5 Mill Lane",
			"save"},
		"an app's signature": {"-- \nSent with ProtonMail", body, "5 Mill Lane", "Proton"},
		"a telephone's line": {"Sent from my iPhone", body, "5 Mill Lane", "iPhone"},
		"a notice": {"This is an HTML message. Please use an HTML capable mail program to read\nthis " +
			"message.", "<p>Hello,</p><p>I send this message because order 4711 is late.</p>", "4711 is late",
			"capable"},
		"a notice, Spanish": {"Para ver este mensaje use un programa de correo compatible", body, "5 Mill Lane",
			"compatible"},
		"the first half": {"Hello,\nwhere is order 4711?\n", body, "5 Mill Lane", ""},
		"the first line": {"Hello,", body, "5 Mill Lane", ""},
		"cut in a word": {"Hello,\nwhere is order 4711? Please send it to 5 M",
			"<p>Hello,</p><p>where is order 4711? Please send it to 5 Mill Lane, Leeds.</p><p>Ring when you come.</p>",
			"Ring when", ""},
		"an item is missing": {"I need:\n* a cup\n",
			"<p>I need:</p><ul><li>a cup</li><li>a big blue plate</li></ul>", "big blue plate", ""},
		"no blanks":           {"noblanks", "<p>请寄到北京路五号</p>", "北京路五号", "noblanks"},
		"the half, no blanks": {"你好，订单还没有到。", "<p>你好，订单还没有到。</p><p>请寄到北京路五号</p>", "北京路五号", ""},
		"the same": {"Hello,\n\nwhere is *order 4711*?\n\n1) cup\n2) plate\n",
			"<p>Hello,</p><p>where is <b>order 4711</b>?</p><ol><li>cup</li><li>plate</li></ol>", "*order 4711*", ""},
		"links": {"See here <https://shop.example/a?b=c> please, and there [1]\n\n[1] " +
			"https://shop.example/d\n",
			`<p>See <a href="https://shop.example/a?b=c">here</a> please, and <a ` +
				`href="https://shop.example/d">there</a></p>`, "[1]", ""},
		"an image's name": {"See the photo\n[image: cup.jpg]\nand tell me.",
			`<p>See the photo</p><img src="cid:1"><p>and tell me.</p>`, "[image: cup.jpg]", ""},
		"the text says more": {"Hello,\nwhere is order 4711?\nPlease send it to 5 Mill Lane.\n",
			"<p>Hello,</p><p>where is order 4711?</p>", "5 Mill Lane", ""},
		"the html is a scanner": {"Hello,\nwhere is order 4711? " +
			strings.Repeat("I have been waiting for so long now. ", 6), "<p>Scanned by X</p>", "order 4711", ""},
		"fine print in one": {"Where is *order 4711*, please?",
			"<p>Where is <b>order 4711</b>, please?</p><p>ACME Ltd, registered office London. This mail is " +
				"confidential.</p>", "*order 4711*", "ACME"},
		"a key in the quote": {"Here is the *log* that I got:\n\nkey " +
			"h=XW0ivGr98fR0H6N7ELZO09EwBcQqHZi5UI2Nh7U1NT7S7\n9GidnW3GKKdcULFK1tmDvRGElcMNUTtLFK2YARRjxI0pEg64Iod8\n",
			"<p>Here is the <b>log</b> that I got:</p><p>key " +
				"h=XW0ivGr98fR0H6N7ELZO09EwBcQqHZi5UI2Nh7U1<br>NT7S79GidnW3GKKdcULFK1tmDvRGElcMNUTtLFK2<br>YARRjxI0pEg64Iod8</p>", "*log*", ""},
		"hidden": {"Where is order 4711?",
			`<div style="display:none">a preview that nobody sees anywhere</div><p>Where is order 4711?</p>`,
			"order 4711", "preview"},
		"a hyphen at the end": {"Where is my re-\nfrigerator, order 4711, that I paid for?\n",
			"<p>Where is my refrigerator, order 4711, that I paid for?</p>", "re-", ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := Split("Order", c.text, c.html)
			if !strings.Contains(p.Visible, c.want) || c.not != "" && strings.Contains(p.Visible, c.not) {
				t.Errorf("visible:\n%s\nrules %q", p.Visible, p.Rules)
			}
		})
	}
}
