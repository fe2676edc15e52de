package article

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func checked(files map[string]string, beside ...string) (problems, hints string) {
	data := map[string][]byte{}
	for p, s := range files {
		data[p] = []byte(s)
	}
	today, _ := time.Parse(time.DateOnly, "2026-06-15")
	r := Check(data, func(p string) bool { return strings.Contains(strings.Join(beside, " "), p) }, dayOf(today))
	for _, p := range r.Problems {
		problems += p.Error() + "\n"
	}
	for _, h := range r.Hints {
		hints += h.Error() + "\n"
	}
	return problems, hints
}

const enough = "Print the label and bring the parcel to a post office near you.\n"

func TestCheckFollowsLinksAndImages(t *testing.T) {
	problems, hints := checked(map[string]string{
		"a.md": "# A\n\n" + enough + `
[one](b.md), [two](b.md#part-two), [three](b.md#none), [four](gone.md), [five](ftp://x.example/y),
[six](https://intranet/x), [seven](/page), [eight](../out.md), [nine](mailto:nobody), [ten](<>), [eleven][ref], ` + "`[not](a-link.md)`" + `
![A label](img/label.png) ![](img/label.png) ![x](img/none.png)

[ref]: https://shop.example/ok
`,
		"b.md": "# B\n\nSay your order number, and we look for the parcel at once.\n\n## Part two\n\nText.\n",
	}, "img/label.png")
	for _, want := range []string{`a.md:5: the link "b.md#none" leads to no heading: b.md has #part-two`,
		`"gone.md" leads nowhere: there is no file gone.md`, `"ftp://x.example/y" starts with ftp:`,
		`a.md:6: the link "https://intranet/x"`, `"/page" does not say on which site`,
		`"../out.md" leads out of the folder`, `"mailto:nobody" names no mail address`, `has no target`,
		`a.md:7: the image "img/none.png" leads nowhere`} {
		if !strings.Contains(problems, want) {
			t.Errorf("the problems lack %s:\n%s", want, problems)
		}
	}
	if n := strings.Count(problems, "\n"); n != 9 {
		t.Errorf("%d problems:\n%s", n, problems)
	}
	for _, want := range []string{"the link b.md leads to a file of the folder", "image img/label.png has no text",
		"the image img/label.png is a file"} {
		if !strings.Contains(hints, want) {
			t.Errorf("the hints lack %s:\n%s", want, hints)
		}
	}
}

// What a mail would show as its author typed it, or drop, is told.
func TestCheckFindsWhatGoesOutRaw(t *testing.T) {
	problems, hints := checked(map[string]string{"a.md": "# A\n\n" + enough + `
[z][undefinedref], [l](https://exa mple.com), [**y**][] and ![i][nopicture]
<a href="nope.md">one</a> <img src='nope.png' alt="x"> <A class=x HREF="https://shop.example/page?a=1&amp;b=2">two</A>
It costs ~~5~~ 7 euros[^1]. Also[^note].

| a | b |
| - | - |
| [t][nowhere] | x |

- [ ] todo
- ` + "`[code][ref]`, [ok][ref], \\[x\\]\\[y\\], \\[^1], x[1], [a] [b] and (see [c])" + `

<div><a href="ftp://x.example/">block</a></div>

[^1]: Without the postage.

[^note]: https://shop.example/note
[ref]: https://shop.example/ok

:::internal
[in][notes]
:::
`})
	for _, want := range []string{`a.md:5: "[z][undefinedref]" is no link`,
		`a.md:5: "[l](https://exa mple.com)" is no link`, `a.md:5: "[y][]"`, `a.md:5: "[i][nopicture]"`,
		`a.md:6: the link "nope.md" leads nowhere`, `a.md:6: the image "nope.png" leads nowhere`,
		"a.md:7: the footnote [^1] would be sent", "a.md:7: the footnote [^note] would be sent",
		`a.md:11: "[t][nowhere]"`, `a.md:16: the link "ftp://x.example/" starts with ftp:`, `a.md:24: "[in][notes]"`} {
		if !strings.Contains(problems, want) {
			t.Errorf("the problems lack %s:\n%s", want, problems)
		}
	}
	if n := strings.Count(problems, "\n"); n != 11 {
		t.Errorf("%d problems:\n%s", n, problems)
	}
	for _, want := range []string{`a.md:7: what is struck out, "5", is left out of a mail`,
		"the link https://shop.example/page?a=1&b=2 is written as HTML, and a mail drops where it leads",
		"the image nope.png is written as HTML, and a mail drops it"} {
		if !strings.Contains(hints, want) {
			t.Errorf("the hints lack %s:\n%s", want, hints)
		}
	}
}

