package asks_test

import (
	"testing"

	"github.com/replywell/replywell/shared/email/asks"
)

func TestWhoAsksForAPerson(t *testing.T) {
	for text, want := range map[string]bool{
		"I want to speak to a human.":                                     true,
		"Can somebody please call me? 030 901820":                         true,
		"Is there a real person I can write to":                           true,
		"Please, no more automated replies!":                              true,
		"I don't want a chatbot, my lamp is on fire":                      true,
		"Let me talk to your manager now":                                 true,
		"Ich möchte mit einem Menschen sprechen.":                         true,
		"Bitte um Rückruf":                                                true,
		"Kann mich bitte jemand anrufen?":                                 true,
		"Bitte keine automatische Antwort mehr":                           true,
		"Je voudrais parler à un conseiller":                              true,
		"Rappelez-moi s'il vous plaît":                                    true,
		"Quiero hablar con una persona":                                   true,
		"Vorrei parlare con un operatore":                                 true,
		"Quero falar com um atendente":                                    true,
		"Ik wil iemand spreken, bel me":                                   true,
		"Chcę porozmawiać z człowiekiem":                                  true,
		"Jag vill prata med en riktig människa":                           true,
		"Jeg vil tale med et rigtigt menneske":                            true,
		"Jeg vil snakke med et ekte menneske":                             true,
		"Haluan puhua oikean ihmisen kanssa":                              true,
		"Chci mluvit s člověkem":                                          true,
		"Gerçek bir insanla konuşmak istiyorum":                           true,
		"担当者と話したいです。":                                                     true,
		"Is there a human there?":                                         true,
		"is anybody there???":                                             true,
		"Hello? Is anyone actually reading this?":                         true,
		"Please give me a call on 0117 496 0123":                          true,
		"I would like to be called back.":                                 true,
		"I'd rather talk on the phone":                                    true,
		"Can I speak with a member of your team?":                         true,
		"put a human on this":                                             true,
		"Please stop with the auto-replies":                               true,
		"Bitte rufen Sie mich zurück, die Lampe kam kaputt an.":           true,
		"Rufen Sie mich bitte unter 0151 an":                              true,
		"Können Sie mich anrufen?":                                        true,
		"Liest das hier überhaupt jemand?":                                true,
		"Gibt es bei Ihnen auch echte Menschen?":                          true,
		"Bitte um telefonischen Kontakt":                                  true,
		"Bitte melden Sie sich telefonisch":                               true,
		"Je veux un humain":                                               true,
		"Y a-t-il quelqu'un ?":                                            true,
		"Pouvez-vous m'appeler ?":                                         true,
		"Merci de me rappeler au 06 12 34 56 78":                          true,
		"Je souhaite être rappelé":                                        true,
		"¿Me pueden llamar?":                                              true,
		"¿Hay alguien ahí?":                                               true,
		"Quiero que me atienda un humano":                                 true,
		"Mi chiami per favore":                                            true,
		"C'è qualcuno?":                                                   true,
		"Potete richiamarmi?":                                             true,
		"Podem me ligar?":                                                 true,
		"Proszę do mnie zadzwonić":                                        true,
		"電話してください":                                                        true,
		"人間の方とお話ししたい":                                                     true,
		"Please call the lamp Firefly":                                    false,
		"My colleague has the same lamp":                                  false,
		"The agent at the shop sold me the lamp":                          false,
		"Which number do I call?":                                         false,
		"Der Mitarbeiter im Laden war nett":                               false,
		"Me llamo Juan y no tengo luz":                                    false,
		"The lamp hummed all night":                                       false,
		"The lamp does not turn on. What can I do?":                       false,
		"The robot vacuum stopped in the corner.":                         false,
		"Where is my parcel? Somebody took it.":                           false,
		"The automatic light is great":                                    false,
		"Die Lampe geht nicht an.":                                        false,
		"My lampshade is broken and the person at the post office smiled": false,
		"> I want to speak to a human.\nThanks, that is solved.":          false,
		"ランプがつきません。":                                                      false,
	} {
		if got := asks.Person(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestAnswersThatBeginByAsking(t *testing.T) {
	for answer, want := range map[string]bool{
		"We are sorry. You get a new one.\n\nPlease send us a photo of the lamp and your order number.": true,
		"A parcel takes four days. If it is late, write to us with your order number.":                  true,
		"Bitte teilen Sie uns Ihre Bestellnummer mit.":                                                  true,
		"Merci de nous indiquer votre numéro de commande.":                                              true,
		"What is your order number?":                                                                    true,
		"ご注文番号をお知らせください。":                                                                               true,
		"Tighten the ring by hand until it clicks.":                                                     false,
		"You can send anything back within 30 days.":                                                    false,
		"Drehen Sie den Ring fest.":                                                                     false,
	} {
		if got := asks.First(answer); got != want {
			t.Errorf("%q: %v", answer, got)
		}
	}
}
