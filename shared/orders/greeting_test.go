package orders_test

import (
	"testing"

	"github.com/replywell/replywell/shared/orders"
)

func TestWhatBeginsLikeALetterToTheCustomer(t *testing.T) {
	d := orders.Desk{Customer: []string{"Erika Muster"}, Colleagues: []string{"Ben Okafor"}}
	for text, want := range map[string]bool{
		"Hello Erika,\n\nhere it is.":               true,
		"Dear Ms Muster,\nhere it is.":              true,
		"\n\nHallo Erika,\nhier ist es.":            true,
		"Erika,\nhere it is.":                       true,
		"Hi Ben,\nErika has it already.":            false,
		"Hi,\nErika has it already.":                false,
		"Erika has it already.":                     false,
		"Hello Ben, hello Erika,\nboth of you look": false,
		"": false,
	} {
		if got := d.GreetsCustomer(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestWhatBeginsAndEndsAsLettersDo(t *testing.T) {
	d := orders.Desk{Customer: []string{"Erika Muster"}}
	for text, want := range map[string][2]bool{
		"Hello,\n\nhere it is.\n\nBest regards,\nAnna":          {true, true},
		"Hi Erika, this should help:":                           {true, false},
		"Erika, this should help:":                              {true, false},
		"Erika,\nhere it is.":                                   {true, false},
		"Sehr geehrte Frau Muster, das hilft:":                  {true, false},
		"Good morning":                                          {true, false},
		"This should help:":                                     {false, false},
		"1. Put the lamp into its box.":                         {false, false},
		"If it still hums, write to us.":                        {false, false},
		"Beste manier is opnieuw starten, dan werkt het":        {false, false},
		"Here it is.\n\nCheers, Anna":                           {false, true},
		"Here it is.\n\nViele Grüße\nAnna Winter\nLantern Shop": {false, true},
		"Here it is.\nBest\nA\nB\nC\nD":                         {false, false},
		"":                                                      {false, false},
	} {
		if got := [2]bool{d.Greets(text), orders.TakesLeave(text)}; got != want {
			t.Errorf("%q: greets, takes leave: %v", text, got)
		}
	}
}
