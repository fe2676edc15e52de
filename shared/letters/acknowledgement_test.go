package letters

import (
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
)

// Every language says all of it, in words of its own.
func TestAcknowledgementsAreComplete(t *testing.T) {
	en := reflect.ValueOf(acknowledgements["en"])
	for lang, a := range acknowledgements {
		v := reflect.ValueOf(a)
		for i := range v.NumField() {
			s := v.Field(i).String()
			if strings.TrimSpace(s) == "" || lang != "en" && s == en.Field(i).String() || Frame(s) != "" {
				t.Errorf("%s: %s is %q", lang, v.Type().Field(i).Name, s)
			}
		}
	}
	if a, lang := acknowledgementIn("de-AT"); lang != "de-AT" || a != acknowledgements["de"] {
		t.Errorf("de-AT gets %s", lang)
	}
	if a, lang := acknowledgementIn("tlh"); lang != "en" || a != acknowledgements["en"] {
		t.Errorf("an unknown language gets %s", lang)
	}
}

// A promise is made only where the team made it, in the customer's words for time.
func TestPromisesInEachLanguage(t *testing.T) {
	mark := regexp.MustCompile(`\$[NT]`)
	for tag, a := range acknowledgements {
		for _, d := range []time.Duration{time.Hour, 90 * time.Minute, 4 * time.Hour, 24 * time.Hour, 36 * time.Hour, 48 * time.Hour, 14 * 24 * time.Hour} {
			if s := a.usually(d); mark.MatchString(s) || s == a.within {
				t.Errorf("%s, %v: %q", tag, d, s)
			}
		}
	}
	for _, c := range []struct {
		tag, want string
		d         time.Duration
	}{{"en", "Usually that takes less than 4 hours.", 4 * time.Hour}, {"en", "Usually that takes less than 2 hours.", 90 * time.Minute}, {"de", "Meist dauert das weniger als 2 Tage.", 48 * time.Hour},
		{"fr", "En général, cela prend moins de une heure.", time.Hour}, {"ja", "通常は4時間以内にお返事しております。", 4 * time.Hour}} {
		if c.tag == "fr" {
			c.want = "En général, cela prend moins d’une heure."
		}
		if got := acknowledgements[c.tag].usually(c.d); got != c.want {
			t.Errorf("%s: %q, want %q", c.tag, got, c.want)
		}
	}
}

// The system writes to a customer in the customer's language where it has words,
// and in the mailbox's where it does not know.
func TestTongue(t *testing.T) {
	for _, c := range []struct{ customers, mailbox, want string }{
		{"de", "en", "de"}, {"", "en", "en"}, {"", "de-AT", "de-AT"}, {"de", "de-AT", "de-AT"}, {"hu", "en", "hu"}, {"th", "de", "de"}, {"en", "", ""},
	} {
		if got := Tongue(c.customers, desk.Mailbox{Language: c.mailbox}); got != c.want {
			t.Errorf("%q at a mailbox in %q: %q, want %q", c.customers, c.mailbox, got, c.want)
		}
	}
	for tag := range acknowledgements {
		if !compose.KnowsAttribution(tag) {
			t.Errorf("%s has no line above a quote", tag)
		}
	}
}
