package charset

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// sentences are ordinary customers' words, each with the charsets that mailers of
// that language still send undeclared or wrongly declared.
var sentences = []struct{ text, charsets string }{
	{"Sehr geehrte Damen und Herren, meine Bestellung wäre längst überfällig. Grüße, Jürgen Weiß", "windows-1252"},
	{"Bonjour, je n'ai toujours pas reçu ma commande passée à Noël. Où est-elle ?", "windows-1252"},
	{"¿Dónde está mi pedido? El año pasado llegó más rápido.", "windows-1252"},
	{"Olá, não recebi a confirmação da minha encomenda. Obrigado, João", "windows-1252"},
	{"Hej, jag har inte fått någon bekräftelse på min beställning ännu", "windows-1252"},
	{"Dobrý den, prosím o zaslání faktury, děkuji. Příště objednám znovu, řekněte mi cenu", "windows-1250 iso-8859-2"},
	{"Dzień dobry, proszę o przesłanie faktury, ponieważ jej nie otrzymałem. Pozdrawiam, Łukasz",
		"windows-1250 iso-8859-2"},
	{"Здравствуйте, я не получил свой заказ. Пришлите, пожалуйста, счёт.", "windows-1251 koi8-r ibm866 iso-8859-5"},
	{"Καλημέρα, δεν έχω λάβει ακόμα την παραγγελία μου.", "windows-1253"},
	{"Siparişim hâlâ gelmedi, lütfen bana yardımcı olun. Teşekkürler, Ayşe Yıldız", "windows-1254"},
	{"שלום, עדיין לא קיבלתי את ההזמנה שלי", "windows-1255"},
	{"مرحبا، لم أستلم طلبي حتى الآن", "windows-1256"},
	{"您好，我还没有收到我的订单，请帮我查询一下物流信息。谢谢", "gb18030"},
	{"您好，我還沒有收到我的訂單，請幫我查詢一下物流資訊。謝謝", "big5"},
	{"こんにちは、注文した商品がまだ届いていません。確認をお願いします。", "euc-jp shift_jis"},
	{"안녕하세요, 주문한 상품이 아직 도착하지 않았습니다. 확인 부탁드립니다.", "euc-kr"},
}

// short are what customers write in a line, each in a language of its own.
var short = []struct{ language, text string }{
	{"de", "Wo bleibt mein Päckchen?"}, {"de", "Die Größe passt nicht, bitte um Rücknahme"},
	{"de", "Rückfrage zur Lieferung"}, {"de", "Grüße aus Köln"},
	{"fr", "Où est passé mon colis ?"}, {"fr", "Le vélo est arrivé abîmé"}, {"fr", "Réservation annulée"},
	{"fr", "Je n'ai rien reçu"},
	{"es", "¿Cuándo llegará mi paquete?"}, {"es", "La lámpara llegó rota, ¿me envían otra?"},
	{"es", "Devolución del teléfono"}, {"es", "El niño está enfermo, mañana no puedo"},
	{"pt", "A encomenda ainda não chegou"}, {"pt", "Não consigo alterar o endereço"}, {"pt", "Reclamação"},
	{"it", "Perché non è ancora arrivato?"}, {"it", "La città è sbagliata"},
	{"nl", "Mijn bestelling is geïnd maar niet geleverd"}, {"nl", "De reünie is geannuleerd"},
	{"sv", "Jag har fått fel färg på tröjan"}, {"sv", "När kommer paketet? Hälsningar Åsa"},
	{"da", "Kan jeg bytte køkkenstolen?"}, {"da", "Hvornår får jeg pengene igen?"},
	{"no", "Når får jeg svar på spørsmålet?"}, {"fi", "Missä tilaukseni viipyy? Terveisin Päivi"},
	{"is", "Hvar er pöntunin mín?"}, {"ca", "Encara no he rebut la comanda, què ha passat?"},
	{"et", "Kus on minu tellimus? Palun vastake, aitäh"},
	{"cs", "Kde je moje zásilka?"}, {"cs", "Stůl přišel rozbitý, můžete poslat nový?"}, {"cs", "Žádám o vrácení peněz"},
	{"sk", "Kde je môj balík? Ešte neprišiel"}, {"sk", "Chcem vrátiť topánky"},
	{"pl", "Gdzie jest moja przesyłka?"}, {"pl", "Kubek przyszedł stłuczony, proszę o nowy"},
	{"pl", "Nie działa, co mam zrobić z tą lampą?"}, {"pl", "Zażalenie"},
	{"hu", "Mikor érkezik meg a csomagom?"}, {"hu", "A lámpa törött, kérek egy újat. Köszönöm, Gergő"},
	{"hr", "Gdje je moja narudžba? Još nije stigla"}, {"sl", "Kje je moja pošiljka? Še čakam"},
	{"ro", "Unde este coletul meu? Mulţumesc frumos"}, {"lt", "Kur mano siuntinys? Ačiū už pagalbą"},
	{"lv", "Kur ir mans sūtījums? Paldies, Jānis"},
	{"tr", "Kargom nerede kaldı?"}, {"tr", "Yanlış ürün geldi, değişim istiyorum"}, {"ru", "Где мой заказ?"},
	{"ru", "Чашка разбита, верните деньги"}, {"ru", "Не работает"},
	{"uk", "Де моє замовлення? Дякую"}, {"uk", "Чашка розбита, поверніть, будь ласка, гроші"},
	{"bg", "Къде е поръчката ми?"}, {"el", "Πού είναι το δέμα μου;"}, {"el", "Δεν λειτουργεί"},
	{"he", "איפה החבילה שלי?"}, {"he", "המנורה הגיעה שבורה"}, {"ar", "أين طلبي؟ شكرا"}, {"ar", "وصل المصباح مكسورا"},
	{"th", "สินค้ายังไม่มาถึงค่ะ"},
}