func TestCheckFindsTwins(t *testing.T) {
	long := "Bring the parcel to any post office and keep the slip until the money is back. We pay the postage, and " +
		"the refund comes within five working days after the parcel reached us in our workshop."
	problems, hints := checked(map[string]string{"a.md": "# Sending back\n\n" + long,
		"b.md": "# sending  BACK!\n\nSay the order number, and which lamp it is, so that we find it.",
		"c.md": "# Refund\n\n" + long, "d.md": "# Postage\n\n" + long + " Ask us.",
		"e.md": "---\ntitle: Sending back\nlanguage: de\n---\nBringen Sie das Paket zur Post, und heben Sie den " +
			"Beleg auf."})
	if !strings.Contains(problems, "b.md: has the title of a.md") ||
		!strings.Contains(problems, "c.md: says the same as a.md") || strings.Count(problems, "\n") != 2 ||
		!strings.Contains(hints, "d.md: has ") {
		t.Errorf("%s\n%s", problems, hints)
	}
}

func TestCheckHintsAtWhatIsHardToUse(t *testing.T) {
	problems, hints := checked(map[string]string{
		"hard.md": "# Authorization\n\nNotwithstanding the aforementioned considerations, reimbursement " +
			"applications necessitate comprehensive documentation substantiating transactional authenticity, " +
			"accompanied by identification verification. Organizational administration subsequently communicates " +
			"determination notifications regarding eligibility classification, whereupon participants acknowledge " +
			"responsibilities contractually established.\n",
		"easy.md": "# Sending a lamp back\n\n" + strings.Repeat(enough, 4) +
			"We pay you back in five days. Keep the slip until then. Write to us if the label is lost.\n",
		"long.md":  "# Long\n\n" + strings.Repeat("Say the name of the lamp. ", 80) + "\n",
		"short.md": "# Short\n\nCall us.\n",
		"old.md": "---\ntitle: Old\nvalid_until: 2026-06-14\n---\n" +
			"Half price on all lamps as long as the sale lasts.\n",
		"soon.md": "---\ntitle: Soon\nvalid_until: 2026-07-01\n---\n" +
			"Two for one on all bulbs until the first of July.\n",
	})
	if problems != "" {
		t.Error(problems)
	}
	for _, want := range []string{"hard.md: hard to read (", "long.md: 480 words", "short.md: 2 words hardly",
		"old.md: was valid until 2026-06-14", "soon.md: is valid until 2026-07-01 only"} {
		if !strings.Contains(hints, want) {
			t.Errorf("the hints lack %s:\n%s", want, hints)
		}
	}
	if strings.Contains(hints, "easy.md") {
		t.Error(hints)
	}
}

// The measure tells plain from official writing in each language it knows.
func TestReadingEase(t *testing.T) {
	for _, tc := range []struct{ language, plain, official string }{
		{"en",
			"You can send the lamp back within 30 days. Put it in the box. Write your order number on a slip. Bring " +
				"the parcel to the post office. We pay the money back in five days. If the label is lost, write to " +
				"us and we send you a new " +
				"one.",
			"The reimbursement of expenditure is contingent upon the presentation of documentation demonstrating the " +
				"acquisition of the merchandise and the identification of the individual who is responsible for " +
				"initiating the transaction, in accordance with the applicable regulations governing consumer " +
				"protection and distance selling."},
		{"de",
			"Sie können die Lampe in 30 Tagen zurück schicken. Legen Sie sie in die Box. Schreiben Sie die Nummer " +
				"auf einen Zettel. Bringen Sie das Paket zur Post. Wir zahlen das Geld in fünf Tagen zurück. Fehlt " +
				"der Zettel, so rufen Sie uns an, wir helfen gern.",
			"Die Rückerstattung der Aufwendungen erfolgt ausschließlich unter Berücksichtigung der einschlägigen " +
				"Bestimmungen des Verbraucherschutzrechts sowie nach Vorlage entsprechender Dokumentationsunterlagen," +
				" welche die Identifizierung der verantwortlichen Vertragspartei ermöglichen und die " +
				"Ordnungsmäßigkeit der Warenrücksendung nachvollziehbar dokumentieren, wobei Bearbeitungszeiten " +
				"unberücksichtigt bleiben."},
		{"",
			"Можно вернуть лампу за 30 дней. Положите ее в ящик. Дайте нам знать, и мы все решим. Мы вернем вам " +
				"сумму за пять дней. Если нет чека, то дайте нам знать, и мы его найдем для вас. Это все, что надо " +
				"для нас и для вас " +
				"тоже.",
			"Возмещение понесенных расходов осуществляется исключительно при условии предоставления документации, " +
				"подтверждающей приобретение соответствующей продукции и идентификацию ответственного лица, " +
				"инициировавшего соответствующую процедуру согласно действующему законодательству регулирующему " +
				"защиту потребителей и дистанционную торговлю товарами народного потребления на территории " +
				"государства участника."},
	} {
		if p, o := ReadingOf(tc.plain, tc.language), ReadingOf(tc.official, tc.language); p.Hard || !o.Hard {
			t.Errorf("%q: plain %+v, official %+v", tc.language, p, o)
		}
		if tc.language != "" && ReadingOf(tc.official, "").Language != tc.language {
			t.Errorf("%s is taken for %q", tc.language, ReadingOf(tc.official, "").Language)
		}
	}
}

