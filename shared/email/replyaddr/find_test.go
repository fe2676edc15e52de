package replyaddr_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/replywell/replywell/shared/email/replyaddr"
)

// Every token that stands in a text is found, with its place, whatever stands
// around it; of what was changed by a sign, none is.
func TestTokensAreFoundInTexts(t *testing.T) {
	ring, err := replyaddr.NewKeyring(2, map[uint8][]byte{2: bytes.Repeat([]byte("k"), 32),
		9: bytes.Repeat([]byte("l"), 32)})
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		token, err := ring.Seal(replyaddr.Token{Purpose: replyaddr.Purpose(rapid.IntRange(1, 15).Draw(t, "purpose")),
			Conversation: "0123456789a0", Person: "anna",
			LastSeen: rapid.Uint16().Draw(t, "seen"), Argument: rapid.Uint8Max(127).Draw(t, "argument"),
			Expires: at.AddDate(0, 0, rapid.IntRange(-900, 2000).Draw(t, "days"))})
		if err != nil {
			t.Fatal(err)
		}
		noise := rapid.StringMatching(`[a-z2-7+@ .\n]{0,60}`)
		before, after := noise.Draw(t, "before"), noise.Draw(t, "after")
		spelled := token
		if rapid.Bool().Draw(t, "upper") {
			spelled = strings.ToUpper(token)
		}
		found := ring.Find(before+spelled+after, at, nil)
		if len(found) != 1 || found[0].Start != len(before) || found[0].End != len(before)+len(token) ||
			!found[0].IsFor(ring, "anna") {
			t.Fatalf("%+v", found)
		}
		cut := rapid.IntRange(1, len(token)-1).Draw(t, "cut")
		apart := token[:cut] + "\n> " + token[cut:]
		skip := func(b byte) bool { return strings.IndexByte(" \n>", b) >= 0 }
		if found := ring.Find(apart, at, skip); len(found) != 1 {
			t.Fatalf("broken over lines: %+v", found)
		}
		if found := ring.Find(apart, at, nil); len(found) != 0 {
			t.Fatalf("read over line breaks: %+v", found)
		}
		i := rapid.IntRange(0, len(token)-1).Draw(t, "at")
		other := byte('a')
		if token[i] == 'a' {
			other = 'b'
		}
		if found := ring.Find(token[:i]+string(other)+token[i+1:], at, nil); len(found) != 0 {
			t.Fatalf("changed, and found: %+v", found)
		}
	})
}
