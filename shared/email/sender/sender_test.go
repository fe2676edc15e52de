package sender

import (
	"slices"
	"strings"
	"testing"
)

func TestName(t *testing.T) {
	for said, want := range map[string]string{
		"mallory@pest.example": "mallory@pest.example", "Mallory@PEST.example": "mallory@pest.example",
		"mallory+two@pest.example": "mallory@pest.example",
		"pest.example":             "@pest.example", "@Pest.example": "@pest.example",
		"x@bücher.example": "x@xn--bcher-kva.example", "+a@pest.example": "+a@pest.example",
		"": "", "pest": "", "a@b": "", "a b@pest.example": "", "@": "", "<a@pest.example>": "",
		strings.Repeat("a", 300) + "@pest.example": "",
	} {
		if got := Name(said); got != want {
			t.Errorf("%q is named %q, want %q", said, got, want)
		}
	}
}

func TestNames(t *testing.T) {
	got := Names("a+b@mail.pest.example", "", "a@pest.example")
	want := []string{"a@mail.pest.example", "@mail.pest.example", "@pest.example", "a@pest.example"}
	if !slices.Equal(got, want) {
		t.Errorf("named %q", got)
	}
	if n := len(Names("a@" + strings.Repeat("x.", 100) + "example")); n > 1+mostLabels {
		t.Errorf("%d names", n)
	}
}

func TestAnybodys(t *testing.T) {
	for domain, want := range map[string]bool{"gmail.com": true, "yahoo.co.nz": true, "mx.gmail.com": true,
		"co.uk": true,
		"com":   true, "hotmail.be": true, "pest.example": false, "lantern.example": false,
		"mail.company.example": false,
		"mail.de":              false} {
		if got := Anybodys(domain); got != want {
			t.Errorf("%s: %v", domain, got)
		}
	}
}

func FuzzName(f *testing.F) {
	f.Add("a+b@c.example")
	f.Fuzz(func(t *testing.T, said string) {
		if n := Name(said); n != "" && Name(n) != n {
			t.Errorf("%q is %q, and that %q", said, n, Name(n))
		}
	})
}
