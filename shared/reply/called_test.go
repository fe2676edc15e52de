package reply

import (
	"testing"

	"github.com/replywell/replywell/shared/desk"
)

func TestByWhatNameSomebodyIsGreeted(t *testing.T) {
	for name, want := range map[string]string{
		"Erika Muster":                 "Erika Muster",
		"  Erika   Muster ":            "Erika Muster",
		`"Muster, Erika"`:              "Erika Muster",
		"Muster, Erika (Acme GmbH)":    "Erika Muster",
		"Erika Muster | Acme":          "Erika Muster",
		"Erika Muster via Shop":        "Erika Muster",
		"Dr. Jean-Luc O'Hara":          "Dr. Jean-Luc O'Hara",
		"J. R. Smith":                  "J. R. Smith",
		"佐藤 花子":                        "佐藤 花子",
		"नेहा शर्मा":                   "नेहा शर्मा",
		"Anna & Tom Weber":             "Anna & Tom Weber",
		"":                             "",
		"erika@customers.example":      "",
		"shop.example":                 "",
		"https://shop.example":         "",
		"Info":                         "",
		"Sales Team":                   "",
		"Erika1987":                    "",
		"Your account was locked, act": "",
		"pay now or your account will be closed for ever": "",
		"Muster, Erika, Acme":                             "",
	} {
		if got := calledBy(desk.Person{Name: name}); got != want {
			t.Errorf("%q is greeted by %q, not %q", name, got, want)
		}
	}
}
