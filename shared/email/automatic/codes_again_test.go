package automatic_test

import (
	"fmt"
	"testing"

	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/message"
)

// said is a machine's sentence and a complaint in which nobody says "I", by language.
var said = map[string][5]string{ // code, confirm, ignore; complaint, a wish
	"en": {"Your login code is", "Please confirm your email address", "Didn't request this? You can ignore it.",
		"The code from the mail is refused, and the link leads to an empty page.",
		"Is the blue lamp in stock again before Christmas?"},
	"de": {"Ihr Anmeldecode lautet", "Bitte bestätigen Sie Ihre E-Mail-Adresse",
		"Haben Sie das nicht angefordert? Dann ist nichts zu tun.",
		"Der Code aus der Mail wird abgelehnt, und der Link führt auf eine leere Seite.",
		"Gibt es die blaue Lampe vor Weihnachten wieder?"},
	"fr": {"Votre code de connexion est", "Veuillez confirmer votre adresse e-mail",
		"Vous n'avez rien demandé ? Ignorez ce message.",
		"Le code reçu par mail est refusé et le lien mène à une page vide.",
		"La lampe bleue sera-t-elle de nouveau disponible avant Noël ?"},
	"es": {"Tu código de acceso es", "Confirma tu dirección de correo", "¿No lo has pedido? Ignora este mensaje.",
		"El código del correo no se acepta y el enlace lleva a una página vacía.",
		"¿Estará la lámpara azul disponible otra vez antes de Navidad?"},
	"it": {"Il tuo codice di accesso è", "Conferma il tuo indirizzo email",
		"Non hai fatto tu la richiesta? Ignora questa email.",
		"Il codice della mail viene rifiutato e il link porta a una pagina vuota.",
		"La lampada blu sarà di nuovo disponibile prima di Natale?"},
	"nl": {"Je inlogcode is", "Bevestig je e-mailadres", "Heb je dit niet aangevraagd? Dan hoef je niets te doen.",
		"De code uit de mail wordt geweigerd en de link leidt naar een lege pagina.",
		"Is de blauwe lamp voor kerst weer op voorraad?"},
	"el": {"Ο κωδικός σύνδεσής σας είναι", "Επιβεβαιώστε τη διεύθυνση email σας",
		"Δεν το ζητήσατε εσείς; Αγνοήστε το μήνυμα.",
		"Ο κωδικός του μηνύματος δεν γίνεται δεκτός και ο σύνδεσμος βγάζει κενή σελίδα.",
		"Θα υπάρχει ξανά το μπλε φωτιστικό πριν τα Χριστούγεννα;"},
	"ja": {"ログインコードは次のとおりです", "メールアドレスを確認してください", "お心当たりがない場合は無視してください。", "メールのコードが拒否され、リンクを開いても空白のページになります。",
		"青いランプはクリスマスまでに再入荷しますか？"},
}

var againMachines = map[string]func(s [5]string, n int) string{
	"a name that speaks of itself": func(s [5]string, n int) string {
		return compose("App <noreply@app.example>", "", s[0]+" 48291"+fmt.Sprint(n), "Hi I have my lamp,\n\n"+s[0]+
			" 48291"+fmt.Sprint(n)+".\n\n"+s[1]+".\n"+s[2])
	},
	"a name in an invitation": func(s [5]string, n int) string {
		return htmlMail("App <invite@app.example>", "Feedback-ID: 1\r\n", s[1], "<p>I want my order now ("+s[1]+
			")</p><p>"+s[2]+"</p><a href=\"https://app.example/join?token="+fmt.Sprint(n)+"\">"+s[1]+"</a>")
	},
	"a long footer": func(s [5]string, n int) string {
		return htmlMail("Bank <no-reply@bank.example>", "X-SES-Outgoing: 1\r\n", s[1], "<p>"+s[1]+
			"</p><a href=\"https://bank.example/e/v?key=8a"+fmt.Sprint(n)+"\">"+s[1]+"</a><p>"+s[2]+
			"</p><p><a href=\"https://bank.example/help\">Help</a> <a "+
			"href=\"https://bank.example/contact\">Contact</a> <a href=\"https://bank.example/app\">App</a></p>")
	},
	"code in bold between two sentences": func(s [5]string, n int) string {
		return htmlMail("ID <id@account.app.example>", "X-SG-EID: 1\r\n", "App", "<p>"+s[0]+" <b>7K-4Q"+fmt.Sprint(n)+
			"Z</b></p><p>"+s[2]+"</p>")
	},
}

var againPeople = map[string]func(s [5]string, n int) string{
	"an office": func(s [5]string, n int) string {
		return compose("Firma <account@firma.example>", "X-SES-Outgoing: 1\r\n", s[3], s[3]+"\n\n48291"+fmt.Sprint(n)+
			"\n\nKarl Meier\nFirma GmbH")
	},
	"a market": func(s [5]string, n int) string {
		return compose("Market <no-reply@market.example>", "Auto-Submitted: auto-generated\r\n", "Erika", "Erika\n\n"+
			s[3]+" "+s[4]+"\n\nhttps://market.example/messages/1?auth="+fmt.Sprint(n))
	},
	"a rental's page, a link that says nothing": func(s [5]string, n int) string {
		return htmlMail("Stay <automated@stay.example>", "Auto-Submitted: auto-generated\r\n", "Erika, 3.–7.12.",
			"<p>Erika</p><p>"+s[3]+" "+s[4]+"</p><a href=\"https://stay.example/z/q/"+fmt.Sprint(n)+
				"?auth_token=8a\">OK</a>")
	},
	"a form without an address": func(s [5]string, n int) string {
		return compose("Forms <noreply@forms.example>", "", "Contact", "Erika Muster\n+49 30 1234567\n"+s[3]+" "+s[4]+
			"\n\nhttps://forms.example/s/"+fmt.Sprint(n)+"?token=1")
	},
	"a call written down": func(s [5]string, n int) string {
		return compose("PBX <no-reply@pbx.example>", "", "+49 30 1234567", "+49 30 1234567 (0:31)\n"+s[3]+" "+s[4]+
			"\n\nhttps://pbx.example/v/"+fmt.Sprint(n)+"?token=1")
	},
}

// TestAttack09CodesOnceMore: demand 9, where nobody says "I" in what a machine passes on, and where
// somebody says it in the name that he gave to a service.
func TestAttack09CodesOnceMore(t *testing.T) {
	for _, set := range []struct {
		families map[string]func([5]string, int) string
		held     bool
	}{{againMachines, true}, {againPeople, false}} {
		right, all := 0, 0
		for name, f := range set.families {
			n := 0
			for l, s := range said {
				n++
				j := automatic.Judge(message.Parse([]byte(f(s, n))), "")
				if all++; (j.Kind == automatic.Verification) == set.held {
					right++
				} else {
					t.Errorf("%s, %s: %q by %q", name, l, j.Kind, j.Rule)
				}
			}
		}
		t.Logf("held is to be %v: %d of %d are right", set.held, right, all)
	}
}
