package desk

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"testing"
	"time"
)

func TestConversationIDAndReference(t *testing.T) {
	id, err := NewConversationID(rand.Reader)
	if err != nil || !id.Valid() {
		t.Fatalf("NewConversationID = %q, %v", id, err)
	}
	if ref := id.Reference(); !regexp.MustCompile(
		`^[34679ACDEFGHJKMNPQRTWXY]{3}-[34679ACDEFGHJKMNPQRTWXY]{3}$`).MatchString(ref) {
		t.Errorf("reference %q is not easy to say", ref)
	}
	if _, err := NewConversationID(bytes.NewReader(nil)); err == nil {
		t.Error("an empty random source gave an id")
	}
	for _, bad := range []ConversationID{"", "abc", "ABCDEFGHIJKL", "abcdefghij/l"} {
		if bad.Valid() {
			t.Errorf("%q counts as valid", bad)
		}
	}
}

func TestConversationLife(t *testing.T) {
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	var c Conversation
	if c.CustomerWrote(at, "a@x", []string{"z@x"}) {
		t.Error("the first message reopened something")
	}
	c.Answered(at.Add(time.Hour), "anna", 7*24*time.Hour)
	if c.State != StateAnswered || !c.Due.Equal(at.Add(169*time.Hour)) || c.Owner != "anna" {
		t.Errorf("after the answer: %+v", c)
	}
	if !c.Close(at.Add(2*time.Hour)) || c.Close(at.Add(3*time.Hour)) || !c.Due.IsZero() {
		t.Errorf("after closing: %+v", c)
	}
	if !c.CustomerWrote(at.Add(4*time.Hour), "b@x", []string{"a@x"}) || c.Reopened != 1 || !c.Solved.IsZero() {
		t.Errorf("after reopening: %+v", c)
	}
	if !slices.Equal(c.Thread.References, []string{"a@x", "b@x"}) {
		t.Errorf("references %v", c.Thread.References)
	}
}

func TestTrimReferencesKeepsFirstAndLast(t *testing.T) {
	var refs []string
	for i := range 200 {
		refs = append(refs, fmt.Sprintf("%d@x", i))
	}
	got := TrimReferences(append(refs, "0@x")) // a repeated id counts at its later place
	if len(got) != MaxReferences || got[0] != "1@x" || got[len(got)-1] != "0@x" {
		t.Errorf("%v", got)
	}
}

func TestMailboxAt(t *testing.T) {
	s := Settings{Mailboxes: []Mailbox{
		{ID: "support", Address: "support@shop.example", Aliases: []string{"help@shop.example"},
			ReplyBase: "@reply.shop.example"},
		{ID: "billing", Address: "billing@shop.example", ReplyBase: "billing@shop.example"}}}
	for in, want := range map[string]string{
		"Support@Shop.example": "support", "help+x@shop.example": "support", "abc@reply.shop.example": "support",
		"billing+abc@shop.example": "billing", "sales@shop.example": "", "nonsense": "", "support@other.example": "",
	} {
		if m, ok := s.MailboxAt(in); m.ID != want || ok != (want != "") {
			t.Errorf("MailboxAt(%q) = %q", in, m.ID)
		}
	}
}

func TestPermanent(t *testing.T) {
	base := errors.New("no such bucket")
	err := fmt.Errorf("storing: %w", Permanent(base))
	if !IsPermanent(err) || IsPermanent(base) || !errors.Is(err, base) || Permanent(nil) != nil {
		t.Error("permanent errors are not told apart")
	}
}

func TestBackoffGrowsAndIsBounded(t *testing.T) {
	last, sum := time.Duration(0), time.Duration(0)
	for n := range MaxAttempts {
		d := Backoff(n)
		if d < last || d > 6*time.Hour {
			t.Errorf("Backoff(%d) = %v after %v", n, d, last)
		}
		last, sum = d, sum+d
	}
	if sum < 24*time.Hour || sum > 72*time.Hour {
		t.Errorf("all attempts span %v", sum)
	}
}

func TestAMailThatWasOvertakenDoesNotTurnTimeBack(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	var c Conversation
	c.CustomerWrote(at, "second@x", nil)
	c.CustomerWrote(at.Add(-time.Minute), "first@x", nil)
	c.Answered(at.Add(-time.Second), "anna", 0)
	if !c.Activity.Equal(at) || c.Messages != 3 {
		t.Errorf("%+v", c)
	}
}

