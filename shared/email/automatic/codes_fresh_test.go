package automatic_test

import (
	"fmt"
	"sort"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/message"
)

// words are what services and people write in one more language: ten that the
// other set does not have, and services as they are rather than as rules see them.
type words struct {
	codeIs, enter, confirmMail, button, expires, ignore, invited, newPassword, newDevice, hi string // a machine's
	// a person's, and those of a service that passes them on
	fails, never, plain, sentYou, reply string
}

var fresh = map[string]words{
	"sv": {"Din kod är", "Ange koden nedan för att logga in",
		"Bekräfta din e-postadress för att slutföra registreringen", "Bekräfta e-post", "Koden är giltig i 15 minuter.",
		"Om du inte begärde detta kan du bortse från mejlet.", "Anna har bjudit in dig till projektet Nord",
		"Välj ett nytt lösenord", "Ny inloggning från Chrome på Windows", "Hej!",
		"Koden som ni skickade fungerar inte, hur kommer jag in på mitt konto?",
		"Jag fick aldrig mejlet där jag ska bekräfta min adress.",
		"Hej, min lampa kom fram trasig och jag vill byta den.", "har skickat ett meddelande till dig", "Svara"},
	"cs": {"Váš kód je", "Pro přihlášení zadejte níže uvedený kód",
		"Potvrďte svou e-mailovou adresu a dokončete registraci", "Potvrdit e-mail",
		"Platnost kódu vyprší za 15 minut.", "Pokud jste o nic nežádali, zprávu ignorujte.",
		"Anna vás pozvala do projektu Sever", "Nastavte si nové heslo", "Nové přihlášení z Chrome na Windows",
		"Dobrý den,",
		"Kód, který jste mi poslali, nefunguje, jak se dostanu do účtu?", "Potvrzovací e-mail mi vůbec nepřišel.",
		"Dobrý den, lampa dorazila rozbitá a chci ji vyměnit.", "vám poslal zprávu", "Odpovědět"},
	"hu": {"Az Ön kódja", "A belépéshez írja be az alábbi kódot",
		"Erősítse meg e-mail-címét a regisztráció befejezéséhez", "Megerősítés", "A kód 15 percig érvényes.",
		"Ha nem Ön kérte, hagyja figyelmen kívül ezt a levelet.", "Anna meghívta Önt az Észak projektbe",
		"Új jelszó beállítása", "Új bejelentkezés: Chrome, Windows", "Üdvözöljük!",
		"Az Önöktől kapott kód nem működik, hogyan lépjek be a fiókomba?", "A megerősítő levelet sosem kaptam meg.",
		"Jó napot, a lámpa törötten érkezett, szeretném kicserélni.", "üzenetet küldött Önnek", "Válasz"},
	"tr": {"Kodunuz", "Giriş yapmak için aşağıdaki kodu girin",
		"Kaydınızı tamamlamak için e-posta adresinizi doğrulayın", "E-postayı doğrula", "Kod 15 dakika geçerlidir.",
		"Bu isteği siz yapmadıysanız bu e-postayı dikkate almayın.", "Anna sizi Kuzey projesine davet etti",
		"Yeni şifre belirleyin", "Windows üzerinde Chrome ile yeni giriş", "Merhaba,",
		"Gönderdiğiniz kod çalışmıyor, hesabıma nasıl gireceğim?", "Doğrulama e-postası bana hiç gelmedi.",
		"Merhaba, lambam kırık geldi ve değiştirmek istiyorum.", "size bir mesaj gönderdi", "Yanıtla"},
	"ko": {"회원님의 코드는", "로그인하려면 아래 코드를 입력하세요", "가입을 완료하려면 이메일 주소를 인증해 주세요", "이메일 인증", "코드는 15분 동안 유효합니다.",
		"요청하지 않으셨다면 이 메일을 무시하세요.", "Anna님이 북쪽 프로젝트에 초대했습니다", "새 비밀번호를 설정하세요", "Windows의 Chrome에서 새 로그인", "안녕하세요,",
		"보내 주신 코드가 안 됩니다. 계정에 어떻게 들어가나요?", "인증 메일을 한 번도 받지 못했습니다.", "안녕하세요, 램프가 깨져서 왔습니다. 교환하고 싶습니다.", "님이 메시지를 보냈습니다",
		"답장"},
	"zh": {"您的代码是", "请输入以下代码登录", "请验证您的邮箱地址以完成注册", "验证邮箱", "代码15分钟内有效。", "如果不是您本人操作，请忽略此邮件。", "Anna 邀请您加入北方项目", "设置新密码",
		"Windows 上的 Chrome 有新的登录", "您好，",
		"你们发的验证码不能用，我怎么进入账户？", "我一直没有收到确认邮件。", "您好，我的灯到的时候已经坏了，我想换一个。", "给您发了一条消息", "回复"},
	"fi": {"Koodisi on", "Kirjaudu sisään syöttämällä alla oleva koodi",
		"Vahvista sähköpostiosoitteesi ja viimeistele rekisteröinti", "Vahvista", "Koodi on voimassa 15 minuuttia.",
		"Jos et pyytänyt tätä, voit jättää viestin huomiotta.", "Anna kutsui sinut projektiin Pohjoinen",
		"Aseta uusi salasana", "Uusi kirjautuminen: Chrome, Windows", "Hei!",
		"Lähettämänne koodi ei toimi, miten pääsen tililleni?", "En koskaan saanut vahvistusviestiä.",
		"Hei, lamppuni saapui rikkinäisenä ja haluan vaihtaa sen.", "lähetti sinulle viestin", "Vastaa"},
	"uk": {"Ваш код", "Щоб увійти, введіть код нижче", "Підтвердьте свою електронну адресу, щоб завершити реєстрацію",
		"Підтвердити пошту", "Код дійсний 15 хвилин.", "Якщо ви цього не запитували, просто проігноруйте лист.",
		"Анна запросила вас до проєкту Північ", "Встановіть новий пароль", "Новий вхід: Chrome, Windows", "Вітаємо!",
		"Код, який ви надіслали, не працює, як мені увійти в акаунт?", "Лист із підтвердженням мені так і не прийшов.",
		"Добрий день, лампа приїхала розбита, хочу її замінити.", "надіслав вам повідомлення", "Відповісти"},
	"da": {"Din kode er", "Indtast koden herunder for at logge ind",
		"Bekræft din e-mailadresse for at fuldføre tilmeldingen", "Bekræft e-mail", "Koden gælder i 15 minutter.",
		"Hvis du ikke har bedt om dette, kan du se bort fra mailen.", "Anna har inviteret dig til projektet Nord",
		"Vælg en ny adgangskode", "Nyt login fra Chrome på Windows", "Hej!",
		"Koden, I sendte, virker ikke, hvordan kommer jeg ind på min konto?",
		"Jeg har aldrig fået mailen, hvor jeg skal bekræfte.",
		"Hej, min lampe ankom ødelagt, og jeg vil gerne bytte den.", "har sendt dig en besked", "Svar"},
	"ro": {"Codul tău este", "Introdu codul de mai jos pentru a te autentifica",
		"Confirmă adresa de e-mail pentru a finaliza înregistrarea", "Confirmă adresa", "Codul este valabil 15 minute.",
		"Dacă nu ai cerut acest lucru, ignoră mesajul.", "Anna te-a invitat în proiectul Nord", "Setează o parolă nouă",
		"Autentificare nouă din Chrome pe Windows", "Bună,",
		"Codul pe care mi l-ați trimis nu merge, cum intru în cont?", "Nu am primit niciodată mailul de confirmare.",
		"Bună ziua, lampa a ajuns spartă și vreau să o schimb.", "ți-a trimis un mesaj", "Răspunde"},
}

