package terms

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// commonWords are function words by which a text's language is known where its
// author does not say it.
var commonWords = map[string]map[string]bool{
	"en": Set("the and you your is are to of it that with for we our can not this have on"),
	"de": Set("der die das und sie ist nicht mit auf wir ihr ihre ein eine zu den oder wenn bitte"),
	"fr": Set("le la les et vous est pas une des votre vos pour dans nous sur que qui ou"),
	"es": Set("el la los las y usted es no una que con para por su en de se o si"),
	"it": Set("il lo la gli e di che non una per con sono nel della è si o se"),
	"nl": Set("de het een en u is niet met op wij uw van voor dat of als in te"),
	"pt": Set("o a os as e você é não uma que com para por seu em de se ou"),
}

// LanguageOfWords is the language that a text's function words are of; "" where they
// do not tell.
func LanguageOfWords(ws []string) string {
	best, at, second := 0, "", 0
	for _, l := range slices.Sorted(maps.Keys(commonWords)) {
		n := 0
		for _, w := range ws {
			if commonWords[l][strings.ToLower(w)] {
				n++
			}
		}
		if n > best {
			best, at, second = n, l, best
		} else if n > second {
			second = n
		}
	}
	if best*10 < len(ws) || best == second {
		return ""
	}
	return at
}

// leastTelling is how many words a text must have for its language to be known.
const leastTelling = 8

// LanguageOf tells a text's language by its function words, as the first part of a
// BCP 47 tag; "" where they do not tell, or it is none of those that are known.
func LanguageOf(text string) string {
	ws := Split(WithoutAddresses(text))
	if len(ws) < leastTelling {
		return ""
	}
	return LanguageOfWords(ws)
}

// LanguageName is the English name of a language that LanguageOf knows; "" of others.
func LanguageName(tag string) string {
	base, _, _ := strings.Cut(strings.ToLower(tag), "-")
	return languageNames[base]
}

var languageNames = map[string]string{"en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "nl": "Dutch", "pt": "Portuguese"}

var anyURL = regexp.MustCompile(`\(?https?://\S+`)

// WithoutAddresses takes web addresses out of a text.
func WithoutAddresses(s string) string { return anyURL.ReplaceAllString(s, "") }
