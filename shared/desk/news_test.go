package desk_test

import (
	"testing"

	"github.com/replywell/replywell/shared/desk"
)

func TestWhatIsNewsToAnna(t *testing.T) {
	for _, c := range []struct {
		what string
		m    desk.Message
		news bool
	}{
		{"the customer wrote", desk.Message{Kind: desk.KindCustomer}, true},
		{"the customer said thanks", desk.Message{Kind: desk.KindCustomer, Thanks: true}, false},
		{"Ben forwarded a mail of the customer's", desk.Message{Kind: desk.KindCustomer, Agent: "ben"}, true},
		{"Anna forwarded it herself", desk.Message{Kind: desk.KindCustomer, Agent: "anna"}, false},
		{"Ben answered", desk.Message{Kind: desk.KindAnswer, Agent: "ben"}, true},
		{"Anna answered herself", desk.Message{Kind: desk.KindAnswer, Agent: "anna"}, false},
		{"Ben left a note", desk.Message{Kind: desk.KindNote, Agent: "ben"}, false},
		{"Ben left a note for all", desk.Message{Kind: desk.KindNote, Agent: "ben", ForAll: true}, true},
		{"Anna left a note for all", desk.Message{Kind: desk.KindNote, Agent: "anna", ForAll: true}, false},
		{"the customer is away", desk.Message{Kind: desk.KindAutomatic}, false},
		{"an answer bounced", desk.Message{Kind: desk.KindBounce}, false},
		{"conversations were joined", desk.Message{Kind: desk.KindArranged, Agent: "ben"}, false},
	} {
		if got := c.m.NewsTo("anna"); got != c.news {
			t.Errorf("%s: news is %v", c.what, got)
		}
	}
}
