package probe

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/home"
)

var (
	now  = time.Date(2026, 3, 2, 9, 10, 0, 0, time.UTC)
	team = &desk.Settings{Mailboxes: []desk.Mailbox{
		{ID: "support", Address: "support@lantern.example", ReplyBase: "support@lantern.example"},
		{ID: "sales", Address: "sales@lantern.example", ReplyBase: "@reply.lantern.example"}}}
	other = strings.Repeat("b", 32)
)

func keyring(t *testing.T, key string) *replyaddr.Keyring {
	t.Helper()
	k, err := replyaddr.NewKeyring(1, map[uint8][]byte{1: []byte(key)})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// Only an address of our own making, for this mailbox, in its time, tells of a
// probe; a genuine one that is old is kept from the desk all the same.
func TestWhatIsKnownAsAProbe(t *testing.T) {
	keys := keyring(t, strings.Repeat("a", 32))
	at := func(keys *replyaddr.Keyring, mb desk.Mailbox, when time.Time) string {
		a, err := Address(keys, mb, when)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	probe := at(keys, team.Mailboxes[0], now)
	agent, err := keys.Seal(replyaddr.Token{Purpose: replyaddr.Agent,
		Conversation: replyaddr.EncodeConversation([7]byte{1}), Person: person, Mailbox: "support",
		Expires: now.Add(goodFor)})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		to      string
		later   time.Duration
		genuine bool
		tells   bool
	}{
		"a probe":                    {probe, time.Minute, true, true},
		"in capitals":                {strings.ToUpper(probe), time.Minute, true, true},
		"at the domain for replies":  {at(keys, team.Mailboxes[1], now), time.Hour, true, true},
		"hours late":                 {probe, 20 * time.Hour, true, true},
		"older than a day":           {probe, 25 * time.Hour, true, false},
		"older than its key's claim": {probe, 72 * time.Hour, true, false},
		"from the future":            {probe, -time.Hour, true, false},
		"of another desk's key":      {at(keyring(t, other), team.Mailboxes[0], now), time.Minute, false, false},
		"changed on its way":         {strings.Replace(probe, "+", "+a", 1)[:len(probe)], time.Minute, false, false},
		"another mailbox's": {strings.Replace(at(keys, team.Mailboxes[1], now), "@reply.", "@", 1),
			time.Minute, false, false},
		"moved to another mailbox": {strings.Split(strings.TrimPrefix(probe, "support+"), "@")[0] +
			"@reply.lantern.example", time.Minute, false, false},
		"an agent's address":      {replyaddr.Address("support@lantern.example", agent), time.Minute, false, false},
		"the support address":     {"support@lantern.example", time.Minute, false, false},
		"a tag of somebody's own": {"support+probe@lantern.example", time.Minute, false, false},
	} {
		got, genuine := Sent(keys, team, c.to, now.Add(c.later))
		if genuine != c.genuine || got.IsZero() == c.tells || c.tells && !got.Equal(now) {
			t.Errorf("%s: sent %v, genuine %v", name, got, genuine)
		}
	}
}

// A mail to a probe's address and to a real one is a mail to the real one.
func TestTheDoorKeepsProbesAlone(t *testing.T) {
	keys := keyring(t, strings.Repeat("a", 32))
	probe, err := Address(keys, team.Mailboxes[0], now)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		to     []string
		rest   string
		closed bool
	}{
		{[]string{probe}, "", true},
		{[]string{probe, probe}, "", true},
		{[]string{probe, "support@lantern.example"}, "support@lantern.example", false},
		{[]string{"support@lantern.example"}, "support@lantern.example", false},
		{nil, "", false},
	} {
		closed := 0
		h := &home.Home{Settings: func(context.Context) (*desk.Settings, error) { return team, nil }, Keys: keys,
			Now: func() time.Time { return now.Add(time.Minute) }}
		d := &Door{Home: h,
			Closed: func(sent, received time.Time) {
				closed++
				if received.Sub(sent) != 30*time.Second {
					t.Errorf("it took %v", received.Sub(sent))
				}
			}}
		rest, all, err := d.Keep(t.Context(), c.to, now.Add(30*time.Second))
		if err != nil || strings.Join(rest, ",") != c.rest || all != c.closed ||
			closed != map[bool]int{true: 1}[c.closed] {
			t.Errorf("%v: %v, %v, %d, %v", c.to, rest, all, closed, err)
		}
	}
}
