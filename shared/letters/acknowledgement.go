package letters

import (
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/message"
)

// Acknowledgement tells a customer that a mail has come. It says nothing that
// the customer wrote, the subject and the name included: whoever makes us write
// to somebody else must not have that person read their words. help is an
// article that very likely answers the mail already; nil shows none. answers is
// the Message-ID of the customer's mail.
//
// RFC 3834: it is marked as auto-replied (section 5) and answers the mail's
// Message-ID (3.1.5); whether it may be sent at all is asked before (section 2).
func (w Writer) Acknowledgement(id string, mb desk.Mailbox, conv desk.Conversation, answers string, help *desk.Suggestion) (Ready, error) {
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxAcknowledgement, Conversation: conv.ID, Sequence: conv.Messages}
	reply, err := w.CustomerAddress(mb, conv, conv.Messages)
	if err != nil {
		return Ready{}, err
	}
	if item.EnvelopeFrom, err = w.BounceAddress(mb, conv.ID, conv.Customer.Address, conv.Messages); err != nil {
		return Ready{}, err
	}
	words, lang := acknowledgementIn(mb.Language)
	blocks := []compose.Block{compose.Paragraph{Text: words.got}}
	if help != nil {
		blocks = append(blocks, compose.Paragraph{Text: words.help}, compose.Body{Text: help.Title + "\n\n" + strings.TrimSpace(help.Reply)}, compose.Paragraph{Text: words.ignore})
	}
	blocks = append(blocks, compose.Paragraph{Text: words.more}, compose.Small{Text: words.automatic + "\n" + conv.ID.Reference() + " · " + compose.OneLine(mb.Name)})
	doc := compose.Document{Lang: lang, Personal: true, Blocks: blocks}
	name := shownAs("", mb)
	l := compose.Letter{
		From:    message.Address{Name: name, Address: mb.Address},
		ReplyTo: &message.Address{Name: name, Address: reply},
		To:      []message.Address{{Address: conv.Customer.Address}},
		Subject: words.subject + " [" + conv.ID.Reference() + "]", InReplyTo: answers,
	}
	l.Say(doc)
	return w.finish(item, mb, l)
}

// acknowledgement is the letter in one language.
type acknowledgement struct {
	subject, got, help, ignore, more, automatic string
}

// acknowledgementIn gives the words in a language (BCP 47; English where it is
// not known), and which language they are in.
func acknowledgementIn(tag string) (acknowledgement, string) {
	base, _, _ := strings.Cut(strings.ToLower(tag), "-")
	if a, ok := acknowledgements[base]; ok {
		return a, tag
	}
	return acknowledgements["en"], "en"
}

