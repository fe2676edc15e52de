package cloud

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/inbound"
)

// TestAttack14ASignedMailHandedInToSES: demand 14, by the inbound function's own handler. Whoever
// has a signed mail of an agent's to a list hands it in
// to SES with a reply address as its recipient. SES says that DMARC passes, and that SPF does, for his own domain.
func TestAttack14ASignedMailHandedInToSES(t *testing.T) {
	const anna, mallory = "anna@team.lantern.example", "mallory@evil.example"
	p := bench.NewPath(t)
	p.Arrive(bench.Arrival{From: "erika@customers.example", To: []string{"support@lantern.example"},
		Verdicts: bench.Trusted,
		Raw: "From: Erika <erika@customers.example>\nTo: support@lantern.example\nSubject: Lamp\nMessage-ID: " +
			"<1@customers.example>\n\nIt flickers.\n"})
	reply := ""
	for _, m := range p.Sent() {
		if m.To[0] == anna {
			reply = m.Read.ReplyTo[0].Address
		}
	}
	in := desk.Inbound{}
	h := Inbound{Bucket: "mail-bucket", Receive: func(ctx context.Context, d inbound.Delivery) (r desk.Inbound,
		err error) {
		in, err = p.Inbound.Receive(ctx, d)
		return in, err
	}}
	n := 0
	handIn := func(path, h1, to, spf, text string) desk.Inbound {
		t.Helper()
		n++
		key := "mail/" + strings.Repeat("x", n)
		raw := "DKIM-Signature: v=1; a=rsa-sha256; d=team.lantern.example; s=s; h=" + h1 + "; bh=x; b=y\r\nFrom: " +
			anna + "\r\nTo: " + to + "\r\nDate: Mon, 2 Mar 2026 10:00:00 +0000\r\nSubject: Re: Lamp\r\nMessage-ID: <" +
			key +
			"@team.lantern.example>\r\nContent-Type: text/plain\r\n\r\n" + text + "\r\n"
		if err := p.Blobs.Put(t.Context(), key, []byte(raw)); err != nil {
			t.Fatal(err)
		}
		body := noticeOf(t, func(n map[string]any) {
			n["mail"].(map[string]any)["source"] = path
			r := n["receipt"].(map[string]any)
			r["recipients"] = []any{reply}
			r["spfVerdict"], r["dkimVerdict"], r["dmarcVerdict"] = map[string]any{"status": spf},
				map[string]any{"status": "PASS"}, map[string]any{"status": "PASS"}
			action(n)["objectKey"] = key
		})
		if out, err := h.Handle(t.Context(), events.SQSEvent{
			Records: []events.SQSMessage{{MessageId: key, Body: body}}}); err != nil || len(out.BatchItemFailures) > 0 {
			t.Fatal(out, err)
		}
		return in
	}
	for _, tc := range []struct {
		name, path, covers, to, spf string
		want                        desk.Outcome
	}{
		{"to a list", mallory, "From:To:Subject", "list@lists.example", "PASS", desk.OutcomeHeld},
		{"to a list, and SES does not know", mallory, "From:To:Subject", "list@lists.example", "GRAY",
			desk.OutcomeHeld},
		{"in the agent's name, SPF fails", anna, "From:To:Subject", "list@lists.example", "FAIL", desk.OutcomeHeld},
		{"To is put in", mallory, "From:Subject:Date", reply, "PASS", desk.OutcomeHeld},
		{"the agent's own, as Microsoft 365 signs", anna, "From:Date:Subject:Message-ID:Content-Type", reply, "PASS",
			desk.OutcomeAgent},
		{"the agent's own, forwarded by a server", mallory, "From:To:Subject:Date", reply, "PASS", desk.OutcomeAgent},
	} {
		got := handIn(tc.path, tc.covers, tc.to, tc.spf, "We pay 500 for any lamp: "+tc.name+".")
		sent := p.Sent()
		if got.Outcome != tc.want {
			t.Errorf("%s: %s (%s)", tc.name, got.Outcome, got.Reason)
		}
		if tc.want == desk.OutcomeHeld && (len(p.Outside(sent)) > 0 || len(sent) != 1 || sent[0].To[0] != anna) {
			t.Errorf("%s: mail goes to %v", tc.name, bench.Recipients(sent))
		}
	}
}
