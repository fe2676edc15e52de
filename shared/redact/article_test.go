package redact

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// erikas is what is known in most cases below.
var erikas = Known{Names: []string{"Erika Muster", "Anna Winter"},
	Addresses: []string{"erika.muster@customers.example"},
	Said: []string{"Order 20881: lamp flickers", "Hello, my lamp from order 20881 (serial LX-4711) flickers. My " +
		"number is 0171 5550199.\n\nBest,\nErika"}}

// What is one person's goes.
func TestArticleTakesWhatIsAPersons(t *testing.T) {
	for in, want := range map[string]string{
		"Your order 20881 gets a new bulb.": "Your order [number] gets a new bulb.",
		"Ihre Bestellung Nr. 4711 geht heute raus.": "Ihre Bestellung Nr. [number] geht " +
			"heute raus.",
		"Votre commande n° 4711 part aujourd'hui.": "Votre commande n° [number] part " +
			"aujourd'hui.",
		"Su pedido 4711-B sale hoy.": "Su pedido [number] sale hoy.",
		"Kundennummer: 12345, invoice RE-2026-0815": "Kundennummer: [number], invoice " +
			"[number]",
		"LX-4711 is the serial that you gave.":   "[number] is the serial that you gave.",
		"I called 0171 5550199 twice.":           "I called [number] twice.",
		"Call +44 20 7946 0958 or (030) 901820.": "Call [number] or [number].",
		"the CVC 123 on the back; card check code: 4412; Prüfziffer 987": "the CVC [secret] on the back; card " +
			"check code: [secret]; Prüfziffer [secret]",
		"card 4111 1111 1111 1111, exp 04/27":                         "card [account], exp [secret]",
		"IBAN de89 3704 0044 0532 0130 00 and GB82WEST12345698765432": "IBAN [account] and [account]",
		"account number 12345678, sort code 12-34-56": "account number [account], sort code " +
			"[account]",
		"BIC: COBADEFFXXX": "BIC: [account]",
		"your passport C01X00T47 and passport number: 533380006": "your passport [number] and passport " +
			"number: [number]",
		"Reisepass Nr. C4FGHJK12, Personalausweis L01X00T471": "Reisepass Nr. [number], " +
			"Personalausweis [number]",
		"DNI 12345678Z; codice fiscale RSSMRA85T10A562S; PESEL 44051401359": "DNI [number]; codice fiscale " +
			"[number]; PESEL [number]",
		"Your user name is erika_m, or: user name: emuster": "Your user name is [name], or: user " +
			"name: [name]",
		"Benutzername: erika77; Ihr Benutzername lautet „emuster“": "Benutzername: [name]; Ihr " +
			"Benutzername lautet „[name]“",
		"identifiant : e.muster2, login erika77": "identifiant : [name], login [name]",
		"We told Erika, and Erikas neighbour; Frau Musters Lampe": "We told [name], and [name] " +
			"neighbour; Frau [name] Lampe",
		"erika muster wrote again": "[name] [name] wrote again",
		"We sent it to 12 Baker Street, London and Hauptstr. 5, 10115 Berlin.": "We sent it to [address], London and " +
			"[address].",
		"à l'adresse 5, rue de la Paix, 75002 Paris":    "à l'adresse [address]",
		"wysłaliśmy na ul. Długa 12/4, 00-238 Warszawa": "wysłaliśmy na [address]",
		"Sehr geehrte Frau Muster,\n\ndrehen Sie den Ring.": "Sehr geehrte [name],\n\ndrehen Sie " +
			"den Ring.",
		"Estimada Sra. García:\n\ngire el anillo.": "Estimada [name]:\n\ngire el anillo.",
		"田中様\n\nリングを締めてください。":                      "[name]様\n\nリングを締めてください。",
		"Turn the ring.\n\nMit freundlichen Grüßen\nAnna Winter": "Turn the ring.\n\nMit freundlichen " +
			"Grüßen\n[name]",
		"Your password: hunter2! and PIN 4412": "Your password: [secret] and PIN " +
			"[secret]",
		"tracking 1Z999AA10123456784, parcel JD014600006281495329": "tracking [number], parcel [account]",
		"It left on 12 March 2026, comes by 14.03.2026.":           "It left on [date], comes by [date].",
		"Write to erika.muster@customers.example.":                 "Write to [mail].",
		"See https://shop.example/track?id=881&k=2":                "See https://shop.example/track",
		"SSN 078-05-1120, NI number JG 10 37 59 A":                 "SSN [number], NI number [number]",
		"Пани Ковальская и г-н Иванов ждут":                        "Пани Ковальская и г-н [name] ждут",
	} {
		if got := Article(in, erikas); got != want {
			t.Errorf("%q\n got %q\nwant %q", in, got, want)
		}
	}
}

