package letters

import (
	"strconv"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/language"
	"github.com/replywell/replywell/shared/email/message"
)

// Acknowledged is what a confirmation says beside that a mail has come.
type Acknowledged struct {
	Answers  string           // the Message-ID of the customer's mail
	Language string           // the customer's, BCP 47; "" or one without words: the mailbox's
	Help     *desk.Suggestion // an article that very likely answers the mail already; nil shows none
	Person   bool             // the customer asks for a person: no article, and who has the mail
}

// Acknowledgement tells a customer that a mail has come. It says nothing that
// the customer wrote, the subject and the name included: whoever makes us write
// to somebody else must not have that person read their words.
//
// An article is general advice, and is called so: nobody has looked at the case
// yet. Nothing says that the customer's trouble is over, or nobody's to see to.
//
// RFC 3834: it is marked as auto-replied (section 5) and answers the mail's
// Message-ID (3.1.5); whether it may be sent at all is asked before (section 2).
func (w Writer) Acknowledgement(id string, mb desk.Mailbox, conv desk.Conversation, a Acknowledged) (Ready, error) {
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxAcknowledgement, Conversation: conv.ID, Sequence: conv.Messages}
	reply, err := w.CustomerAddress(mb, conv, conv.Messages)
	if err != nil {
		return Ready{}, err
	}
	if item.EnvelopeFrom, err = w.BounceAddress(mb, conv.ID, conv.Customer.Address, conv.Messages); err != nil {
		return Ready{}, err
	}
	words, lang := acknowledgementFor(a.Language, mb)
	got := words.got
	if a.Person {
		got = words.person
	}
	if mb.Within > 0 {
		if !strings.HasSuffix(got, "。") {
			got += " "
		}
		got += words.usually(mb.Within)
	}
	blocks := []compose.Block{compose.Paragraph{Text: got}}
	if a.Help != nil && !a.Person {
		blocks = append(blocks, compose.Paragraph{Text: words.advice},
			compose.Body{Text: words.general + " " + compose.OneLine(a.Help.Title) + "\n\n" + strings.TrimSpace(a.Help.Reply)}, compose.Paragraph{Text: words.still})
	}
	blocks = append(blocks, compose.Paragraph{Text: words.more}, compose.Small{Text: words.automatic + "\n" + conv.ID.Reference() + " · " + compose.OneLine(mb.Name)})
	doc := compose.Document{Lang: lang, Personal: true, Blocks: blocks}
	name := shownAs("", mb)
	l := compose.Letter{
		From:    message.Address{Name: name, Address: mb.Address},
		ReplyTo: &message.Address{Name: name, Address: reply},
		To:      []message.Address{{Address: conv.Customer.Address}},
		Subject: words.subject + " [" + conv.ID.Reference() + "]", InReplyTo: a.Answers,
	}
	l.Say(doc)
	return w.finish(item, mb, l)
}

// Tongue is the language in which a customer is written to by the system: the
// customer's, where it is told and there are words in it, else the mailbox's.
func Tongue(customers string, mb desk.Mailbox) string {
	base := language.Base(customers)
	if customers == "" || base == language.Base(mb.Language) || !compose.KnowsAttribution(base) {
		return mb.Language
	}
	return customers
}

// acknowledgement is the letter in one language.
type acknowledgement struct {
	subject string
	got     string // it has come, and a person will read it
	person  string // the same, to somebody who asks for a person
	within  string // $T is a span of time
	advice  string // above an article: general, and nobody has looked yet
	general string // before the article's title
	still   string // below it: a person answers all the same
	more    string
	// automatic says what wrote the mail.
	automatic              string
	hour, hours, day, days string // as they stand in within; $N is a number
}

// usually says how soon the team answers, as it promised.
func (a acknowledgement) usually(d time.Duration) string {
	hours := int((d + time.Hour - 1) / time.Hour)
	n, one, many := hours, a.hour, a.hours
	if hours%24 == 0 && hours >= 48 {
		n, one, many = hours/24, a.day, a.days
	} else if hours == 24 {
		n, one, many = 1, a.day, a.days
	}
	span := one
	if n != 1 {
		span = strings.Replace(many, "$N", strconv.Itoa(n), 1)
	}
	return strings.Replace(a.within, "$T", span, 1)
}

