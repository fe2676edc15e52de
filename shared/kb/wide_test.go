package kb

import (
	"reflect"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/kb/article"
)

var bank = []article.Article{
	{ID: "arrive", Title: "When will my new card arrive?",
		Body: "Cards are posted the day after you order and reach you within two weeks. You can follow the delivery " +
			"in the app."},
	{ID: "pin", Title: "How do I change my PIN?",
		Body: "Put the card into any cash machine, choose PIN services and follow the screen. The new PIN works at " +
			"once."},
	{ID: "declined", Title: "Why was my payment declined?",
		Body: "Most payments are declined because the balance is too low, or the card is blocked abroad. Look under " +
			"Payments for the reason."},
	{ID: "close", Title: "How can I close my account?",
		Body: "Move your money first, then choose Close under Settings. The account is closed within three days."},
	{ID: "limit", Title: "How much cash can I take out?",
		Body: "You can take out 500 a day. You can raise the limit under Cards."},
}

var laden = []article.Article{
	{ID: "versand", Title: "Wie lange dauert der Versand?",
		Body: "Pakete kommen innerhalb von drei Werktagen an. Sie können die Sendung in Ihrem Konto verfolgen."},
	{ID: "retoure", Title: "Wie schicke ich etwas zurück?",
		Body: "Drucken Sie das Etikett aus Ihrem Konto aus und geben Sie das Paket bei der Post ab. Das Geld ist " +
			"nach einer Woche da."},
	{ID: "rechnung", Title: "Wo finde ich meine Rechnung?",
		Body: "Die Rechnung liegt unter Bestellungen als PDF bereit und kommt auch mit der Versandmail."},
	{ID: "garantie", Title: "Das Gerät ist defekt",
		Body: "In den ersten zwei Jahren tauschen wir defekte Geräte kostenlos um. Schicken Sie uns ein Foto des " +
			"Schadens."},
}

// A mail finds its article whatever the language of the one or the other.
func TestMailInAnyLanguageFindsItsArticle(t *testing.T) {
	english, german := withModel(bank), withModel(laden)
	for _, c := range []struct {
		x           *Index
		mail, first string
	}{
		{english, "When does the card I ordered come?", "arrive"},
		{english, "Hallo, ich habe vor zehn Tagen eine Karte bestellt. Wann kommt sie endlich an?", "arrive"},
		{english, "Je voudrais fermer mon compte, comment faire ?", "close"},
		{english, "暗証番号を変更したいのですが、どうすればいいですか。", "pin"},
		{english, "لماذا تم رفض عملية الدفع الخاصة بي؟", "declined"},
		{english, "¿Cuánto efectivo puedo sacar al día?", "limit"},
		{german, "Guten Tag, wann ist mein Paket denn da?", "versand"},
		{german, "Der Mixer geht nicht mehr an, er ist erst drei Monate alt.", "garantie"},
		{german, "Where can I find the invoice for my order?", "rechnung"},
		{german, "Comment renvoyer un article ?", "retoure"},
	} {
		if got := c.x.Score("", c.mail, nil, 3).Suggestions; len(got) == 0 || got[0].Article != c.first {
			t.Errorf("%q: %v; want %s", c.mail, got, c.first)
		}
	}
}

// What a snapshot carries ranks as what was built, for mail in either kind of language,
// also with a history, and after late answers.
func TestASnapshotReadsOtherLanguagesToo(t *testing.T) {
	var past []Past
	for range 3 {
		for _, a := range bank {
			past = append(past, Past{Text: "I ask you: " + a.Title, Sent: []string{a.ID}})
		}
	}
	for _, articles := range [][]article.Article{bank, laden} {
		built := Build(articles, past, Model())
		data, err := built.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		opened, err := Open(data, Model())
		if err != nil {
			t.Fatal(err)
		}
		late := []Recent{lateOf(Model(), Past{Text: "Mein Mixer brummt und raucht", Sent: []string{articles[3].ID}})}
		for _, mail := range []string{"When will the card come?", "Wann kommt meine Karte an?", "Mein Mixer brummt"} {
			want, got := built.Score("", mail, nil, 4), opened.Score("", mail, nil, 4)
			if !reflect.DeepEqual(want, got) {
				t.Errorf("%q: built %v, read %v", mail, want, got)
			}
			want, got = built.WithRecent(late, ModelName(Model())).Score("", mail, nil, 4),
				opened.WithRecent(late, ModelName(Model())).Score("", mail, nil, 4)
			if !reflect.DeepEqual(want, got) {
				t.Errorf("%q after a late answer: built %v, read %v", mail, want, got)
			}
		}
	}
}

