package automatic

import (
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/email/wording"
)

// absence is an absence note that answers a mail and bears no mark of a machine.
// Only a mail that answers one can be: what people write first about holidays and
// absences is their business. One that asks anything is a person's. Then one of
// three shapes is wanted, which people's answers do not have:
//
//   - the subject has a heading right before the prefix of an answer: "Urlaub Re:
//     Your order". People's programs put the prefix first;
//   - the subject is a sentence about the sender by name: "Ann Lee is out of the
//     office". People do not speak so of themselves;
//   - the text says of itself that it is automatic and that its writer is away, and
//     says nothing else.
func absence(f *facts) (Judgement, bool) {
	if len(f.m.InReplyTo) == 0 && len(f.m.References) == 0 {
		return Judgement{}, false
	}
	own := f.ownFolded()
	if strings.ContainsAny(own, "?？؟") {
		return Judgement{}, false
	}
	rule := ""
	switch {
	case f.headed():
		rule = "subject:heading"
	case f.named() && len(own) < noteLimit:
		rule = "subject:name"
	case len(own) < noteLimit && saysAutomatic(own) && saysAway(own) && onlyAway(own):
		rule = "text:absence"
	default:
		return Judgement{}, false
	}
	return Judgement{Kind: OutOfOffice, Rule: rule, Original: f.answered()}, true
}

// noteLimit bounds a note that is known by its words alone, in bytes.
const noteLimit = 1500

// ownFolded is the folded text up to the first quoted line, clipped; without what
// lies below, which no rule here needs and is most of an answer.
func (f *facts) ownFolded() string {
	text := f.m.PlainText
	if strings.TrimSpace(text) == "" {
		text = f.m.Text
	}
	if i := strings.Index(text, "\n>"); i >= 0 {
		text = text[:i+1]
	}
	return ownWords(wording.Fold(clipText(text)))
}

// headed tells whether a heading of absence notes stands right before the prefix of
// an answer.
func (f *facts) headed() bool {
	s := strings.TrimLeft(f.subject, "[(*# ")
	for _, list := range [][]string{autoPrefixes, awayPrefixes, absenceHeadings} {
		for _, p := range list {
			rest, ok := strings.CutPrefix(s, p)
			if trimmed := strings.TrimLeft(rest, " ])*.!:-–—"); ok && trimmed != rest && hasAnswerPrefix(trimmed) {
				return true
			}
		}
	}
	return false
}

// named tells whether the subject is a sentence that says of the sender, by name,
// that they are away.
func (f *facts) named() bool {
	subject := f.subject
	for i := range subject { // "Ann Lee is out of the office Re: Your order"
		if i > 0 && subject[i-1] == ' ' && hasAnswerPrefix(subject[i:]) {
			subject = strings.TrimRight(subject[:i], " :-–—")
			break
		}
	}
	if f.answer || len(subject) > 100 || strings.ContainsAny(subject, "?:") {
		return false
	}
	at := -1
	for _, list := range [][]string{awayPrefixes, awaySubjects} {
		for _, p := range list {
			if i := strings.Index(subject, p); i > 0 && len(p) > 3 && (at < 0 || i < at) {
				at = i
			}
		}
	}
	for _, p := range absenceHeadings { // at the end alone: the same words begin much else
		if i := strings.LastIndex(subject, " "+p); i > 0 && at < 0 && strings.Trim(subject[i+1+len(p):], " .!") == "" {
			at = i + 1
		}
	}
	if at <= 0 {
		return false
	}
	head := subject[:at]
	if strings.ContainsAny(head, "0123456789;") || strings.Count(head, ",") > 1 || len(strings.Fields(subject[at:])) > 8 {
		return false
	}
	known, found := strings.FieldsFunc(f.name, notLetter), 0
	if len(known) == 0 {
		known = strings.FieldsFunc(f.local, notLetter)
	}
	for _, w := range known {
		if len(w) > 1 && strings.Contains(" "+strings.Join(strings.FieldsFunc(head, notLetter), " ")+" ", " "+w+" ") {
			found++
		}
	}
	words := len(strings.Fields(head))
	return found > 0 && found >= min(2, len(known)) && words > found && words <= found+2 // a verb, and perhaps "currently"
}

// saysAutomatic tells whether a sentence begins by saying that the mail is
// automatic. Inside a sentence, or in quotation marks, somebody speaks of another.
func saysAutomatic(own string) bool {
	for s := range sentences(own) {
		if automation(s) {
			return true
		}
	}
	return false
}

// automation tells whether a sentence says that the mail is automatic: at most
// fifteen words, none of them another's.
func automation(s string) bool {
	if len(strings.Fields(s)) > 15 {
		return false
	}
	if wording.HasAnyPrefix(s, automations) {
		return true
	}
	for _, b := range beginnings {
		if rest, ok := strings.CutPrefix(s, b); ok && wording.ContainsAny(strings.Join(firstWords(rest, 3), " "), made) {
			return true
		}
	}
	return false
}

