package terms

import "testing"

func TestLanguageOf(t *testing.T) {
	for text, want := range map[string]string{
		"Hello, the lamp that you sent me is broken. What can I do with it now?":               "en",
		"Guten Tag, die Lampe ist nicht angekommen. Können Sie mir sagen, wo das Paket ist?":   "de",
		"Hej, min lampe er gået i stykker, og jeg vil gerne have en ny sendt til mig i morgen": "",
		"Lampe kaputt": "", "": "",
	} {
		if got := LanguageOf(text); got != want {
			t.Errorf("%q is taken for %q", text, got)
		}
	}
	for l := range commonWords {
		if LanguageName(l+"-XX") == "" {
			t.Errorf("%s has no name", l)
		}
	}
}
