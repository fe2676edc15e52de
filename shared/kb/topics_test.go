package kb

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/kb/article"
)

func TestGapsAreTopicsAnsweredByHand(t *testing.T) {
	var mails []ByHand
	for i := range 5 {
		mails = append(mails,
			ByHand{Subject: "Student discount", Text: fmt.Sprintf(
				"Hello,\n\ndo you give a student discount on lamp number %d?", i),
				Answer: fmt.Sprintf("Hi Kim%d,\n\nyes: send us a photo of your student card and we take ten percent "+
					"off.\n\nBest,\nAnna", i)},
			ByHand{Text: fmt.Sprintf("Can the balcony lantern stay outside in rain and snow? It is my %dth winter.", i),
				Answer: "It is made for indoors only; rain ruins it."})
	}
	mails = append(mails, ByHand{Text: "Who designed the Firefly?", Answer: "Ben did."})
	gaps := Topics(mails, 3)
	if len(gaps) != 2 || gaps[0].Mails != 5 || gaps[1].Mails != 5 {
		t.Fatalf("%+v", gaps)
	}
	if !slices.Contains(gaps[0].Words, "student") || !strings.Contains(gaps[0].Article, "photo of your student card") ||
		strings.Contains(gaps[0].Article, "Kim") {
		t.Errorf("%+v", gaps[0])
	}
	if _, err := article.ParseArticle("draft", []byte(gaps[0].Article)); err != nil {
		t.Error(err)
	}
	if again := Topics(mails, 3); !reflect.DeepEqual(gaps, again) {
		t.Error("the topics change from call to call")
	}
}

// What nearly all mails are about is a topic as well, however differently each says it
// and whatever else stands in it; a crowd of mails about nothing in common is none.
func TestATopicThatNearlyAllMailsAreAbout(t *testing.T) {
	talk := []string{"My grandmother paints birds.", "The bakery downstairs smells of cinnamon.",
		"We moved here from Lisbon in spring.", "An uncle collects old radios.", "Snow fell on the harbour.",
		"A violin hangs above our stove.", "Nobody waters these tulips.", "The ferry leaves before breakfast.",
		"His bicycle rusts behind a shed.", "Her cousin teaches chemistry.",
		"Ivy covers the northern wall.", "A kettle whistles upstairs.", "They repaint the chapel roof.",
		"Some neighbours juggle torches.", "Foxes dig under the hedge.", "The clock tower stopped in June."}
	asks := []string{"May we visit your showroom on Sunday?", "Is the showroom open on Sundays?",
		"Can one see your showroom this Sunday?", "Would a Sunday visit of the showroom be fine?",
		"I want to come by on Sunday to the showroom."}
	for _, n := range []int{8, 40, 200} {
		var mails []ByHand
		for i := range n {
			mails = append(mails, ByHand{Subject: "Showroom", Text: talk[i%len(talk)] + " " + asks[i%len(asks)] + " " +
				talk[(i*7+3)%len(talk)], Answer: fmt.Sprintf(
				"Dear customer %d, our hall beside the old church is open each Sunday between ten and four.", i)})
		}
		mails = append(mails, ByHand{Text: "Who designed the Firefly?", Answer: "Ben did."})
		topics := Topics(mails, 4)
		if len(topics) == 0 || topics[0].Mails < n*9/10 || !slices.Contains(topics[0].Words, "showroom") {
			t.Errorf("of %d mails about one topic: %+v", n, topics)
		}
	}
	var apart []ByHand
	for i := range len(talk) {
		apart = append(apart, ByHand{Text: talk[i] + " Can you help me with that please?",
			Answer: "Yes, of course we can help you with that."})
	}
	if got := Topics(apart, 4); len(got) > 0 {
		t.Errorf("mails with nothing in common: %+v", got)
	}
}
