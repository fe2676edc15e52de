package automatic

import (
	"strings"

	"github.com/replywell/replywell/shared/email/wording"
)

// autoPrefixes begin the subject of automatic answers, as mail systems write
// them in their languages. They count alone: Outlook, Gmail, Domino and others
// put them before a colon, and people do not. Folded, without the colon.
var autoPrefixes = []string{
	"automatic reply", "automatic response", "auto: re", "auto: aw", "auto: fwd", "auto reply", "auto-reply", "autoreply", "auto response", "auto-response", "autoresponse", "autorespond", "autoresponder", "auto respond",
	"out of office", "out-of-office", "out of office autoreply", "out of office auto-reply", "out of office reply", "out of office response", "out of office notification", "out of the office", "vacation reply", "vacation response", "vacation message", "vacation notice", "vacation autoreply", "automated reply", "automated response", "automatically generated reply", "auto acknowledgement", "automatic acknowledgement", "autoreply from",
	"automatische antwort", "automatische rückantwort", "automatische rückmeldung", "automatische nachricht", "automatische abwesenheitsnotiz", "automatische eingangsbestätigung", "abwesenheitsnotiz", "abwesenheitsnachricht", "abwesenheitsmeldung", "abwesenheitsassistent", "automatisierte antwort", "urlaubsnotiz", "autoantwort", "auto-antwort",
	"réponse automatique", "reponse automatique", "réponse d'absence", "absence du bureau", "message d'absence", "notification d'absence", "réponse auto",
	"respuesta automática", "respuesta automatica", "respuesta automatizada", "fuera de la oficina", "fuera de oficina", "mensaje automático", "contestación automática", "resposta automática", "resposta automatica", "fora do escritório", "fora do escritorio", "ausência do escritório",
	"risposta automatica", "risposta non al computer", "non al computer", "fuori ufficio", "messaggio automatico", "automatisch antwoord", "automatische reactie", "automatisch bericht", "afwezigheidsbericht", "afwezigheidsmelding",
	"odpowiedź automatyczna", "automatyczna odpowiedź", "autoodpowiedź", "autorespuesta", "automatická odpověď", "automatická odpoveď", "automatikus válasz", "răspuns automat", "raspuns automat",
	"автоматический ответ", "автоответ", "автоответчик", "вне офиса", "автоматична відповідь", "автовідповідь", "autosvar", "automatiskt svar", "automatisk svar", "fraværsmelding", "fraværsbesked",
	"automaattinen vastaus", "poissaoloilmoitus", "lomavastaus", "automatvastus", "automaatvastus", "automātiska atbilde", "automatinis atsakymas", "automatski odgovor", "izvan ureda", "samodejni odgovor", "автоматски одговор", "автоматичен отговор",
	"αυτόματη απάντηση", "otomatik yanıt", "otomatik cevap", "自動返信", "自動応答", "自动答复", "自动回复", "自動回覆", "自動回復", "자동 회신", "자동 응답", "자동회신", "trả lời tự động", "thư trả lời tự động", "תשובה אוטומטית", "מענה אוטומטי", "رد تلقائي", "رد آلي", "پاسخ خودکار", "स्वचालित उत्तर", "balasan otomatis", "balas otomatis", "ตอบกลับอัตโนมัติ",
}

// awayPrefixes are headings of vacation notices that people use as well
// ("Abwesenheit: Vertretung im Mai"): they count where the mail answers one of
// ours without an answer's "Re:". Folded, without the colon.
var awayPrefixes = []string{
	"on vacation", "on holiday", "ooo", "oof", "abwesenheit", "abwesend", "nicht im büro", "außer haus", "absence", "absent du bureau", "en congés", "ausencia", "ausente", "assente", "afwezig", "niet aanwezig", "niet op kantoor", "fuori sede", "nieobecność", "nepřítomnost", "neprítomnosť", "frånvaro", "frånvarande", "ej på kontoret", "fravær", "ikke på kontoret", "ikke til stede", "poissa", "poissaolo", "外出", "不在通知", "不在連絡", "不在办公室", "不在辦公室", "부재중", "vắng mặt", "odsutan", "odsotnost", "відсутній", "нет на месте", "izinde", "ofis dışında", "poza biurem", "mimo kancelář", "mimo kanceláriu", "házon kívül", "irodán kívül", "în afara biroului", "absent din birou", "извън офиса", "ven iz pisarne", "izvan ureda", "van kantoor", "mimo kancelárie", "poza firmą", "kontorist väljas", "prombūtnē", "ne biure", "ไม่อยู่ที่สำนักงาน", "di luar kantor", "fora de l'oficina", "fuera de la oficina", "fora do escritório", "fuori ufficio", "ute av kontoret", "ute fra kontoret", "ikke på kontoret", "utanför kontoret", "toimiston ulkopuolella", "вне офиса", "поза офісом", "hors du bureau", "absente du bureau", "εκτός γραφείου", "מחוץ למשרד", "خارج المكتب", "away from the office", "ausência temporária", "assenza dall'ufficio",
}

