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
			ByHand{Subject: "Student discount", Text: fmt.Sprintf("Hello,\n\ndo you give a student discount on lamp number %d?", i), Answer: fmt.Sprintf("Hi Kim%d,\n\nyes: send us a photo of your student card and we take ten percent off.\n\nBest,\nAnna", i)},
			ByHand{Text: fmt.Sprintf("Can the balcony lantern stay outside in rain and snow? It is my %dth winter.", i), Answer: "It is made for indoors only; rain ruins it."})
	}
	mails = append(mails, ByHand{Text: "Who designed the Firefly?", Answer: "Ben did."})
	gaps := Topics(mails, 3)
	if len(gaps) != 2 || gaps[0].Mails != 5 || gaps[1].Mails != 5 {
		t.Fatalf("%+v", gaps)
	}
	if !slices.Contains(gaps[0].Words, "student") || !strings.Contains(gaps[0].Article, "photo of your student card") || strings.Contains(gaps[0].Article, "Kim") {
		t.Errorf("%+v", gaps[0])
	}
	if _, err := article.ParseArticle("draft", []byte(gaps[0].Article)); err != nil {
		t.Error(err)
	}
	if again := Topics(mails, 3); !reflect.DeepEqual(gaps, again) {
		t.Error("the topics change from call to call")
	}
}