func firstWords(s string, n int) []string {
	w := strings.Fields(s)
	return w[:min(n, len(w))]
}

// saysAway tells whether a sentence says that its writer is away.
func saysAway(own string) bool {
	for s := range sentences(own) {
		if wording.ContainsAny(s, awayTold) && !strings.ContainsAny(s, "\"“„«") {
			return true
		}
	}
	return false
}

// onlyAway tells whether a text has no sentence but those of an absence note: that
// one is away, that the mail is automatic, whom to ask instead, thanks and names.
func onlyAway(own string) bool {
	for s := range sentences(own) {
		switch {
		case len(strings.Fields(s)) < 4, strings.HasSuffix(s, ",") && len(strings.Fields(s)) <= 8, wording.ContainsAny(s, awayPhrases), automation(s), wording.HasAnyPrefix(s, noteWords),
			strings.Contains(s, "@") && len(s) < 200:
		default:
			return false
		}
	}
	return true
}

// sentences gives the sentences of a text, and its lines where they end without a
// mark; at most 40.
func sentences(text string) func(func(string) bool) {
	return func(give func(string) bool) {
		start, n := 0, 0
		for i := 0; i <= len(text) && n < 40; i++ {
			end := i == len(text) || text[i] == '\n' && (i+1 == len(text) || text[i+1] == '\n' || i-start < 55) ||
				(text[i] == '.' || text[i] == '!') && (i+1 == len(text) || text[i+1] == ' ' || text[i+1] == '\n') && i > 0 && !isDigit(text[i-1]) || strings.HasPrefix(text[i:], "。")
			if !end {
				continue
			}
			if s := strings.Trim(strings.ReplaceAll(text[start:i], "\n", " "), " .!-*_()[]。"); s != "" {
				n++
				if !give(s) {
					return
				}
			}
			start = min(i+1, len(text))
		}
	}
}

func notLetter(r rune) bool { return strings.ContainsRune(" .,-_/'\"()<>@=", r) }

// awayTold are those of awayPhrases that tell of an absence.
var awayTold = slices.DeleteFunc(slices.Clone(awayPhrases), func(p string) bool {
	return wording.ContainsAny(p, []string{"automat", "automá", "automā", "自動"})
})

// automations begin the sentence in which a mail says that it is automatic, and
// beginnings those that go on with one of made. Folded.
var automations = []string{
	"this message was generated auto", "this message is generated auto", "this message has been generated auto", "this message was sent auto", "this message has been sent auto", "this message was created auto", "this mail was generated auto", "this mail was sent auto", "this email was generated auto", "this email was sent auto", "this email has been generated auto", "this e-mail was generated auto", "this e-mail was sent auto", "this reply was generated auto", "this reply was sent auto",
	"automatic reply", "automatic response", "automated reply", "automated response", "auto-reply", "autoreply", "automatische antwort", "automatische nachricht", "ceci est une réponse auto", "ceci est un message auto", "ce message est auto",
	"cette réponse est auto", "réponse automatique", "message automatique", "este es un mensaje auto", "esta es una respuesta auto", "este mensaje es auto", "respuesta automática", "mensaje automático", "esta é uma resposta auto", "esta é uma mensagem auto",
	"esta mensagem é auto", "resposta automática", "mensagem automática", "questo è un messaggio auto", "questa è una risposta auto", "risposta automatica", "messaggio automatico", "automatisch antwoord", "automatisch bericht", "wiadomość wygenerowana auto",
	"odpowiedź automatyczna", "automatyczna odpowiedź", "automatická odpověď", "automatická odpoveď", "automatikus válasz", "acesta este un mesaj auto", "răspuns automat", "автоматический ответ", "автоответ", "автоматична відповідь",
	"automatiskt svar", "autosvar", "automatisk svar", "automaattinen vastaus", "otomatik yanıt", "αυτό είναι ένα αυτόμα", "αυτή είναι μια αυτόμα", "αυτή είναι αυτόμα", "το μήνυμα αυτό είναι αυτόμα", "αυτόματη απάντηση", "これは自動", "このメールは自動", "自動返信", "自動応答", "这是自动", "此邮件为自动", "自动回复", "自动答复", "自動回覆", "자동 응답", "자동 회신",
	"이 메일은 자동", "đây là thư", "trả lời tự động", "זוהי הודעה אוטומטית", "מענה אוטומטי", "هذا رد", "رد تلقائي",
}

