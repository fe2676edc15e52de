package waiting_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/waiting"
)

// wishes is the team with what each wants to be told of: anna, ben and cleo answer.
func wishes(each ...desk.Notify) *desk.Settings {
	s := team()
	for i, n := range each {
		s.Agents[i].Notify = n
	}
	return s
}

func TestWhomAMessageConcerns(t *testing.T) {
	all, involved, mine, topics, digest := desk.NotifyAll, desk.NotifyInvolved, desk.NotifyMine, desk.NotifyTopics,
		desk.NotifyDigest
	customer, thanks, automatic := desk.Message{Kind: desk.KindCustomer},
		desk.Message{Kind: desk.KindCustomer, Thanks: true}, desk.Message{Kind: desk.KindAutomatic}
	answer, note, forAll := desk.Message{Kind: desk.KindAnswer, Agent: "anna"},
		desk.Message{Kind: desk.KindNote, Agent: "anna"}, desk.Message{Kind: desk.KindNote, Agent: "anna", ForAll: true}
	const noon, night = "2026-03-02 15:30", "2026-03-03 03:00" // all three work at half past three
	for _, x := range []struct {
		why, at, owner, took string
		wishes               []desk.Notify
		msg                  desk.Message
		want                 string
	}{
		{"all is all", noon, "anna", "", []desk.Notify{all, all, all}, answer, "anna ben cleo"},
		{"a digest has all, later", noon, "anna", "", []desk.Notify{digest, digest, mine}, customer, "anna ben"},
		{"nobody's: all hear of it", noon, "", "", []desk.Notify{involved, involved, involved}, customer,
			"anna ben cleo"},
		{"somebody's: they hear of it", noon, "ben", "anna", []desk.Notify{involved, involved, involved}, customer,
			"ben"},
		{"of one who does not work now: those who do, too", "2026-03-02 10:00", "ben", "",
			[]desk.Notify{involved, involved, involved}, customer, "anna ben cleo"},
		{"of one who left", noon, "left", "", []desk.Notify{involved, involved, involved}, customer, "anna ben cleo"},
		{"at night: whose it is", night, "ben", "", []desk.Notify{involved, involved, involved}, customer, "ben"},
		{"at night, nobody's", night, "", "", []desk.Notify{involved, involved, involved}, customer, "anna ben cleo"},
		{"an answer: who took part", noon, "anna", "cleo", []desk.Notify{involved, involved, involved}, answer,
			"anna cleo"},
		{"a note on nobody's: all", noon, "", "", []desk.Notify{involved, involved, involved}, note, "anna ben cleo"},
		{"a note on somebody's: who took part", noon, "ben", "", []desk.Notify{involved, involved, involved}, note,
			"ben"},
		{"a note for all", noon, "ben", "", []desk.Notify{mine, mine, mine}, forAll, "anna ben cleo"},
		{"thanks: whose it is", noon, "ben", "", []desk.Notify{involved, involved, involved}, thanks, "ben"},
		{"thanks for nobody", noon, "", "", []desk.Notify{involved, involved, involved}, thanks, ""},
		{"out of office: who took part", noon, "", "cleo", []desk.Notify{involved, involved, involved}, automatic,
			"cleo"},
		{"everybody wants their own: nobody's is told to who is at work", "2026-03-02 10:00", "", "",
			[]desk.Notify{mine, mine, mine}, customer, "anna"},
		{"and at night to all", night, "", "", []desk.Notify{mine, mine, mine}, customer, "anna ben cleo"},
		{"their own", noon, "ben", "", []desk.Notify{mine, mine, mine}, customer, "ben"},
		{"by topic", noon, "", "", []desk.Notify{mine, topics, mine}, customer, "ben"},
	} {
		s := wishes(x.wishes...)
		s.Agents[1].Topics = []string{"Returns"}
		c := desk.Conversation{ID: "c", Mailbox: "support", Owner: x.owner, Subject: "Two returns, and an invoice"}
		var history []desk.Message
		if x.took != "" {
			history = []desk.Message{{Kind: desk.KindAnswer, Agent: x.took}}
		}
		var got []string
		for _, a := range waiting.Concerned(s, s.Mailboxes[0], c, x.msg, history, clock(t, x.at), desk.Rota{}) {
			got = append(got, a.ID)
		}
		if strings.Join(got, " ") != x.want {
			t.Errorf("%s: %v, want %s", x.why, got, x.want)
		}
	}
}

// Whatever agents wish for, whoever waits is told to somebody, and to somebody who is
// at work if anybody is.
func TestNobodyWhoWaitsIsHidden(t *testing.T) {
	wish := []desk.Notify{"", desk.NotifyAll, desk.NotifyInvolved, desk.NotifyMine, desk.NotifyTopics,
		desk.NotifyDigest}
	rapid.Check(t, func(r *rapid.T) {
		s := wishes(rapid.SampledFrom(wish).Draw(r, "anna"), rapid.SampledFrom(wish).Draw(r, "ben"),
			rapid.SampledFrom(wish).Draw(r, "cleo"))
		at := clock(t, "2026-03-02 00:00").Add(time.Duration(
			rapid.IntRange(0, 7*24*60).Draw(r, "minute")) * time.Minute)
		c := desk.Conversation{ID: "c", Mailbox: "support",
			Owner: rapid.SampledFrom([]string{"", "anna", "ben", "cleo", "left"}).Draw(r, "owner")}
		told := waiting.Concerned(s, s.Mailboxes[0], c, desk.Message{Kind: desk.KindCustomer}, nil, at, desk.Rota{})
		there := waiting.AtWork(s, s.Mailboxes[0], at, desk.Rota{})
		seen := len(there) == 0 && len(told) > 0
		for _, a := range told {
			for _, b := range there {
				seen = seen || a.ID == b.ID
			}
		}
		if !seen {
			r.Fatalf("at %v %v is told, and %v are at work", at, told, there)
		}
	})
}

func TestWhoseANewConversationBecomes(t *testing.T) {
	s := team()
	c := desk.Conversation{ID: "new", Mailbox: "support"}
	before := []desk.Conversation{{Owner: "left"}, {Owner: "cleo"}, {Owner: "anna"}}
	for _, x := range []struct {
		why, at string
		share   bool
		others  []desk.Conversation
		want    string
	}{
		{"not shared out", "2026-03-02 15:30", false, before, ""},
		{"who spoke with them last", "2026-03-02 15:30", true, before, "cleo"},
		{"if they work", "2026-03-02 10:00", true, before, "anna"},
		{"one who is there", "2026-03-02 10:00", true, nil, "anna"},
		{"at night one who begins first", "2026-03-03 03:00", true, before, "anna"},
	} {
		s.Mailboxes[0].Share = x.share
		if got := waiting.Assign(s, s.Mailboxes[0], c, x.others, clock(t, x.at), desk.Rota{}); got != x.want {
			t.Errorf("%s: %q, want %q", x.why, got, x.want)
		}
	}
}