// weakPrefixes may begin a person's subject as well: they count only together
// with the words of a vacation notice in the text. Folded, without the colon.
var weakPrefixes = append(absenceHeadings, acknowledgementHeadings...)

// absenceHeadings are those of absence notes.
var absenceHeadings = []string{
	"auto", "vacation", "holiday", "away", "i am away", "i'm away", "on leave", "annual leave", "absent", "urlaub", "im urlaub", "ferien", "elternzeit", "mutterschutz", "vacances", "congés", "congé", "vacaciones", "de vacaciones", "ferie", "in ferie", "férias", "vakantie", "op vakantie", "urlop", "dovolená", "dovolenka", "szabadság", "concediu", "отпуск", "в отпуске", "відпустка", "semester", "på semester", "ferie", "loma", "lomalla", "puhkus", "atostogos", "atvaļinājums", "godišnji odmor", "dopust", "άδεια", "yıllık izin", "休暇", "休假", "휴가", "nghỉ phép", "חופשה", "إجازة",
}

// acknowledgementHeadings are those of acknowledgements.
var acknowledgementHeadings = []string{
	"thank you for your email", "thank you for your message", "thank you for contacting", "thanks for contacting", "we have received your", "we received your", "your request has been received", "ihre anfrage", "eingangsbestätigung", "vielen dank für ihre", "message received", "request received", "case received",
}

// awaySubjects anywhere in an automatic answer's subject make it a vacation notice. Folded.
var awaySubjects = []string{
	"out of office", "out-of-office", "out of the office", "vacation", "away from", "away until", "holiday", "on leave", "ooo:", "oof:", "abwesen", "urlaub", "absence", "absent", "congé", "fuera de", "ausen", "ausên", "fuori ", "assen", "ferie", "afwezig", "vakantie", "urlop", "nieobecn", "dovolen", "nepřítom", "neprítom", "отпуск", "вне офиса", "frånvaro", "semester", "fravær", "poissa", "lomalla", "不在", "休暇", "外出", "부재", "휴가", "vắng mặt", "izinde", "ofis dışı", "εκτός γραφείου", "מחוץ למשרד", "חופשה", "خارج المكتب", "automatic reply", "automatische antwort", "réponse automatique", "respuesta automática",
}

// awayPhrases are sentences of vacation notices. One alone proves nothing:
// people write such things too. Folded.
var awayPhrases = []string{
	"i am out of the office", "i'm out of the office", "i am currently out of", "i'm currently out of", "i will be out of the office", "currently away", "away from the office", "out of office", "on annual leave", "limited access to e-mail", "limited access to email", "no access to e-mail", "no access to email", "will respond upon my return", "will reply when i return", "will respond to you upon my return", "upon my return", "when i return", "in my absence", "during my absence", "i am on vacation", "i'm on vacation", "i am on leave", "on maternity leave", "on parental leave", "i am away", "for urgent matters", "this is an automatic", "this is an automated", "automatically generated",
	"nicht im büro", "außer haus", "ich bin im urlaub", "bin ich nicht erreichbar", "nicht im hause", "abwesend", "in dringenden fällen", "ihre e-mail wird nicht weitergeleitet", "während meiner abwesenheit", "nach meiner rückkehr", "diese nachricht wurde automatisch", "dies ist eine automatische", "bin ich ab dem", "wieder erreichbar",
	"je suis absent", "je suis actuellement absent", "absent du bureau", "en congés", "en mon absence", "pendant mon absence", "à mon retour", "en cas d'urgence", "ceci est un message automatique", "fuera de la oficina", "estoy de vacaciones", "estaré ausente", "en caso de urgencia", "durante mi ausencia", "a mi regreso", "este es un mensaje automático", "sono fuori ufficio", "sono in ferie", "sarò assente", "in mia assenza", "in caso di urgenza", "messaggio automatico", "estou de férias", "estarei ausente", "fora do escritório", "em caso de urgência", "esta é uma resposta automática",
	"ik ben afwezig", "niet op kantoor", "ben ik afwezig", "met vakantie", "bij afwezigheid", "tijdens mijn afwezigheid", "dit is een automatisch", "jestem nieobecn", "przebywam na urlopie", "w pilnych sprawach", "poza biurem", "jsem mimo kancelář", "čerpám dovolenou", "som mimo kancelári", "irodán kívül", "szabadságon vagyok", "sunt plecat", "în concediu", "нахожусь в отпуске", "меня нет в офисе", "буду отсутствовать", "перебуваю у відпустці", "är inte på kontoret", "är på semester", "jag är ledig", "er ikke på kontoret", "på ferie", "olen lomalla", "olen poissa", "olen puhkusel", "na godišnjem", "εκτός γραφείου", "izindeyim", "ofis dışındayım", "不在にして", "休暇を", "外出しております", "自動返信", "我不在办公室", "正在休假", "休假中", "부재중", "휴가 중", "vắng mặt", "איני במשרד", "בחופשה", "خارج المكتب", "في إجازة",
}

