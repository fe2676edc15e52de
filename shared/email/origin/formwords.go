package origin

import (
	"strings"

	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/wording"
)

// formLabels are the labels of contact forms, folded: 'n' name, 'l' last name,
// 'e' e-mail address, 'm' message.
var formLabels = labels(map[byte]string{
	'n': "name|von|de|da|van|remitente|mittente|expéditeur|afzender|nadawca|odesílatel|отправитель|от|full name|first name|firstname|your-name|sender|from|contact name|customer name|visitor name|vorname|vor- und nachname|vor- und zuname|vollständiger name|absender|nom|nom complet|nom et prénom|prénom|prénom et nom|nombre|nombre completo|nombre y apellidos|nome|nome completo|nome e cognome|naam|volledige naam|voornaam|imię|imię i nazwisko|imie i nazwisko|jméno|jméno a příjmení|meno|meno a priezvisko|név|teljes név|nume|nume complet|имя|фио|ваше имя|ім'я|піб|namn|förnamn|navn|fornavn|nimi|etunimi|ime|ime i prezime|όνομα|ονοματεπώνυμο|ad|ad soyad|adı soyadı|isim|お名前|氏名|名前|姓名|名字|您的姓名|이름|성함|họ tên|họ và tên|tên|שם|שם מלא|الاسم|الاسم الكامل",
	'l': "last name|lastname|surname|family name|nachname|zuname|nom de famille|apellidos|apellido|cognome|sobrenome|achternaam|nazwisko|příjmení|priezvisko|фамилия|прізвище|efternamn|efternavn|etternavn|sukunimi|prezime|επώνυμο|soyad|soyadı",
	'e': "email|e-mail|e mail|mail|email address|e-mail address|mail address|your-email|sender email|contact email|reply to|reply-to|e-mail-adresse|emailadresse|email-adresse|mailadresse|e-mail adresse|adresse email|adresse e-mail|adresse mail|courriel|adresse électronique|correo|correo electrónico|correo electronico|dirección de correo|email address (required)|indirizzo email|indirizzo e-mail|posta elettronica|endereço de email|endereço de e-mail|e-mailadres|emailadres|adres e-mail|adres email|e-mailová adresa|e-mailová adresa|e-mail cím|email cím|adresa de email|adresă de e-mail|электронная почта|эл. почта|почта|електронна пошта|e-post|e-postadress|epost|e-mailadresse|sähköposti|sähköpostiosoite|e-posta|e-posta adresi|ηλεκτρονική διεύθυνση|メールアドレス|メール|邮箱|电子邮件|電子郵件|电子邮箱|이메일|이메일 주소|địa chỉ email|דוא\"ל|אימייל|דואר אלקטרוני|البريد الإلكتروني|بريد إلكتروني",
	'm': "message|message body|message text|comment|comments|comment or message|question|questions|enquiry|inquiry|your-message|details|description|how can we help|how can we help you|what can we do for you|body|text|notes|request|nachricht|mitteilung|nachrichtentext|ihre nachricht an uns|anfrage|frage|kommentar|anliegen|bemerkung|bemerkungen|commentaire|commentaires|demande|question ou commentaire|mensaje|comentario|comentarios|consulta|pregunta|messaggio|richiesta|domanda|commento|mensagem|comentário|pergunta|bericht|vraag|opmerking|opmerkingen|wiadomość|treść|treść wiadomości|pytanie|zpráva|vzkaz|dotaz|správa|otázka|üzenet|megjegyzés|mesaj|mesaj dvs|mesajul|întrebare|сообщение|текст сообщения|вопрос|комментарий|повідомлення|питання|meddelande|fråga|besked|beskjed|melding|spørgsmål|spørsmål|viesti|kysymys|poruka|upit|pitanje|μήνυμα|ερώτηση|mesajınız|soru|お問い合わせ内容|お問合せ内容|メッセージ|本文|ご質問|留言|消息|内容|留言内容|메시지|문의내용|문의 내용|내용|tin nhắn|nội dung|הודעה|תוכן ההודעה|الرسالة|رسالة",
})

func labels(table map[byte]string) map[string]byte {
	all := map[string]byte{}
	for kind, words := range table {
		for _, w := range strings.Split(words, "|") {
			all[wording.Fold(w)] = kind
		}
	}
	return all
}

// formSubjects are in the subjects of contact forms' mail. Folded.
var formSubjects = []string{
	"contact form", "contactform", "contact us", "contact request", "form submission", "new submission", "new form", "form response", "form entry", "new message from", "message from your website", "message from website", "website enquiry", "website inquiry", "web enquiry", "web inquiry", "web form", "webform", "website contact", "new enquiry", "new inquiry", "enquiry from", "inquiry from", "customer message on", "new customer message", "feedback form", "support form", "submitted a", "new contact",
	"kontaktformular", "kontaktanfrage", "anfrage über", "anfrage von", "neue anfrage", "neue nachricht", "nachricht von", "nachricht über", "webformular", "formular", "supportanfrage", "formulaire", "nouveau message", "demande de contact", "message de", "formulario", "nuevo mensaje", "mensaje de", "nueva consulta", "modulo di contatto", "modulo contatti", "nuovo messaggio", "richiesta dal sito", "messaggio dal sito", "nova mensagem", "mensagem do site", "contactformulier", "nieuw bericht", "bericht via", "formularz", "nowa wiadomość", "wiadomość ze strony", "formulář", "zpráva z webu", "formulár", "kapcsolat", "formularul", "mesaj nou", "форма", "обратной связи", "сообщение с сайта", "заявка с сайта", "зворотного зв'язку", "kontaktskjema", "kontaktformulär", "yhteydenotto", "kontakt obrazac", "φόρμα επικοινωνίας", "iletişim formu", "お問い合わせ", "お問合せ", "联系表单", "网站留言", "聯絡表單", "문의", "liên hệ", "טופס יצירת קשר", "نموذج الاتصال", "[contact]", "[kontakt]",
}

