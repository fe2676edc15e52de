package store

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNormalMessageID(t *testing.T) {
	for in, want := range map[string]string{
		"<a@x>": "a@x", " <a@x>\r\n": "a@x", "a@x": "a@x", "A@X": "A@X", "": "", "<>": "", " \t": "",
		"<0100@email.amazonses.com>": "0100", "0100@eu-west-1.amazonses.com": "0100", "0100@AMAZONSES.COM": "0100",
		"0100":                            "0100",
		"0100@notamazonses.com":           "0100@notamazonses.com",
		"0100@amazonses.com.evil.example": "0100@amazonses.com.evil.example",
		"@email.amazonses.com":            "@email.amazonses.com", "a b@x": "a b@x", "a@b@email.amazonses.com": "a@b",
	} {
		if got := NormalMessageID(in); got != want {
			t.Errorf("NormalMessageID(%q) = %q, want %q", in, got, want)
		}
	}
	// It is stable, or a kept id would not be found again.
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.StringMatching(`[ <]{0,2}[a-z@.<> ]{0,12}(@(email\.|x)?amazonses\.com){0,2}[> ]{0,2}`).Draw(t, "id")
		once := NormalMessageID(id)
		if strings.ContainsAny(once[:min(1, len(once))], " <>") {
			t.Fatalf("%q became %q", id, once)
		}
		if NormalMessageID("<"+id+">") != once {
			t.Fatalf("brackets matter to %q", id)
		}
	})
}

func TestContentHash(t *testing.T) {
	body := []byte("Hello")
	h := ContentHash("a@x", body)
	if h == "" || ContentHash(" <a@x>", body) != h {
		t.Error("the form of the Message-ID matters")
	}
	if ContentHash("b@x", body) == h || ContentHash("a@x", []byte("Hello!")) == h || ContentHash("A@x", body) == h {
		t.Error("different mails have one hash")
	}
	if ContentHash("", body) != "" || ContentHash(" <> ", body) != "" {
		t.Error("a mail without a Message-ID has a hash, so two such mails with a short body would be one")
	}
}
