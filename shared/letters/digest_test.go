package letters_test

import (
	"bytes"
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/orders"
)

var mailtoLink = regexp.MustCompile(`mailto:[^"<> \n]+`)

func digestWriter(t *testing.T) letters.Writer {
	t.Helper()
	keys, err := replyaddr.NewKeyring(0, map[uint8][]byte{0: bytes.Repeat([]byte("k"), 32)})
	if err != nil {
		t.Fatal(err)
	}
	return letters.Writer{Keys: keys, Now: time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC), Settings: &desk.Settings{
		Mailboxes: []desk.Mailbox{{ID: "support", Name: "Shop", Address: "support@shop.example",
			ReplyBase: "@reply.shop.example", Language: "en"}},
		Agents:        []desk.Agent{{ID: "anna", Name: "Anna", Addresses: []string{"anna@team.example"}}},
		Notifications: desk.NotificationPolicy{Most: 3, Window: 10 * time.Minute}}}
}

func digestItem(t *testing.T, n byte, seq int, s desk.Summary) desk.OutboxItem {
	t.Helper()
	id, err := desk.NewConversationID(bytes.NewReader(bytes.Repeat([]byte{n}, 7)))
	if err != nil {
		t.Fatal(err)
	}
	return desk.OutboxItem{ID: desk.DerivedID("d", string(n), s.From), Kind: desk.OutboxNotification, Agent: "anna",
		Conversation: id, Sequence: seq,
		Mailbox: "support", Summary: s, Created: time.Date(2026, 3, 2, 9, 20, 0, 0, time.UTC)}
}

// rush are mails of one quarter of an hour: most ask where their parcel is, some
// say more, and colleagues wrote as well.
func rush(t *testing.T) (items []desk.OutboxItem) {
	offer := desk.Offer{Number: 1, Article: "parcel", Title: "Where is my parcel?",
		Why: "Fits well: sent for 14 of 20 such mails.", Text: parcelText, Likely: 0.93, Language: "en"}
	other := desk.Offer{Number: 2, Article: "exchange", Title: "Exchanging a lamp", Why: "Likely.",
		Text: "Send it back, and we exchange it.", More: 3, Likely: 0.7, Language: "en"}
	for i, m := range []struct {
		from, subject, text string
		offer               desk.Offer
	}{
		{"Nora Feld", "Lamp", "Where is my parcel? And the lamp of last week smells burnt.", offer},
		{"Paul Adler", "My parcel",
			"Hello, where is my parcel? The tracking page has not moved since Monday. Paul Adler", offer},
		{"Mia Stern", "Order 20913", "Where is my parcel? The tracking page has not moved since Monday.", offer},
		{"Jon Reyes", "Parcel", "My parcel has not moved for days, says the tracking page. Where is it?", offer},
		{"Zoé Lambert", "Colis",
			"Bonjour, où est mon colis ? Le suivi de la commande ne bouge plus depuis lundi et je suis inquiète.",
			offer},
		{"Rita Voss", "Parcel", "Where is my parcel? It is a birthday present for tomorrow.", offer},
		{"Eva Novak", "Second time", "I ask for the second time: where is my parcel?", offer},
		{"Tom Barker", "Where is it", "Where is my parcel? No movement on the tracking page since Monday.", offer},
		{"Ivo Kern", "Wrong colour", "The lamp in the box is green. I want blue.", other},
		{"Lars Holm", "Parcel 20877", "Where is my parcel, order 20877? No tracking for days.", offer},
	} {
		items = append(items, digestItem(t, byte(i+1), 1,
			desk.Summary{From: m.from, Subject: m.subject, FirstLines: m.text, Said: m.text, Kind: "waits", Alone: true,
				Offer: m.offer}))
	}
	again := digestItem(t, 4, 2, desk.Summary{From: "Jon Reyes", Subject: "Parcel", FirstLines: "It came!",
		Said: "It came!", Kind: "waits"})
	items = append(items, again,
		digestItem(t, 40, 3, desk.Summary{From: "Ben Okafor", Subject: "Invoice", FirstLines: "Here it is.",
			Kind: "colleague"}),
		digestItem(t, 41, 3, desk.Summary{From: "Clara Hoff", Subject: "Hum", FirstLines: "Thank you!",
			Kind: "thanks"}))
	return items
}