// robotLocals are local parts that sites send with, without separators.
var robotLocals = set("wordpress|webform|webforms|webformmailer|website|webserver|webmailer|www|wwwrun|wwwdata|apache|apache2|httpd|nginx|nobody|forms|form|formmail|formmailer|formular|formulare|formulaire|formulario|contactform|kontaktformular|mailer|phpmailer|php|cgi|drupal|joomla|typo3|shopify|wix|squarespace|automailer|automailer1|submissions|submission|formsubmit|formresponses|noreplyforms|websiteforms|webmasterform|sendmail|daemonform|robot|bot|notification|notifications|notify|mailbot|postfixform")

// siteLocals may be a site's or a person's: they need more evidence.
var siteLocals = set("info|contact|kontakt|contacto|contatto|contato|web|webmaster|admin|administrator|support|hello|hallo|office|mail|email|sales|shop|store|service|server|site|post|team|anfrage|enquiries|inquiries|root|help|portal|enquiry|inquiry|inserate|immobilien|vermittlung|marketplace|marktplatz|listing|listings|quote|quotes|quotation|booking|bookings|reservation|reservations|buchung|messages|message|messaging|nachrichten|customer|customers|client|clients|kunden|request|requests|angebot|angebote|offers|jobs|orders|crm|notification|notifications|notify|mailing|news|marketing|hotline|feedback|reviews|postmaster|tickets|lead|leads|enquiries|inquiries|anfrage|anfragen")

// leadLocals are those of them that portals send people's questions with.
var leadLocals = set("lead|leads|enquiry|inquiry|enquiries|inquiries|anfrage|anfragen|portal|marketplace|marktplatz|listing|listings|quotes|quotation|vermittlung|inserate|immobilien")

// formDomains are services that host forms.
var formDomains = []string{"formspree.io", "jotform.com", "typeform.com", "typeform.io", "wufoo.com", "formsubmit.co", "getform.io", "web3forms.com", "formcarry.com", "usebasin.com", "formbold.com", "tally.so", "paperform.co", "cognitoforms.com", "123formbuilder.com", "formstack.com", "formsite.com", "elfsight.com", "netlify.com", "netlifyforms.com", "webflow.com", "squarespace.info", "squarespace.com", "wixforms.com", "wix-forms.com", "ascendbywix.com", "weebly.com", "fillout.com", "formassembly.com", "zohoforms.com", "heyform.net", "staticforms.xyz", "formkeep.com", "smartforms.dev", "emailjs.com", "kontactr.com", "foxyform.com"}

// isRobot tells whether an address is one that only programs send with.
func isRobot(address string) bool {
	local, domain, _ := strings.Cut(strings.ToLower(address), "@")
	for _, d := range formDomains {
		if domain == d || strings.HasSuffix(domain, "."+d) {
			return true
		}
	}
	return robotLocals[wording.Squash(local)] || isNoReply(address)
}

func isSiteLocal(address string) bool {
	local, _, _ := strings.Cut(strings.ToLower(address), "@")
	return siteLocals[wording.Squash(local)]
}

// isNoReply tells whether an address says that nobody reads it.
func isNoReply(address string) bool {
	local, _ := wording.SplitAddress(address)
	return wording.IsNoReply(local)
}

// formSoftware tells whether the header has the traces of a web site's mailer.
func formSoftware(m *message.Message) bool {
	for _, name := range []string{"X-PHP-Originating-Script", "X-PHP-Script", "X-Contact-Form", "X-WPCF7-Content-Type", "X-Form-Id", "X-Form-Name", "X-Jotform", "X-Formspree", "X-Netlify-Form", "X-Shopify-Form", "X-Wp-Mail", "X-Gravity-Forms", "X-Ninja-Forms", "X-Wpforms", "X-Website-Form"} {
		if m.Header.Has(name) {
			return true
		}
	}
	return wording.ContainsAny(wording.Fold(m.Header.Get("X-Mailer")), []string{"phpmailer", "php/", "wpmailsmtp", "wp mail smtp", "drupal", "typo3", "joomla", "contact form", "swiftmailer", "symfony mailer", "formmail", "cgi", "nodemailer", "laravel", "codeigniter", "zend", "wpforms"})
}

func set(words string) map[string]bool {
	s := map[string]bool{}
	for _, w := range strings.Split(words, "|") {
		s[w] = true
	}
	return s
}
