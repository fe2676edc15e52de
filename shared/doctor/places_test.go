package doctor_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/doctor"
)

// What the doctor says of each place that reports go to: it posts nothing, prints no secret,
// and says what to do.
func TestWhereReportsGo(t *testing.T) {
	posts, scopes, said := 0, "files:write,chat:write", `{"ok":true,"team":"Lantern"}`
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		posts++
		w.Header().Set("X-OAuth-Scopes", scopes)
		fmt.Fprint(w, said)
	}))
	defer server.Close()
	trusted := server.Client().Transport.(*http.Transport).TLSClientConfig
	dial := func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, server.Listener.Addr().String())
	}
	full := desk.Settings{Mailboxes: []desk.Mailbox{{ID: "support"}}, Report: desk.ReportPolicy{
		To: []string{"a@b.example"}, TimeZone: "Europe/Berlin", At: 7 * 60,
		Every: []desk.Period{desk.Daily, desk.Weekly, desk.Monthly}}}
	const secret = "https://example.com/services/T0/SECRET"
	bot := doctor.Places{Token: "xoxb-SECRET", Channel: "C1", TLS: trusted}
	now := time.Date(2026, 11, 30, 20, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		places   doctor.Places
		settings func(*desk.Settings)
		scopes   string
		said     string
		state    doctor.State
		says     string
	}{
		"mail alone": {doctor.Places{}, nil, "", "", doctor.Good,
			"the day’s on Tue 1 Dec 2026, 07:00 CET, the week’s on Monday, the month’s on Tue 1 Dec 2026, 07:00"},
		"a webhook that answers": {doctor.Places{Slack: secret, TLS: trusted}, nil, "", "", doctor.Good,
			"proves its name"},
		"one of another name": {doctor.Places{Webhook: "https://other.test/x", TLS: trusted}, nil, "", "",
			doctor.Bad, "certificate is not to be trusted"},
		"one that nobody vouches for": {doctor.Places{Webhook: secret}, nil, "", "", doctor.Bad, "certificate"},
		"a token":                     {bot, nil, "", "", doctor.Good, "may write files"},
		"a token that may not write":  {bot, nil, "chat:write", "", doctor.Bad, "files:write"},
		"a token that is revoked": {bot, nil, "",
			`{"ok":false,"error":"token_revoked"}`, doctor.Bad, "token_revoked"},
		"a secret that cannot be read": {doctor.Places{Wrong: errors.New("it has to be a JSON object")}, nil, "", "",
			doctor.Bad, "posting.md"},
		"a folder that nobody may write to": {doctor.Places{Kept: "/data/reports",
			Keepable: func() error { return errors.New("permission denied") }},
			func(s *desk.Settings) { s.Report.Keep = true }, "", "", doctor.Bad, "permission denied"},
		"nobody at all": {doctor.Places{}, func(s *desk.Settings) { s.Report.To = nil }, "", "",
			doctor.Warning, "report.to"},
		"a mailbox that is not there": {doctor.Places{}, func(s *desk.Settings) {
			s.Report.Mailboxes = []desk.MailboxMail{{Mailbox: "suport"}}
		}, "", "", doctor.Bad, "suport"},
	} {
		t.Run(name, func(t *testing.T) {
			s := full
			if c.settings != nil {
				c.settings(&s)
			}
			posts, scopes, said = 0, "files:write,chat:write", `{"ok":true,"team":"Lantern"}`
			if c.scopes != "" {
				scopes = c.scopes
			}
			if c.said != "" {
				said = c.said
			}
			c.places.API, c.places.Weekly = "https://example.com/api/", "on Monday"
			if c.places.Dial = dial; c.places.TLS == nil {
				c.places.TLS = &tls.Config{}
			}
			var r doctor.Report
			doctor.Reports(t.Context(), &r, &s, c.places, now)
			var text strings.Builder
			r.Write(&text)
			if r.Worst() != c.state || !strings.Contains(text.String(), c.says) ||
				strings.Contains(text.String(), "SECRET") {
				t.Errorf("%s, want %s with %q:\n%s", r.Worst(), c.state, c.says, text.String())
			}
			if c.places.Token == "" && posts > 0 {
				t.Error("something was posted")
			}
		})
	}
}
