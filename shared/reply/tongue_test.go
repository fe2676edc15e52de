package reply_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
)

// The line above what is quoted is in the customer's language, its date too.
func TestTheQuoteLineFollowsTheCustomersLanguage(t *testing.T) {
	for _, c := range []struct{ body, line string }{
		{"Hello, the lamp I ordered arrived broken. What do I do?", "On 2 Mar 2026 at 10:00, Erika Muster wrote:"},
		{"Hallo, die Lampe ist kaputt angekommen. Was soll ich tun?", "Am 02.03.2026 um 10:00 schrieb Erika Muster:"},
		{"Bonjour, la lampe est arrivée cassée. Que dois-je faire ?", "Le 02/03/2026 à 10:00, Erika Muster a écrit :"},
		{"ランプが壊れて届きました。どうすればいいですか。", "2026/03/02 10:00、Erika Musterさんは書きました:"},
		{"Dzień dobry, lampa przyszła uszkodzona. Co mam zrobić?",
			"W dniu 02.03.2026 o 10:00 Erika Muster napisał(a):"},
		{"A lámpa törötten érkezett meg, nem ég. Mit csináljak?",
			"Erika Muster ezt írta (időpont: 2026.03.02. 10:00):"},
		{"20881", "On 2 Mar 2026 at 10:00, Erika Muster wrote:"},
	} {
		h := open(t)
		h.arrive(erika, support, "From: Erika Muster <"+erika+">\nTo: "+support+
			"\nSubject: 1\nMessage-ID: <q@customers.example>\nMIME-Version: 1.0\nContent-Type: text/plain; "+
			"charset=utf-8\n\n"+c.body+"\n")
		_, told := h.newest(desk.OutboxNotification, anna)
		h.Pass(time.Minute)
		h.arrive(anna, told.ReplyTo[0].Address, fmt.Sprintf(
			"From: Anna <%s>\nSubject: Re: x\nMessage-ID: <qa@team.example>\nIn-Reply-To: <%s>\n\nWe send a new one.\n",
			anna, told.MessageID))
		_, m := h.newest(desk.OutboxAnswer, erika)
		if flat := strings.Join(strings.Fields(m.PlainText), " "); !strings.Contains(flat, c.line) {
			t.Errorf("the answer to %q says:\n%s", c.body, m.PlainText)
		}
	}
}
