package guard_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/guard"
	"github.com/replywell/replywell/shared/kb/article"
)

// vocabulary are words that texts are drawn from; few enough that texts share
// pairs and triples of them.
var vocabulary = strings.Fields(
	`the a my your we you it is was not with for from to in on and or but lamp glass order parcel label box shop
	account invoice money card number street house daughter hospital flat door week day Tuesday March blue small late broken lost wrong
	please send bring call wait pay open close change new old two three für über Größe straße niño après où ćma žena їжа книга`)

func phrase(t *rapid.T, label string, least, most int) []string {
	return rapid.SliceOfN(rapid.SampledFrom(vocabulary), least, most).Draw(t, label)
}

// disguise writes words as people and programs change them on the way: case,
// wrapping, quote marks, punctuation, invisible signs.
func disguise(t *rapid.T, words []string) string {
	var b strings.Builder
	for _, w := range words {
		switch rapid.IntRange(0, 11).Draw(t, "edit") {
		case 0:
			w = strings.ToUpper(w)
		case 1:
			w = "“" + w + "”"
		case 2:
			w += ","
		case 3:
			w = "*" + w + "*"
		case 4:
			w = w[:1] + "\u200b" + w[1:]
			if w[0] >= 0x80 {
				w = strings.ReplaceAll(w, "\u200b", "")
			}
		}
		b.WriteString(w + rapid.SampledFrom([]string{" ", " ", " ", "  ", "\n", "\n> ", "\n> > ", " – ", "\u00a0",
			"\r\n", ". "}).Draw(t, "gap"))
	}
	return strings.ToValidUTF8(b.String(), "")
}

// Any twelve words in a row of what another customer wrote are found, whatever
// stands around them, however they are dressed, and wherever in the mail they are.
func TestTwelveWordsOfAnothersAreAlwaysFound(t *testing.T) {
	base := desktop(t)
	rapid.Check(t, func(t *rapid.T) {
		k := base
		private := phrase(t, "private", 12, 120)
		k.Messages = append(k.Messages[:len(k.Messages):len(k.Messages)],
			desk.Message{Conversation: his, Sequence: 7, Kind: desk.KindCustomer,
				From: desk.Person{Name: "João", Address: joao}, Text: strings.Join(private, " ")})
		at := rapid.IntRange(0, len(private)-12).Draw(t, "at")
		text := strings.Join(phrase(t, "before", 0, 40), " ") + "\n\n" + disguise(t, private[at:at+12]) + "\n\n" +
			strings.Join(phrase(t, "after", 0, 40), " ")
		l := compose.Letter{Subject: "Re: Broken lamp", Text: "See below."}
		page := "<p>" + strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(text, ">", "&gt;"), "\n", "<br>"), " ",
			rapid.SampledFrom([]string{" ", "</i> <b>", "<span> </span>", "&nbsp;", "</p><p>"}).Draw(t, "markup"))
		switch rapid.SampledFrom([]string{"text", "HTML", "file", "page", "mail"}).Draw(t, "where") {
		case "text":
			l.Text = text
		case "HTML":
			l.HTML = page
		case "file":
			l.Attachments = []message.Attachment{{Filename: "x.bin", Content: []byte(text)}}
		case "page":
			l.Attachments = []message.Attachment{{Filename: "x.html", ContentType: "text/html", Content: []byte(page)}}
		case "mail":
			l.Attachments = []message.Attachment{{Filename: "x", ContentType: "message/rfc822",
				Content: []byte("From: x@y.example\nContent-Type: text/html; charset=utf-8\n\n" + page)}}
		}
		for _, h := range guard.Check(l, k) {
			if h.Kind == guard.OtherCustomer {
				return
			}
		}
		t.Fatalf("not found: %q in %+v", private[at:at+12], l)
	})
}

// The same for a script without spaces: 24 signs in a row.
func TestSignsOfAnothersAreAlwaysFound(t *testing.T) {
	signs := []rune("我女儿自星期二起因髋部骨折住院请把蓝色的灯送到她在里斯本的公寓并把包裹交给三楼的邻居谢谢你们")
	base := desktop(t)
	rapid.Check(t, func(t *rapid.T) {
		private := rapid.SliceOfN(rapid.SampledFrom(signs), 24, 200).Draw(t, "private")
		k := base
		k.Messages = append(k.Messages[:len(k.Messages):len(k.Messages)],
			desk.Message{Conversation: his, Sequence: 7, Kind: desk.KindCustomer,
				From: desk.Person{Address: joao}, Text: string(private)})
		at := rapid.IntRange(0, len(private)-24).Draw(t, "at")
		var b strings.Builder
		for _, r := range private[at : at+24] {
			b.WriteString(string(r) + rapid.SampledFrom([]string{"", "", "", "\n> ", "，", "。", " "}).Draw(t, "gap"))
		}
		for _, h := range check(k, "您好！"+b.String()+"祝好") {
			if h.Kind == guard.OtherCustomer {
				return
			}
		}
		t.Fatalf("not found: %q", b.String())
	})
}

// What is made of articles, of the team's earlier answers, of the customer's own
// words and of courtesies never hits, though other customers quote the same.
func TestWhatAnybodyMayReadNeverHits(t *testing.T) {
	articles, err := article.Load(article.Sample())
	if err != nil {
		t.Fatal(err)
	}
	base := desktop(t)
	base.Messages = base.Messages[:1]
	sources := []string{base.Messages[0].Text, "Thank you very much for your help. If you have any further questions," +
		" please do not hesitate to contact us."}
	for i, a := range articles {
		base.Public = append(base.Public, a.Title+"\n"+a.MailText())
		sources = append(sources, a.MailText())
		answer := fmt.Sprintf("Dear customer,\n\nfor lamps of the kind %c that came %d days ago we have a way of our "+
			"own, which begins with a photo of the plug and ends with a voucher.\n\nBest regards\nAnna Winter, who "+
			"answers at Lantern Shop on working days between nine and five", 'a'+i%26, i)
		base.Messages = append(base.Messages, desk.Message{Conversation: his, Sequence: 10 + i, Kind: desk.KindAnswer,
			Text: answer})
		sources = append(sources, answer)
	}
	rapid.Check(t, func(t *rapid.T) {
		piece := func(label string) string {
			words := strings.Fields(rapid.SampledFrom(sources).Draw(t, label))
			from := rapid.IntRange(0, len(words)-1).Draw(t, "from")
			return strings.Join(words[from:rapid.IntRange(from, len(words)).Draw(t, "to")], " ")
		}
		k := base
		k.Messages = k.Messages[:len(k.Messages):len(k.Messages)]
		for i := range rapid.IntRange(1, 6).Draw(t, "others") {
			// Each has a word of his own between what he quotes.
			text := fmt.Sprintf("%s\nyes%d\n%s\nno%d\n%s", piece("quoted"), i, piece("quoted"), i, piece("quoted"))
			k.Messages = append(k.Messages, desk.Message{Conversation: his, Sequence: 100 + i, Kind: desk.KindCustomer,
				At: now.Add(time.Hour), From: desk.Person{Address: fmt.Sprintf("c%d@x.example", i)}, Text: text})
		}
		text := fmt.Sprintf("%s\n\nwell%d\n\n%s", piece("said"), 1, piece("said"))
		if hits := check(k, text); len(hits) > 0 {
			t.Fatalf("held for %+v in %q", hits, text)
		}
	})
}
