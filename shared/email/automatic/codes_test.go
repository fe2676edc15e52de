package automatic_test

import (
	"fmt"
	"sort"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/message"
)

// tongue is what the generated mails say in one language.
type tongue struct {
	code, below, confirm, button, expires, ignore, invited, reset, welcome string
	asks, fails, hello, wrote, form, forward                               string
}

var tongues = map[string]tongue{
	"en": {"Your verification code", "Enter this code to go on:", "Confirm your address", "Confirm",
		"It is good for 10 minutes.", "If you did not ask for this, ignore this mail.", "Anna invited you to the team",
		"Reset your password", "Welcome aboard",
		"The code from your mail does not work, what do I do?", "I never got the confirmation mail, can you look?",
		"Hello, I would like to know when my lamp comes.", "wrote:", "Message", "Forwarded message"},
	"de": {"Ihr Bestätigungscode", "Geben Sie diesen Code ein:", "Bestätigen Sie Ihre Adresse", "Bestätigen",
		"Er ist 10 Minuten gültig.", "Wenn Sie das nicht angefordert haben, tun Sie nichts.",
		"Anna hat Sie in das Team eingeladen", "Passwort zurücksetzen", "Willkommen an Bord",
		"Der Code aus Ihrer Mail geht nicht, was soll ich tun?",
		"Die Bestätigungsmail kam nie an, können Sie nachsehen?", "Guten Tag, ich wüsste gern, wann meine Lampe kommt.",
		"schrieb:", "Nachricht", "Weitergeleitete Nachricht"},
	"fr": {"Votre code de vérification", "Saisissez ce code :", "Confirmez votre adresse", "Confirmer",
		"Il expire dans 10 minutes.", "Si vous n'êtes pas à l'origine de cette demande, ignorez ce message.",
		"Anna vous invite dans l'équipe", "Réinitialiser votre mot de passe", "Bienvenue à bord",
		"Le code de votre mail ne marche pas, que faire ?",
		"Je n'ai jamais reçu le mail de confirmation, pouvez-vous voir ?",
		"Bonjour, je voudrais savoir quand arrive ma lampe.", "a écrit :", "Message", "Message transféré"},
	"es": {"Tu código de verificación", "Introduce este código:", "Confirma tu dirección", "Confirmar",
		"Caduca en 10 minutos.", "Si no lo has pedido, ignora este correo.", "Anna te ha invitado al equipo",
		"Restablece tu contraseña", "Te damos la bienvenida",
		"El código de su correo no funciona, ¿qué hago?", "Nunca recibí el correo de confirmación, ¿pueden mirarlo?",
		"Hola, quisiera saber cuándo llega mi lámpara.", "escribió:", "Mensaje", "Mensaje reenviado"},
	"it": {"Il tuo codice di verifica", "Inserisci questo codice:", "Conferma il tuo indirizzo", "Conferma",
		"Scade tra 10 minuti.", "Se non l'hai richiesto, ignora questa email.", "Anna ti ha invitato nel team",
		"Reimposta la password", "Benvenuto a bordo",
		"Il codice della vostra mail non funziona, cosa faccio?",
		"Non ho mai ricevuto la mail di conferma, potete guardare?",
		"Buongiorno, vorrei sapere quando arriva la mia lampada.", "ha scritto:", "Messaggio", "Messaggio inoltrato"},
	"pt": {"O seu código de verificação", "Introduza este código:", "Confirme o seu endereço", "Confirmar",
		"Expira em 10 minutos.", "Se não pediu isto, ignore este e-mail.", "A Anna convidou-o para a equipa",
		"Redefina a sua senha", "Boas-vindas a bordo",
		"O código do vosso e-mail não funciona, o que faço?", "Nunca recebi o e-mail de confirmação, podem ver?",
		"Olá, gostava de saber quando chega a minha lâmpada.", "escreveu:", "Mensagem", "Mensagem encaminhada"},
	"nl": {"Uw verificatiecode", "Vul deze code in:", "Bevestig uw adres", "Bevestigen",
		"De code verloopt over 10 minuten.", "Hebt u dit niet aangevraagd, negeer dan deze mail.",
		"Anna heeft u uitgenodigd voor het team", "Wachtwoord herstellen", "Welkom aan boord",
		"De code uit uw mail werkt niet, wat moet ik doen?",
		"Ik heb de bevestigingsmail nooit gekregen, kunt u kijken?",
		"Hallo, ik wil graag weten wanneer mijn lamp komt.", "schreef:", "Bericht", "Doorgestuurd bericht"},
	"pl": {"Twój kod weryfikacyjny", "Wpisz ten kod:", "Potwierdź swój adres", "Potwierdź", "Wygasa za 10 minut.",
		"Jeśli to nie Ty, zignoruj tę wiadomość.", "Anna zaprasza Cię do zespołu", "Zresetuj hasło",
		"Witamy na pokładzie",
		"Kod z Państwa maila nie działa, co mam zrobić?",
		"Mail z potwierdzeniem nigdy nie przyszedł, czy mogą Państwo sprawdzić?",
		"Dzień dobry, chciałbym wiedzieć, kiedy przyjdzie moja lampa.", "napisał(a):", "Wiadomość",
		"Przekazana wiadomość"},
	"ru": {"Ваш код подтверждения", "Введите этот код:", "Подтвердите ваш адрес", "Подтвердить",
		"Он действует 10 минут.", "Если вы этого не запрашивали, ничего не делайте.", "Анна приглашает вас в команду",
		"Сброс пароля", "Добро пожаловать",
		"Код из вашего письма не работает, что делать?",
		"Письмо с подтверждением так и не пришло, посмотрите, пожалуйста?",
		"Здравствуйте, хочу узнать, когда придёт моя лампа.", "писал(а):", "Сообщение", "Пересылаемое сообщение"},
	"ja": {"確認コードのお知らせ", "次のコードを入力してください：", "メールアドレスの確認", "確認する", "有効期限は10分です。", "お心当たりのない場合は破棄してください。",
		"アンナさんがチームに招待しています", "パスワードの再設定", "ご登録ありがとうございます",
		"メールのコードが使えません、どうすればいいですか？", "確認メールが届きません、調べていただけますか？", "こんにちは、ランプがいつ届くか知りたいです。", "さんのメッセージ:", "メッセージ",
		"転送メッセージ"},
}

