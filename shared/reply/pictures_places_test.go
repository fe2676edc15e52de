package reply_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
)

// Where pictures stand that is easily misread: below the leave, twice, alone above a
// card, with a description that the two parts of the mail break in other places. Each
// stands in the customer's mail where it was put, as a picture, and no logo comes along.
func TestPicturesInUnusualPlaces(t *testing.T) {
	inline := func(name, id string, data []byte) string {
		return part("Content-Type: image/png; name=\""+name+"\"\nContent-Disposition: inline; filename=\""+name+
			"\"\nContent-ID: <"+id+">", data)
	}
	drawn, card := inline("x.png", "x1", drawing), inline("logo.png", "l1", logo)
	const described = "A blue lamp&#10;&#10;AI-generated content may be incorrect."
	const signature = `<span class="gmail_signature_prefix">-- </span><br><div class="gmail_signature">Anna Winter` +
		`<br>+49 30 901820<br><img src="cid:l1"></div>`
	const signed = "\n-- \nAnna Winter\n+49 30 901820\n[image: logo.png]\n"
	for name, c := range map[string]struct {
		text, html string
		order      []string // in the HTML; "PICTURE" is the drawing
	}{
		"below the leave, above a card": {
			"See *below*.\n\nBest regards\nAnna\n[image: x.png]\n" + signed,
			`<div>See <b>below</b>.</div><div><br></div><div>Best regards</div><div>Anna</div><div><img src="cid:x1">` +
				`</div>` + signature, []string{"<b>below</b>", "Best regards", "Anna", "PICTURE"}},
		"below the leave, no card": {"See below.\n\nBest regards\nAnna\n",
			`<p>See <b>below</b>.</p><p>Best regards<br>Anna</p><p><img src="cid:x1" alt=""></p>`,
			[]string{"<b>below</b>", "Best regards", "Anna", "PICTURE"}},
		"twice": {"First:\n[image: x.png]\nand again:\n[image: x.png]\nNo more.\n",
			`<div>First:</div><div><img src="cid:x1" alt="x.png"></div><div>and again:</div><div><img src="cid:x1" ` +
				`alt="x.png"></div><div>No more.</div>`,
			[]string{"First", "PICTURE", "and again", "PICTURE", "No more."}},
		"alone above a card": {"[image: x.png]\n" + signed,
			`<div><img src="cid:x1" alt="x.png"></div>` + signature, []string{"PICTURE"}},
		"alone above a telephone's line": {"\uFFFC\n\nSent from my iPhone\n",
			`<div><img src="cid:x1"></div><div>Sent from my iPhone</div>`, []string{"PICTURE"}},
		"described, alone": {"[A blue lamp  AI-generated content may be incorrect.]\n",
			`<p><img src="cid:x1" alt="` + described + `"></p>`, []string{"PICTURE"}},
		"described, in one line": {
			"It is this one.\n[A blue lamp  AI-generated content may be incorrect.]\nTurn it.\n",
			`<p>It is <b>this</b> one.</p><p><img src="cid:x1" alt="` + described + `"></p><p>Turn it.</p>`,
			[]string{"<b>this</b>", "PICTURE", "Turn it."}},
		"described, in three lines": {
			"It is this one.\n[A blue lamp\n\nAI-generated content may be incorrect.]\nTurn it.\n",
			`<p>It is <b>this</b> one.</p><p><img src="cid:x1" alt="` + described + `"></p><p>Turn it.</p>`,
			[]string{"<b>this</b>", "PICTURE", "Turn it."}},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t)
			h.customerWrites()
			_, told := h.newest(desk.OutboxNotification, anna)
			h.Pass(time.Minute)
			quote := "On Mon, 2 Mar 2026 at 09:01, Erika Muster <" + support + "> wrote:"
			parts := []string{multipart("alternative", "a",
				textPart("text/plain", c.text+"\n"+quote+"\n\n"+marked(told.PlainText)+"\n"),
				textPart("text/html", c.html+`<br><div class="gmail_quote"><div class="gmail_attr">`+esc(quote)+
					`</div><blockquote class="gmail_quote">`+quoteHTML(told.PlainText)+`</blockquote></div>`)), drawn}
			if strings.Contains(c.html, "cid:l1") {
				parts = append(parts, card)
			}
			h.writes(anna, told, multipart("related", "r", parts...))
			_, m := h.newest(desk.OutboxAnswer, erika)
			if len(m.Attachments) != 1 || !bytes.Equal(m.Attachments[0].Content, drawing) ||
				!m.Attachments[0].Inline || !compose.Shows(m.HTML, m.Attachments[0].ContentID) {
				t.Fatalf("%d files, and the HTML says\n%s", len(m.Attachments), m.HTML)
			}
			own, _, _ := strings.Cut(m.HTML, "gmail_quote")
			for i, w := range c.order {
				if w == "PICTURE" {
					c.order[i] = `<img src="cid:` + m.Attachments[0].ContentID
				}
			}
			rest := own
			for _, w := range c.order {
				_, below, found := strings.Cut(rest, w)
				if !found {
					t.Fatalf("%q does not stand in its place:\n%s", w, own)
				}
				rest = below
			}
			for _, not := range []string{"901820", "iPhone", "AI-generated", "[x.png]", "[image"} {
				if strings.Contains(own, not) {
					t.Errorf("it says %q:\n%s", not, own)
				}
			}
		})
	}
}

// Where an answer's HTML cannot be cut as its text was, a picture that stands among
// its words is no picture of the quote: it comes along as a file.
func TestAPictureIsNotLostWithTheFormatting(t *testing.T) {
	h := open(t)
	h.customerWrites()
	_, told := h.newest(desk.OutboxNotification, anna)
	h.Pass(time.Minute)
	h.writes(anna, told, multipart("related", "r",
		multipart("alternative", "a", textPart("text/plain", "See the drawing of the lamp and turn the ring.\n"),
			textPart("text/html", `<p>See the drawing:</p><img src="cid:x1">`)),
		part("Content-Type: image/png; name=x.png\nContent-Disposition: inline; filename=x.png\nContent-ID: <x1>",
			drawing)))
	_, m := h.newest(desk.OutboxAnswer, erika)
	if len(m.Attachments) != 1 || !bytes.Equal(m.Attachments[0].Content, drawing) {
		t.Fatalf("%d files, and it says\n%s", len(m.Attachments), m.PlainText)
	}
}
