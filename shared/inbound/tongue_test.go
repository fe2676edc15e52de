package inbound_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/inbound"
)

// The confirmation is in the language of the mail, whatever the mailbox's is; in
// the mailbox's where the mail does not tell.
func TestTheAcknowledgementFollowsTheMailsLanguage(t *testing.T) {
	for _, c := range []struct{ subject, body, says string }{
		{"Paket", "Hallo, wo ist mein Paket? Ich habe es letzte Woche bestellt.", "Danke, dass Sie uns schreiben."},
		{"Colis", "Bonjour, où est mon colis ? Je l'ai commandé la semaine dernière.", "Merci de nous avoir écrit."},
		{"Paquete", "Hola, ¿dónde está mi paquete? Lo pedí la semana pasada.", "Gracias por escribirnos."},
		{"Pacco", "Buongiorno, dov'è il mio pacco? L'ho ordinato la settimana scorsa.", "Grazie per averci scritto."},
		{"Encomenda", "Olá, onde está a minha encomenda? Encomendei na semana passada.", "Obrigado por nos escrever."},
		{"Pakket", "Hallo, waar is mijn pakket? Ik heb het vorige week besteld.", "Bedankt voor uw bericht."},
		{"Paczka", "Dzień dobry, gdzie jest moja paczka? Zamówiłem ją w zeszłym tygodniu.", "Dziękujemy za wiadomość."},
		{"Paket", "Hej, var är mitt paket? Jag beställde det förra veckan.", "Tack för att du skriver"},
		{"Pakke", "Hej, hvor er min pakke? Jeg bestilte den i sidste uge.", "Tak, fordi du skriver"},
		{"Pakke", "Hei, hvor er pakken min? Jeg bestilte den forrige uke, takk for hjelp.", "Takk for at du skriver"},
		{"Paketti", "Hei, missä pakettini on? Tilasin sen viime viikolla.", "Kiitos viestistäsi."},
		{"Balík", "Dobrý den, kde je můj balík? Objednal jsem ho minulý týden.", "Děkujeme, že nám píšete."},
		{"Paket", "Merhaba, paketim nerede? Geçen hafta sipariş ettim.", "Bize yazdığınız için"},
		{"荷物", "荷物はどこですか。先週注文しました。", "お問い合わせありがとうございます。"},
		{"Parcel", "Hello, where is my parcel? I ordered it last week.", "Thank you for writing to us."},
		{"20881", "20881", "Thank you for writing to us."},
		{"소포", "제 소포는 어디에 있나요? 지난주에 주문했어요.", "Thank you for writing to us."},
	} {
		w := acknowledging(t)
		m := erika
		m.subject, m.body, m.headers = c.subject, c.body, "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
		w.receive(m)
		_, mails := w.acknowledged()
		if len(mails) != 1 || !strings.Contains(strings.Join(strings.Fields(mails[0].PlainText), " "), c.says) {
			t.Errorf("%q is confirmed with:\n%s", c.body, mails[0].PlainText)
		}
		if c.says != "Thank you for writing to us." && strings.Contains(mails[0].PlainText, "Tighten the ring") {
			t.Errorf("%q is shown an article in English", c.body)
		}
	}
}

// Whoever asks for a person is told that a person has the mail, and shown no
// article; and nobody is asked by an article for what the mail gives already.
func TestTheAcknowledgementKnowsItsPlace(t *testing.T) {
	const ring, photo = "Tighten the ring by hand until it clicks.",
		"We are sorry. Please send us your order number and a photo of the ring."
	for _, c := range []struct {
		body, article string
		shown         bool
		says, not     string
		within        time.Duration
	}{
		{"My pump leaks at the ring.", ring, true, "General advice", "Usually", 0},
		{"My pump leaks at the ring.", ring, true, "Usually that takes less than 4 hours.", "nothing you need to do",
			4 * time.Hour},
		{"My pump leaks at the ring. Can somebody call me, please?", ring, false, "A person has your message",
			"General advice", 0},
		{"Please no automated reply, I want to talk to a human about the leak.", ring, false,
			"A person has your message", "Perhaps", 0},
		{"My pump leaks at the ring.", photo, true, "General advice", "", 0},
		{"My pump from order 20881 leaks at the ring.", photo, false, "a person will read it", "order number", 0},
		{"My pump from order AB-77 leaks at the ring.", photo, false, "a person will read it", "order number", 0},
	} {
		w := acknowledging(t)
		for i := range w.Settings.Mailboxes {
			w.Settings.Mailboxes[i].Within = c.within
		}
		w.Ranker = func(context.Context) (inbound.Ranker, error) { return sure{score: 0.95, reply: c.article}, nil }
		m := erika
		m.body = c.body
		w.receive(m)
		_, mails := w.acknowledged()
		text := strings.Join(strings.Fields(mails[0].PlainText), " ")
		if strings.Contains(text, c.article) != c.shown || !strings.Contains(text, c.says) || c.not != "" &&
			strings.Contains(text, c.not) {
			t.Errorf("%q is confirmed with:\n%s", c.body, mails[0].PlainText)
		}
	}
}
