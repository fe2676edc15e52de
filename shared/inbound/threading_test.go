package inbound_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
)

func TestOddCasesOfThreading(t *testing.T) {
	w := newWorld(t)
	w.Settings.SubjectWindow = 14 * 24 * time.Hour
	first := w.receive(erika)
	reply := func(m mail) (desk.Inbound, string) {
		m.from = "erika@customer.example"
		in := w.receive(m)
		ms := w.messages(in.Conversation)
		return in, ms[len(ms)-1].Evidence.Rule
	}
	refs := "<first@customer.example>"
	for i := range 200 {
		refs += fmt.Sprintf(" <r%d@elsewhere.example>", i)
	}
	if in, rule := reply(mail{subject: "Other", id: "long@customer.example", references: refs,
		body: "a"}); in.Conversation != first.Conversation || rule != desk.EvidenceMessageID {
		t.Errorf("200 references: %s", rule)
	}
	if in, _ := reply(mail{subject: "Quite another thing", id: "first@customer.example", body: "b"}); in.Conversation ==
		first.Conversation {
		t.Error("a reused Message-ID joined")
	}
	if in, rule := reply(mail{subject: "AW: " + strings.ToUpper(erika.subject), id: "s@customer.example",
		body: "c"}); in.Conversation != first.Conversation || rule != desk.EvidenceSubject {
		t.Errorf("the same subject: %s", rule)
	}
	if in := w.receive(mail{from: "mallory@elsewhere.example", subject: "Re: " + erika.subject,
		id: "m@elsewhere.example", body: "d"}); in.Conversation == first.Conversation {
		t.Error("a stranger joined by the subject")
	}
	w.At(w.Now().Add(15 * 24 * time.Hour))
	if in, _ := reply(mail{subject: "Re: " + erika.subject, id: "late@customer.example", body: "e"}); in.Conversation ==
		first.Conversation {
		t.Error("the subject counted after its window")
	}
}
