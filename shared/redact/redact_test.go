package redact

import (
	"strings"
	"testing"
)

func TestRedact(t *testing.T) {
	in := "Hi Erika,\n\nwe paid 45.50 EUR back to DE89 3704 0044 0532 0130 00 on 2026-03-04. Call +49 30 1234567 or " +
		"write to erika.muster@example.org about order LAMP-20261.\nSee https://shop.example/orders?id=77 and keep " +
		"the bulb of 12 watts.\n\nKind regards,\nKim Example"
	want := "Hi [name],\n\nwe paid [amount] back to [account] on [date]. Call [number] or write to [mail] about " +
		"order [number].\nSee https://shop.example/orders and keep the bulb of 12 watts.\n\nKind regards,\n[name]"
	if got := Everything(in); got != want {
		t.Errorf("\n%s\nwant\n%s", got, want)
	}
}

func TestRedactKnowsManyForms(t *testing.T) {
	for in, want := range map[string]string{
		"we sent it to Hauptstraße 12a, 10115 Berlin on 12 March 2026": "we sent it to [address] on [date]",
		"es kam am 3. Jänner 2026":                                     "es kam am [date]",
		"přišlo 3. března 2026":                                        "přišlo [date]",
		"den 3 augusti; se 5 sept.":                                    "den [date]; se [date]",
		"tõi 4 detsember 2026":                                         "tõi [date]",
		"пришло 3 марта 2026":                                          "пришло [date]",
		"within 12 March, 5 lamps":                                     "within [date], 5 lamps",
		"the Mac 10 and a list of 5 men":                               "the Mac 10 and a list of 5 men",
		"it arrives March 3rd, or on the 4th of May; am 3. April": "it arrives [date], or on the " +
			"[date]; am [date]",
		"to 12 Baker Street or 5, rue de la Paix or calle Mayor, 7": "to [address] or [address] or " +
			"[address]",
		"Your password is hunter2! and the PIN: 4412": "Your password is [secret] and the " +
			"PIN: [secret]",
		"token eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9":               "token [secret]",
		"Open https://shop.example/orders/8a7f6e5d4c3b2a19 today.": "Open https://shop.example/orders/[number] today.",
		"id 123e4567-e89b-12d3-a456-426614174000":                  "id [number]",
		"Frau Dr. Müller-Lüdenscheidt and Mr. Jones say so":        "Frau Dr. [name] and Mr [name] say so",
		"Hi there! I am Tom Smith from Acme.":                      "Hi there! I am [name] from Acme.",
		"write to kim [at] acme.example":                           "write to [mail]",
		"It costs $50, 50 USD or US$ 1,234.50; EUR 12,50 in Bern CHF 1'200.-": "It costs [amount], [amount] or " +
			"[amount]; [amount] in Bern [amount].-",
		"between 50 and 60 euros, €5; $50,": "between 50 and [amount], " +
			"[amount]; [amount],",
		"MAC 00:1A:2b:3C:4d:5E, 00-1a-2b-3c-4d-5e or 001a.2b3c.4d5e": "MAC [number], [number] or [number]",
		"to London SW1A 1AA, M1 1AE or EC1A1BB; LS2 9JT": "to London [number], [number] or " +
			"[number]; [number]",
		"ask @erika_m or @kim.b, mail a@b.example or @x@social.example": "ask [name] or [name], mail [mail] " +
			"or [mail]",
		"The E14 bulb, an S10 2GB, the L10 3MB, A4 2DE and X1 2AB fit": "The E14 bulb, an S10 2GB, the L10 " +
			"3MB, A4 2DE and X1 2AB fit",
		"Set @types/node, 2 @ 5 each; at 10:30:45 a ratio of 1:2": "Set @types/node, 2 @ 5 each; at " +
			"10:30:45 a ratio of 1:2",
		"It may take 5 to 7 working days, 230 V, 12 x 30 cm; may I ask why?": "It may take 5 to 7 working days, " +
			"230 V, 12 x 30 cm; may I ask why?",
		"The key to a good light is a clean lamp; see https://shop.example/help": "The key to a good light is a " +
			"clean lamp; see https://shop.example/help",
		"Press the button for 3 seconds, then march on.": "Press the button for 3 seconds, " +
			"then march on.",
	} {
		if got := Everything(in); got != want {
			t.Errorf("%q\n got %q\nwant %q", in, got, want)
		}
	}
}

// Known people's names are taken out in their genitives as well.
func TestRedactNames(t *testing.T) {
	for in, want := range map[string]string{
		"Erika's lamp and Erika’s bulb":            "[name]'s lamp and [name]’s bulb",
		"Erikas Lampe, Frau Musters Rechnung":      "[name] Lampe, Frau [name] Rechnung",
		"ERIKA'S and ERIKAS":                       "[name]'S and [name]",
		"Jonas' lamp, and Jonas waits":             "[name]' lamp, and [name] waits",
		"The master switch musters all; Erikson":   "The master switch musters all; Erikson",
		"O’Brien’s parcel; Müller-Lüdenscheidts X": "[name]’s parcel; [name]-[name] X",
	} {
		if got := Everything(in, "Erika Muster", "Jonas", "O'Brien", "Müller-Lüdenscheidt"); got != want {
			t.Errorf("%q\n got %q\nwant %q", in, got, want)
		}
	}
}

func FuzzRedact(f *testing.F) {
	f.Add("Hi Kim,\n a@b.c 12345678 €5 #12")
	f.Fuzz(func(t *testing.T, s string) {
		if r := Everything(s, "Erika Muster"); strings.Contains(r, "@example.org") {
			t.Errorf("%q keeps an address", r)
		}
		Article(s, Known{Names: []string{s}, Said: []string{s}})
	})
}
