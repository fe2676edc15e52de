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