var beginnings = []string{
	"this is an auto", "this is a automatic", "this message is automatic", "this message is auto", "this message was automatic", "this message was auto", "this message has been auto", "this mail is auto", "this e-mail is auto", "this email is auto",
	"this email was auto", "this e-mail was auto", "this email has been auto", "this reply is auto", "this reply was auto", "this reply has been auto", "this response is auto", "this response was auto", "automatically generated", "dies ist eine auto",
	"das ist eine auto", "diese nachricht wurde auto", "diese nachricht wird auto", "diese nachricht ist auto", "diese e-mail wurde auto", "diese email wurde auto", "diese mail wurde auto", "diese antwort wurde auto", "diese antwort ist auto",
	"automatisch generiert", "automatisch erstellt", "dies ist eine system", "ce message a été généré auto", "ce message a été envoyé auto", "cet e-mail a été généré auto", "este mensaje se ha generado auto", "este mensaje ha sido generado auto",
	"esta mensagem foi gerada auto", "questo messaggio è stato generato auto", "dit is een auto", "dit bericht is auto", "deze e-mail is auto", "to jest auto", "ta wiadomość została wygenerowana auto", "toto je auto", "tato zpráva byla vygenerována auto",
	"ez egy auto", "это автомат", "это сообщение отправлено автомат", "это письмо отправлено автомат", "это письмо создано автомат", "данное письмо", "це автомат", "detta är ett auto", "det här är ett auto", "dette er et auto", "dette er en auto",
	"denne e-mail er auto", "denne besked er auto", "tämä on auto", "bu otomatik", "bu e-posta otomatik",
}

// made are what such a sentence says of the mail: what it is, or how it came about.
// Folded.
var made = []string{
	"reply", "response", "message", "mail", "answer", "notification", "notice", "generated", "sent", "created", "antwort", "nachricht", "benachrichtigung", "notiz", "meldung", "generiert", "erstellt", "gesendet", "versendet", "versandt", "verschickt", "erzeugt", "généré", "envoyé", "generado", "enviado", "gerada", "enviada", "generato", "inviato",
	"antwoord", "bericht", "gegenereerd", "verzonden", "verstuurd", "odpowied", "wiadomo", "wygenerowan", "wysłan", "odpově", "odpove", "zpráv", "vygenerován", "válasz", "üzenet", "răspuns", "mesaj", "ответ", "сообщени", "письм", "создан", "отправлен", "відповід", "лист", "svar", "meddel", "besked", "melding", "genererad", "genereret", "skickat", "sendt", "vastau", "viesti", "yanıt", "ileti", "posta",
}

// noteWords begin the other sentences of absence notes: thanks, when the writer is
// back, whom to ask. Folded.
var noteWords = []string{
	"thank you for your", "thanks for your", "many thanks for your", "in urgent", "for urgent", "if urgent", "if it is urgent", "if your", "if you need", "if you require", "if the matter", "for anything urgent", "for immediate", "in case of", "please contact", "please call", "please write", "please direct", "during this time", "during that time", "i will be back", "i will return", "i will answer", "i will reply", "i will respond", "i will read", "i will get back", "i shall", "i return", "i'll be back", "i'll get back", "i'll reply", "i'll respond", "i'm back", "i am back", "back on", "your mail will", "your e-mail will", "your email will", "your message will", "kind regards", "best regards",
	"vielen dank für ihre", "danke für ihre", "vielen dank für deine", "in dringenden", "bei dringenden", "falls es dringend", "bitte wenden sie", "wenden sie sich", "ich bin ab", "ich bin bis", "ich bin vom", "ab dem", "ihre nachricht", "ihre e-mail", "ihre mail", "ich melde mich", "ich werde ihre", "mit freundlichen", "sie erreichen mich", "meine vertretung", "merci pour votre", "merci de votre", "en cas d'urgence", "pour toute urgence", "veuillez contacter", "votre message", "je serai de retour", "je reviens", "je vous répond", "cordialement",
	"gracias por su", "gracias por tu", "en caso de urgencia", "para asuntos urgentes", "volveré", "responderé", "póngase en contacto", "un saludo", "obrigado pel", "obrigada pel", "em caso de urgência", "regresso", "responderei", "grazie per", "in caso di urgenz", "per urgenze", "tornerò", "risponderò", "la sua e-mail", "cordiali saluti", "bedankt voor", "voor dringende", "bij dringende", "in dringende", "ik ben terug", "uw bericht", "uw e-mail", "dziękuję za", "w pilnych", "w sprawach pilnych", "wracam", "odpowiem", "děkuji za", "v naléhavých", "спасибо за", "в срочных", "по срочным", "вернусь", "отвечу", "tack för", "vid brådskande", "jag är tillbaka", "jag återkommer", "tak for", "takk for", "ved hastesager", "kiitos", "kiireellisissä", "teşekkür", "acil", "お急ぎ", "緊急", "如有急事", "긴급",
}
