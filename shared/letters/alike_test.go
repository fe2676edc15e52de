package letters_test

import (
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/desk"
)

// A rush of mails with the same best answer: who says no more than the question
// is answered together with the others, who says more is not. The subject counts.
func TestWhoSaysMoreIsLookedAt(t *testing.T) {
	common := []string{"Where is my parcel? The tracking page has not moved since Monday.",
		"My parcel has not arrived, and the tracking page does not move.", "Where is my parcel? Tracking stands still.",
		"When does my parcel arrive? The tracking page says Hamm.",
		"Is my parcel still in Hamm? The tracking page does not move."}
	for text, more := range map[string]bool{
		"Where is my parcel?": false,
		"Hello,\n\nwhere is my parcel? The tracking page does not move.\n\nBest regards\nTina": false,
		"Where is my parcel, order 20913?":                                      false,
		"Has my parcel been lost?":                                              false,
		"Tracking says Hamm. Where is it?":                                      false,
		"Where is my parcel? Please, thank you.":                                false,
		"Where is my parcel? It is a birthday present for tomorrow.":            true,
		"Where is my parcel? I need it by Saturday.":                            true,
		"Where is my parcel? It is urgent!":                                     true,
		"Where is my parcel? I ask for the second time.":                        true,
		"Where is my parcel? And the lamp smells burnt.":                        true,
		"Where is my parcel? Otherwise I go to my lawyer.":                      true,
		"Where is my parcel? My husband died, please send it to his sister.":    true,
		"Where is my parcel? I want my money back.":                             true,
		"Où est mon colis ? Je l'attends depuis lundi, le suivi ne bouge plus.": true,
		"?": true,
	} {
		w := digestWriter(t)
		offer := desk.Offer{Number: 1, Article: "parcel", Title: "Where is my parcel?", Text: parcelText, Likely: 0.93,
			Language: "en"}
		var items []desk.OutboxItem
		for i, said := range append([]string{text}, common...) {
			items = append(items, digestItem(t, byte(i+1), 1,
				desk.Summary{From: "Tina", Subject: "Parcel", FirstLines: said, Said: said, Kind: "waits", Alone: true,
					Offer: offer}))
		}
		_, q, err := w.Digest("0123", w.Settings.Agents[0], items)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range q.Listed {
			if l.Conversation == items[0].Conversation && (l.Common == 0) != more {
				t.Errorf("%q: answered with the others: %v", text, l.Common > 0)
			}
		}
	}
}

// Nobody is answered by a number who was told of by more than one mail, wrote
// before, sent files, or whose best answer is not likely right.
func TestOnlyAFirstMailIsAnsweredWithOthers(t *testing.T) {
	offer := desk.Offer{Number: 1, Article: "parcel", Title: "Where is my parcel?", Text: parcelText, Likely: 0.93,
		Language: "en"}
	for name, change := range map[string]func(*desk.Summary){
		"as the others":      func(*desk.Summary) {},
		"with files":         func(s *desk.Summary) { s.Alone = false },
		"unlikely":           func(s *desk.Summary) { s.Offer.Likely = 0.2 },
		"another answer":     func(s *desk.Summary) { s.Offer.Article = "other" },
		"no answer":          func(s *desk.Summary) { s.Offer = desk.Offer{} },
		"a colleague's":      func(s *desk.Summary) { s.Kind = "colleague" },
		"a thank-you":        func(s *desk.Summary) { s.Kind = "thanks" },
		"of before, no kind": func(s *desk.Summary) { s.Kind = "" },
	} {
		w := digestWriter(t)
		var items []desk.OutboxItem
		for i := range 4 {
			s := desk.Summary{From: "Tina", Subject: "Parcel", FirstLines: "Where is my parcel?",
				Said: "Where is my parcel?", Kind: "waits", Alone: true, Offer: offer}
			if i == 0 {
				change(&s)
			}
			items = append(items, digestItem(t, byte(i+1), 1, s))
		}
		ready, q, err := w.Digest("0123", w.Settings.Agents[0], items)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range q.Listed {
			if with := l.Common > 0; l.Conversation == items[0].Conversation &&
				with != strings.HasPrefix(name, "as the") {
				t.Errorf("%s: answered with the others: %v\n%s", name, with, ready.Letter.Text)
			}
		}
	}
}