// htmlMail has the page alone, as it stands.
func htmlMail(from, headers, subject, html string) string {
	return "From: " + from + "\r\nTo: support@shop.example\r\nSubject: " + subject +
		"\r\nDate: Tue, 03 Nov 2026 09:12:44 +0100\r\nMessage-ID: <y@mail.example>\r\nMIME-Version: 1.0\r\n" + headers +
		"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n<html><body>" + html +
		"</body></html>\r\n"
}

type freshFamily struct {
	name string
	make func(w words, n int) string
}

var freshMachines = []freshFamily{
	{"each sign in a cell of its own", func(w words, n int) string {
		return htmlMail("Chat <noreply@chat.example>", "", w.codeIs, "<h2>"+w.enter+
			"</h2><table><tr><td>K</td><td>7</td><td>Q</td><td>X</td><td>2</td><td>"+fmt.Sprint(n)+
			"</td></tr></table><p>"+w.expires+"</p>")
	}},
	{"code behind the words, many lines of details", func(w words, n int) string {
		return compose("Hub <noreply@hub.example>", "", "[Hub] "+w.newDevice, w.hi+"\n\n"+w.newDevice+
			".\nDevice: Firefox\nIP: 203.0.113.7\n\n"+w.codeIs+" 48291"+fmt.Sprint(n)+"\n\n"+w.ignore+
			"\n\nhttps://hub.example/settings/security")
	}},
	{"a bank's payment", func(w words, n int) string {
		return compose("Bank <alerts@bank.example>", "X-SES-Outgoing: 1\r\n", "3-D Secure", w.codeIs+": 77120"+
			fmt.Sprint(n)+"\n49,90 EUR, LAMPEN24\n"+w.expires)
	}},
	{"a list's subscription, by a number in the subject", func(w words, n int) string {
		return compose("news-request@lists.example",
			"Precedence: bulk\r\nAuto-Submitted: auto-generated\r\nReply-To: news-request@lists.example\r\n"+
				"X-Mailman-Version: 2.1\r\n", "confirm 8a7f6e5d4c3b2a190817263544332211aabbccd"+fmt.Sprint(n),
			w.confirmMail+"\n\n    https://lists.example/mailman/confirm/news/8a7f6e5d4c3b2a19\n\n"+w.ignore)
	}},
	{"a site's new user", func(w words, n int) string {
		return compose("WordPress <wordpress@site.example>",
			"X-Mailer: PHPMailer 6.9 (https://github.com/PHPMailer/PHPMailer)\r\n", "[Site] "+w.newPassword,
			"Username: shop\n\n"+w.newPassword+":\n\nhttps://site.example/wp-login.php?action=rp&key=Yx8kQ"+
				fmt.Sprint(n)+"&login=shop\n\n"+w.ignore)
	}},
	{"an invitation from a member's name", func(w words, n int) string {
		return htmlMail("Anna (via Board) <no-reply@board.example>", "", w.invited, "<p>"+w.invited+
			"</p><p><a href=\"https://board.example/b/8f7a/north?signature=ab"+fmt.Sprint(n)+"\">"+w.button+
			"</a></p><p><a href=\"https://board.example/unsubscribe\">Unsubscribe</a></p>")
	}},
	{"a button that is an image's", func(w words, n int) string {
		return htmlMail("Shop <welcome@shop2.example>", "Feedback-ID: 1:2:3\r\n", w.confirmMail, "<p>"+w.hi+" "+
			w.confirmMail+".</p><a href=\"https://t.shop2.example/c/eJx9"+fmt.Sprint(n)+"\"><img alt=\""+w.button+
			"\" src=\"https://cdn.example/b.png\"></a><p>"+w.ignore+"</p>")
	}},
	{"ownership of a domain", func(w words, n int) string {
		return compose("CA Validation <validation@ca.example>", "Auto-Submitted: auto-generated\r\n", "shop.example",
			w.confirmMail+" (shop.example)\n\nhttps://ca.example/dcv/approve?random=8a7f6e"+fmt.Sprint(n)+"\n\n"+
				w.expires)
	}},
	{"a device's short code, in full width", func(w words, n int) string {
		return compose("Store <do-not-reply@store.example>", "", "Store", w.hi+"\n\n"+w.enter+"\n\n１２３４５"+
			string(rune('０'+n))+"\n\n"+w.expires)
	}},
	{"code inside a sentence, with a dash", func(w words, n int) string {
		return compose("Cloud <no-reply@cloud.example>", "", w.newDevice, w.hi+"\n\n"+w.codeIs+" 318-46"+fmt.Sprint(n)+
			". "+w.expires+" "+w.ignore)
	}},
	{"text that says nothing, and a page", func(w words, n int) string {
		return "From: Fitness <hello@fit.example>\r\nTo: support@shop.example\r\nSubject: " + w.confirmMail +
			"\r\nX-SG-EID: 7\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=q\r\n\r\n--q\r\n" +
			"Content-Type: text/plain\r\n\r\nhttps://fit.example/e/view\r\n--q\r\nContent-Type: text/html; " +
			"charset=utf-8\r\n\r\n<p>" + w.hi + "</p><a href=\"https://fit.example/v/" + fmt.Sprint(n) +
			"8a7f6e5d4c\">" + w.button + "</a><p>" + w.expires + "</p>\r\n--q--\r\n"
	}},
	{"words for a code", func(w words, n int) string {
		return compose("Notes <notify@notes.example>", "X-Entity-Ref-ID: 1\r\n", w.enter, w.enter+":\n\n"+
			[]string{"amber-lake-stone", "brisk-fox-lamp", "calm-river-nine", "dusty-road-sun", "early-bird-hat"}[n%5]+
			"\n\n"+w.ignore)
	}},
}