func TestBundleAndDifference(t *testing.T) {
	old := map[string][]byte{"a.md": []byte("# A\n\nOne.\nTwo.\nThree.\n"), "b.md": []byte("# B\n\ntext"),
		"x/c.md": []byte("# C\n\ntext")}
	files := map[string][]byte{"a.md": []byte("# A\n\nOne.\nZwei.\nThree.\n"), "x/c.md": []byte("# C\n\ntext"),
		"d.md": []byte("# D\n\ntext"), "photo.png": {1}}
	want := "[{a.md changed [- Two. + Zwei.]} {b.md removed []} {d.md added []}]"
	if got := fmt.Sprint(Difference(old, files)); got != want {
		t.Errorf("%s", got)
	}
	for n, last := range map[int]string{6: "+ line", 7: "+ line", 8: "+ … and 2 more lines"} {
		got := differing("", strings.Repeat("line\n", n-1)+"line")
		if got[len(got)-1] != last {
			t.Errorf("%d new lines end with %q", n, got[len(got)-1])
		}
	}
	one, err := Bundle(files)
	if err != nil {
		t.Fatal(err)
	}
	back, err := Unbundle(one)
	if err != nil || len(back) != 3 || len(Difference(files, back)) != 0 {
		t.Fatalf("%d files, %v", len(back), err)
	}
	if two, _ := Bundle(back); string(two) != string(one) {
		t.Error("the same files give other bytes")
	}
	for _, n := range []int{0, 10, len(one) / 2, len(one) - 3} {
		if _, err := Unbundle(one[:n]); err == nil || !strings.Contains(err.Error(), "push them again") {
			t.Errorf("of %d bytes: %v", n, err)
		}
	}
}

func FuzzUnbundle(f *testing.F) {
	b, _ := Bundle(map[string][]byte{"a.md": []byte("# A\n\ntext")})
	f.Add(b)
	f.Fuzz(func(t *testing.T, data []byte) {
		files, err := Unbundle(data)
		if err == nil {
			_ = Check(files, nil, 1)
		}
	})
}

// Hints are sentences, whatever the number, and no measure is given that says nothing.
func TestHintsAreSentences(t *testing.T) {
	for body, want := range map[string]string{
		"…":        "a.md: there are no words in what is sent; say",
		"Yes.":     "a.md: 1 word hardly answers anything; say",
		"Call us.": "a.md: 2 words hardly answer anything; say",
		strings.Repeat("pumppu vuotaa "+
			"", 9000): "a.md: hard to read: hardly a sentence ends, with 18000 words in one on average",
		strings.Repeat("the pump leaks "+
			"", 999): "a.md: hard to read: hardly a sentence ends, with 2997 words in one on average",
	} {
		if _, hints := checked(map[string]string{"a.md": "# A\n\n" + body + "\n"}); !strings.Contains(hints, want) ||
			strings.Contains(hints, "LIX") || strings.Contains(hints, "reading ease") {
			t.Errorf("%.40q: %q is not in\n%.600s", body, want, hints)
		}
	}
}
