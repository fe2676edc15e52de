package orders_test

import (
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench/processor"
	"github.com/replywell/replywell/shared/orders"
)

// TestLeakMoreWays: what people wrote who had not read the rules. At the first try
// 33 of 141 went. The rules were changed for them, and the table learned words
// from them, so they measure nothing any more: they keep what was mended.
func TestLeakMoreWays(t *testing.T) {
	const (
		b = "he lies " + secret
		c = "difficult, careful " + secret
		A = "Hello Erika,\n\nThe lamp is on its way to you.\n\n"
	)
	for _, text := range []string{
		"fyi #note " + b, "ok #note " + b, "Thanks. #note " + b, "The lamp is on its way. Note for Ben: " + b,
		"The lamp is on its way. (internal: " + b + ")", "The lamp is on its way. [note: " + b + "]", A +
			"(internal: " + c + ")", A + "(note: " + b + ")", "--- internal below ---\n" + c, "=== INTERNAL ===\n" + c,
		A + "=== INTERNAL ===\n" + c, A + "----\nInternal: " + c, "<internal>" + c + "</internal>", "{{note}} " + c,
		"::note:: " + c, "note>> " + c, "NOTE TO BEN: " + c, "Ben pls see: " + c, "@BenOkafor " + c, "cc @Ben " + c,
		"#ben " + c, "hello @Ben, " + c, "ben?\n" + c, "Ben!\n" + c, "Note. " + c, "Notes: " + c, "interner hinweis: " +
			c, "nicht senden: " + c, "bitte nicht an den Kunden senden: " + c, "do not send this: " + c,
		"don't send! " + c, "#close #note " + c, "#note #close " + c, "close and note: " + c, "#send 1 #note " + c,
		"#assign ben " + secret, "#snooze 2d " + secret, "#spam " + secret, "#escalate: " + c, "#urgent " + c,
		"#wait " + c, "assign to ben " + secret, "assign to Ben: " + c, "please close, " + c, "Hi Erika,\n\n" +
			"internal " + c,
		A + "#internal " + c, A + "#intern\n" + c, A + "#private " + c, A + "INTERNAL " + c, A + "Internal note\n" + c,
		A + "note to self: " + c, A + "@Ben: " + c, A + "Ben, can you check? " + secret, A +
			"Ben can you check the stock " + secret + "?", A + "Hi Ben\n" + c, A + "*@Ben* " + c, A + "#note: " + c +
			"\n\nBest regards\nAnna", A + "\n\n#Note\n\n" + c, A + "...\n#note " + c, A + "# Note " + c, A + "##note " +
			c, A + "#note2 " + c, A + "#notes " + c, A + "# notes\n" + c, A + "note\n" + c, A + "NOTE\n" + c, "note\n" +
			c, "Note\n" + c, "NOTE\n\n" + c, "Notiz\n" + c, "Notiz für Ben\n" + c, A + "Notiz: die Kundin " + c, A +
			"PS for Ben: " + c, A + "PS @Ben " + c, "ps: Ben, " + c, "Q for Ben: " + c, "Question for the team: " + c,
		"Anyone? " + c, "Can somebody take this? " + secret, "who can take this? " + secret, "team?\n" + c, "guys, " +
			c, "Leute, " + c, "Kollegen, " + c, "Hallo zusammen,\nder Kunde " + c, "Hi all,\nthe customer " + c,
		"Hi everyone, he " + b, "customer is " + c, "cust is " + c, "Kunde: " + c, "customer: " + c, "Re customer: " +
			c, "about this customer: " + c, "she is my neighbour " + secret, "She's " + c, "he’s " + c,
		"dont tell her, " + c, "do not tell her " + secret, "Warning: customer is " + c, "Achtung, der Kunde " + c,
		"VIP! Erika is " + c, "Frau Muster ist " + c, "Erika ist " + c, "this one is crazy " + secret, "#note\u00a0" +
			c, "#\u00a0note " + c, "#.note " + c, "#\"note\" " + c, "#'note " + c, "#(note) " + c, "#note\t" + c,
		"ﾉｰﾄ " + c, "#n0te " + c, "#nöte " + c, "#noté " + c, "#nоte " + c, "#not e " + c, "#n ote " + c, "# n o t e " +
			c, "#NoTe " + c, "#NOTIZ " + c, "#anmerkung " + c, "#vermerk " + c, "#hinweis " + c, "#kommentar " + c,
		"#nota " + c, "#anotação " + c, "#opmerking " + c, "#uwaga " + c, "#примечание " + c, "#ملاحظة " + c, "#הערה " +
			c, "#备注 " + c, "#메모 " + c, "#社内 " + c, "#社内メモ " + c, "＃メモ " + c, "#memo: " + c,
	} {
		r, err := orders.Read(orders.Mail{Text: text}, around)
		if left := gone(r, err); strings.Contains(left, secret) {
			t.Errorf("%q leaves %q", text, left)
		}
	}
	for _, text := range []string{"close, she is happy now", "closing this", "Close it, thanks Ben", "ok close",
		"can be closed", "send the first one", "nr 1", "no. 1", "#1 please", "1!!", "1️⃣", "①", "yes send 1", "#sned1",
		"# 1", "#send-1", "send 1 (the return one)", "#send 1 for her",
		"Sende Antwort 1", "Ticket schließen", "kann zu", "1 thx", "1 + close", "send both", "#?", "#", "send",
		"merge 1", "add eva@x.example", "answer", "release", "send anyway", "pls handle", "please handle", "#spam",
		"#assign ben", "#snooze 2d", "#done", "#reopen", "?"} {
		r, err := orders.Read(orders.Mail{Text: text}, around)
		if left := gone(r, err); strings.TrimSpace(left) != "" {
			t.Errorf("%q leaves %q", text, left)
		}
	}
}