// The article's own figures stay, to the letter.
func TestArticleKeepsItsFigures(t *testing.T) {
	for _, s := range []string{
		"You can send it back within 14 days, and within 30 days if it is broken.",
		"The lamp runs at 24 V and 12 W, 230 V in Europe, 3000 K, 1200 lm.",
		"It costs 49.90 EUR, $5 or £1,250.00; 12,50 € mit Versand.",
		"Version 2.4.1 and firmware 10.11.12 mend it; iOS 17.5.1 does not.",
		"Windows 11, HTTP 404, error 4012, port 8080, USB 3.0",
		"The bulb lives for 25000 hours, or 10,000 switching cycles.",
		"Bis zu 15000 Schaltzyklen, 50000 Stunden, 1.000.000 Euro Haftung.",
		"Press the button for 3 seconds, wait 10 minutes, then 1-2 more.",
		"Open Monday to Friday, 9:00 to 17:30.",
		"Use a 4 x 30 mm screw; the box is 120 x 80 x 40 cm.",
		"ISO 9001, EN 60598, DIN 5035, IP44, E27 and GU10 bulbs fit.",
		"The router is at 192.168.1.1, the hub at 10.0.0.2.",
		"The dimmer K-200, the WH-1000XM4 and the L10 3MB work.",
		"1. Open the lid.\n2. Take out the 2 screws.\n3. Close it.",
		"Keep 2 to 5 GB free; a photo has 12 megapixels.",
		"A parcel takes 2-4 working days; tracking starts after 24 hours.",
		"If the order number is missing, look at the invoice or the parcel.",
		"Enter your user name and your password, then press OK.",
		"The passport must be valid for 6 months.",
		"The key to a good light is a clean lamp; see https://shop.example/help",
		"Le délai est de 14 jours, la garantie de 3 ans.",
		"Die Garantie gilt 3 Jahre, die Rückgabe 30 Tage.",
		"保証期間は3年、返品は30日以内です。",
		"Gwarancja trwa 24 miesiące, zwrot w ciągu 30 dni.",
		"May I ask why? March on. The master switch musters all.",
		"お客様の声をお聞かせください。",
		"In 2026 prices rise by 5 %. Since 2024-2025 nothing changed.",
	} {
		if got := Article(s, erikas); got != s {
			t.Errorf("%q\n got %q", s, got)
		}
	}
}

// Taking again takes no more, whatever the text, and what is known never survives.
func TestArticleHoldsForAnyText(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		words := rapid.SliceOfN(rapid.SampledFrom(strings.Fields(
			"Hello Erika , Muster's lamp order 20881 # 4711 24 V 030 901820 \n Best IBAN DE89370400440532013000 "+
				"erika@x.example Frau @erika user name: e_m password hunter2 5, rue Hauptstr. 12 10115 Berlin 田中様 "+
				"4111111111111111 [name] 12.50 EUR")), 1, 25).Draw(r, "words")
		text := strings.Join(words, " ")
		once := Article(text, erikas)
		if twice := Article(once, erikas); twice != once {
			r.Fatalf("%q\nonce  %q\ntwice %q", text, once, twice)
		}
		for _, never := range []string{"20881", "erika@x", "Muster", "DE8937"} {
			if strings.Contains(once, never) {
				r.Fatalf("%q keeps %q: %q", text, never, once)
			}
		}
	})
}