// TestShortTextsInManyLanguages reads each in all charsets that its language is
// written in, undeclared. Where a word is in two languages no statistics help:
// one in fifty may go wrong.
func TestShortTextsInManyLanguages(t *testing.T) {
	all, right := 0, 0
	for _, s := range short {
		for name, w := range written {
			// the old ones of DOS and Mac
			if !strings.Contains(" "+w.languages+" ", " "+s.language+" ") || w.prior >= 20 {
				continue
			}
			b, err := lookup(name).NewEncoder().Bytes([]byte(s.text))
			if err != nil {
				continue
			}
			all++
			if got := Decode(b, ""); got.Text == s.text {
				right++
			} else {
				t.Logf("%s in %s: read as %s: %s", s.text, name, got.Used, got.Text)
			}
		}
	}
	t.Logf("%d of %d", right, all)
	if all < 110 || right*50 < all*49 {
		t.Errorf("%d of %d were read rightly", right, all)
	}
}

func TestAFewWordsBelowMuchASCII(t *testing.T) {
	const english = "Please find our earlier mails below, with the number of the order and all that was said of it.\n"
	for _, s := range short {
		name := map[string]string{"pl": "iso-8859-2", "cs": "windows-1250", "ru": "koi8-r", "tr": "windows-1254",
			"es": "windows-1252"}[s.language]
		if name == "" {
			continue
		}
		text := strings.Repeat(english, 30) + "\n" + s.text + "\n" + strings.Repeat(english, 60)
		if got := Decode(encode(t, text, name), ""); got.Text != text {
			t.Errorf("%s in %s: read as %s", s.text, name, got.Used)
		}
	}
}

func TestHintsOfTheMail(t *testing.T) {
	for _, c := range []struct {
		text, charset string
		hints         Hints
	}{
		{"Zuż", "iso-8859-2", Hints{Charsets: []string{"ISO-8859-2"}}},
		{"Łódź", "windows-1250", Hints{Languages: []string{"pl"}}},
		{"Ağrı", "windows-1254", Hints{Languages: []string{"tr-TR"}}},
		{"Ja", "us-ascii", Hints{Languages: []string{"xx"}, Charsets: []string{"no-such"}}},
		{"ご注文", "euc-jp", Hints{Charsets: []string{"euc-jp"}}},
		{"Да", "koi8-r", Hints{Charsets: []string{"utf-8", "koi8-r"}}},
	} {
		b := []byte(c.text)
		if c.charset != "us-ascii" {
			b = encode(t, c.text, c.charset)
		}
		if got := c.hints.Decode(b, ""); got.Text != c.text {
			t.Errorf("%s in %s: read as %s: %s", c.text, c.charset, got.Used, got.Text)
		}
	}
}

func BenchmarkGuess(b *testing.B) {
	text, err := lookup("windows-1250").NewEncoder().Bytes(
		[]byte(strings.Repeat("Kubek przyszedł stłuczony, proszę o nowy. ", 50)))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		Decode(text, "")
	}
}

func encode(t *testing.T, text, name string) []byte {
	t.Helper()
	b, err := lookup(name).NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatalf("%s in %s: %v", text, name, err)
	}
	return b
}

func TestUndeclaredTextIsReadInItsOwnCharset(t *testing.T) {
	for _, s := range sentences {
		for _, name := range strings.Fields(s.charsets) {
			b := encode(t, s.text, name)
			for _, label := range []string{"", "us-ascii", "x-no-such-charset", "utf-8"} {
				if got := Decode(b, label); got.Text != s.text {
					t.Errorf("%s declared %q: read as %s: %s", name, label, got.Used, got.Text)
				} else if got.Doubt == Sure {
					t.Errorf("%s declared %q: no doubt was said", name, label)
				}
			}
			if got := Decode(b, name); got.Text != s.text || got.Doubt != Sure {
				t.Errorf("%s rightly declared: %+v", name, got)
			}
		}
		if got := Decode([]byte(s.text), "iso-8859-1"); got.Text != s.text || got.Doubt != Wrong {
			t.Errorf("UTF-8 declared as Latin-1: %+v", got)
		}
	}
}

