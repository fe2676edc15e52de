package inbound_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
)

// TestAttack08OnlyTheReceivingServiceIsBelieved: demand 8. What a mail says of itself,
// "X-SES-Virus-Verdict: PASS", counts for nothing.
func TestAttack08OnlyTheReceivingServiceIsBelieved(t *testing.T) {
	attacks(t,
		attack{"virus and spam", "somebody with a virus", "that an agent opens it",
			"what the receiving service calls a virus or spam is held, also in an agent's name", func(s *scene) {
				b := s.begin()
				for _, change := range []func(*desk.Verdicts){func(v *desk.Verdicts) { v.Virus = desk.VerdictFail },
					func(v *desk.Verdicts) { v.Spam = desk.VerdictFail }} {
					v := bench.Trusted
					change(&v)
					if told := s.held(s.arrive(letter{from: mallory, verdict: &v,
						headers: "X-SES-Virus-Verdict: PASS\n",
						body:    "See attached."})); len(told) > 0 {
						s.Error("somebody was told")
					}
					l := answer(anna, b.anna, "See attached.")
					l.verdict = &v
					s.held(s.arrive(l))
				}
			}},
	)
}

// shown gives all mails that a stranger's mail and an answer to it cause.
func shown(s *scene, l letter) (out []bench.Sent) {
	s.arrive(l)
	told := s.Sent()
	if len(told) == 0 {
		s.Fatal("nobody was told")
	}
	s.arrive(answer(anna, s.sentTo(anna, told), "We look into it."))
	return append(told, s.Sent()...)
}

// script expects that nothing of it is alive in any of those mails.
func script(l letter) func(*scene) {
	return func(s *scene) {
		for _, m := range shown(s, l) {
			lower := strings.ToLower(m.Read.HTML)
			for _, live := range []string{"<script", "<img src=x", "<svg", "<iframe", "href=\"javascript:",
				"<img src=\"http", "<form", "url(http", "<link", "<meta http-equiv=\"refresh", "<style>@import"} {
				if strings.Contains(lower, live) {
					s.Errorf("a mail to %v holds %q:\n%s", m.To, live, m.Read.HTML)
				}
			}
		}
	}
}

