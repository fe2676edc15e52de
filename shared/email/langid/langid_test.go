package langid_test

import (
	"os"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/email/langid"
	"github.com/replywell/replywell/shared/language"
)

// Mails as customers write them; "" is that nothing is said.
func TestOf(t *testing.T) {
	for text, want := range map[string]string{
		"Hello, where is my parcel? I ordered it last week.":                     "en",
		"Hallo, wo ist mein Paket? Ich habe es letzte Woche bestellt.":           "de",
		"Bonjour, où est mon colis ? Je l'ai commandé la semaine dernière.":      "fr",
		"Hola, ¿dónde está mi paquete? Lo pedí la semana pasada.":                "es",
		"Buongiorno, dov'è il mio pacco? L'ho ordinato la settimana scorsa.":     "it",
		"Olá, onde está a minha encomenda? Encomendei na semana passada.":        "pt",
		"Hallo, waar is mijn pakket? Ik heb het vorige week besteld.":            "nl",
		"Dzień dobry, gdzie jest moja paczka? Zamówiłem ją w zeszłym tygodniu.":  "pl",
		"Hej, var är mitt paket? Jag beställde det förra veckan.":                "sv",
		"Hej, hvor er min pakke? Jeg bestilte den i sidste uge.":                 "da",
		"Hei, hvor er pakken min? Jeg bestilte den forrige uke, takk for hjelp.": "nb",
		"Hei, missä pakettini on? Tilasin sen viime viikolla.":                   "fi",
		"Dobrý den, kde je můj balík? Objednal jsem ho minulý týden.":            "cs",
		"Merhaba, paketim nerede? Geçen hafta sipariş ettim.":                    "tr",
		"荷物はどこですか。先週注文しました。":                                                     "ja",
		"我的包裹在哪里？我上周订的。":                                                         "zh",
		"제 소포는 어디에 있나요? 지난주에 주문했어요.":                                             "ko",
		"Где моя посылка? Я заказал её на прошлой неделе.":                       "ru",
		"أين طردي؟ لقد طلبته الأسبوع الماضي.":                                    "ar",
		"Hej, hvor er min pakke? Der er gået to uger siden jeg bestilte den.":    "da",
		"Hei, hvor er pakken min? Det har gått to uker siden jeg bestilte den.":  "nb",
		"20881":                            "",
		"https://shop.example/orders?id=7": "",
		"ok":                               "",
		"Lantern K-200":                    "",
		"> Where is my parcel? I ordered it.\nDanke, das ist nicht mehr nötig.":   "de",
		"Quisque velit nisi, pretium ut lacinia in, elementum id enim.":           "",
		"Hello, das Paket ist not da, where ist es, please? Ich warte on it, thx": "",
	} {
		if got := langid.Of(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestOfHeldOut reads sentences that nothing was fitted to: three in each of the
// languages of the generated mails. None is to be taken for another language than
// its own or its closest relative; how many are told is printed.
func TestOfHeldOut(t *testing.T) {
	data, err := os.ReadFile("../visible/testdata/matrix.txt")
	if err != nil {
		t.Fatal(err)
	}
	tag, said := "", map[string]string{}
	var tags []string
	for l := range strings.SplitSeq(string(data), "\n") {
		if strings.HasPrefix(l, "[") {
			tag = strings.Trim(l, "[]")
			tags = append(tags, tag)
		}
		for _, k := range []string{"hello: ", "more: ", "asked: "} {
			if s, ok := strings.CutPrefix(l, k); ok {
				said[tag] += s + " "
			}
		}
	}
	words := map[string]bool{}
	for _, t := range strings.Fields("en de fr es it pt nl pl sv da nb fi cs tr ja zh ko he ar el ru uk hu ro et hr " +
		"vi sk ca bg") {
		words[t] = true
	}
	told, wrong, of := 0, 0, 0
	for _, tag := range tags {
		got := langid.Of(said[tag])
		if !words[language.Base(tag)] {
			if got != "" {
				t.Logf("%s, which is not known, is taken for %s", tag, got)
			}
			continue
		}
		of++
		switch got {
		case language.Base(tag):
			told++
		case "":
			t.Logf("%s is not told", tag)
		default:
			wrong++
			t.Errorf("%s is taken for %s: %s", tag, got, said[tag])
		}
	}
	t.Logf("%d of %d languages told from three sentences, %d wrong", told, of, wrong)
	if told*10 < of*9 {
		t.Error("fewer than nine in ten are told")
	}
}

func FuzzOf(f *testing.F) {
	f.Add("Hallo, wo ist mein Paket? ¿ ß 荷物")
	f.Fuzz(func(t *testing.T, s string) { langid.Of(s) })
}
