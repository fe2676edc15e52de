package letters_test

import (
	"bytes"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/letters"
)

var mailtoLink = regexp.MustCompile(`mailto:[^"<> \n]+`)

func digestWriter(t *testing.T) letters.Writer {
	t.Helper()
	keys, err := replyaddr.NewKeyring(0, map[uint8][]byte{0: bytes.Repeat([]byte("k"), 32)})
	if err != nil {
		t.Fatal(err)
	}
	return letters.Writer{Keys: keys, Now: time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC), Settings: &desk.Settings{
		Mailboxes: []desk.Mailbox{{ID: "support", Name: "Shop", Address: "support@shop.example", ReplyBase: "@reply.shop.example", Language: "en"}},
		Agents:    []desk.Agent{{ID: "anna", Name: "Anna", Addresses: []string{"anna@team.example"}}}, Notifications: desk.NotificationPolicy{Most: 3, Window: 10 * time.Minute}}}
}

func digestItem(t *testing.T, n byte, seq int, s desk.Summary) desk.OutboxItem {
	t.Helper()
	id, err := desk.NewConversationID(bytes.NewReader(bytes.Repeat([]byte{n}, 7)))
	if err != nil {
		t.Fatal(err)
	}
	return desk.OutboxItem{ID: desk.DerivedID("d", string(n), s.From), Kind: desk.OutboxNotification, Agent: "anna", Conversation: id, Sequence: seq,
		Mailbox: "support", Summary: s, Created: time.Date(2026, 3, 2, 9, 20, 0, 0, time.UTC)}
}

func TestDigestAnswersEachConversation(t *testing.T) {
	w := digestWriter(t)
	items := []desk.OutboxItem{
		digestItem(t, 1, 1, desk.Summary{From: "Erika", Subject: "My pump", FirstLines: "It leaks."}),
		digestItem(t, 2, 4, desk.Summary{From: "João <b>", Subject: "Ölwechsel & \"more\"", FirstLines: "<script>alert(1)</script>"}),
		digestItem(t, 1, 2, desk.Summary{From: "Erika", Subject: "My pump", FirstLines: "Still."}),
	}
	ready, err := w.Digest("0123", w.Settings.Agents[0], items)
	if err != nil {
		t.Fatal(err)
	}
	m := email.Read(ready.Raw, "")
	if m.Subject != "3 new messages in 2 conversations" || ready.Item.Kind != desk.OutboxDigest || ready.Item.To[0] != "anna@team.example" || !m.Automatic.Automatic() {
		t.Errorf("%q %+v", m.Subject, ready.Item)
	}
	if strings.Contains(m.HTML, "<script>") || strings.Count(m.PlainText, "It leaks.") != 1 || !strings.Contains(m.PlainText, "Still.") {
		t.Errorf("text %s\nHTML %s", m.PlainText, m.HTML)
	}
	links := mailtoLink.FindAllString(m.PlainText, -1)
	if len(links) != 2 {
		t.Fatalf("links %q in\n%s", links, m.PlainText)
	}
	for i, last := range []desk.OutboxItem{items[2], items[1]} {
		u, err := url.Parse(links[i])
		if err != nil {
			t.Fatal(err)
		}
		text, _, ok := replyaddr.Find([]string{"@reply.shop.example"}, u.Opaque)
		token, err := w.Keys.Open(text, w.Now)
		token.Mailbox = last.Mailbox
		if !ok || err != nil || token.Purpose != replyaddr.Agent || token.Conversation != string(last.Conversation) ||
			int(token.LastSeen) != last.Sequence || !token.IsFor(w.Keys, "anna") {
			t.Errorf("link %s is %+v, %v", links[i], token, err)
		}
		if s := u.Query().Get("subject"); s != "Re: ["+last.Conversation.Reference()+"] "+last.Summary.Subject {
			t.Errorf("its subject is %q", s)
		}
	}
}

func TestDigestOfNobodyIsRefused(t *testing.T) {
	w := digestWriter(t)
	if _, err := w.Digest("1", desk.Agent{ID: "x"}, []desk.OutboxItem{{}}); !desk.IsPermanent(err) {
		t.Errorf("an agent without an address: %v", err)
	}
	if _, err := w.Digest("1", w.Settings.Agents[0], nil); !desk.IsPermanent(err) {
		t.Errorf("no message: %v", err)
	}
}
