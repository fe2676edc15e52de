package replyaddr

import (
	"bytes"
	"encoding/base32"
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func keyring(t testing.TB, current uint8, ids ...uint8) *Keyring {
	t.Helper()
	keys := map[uint8][]byte{}
	for _, id := range append(ids, current) {
		keys[id] = bytes.Repeat([]byte{id + 1}, MinKeyLen)
	}
	k, err := NewKeyring(current, keys)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func sample() Token {
	return Token{Purpose: Agent, Conversation: EncodeConversation([7]byte{1, 2, 3, 4, 5, 6, 7}),
		Person: "anna@example.com", Argument: 3, LastSeen: 12, Expires: noon.AddDate(0, 0, 90)}
}

func draw(t *rapid.T) Token {
	return Token{
		Purpose:      Purpose(rapid.IntRange(0, 15).Draw(t, "purpose")),
		Conversation: EncodeConversation([7]byte(rapid.SliceOfN(rapid.Byte(), 7, 7).Draw(t, "conversation"))),
		Person:       "p" + rapid.String().Draw(t, "person"),
		Argument:     rapid.Uint8Max(127).Draw(t, "argument"),
		Mailbox:      rapid.SampledFrom([]string{"", "support", "sales"}).Draw(t, "mailbox"),
		LastSeen:     rapid.Uint16().Draw(t, "lastSeen"),
		Expires: epoch.Add(time.Duration(rapid.Uint16().Draw(t, "day"))*day +
			time.Duration(rapid.Int64Range(0, int64(day)-1).Draw(t, "time"))),
	}
}

func TestSealedTokenOpensToTheSame(t *testing.T) {
	k := keyring(t, 5, 2)
	rapid.Check(t, func(t *rapid.T) {
		in := draw(t)
		text, err := k.Seal(in)
		if err != nil {
			t.Fatal(err)
		}
		if len(text) != TokenLen || text != strings.ToLower(text) {
			t.Fatalf("%q is not %d lower-case characters", text, TokenLen)
		}
		for _, spelling := range []string{text, strings.ToUpper(text)} {
			out, err := k.Open(spelling, in.Expires)
			if err != nil {
				t.Fatal(err)
			}
			if out.Purpose != in.Purpose || out.Conversation != in.Conversation || out.Argument != in.Argument ||
				out.LastSeen != in.LastSeen ||
				out.KeyID != 5 || !out.Expires.Equal(in.Expires.Truncate(day)) || out.Person != "" {
				t.Fatalf("sealed %+v\nopened %+v", in, out)
			}
			if in.Mailbox != "" {
				for _, other := range []string{"", "billing"} {
					if out.Mailbox = other; out.IsFor(k, in.Person) {
						t.Fatalf("made at %q, it is for the same person at %q", in.Mailbox, other)
					}
				}
			}
			out.Mailbox = in.Mailbox
			if !out.IsFor(k, in.Person) || !out.IsFor(k, " "+strings.ToLower(in.Person)+" ") {
				t.Fatalf("not for %q, whom it was made for", in.Person)
			}
			if out.IsFor(k, in.Person+"x") {
				t.Fatal("it is for somebody else as well")
			}
		}
	})
}

func TestAnyChangedBitIsRefused(t *testing.T) {
	k := keyring(t, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
	text, err := k.Seal(sample())
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := decode(text)
	for bit := range rawLen * 8 {
		bent := bytes.Clone(raw)
		bent[bit/8] ^= 1 << (bit % 8)
		if got, err := k.Open(encoding.EncodeToString(bent), noon); !errors.Is(err, ErrForged) || got != (Token{}) {
			t.Errorf("bit %d changed: got %+v, %v", bit, got, err)
		}
	}
}

func TestEachTokenHasOneSpelling(t *testing.T) {
	k := keyring(t, 0)
	text, _ := k.Seal(sample())
	const letters = "abcdefghijklmnopqrstuvwxyz234567"
	same := 0
	for i := range text {
		for _, c := range letters {
			if _, err := k.Open(text[:i]+string(c)+text[i+1:], noon); err == nil {
				same++
			}
		}
	}
	if same != TokenLen {
		t.Errorf("%d spellings opened, want each character's own one only (%d)", same, TokenLen)
	}
	for _, bad := range []string{"", text[1:], text + "a", text[:52] + "=", "\n" + text[1:], text[:10] + "\n" +
		text[11:], text[:50] + "\u212a", strings.Repeat("é", 26) + "a"} {
		if _, err := k.Open(bad, noon); !errors.Is(err, ErrNotAToken) {
			t.Errorf("%q: got %v, want ErrNotAToken", bad, err)
		}
	}
}

func TestExpiryIsTheEndOfItsDay(t *testing.T) {
	k := keyring(t, 0)
	in := sample()
	in.Expires = time.Date(2026, 12, 24, 9, 0, 0, 0, time.UTC)
	text, _ := k.Seal(in)
	if _, err := k.Open(text, time.Date(2026, 12, 24, 23, 59, 59, 0, time.UTC)); err != nil {
		t.Errorf("on its last day: %v", err)
	}
	got, err := k.Open(text, time.Date(2026, 12, 25, 0, 0, 0, 0, time.UTC))
	if !errors.Is(err, ErrExpired) {
		t.Errorf("the day after: %v", err)
	}
	if got.Conversation != in.Conversation || !got.IsFor(k, in.Person) {
		t.Error("an expired token does not say which conversation it was for")
	}
}

func TestKeysRotate(t *testing.T) {
	before := keyring(t, 1)
	text, _ := before.Seal(sample())
	during := keyring(t, 2, 1)
	got, err := during.Open(text, noon)
	if err != nil || got.KeyID != 1 || !got.IsFor(during, "ANNA@example.com") {
		t.Errorf("the old key's addresses stopped working: %+v, %v", got, err)
	}
	after := keyring(t, 2)
	if _, err := after.Open(text, noon); !errors.Is(err, ErrUnknownKey) {
		t.Errorf("the old key was taken out: got %v", err)
	}
	other, err := NewKeyring(1, map[uint8][]byte{1: bytes.Repeat([]byte{9}, MinKeyLen)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Open(text, noon); !errors.Is(err, ErrForged) {
		t.Errorf("another installation's key of the same id: got %v", err)
	}
}

func TestTokenOfOnePersonServesNoOther(t *testing.T) {
	k := keyring(t, 0)
	text, _ := k.Seal(sample())
	got, _ := k.Open(text, noon)
	for _, person := range []string{"", "bert@example.com", "anna@example.com.evil.example", "anna@example.co"} {
		if got.IsFor(k, person) {
			t.Errorf("it is for %q", person)
		}
	}
	if sample().IsFor(k, "anna@example.com") {
		t.Error("a token that was never opened is for somebody")
	}
	// The same person in two conversations must not be recognisable as the same.
	second := sample()
	second.Conversation = EncodeConversation([7]byte{9})
	text2, _ := k.Seal(second)
	got2, _ := k.Open(text2, noon)
	if got.mark == got2.mark {
		t.Error("two conversations of one person carry the same mark")
	}
}

func TestSealSaysWhatCannotBeWritten(t *testing.T) {
	k := keyring(t, 0)
	for want, change := range map[string]func(*Token){
		"purpose 16":     func(t *Token) { t.Purpose = 16 },
		"conversation's": func(t *Token) { t.Conversation = "UPPERCASE000" },
		"Person":         func(t *Token) { t.Person = " " },
		"expiry":         func(t *Token) { t.Expires = time.Time{} },
	} {
		tok := sample()
		change(&tok)
		if _, err := k.Seal(tok); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want it to say %q", err, want)
		}
	}
	if Seen(-1) != 0 || Seen(70) != 70 || Seen(1<<20) != 65535 {
		t.Error("Seen does not saturate")
	}
}

func TestKeyringReportsAllThatIsWrong(t *testing.T) {
	_, err := NewKeyring(3, map[uint8][]byte{1: make([]byte, 16), 99: make([]byte, 32)})
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{"key 1 has 16 bytes", "key 99", "key 3 is named as the current one"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not say %q", err, want)
		}
	}
}

func TestConversationIDs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := [7]byte(rapid.SliceOfN(rapid.Byte(), 7, 7).Draw(t, "bytes"))
		id := EncodeConversation(in)
		out, err := DecodeConversation(id)
		if err != nil || out != in || len(id) != ConversationIDLen {
			t.Fatalf("%x wrote %q, read %x, %v", in, id, out, err)
		}
	})
	for _, bad := range []string{"", "0000000000", "00000000000z", "iiiiiiiiiiii", "ABCDEFGHJKMN", "00000000000000",
		base32.StdEncoding.EncodeToString(make([]byte, 7))} {
		if ValidConversationID(bad) {
			t.Errorf("%q was accepted", bad)
		}
	}
}

func FuzzOpen(f *testing.F) {
	k := keyring(f, 0)
	text, _ := k.Seal(sample())
	f.Add(text)
	f.Add(strings.ToUpper(text))
	f.Add("newsletter")
	f.Fuzz(func(t *testing.T, s string) {
		got, err := k.Open(s, noon)
		if err == nil && !strings.EqualFold(s, text) {
			t.Errorf("forged: %q opened as %+v", s, got)
		}
	})
}

func BenchmarkOpen(b *testing.B) {
	k := keyring(b, 0)
	text, _ := k.Seal(sample())
	b.ReportAllocs()
	for b.Loop() {
		if _, err := k.Open(text, noon); err != nil {
			b.Fatal(err)
		}
	}
}
