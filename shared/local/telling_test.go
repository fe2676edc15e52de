package local

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/local/verify"
)

// A server of the team's own that tells nothing is named at the next start, with whose answers are
// asked about and what to do, until it tells something.
func TestAMailServerThatTellsNothingIsNamedAtTheStart(t *testing.T) {
	w := startSMTP(t, func(l *boundedListener) { l.own = loopbackIsOurs })
	settings := testSettings()
	settings.TrustLoopback, settings.Servers = false, desk.MailServers{Addresses: thisMachine}
	var log strings.Builder
	started := func() *System {
		return &System{folder: w.folder, options: Options{DNS: records{}, Log: slog.New(slog.NewTextHandler(&log, nil)),
			Settings: settings}}
	}
	s := started()
	comes := func(tell ...step) {
		t.Helper()
		n := len(w.kept)
		steps := append([]step{{"", "220"}, {"EHLO mx.lantern.example", "250"}}, tell...)
		dialogue(t, w.address, append(steps, step{"MAIL FROM:<erika@customers.example>", "250"},
			step{"RCPT TO:<support@shop.example>", "250"}, step{"DATA", "354"},
			step{fmt.Sprintf("From: erika@customers.example\r\nSubject: %d\r\n\r\nhi\r\n.", n), "250"},
			step{"QUIT", "221"})...)
		e, _ := w.mail(t, n)
		e.Verdicts = verify.Disabled()
		if err := s.judge(t.Context(), &e); err != nil {
			t.Fatal(err)
		}
	}
	for range 4 {
		comes()
	}
	if got := s.Silent(); len(got) > 0 {
		t.Errorf("after four mails it says %q", got)
	}
	comes()
	s = started()
	got := s.Silent()
	if len(got) != 1 || !strings.Contains(got[0], "127.0.0.1") || !strings.Contains(got[0], "Microsoft 365") ||
		!strings.Contains(got[0], "XFORWARD") || strings.Count(log.String(), "tells nothing") != 1 {
		t.Errorf("it says %q; the log\n%s", got, log.String())
	}
	comes(step{"XFORWARD ADDR=192.0.2.7 HELO=out.example", "250"})
	if got := append(s.Silent(), started().Silent()...); len(got) > 0 {
		t.Errorf("though it told, it says %q", got)
	}
}
