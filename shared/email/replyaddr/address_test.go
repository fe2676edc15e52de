package replyaddr

import (
	"fmt"
	"net/mail"
	"net/url"
	"strings"
	"testing"
)

var bases = []string{"support@example.com", "Help@Example.ORG", "@reply.example.com"}

func TestFindSurvivesWhatMailDoesToAddresses(t *testing.T) {
	token, err := keyring(t, 0).Seal(sample())
	if err != nil {
		t.Fatal(err)
	}
	sub, own := Address(bases[0], token), Address(bases[2], token)
	for recipient, base := range map[string]string{
		sub:                      bases[0],
		own:                      bases[2],
		Address(bases[1], token): bases[1],
		strings.ToUpper(sub):     bases[0],
		strings.ToLower(Address(bases[1], token)): bases[1],
		"<" + sub + ">":                                bases[0],
		" " + sub + " ":                                bases[0],
		sub + ".":                                      bases[0],
		"<" + own + ">,":                               bases[2],
		`"Erika <3, via Support" <` + sub + `>`:        bases[0],
		`"support+` + token + `"@example.com`:          bases[0],
		"mailto:" + sub:                                bases[0],
		"MAILTO:" + own + "?subject=Re%3A%20you":       bases[2],
		"mailto:support%2B" + token + "%40example.com": bases[0],
		"<mailto:" + sub + ">":                         bases[0],
		"support " + token + "@example.com":            bases[0],
		url.PathEscape(own):                            bases[2],
	} {
		got, gotBase, ok := Find(bases, recipient)
		if !ok || got != token || gotBase != base {
			t.Errorf("%s: got %q, %q, %v", recipient, got, gotBase, ok)
		}
	}
}

func TestFindLeavesOtherAddressesAlone(t *testing.T) {
	token, _ := keyring(t, 0).Seal(sample())
	for _, recipient := range []string{
		"", "@", "support@example.com", "support+newsletter@example.com", "support+" + token + "@evil.example",
		"support+" + token + "@example.com.evil.example", "other+" + token + "@example.com", token + "@example.com",
		"support+" + token + "a@example.com", "support+" + token[1:] + "@example.com", "support+" + token,
		"support+a@reply.example.com", strings.Repeat("a", 100) + "@reply.example.com",
		strings.Repeat("<", 5000) + Address(bases[0], token),
	} {
		if got, base, ok := Find(bases, recipient); ok {
			t.Errorf("%s: found %q under %q", clip(recipient), got, base)
		}
	}
}

func TestReplyAddressesAreOrdinaryAddresses(t *testing.T) {
	token, _ := keyring(t, 0).Seal(sample())
	for _, base := range bases {
		address := Address(base, token)
		parsed, err := mail.ParseAddress(address)
		if err != nil || parsed.Address != address {
			t.Errorf("%s: %v", address, err)
		}
		if local, _ := cut(address); len(local) > 64 {
			t.Errorf("%s: the local part has %d characters", address, len(local))
		}
	}
}

func TestCheckBase(t *testing.T) {
	for _, good := range append([]string{"a.b_c-d@example.com", "0123456789@example.com", "@xn--bcher-kva.example"},
		bases...) {
		if err := CheckBase(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for base, want := range map[string]string{
		"customer-service@example.com":                 "leaves 10 for the mailbox, and \"customer-service\" has 16",
		"reply.example.com":                            "write a mailbox",
		"support@":                                     "no usable domain",
		"support@bücher.example":                       "xn--",
		"support@example..com":                         "no usable domain",
		"my support@example.com":                       "quoting",
		"a..b@example.com":                             "quoting",
		"a@" + strings.Repeat("long.", 60) + "example": "shorter domain",
	} {
		if err := CheckBase(base); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want it to say %q", clip(base), err, want)
		}
	}
}

func FuzzFind(f *testing.F) {
	token, _ := keyring(f, 0).Seal(sample())
	f.Add(Address(bases[0], token))
	f.Add("mailto:support%2B" + token + "@example.com")
	f.Add(`"a\"b" <x@y>`)
	f.Fuzz(func(t *testing.T, s string) {
		found, base, ok := Find(bases, s)
		if !ok {
			return
		}
		again, sameBase, ok := Find(bases, Address(base, found))
		if !ok || again != found || sameBase != base || len(found) != TokenLen {
			t.Errorf("%q gave %q under %q, which reads back as %q, %q, %v", s, found, base, again, sameBase, ok)
		}
	})
}

func ExampleAddress() {
	k, err := NewKeyring(1, map[uint8][]byte{1: []byte("thirty-two bytes of random, truly")})
	if err != nil {
		fmt.Println(err)
		return
	}
	token, err := k.Seal(Token{Purpose: Agent, Conversation: "04106r20m1g0", Person: "anna@example.com", LastSeen: 2,
		Expires: noon})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(Address("support@example.com", token))
	// Output: support+ceaqea3aicqgb2dlidvaaaacbhkdvvj34jc3vkuaag5fbzhgjonlk@example.com
}