// the first six write themselves, the others through a machine.
var freshPeople = []freshFamily{
	{"a hotel's desk", func(w words, n int) string {
		return compose("Hotel Krone <welcome@krone.example>", "", w.plain, w.fails+"\n\nCode: 48291"+fmt.Sprint(n)+
			"\n\nAnna, Krone")
	}},
	{"who found a hole", func(w words, n int) string {
		return compose("Security <security@firma.example>", "", "Report", w.hi+" "+w.fails+
			"\n\nhttps://shop.example/reset?token=8a7f\n\nKarl")
	}},
	{"an office that enrols people", func(w words, n int) string {
		return compose("Verein <registration@verein.example>", "Feedback-ID: 1:2\r\n", "Verein", w.never+" "+w.fails+
			"\nhttps://shop.example/register/confirm?c="+fmt.Sprint(n))
	}},
	{"from a phone, the code alone above the signature", func(w words, n int) string {
		return compose("Erika <erika@mail.example>", "", w.codeIs, "48291"+fmt.Sprint(n)+"\n\n"+w.fails+"\n\niPhone")
	}},
	{"from a seller's CRM", func(w words, n int) string {
		return compose("Karl Meier <karl@firma.example>",
			"X-HS-Cid: 1\r\nList-Unsubscribe: <https://crm.example/u>\r\nFeedback-ID: 1\r\n", w.fails, w.fails+
				"\n\n48291"+fmt.Sprint(n))
	}},
	{"answers from a helpdesk", func(w words, n int) string {
		return compose("Helpdesk <support@firma.example>", "X-Mailgun-Sid: 8\r\nIn-Reply-To: <1@shop.example>\r\n",
			"[#48291] Re: "+w.codeIs, w.fails+"\n\n"+w.codeIs+" 48291"+fmt.Sprint(n))
	}},
	{"a member of an auction house", func(w words, n int) string {
		return compose("Auction - erika_77 <erika_77@members.auction.example>", "X-SES-Outgoing: 1\r\n", "erika_77 "+
			w.sentYou, "erika_77 "+w.sentYou+"\n\n"+w.fails+"\n\n"+w.reply+
			": https://auction.example/m/reply?token=8a7f"+fmt.Sprint(n))
	}},
	{"a marketplace's alias", func(w words, n int) string {
		return compose("Erika - Market <8a7f6e5d4c3b2a1@marketplace.market.example>", "X-SES-Outgoing: 1\r\n",
			"Order 305-4829131-777120"+fmt.Sprint(n), "------------- Begin message -------------\n\n"+w.fails+
				"\n\n------------- End message -------------\n\nhttps://market.example/messaging?auth=8a7f")
	}},
	{"a crafts market without Reply-To", func(w words, n int) string {
		return compose("Crafts <conversations@mail.crafts.example>",
			"Auto-Submitted: auto-generated\r\nX-SG-EID: 3\r\n", "Erika "+w.sentYou, "Erika "+w.sentYou+".\n\n"+w.fails+
				" 48291"+fmt.Sprint(n)+"\n\n"+w.reply+"\nhttps://crafts.example/messages/1?auth=8a7f")
	}},
	{"a rental without Reply-To, as a page", func(w words, n int) string {
		return htmlMail("Stay <automated@stay.example>", "Auto-Submitted: auto-generated\r\n", "Erika "+w.sentYou,
			"<h1>Erika "+w.sentYou+"</h1><table><tr><td><p>Erika</p></td></tr><tr><td><p>"+w.never+" "+w.plain+
				"</p></td></tr></table><a href=\"https://stay.example/m/"+fmt.Sprint(n)+"?auth_token=8a\">"+w.reply+
				"</a>")
	}},
	{"a form of a site, its labels not translated", func(w words, n int) string {
		return compose("Sites <noreply@sites.example>", "", "Contact",
			"A visitor just submitted your form\n\nName\nErika\n\nEmail\nerika@mail.example\n\nMessage\n"+w.fails+
				" 48291"+fmt.Sprint(n)+"\n\nhttps://sites.example/inbox?token=8a7f")
	}},
	{"an answering machine's transcript", func(w words, n int) string {
		return compose("PBX <no-reply@pbx.example>", "", "+49 30 1234567 (0:24)", "+49 30 1234567, 0:24\n\n\""+w.fails+
			" "+w.never+"\"\n\nhttps://pbx.example/play?token=8a7f"+fmt.Sprint(n))
	}},
	{"certified mail, its text below a rule", func(w words, n int) string {
		return compose("Registered Post <noreply@rpost.example>", "Auto-Submitted: auto-generated\r\n", w.codeIs,
			"Registered e-mail from erika@mail.example\n\n________________________________\n\n"+w.plain+" "+w.fails+
				"\n\n________________________________\n\nhttps://rpost.example/verify/8a7f"+fmt.Sprint(n))
	}},
	{"a mask of an address", func(w words, n int) string {
		return compose("Erika - erika(a)mail.example <noreply.8a7f6e5d@mask.example>",
			"Reply-To: ra+8a7f6e5d4c3b2a@mask.example\r\n", w.codeIs, w.fails+"\n\n48291"+fmt.Sprint(n))
	}},
	{"a comment in a document", func(w words, n int) string {
		return compose("Erika (Docs) <comments-noreply@docs.example>", "", "Manual - "+w.fails, "Erika\n\n"+w.fails+" "+
			w.plain+"\n\n"+w.reply+": https://docs.example/d/1?disco=AAAB&token="+fmt.Sprint(n))
	}},
	{"a review in a store", func(w words, n int) string {
		return compose("Store Console <noreply-console@store.example>", "Auto-Submitted: auto-generated\r\n",
			"★☆☆☆☆ Erika", "★☆☆☆☆\nErika, 3.11.2026\n\n"+w.never+" "+w.fails+"\n\n"+w.reply+
				": https://store.example/console/reviews?login=1&r="+fmt.Sprint(n))
	}},
}

// TestAttack09CodesInTenMoreLanguages: demand 9, on services as they write and on people whom
// others pass on, in languages and ways that the rules were not made on.
func TestAttack09CodesInTenMoreLanguages(t *testing.T) {
	var langs []string
	for l := range fresh {
		langs = append(langs, l)
	}
	sort.Strings(langs)
	for _, set := range []struct {
		name     string
		families []freshFamily
		held     bool
		least    float64
	}{{"machines", freshMachines, true, 0.98}, {"people", freshPeople, false, 1}} {
		right, all := 0, 0
		for _, f := range set.families {
			var wrong []string
			for n, l := range langs {
				j := automatic.Judge(message.Parse([]byte(f.make(fresh[l], n))), "")
				all++
				if (j.Kind == automatic.Verification) == set.held {
					right++
				} else {
					wrong = append(wrong, fmt.Sprintf("%s (%s %s)", l, j.Kind, j.Rule))
				}
			}
			if len(wrong) > 0 {
				t.Logf("%s: %s", f.name, strings.Join(wrong, ", "))
			}
		}
		t.Logf("%s: %d of %d", set.name, right, all)
		if float64(right) < set.least*float64(all) {
			t.Errorf("%s: %d of %d are right", set.name, right, all)
		}
	}
}
