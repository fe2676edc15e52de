package thanks

import (
	"os"
	"strings"
	"testing"
)

func TestMere(t *testing.T) {
	for text, want := range map[string]string{
		"Thank you!":                           "en",
		"Thank you, that helps!":               "en",
		"That is very helpful, thank you.":     "en",
		"Danke, das hilft!":                    "de",
		"Danke, läuft!":                        "de",
		"Grazie mille, tutto a posto":          "it",
		"Tack, det funkar nu":                  "sv",
		"Super, vielen Dank, das hat geholfen": "de",
		"Merci, ça m'aide beaucoup":            "fr",
		"Gracias, me ayuda mucho":              "es",
		"Thanks a lot, it works now.\n\nErika": "en",
		"Hi Anna,\n\nperfect, thank you very much for your quick help!\n\nBest regards\nErika Muster": "en",
		"Many thanks for the fast reply. Have a great weekend!":                                       "en",
		"Vielen Dank für die schnelle Hilfe!":                                                         "de",
		"Hallo Frau Berger,\n\nsuper, hat geklappt. Herzlichen Dank!\n\nLG\nErika":                    "de",
		"Merci beaucoup pour votre aide, tout fonctionne.":                                            "fr",
		"Muchas gracias por su rápida respuesta":                                                      "es",
		"Grazie mille!":                         "it",
		"Muito obrigada pela ajuda":             "pt",
		"Hartelijk dank voor de snelle reactie": "nl",
		"Dziękuję bardzo za pomoc":              "pl",
		"Спасибо большое, всё работает!":        "ru",
		"Teşekkür ederim, iyi günler":           "tr",
		"ありがとうございました。":                          "ja",
		"早速のご対応ありがとうございます。解決しました。":              "ja",
		"非常感谢您的帮助！":                             "zh",
		"빠른 답변 감사합니다.":                          "ko",
		"شكرا جزيلا":                            "ar",
	} {
		if code, ok := Mere(text, "Erika Muster", "Anna", "Frau Berger"); !ok || code != want {
			t.Errorf("Mere(%q) = %q, %v; want %q", text, code, ok, want)
		}
	}
}

// What wants anything, says anything else or takes the thanks back is none.
func TestNotMere(t *testing.T) {
	for _, text := range []string{
		"", "Erika", "Great!", "It works now.", "👍", // which may be a yes
		"Thanks, but it still leaks.",
		// an answer to what was asked
		"Thank you, that does not help", "Thank you, that helps little", "Ja, danke!", "ok, thanks",
		"Thank you. When will it arrive?",
		"Thanks for nothing.",
		"Thanks for your help, it is not working.",
		"Thank you, it never arrived",
		"Thank you, please also send the invoice.",
		"Thanks. My number is 0171 234567.",
		"Thanks! See https://example.org/x",
		"No thanks.",
		"Thanks, cancel it",
		"Thank you. Refund me.",
		"Thanks in advance",
		"Danke, aber es geht nicht.",
		"Danke für nichts.",
		"Vielen Dank im Voraus!",
		"Danke, leider ist es wieder kaputt.",
		"Merci de me rappeler.",
		"Gracias, pero no funciona",
		"Grazie, ma non funziona",
		"Спасибо, но не работает",
		"ありがとうございます。でもまだ動きません。",
		"谢谢，但是还是不行",
		"감사합니다. 그런데 아직 안 됩니다.",
		"Thank you, I have a problem", "Thanks, one arrived", "Thanks, what a mess",
		"Thanks\nRefund", "Thank you, Cancel!", "Danke\nStorno",
		"Thank you\nThe second parcel is missing",
		strings.Repeat("thank you ", 100),
	} {
		if code, ok := Mere(text, "Erika Muster", "Anna", "Frau Berger"); ok {
			t.Errorf("Mere(%q) says it only thanks (%s)", text, code)
		}
	}
}

// Words that turn a sentence round must not come into the table by mistake.
func TestTheTableHasNoWordThatTurnsASentenceRound(t *testing.T) {
	turning := strings.Fields("but not no nothing still however except unfortunately nor never without when where " +
		"why how wrong broken refund cancel " +
		"aber nicht kein keine nichts leider doch wann warum wieder ohne mais pas non rien ne sans quand pourquoi " +
		"pero sin cuando ma niente quando mas não nem maar niet geen ale nie men inte ikke mutta ei но не нет але " +
		"ama değil αλλά δεν לא אבל لكن لا không nhưng でも 但 하지만")
	for _, l := range vocabularies() {
		for _, w := range turning {
			if l.thanks[w] || l.beside[w] {
				t.Errorf("[%s] has %q", l.code, w)
			}
		}
		if len(l.thanks) == 0 || len(l.beside) == 0 {
			t.Errorf("[%s] is not complete", l.code)
		}
	}
}

func FuzzMere(f *testing.F) {
	f.Add("Thanks a lot!\nErika")
	f.Add("ありがとう")
	f.Fuzz(func(t *testing.T, text string) {
		if _, ok := Mere(text, "Erika"); ok && strings.ContainsAny(text, "?0123456789@/") {
			t.Errorf("a question, a number or a link only thanks: %q", text)
		}
	})
}

// TestHowManyAreFound counts the mails of testdata: those that thank and want nothing, and
// those that thank and need work. Of the first some may be missed, which costs an agent a
// look; of the others none may be taken for a thank-you. For those of later.txt no word was
// put into a table.
func TestHowManyAreFound(t *testing.T) {
	for _, x := range []struct {
		file  string
		least int // of those that only thank
	}{{"thanks.txt", 58}, {"work.txt", 0}, {"later.txt", 18}} {
		found, all := 0, 0
		for _, m := range mailsOf(t, "testdata/"+x.file) {
			_, mere := Mere(m.text, "Anna")
			switch works := m.sign == "-" || x.file == "work.txt"; {
			case works && mere:
				t.Errorf("%q needs work, and is taken for a thank-you", m.text)
			case works:
			case mere:
				found++
				all++
			default:
				all++
				t.Logf("missed: %s", m.text)
			}
		}
		t.Logf("%s: %d of %d that only thank are found", x.file, found, all)
		if found < x.least {
			t.Errorf("%s: %d are found, want %d", x.file, found, x.least)
		}
	}
}

type said struct{ sign, text string }

func mailsOf(t *testing.T, file string) (out []said) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		if sign, text, ok := strings.Cut(strings.TrimSpace(line), " "); ok && !strings.HasPrefix(line, "#") {
			out = append(out, said{sign, text})
		}
	}
	return out
}