// TestAttack10WhatStrangersWriteStaysText: demand 10. What strangers write stays text.
func TestAttack10WhatStrangersWriteStaysText(t *testing.T) {
	header := func(l letter) func(*scene) {
		return func(s *scene) {
			for _, m := range shown(s, l) {
				for _, f := range []string{"Bcc", "X-Evil", "Resent-To"} {
					if m.Read.Header.Has(f) {
						s.Errorf("a mail to %v has a field %s:\n%s", m.To, f, m.Raw)
					}
				}
				if len(m.To) != 1 || strings.Contains(m.To[0], "evil") {
					s.Errorf("a mail goes to %v", m.To)
				}
			}
		}
	}
	file := func(disposition string) letter {
		return letter{from: customer, headers: "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n",
			body: "--b\nContent-Type: text/plain\n\nSee the file.\n--b\nContent-Type: application/octet-stream\n" +
				"Content-Disposition: attachment; " + disposition + "\n\nx\n--b--"}
	}
	html := func(body string) letter {
		return letter{from: customer, headers: "MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n",
			body: "<p>Hello, my lamp is broken.</p>" + body}
	}
	who := "a stranger who writes as a customer"
	run, fields := "to run a script in an agent's mail program", "to add header fields and recipients to our mails"
	text, plain := "names, subjects and file names are escaped", "CR and LF end at the door: header values are one line"
	attacks(t,
		attack{"script in the subject", who, run, text,
			script(letter{from: customer, subject: "<svg/onload=alert(1)>", body: "Hello, my lamp is broken."})},
		attack{"script in a file name", who, run, text, script(file(`filename="<img src=x onerror=alert(1)>.png"`))},
		attack{"script in the text", who, run, text,
			script(letter{from: customer, body: "<script>alert(1)</script> my lamp is broken"})},
		attack{"script in HTML", who, run, "HTML is read as text; what we send is our own",
			script(html(`<script>alert(1)</script><svg onload=alert(1)><a href="javascript:alert(1)">x</a><iframe ` +
				`src=x></iframe><form action=x></form><meta http-equiv="refresh" content="0">`))},
		attack{"remote image", who, "to see when and where an agent reads", "nothing remote is shown",
			script(html(`<img src="http://evil.example/t.gif"><div ` +
				`style="background:url(http://evil.example/u)">x</div><link rel=stylesheet ` +
				`href=http://evil.example/c><style>@import "http://evil.example/d";</style>`))},
		attack{"a link that says another site", who, "that an agent opens it for the team's own",
			"a stranger's link shows where it leads", func(s *scene) {
				for _, m := range shown(s, html(
					`<p><a href="https://evil.example/login">https://support.shop.example</a> and <a `+
						`href="https://support.shop.example@evil.example/x">our page</a></p>`))[:2] {
					if strings.Count(m.Read.HTML, "[evil.example]") != 2 {
						s.Errorf("a mail to %v does not show where its links lead:\n%s", m.To, m.Read.HTML)
					}
				}
			}},
		attack{"a page that passes for a picture", who, run, "a file is shown as a picture only if it is one",
			func(s *scene) {
				for _, m := range shown(s, letter{from: customer,
					headers: "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n",
					body: "--b\nContent-Type: text/html\n\n<p>See this.</p><img src=\"cid:x\">\n--b\nContent-Type: " +
						"image/png\nContent-ID: <x>\nContent-Disposition: inline; filename=x.png\n\n<html>" +
						"<script>alert(1)</script>\n--b--"})[:2] {
					if strings.Contains(m.Read.HTML, "<img") || strings.Contains(m.Read.HTML, "<script") {
						s.Errorf("a mail to %v shows it:\n%s", m.To, m.Read.HTML)
					}
				}
			}},
		attack{"line ends in the subject", who, fields, plain,
			header(letter{from: customer, subject: "=?utf-8?q?Lamp=0D=0ABcc:_all@evil.example=0D=0AX-Evil:_1?=",
				body: "My lamp is broken."})},
		attack{"line ends in the name", who, fields, plain,
			header(letter{from: "=?utf-8?b?RXJpa2ENCkJjYzogYWxsQGV2aWwuZXhhbXBsZQ0KWC1FdmlsOiAx?= <" + customer + ">",
				body: "My lamp is broken."})},
		attack{"line ends in a file name", who, fields, plain,
			header(file(`filename*=utf-8''lamp%0D%0ABcc:%20all@evil.example%0D%0AX-Evil:%201.png`))},
		attack{"line ends in an id", who, fields, plain,
			header(letter{from: customer, id: "a@b>\n\tBcc: all@evil.example\n\tX-Evil: 1 <c@d",
				body: "My lamp is broken."})},
		attack{"a name that looks like an address", who, "that an agent takes the mail for the team's own",
			"a name is shown without its @, beside the mailbox's", func(s *scene) {
				for _, m := range shown(s, letter{from: `"` + ben + `" <` + customer + `>`,
					body: "My lamp is broken."}) {
					if strings.Contains(m.Read.From.Name, "@") || m.Read.From.Address != support {
						s.Errorf("a mail comes from %s", m.Read.From)
					}
				}
			}},
		attack{"remote images in an agent's answer", "a tracker in an agent's signature", "to follow the customer",
			"an answer's HTML passes an allow-list", func(s *scene) {
				b := s.begin()
				l := answer(anna, b.anna, "")
				l.headers = "MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n"
				l.body = `<p onclick="x()">We send you a new <b>one</b> today.<img ` +
					`src="http://tracker.example/t.gif" ` +
					`width=1><script>x()</script></p>`
				s.arrive(l)
				out := s.Outside(s.Sent())
				if len(out) != 1 || strings.Contains(out[0].Read.HTML, "tracker") ||
					strings.Contains(out[0].Read.HTML, "x()") {
					s.Errorf("%d answers left", len(out))
				}
			}},
	)
}

