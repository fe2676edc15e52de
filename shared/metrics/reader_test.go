package metrics_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/metrics"
)

// Somebody who gets the report and is no agent replies to it: it opens no
// conversation, reaches nobody, and comes back to its author.
func TestAReplyToTheReportReachesNobody(t *testing.T) {
	const boss = "boss@lantern.example"
	p := bench.NewPath(t)
	s := *p.Settings
	s.Report.To = []string{boss, s.Agents[0].Addresses[0]}
	p.World.Settings = &s
	service := &metrics.Service{Home: p.Home()}
	p.Pass(9 * 24 * time.Hour)
	if err := service.PostLast(t.Context()); err != nil {
		t.Fatal(err)
	}
	reports := p.Sent()
	if len(reports) != 2 {
		t.Fatalf("reports to %v", bench.Recipients(reports))
	}
	for i, report := range reports {
		from := report.To[0]
		name, says := "Nobody reads replies", "Nobody reads replies to this mail."
		if from != boss { // an agent may ask what is behind a figure
			name, says = s.Mailboxes[0].Name+": #why and a number", "Nothing that you write here goes to a customer."
		}
		if !strings.HasPrefix(report.Read.ReplyTo[0].Name, name) ||
			!strings.Contains(strings.Join(strings.Fields(report.Read.PlainText), " "), says) {
			t.Errorf("the report does not say what a reply does: %v, %.60q", report.Read.ReplyTo, report.Read.PlainText)
		}
		// the second as a client that keeps to From
		for k, to := range []string{report.Read.ReplyTo[0].Address, s.Mailboxes[0].Address} {
			in := p.Arrive(bench.Arrival{From: from, To: []string{to}, Verdicts: bench.Trusted, Raw: fmt.Sprintf(
				"From: <%s>\nTo: <%s>\nSubject: Re: %s\nMessage-ID: <r%d%d@boss.example>\nIn-Reply-To: <%s>\n\nWhy "+
					"is Anna so slow? Fire her.\n", from, to, report.Read.Subject, i, k, report.Read.MessageID)})
			sent := p.Sent()
			if in.Outcome == desk.OutcomeThreaded || len(sent) != 1 || sent[0].To[0] != from ||
				!strings.Contains(sent[0].Read.PlainText, "Fire her") {
				t.Errorf("%s to %s: %s (%s), sent to %v", from, to, in.Outcome, in.Reason, bench.Recipients(sent))
			}
		}
	}
	// A vacation note of theirs is told to nobody.
	in := p.Arrive(bench.Arrival{From: boss, To: []string{reports[0].Read.ReplyTo[0].Address}, Verdicts: bench.Trusted,
		Raw: fmt.Sprintf(
			"From: <%s>\nTo: <x@lantern.example>\nSubject: Automatic reply\nAuto-Submitted: auto-replied\nMessage-ID: "+
				"<v@boss.example>\nIn-Reply-To: <%s>\n\nI am away.\n", boss, reports[0].Read.MessageID)})
	if sent := p.Sent(); len(sent) != 0 || in.Outcome == desk.OutcomeThreaded {
		t.Errorf("a vacation note is %s (%s), sent to %v", in.Outcome, in.Reason, bench.Recipients(sent))
	}
}
