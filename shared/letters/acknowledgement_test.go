package letters

import (
	"regexp"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/language"
)

// acknowledged gives the languages that have a confirmation. That each says all of
// it is a test of package language.
func acknowledged() (out []acknowledgement) {
	for _, l := range language.All() {
		if hasAcknowledgement(l.Code) {
			out = append(out, acknowledgement{l})
		}
	}
	return out
}

// Every language says it in words of its own, which are no frame of ours.
func TestAcknowledgementsAreInTheirLanguage(t *testing.T) {
	en := language.For("en")
	for _, a := range acknowledged() {
		for h := language.ConfirmationSubject; h <= language.ConfirmationAutomatic; h++ {
			if s := a.Line(h); a.Code != "en" && s == en.Line(h) || Frame(s) != "" {
				t.Errorf("%s: [%s] is %q", a.Code, h, s)
			}
		}
	}
	if a, lang := acknowledgementIn("de-AT"); lang != "de-AT" || a.Code != "de" {
		t.Errorf("de-AT gets %s", lang)
	}
	if a, lang := acknowledgementIn("tlh"); lang != "en" || a.Code != "en" {
		t.Errorf("an unknown language gets %s", lang)
	}
}

// A promise is made only where the team made it, in the customer's words for time.
func TestPromisesInEachLanguage(t *testing.T) {
	mark := regexp.MustCompile(`\$[NT]`)
	for _, a := range acknowledged() {
		for _, d := range []time.Duration{time.Hour, 90 * time.Minute, 4 * time.Hour, 24 * time.Hour, 36 * time.Hour,
			48 * time.Hour, 14 * 24 * time.Hour} {
			if s := a.usually(d); mark.MatchString(s) || s == a.Line(language.ConfirmationWithin) {
				t.Errorf("%s, %v: %q", a.Code, d, s)
			}
		}
	}
	for _, c := range []struct {
		tag, want string
		d         time.Duration
	}{{"en", "Usually that takes less than 4 hours.", 4 * time.Hour},
		{"en", "Usually that takes less than 2 hours.", 90 * time.Minute},
		{"de", "Meist dauert das weniger als 2 Tage.", 48 * time.Hour},
		{"fr", "En général, cela prend moins d’une heure.", time.Hour}, {"ja", "通常は4時間以内にお返事しております。", 4 * time.Hour},
		{"pl", "Zwykle trwa to krócej niż 4 godz.", 4 * time.Hour}} {
		if got := (acknowledgement{language.For(c.tag)}).usually(c.d); got != c.want {
			t.Errorf("%s: %q, want %q", c.tag, got, c.want)
		}
	}
}

// The system writes to a customer in the customer's language where it has words,
// and in the mailbox's where it does not know.
func TestTongue(t *testing.T) {
	for _, c := range []struct{ customers, mailbox, want string }{
		{"de", "en", "de"}, {"", "en", "en"}, {"", "de-AT", "de-AT"}, {"de", "de-AT", "de-AT"}, {"hu", "en", "hu"},
		{"th", "de", "de"}, {"en", "", ""},
	} {
		if got := Tongue(c.customers, desk.Mailbox{Language: c.mailbox}); got != c.want {
			t.Errorf("%q at a mailbox in %q: %q, want %q", c.customers, c.mailbox, got, c.want)
		}
	}
	for _, a := range acknowledged() {
		if !page.KnowsAttribution(a.Code) {
			t.Errorf("%s has no line above a quote", a.Code)
		}
	}
}
