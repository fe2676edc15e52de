package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"

	"github.com/replywell/replywell/shared/golden"
)

func TestSampleIsGood(t *testing.T) {
	s, err := Parse(Sample, "sample.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if s.Mode != desk.ModeSample || !s.TrustLoopback || len(s.Agents) != 2 || len(s.Customers) != 3 {
		t.Errorf("%+v", s)
	}
	if s.SolvedAfter != 7*24*time.Hour ||
		s.Notifications != (desk.NotificationPolicy{Most: 20, Window: 3 * time.Second}) {
		t.Errorf("times: %+v", s)
	}
	if a, ok := s.AgentAt("Anna.Winter@team.lantern.example"); !ok || a.ID != "anna" {
		t.Errorf("second address of an agent: %+v", a)
	}
}

func TestDefaultsOfATeam(t *testing.T) {
	s, err := Parse([]byte("version: 1\nmode: live\nmailboxes:\n  - {id: help, name: Help, address: "+
		"help@Team.Example}\nagents:\n  - {id: kim, name: Kim, addresses: kim@team.example}\n"), "x")
	if err != nil {
		t.Fatal(err)
	}
	m := s.Mailboxes[0]
	if s.Notifications != (desk.NotificationPolicy{Most: 20, Window: 10 * time.Minute}) {
		t.Errorf("a team's agents are told at the rate %+v", s.Notifications)
	}
	if s.TrustLoopback || m.Address != "help@team.example" || m.ReplyBase != m.Address || len(m.Agents) != 1 ||
		m.Language != "en" {
		t.Errorf("%+v", s)
	}
}

// Where hours are set and three or more answer, new conversations are shared out, unless
// the team says otherwise.
func TestWhereMailIsSharedOut(t *testing.T) {
	for _, x := range []struct {
		why, agents, mailbox, more string
		want                       bool
	}{
		{"three, with hours", "anna ben cleo", "", "hours: {days: [mon-fri 9-17]}\n", true},
		{"hours of the mailbox", "anna ben cleo", ", hours: {days: [mon-fri 9-17]}", "", true},
		{"two see all of it", "anna ben", "", "hours: {days: [mon-fri 9-17]}\n", false},
		{"two of three answer it", "anna ben cleo", ", agents: [anna, ben]", "hours: {days: [mon-fri 9-17]}\n", false},
		{"round the clock", "anna ben cleo", "", "", false},
		{"not wanted", "anna ben cleo", ", assign: nobody", "hours: {days: [mon-fri 9-17]}\n", false},
		{"wanted", "anna ben", ", assign: share", "", true},
	} {
		document := "version: 1\nmode: live\nmailboxes:\n  - {id: help, name: Help, address: help@team.example" +
			x.mailbox + "}\n" + x.more + "agents:\n"
		for _, a := range strings.Fields(x.agents) {
			document += "  - {id: " + a + ", name: " + a + ", addresses: " + a + "@team.example}\n"
		}
		s, err := Parse([]byte(document), "x")
		if err != nil {
			t.Fatalf("%s: %v", x.why, err)
		}
		if got := s.Mailboxes[0].Share; got != x.want {
			t.Errorf("%s: it is shared out: %v", x.why, got)
		}
	}
}

// Every bad document of testdata has beside it what a person is told of it.
func TestBadDocuments(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.yaml")
	if len(files) == 0 {
		t.Fatal("no bad documents")
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		_, err = Parse(data, filepath.Base(f))
		var p *Problems
		if !errors.As(err, &p) {
			t.Errorf("%s: %v; want problems", f, err)
			continue
		}
		golden.File(t, strings.TrimSuffix(f, ".yaml")+".txt", err.Error()+"\n")
	}
}

func FuzzParse(f *testing.F) {
	f.Add(Sample)
	f.Add([]byte("version: 1\nmailboxes: [{id: a, agents: *x}]\nagents: &x [*x]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Parse(data, "fuzz")
		if (s == nil) == (err == nil) {
			t.Fatalf("settings %v with error %v", s, err)
		}
		if err != nil && len(err.Error()) < 20 {
			t.Fatalf("the error says too little: %q", err)
		}
	})
}

// Who is promised what, and when an agent works, are read as they are written.
func TestTiersAndHoursOfAgents(t *testing.T) {
	s, err := Parse([]byte(`version: 1
mode: live
tiers:
  - {id: partner, name: Partner, customers: ["@Hotel.Example", Olga@home.example]}
mailboxes:
  - {id: help, name: Help, address: help@team.example, answers_within: 1 day, tiers: {partner: 30 minutes}}
agents:
  - {id: kim, name: Kim, addresses: kim@team.example, hours: {days: [mon-thu 9-13], time_zone: Asia/Tokyo}}
  - {id: lee, name: Lee, addresses: lee@team.example}
report: {time_zone: Europe/Berlin}
`), "x")
	if err != nil {
		t.Fatal(err)
	}
	if tier, ok := s.TierOf("someone@hotel.example"); !ok || tier.Name != "Partner" ||
		s.Mailboxes[0].Tiers["partner"] != 30*time.Minute {
		t.Errorf("%+v, %v", tier, s.Mailboxes[0].Tiers)
	}
	if tier, ok := s.TierOf("olga@HOME.example"); !ok || tier.ID != "partner" {
		t.Errorf("%+v", tier)
	}
	if _, ok := s.TierOf("erika@home.example"); ok {
		t.Error("somebody else of the same domain is in it, too")
	}
	if kim, lee := s.Agents[0].Hours, s.Agents[1].Hours; kim.Zone != "Asia/Tokyo" || kim.Always() ||
		lee.Zone != "Europe/Berlin" || !lee.Always() {
		t.Errorf("%+v, %+v", kim, lee)
	}
}

func TestMorningMail(t *testing.T) {
	for said, want := range map[string]desk.MorningPolicy{"on": {}, "off": {Off: true}, "true": {},
		"false": {Off: true}, `"08:00"`: {At: 480}, "maybe": {At: -1}, `"00:00"`: {At: -1}} {
		s, err := Parse([]byte("version: 1\nmode: live\nmailboxes:\n  - {id: help, name: Help, address: "+
			"help@team.example}\nagents:\n  - {id: kim, name: Kim, addresses: kim@team.example}\nmorning_mail: "+said+
			"\n"), "x")
		if (err != nil) != (want.At < 0) || err == nil && s.Morning != want {
			t.Errorf("%s: %+v, %v", said, s, err)
		}
	}
}