// TestReaderHasABound: time is linear in the mail, whatever it is made of.
func TestReaderHasABound(t *testing.T) {
	for _, piece := range []string{"#note x\n", "x. (internal: y) ", "# x\n", "note: he lies\n\n", "@ben @ben ",
		"Hi Ben,\n", "\\#x ", "#a#b#c ", "1 ", "send 1\n\n", "```\n", "\u200f\u200f", "he she "} {
		measure := func(size int) time.Duration {
			text := strings.Repeat(piece, size/len(piece))
			least := time.Hour
			for range 3 {
				begun := processor.Time()
				_, _ = orders.Read(orders.Mail{Text: text}, around)
				least = min(least, processor.Time()-begun)
			}
			return least
		}
		short, long := measure(20_000), measure(200_000)
		if long > 2*time.Second {
			t.Errorf("20 kB of %q take %v, 200 kB %v", piece, short, long)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"#note x", "Hi Erika,\n\n#ntoe y", "\\#note", "# note\n", "1", "note: he", "@Ben x",
		"> #note\n#close", "```\n#note\n```", "\u200f#note", "A.\n\n#note b", "[internal] (note: he)", "hash note",
		"# n o t e x"} {
		f.Add(s, "<p>"+s+"</p>", s, s)
	}
	f.Fuzz(func(t *testing.T, text, html, aside, subject string) {
		r, err := orders.Read(orders.Mail{Text: text, HTML: html, Aside: aside, Subject: subject, Of: "x"}, around)
		if err != nil {
			return
		}
		if r.Doubt != nil && (r.Doubt.Why == "" || (r.Doubt.Meant == "") != (r.Doubt.Yes == nil)) {
			t.Errorf("a doubt without a reason or a reading: %+v", r.Doubt)
		}
		for _, l := range strings.Split(gone(r, err), "\n") {
			if orders.IsOrder(l) && !strings.HasPrefix(l, "    ") && !strings.Contains(text, "```") &&
				!strings.Contains(text, "\t") {
				escaped := false
				for _, s := range r.Signs {
					escaped = escaped || strings.TrimSpace(l) == s
				}
				if !escaped && strings.HasPrefix(strings.TrimSpace(l), "#note") {
					t.Errorf("the order %q is left in %q", l, text)
				}
			}
		}
	})
}
