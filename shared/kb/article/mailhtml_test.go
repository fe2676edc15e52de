package article

import (
	"strings"
	"testing"
)

func TestMailHTMLReadsLikeMail(t *testing.T) {
	a := Article{Title: "T",
		Body: "## First\n\nOpen **your orders** at [the shop](https://shop.example/orders).\n\n1. Print it.\n2. " +
			"Bring it to\n   - a post office, or\n   - a shop\n\n![The label](https://shop.example/label.png) " +
			"![](https://shop.example/x.png)\n\n<script>alert(1)</script><b onclick=x>raw</b>\n\n| size | price |\n| " +
			"--- | --- |\n| A | 3 |\n\n[bad](javascript:alert(1))"}
	got := a.MailHTML()
	for _, want := range []string{"<p><strong>First</strong></p>", `<a href="https://shop.example/orders">the shop</a>`,
		"<ol>\n<li>", "<ul>\n<li>a post office, or</li>",
		`<a href="https://shop.example/label.png">The label</a>`,
		`<a href="https://shop.example/x.png">https://shop.example/x.png</a>`, "<td>A</td>"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	for _, bad := range []string{"<img", "<script", "onclick", "javascript:", "<h"} {
		if strings.Contains(got, bad) {
			t.Errorf("%q is in\n%s", bad, got)
		}
	}
	a.Body = "It costs ~~5~~ 7 euros, in ~5 to ~6 days.\n\n~~gone~~\n\n1. ~~no~~\n2. yes\n\n- [ ] print it\n- [x] " +
		"bring it\n- ~~keep it~~\n\n## ~~old~~"
	if got, want := a.MailText(), "It costs 7 euros, in ~5 to ~6 days.\n\n1. yes\n\n- print it\n- bring it"; got !=
		want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := a.MailHTML(), "<p>It costs  7 euros, in ~5 to ~6 days.</p>\n<ol>\n<li>yes</li>\n</ol>\n<ul>\n"+
		"<li>print it</li>\n<li>bring it</li>\n</ul>\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	a.Reply = "Just *this*."
	if got := a.MailHTML(); got != "<p>Just <em>this</em>.</p>\n" {
		t.Errorf("with a reply of its own: %q", got)
	}
}