// family is one kind of mail: how it is sent, and what stands in it.
type family struct {
	name string
	make func(t tongue, n int) string
}

func compose(from, headers, subject, text string) string {
	return "From: " + from + "\r\nTo: support@shop.example\r\nSubject: " + subject +
		"\r\nDate: Tue, 03 Nov 2026 09:12:44 +0100\r\nMessage-ID: <x@mail.example>\r\nMIME-Version: 1.0\r\n" + headers +
		"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" +
		strings.ReplaceAll(text, "\n", "\r\n") + "\r\n"
}

func page(from, headers, subject, text, link, button string) string {
	return "From: " + from + "\r\nTo: support@shop.example\r\nSubject: " + subject +
		"\r\nDate: Tue, 03 Nov 2026 09:12:44 +0100\r\nMessage-ID: <x@mail.example>\r\nMIME-Version: 1.0\r\n" + headers +
		"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n<html><body><img " +
		"src=\"https://cdn.app.example/logo.png\"><p>" + text + "</p><table><tr><td><a href=\"" + link + "\">" +
		button +
		"</a></td></tr></table><p><small>App Inc.</small></p></body></html>\r\n"
}

var codesSent = []string{"482913", "XL3-9QK", "G-482913", "7H4K2P", "48 29 13", "0042", "ab12-cd34", "K7QX-22MN",
	"910 442", "T9-4471"}