// acknowledgementFor gives the words for a customer who wrote in a language, and
// which language they are in.
func acknowledgementFor(customers string, mb desk.Mailbox) (acknowledgement, string) {
	tongue := Tongue(customers, mb)
	if _, ok := acknowledgements[language.Base(tongue)]; !ok {
		tongue = mb.Language
	}
	return acknowledgementIn(tongue)
}

// acknowledgementIn gives the words in a language (BCP 47; English where it is
// not known), and which language they are in.
func acknowledgementIn(tag string) (acknowledgement, string) {
	if a, ok := acknowledgements[language.Base(tag)]; ok && tag != "" {
		return a, tag
	}
	return acknowledgements["en"], "en"
}

// acknowledgements promise nothing but that a person reads. To teach another
// language, add an entry; the test says what is missing.
var acknowledgements = map[string]acknowledgement{
	"en": {"We have your message", "Thank you for writing to us. Your message has arrived, and a person will read it and answer you.",
		"Thank you for writing to us. A person has your message, and will answer you.", "Usually that takes less than $T.",
		"Until then, here is what we tell everybody who asks about this. Nobody has looked at your own case yet, so it may not fit.", "General advice:",
		"Whether it helps or not, a person will answer you.",
		"If you would like to add something, just reply to this mail.", "This confirmation was sent automatically.", "an hour", "$N hours", "a day", "$N days"},
	"de": {"Ihre Nachricht ist angekommen", "Danke, dass Sie uns schreiben. Ihre Nachricht ist angekommen; ein Mensch wird sie lesen und Ihnen antworten.",
		"Danke, dass Sie uns schreiben. Ihre Nachricht liegt einem Menschen vor, der Ihnen antworten wird.", "Meist dauert das weniger als $T.",
		"Bis dahin steht hier, was wir allen sagen, die danach fragen. Ihren eigenen Fall hat noch niemand angesehen; es passt also vielleicht nicht.", "Allgemeiner Rat:",
		"Ob es hilft oder nicht: Ein Mensch wird Ihnen antworten.",
		"Wenn Sie etwas ergänzen möchten, antworten Sie einfach auf diese Mail.", "Diese Bestätigung wurde automatisch verschickt.", "eine Stunde", "$N Stunden", "einen Tag", "$N Tage"},
	"fr": {"Nous avons reçu votre message", "Merci de nous avoir écrit. Votre message est bien arrivé ; une personne le lira et vous répondra.",
		"Merci de nous avoir écrit. Une personne a votre message et vous répondra.", "En général, cela prend moins $T.",
		"En attendant, voici ce que nous disons à tous ceux qui posent cette question. Personne n’a encore regardé votre cas ; cela ne convient donc peut-être pas.", "Conseil général :",
		"Que cela vous aide ou non, une personne vous répondra.",
		"Pour ajouter quelque chose, répondez simplement à ce courriel.", "Cette confirmation a été envoyée automatiquement.", "d’une heure", "de $N heures", "d’un jour", "de $N jours"},
	"es": {"Hemos recibido su mensaje", "Gracias por escribirnos. Su mensaje ha llegado; una persona lo leerá y le responderá.",
		"Gracias por escribirnos. Una persona tiene su mensaje y le responderá.", "Normalmente tardamos menos de $T.",
		"Mientras tanto, esto es lo que decimos a todos los que preguntan por ello. Nadie ha mirado aún su caso, así que quizá no le sirva.", "Consejo general:",
		"Le ayude o no, una persona le responderá.",
		"Si desea añadir algo, responda a este correo.", "Esta confirmación se ha enviado automáticamente.", "una hora", "$N horas", "un día", "$N días"},
	"it": {"Abbiamo ricevuto il suo messaggio", "Grazie per averci scritto. Il suo messaggio è arrivato; una persona lo leggerà e le risponderà.",
		"Grazie per averci scritto. Una persona ha il suo messaggio e le risponderà.", "Di solito ci vuole meno di $T.",
		"Nel frattempo, ecco che cosa diciamo a chiunque ce lo chieda. Nessuno ha ancora guardato il suo caso, quindi potrebbe non essere adatto.", "Consiglio generale:",
		"Che sia utile o no, una persona le risponderà.",
		"Se desidera aggiungere qualcosa, risponda a questa e-mail.", "Questa conferma è stata inviata automaticamente.", "un’ora", "$N ore", "un giorno", "$N giorni"},
	"pt": {"Recebemos a sua mensagem", "Obrigado por nos escrever. A sua mensagem chegou; uma pessoa vai lê-la e responder-lhe.",
		"Obrigado por nos escrever. Uma pessoa tem a sua mensagem e vai responder-lhe.", "Normalmente demora menos de $T.",
		"Entretanto, eis o que dizemos a todos os que perguntam por isto. Ainda ninguém viu o seu caso, por isso pode não servir.", "Conselho geral:",
		"Quer ajude quer não, uma pessoa vai responder-lhe.",
		"Se quiser acrescentar algo, responda a este e-mail.", "Esta confirmação foi enviada automaticamente.", "uma hora", "$N horas", "um dia", "$N dias"},
	"nl": {"We hebben uw bericht ontvangen", "Bedankt voor uw bericht. Het is aangekomen; iemand leest het en geeft u antwoord.",
		"Bedankt voor uw bericht. Een medewerker heeft het en geeft u antwoord.", "Meestal duurt dat minder dan $T.",
		"Tot die tijd vindt u hier wat we iedereen vertellen die hiernaar vraagt. Niemand heeft uw eigen geval al bekeken, dus misschien past het niet.", "Algemeen advies:",
		"Of het nu helpt of niet: iemand geeft u antwoord.",
		"Wilt u iets toevoegen, beantwoord dan gewoon deze mail.", "Deze bevestiging is automatisch verstuurd.", "een uur", "$N uur", "een dag", "$N dagen"},
	"pl": {"Otrzymaliśmy Twoją wiadomość", "Dziękujemy za wiadomość. Dotarła do nas; przeczyta ją i odpowie na nią człowiek.",
		"Dziękujemy za wiadomość. Ma ją człowiek, który na nią odpowie.", "Zwykle trwa to krócej niż $T.",
		"Tymczasem podajemy to, co mówimy każdemu, kto o to pyta. Nikt nie zajął się jeszcze Twoją sprawą, więc może to nie pasować.", "Ogólna rada:",
		"Niezależnie od tego, czy to pomoże, odpowie Ci człowiek.",
		"Aby coś dodać, wystarczy odpowiedzieć na ten e-mail.", "To potwierdzenie zostało wysłane automatycznie.", "godzinę", "$N godz.", "jeden dzień", "$N dni"},
	"sv": {"Vi har fått ditt meddelande", "Tack för att du skriver till oss. Ditt meddelande har kommit fram, och en person läser det och svarar dig.",
		"Tack för att du skriver till oss. En person har ditt meddelande och svarar dig.", "Vanligtvis tar det mindre än $T.",
		"Fram till dess är det här vad vi säger till alla som frågar om detta. Ingen har tittat på just ditt ärende än, så det kanske inte passar.", "Allmänt råd:",
		"Oavsett om det hjälper svarar en person dig.",
		"Vill du lägga till något, svara bara på det här mejlet.", "Den här bekräftelsen skickades automatiskt.", "en timme", "$N timmar", "en dag", "$N dagar"},
	"da": {"Vi har modtaget din besked", "Tak, fordi du skriver til os. Din besked er nået frem, og et menneske læser den og svarer dig.",
		"Tak, fordi du skriver til os. Et menneske har din besked og svarer dig.", "Normalt tager det mindre end $T.",
		"Indtil da er her, hvad vi siger til alle, der spørger om dette. Ingen har set på din egen sag endnu, så det passer måske ikke.", "Generelt råd:",
		"Uanset om det hjælper, svarer et menneske dig.",
		"Vil du tilføje noget, så svar blot på denne mail.", "Denne bekræftelse er sendt automatisk.", "en time", "$N timer", "en dag", "$N dage"},
	"nb": {"Vi har fått meldingen din", "Takk for at du skriver til oss. Meldingen din har kommet fram, og et menneske leser den og svarer deg.",
		"Takk for at du skriver til oss. Et menneske har meldingen din og svarer deg.", "Vanligvis tar det mindre enn $T.",
		"I mellomtiden er dette det vi sier til alle som spør om det samme. Ingen har sett på din egen sak ennå, så det passer kanskje ikke.", "Generelt råd:",
		"Uansett om det hjelper, svarer et menneske deg.",
		"Vil du legge til noe, kan du bare svare på denne e-posten.", "Denne bekreftelsen ble sendt automatisk.", "en time", "$N timer", "én dag", "$N dager"},
	"fi": {"Viestisi on saapunut", "Kiitos viestistäsi. Se on saapunut perille, ja ihminen lukee sen ja vastaa sinulle.",
		"Kiitos viestistäsi. Se on ihmisellä, joka vastaa sinulle.", "Yleensä siihen menee alle $T.",
		"Sillä välin kerromme, mitä sanomme kaikille, jotka kysyvät tätä. Kukaan ei ole vielä katsonut juuri sinun asiaasi, joten se ei ehkä sovi.", "Yleinen neuvo:",
		"Auttoipa se tai ei, ihminen vastaa sinulle.",
		"Jos haluat lisätä jotain, vastaa tähän viestiin.", "Tämä vahvistus lähetettiin automaattisesti.", "tunti", "$N tuntia", "päivä", "$N päivää"},
	"cs": {"Vaši zprávu jsme dostali", "Děkujeme, že nám píšete. Vaše zpráva dorazila; přečte si ji člověk a odpoví vám.",
		"Děkujeme, že nám píšete. Vaši zprávu má člověk, který vám odpoví.", "Obvykle to trvá méně než $T.",
		"Do té doby uvádíme, co říkáme každému, kdo se na to ptá. Na váš případ se ještě nikdo nepodíval, takže to nemusí sedět.", "Obecná rada:",
		"Ať to pomůže, nebo ne, odpoví vám člověk.",
		"Chcete-li něco doplnit, odpovězte na tento e-mail.", "Toto potvrzení bylo odesláno automaticky.", "hodinu", "$N h", "jeden den", "$N d"},
	"tr": {"Mesajınızı aldık", "Bize yazdığınız için teşekkür ederiz. Mesajınız ulaştı; bir kişi onu okuyup size yanıt verecek.",
		"Bize yazdığınız için teşekkür ederiz. Mesajınız bir kişide; size yanıt verecek.", "Bu genellikle $T sürmez.",
		"O zamana kadar, bunu soran herkese söylediğimiz şudur. Sizin durumunuza henüz kimse bakmadı, bu yüzden uymayabilir.", "Genel öneri:",
		"Yardımcı olsa da olmasa da bir kişi size yanıt verecek.",
		"Bir şey eklemek isterseniz bu e-postayı yanıtlamanız yeterli.", "Bu onay otomatik olarak gönderildi.", "bir saat", "$N saat", "bir gün", "$N gün"},
	"ja": {"お問い合わせを受け付けました", "お問い合わせありがとうございます。メッセージは届いております。担当者が読み、お返事いたします。",
		"お問い合わせありがとうございます。メッセージは担当者のもとにあり、担当者がお返事いたします。", "通常は$T以内にお返事しております。",
		"それまでの間、同じご質問をいただいた皆様にお伝えしている内容をご案内いたします。お客様のご状況はまだ確認しておりませんので、当てはまらない場合がございます。", "一般的なご案内：",
		"お役に立つかどうかにかかわらず、担当者がお返事いたします。",
		"追加でお伝えになりたいことがあれば、このメールにご返信ください。", "この確認メールは自動で送信されています。", "1時間", "$N時間", "1日", "$N日"},
}
