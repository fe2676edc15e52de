package compose

import (
	"strings"
	"time"
)

// attributions say "on that day, somebody wrote" in a mail's language, with a
// date that needs no names of months. $D is the day, $T the time, $N the name.
// They follow what the mail clients of that language write, so that every
// client, and our own reply reader, knows the quote by them.
var attributions = map[string]struct{ form, day string }{
	"en": {"On $D at $T, $N wrote:", "2 Jan 2006"},
	"de": {"Am $D um $T schrieb $N:", "02.01.2006"},
	"fr": {"Le $D à $T, $N a écrit :", "02/01/2006"},
	"es": {"El $D a las $T, $N escribió:", "02/01/2006"},
	"it": {"Il $D alle $T, $N ha scritto:", "02/01/2006"},
	"pt": {"Em $D às $T, $N escreveu:", "02/01/2006"},
	"nl": {"Op $D om $T schreef $N:", "02-01-2006"},
	"pl": {"W dniu $D o $T $N napisał(a):", "02.01.2006"},
	"cs": {"Dne $D v $T $N napsal(a):", "02.01.2006"},
	"sk": {"Dňa $D o $T $N napísal(a):", "02.01.2006"},
	"hu": {"$N ezt írta (időpont: $D $T):", "2006.01.02."},
	"ro": {"Pe $D la $T, $N a scris:", "02.01.2006"},
	"ru": {"$D в $T, $N написал(а):", "02.01.2006"},
	"uk": {"$D о $T $N пише:", "02.01.2006"},
	"sv": {"Den $D kl. $T skrev $N:", "2006-01-02"},
	"da": {"Den $D kl. $T skrev $N:", "02.01.2006"},
	"nb": {"Den $D kl. $T skrev $N:", "02.01.2006"},
	"no": {"Den $D kl. $T skrev $N:", "02.01.2006"},
	"fi": {"$N kirjoitti $D klo $T:", "2.1.2006"},
	"et": {"$N kirjutas $D kell $T:", "02.01.2006"},
	"hr": {"Dana $D u $T $N je napisao/la:", "02.01.2006."},
	"tr": {"$N, $D $T tarihinde şunu yazdı:", "02.01.2006"},
	"el": {"Στις $D, $T, ο χρήστης $N έγραψε:", "02/01/2006"},
	"ja": {"$D $T、$Nさんは書きました:", "2006/01/02"},
	"zh": {"$N 于 $D $T 写道：", "2006-01-02"},
	"ko": {"$D $T, $N님이 작성:", "2006년 1월 2일"},
	"vi": {"Vào $D lúc $T, $N đã viết:", "02/01/2006"},
	"he": {"בתאריך $D בשעה $T, $N כתב:", "02/01/2006"},
	"ar": {"في $D الساعة $T، كتب $N:", "02/01/2006"},
}

// KnowsAttribution reports whether there is such a line in a language.
func KnowsAttribution(base string) bool {
	_, ok := attributions[base]
	return ok
}

// Attribution is the line above a quoted mail, as the mail clients of that
// language (BCP 47; English if it is not known) write it.
func Attribution(lang, name string, when time.Time) string {
	base, _, _ := strings.Cut(strings.ToLower(lang), "-")
	a, ok := attributions[base]
	if !ok {
		a = attributions["en"]
	}
	// The name is a stranger's, so it goes in last.
	line := strings.NewReplacer("$D", when.Format(a.day), "$T", when.Format("15:04")).Replace(a.form)
	return strings.Replace(line, "$N", OneLine(name), 1)
}
