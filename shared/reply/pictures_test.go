package reply_test

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/compose"
)

// inPlace checks that a mail shows all that was written, in its order, with the
// picture between its neighbours, in the HTML and as a name in the text.
func inPlace(t *testing.T, m *email.Mail, w written, file string) {
	t.Helper()
	if w.picture {
		at := -1
		for i, a := range m.Attachments {
			if bytes.Equal(a.Content, drawing) {
				at = i
			}
		}
		if at < 0 || !m.Attachments[at].Inline || !compose.Shows(m.HTML, m.Attachments[at].ContentID) {
			t.Errorf("the picture does not stand in the HTML: %d files\n%s", len(m.Attachments), m.HTML)
			return
		}
		a := m.Attachments[at]
		if !strings.HasSuffix(a.ContentID, "lantern.example") {
			t.Errorf("its Content-ID is %q, none of ours", a.ContentID)
		}
		order(t, "HTML", m.HTML, w.before, w.bold, w.link, "cid:"+a.ContentID, w.after, w.name)
		if !strings.Contains(m.Header.Get("Content-Type")+partTypes(m), "multipart/related") {
			t.Errorf("no multipart/related: %s", partTypes(m))
		}
		if file == "" {
			file = a.Filename
		}
		order(t, "text", m.PlainText, w.before, w.bold, w.link, file+"]", w.after, w.name)
	}
	order(t, "HTML", m.HTML, w.said()...)
	order(t, "text", m.PlainText, w.said()...)
	for _, a := range m.Attachments {
		if bytes.Equal(a.Content, logo) {
			t.Error("the card's logo came along")
		}
	}
	for _, not := range []string{"901820", "Lantern Shop | Support", "iPhone", "Outlook for iOS", "data:image",
		"[image:", "[cid:", "image00"} {
		if strings.Contains(m.PlainText, not) && not != "image00" || strings.Contains(m.HTML, not) && not != "image00" {
			t.Errorf("it says %q:\n%s", not, m.PlainText)
		}
	}
}

func partTypes(m *email.Mail) string {
	var out []string
	for _, p := range m.Parts {
		out = append(out, p.ContentType)
	}
	return strings.Join(out, " ")
}

// order checks that words stand in a text, one after the other.
func order(t *testing.T, what, text string, words ...string) {
	t.Helper()
	flat, at := strings.Join(strings.Fields(text), " "), 0
	for _, w := range words {
		if w == "" {
			continue
		}
		i := strings.Index(flat[at:], esc(w))
		if j := strings.Index(flat[at:], w); i < 0 || j >= 0 && j < i {
			i = j
		}
		if i < 0 {
			t.Errorf("the %s does not say %q in its place:\n%s", what, w, text)
			return
		}
		at += i
	}
}

var letter = written{before: "Please look at the ring on the drawing, it must be", bold: "tight",
	items: []string{"turn it to the right", "wait for the click"},
	link:  "https://lantern.example/ring", after: "It is the brass part on the left.", leave: "Best regards",
	name: "Anna"}

// A picture in an answer stands in the customer's mail where the agent put it,
// with the formatting, the list and the link around it; the leave below it is no
// quote; and the company's card with its logo stays behind. From every client.
func TestPicturesInAnAnswerStandInPlace(t *testing.T) {
	for _, p := range programs {
		for _, card := range []bool{false, true} {
			t.Run(p.name+map[bool]string{true: ", card"}[card], func(t *testing.T) {
				h := open(t)
				h.customerWrites()
				_, told := h.newest(desk.OutboxNotification, anna)
				h.Pass(time.Minute)
				w := letter
				w.picture, w.card = true, card
				h.writes(anna, told, p.write(w, told.PlainText))
				_, m := h.newest(desk.OutboxAnswer, erika)
				inPlace(t, m, w, "")
				if formatted := p.name != "iPhone" && p.name != "Apple Mail, text and pictures"; formatted &&
					(!strings.Contains(m.HTML, "<b>tight</b>") ||
						!strings.Contains(m.HTML, "<li>wait for the click</li>")) {
					t.Errorf("the formatting is gone:\n%s", m.HTML)
				}
				if len(m.Attachments) != 1 {
					t.Errorf("%d files came along", len(m.Attachments))
				}
				if strings.Contains(m.PlainText, "Reply above") || strings.Contains(m.HTML, "Reply above") {
					t.Errorf("the notification came along:\n%s", m.PlainText)
				}
			})
		}
	}
}

// A command above an answer costs neither its formatting nor its pictures.
func TestPicturesBelowACommand(t *testing.T) {
	for _, p := range programs {
		if p.name == "iPhone" || p.name == "Apple Mail, text and pictures" {
			continue
		}
		t.Run(p.name, func(t *testing.T) {
			h := open(t)
			in := h.customerWrites()
			_, told := h.newest(desk.OutboxNotification, anna)
			h.Pass(time.Minute)
			w := letter
			w.picture, w.before = true, "COMMAND"
			h.writes(anna, told, recode(p.write(w, told.PlainText), "COMMAND", "#close\n\n"+letter.before,
				"#close<br><br>"+letter.before))
			_, m := h.newest(desk.OutboxAnswer, erika)
			w.before = letter.before
			inPlace(t, m, w, "")
			if !strings.Contains(m.HTML, "<b>tight</b>") || strings.Contains(m.HTML+m.PlainText, "#close") {
				t.Errorf("the HTML says:\n%s", m.HTML)
			}
			if c := h.conversation(in); c.State != desk.StateSolved {
				t.Errorf("the conversation is %s", c.State)
			}
		})
	}
}