func TestShortSubjects(t *testing.T) {
	for text, name := range map[string]string{"アカウント": "shift_jis", "ログインできません": "shift_jis", "Wi-Fi连接": "gb18030",
		"我的order没到": "gb18030", "订单": "gb18030", "货没到": "gb18030", "退款申请": "gb18030", "주문 문의": "euc-kr",
		"배송 지연 문의드립니다": "euc-kr",
		"注文の件":         "shift_jis", "訂單問題": "big5", "Заказ": "koi8-r", "Где заказ?": "windows-1251",
		"Größe":       "windows-1252",
		"Réclamation": "windows-1252"} {
		if got := Decode(encode(t, text, name), ""); got.Text != text {
			t.Errorf("%s in %s: read as %s: %s", text, name, got.Used, got.Text)
		}
	}
}

func TestFewSignsAreWestern(t *testing.T) {
	for _, text := range []string{"It cost 20 €.", "café", "20 £ or 30 €", "it’s dark", "«Lampe»", "••• € € €"} {
		for _, label := range []string{"", "iso-8859-1"} {
			if got := Decode(encode(t, text, "windows-1252"), label); got.Text != text {
				t.Errorf("%s declared %q: read as %s: %s", text, label, got.Used, got.Text)
			}
		}
	}
}

func TestNonLatinTextDeclaredAsLatin(t *testing.T) {
	for _, s := range sentences[7:] {
		for _, name := range strings.Fields(s.charsets) {
			if name == "windows-1254" {
				continue // Turkish differs from Latin-1 by six letters: nothing to see it by
			}
			if got := Decode(encode(t, s.text, name), "iso-8859-1"); got.Text != s.text {
				t.Errorf("%s declared Latin-1: read as %s: %s", name, got.Used, got.Text)
			}
		}
	}
}

func TestCharsetsInSevenBits(t *testing.T) {
	for _, c := range []struct{ raw, label, want string }{
		{"Hi Mom -+Jjo--!", "utf-7", "Hi Mom -\u263a-!"},
		{"1 +- 1 +AOQ- x+", "unicode-1-1-utf-7", "1 + 1 ä x+"},
		{"\x1b$B$3$s\x1b(B", "", "こん"},
		{"\x1b$B$3$s\x1b(B", "us-ascii", "こん"},
		{"\x1b$)C\x0e0!\x0f ok", "iso-2022-kr", "가 ok"},
		{"~{VPND~}", "hz-gb-2312", "中文"},
		{"\xff\xfeh\x00i\x00", "", "hi"},
		{"\xef\xbb\xbfhi", "", "hi"},
		{"\x00h\x00i\x00 \x00!", "utf-16", "hi !"},
		{"h\x00i\x00 \x00\xe4\x00", "utf-16", "hi ä"},
		{"\x00\x00\x00h", "utf-32", "h"},
		{"a \"plain\" text", "utf-16", "a \"plain\" text"},
	} {
		if got := Decode([]byte(c.raw), c.label); got.Text != c.want {
			t.Errorf("%q as %q: %q, want %q", c.raw, c.label, got.Text, c.want)
		}
	}
}

func TestNamesAsMailersWriteThem(t *testing.T) {
	for label, want := range map[string]string{"ISO8859-1": "iso-8859-1", "iso_8859-15": "iso-8859-15",
		"CP1251": "windows-1251", "win-1251": "windows-1251",
		"windows1252": "windows-1252", "\"UTF-8\"": "utf-8", "utf-8*en": "utf-8", "x-cp1250": "windows-1250",
		"KS_C_5601-1987": "euc-kr"} {
		if got := canonical(label); got != want {
			t.Errorf("%q: %q, want %q", label, got, want)
		}
		if !Known(label) {
			t.Errorf("%q is not known", label)
		}
	}
	if Known("x-unknown") || Known("") {
		t.Error("a charset that nobody knows is known")
	}
}

func TestFewBadBytesDoNotSpoilUTF8(t *testing.T) {
	got := Decode([]byte("Grüße aus Köln \xff und Übersee"), "utf-8")
	if got.Text != "Grüße aus Köln \uFFFD und Übersee" || got.Doubt != Damaged {
		t.Errorf("%+v", got)
	}
}

func TestDecodeIsAlwaysValidUTF8(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")
		label := rapid.SampledFrom([]string{"", "utf-8", "utf-7", "gb18030", "big5", "iso-2022-jp", "iso-2022-kr",
			"utf-16", "koi8-r", "x", "hz", "cp037"}).Draw(t, "label")
		if r := Decode(b, label); !utf8.ValidString(r.Text) {
			t.Fatalf("%q as %s: invalid UTF-8 %q", b, label, r.Text)
		}
	})
}