// autoSubject gives the prefix by which a folded subject shows itself to be an
// automatic answer's, with its colon if it has one; "" if it does not.
func autoSubject(subject string) string { return subjectPrefix(subject, autoPrefixes) }

func subjectPrefix(subject string, prefixes []string) string {
	s := strings.TrimLeft(subject, "[(*# ")
	lead := len(subject) - len(s)
	best := ""
	for _, p := range prefixes {
		if len(p) <= len(best) || !strings.HasPrefix(s, p) {
			continue
		}
		rest := s[len(p):]
		trimmed := strings.TrimLeft(rest, " ])*.!")
		switch {
		case trimmed == "":
			best = p
		case strings.HasPrefix(trimmed, ":") || strings.HasPrefix(trimmed, "- ") && rest[0] == ' ' || strings.HasPrefix(rest, "]"):
			best = p
		}
	}
	if best == "" {
		return ""
	}
	if i := strings.IndexByte(s[len(best):], ':'); i >= 0 && i < 4 {
		return subject[:lead+len(best)+i+1]
	}
	return best
}

// subjectReply judges by the subject, with care. A subject that a mail system
// puts before ours ("Automatic reply: Your order") decides if the mail answers
// another; where it answers none, or where it may be a person's heading, more
// is asked for. A text that asks something is a person's.
func subjectReply(f *facts) (Judgement, bool) {
	if f.answer {
		return Judgement{}, false
	}
	strong, noun, weak := autoSubject(f.subject), subjectPrefix(f.subject, awayPrefixes), subjectPrefix(f.subject, weakPrefixes)
	if strong == "" && noun == "" && weak == "" {
		return Judgement{}, false
	}
	answers := len(f.m.InReplyTo) > 0 || len(f.m.References) > 0
	_, lower := f.body()
	own := clipText(ownWords(lower))
	said, asks := wording.Count(own, awayPhrases), strings.ContainsAny(own, "?？")
	rest := ""
	if i := strings.IndexByte(f.subject, ':'); i >= 0 {
		rest = f.subject[i+1:]
	}
	switch {
	case strong != "" && answers && !(asks && said == 0):
	case strong != "" && said > 1 && !asks:
	case strong != "" && strings.HasSuffix(strong, ":") && rest != "" && !asks && !strings.HasSuffix(rest, "?") && !f.handClient():
	case strings.HasSuffix(rest, "?"):
		return Judgement{}, false
	case strings.HasSuffix(noun, ":") && answers && !asks:
	case noun+weak != "" && answers && said > 0 && !asks:
	default:
		return Judgement{}, false
	}
	j := Judgement{Kind: f.awayOr(AutoReply), Rule: "subject", Original: f.answered()}
	return j, true
}

// ownWords is folded text up to the first quoted line.
func ownWords(folded string) string {
	at := 0
	for line := range strings.Lines(folded) {
		if strings.HasPrefix(line, ">") {
			return folded[:at]
		}
		at += len(line)
	}
	return folded
}

// handClient tells whether a person's mail client shows that somebody composed this
// mail by hand: a client's name in X-Mailer or User-Agent.
func (f *facts) handClient() bool {
	agent := f.header("X-Mailer") + f.header("User-Agent")
	return wording.ContainsAny(agent, []string{"apple mail", "iphone mail", "ipad mail", "thunderbird", "mutt", "outlook", "k-9", "evolution", "kmail", "claws", "the bat", "roundcube", "yahoomail"})
}