// ticket are mails that the ticket trick wants; those of "left out" were not looked at while the rules were made.
var ticket = []family{
	{"code in a line", func(t tongue, n int) string {
		return compose("App <noreply@app.example>", "", t.code, t.below+"\n\n"+codesSent[n]+"\n\n"+t.expires)
	}},
	{"code in the subject", func(t tongue, n int) string {
		return compose("App <no-reply@app.example>", "", strings.ReplaceAll(codesSent[n], " ", "")+" – "+t.code,
			t.expires)
	}},
	{"code behind a colon", func(t tongue, n int) string {
		return compose("App <security@app.example>", "Feedback-ID: 1.x\r\n", t.welcome, t.code+": "+
			strings.ReplaceAll(codesSent[n], " ", "")+"\n"+t.ignore)
	}},
	{"link that confirms", func(t tongue, n int) string {
		return compose("App <noreply@app.example>", "", t.confirm, t.confirm+":\nhttps://app.example/users/confirm?t="+
			fmt.Sprint(n)+"\n"+t.ignore)
	}},
	{"link that says nothing but token", func(t tongue, n int) string {
		return compose("App <noreply@app.example>", "Auto-Submitted: auto-generated\r\n", t.welcome, t.welcome+
			"\nhttps://app.example/u?token=9f8"+fmt.Sprint(n))
	}},
	{"button alone", func(t tongue, n int) string {
		return page("App <noreply@app.example>", "", t.welcome, t.welcome, "https://app.example/x/8a7f6e5d"+
			fmt.Sprint(n), t.button)
	}},
	{"invitation", func(t tongue, n int) string {
		return page("App <invitations@app.example>", "Feedback-ID: 1.x\r\nReply-To: Anna <anna@team.example>\r\n",
			t.invited, t.invited, "https://app.example/invite/8a7f"+fmt.Sprint(n), "OK")
	}},
	{"reset", func(t tongue, n int) string {
		return page("App <accounts@app.example>", "", t.reset, t.reset+" "+t.expires,
			"https://app.example/password/reset?code="+fmt.Sprint(n), t.button)
	}},
	{"activation", func(t tongue, n int) string {
		return compose("Shop <registration@app.example>", "", t.welcome, t.confirm+"\n\nhttps://app.example/activate/"+
			fmt.Sprint(n)+"\n\n"+t.ignore)
	}},
	{"magic link", func(t tongue, n int) string {
		return page("App <login@app.example>", "X-SG-EID: y\r\n", "App", t.confirm+". "+t.expires,
			"https://app.example/auth/magic/8a7f"+fmt.Sprint(n), "App")
	}},
}

var ticketLeftOut = []family{
	{"code among words", func(t tongue, n int) string {
		return compose("App <donotreply@app.example>", "", "App", t.code+" "+strings.ReplaceAll(codesSent[n], " ", "")+
			". "+t.expires+" "+t.ignore)
	}},
	{"code in HTML alone", func(t tongue, n int) string {
		return "From: App <noreply@app.example>\r\nTo: support@shop.example\r\nSubject: App\r\nMIME-Version: 1.0\r\n" +
			"Content-Type: text/html; charset=utf-8\r\n\r\n<p>" + t.code + "</p><h1>" + codesSent[n] + "</h1><p>" +
			t.expires + "</p>\r\n"
	}},
	{"otp in a path", func(t tongue, n int) string {
		return compose("Bank <noreply@bank.example>", "", t.code, "https://bank.example/otp/"+fmt.Sprint(n)+"f")
	}},
	{"confirm in the host", func(t tongue, n int) string {
		return compose("List <noreply@list.example>", "", t.confirm, t.confirm+" https://confirm.list.example/x8"+
			fmt.Sprint(n))
	}},
	{"from a role, by a service", func(t tongue, n int) string {
		return page("App <hello@app.example>", "X-Mailgun-Sid: a\r\n", t.confirm, t.confirm,
			"https://app.example/verify-email/8a"+fmt.Sprint(n), t.button)
	}},
	{"link wrapped for clicks", func(t tongue, n int) string {
		return page("App <noreply@app.example>", "", t.confirm, t.confirm, "https://click.app.example/ls/8a7f6e5d4c"+
			fmt.Sprint(n), t.button)
	}},
	{"double opt-in", func(t tongue, n int) string {
		return compose("News <noreply@news.example>", "", t.confirm, t.confirm+"\nhttps://news.example/doi?x="+
			fmt.Sprint(n)+"\n\n"+t.ignore)
	}},
	{"a long page with a code", func(t tongue, n int) string {
		return compose("App <noreply@app.example>", "", t.code, strings.Repeat(t.welcome+". ", 20)+"\n\n*"+codesSent[n]+
			"*\n\n"+strings.Repeat(t.ignore+" ", 8)+"\nhttps://app.example/help https://app.example/about")
	}},
	{"accept", func(t tongue, n int) string {
		return compose("Docs <notifications@docs.example>", "", t.invited, t.invited+
			"\nhttps://docs.example/d/accept?i="+fmt.Sprint(n))
	}},
	{"names a mail that it answers", func(t tongue, n int) string {
		return compose("App <noreply@app.example>", "In-Reply-To: <s@shop.example>\r\nAuto-Submitted: "+
			"auto-generated\r\n", t.code, t.below+"\n"+codesSent[n])
	}},
}