// Who asks the same stands together with one answer for all; whoever says more is
// listed first and left out of it; what is nobody's turn stands last.
func TestADigestPutsTogetherWhoAsksTheSame(t *testing.T) {
	w := digestWriter(t)
	ready, q, err := w.Digest("0123", w.Settings.Agents[0], rush(t))
	golden(t, "digest", ready, err)
	text := ready.Letter.Text
	_, list, _ := strings.Cut(text, "needs a look")
	if list == "" {
		_, list, _ = strings.Cut(text, "need a look:")
	}
	look, list, _ := strings.Cut(list, "ask the same:")
	same, rest, ok := strings.Cut(list, "Nothing to do:")
	for name, part := range map[string]string{"Nora Feld": look, "Rita Voss": look, "Eva Novak": look, "Ivo Kern": look,
		"Jon Reyes": look, "Zoé Lambert": look,
		"Paul Adler": same, "Mia Stern": same, "Tom Barker": same, "Lars Holm": same, "Ben Okafor": rest,
		"Clara Hoff": rest} {
		if !ok || !strings.Contains(part, ". "+name) {
			t.Errorf("%s stands elsewhere in\n%s", name, text)
		}
	}
	if len(q.Listed) != 12 || q.Kind != desk.ConfirmDigest || q.Agent != "anna" {
		t.Fatalf("%+v", q)
	}
	common := 0
	for i, l := range q.Listed {
		name := rush(t)
		sign := desk.DigestSign(i) + ". "
		at := strings.Index(text, "\n"+sign)
		line, _, _ := strings.Cut(text[at+1+len(sign):], ",")
		for _, item := range name {
			if item.Conversation == l.Conversation && item.Summary.From != line {
				t.Errorf("%s is %s, and stands for the mail of %s", sign, line, item.Summary.From)
			}
		}
		if l.Common > 0 {
			common++
			if l.Common != 1 || l.Offered != 1 {
				t.Errorf("%+v", l)
			}
		}
	}
	if common != 4 {
		t.Errorf("%d get the answer", common)
	}
	if !strings.Contains(text, "F.") || strings.Contains(text, "\nI. ") || strings.Contains(text, "\nO. ") {
		t.Error("letters that look like digits")
	}
}

// A tap is a mail of one word to the digest's own address, which is no customer's.
func TestATapInADigest(t *testing.T) {
	w := digestWriter(t)
	ready, q, err := w.Digest("0123", w.Settings.Agents[0], rush(t))
	if err != nil {
		t.Fatal(err)
	}
	m := email.Read(ready.Raw, "")
	links := mailtoLink.FindAllString(html.UnescapeString(m.HTML), -1)
	if len(links) != len(q.Listed)+1 || strings.Contains(m.PlainText, "mailto:") {
		t.Fatalf("%d links: %q", len(links), links)
	}
	for _, link := range links {
		u, err := url.Parse(link)
		if err != nil {
			t.Fatal(err)
		}
		text, _, ok := replyaddr.Find([]string{"@reply.shop.example"}, u.Opaque)
		token, err := w.Keys.Open(text, w.Now)
		token.Mailbox = "support"
		if !ok || err != nil || token.Purpose != replyaddr.Confirm || token.Conversation != q.ID ||
			!token.IsFor(w.Keys, "anna") || u.Opaque != m.ReplyTo[0].Address {
			t.Errorf("link %s is %+v, %v", link, token, err)
		}
		o, err := orders.ReadDigest(u.Query().Get("body"), len(q.Listed), 1)
		if err != nil || len(o.Answers)+len(o.Fetch) != 1 {
			t.Errorf("%q asks for %+v, %v", u.Query().Get("body"), o, err)
		}
	}
	if m.ReplyTo[0].Name != "Shop: 1 or a letter" {
		t.Errorf("a phone shows %q", m.ReplyTo[0].Name)
	}
}

// What strangers write breaks no digest, and stands only in quotation marks.
func TestADigestOfStrangersWords(t *testing.T) {
	w := digestWriter(t)
	items := []desk.OutboxItem{
		digestItem(t, 1, 1, desk.Summary{From: "Erika", Subject: "My pump", FirstLines: "It leaks.", Kind: "waits"}),
		digestItem(t, 2, 4, desk.Summary{From: "João <b>", Subject: "Ölwechsel & \"more\"",
			FirstLines: "<script>alert(1)</script>"}),
		digestItem(t, 1, 2, desk.Summary{From: "Erika", Subject: "My pump", FirstLines: "Still.", Kind: "waits"}),
	}
	ready, _, err := w.Digest("0123", w.Settings.Agents[0], items)
	golden(t, "digest-few", ready, err)
	m := email.Read(ready.Raw, "")
	if m.Subject != "3 new messages in 2 conversations" || ready.Item.Kind != desk.OutboxDigest ||
		ready.Item.To[0] != "anna@team.example" || !m.Automatic.Automatic() {
		t.Errorf("%q %+v", m.Subject, ready.Item)
	}
	if strings.Contains(m.HTML, "<script>") || strings.Count(m.PlainText, "“It leaks.”") != 1 ||
		strings.Count(m.PlainText, "“Still.”") != 1 {
		t.Errorf("text %s\nHTML %s", m.PlainText, m.HTML)
	}
}

func TestDigestOfNobodyIsRefused(t *testing.T) {
	w := digestWriter(t)
	if _, _, err := w.Digest("1", desk.Agent{ID: "x"}, []desk.OutboxItem{{}}); !desk.IsPermanent(err) {
		t.Errorf("an agent without an address: %v", err)
	}
	if _, _, err := w.Digest("1", w.Settings.Agents[0], nil); !desk.IsPermanent(err) {
		t.Errorf("no message: %v", err)
	}
}
