package e5

import "sync"

// The same eight things that anybody may write to a shop, in sixteen languages. The
// model puts all texts of people near each other; the middle of these stands for what
// texts have in common only because people wrote them, in whatever language.
var everyday = []string{
	"Where is my order?", "How can I change my address?", "I would like to have my money back.", "The device does not switch on.",
	"Thank you for your help.", "What does it cost to send it abroad?", "I forgot my password.", "When do you open tomorrow?",
	"Wo ist meine Bestellung?", "Wie kann ich meine Adresse ändern?", "Ich möchte mein Geld zurück.", "Das Gerät geht nicht an.",
	"Danke für Ihre Hilfe.", "Was kostet der Versand ins Ausland?", "Ich habe mein Passwort vergessen.", "Wann öffnen Sie morgen?",
	"Où est ma commande ?", "Comment puis-je changer mon adresse ?", "Je voudrais être remboursé.", "L'appareil ne s'allume pas.",
	"Merci pour votre aide.", "Combien coûte l'envoi à l'étranger ?", "J'ai oublié mon mot de passe.", "À quelle heure ouvrez-vous demain ?",
	"¿Dónde está mi pedido?", "¿Cómo puedo cambiar mi dirección?", "Quisiera que me devolvieran el dinero.", "El aparato no se enciende.",
	"Gracias por su ayuda.", "¿Cuánto cuesta enviarlo al extranjero?", "He olvidado mi contraseña.", "¿A qué hora abren mañana?",
	"Dov'è il mio ordine?", "Come posso cambiare il mio indirizzo?", "Vorrei riavere i miei soldi.", "L'apparecchio non si accende.",
	"Grazie per il vostro aiuto.", "Quanto costa spedirlo all'estero?", "Ho dimenticato la password.", "A che ora aprite domani?",
	"Waar is mijn bestelling?", "Hoe kan ik mijn adres wijzigen?", "Ik wil graag mijn geld terug.", "Het apparaat gaat niet aan.",
	"Bedankt voor uw hulp.", "Wat kost het om het naar het buitenland te sturen?", "Ik ben mijn wachtwoord vergeten.", "Hoe laat gaat u morgen open?",
	"Gdzie jest moje zamówienie?", "Jak mogę zmienić swój adres?", "Chciałbym odzyskać pieniądze.", "Urządzenie się nie włącza.",
	"Dziękuję za pomoc.", "Ile kosztuje wysyłka za granicę?", "Zapomniałem hasła.", "O której jutro otwieracie?",
	"Где мой заказ?", "Как мне изменить адрес?", "Я хотел бы вернуть деньги.", "Устройство не включается.",
	"Спасибо за помощь.", "Сколько стоит отправка за границу?", "Я забыл пароль.", "Во сколько вы завтра открываетесь?",
	"Siparişim nerede?", "Adresimi nasıl değiştirebilirim?", "Paramı geri almak istiyorum.", "Cihaz açılmıyor.",
	"Yardımınız için teşekkürler.", "Yurt dışına göndermek ne kadar tutar?", "Şifremi unuttum.", "Yarın saat kaçta açılıyorsunuz?",
	"أين طلبي؟", "كيف يمكنني تغيير عنواني؟", "أود استرداد أموالي.", "الجهاز لا يعمل.",
	"شكرا لمساعدتكم.", "كم تكلفة الشحن إلى الخارج؟", "نسيت كلمة المرور.", "متى تفتحون غدا؟",
	"注文した商品はどこですか？", "住所を変更するにはどうすればいいですか？", "返金してほしいです。", "機器の電源が入りません。",
	"ご対応ありがとうございます。", "海外への送料はいくらですか？", "パスワードを忘れました。", "明日は何時に開きますか？",
	"我的订单在哪里？", "我怎样修改地址？", "我想退款。", "设备无法开机。",
	"谢谢您的帮助。", "寄到国外要多少钱？", "我忘记密码了。", "你们明天几点开门？",
	"제 주문은 어디에 있나요?", "주소를 어떻게 변경하나요?", "환불받고 싶습니다.", "기기가 켜지지 않습니다.",
	"도와주셔서 감사합니다.", "해외로 보내는 데 얼마인가요?", "비밀번호를 잊어버렸어요.", "내일 몇 시에 여나요?",
	"मेरा ऑर्डर कहाँ है?", "मैं अपना पता कैसे बदल सकता हूँ?", "मुझे अपने पैसे वापस चाहिए।", "उपकरण चालू नहीं हो रहा है।",
	"आपकी मदद के लिए धन्यवाद।", "विदेश भेजने में कितना खर्च आता है?", "मैं अपना पासवर्ड भूल गया।", "आप कल कब खुलते हैं?",
	"Var är min beställning?", "Hur kan jag ändra min adress?", "Jag vill ha pengarna tillbaka.", "Apparaten går inte att slå på.",
	"Tack för hjälpen.", "Vad kostar det att skicka utomlands?", "Jag har glömt mitt lösenord.", "När öppnar ni i morgon?",
	"Missä tilaukseni on?", "Miten voin vaihtaa osoitteeni?", "Haluaisin rahani takaisin.", "Laite ei käynnisty.",
	"Kiitos avusta.", "Paljonko maksaa lähettää se ulkomaille?", "Unohdin salasanani.", "Milloin avaatte huomenna?",
}

var middleOfQueries = sync.OnceValue(func() []float32 { return middle(Query) })
var middleOfPassages = sync.OnceValue(func() []float32 { return middle(Passage) })

// Middle is the mean of what people write, as a [Query] or a [Passage]. It must not be
// changed. The first call takes some tenths of a second.
func Middle(prefix string) []float32 {
	if prefix == Passage {
		return middleOfPassages()
	}
	return middleOfQueries()
}

func middle(prefix string) []float32 {
	texts := make([]string, len(everyday))
	for i, s := range everyday {
		texts[i] = prefix + s
	}
	out := make([]float32, Model().Dims())
	for _, v := range Model().EmbedAll(texts) {
		for i, x := range v {
			out[i] += x / float32(len(texts))
		}
	}
	return out
}
