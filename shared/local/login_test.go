package local

import (
	"encoding/base64"
	"net"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/desk"
)

func credentials(user string) string {
	return base64.StdEncoding.EncodeToString([]byte("\x00" + user + "\x00open-sesame"))
}

// Who logs in is that person, and nobody else.
func TestLoggedInMailIsItsMailboxsOwn(t *testing.T) {
	for name, tc := range map[string]struct {
		login, from string
		want        bool
	}{
		"oneself":                    {"anna@team.example", "Anna <anna@team.example>", true},
		"in capitals":                {"Anna@Team.example", "anna@team.EXAMPLE", true},
		"the agent's other address":  {"anna@team.example", "aw@team.example", true},
		"a customer":                 {"erika@customers.example", "erika@customers.example", true},
		"somebody else as the agent": {"mallory@elsewhere.example", "Anna <anna@team.example>", false},
		"a customer as the agent":    {"erika@customers.example", "anna@team.example", false},
		"a name that is an address": {"mallory@elsewhere.example",
			"\"mallory@elsewhere.example\" <anna@team.example>", false},
		"two authors, oneself first": {"mallory@elsewhere.example", "mallory@elsewhere.example, anna@team.example",
			false},
		"two fields": {"mallory@elsewhere.example",
			"mallory@elsewhere.example\r\nFrom: anna@team.example", false},
		"the agent's address, and more": {"mallory@elsewhere.example", "anna@team.example.elsewhere.example", false},
		"nobody":                        {"mallory@elsewhere.example", "no address", false},
	} {
		t.Run(name, func(t *testing.T) {
			w := startSMTP(t)
			mail := data("From: " + tc.from + "\r\nSubject: x\r\n\r\nhi\r\n.\r\n")
			dialogue(t, w.address, append([]step{{"", "220"}, {"EHLO x", "250"},
				{"AUTH PLAIN " + credentials(tc.login), "235"}}, mail[2:]...)...)
			e, _ := w.mail(t, 0)
			if e.Verdicts.Authenticated() {
				t.Error("it is believed before it is read")
			}
			s := &System{folder: w.folder, options: Options{Log: quiet, Settings: testSettings()}}
			if err := s.judge(t.Context(), &e); err != nil || e.Verdicts.Authenticated() != tc.want {
				t.Errorf("%+v, %v", e.Verdicts, err)
			}
		})
	}
}

func TestLoggingIn(t *testing.T) {
	w := startSMTP(t)
	dialogue(t, w.address, talk(step{"AUTH PLAIN", "334"}, step{credentials("anna@team.example"), "235"},
		step{"MAIL FROM:<a@b.example>", "250"})...)
	dialogue(t, w.address, talk(step{"AUTH PLAIN", "334"}, step{"*", "501"}, step{"NOOP", "250"})...)
	dialogue(t, w.address, talk(step{"AUTH PLAIN " + credentials("nobody"), "535"},
		step{"AUTH PLAIN " + credentials("a@b.example>\r\nX: <y@z"), "535"},
		step{"AUTH PLAIN " + base64.StdEncoding.EncodeToString([]byte("\x00anna@team.example\x00any")), "535"},
		step{"AUTH PLAIN " + base64.StdEncoding.EncodeToString([]byte("\x00anna@team.example\x00")), "535"},
		step{"AUTH LOGIN", "504"}, step{"NOOP", "250"})...)
	for name, change := range map[string]func(*desk.Settings, *session){
		"in live mode":         func(s *desk.Settings, _ *session) { s.Mode = desk.ModeLive },
		"without trust":        func(s *desk.Settings, _ *session) { s.TrustLoopback = false },
		"from another machine": func(_ *desk.Settings, c *session) { c.remote = net.ParseIP("192.0.2.1") },
	} {
		settings := testSettings()
		c := &session{receiver: &receiver{settings: settings}, remote: net.ParseIP("127.0.0.1")}
		if got := strings.Join(c.AuthMechanisms(), " "); got != "PLAIN" {
			t.Errorf("on this machine %q is offered", got)
		}
		change(settings, c)
		if _, err := c.Auth("PLAIN"); err == nil || len(c.AuthMechanisms()) > 0 {
			t.Errorf("%s one can log in", name)
		}
	}
}
