package visible

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// leaves are the ways in which people end an answer, by name.
var leaves = map[string]func(s speech) []string{
	"comma":    func(s speech) []string { return []string{s["sign"] + ",", "Erika Beispiel"} },
	"bare":     func(s speech) []string { return []string{s["sign"], "Erika"} },
	"gap":      func(s speech) []string { return []string{s["sign"] + ",", "", "Erika"} },
	"one line": func(s speech) []string { return []string{s["sign"] + ", Erika"} },
	"title":    func(s speech) []string { return []string{s["sign"], "Erika Beispiel", "Team Support"} },
	"dash":     func(s speech) []string { return []string{"- Erika"} },
	"none":     func(s speech) []string { return nil },
}

// finePrints are what companies put below everything, by language; others have English.
var finePrints = map[string]string{
	"en": "This email and any attachments are confidential and may be privileged. If you are not the intended " +
		"recipient, please delete it.",
	"de": "Diese E-Mail ist vertraulich. Wenn Sie nicht der richtige Adressat sind, löschen Sie diese bitte. " +
		"Amtsgericht Berlin HRB 12345, Geschäftsführer: Max Beispiel",
	"fr": "Ce message est confidentiel et réservé à son destinataire. Pensez à l'environnement avant d'imprimer.",
	"ja": "本メールには機密情報が含まれている場合があります。誤って受信された場合は破棄してください。",
	"es": "Este mensaje es confidencial y se dirige exclusivamente a su destinatario.",
	"pl": "Ta wiadomość jest poufna i przeznaczona wyłącznie dla adresata.",
}

// tails are what programs add below, by name.
var tails = map[string]func(s speech, language string) []string{
	"none": func(speech, string) []string { return nil },
	"dashes": func(speech, string) []string {
		return []string{"-- ", "Erika Beispiel", "Beispiel AG", "+49 30 1234567"}
	},
	"card":       func(speech, string) []string { return card("") },
	"drawn card": func(speech, string) []string { return card("________________________________") },
	"joined": func(speech, string) []string {
		return []string{"Beispiel AG", "Tel. +49 30 1234567", "www.beispiel.example"}
	},
	"device":     func(s speech, _ string) []string { return []string{"", s["mobile"]} },
	"fine print": func(_ speech, l string) []string { return []string{"", finePrint(l)} },
	"card, fine print": func(_ speech, l string) []string {
		return append(card(""), "", finePrint(l))
	},
	"device, fine print": func(s speech, l string) []string { return []string{"", s["mobile"], "", finePrint(l)} },
}

func card(above string) []string {
	return []string{above, "Erika Beispiel", "Team Support | Beispiel AG", "Tel. +49 30 1234567",
		"erika@beispiel.example | www.beispiel.example"}
}

func finePrint(language string) string {
	if p := finePrints[language]; p != "" {
		return p
	}
	return finePrints["en"]
}

// TestEndingsOfAnswers: client x language x form of leave x what stands below
// it, as text, as HTML and as both. How the author took leave is found, and
// nothing of card, telephone and fine print goes on to a customer.
func TestEndingsOfAnswers(t *testing.T) {
	t.Parallel()
	total, exact, kept, shown, turn := 0, 0, 0, 0, 0
	wrong := map[string][2]int{}
	all := speeches(t)
	for _, language := range slices.Sorted(maps.Keys(all)) {
		s := all[language]
		for _, c := range clients {
			for _, leave := range slices.Sorted(maps.Keys(leaves)) {
				for _, tail := range slices.Sorted(maps.Keys(tails)) {
					if tail == "joined" && (leave == "title" || leave == "dash" || leave == "none" ||
						leave == "one line") {
						continue // nobody could tell where the card begins
					}
					if turn++; turn%4 != 0 {
						continue // a quarter of all, each client with each leave and each tail
					}
					own := leaves[leave](s)
					want := strings.TrimSpace(strings.Join(own, "\n"))
					for _, m := range c.samples(s, language, "top", "",
						append(slices.Clip(own), tails[tail](s, language)...)) {
						p := Source{Subject: "Re: Order 4711", Text: m.text, HTML: m.html}.AsAnswer("Erika Beispiel",
							"erika@beispiel.example")
						said := squash(p.Visible + p.Ending)
						total++
						ok := said == squash(m.want+want) && squash(p.Visible) == squash(m.want) || leave == "dash" &&
							said == squash(m.want+want)
						if leave == "one line" { // it stays among what was said
							ok = said == squash(m.want+want)
						}
						for _, k := range []string{"language " + language, "client " + m.client, "leave " + leave,
							"tail " + tail} {
							w := wrong[k]
							w[1]++
							if !ok {
								w[0]++
							}
							wrong[k] = w
						}
						if m.html != "" && p.VisibleHTML != "" {
							kept++
						}
						if ok && m.html != "" && p.VisibleHTML != "" && squash(stripped(p.VisibleHTML)) != said {
							t.Errorf("%s/%s/%s: the HTML says %q", m.name, leave, tail, stripped(p.VisibleHTML))
						}
						if ok {
							exact++
							continue
						}
						if shown++; shown < 25 || shown%37 == 0 && shown < 1500 {
							t.Logf("%s/%s/%s\n got  %q + %q\n want %q\n rules %q", m.name, leave, tail, p.Visible,
								p.Ending, want, p.Rules)
						}
					}
				}
			}
		}
	}
	share := float64(exact) / float64(total)
	t.Logf("%d answers of %d end as their authors ended them, and without card, device or fine print (%.2f %%); %d "+
		"with HTML", exact, total, 100*share, kept)
	for _, k := range slices.Sorted(maps.Keys(wrong)) {
		if w := wrong[k]; w[0] > 0 {
			t.Logf("%-24s %d of %d wrong", k, w[0], w[1])
		}
	}
	if share < 0.98 {
		t.Errorf("%.2f %% of the answers end right, want 98 %%", 100*share)
	}
}