// acknowledgements promise nothing but that a person reads. To teach another
// language, add an entry; the test says what is missing.
var acknowledgements = map[string]acknowledgement{
	"en": {"We have your message", "Thank you for writing to us. Your message has arrived, and a person will read it and answer you.",
		"Perhaps this helps you already:", "If it does not, there is nothing you need to do. We will answer you in any case.",
		"If you would like to add something, just reply to this mail.", "This confirmation was sent automatically."},
	"de": {"Ihre Nachricht ist angekommen", "Danke, dass Sie uns schreiben. Ihre Nachricht ist angekommen; ein Mensch wird sie lesen und Ihnen antworten.",
		"Vielleicht hilft Ihnen schon dies:", "Wenn nicht, brauchen Sie nichts zu tun. Wir antworten Ihnen auf jeden Fall.",
		"Wenn Sie etwas ergänzen möchten, antworten Sie einfach auf diese Mail.", "Diese Bestätigung wurde automatisch verschickt."},
	"fr": {"Nous avons reçu votre message", "Merci de nous avoir écrit. Votre message est bien arrivé ; une personne le lira et vous répondra.",
		"Ceci vous aide peut-être déjà :", "Sinon, vous n’avez rien à faire. Nous vous répondrons dans tous les cas.",
		"Pour ajouter quelque chose, répondez simplement à ce courriel.", "Cette confirmation a été envoyée automatiquement."},
	"es": {"Hemos recibido su mensaje", "Gracias por escribirnos. Su mensaje ha llegado; una persona lo leerá y le responderá.",
		"Quizá esto ya le ayude:", "Si no es así, no tiene que hacer nada. Le responderemos en cualquier caso.",
		"Si desea añadir algo, responda a este correo.", "Esta confirmación se ha enviado automáticamente."},
	"it": {"Abbiamo ricevuto il suo messaggio", "Grazie per averci scritto. Il suo messaggio è arrivato; una persona lo leggerà e le risponderà.",
		"Forse questo le è già d’aiuto:", "Se non lo è, non deve fare nulla. Le risponderemo in ogni caso.",
		"Se desidera aggiungere qualcosa, risponda a questa e-mail.", "Questa conferma è stata inviata automaticamente."},
	"pt": {"Recebemos a sua mensagem", "Obrigado por nos escrever. A sua mensagem chegou; uma pessoa vai lê-la e responder-lhe.",
		"Talvez isto já ajude:", "Se não ajudar, não precisa de fazer nada. Responderemos em qualquer caso.",
		"Se quiser acrescentar algo, responda a este e-mail.", "Esta confirmação foi enviada automaticamente."},
	"nl": {"We hebben uw bericht ontvangen", "Bedankt voor uw bericht. Het is aangekomen; iemand leest het en geeft u antwoord.",
		"Misschien helpt dit u al:", "Zo niet, dan hoeft u niets te doen. We antwoorden u in elk geval.",
		"Wilt u iets toevoegen, beantwoord dan gewoon deze mail.", "Deze bevestiging is automatisch verstuurd."},
	"pl": {"Otrzymaliśmy Twoją wiadomość", "Dziękujemy za wiadomość. Dotarła do nas; przeczyta ją i odpowie na nią człowiek.",
		"Być może już to pomoże:", "Jeśli nie, nie trzeba nic robić. I tak odpowiemy.",
		"Aby coś dodać, wystarczy odpowiedzieć na ten e-mail.", "To potwierdzenie zostało wysłane automatycznie."},
	"sv": {"Vi har fått ditt meddelande", "Tack för att du skriver till oss. Ditt meddelande har kommit fram, och en person läser det och svarar dig.",
		"Kanske hjälper det här redan:", "Om inte behöver du inte göra något. Vi svarar dig i alla fall.",
		"Vill du lägga till något, svara bara på det här mejlet.", "Den här bekräftelsen skickades automatiskt."},
	"da": {"Vi har modtaget din besked", "Tak, fordi du skriver til os. Din besked er nået frem, og et menneske læser den og svarer dig.",
		"Måske hjælper dette allerede:", "Hvis ikke, behøver du ikke gøre noget. Vi svarer dig under alle omstændigheder.",
		"Vil du tilføje noget, så svar blot på denne mail.", "Denne bekræftelse er sendt automatisk."},
	"nb": {"Vi har fått meldingen din", "Takk for at du skriver til oss. Meldingen din har kommet fram, og et menneske leser den og svarer deg.",
		"Kanskje dette hjelper allerede:", "Hvis ikke trenger du ikke å gjøre noe. Vi svarer deg uansett.",
		"Vil du legge til noe, kan du bare svare på denne e-posten.", "Denne bekreftelsen ble sendt automatisk."},
	"fi": {"Viestisi on saapunut", "Kiitos viestistäsi. Se on saapunut perille, ja ihminen lukee sen ja vastaa sinulle.",
		"Ehkä tästä on jo apua:", "Jos ei, sinun ei tarvitse tehdä mitään. Vastaamme sinulle joka tapauksessa.",
		"Jos haluat lisätä jotain, vastaa tähän viestiin.", "Tämä vahvistus lähetettiin automaattisesti."},
	"cs": {"Vaši zprávu jsme dostali", "Děkujeme, že nám píšete. Vaše zpráva dorazila; přečte si ji člověk a odpoví vám.",
		"Možná už pomůže toto:", "Pokud ne, nemusíte nic dělat. Odpovíme vám v každém případě.",
		"Chcete-li něco doplnit, odpovězte na tento e-mail.", "Toto potvrzení bylo odesláno automaticky."},
	"tr": {"Mesajınızı aldık", "Bize yazdığınız için teşekkür ederiz. Mesajınız ulaştı; bir kişi onu okuyup size yanıt verecek.",
		"Belki bu size şimdiden yardımcı olur:", "Olmazsa bir şey yapmanıza gerek yok. Size her durumda yanıt vereceğiz.",
		"Bir şey eklemek isterseniz bu e-postayı yanıtlamanız yeterli.", "Bu onay otomatik olarak gönderildi."},
	"ja": {"お問い合わせを受け付けました", "お問い合わせありがとうございます。メッセージは届いております。担当者が読み、お返事いたします。",
		"こちらがお役に立つかもしれません。", "解決しない場合も、何もしていただく必要はありません。必ずお返事いたします。",
		"追加でお伝えになりたいことがあれば、このメールにご返信ください。", "この確認メールは自動で送信されています。"},
}