const pasted = "https://app.example/confirm?token=8a7f"

// people speak of codes or carry such links, themselves or through a machine.
var people = []family{
	{"asks", func(t tongue, n int) string {
		return compose("Erika <erika@mail.example>", "", t.code, t.asks+"\n\n"+codesSent[n]+"\n"+pasted)
	}},
	{"from a company's office", func(t tongue, n int) string {
		return compose("Firma <info@firma.example>", "", t.confirm, t.fails+"\n"+pasted)
	}},
	{"pastes all of it", func(t tongue, n int) string {
		return compose("Karl <karl@firma.example>", "", t.code, t.asks+"\n\n"+t.code+"\n"+t.below+"\n"+codesSent[n]+
			"\n"+t.ignore+"\n"+pasted)
	}},
	{"answers", func(t tongue, n int) string {
		return compose("Erika <erika@mail.example>", "In-Reply-To: <a@shop.example>\r\n", "Re: "+t.code, t.fails+" "+
			codesSent[n])
	}},
	{"forwards", func(t tongue, n int) string {
		return compose("Erika <erika@mail.example>", "", "Fwd: "+t.code, t.asks+"\n\n---------- "+t.forward+
			" ---------\nFrom: App <noreply@app.example>\nDate: today\nSubject: "+t.code+"\n\n"+codesSent[n])
	}},
	{"through a company's sending service", func(t tongue, n int) string {
		return compose("Firma <kontor@firma.example>", "Feedback-ID: 1.x\r\n", t.hello, t.fails+" "+codesSent[n])
	}},
	{"a form", func(t tongue, n int) string {
		return compose("Shop <noreply@shop.example>", "Auto-Submitted: auto-generated\r\n", t.code,
			"Name: Erika Muster\nE-Mail: erika@mail.example\n"+t.form+":\n"+t.asks+" "+codesSent[n]+" "+pasted)
	}},
	{"a form with Reply-To", func(t tongue, n int) string {
		return compose("Website <wordpress@shop.example>",
			"Reply-To: Erika <erika@mail.example>\r\nX-Mailer: PHPMailer 6\r\n", t.confirm, t.fails+"\n"+pasted)
	}},
	{"a marketplace", func(t tongue, n int) string {
		return compose("Markt <nachrichten@markt.example>",
			"Reply-To: Erika <m-48291374abcd@reply.markt.example>\r\nFeedback-ID: 1.x\r\n", t.code, "Erika "+t.wrote+
				"\n"+t.asks+"\n\nhttps://markt.example/messages/confirm?token=1")
	}},
	{"a portal", func(t tongue, n int) string {
		return compose("Portal <noreply@portal.example>", "", t.fails, "Erika Muster "+t.wrote+"\n\n“"+t.hello+" "+
			t.asks+"”\n\nhttps://portal.example/login?token=abc")
	}},
}