func stripped(markup string) string {
	p, _ := Source{HTML: markup}.readPage()
	var out []string
	for _, l := range p.lines {
		out = append(out, l.text)
	}
	return strings.Join(out, "\n")
}

// What a person says to a customer looks like a card or fine print at times. It
// stays; and so does a leave in a language or form that no table has.
func TestAnswerKeepsWhatIsSaid(t *testing.T) {
	for name, c := range map[string]struct{ text, said, leave string }{
		"the workshop's address": {"Hello,\n\nplease bring it to our workshop.\n\nWorkshop Berlin\nHauptstrasse 12, " +
			"10115 Berlin\nTel. +49 30 901820\nwww.workshop.example\n\nBest regards,\nAnna",
			"Hello,\n\nplease bring it to our workshop.\n\nWorkshop Berlin\nHauptstrasse 12, 10115 Berlin\nTel. +49 " +
				"30 901820\nwww.workshop.example", "Best regards,\nAnna"},
		"an address and no leave": {
			"Please write to them.\n\nWorkshop Berlin\nTel. +49 30 901820\nwww.workshop.example",
			"Please write to them.\n\nWorkshop Berlin\nTel. +49 30 901820\nwww.workshop.example", ""},
		"own card and no leave": {"Please send us the receipt.\n\nAnna Winter\nLantern Shop | Support\n+49 30 901820",
			"Please send us the receipt.", ""},
		"a confidential matter": {"We keep it all.\n\nYour data is confidential.",
			"We keep it all.\n\nYour data is confidential.", ""},
		"no table's leave": {"We send a new lamp.\n\nGlad vinter från oss\nAnna",
			"We send a new lamp.\n\nGlad vinter från oss\nAnna", ""},
		"from a place": {"We send a new lamp.\n\nBest regards from Hamburg,\nAnna", "We send a new lamp.",
			"Best regards from Hamburg,\nAnna"},
		"a small name": {"We send a new lamp.\n\nbest,\nanna\n\n-- \nAnna Winter\nLantern Shop",
			"We send a new lamp.", "best,\nanna"},
		"one letter": {"We send a new lamp.\n\nBest,\nA.\n\nSent from my iPhone", "We send a new lamp.",
			"Best,\nA."},
		"thanks and a name": {"We send a new lamp.\n\nThanks,\nAnna\n\nAnna Winter\nLantern Shop | Support\n" +
			"+49 30 901820", "We send a new lamp.\n\nThanks,\nAnna", ""},
		"a card on one line": {"We send a new lamp.\n\nThank you!\n\nAnna Winter | Support | Lantern Shop | +49 " +
			"30 901820", "We send a new lamp.\n\nThank you!", ""},
		"a company below a rule": {"新しいランプをお送りします。\n\n以上、よろしくお願いいたします。\n\n==========\nランタン株式会社\n田中花子\nTEL: " +
			"03-1234-5678\n==========", "新しいランプをお送りします。", "以上、よろしくお願いいたします。"},
		"a name and a remark": {"We send a new lamp.\n\nKind regards,\nAnna Winter (she/her)\nLantern Shop",
			"We send a new lamp.", "Kind regards,\nAnna Winter (she/her)\nLantern Shop"},
		"a postscript": {"We send a new lamp.\n\nBest,\nAnna\n\nPS: Please keep the ring.",
			"We send a new lamp.\n\nPS: Please keep the ring.", "Best,\nAnna"},
		// Below the name: what was remembered is said, what a program adds is not.
		"a number remembered": {"We send a new lamp.\n\nBest,\nAnna\n\nOh, and the workshop's number is 0117 " +
			"496 0123.", "We send a new lamp.\n\nOh, and the workshop's number is 0117 496 0123.", "Best,\nAnna"},
		"a call": {"We send a new lamp.\n\nBest,\nAnna\n\nCall me on 0117 496 0123",
			"We send a new lamp.\n\nCall me on 0117 496 0123", "Best,\nAnna"},
		"a link remembered": {"Neue kommt.\n\nViele Grüße\nAnna\n\nHier ist der Link zur Sendung: " +
			"https://dpd.example/12", "Neue kommt.\n\nHier ist der Link zur Sendung: https://dpd.example/12",
			"Viele Grüße\nAnna"},
		"a link alone": {"We send a new lamp.\n\nBest,\nAnna\n\nhttps://dpd.example/12",
			"We send a new lamp.\n\nhttps://dpd.example/12", "Best,\nAnna"},
		"remembered right below": {"We send a new lamp.\n\nBest,\nAnna\nHere is the tracking link: " +
			"https://track.example/1", "We send a new lamp.\n\nHere is the tracking link: https://track.example/1",
			"Best,\nAnna"},
		"a place announced": {"We send a new lamp.\n\nBest,\nAnna\n\nOur workshop:\nHafenstr. 12\n0117 496 0123",
			"We send a new lamp.\n\nOur workshop:\nHafenstr. 12\n0117 496 0123", "Best,\nAnna"},
		"a card without the name": {"Une lampe part.\n\nBien cordialement,\nAnna\n\nService client – Lantern SARL\n" +
			"12 rue du Port, 13002 Marseille\nTél. 04 91 00 00 00\n\nEnvoyé de mon iPhone", "Une lampe part.",
			"Bien cordialement,\nAnna"},
		"a card that ends in S.L.": {"Enviamos una.\n\nUn saludo,\nAna\n\nAtención al cliente - Lantern S.L.\nC/ del " +
			"Puerto 12, 08001 Barcelona\nTel. 93 123 45 67", "Enviamos una.", "Un saludo,\nAna"},
		"a card in small words": {"We send a new lamp.\n\nBest,\nAnna\n\nCustomer care team\nLantern lamps and " +
			"shades\n0117 496 0123", "We send a new lamp.", "Best,\nAnna"},
		"a card with a slogan": {"We send a new lamp.\n\nBest,\nAnna\n\nAnna Winter\nLantern Shop\nTel 0117 496 " +
			"0123\nVisit us at the Lamp Fair 2026, hall 4!", "We send a new lamp.", "Best,\nAnna"},
		"a card with hours": {"We send a new lamp.\n\nBest,\nAnna\n\nLantern Ltd\nPhone 0117 496 0123 (we are " +
			"there from nine to five)\nwww.lantern.example", "We send a new lamp.", "Best,\nAnna"},
		"Japanese, below a rule": {"新しいランプをお送りします。\n\nよろしくお願いいたします。\n田中\n\n──────────\nランタン株式会社\n田中花子\nTEL " +
			"03-1234-5678", "新しいランプをお送りします。", "よろしくお願いいたします。\n田中"},
		"a leave within the card": {"We send a new lamp.\n\n-- \nKind regards,\nAnna Winter\nLantern Shop\n+49 30 " +
			"901820", "We send a new lamp.", "Kind regards,\nAnna Winter"},
		"two leaves": {"We send a new lamp.\n\nViele Grüße, Anna\n\n-- \nMit freundlichen Grüßen\nAnna " +
			"Winter\nLantern Shop", "We send a new lamp.", "Viele Grüße, Anna"},
		"a list of steps": {"Do this:\n\n1. Open it.\n2. Call +49 30 901820.\n\nBest\nAnna",
			"Do this:\n\n1. Open it.\n2. Call +49 30 901820.", "Best\nAnna"},
		"only a leave and a quote": {"Best,\nAnna\n\nOn 5 Mar 2024, at 10:00, Erika <erika@x.example> wrote:\n\n> " +
			"Hello?", "Best,\nAnna", ""},
	} {
		p := Source{Subject: "Re: Lamp", Text: c.text}.AsAnswer("Anna Winter", "anna.winter@team.example")
		if p.Visible != c.said || p.Ending != c.leave {
			t.Errorf("%s:\n got  %q + %q\n want %q + %q\n rules %q", name, p.Visible, p.Ending, c.said, c.leave,
				p.Rules)
		}
	}
}

// A picture may be all that a mail says.
func TestAPictureAlone(t *testing.T) {
	for _, s := range []Source{
		{HTML: `<div><img src="cid:x1"></div>`},
		{Text: "\n", HTML: `<div><img src="cid:x1" alt="x.png"></div>`},
		{Text: "[image: x.png]\n", HTML: `<div><img src="cid:x1" alt="x.png"></div>`},
		{Text: "[image: x.png]\n\nOn 5 Mar 2024, at 10:00, Erika <erika@x.example> wrote:\n\n> Hello?"},
	} {
		s.Subject = "Re: Lamp"
		for _, p := range []Parts{s.Split(), s.AsAnswer("Anna Winter")} {
			if p.OnlyQuote || s.HTML != "" && !strings.Contains(p.VisibleHTML, "cid:x1") || s.HTML == "" &&
				p.Visible != "[image: x.png]" {
				t.Errorf("%q, %q: %+v", s.Text, s.HTML, p)
			}
		}
	}
}
