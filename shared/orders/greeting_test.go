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