// A mail that is answered in another language teaches the next one of that language.
func TestALateAnswerTeachesInItsLanguage(t *testing.T) {
	for name, x := range map[string]*Index{"English articles": withModel(bank), "German articles": withModel(laden)} {
		mail := "Der Vogel auf dem Bildschirm pfeift so komisch"
		target := x.main.Articles()[x.Len()-1].ID
		before := likely(x, mail, target)
		after := likely(x.WithRecent([]Recent{lateOf(Model(),
			Past{Text: "Auf dem Bildschirm pfeift ein Vogel", Sent: []string{target}})}, ModelName(Model())), mail,
			target)
		if after <= before {
			t.Errorf("%s: %.3f before the answer, %.3f after it", name, before, after)
		}
	}
}

func likely(x *Index, mail, article string) float64 {
	for _, s := range x.Score("", mail, nil, 10).Suggestions {
		if s.Article == article {
			return s.Confidence
		}
	}
	return 0
}

// An article without a title is offered as one with it is: what it says counts.
func TestArticlesWithoutATitleAreShown(t *testing.T) {
	for _, c := range []struct {
		title string
		from  []article.Article
		mail  string
		want  string
	}{
		{"", bank, "Where do I follow the delivery of the card I ordered?", "arrive"},
		{"cards_faq_02.md", bank, "Where do I follow the delivery of the card I ordered?", "arrive"},
		{"", laden, "Wo kann ich die Sendung verfolgen, und wann kommt das Paket an?", "versand"},
	} {
		var bare []article.Article
		for _, a := range c.from {
			a.Title = c.title
			bare = append(bare, a)
		}
		if got := withModel(bare).Suggest("", c.mail, 3); len(got) == 0 || got[0].Article != c.want {
			t.Errorf("titles %q: %q is offered %v", c.title, c.mail, got)
		}
	}
}

// What people tell around their question does not change which article answers it,
// whatever they tell.
func TestTalkAroundTheQuestion(t *testing.T) {
	x := withModel(bank)
	for _, talk := range []string{
		"We have just come back from three rainy weeks in Wales with the whole family.",
		"The gentleman at the bakery told me that his cousin works in your building.",
		"My cat has been ill and I have hardly slept.",
		"Honestly I could not believe my eyes this morning.",
		"My nephew says that you are the best there is and I tend to agree.",
	} {
		for _, a := range bank {
			mail := talk + " " + a.Title + " " + strings.ToUpper(talk[:1]) + talk[1:]
			if got := x.Score("", mail, nil, 1).Suggestions; len(got) == 0 || got[0].Article != a.ID {
				t.Errorf("%q: %v; want %s", mail, got, a.ID)
			}
		}
	}
}

func TestWhichMailIsEnglish(t *testing.T) {
	for text, want := range map[string]bool{
		"When will my card arrive?": true, "card not working": true, "my pin is blokced, pls helpp": true, "card": true,
		"": true, "4711": true,
		"Wann kommt meine Karte?": false, "Karte gesperrt": false, "Où est ma carte ?": false,
		"¿Dónde está mi tarjeta?": false, "カードが届きません": false,
		"Waar is mijn kaart?": false, "Kartım nerede?": false, "Gdzie jest moja karta?": false,
		"Var är mitt kort?": false, "Hvor er kortet mitt?": false,
		"Missä korttini on?": false, "Kde je moje karta?": false, "Onde está o meu cartão?": false,
		"Dov'è la mia carta?": false, "Где моя карта?": false,
	} {
		if got := english(Model(), text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
