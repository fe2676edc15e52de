package inbound_test

import (
	"fmt"
	"testing"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/inbound"
)

// FuzzReceive: whatever bytes arrive, they are recorded, the bytes stay, and
// nobody but agents is written to.
func FuzzReceive(f *testing.F) {
	for _, m := range []mail{erika, dsn("a1@shop.example"), {},
		{from: "a@b, c@d", subject: "=?x?q?", headers: "Content-Type: multipart/mixed; boundary=\n",
			body: "--\n--\n"}} {
		f.Add([]byte(m.raw()), m.path, "support@shop.example")
	}
	f.Add([]byte("\x00\xff\r\n\r\n"), "<>", "support+aaaa@shop.example")
	f.Add([]byte{}, "", "")
	for _, system := range systems {
		m := passedMail(system, "Jo Fox <jo@fox.example>", "Flat 12", "jo1@fox.example", "first@customer.example",
			"Can I see it?")
		f.Add([]byte(m.raw()), m.path, "support@shop.example")
	}
	f.Fuzz(func(t *testing.T, raw []byte, path, recipient string) {
		w := newWorld(t)
		for try := range 2 {
			if err := w.Blobs.Put(t.Context(), "mail/x", raw); err != nil {
				t.Fatal(err)
			}
			in, err := w.Receive(t.Context(), inbound.Delivery{ID: "x", Raw: "mail/x", MailFrom: path,
				Recipients: []string{recipient}, ReceivedAt: w.Now(), Verdicts: pass, Size: len(raw)})
			if err != nil || in.Outcome == "" {
				t.Fatalf("try %d: %+v, %v", try, in, err)
			}
			if in.Outcome == desk.OutcomeParked {
				t.Fatalf("parked: %s", in.Reason)
			}
		}
		for _, o := range w.outbox() {
			if _, ok := w.Settings.AgentAt(o.To[0]); !ok || len(o.To) != 1 {
				t.Fatalf("a mail goes to %s", fmt.Sprint(o.To))
			}
		}
	})
}
