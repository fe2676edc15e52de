package config

import (
	"strings"
	"testing"
)

// TestAttack18TrustIsNotWeakenedByFollowingTheDocumentation: demand 18. Whoever follows the
// documents step by step, and an attacker who counts on it:
// loopback is believed in live mode only where a second key says so in as many words, and the check
// says what that means.
func TestAttack18TrustIsNotWeakenedByFollowingTheDocumentation(t *testing.T) {
	const people = "mailboxes: [{id: help, name: Help, address: help@team.example}]\nagents: [{id: kim, name: Kim, " +
		"addresses: kim@team.example}, {id: lee, name: Lee, vouched_by: spf, addresses: lee@team.example}]\n"
	live := strings.Replace(string(Sample), "mode: sample", "mode: live", 1)
	customers := strings.Index(live, "sample_customers:")
	for name, tc := range map[string]struct {
		document string
		mx       bool
		refused  string
		notes    []string // what each note begins with, in their order
	}{
		"the sample, set live": {live[:customers], false, "believe_forgeries_from_this_machine", nil},
		"loopback in live mode": {"version: 1\nmode: live\ntrust_loopback: true\n" + people, false,
			"lets every program on this machine answer", nil},
		"said in as many words": {"version: 1\nmode: live\ntrust_loopback: true\n" +
			"believe_forgeries_from_this_machine: true\n" + people, false, "",
			[]string{"trust_loopback is on in live mode"}},
		"the second key alone": {"version: 1\nmode: live\nbelieve_forgeries_from_this_machine: true\n" +
			people, false, "does nothing", nil},
		"the second key in sample mode": {"version: 1\nmode: sample\ntrust_loopback: true\n" +
			"believe_forgeries_from_this_machine: true\n" + people, false, "does nothing", nil},
		"sample mode": {"version: 1\nmode: sample\ntrust_loopback: true\n" + people, false, "",
			nil},
		"no SPF can be had": {"version: 1\nmode: live\n" + people, false, "",
			[]string{"nothing tells here whose server a mail came from (SPF): an answer counts at once only if",
				"every answer of Lee will be held"}},
		"an MX": {"version: 1\nmode: live\n" + people, true, "", nil},
		"a server that tells": {"version: 1\nmode: live\nmail_servers: {addresses: [10.0.0.5]}\n" +
			people, false, "", nil},
		"a server on this machine that tells": {"version: 1\nmode: live\nmail_servers: {addresses: [\"::1\"]}\n" +
			people, false, "", []string{"mail_servers names this machine"}},
		"the whole internet as a server": {"version: 1\nmode: live\nmail_servers: {addresses: [0.0.0.0/0]}\n" +
			people, false, "too large", nil},
	} {
		s, err := Parse([]byte(tc.document), "x")
		if tc.refused != "" {
			if err == nil || !strings.Contains(err.Error(), tc.refused) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		notes := Notes(s, tc.mx)
		ok := len(notes) == len(tc.notes)
		for i := range notes {
			ok = ok && strings.HasPrefix(notes[i], tc.notes[i])
		}
		if !ok {
			t.Errorf("%s: it says %q", name, notes)
		}
	}
}