// TestAttack11EveryPartOfAMailHasABound: demand 11. However large or crooked, a mail is kept,
// shown and bounded.
func TestAttack11EveryPartOfAMailHasABound(t *testing.T) {
	// kept expects that the mail opens a conversation, and that its raw bytes stay.
	kept := func(build func(s *scene) letter) func(*scene) {
		return func(s *scene) {
			in := s.arrive(build(s))
			if in.Outcome != desk.OutcomeThreaded {
				s.Fatalf("the mail is %q (%s)", in.Outcome, in.Reason)
			}
			if raw, err := s.Blobs.Get(s.Context(), in.Raw); err != nil || len(raw) != in.Size {
				s.Errorf("%d bytes of %d are kept: %v", len(raw), in.Size, err)
			}
			told := s.nothingLeaves()
			if len(told) != 2 {
				s.Errorf("%d agents were told, not 2", len(told))
			}
			for _, m := range told {
				if len(m.Raw) > 10<<20 {
					s.Errorf("the notification has %d bytes", len(m.Raw))
				}
			}
		}
	}
	who, wants, stops := "a stranger", "to use up memory or time, or to make a mail vanish",
		"each part of a mail has a bound; what is beyond it is kept raw"
	attacks(t,
		attack{"multiparts in multiparts", who, wants, stops, kept(func(*scene) letter {
			var b strings.Builder
			for i := range 500 {
				fmt.Fprintf(&b, "--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n", i, i+1)
			}
			return letter{from: customer, headers: "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b0\n",
				body: b.String() + "--b500\n\nMy lamp is broken.\n--b500--"}
		})},
		attack{"mails in mails", who, wants, stops, kept(func(*scene) letter {
			return letter{from: customer, headers: "MIME-Version: 1.0\nContent-Type: message/rfc822\n",
				body: strings.Repeat("From: x@elsewhere.example\nMIME-Version: 1.0\nContent-Type: message/rfc822\n\n",
					500) + "\nMy lamp is broken."}
		})},
		attack{"deep HTML", who, wants, stops, kept(func(*scene) letter {
			return letter{from: customer, headers: "MIME-Version: 1.0\nContent-Type: text/html\n",
				body: strings.Repeat("<div><table><tr><td>", 5000) + "My lamp is broken."}
		})},
		attack{"deep quotes", who, wants, stops, kept(func(*scene) letter {
			return letter{from: customer, body: "My lamp is broken.\n\n" +
				strings.Repeat(strings.Repeat(">", 400)+" x\n", 200)}
		})},
		attack{"thousands of addresses", who, "to write to many through us", "recipients are computed by us",
			kept(func(*scene) letter {
				return letter{from: customer, headers: "Cc: " + strings.Repeat("a@elsewhere.example,\n\t", 5000) +
					"b@elsewhere.example\n", body: "My lamp is broken."}
			})},
		attack{"thousands of references", who, wants, stops, kept(func(*scene) letter {
			return letter{from: customer, headers: "References: " + strings.Repeat("<x@elsewhere.example>\n\t", 3000) +
				"<y@elsewhere.example>\n", body: "My lamp is broken."}
		})},
		attack{"thousands of reply addresses", who, wants, stops, kept(func(s *scene) letter {
			l := letter{from: mallory, body: "My lamp is broken."}
			out := replyTo(s.answered(s.begin()))
			s.Sent()
			for i := range 1000 {
				l.tos = append(l.tos, out, fmt.Sprintf("support+%036d%02d@lantern.example", i, i%100))
			}
			return l
		})},
		attack{"an endless Message-ID", who, wants, stops, kept(func(*scene) letter {
			return letter{from: customer, id: strings.Repeat("x", 20000) + "@elsewhere.example",
				answers: strings.Repeat("y", 20000) + "@elsewhere.example", body: "My lamp is broken."}
		})},
		attack{"endless names", who, wants, stops, kept(func(*scene) letter {
			return letter{from: `"` + strings.Repeat("Erika ", 5000) + `" <` + customer + `>`,
				subject: strings.Repeat("lamp ", 20000), body: "My lamp is broken."}
		})},
	)
}