var peopleLeftOut = []family{
	{"speaks of a code word", func(t tongue, n int) string {
		return compose("Office <office@firma.example>", "", t.reset, t.asks+"\n"+pasted)
	}},
	{"writes from a service's role", func(t tongue, n int) string {
		return compose("Team <team@firma.example>", "X-SES-Outgoing: 1\r\nFeedback-ID: 1.x\r\n", t.hello, t.hello+" "+
			t.fails)
	}},
	{"a bare code", func(t tongue, n int) string {
		return compose("Erika <erika@mail.example>", "", t.code, codesSent[n])
	}},
	{"a signature with links", func(t tongue, n int) string {
		return compose("Karl <karl@firma.example>", "", t.confirm, t.fails+
			"\n-- \nKarl\nhttps://firma.example/login https://firma.example/invite/x")
	}},
	{"a ticket portal", func(t tongue, n int) string {
		return compose("Tickets <notifications@tickets.example>", "Reply-To: reply+abcd12345678@tickets.example\r\n",
			t.code, t.fails+"\n\n"+codesSent[n]+"\nhttps://tickets.example/t/1?auth=8a")
	}},
	{"a voicemail", func(t tongue, n int) string {
		return "From: Telephone <noreply@tel.example>\r\nTo: support@shop.example\r\nSubject: " + t.confirm +
			"\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: " +
			"text/plain; charset=utf-8\r\n\r\n" + t.asks +
			"\r\nhttps://tel.example/listen?token=1\r\n--b\r\nContent-Type: audio/mpeg; name=v.mp3\r\n" +
			"Content-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--b--\r\n"
	}},
	{"certified mail", func(t tongue, n int) string {
		return "From: PEC <posta-certificata@pec.example>\r\nTo: support@shop.example\r\nSubject: POSTA CERTIFICATA: " +
			t.code + "\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; " +
			"boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" +
			"https://pec.example/verify?code=1\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: " +
			"erika@mail.example\r\nSubject: " + t.code + "\r\n\r\n" + t.asks + "\r\n--b--\r\n"
	}},
	{"a forwarder", func(t tongue, n int) string {
		return compose("Relay <noreply@relay.example>", "Auto-Submitted: auto-generated\r\n", t.code,
			"From: Erika Muster <erika@mail.example>\nTo: help@old.example\nSubject: "+t.code+"\n\n"+t.asks+"\n"+
				codesSent[n]+"\n"+pasted)
	}},
	{"a rental platform", func(t tongue, n int) string {
		return compose("Stay <automated@stay.example>", "Auto-Submitted: auto-generated\r\n", t.hello, "Erika "+t.wrote+
			"\n\n"+t.hello+"\n\nhttps://stay.example/inbox?auth=1")
	}},
	{"a tender portal", func(t tongue, n int) string {
		return compose("Vergabe <noreply@vergabe.example>", "", t.hello, t.form+":\n"+t.hello+" "+t.asks+
			"\n\nhttps://vergabe.example/register/confirm")
	}},
}

// TestAttack09CodesInTenLanguages: demand 9, on 200 mails of machines and 200 of people: at least
// 98 in a hundred of the ones are held, and
// none of the others. Half of the families were left out while the rules were made; their figure is
// the one that counts.
func TestAttack09CodesInTenLanguages(t *testing.T) {
	var langs []string
	for l := range tongues {
		langs = append(langs, l)
	}
	sort.Strings(langs)
	count := func(families []family, held bool) (right, all int) {
		for _, f := range families {
			for n, l := range langs {
				j := automatic.Judge(message.Parse([]byte(f.make(tongues[l], n))), "")
				all++
				if (j.Kind == automatic.Verification) == held {
					right++
				} else {
					t.Logf("%s, %s: %q by %q", f.name, l, j.Kind, j.Rule)
				}
			}
		}
		return right, all
	}
	for _, set := range []struct {
		name     string
		families []family
		held     bool
		least    float64
	}{{"machines", ticket, true, 0.98}, {"machines, left out", ticketLeftOut, true, 0.98}, {"people", people, false, 1},
		{"people, left out", peopleLeftOut, false, 1}} {
		right, all := count(set.families, set.held)
		t.Logf("%s: %d of %d", set.name, right, all)
		if float64(right) < set.least*float64(all) {
			t.Errorf("%s: %d of %d are right", set.name, right, all)
		}
	}
}
