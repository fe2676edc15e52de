package orders_test

import (
	"fmt"
	"testing"

	"github.com/replywell/replywell/shared/orders"
)

func TestRepliesToAMorningMail(t *testing.T) {
	for text, want := range map[string]string{
		"1": "[0] []", "1 3": "[0 2] []", "#2.": "[1] []", "5 take": "[4] [4]", "take 5": "[4] [4]",
		"take 4 and 5": "[3 4] [3 4]", "1, 5 take": "[0 4] [4]",
		"Hi,\n\n2 please\n\nThanks\nAnna": "[1] []", "3\n5 take": "[2 4] [4]",
		"6": "it lists no 6; its numbers go from 1 to 5", "0": "it lists no 0; its numbers go from 1 to 5",
		"": "there is no number in it", "take": "it does not say the number of what to take",
		"Dear Olga, the lamps leave today.": "“Dear” is none of the words that it named",
		"1 tell her it is on its way":       "“tell” is none of the words that it named",
		"close 1":                           "“close” is none of the words that it named",
	} {
		o, err := orders.ReadMorning(text, 5, "Anna Winter")
		got := fmt.Sprint(o.Fetch, " ", o.Take)
		if err != nil {
			got = err.Error()
			if i := len(got) - len(want); i > 0 {
				got = got[i:]
			}
		}
		if got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
