package topics_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/topics"
)

// said are mails about other things, so that what any mail says is known.
var said = []string{
	"I would like to change the address of my order, please.", "When does my parcel arrive? I ordered last week.",
	"Please send me an invoice for my order.", "Can I return the lamp? It is too large for my table.",
	"Do you ship to Norway, and what does it cost?", "The parcel is damaged and the lamp is broken.",
	"I forgot my password and can not log in.", "Is the lamp in stock again soon?",
	"Wann kommt mein Paket an? Ich habe letzte Woche bestellt.", "Bitte schicken Sie mir eine Rechnung.",
	"Ich möchte die Lampe zurückgeben, sie ist zu groß.", "Versenden Sie auch nach Norwegen?",
}

// A name is what a person would call it: words in a row that customers wrote.
func TestATopicHasANameThatAPersonWouldGive(t *testing.T) {
	for _, c := range []struct {
		name  string // one of these, by |
		mails []string
	}{
		{"Lamp hums when dimmed|Lamp hums when I dim|Hums when I dim", []string{
			"My lamp hums when I dim it. Is that dangerous? Jane Hopper",
			"Hello, the lamp hums when dimmed. Should I worry whether it is safe?",
			"Lamp hums when dimmed, since yesterday.", "The new lamp hums when I dim it in the evening."}},
		{"Student discount|Discount for students", []string{
			"Do you have a student discount?",
			"Is there a student discount for the lamp?", "I study in Leeds. Student discount?",
			"student discount please"}},
		{"Lampe brummt beim Dimmen|Brummt beim Dimmen", []string{
			"Guten Tag, meine Lampe brummt beim Dimmen. Ist das gefährlich?",
			"Die Lampe brummt beim Dimmen, was kann ich tun?", "Hallo, die neue Lampe brummt beim Dimmen laut."}},
		{"調光すると音がします", []string{"調光すると音がします。", "ランプは調光すると音がします、危険ですか。", "調光すると音がします"}},
	} {
		bg := topics.Background{Words: map[string]int{}}
		var mails []topics.Text
		for _, m := range c.mails {
			mails = append(mails, topics.Text{Subject: "Question", Text: m})
		}
		for _, m := range append(mails, texts(said)...) {
			for _, w := range topics.Stems(m) {
				bg.Words[w]++
			}
			bg.Mails++
		}
		if got := topics.Name(mails, bg); !strings.Contains("|"+c.name+"|", "|"+got+"|") {
			t.Errorf("%q is called %q, want %q", c.mails[0], got, c.name)
		}
	}
}

func texts(all []string) (out []topics.Text) {
	for _, s := range all {
		out = append(out, topics.Text{Text: s})
	}
	return out
}

// What only one mail says is in no name, however telling: it may be somebody's name.
func TestANameIsNoOnesOwn(t *testing.T) {
	var mails []topics.Text
	for i := range 12 {
		text := fmt.Sprintf("Pumpe Winzigweich%c leaks, says Zacharias%c Q%d.", 'a'+i, 'a'+i, i)
		mails = append(mails, topics.Text{Text: text})
	}
	bg := topics.Background{Words: map[string]int{}, Mails: 100}
	got := topics.Name(mails, bg)
	if strings.Contains(got, "Zacharias") || strings.Contains(got, "Winzigweich") {
		t.Errorf("the name is %q", got)
	}
	if got := topics.Name(texts([]string{"Erika Muster of Hamm", "Ben Okafor of Leeds"}), bg); got != "" {
		t.Errorf("mails that share nothing are called %q", got)
	}
	if got := topics.Name(nil, bg); got != "" {
		t.Errorf("no mails are called %q", got)
	}
}
