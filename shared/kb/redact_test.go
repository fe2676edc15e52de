package kb

import (
	"strings"
	"testing"
)

func TestRedact(t *testing.T) {
	in := "Hi Erika,\n\nwe paid 45.50 EUR back to DE89 3704 0044 0532 0130 00 on 2026-03-04. Call +49 30 1234567 or write to erika.muster@example.org about order LAMP-20261.\nSee https://shop.example/orders?id=77 and keep the bulb of 12 watts.\n\nKind regards,\nKim Example"
	want := "Hi [name],\n\nwe paid [amount] back to [account] on [date]. Call [number] or write to [mail] about order [number].\nSee https://shop.example/orders and keep the bulb of 12 watts.\n\nKind regards,\n[name]"
	if got := Redact(in); got != want {
		t.Errorf("\n%s\nwant\n%s", got, want)
	}
}

func TestDraftIsAnArticle(t *testing.T) {
	d := Draft("Re: Lamp \"Firefly\" flickers", "", "Hello Tom,\n\nturn the bulb until it is tight, then wait 10 seconds.\n\nBest,\nKim")
	a, err := ParseArticle("draft", []byte(d))
	if err != nil {
		t.Fatal(err)
	}
	if a.Title != `Lamp "Firefly" flickers` || !a.Internal() || strings.Contains(d, "Tom") || strings.Contains(d, "Kim") || !strings.Contains(a.Body, "turn the bulb") {
		t.Errorf("%s", d)
	}
}

func FuzzRedact(f *testing.F) {
	f.Add("Hi Kim,\n a@b.c 12345678 €5 #12")
	f.Fuzz(func(t *testing.T, s string) {
		if r := Redact(s); strings.Contains(r, "@example.org") {
			t.Errorf("%q keeps an address", r)
		}
		Draft(s, s, s)
	})
}