// A customer's picture stands in the agents' mail where the customer put it.
func TestACustomersPicturesStandInPlace(t *testing.T) {
	for _, p := range programs {
		t.Run(p.name, func(t *testing.T) {
			h := open(t)
			w := letter
			w.picture, w.card = true, true
			h.arrive(erika, support, "From: Erika Muster <"+erika+">\nTo: "+support+
				"\nSubject: Broken lamp\nMessage-ID: <pic@customers.example>\nMIME-Version: 1.0\n"+p.write(w, ""))
			_, m := h.newest(desk.OutboxNotification, anna)
			w.leave, w.name = "", "" // set aside as the signature
			at := -1
			for i, a := range m.Attachments {
				if bytes.Equal(a.Content, drawing) {
					at = i
				}
			}
			if at < 0 || !compose.Shows(m.HTML, m.Attachments[at].ContentID) {
				t.Fatalf("the picture does not stand in the HTML, %d files:\n%s", len(m.Attachments), m.HTML)
			}
			order(t, "HTML", m.HTML, w.before, w.bold, w.link, "cid:"+m.Attachments[at].ContentID, w.after)
			order(t, "text", m.PlainText, w.before, w.bold, m.Attachments[at].Filename+"]", w.after)
			if strings.Contains(m.HTML, "data:image") {
				t.Error("a picture is written into the HTML, which clients do not show")
			}
			for _, marks := range []string{"[cid:", "[image:", "[lantern.example] <"} { // of programs, not of people
				if strings.Contains(m.PlainText, marks) {
					t.Errorf("the text says %s:\n%s", marks, m.PlainText)
				}
			}
		})
	}
}

// recode replaces words in the base64 text parts of a mail.
func recode(body, word, inText, inHTML string) string {
	blocks := strings.Split(body, "Content-Transfer-Encoding: base64\n\n")
	for i := 1; i < len(blocks); i++ {
		end := strings.Index(blocks[i], "\n--")
		if end < 0 {
			end = len(blocks[i])
		}
		content, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(blocks[i][:end], "\n", ""))
		if err != nil || !bytes.Contains(content, []byte(word)) {
			continue
		}
		with := inText
		if strings.Contains(blocks[i-1], "text/html") &&
			strings.LastIndex(blocks[i-1], "text/html") > strings.LastIndex(blocks[i-1], "text/plain") {
			with = inHTML
		}
		blocks[i] = base64.StdEncoding.EncodeToString(bytes.ReplaceAll(content, []byte(word), []byte(with))) + "\n" +
			blocks[i][end:]
	}
	return strings.Join(blocks, "Content-Transfer-Encoding: base64\n\n")
}

// What is easily lost: a photograph below the telephone's line, a picture that is
// the whole answer, and a card's logo that is no logo by its size.
func TestPicturesAreNotLost(t *testing.T) {
	photo := part("Content-Type: image/png; name=IMG_0412.png\nContent-Disposition: inline; filename=IMG_0412.png",
		drawing)
	inline := part("Content-Type: image/png; name=\"x.png\"\nContent-Disposition: inline; filename=\"x.png\"\n"+
		"Content-ID: <x1>", drawing)
	for name, body := range map[string]string{
		"below the telephone's line": multipart("mixed", "m",
			textPart("text/plain", "See the photo.\n\nBest regards\nAnna\n\nSent from my iPhone\n"), photo),
		"between leave and line": multipart("mixed", "m",
			textPart("text/plain", "See the photo.\n\nBest regards\nAnna\n"), photo,
			textPart("text/plain", "\n\nSent from my iPhone\n")),
		"in the signature's element": multipart("related", "r",
			textPart("text/html",
				`<div>See the photo.</div><div class="gmail_signature">Anna Winter<br>+49 30 901820<br><img `+
					`src="cid:x1"></div>`), inline),
		"alone": multipart("related", "r",
			multipart("alternative", "a", textPart("text/plain", "[image: x.png]\n"),
				textPart("text/html", `<div><img src="cid:x1" alt="x.png"></div>`)), inline),
		"alone, with no stand-in": multipart("related", "r",
			multipart("alternative", "a", textPart("text/plain", "\n"),
				textPart("text/html", `<div><img src="cid:x1"></div>`)), inline),
		"below one line's leave": multipart("related", "r",
			textPart("text/html",
				`<div>See the photo.</div><div>Best regards, Anna</div><div><img src="cid:x1"></div>`), inline),
	} {
		h := open(t)
		h.customerWrites()
		_, told := h.newest(desk.OutboxNotification, anna)
		h.Pass(time.Minute)
		h.writes(anna, told, body)
		_, m := h.newest(desk.OutboxAnswer, erika)
		found := false
		for _, a := range m.Attachments {
			found = found || bytes.Equal(a.Content, drawing)
		}
		if !found || strings.Contains(m.PlainText, "iPhone") || strings.Contains(m.PlainText, "901820") {
			t.Errorf("%s: %d files, and it says\n%s", name, len(m.Attachments), m.PlainText)
		}
	}
}

// A command above nothing but a leave sends no mail that takes leave.
func TestALeaveAloneIsNoAnswer(t *testing.T) {
	for _, leave := range []string{"Best regards,\nAnna", "Best regards, Anna",
		"Viele Grüße\nAnna\n\n-- \nAnna Winter\n+49 30 901820", "よろしくお願いいたします。\n田中",
		"Cordialement\nAnna\n\nEnvoyé de mon iPhone"} {
		h := open(t)
		in := h.customerWrites()
		h.agentAnswers(anna, "#close\n\n"+leave)
		h.none(desk.OutboxAnswer)
		if c := h.conversation(in); c.State != desk.StateSolved {
			t.Errorf("%q: the conversation is %s", leave, c.State)
		}
	}
}
