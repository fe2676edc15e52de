package verify

import (
	"bufio"
	"strings"
	"testing"
)

// TestAttack08WhatAServerOfTheTeamsOwnTells: what the team's own server writes above a mail is
// believed, under the name that the settings give it. Whoever
// writes such fields into a mail, or into an envelope that the server repeats there, wants to be believed too.
func TestAttack08WhatAServerOfTheTeamsOwnTells(t *testing.T) {
	const sender = "anna@team.example"
	for name, tc := range map[string]struct{ fields, want string }{
		"a pass": {"Authentication-Results: mx.shop.example; spf=pass " +
			"smtp.mailfrom=anna@team.example", "PASS team.example"},
		"of the domain alone": {"Authentication-Results: mx.shop.example 1; dkim=none; spf=pass " +
			"(sender SPF authorized) smtp.mailfrom=team.example (x; spf=fail) smtp.helo=out", "PASS team.example"},
		"with blanks, folded, in capitals": {"authentication-results: MX.SHOP.example;\r\n\tSPF = Pass\r\n " +
			"reason = \"ok\" smtp.mailfrom = \"anna\"@Team.Example", "PASS team.example"},
		"a fail": {"Authentication-Results: mx.shop.example; spf=fail " +
			"smtp.mailfrom=team.example", "FAIL team.example"},
		"a softfail": {"Authentication-Results: mx.shop.example; spf=softfail " +
			"smtp.mailfrom=team.example", "GRAY team.example"},
		"of another name": {"Authentication-Results: mx.evil.example; spf=pass " +
			"smtp.mailfrom=team.example", " "},
		"of a longer name": {"Authentication-Results: mx.shop.example.evil.example; spf=pass " +
			"smtp.mailfrom=team.example", " "},
		"of another envelope": {"Authentication-Results: mx.shop.example; spf=pass " +
			"smtp.mailfrom=evil.example", " "},
		"of HELO alone": {"Authentication-Results: mx.shop.example; spf=pass " +
			"smtp.helo=team.example", " "},
		"nothing": {"Authentication-Results: mx.shop.example; none", " "},
		"no name": {"Authentication-Results: ; spf=pass smtp.mailfrom=team.example", " "},
		"a second one": {"Authentication-Results: mx.shop.example; spf=fail " +
			"smtp.mailfrom=team.example\r\nAuthentication-Results: mx.shop.example; spf=pass " +
			"smtp.mailfrom=team.example", " "},
		"two in one": {"Authentication-Results: mx.shop.example; spf=pass " +
			"smtp.mailfrom=team.example; spf=pass smtp.mailfrom=team.example", " "},
		"in a comment": {"Authentication-Results: mx.shop.example (; spf=pass " +
			"smtp.mailfrom=team.example)", " "},
		"in a quoted local part": {"Authentication-Results: mx.shop.example; spf=fail " +
			"smtp.mailfrom=\"x; spf=pass smtp.mailfrom=team.example\"@evil.example", " "},
		"in a comment with a sign of its end": {"Authentication-Results: mx.shop.example; spf=fail (a\\) ; spf=pass " +
			"smtp.mailfrom=team.example) smtp.mailfrom=evil.example", " "},
		"Received-SPF": {"Received-SPF: pass (mx.shop.example) envelope-from=anna@team.example",
			" "},
		"no spam":               {"X-Spam-Status: No, score=0.2 required=5.0 tests=NONE", "  PASS"},
		"a suspect":             {"X-Spam-Status: No, score=3.1 required=5.0 tests=X", "  GRAY"},
		"spam, by SpamAssassin": {"X-Spam-Status: Yes, score=9.1 required=5.0", "  FAIL"},
		"spam, by rspamd":       {"X-Spam: Yes", "  FAIL"},
		"no spam, by rspamd": {"X-Spamd-Result: default: False [-1.20 / 15.00];\r\n\tARC_NA(0.00)[]",
			"  PASS"},
		"a suspect, by rspamd":                 {"X-Spamd-Result: default: False [5.20 / 15.00]; R_SPF(0)[]", "  GRAY"},
		"spam, by rspamd's result":             {"X-Spamd-Result: default: True [17.20 / 15.00]", "  FAIL"},
		"a sender who says that it is no spam": {"X-Spam: No\r\nX-Spam: Yes", "  FAIL"},
		"a field that is not named":            {"X-Spam-Flag: YES", " "},
		"nonsense":                             {"X-Spam: perhaps", " "},
	} {
		h, err := readHeader(bufio.NewReaderSize(strings.NewReader(tc.fields+"\r\n\r\n"), MaxHeader))
		if err != nil {
			t.Fatal(err)
		}
		told := ReadResults(h.fields, "mx.shop.example", []string{"X-Spam", "X-Spam-Status", "X-Spamd-Result"}, sender)
		if got := strings.TrimSpace(string(told.SPF) + " " + told.Domain + " " +
			string(told.Spam)); got != strings.TrimSpace(tc.want) {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
		if quiet := ReadResults(h.fields, "", nil, sender); quiet != (Results{}) {
			t.Errorf("%s: a field that nobody named is believed: %+v", name, quiet)
		}
	}
}

func FuzzListen(f *testing.F) {
	f.Add("mx; spf=pass smtp.mailfrom=a@b", "x")
	f.Add("mx (\\", "No, score=/=1/0 [NaN / Inf]")
	f.Fuzz(func(t *testing.T, results, spam string) {
		told := ReadResults([]field{{"Authentication-Results", results}, {"X-Spam", spam}}, "mx", []string{"X-Spam"},
			"anna@team.example")
		if told.Domain != "" && told.Domain != "team.example" {
			t.Errorf("%+v", told)
		}
	})
}