func TestMessagesAreShownInTheOrderTheyCame(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	recorded := []Message{{Sequence: 1, At: at.Add(time.Minute)}, {Sequence: 2, At: at},
		{Sequence: 3, At: at.Add(time.Minute)}}
	var got []int
	for _, m := range InOrder(recorded) {
		got = append(got, m.Sequence)
	}
	if len(got) != 3 || got[0] != 2 || got[1] != 1 || got[2] != 3 || recorded[0].Sequence != 1 {
		t.Errorf("%v of %+v", got, recorded)
	}
}

// What a lead is told of: one line a case. The list was written last at noon.
func TestSortHeld(t *testing.T) {
	noon := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	at := func(h int) time.Time { return noon.Add(time.Duration(h) * time.Hour) }
	mail := func(hold string, h int, from string, more ...func(*Inbound)) Inbound {
		in := Inbound{ID: fmt.Sprint(hold, h, from), Hold: hold, Recorded: at(h), ReceivedAt: at(h),
			Summary: Summary{From: from, Subject: "x"}}
		for _, f := range more {
			f(&in)
		}
		return in
	}
	bulk := func(in *Inbound) { in.Automatic = "bulk" }
	of := func(a string) func(*Inbound) { return func(in *Inbound) { in.Agent = a } }
	settled := func(in *Inbound) { in.SettledBy = "mail/9" }
	for name, c := range map[string]struct {
		held []Inbound
		all  bool
		want string // decide, nothing, earlier
	}{
		"a person's, taken for spam":         {[]Inbound{mail(HoldSpam, 1, "a@x")}, false, "1 0 0"},
		"advertising":                        {[]Inbound{mail(HoldSpam, 1, "a@x", bulk)}, false, "0 1 0"},
		"advertising, in the list of all":    {[]Inbound{mail(HoldSpam, 1, "a@x", bulk)}, true, "1 0 0"},
		"an unproven stranger":               {[]Inbound{mail(HoldUnverified, 1, "a@x")}, false, "1 0 0"},
		"a virus":                            {[]Inbound{mail(HoldVirus, 1, "a@x")}, true, "0 1 0"},
		"a code":                             {[]Inbound{mail(HoldVerification, 1, "a@x")}, false, "0 1 0"},
		"a code, in the list of all":         {[]Inbound{mail(HoldVerification, 1, "a@x")}, true, "1 0 0"},
		"an agent's own slip":                {[]Inbound{mail(HoldAgent, 1, "a@x", of("anna"))}, true, "0 0 0"},
		"in the name of nobody of the team":  {[]Inbound{mail(HoldAgent, 1, "a@x")}, true, "0 1 0"},
		"to somebody who left":               {[]Inbound{mail(HoldUnlisted, 1, "a@x")}, true, "0 1 0"},
		"seen before":                        {[]Inbound{mail(HoldSpam, -1, "a@x")}, false, "0 0 1"},
		"seen before, in the list of all":    {[]Inbound{mail(HoldSpam, -1, "a@x")}, true, "1 0 0"},
		"let in by a person, and held again": {[]Inbound{mail(HoldUnverified, 1, "a@x", settled)}, false, "0 0 1"},
		"twice the same": {[]Inbound{mail(HoldSpam, 1, "a@x"), mail(HoldSpam, 2, "a@x")}, false,
			"1 0 0"},
		"the same as one that was seen": {[]Inbound{mail(HoldSpam, 1, "a@x"), mail(HoldSpam, -2, "a@x")}, false,
			"0 0 1"},
		"the same words of two senders are two": {[]Inbound{mail(HoldSpam, 1, "a@x"), mail(HoldSpam, 2, "b@x")}, false,
			"2 0 0"},
	} {
		q := SortHeld(c.held, noon, c.all, nil)
		if got := fmt.Sprint(len(q.Decide), len(q.Nothing), q.Earlier); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	q := SortHeld([]Inbound{mail(HoldSpam, 3, "new@x"), mail(HoldSpam, 1, "Erika <Known@x>")}, noon, false,
		func(a string) int { return map[string]int{"known@x": 2}[a] })
	if q.Decide[0].Known != 2 {
		t.Errorf("who is known does not come first: %+v", q.Decide)
	}
}
