package letters

import (
	"reflect"
	"strings"
	"testing"
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
