package kb

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/kb/internal/wire"
	"pgregory.net/rapid"
)

// lampHistory is a made-up team's: the words of its customers are not those of its articles.
func lampHistory() (past []Past) {
	for i := range 12 {
		past = append(past,
			Past{Text: fmt.Sprintf("DHL says it was handed over, yet nothing reached me (%d)", i),
				Sent: []string{"orders/late"}},
			Past{Text: fmt.Sprintf("I do not like the colour, can I have my money back? %d", i),
				Sent: []string{"orders/return"}},
			Past{Subject: "Locked out", Text: fmt.Sprintf("it tells me my credentials are wrong, attempt %d", i),
				Sent: []string{"account/pass", "gone"}})
	}
	return past
}

func shopArticles(t testing.TB) []article.Article {
	articles, err := lampShop()
	if err != nil {
		t.Fatal(err)
	}
	return articles
}

func TestHistoryTeachesTheCustomersWords(t *testing.T) {
	articles := shopArticles(t)
	cold, warm := withModel(articles), Build(articles, lampHistory(), nil)
	for text, want := range map[string]string{
		"According to DHL someone took it over. Nothing reached us.": "orders/late",
		"The colour is not what I like; money back please":           "orders/return",
		"Hi,\n\nmy credentials are refused\n\nBest,\nKim":            "account/pass",
	} {
		if got := warm.Score("", text, nil, 3).Suggestions; len(got) == 0 || got[0].Article != want {
			t.Errorf("%q: %+v; want %s, as it was answered before", text, got, want)
		}
	}
	if cold.main.History() != 0 || warm.main.History() <= 0 {
		t.Errorf("history %v and %v", cold.main.History(), warm.main.History())
	}
}

func TestSnapshotKeepsTheRanking(t *testing.T) {
	x := Build(shopArticles(t), lampHistory(), Model())
	data, err := x.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	y, err := Open(data, Model())
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"nothing reached me", "return label for the lamp", "Rücksendeschein", "zebra"} {
		if a, b := x.Score("", text, nil, 5), y.Score("", text, nil, 5); !reflect.DeepEqual(a, b) {
			t.Errorf("%q: %+v before, %+v after", text, a, b)
		}
	}
	again, _ := Build(shopArticles(t), lampHistory(), Model()).Snapshot()
	if string(again) != string(data) {
		t.Error("the same articles and history give another snapshot")
	}
	for _, cut := range []int{len(data) - 1, len(data) / 2, 40} {
		if _, err := Open(data[:cut], Model()); err == nil || !strings.Contains(err.Error(), "index function") {
			t.Errorf("cut to %d bytes: %v", cut, err)
		}
	}
	bad := []byte(string(data))
	bad[len(bad)/2] ^= 1
	if _, err := Open(bad, Model()); err == nil {
		t.Error("a flipped bit is not noticed")
	}
}

func TestConfidenceIsAProbability(t *testing.T) {
	x := Build(shopArticles(t), lampHistory(), nil)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("abcdeimnorst .?!\n>-äß漢"))).Draw(t, "text")
		a := x.Score(rapid.String().Draw(t, "subject"), text, nil, 10)
		last := 1.0
		for _, s := range a.Suggestions {
			if s.Confidence < 0 || s.Confidence > last {
				t.Fatalf("%+v: confidences fall from at most 1 to at least 0", a)
			}
			last = s.Confidence
		}
		if got := x.Suggest("", text, 3); len(got) > 3 {
			t.Fatalf("%d suggestions for 3", len(got))
		}
	})
}

func TestReadHistory(t *testing.T) {
	past, err := ReadHistory(strings.NewReader(`{"message":{"subject":"s","body":"b"},"sent":["a","b"]}` + "\n\n"))
	if err != nil || len(past) != 1 || past[0].Subject != "s" || past[0].Text != "b" || len(past[0].Sent) != 2 {
		t.Errorf("%+v, %v", past, err)
	}
	if _, err := ReadHistory(strings.NewReader("\n{]\n")); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("%v; want the line", err)
	}
	for in, want := range map[string]string{`{"id":"a"}`: "line 1", `{"id":"a","title":"x"}` + "\n" +
		`{"id":"a","title":"y"}`: "line 1's already"} {
		if _, err := article.ReadArticles(strings.NewReader(in)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v; want %q", in, err, want)
		}
	}
}

// A history that would teach nothing is no history: each line says what is wrong
// with it. A mail that was answered by hand is a line like any other.
func TestAHistoryThatTeachesNothingIsAnError(t *testing.T) {
	good := `{"message":{"subject":"s","body":"b"},"sent":["a"]}` + "\n"
	for in, want := range map[string]string{
		good + `{"foo":1}`: "line 2 has no message",
		good + "\n" + `{"message":null,"sent":["a"]}`:                   "line 3 has no message",
		`{"message":{"subject":"","body":"x"}}`:                         "line 1 does not say what was sent",
		`{"message":{"subject":"","body":"x"},"sent":null}`:             "line 1 does not say what was sent",
		good + good + "{\"message\":{\"body\":\"f\xfcr\"},\"sent\":[]}": "line 3 is not UTF-8",
		"\xff\xfe{\x00}\x00":                                            "line 1 is not UTF-8",
		good + `[1]`:                                                    "line 2 is not a JSON object",
		good + "null": "line 2 is not a JSON object with message " +
			"and sent: it is null",
		good + `"x"`:         "message and sent: it is a text",
		good + `{"message":`: "message and sent: it breaks off",
		good + `{'message'}`: "message and sent: byte 2 cannot stand " +
			"there (invalid",
		`{"message":{"body":7},"sent":[]}`: `line 1 is not a JSON object with message ` +
			`and sent: "message.body" holds a number, and a text in quotes is needed`,
		`{"message":{"body":"b"},"sent":"a"}`: `"sent" holds a text, and a list in ` +
			`brackets is needed`,
		`{"message":{"body":"b"},"sent":[1]}`: `"sent" holds a number, and a text in ` +
			`quotes is needed`,
		`{"message":true,"sent":[1]}`: `"message" holds true or false, and an ` +
			`object in braces is needed`,
		good + good + strings.Repeat("x", article.MaxLine+1): "line 3 has more than 4194304 bytes",
	} {
		if _, err := ReadHistory(strings.NewReader(in)); err == nil || !strings.Contains(err.Error(), want) ||
			strings.Contains(err.Error(), "Go ") {
			t.Errorf("%.80q: %v; want %q", in, err, want)
		}
	}
	past, err := ReadHistory(strings.NewReader("\ufeff" + good + "\n" + `{"message":{"body":"by hand"},"sent":[]}` +
		"\n" + `{"message":{"body":"x"},"sent":["gone","gone too"]}` + "\n" +
		`{"message":{"body":"x"},"sent":["gone","a"]}`))
	if err != nil || len(past) != 4 || past[1].Text != "by hand" || len(past[1].Sent) != 0 {
		t.Fatalf("%+v, %v", past, err)
	}
	if n, line := UnknownArticles(past, []article.Article{{ID: "a"}}); n != 1 || line != 4 {
		t.Errorf("%d, the first is line %d; want 1, line 4", n, line)
	}
	Build([]article.Article{{ID: "a", Title: "A"}}, past, nil)
	if articles, err := article.ReadArticles(strings.NewReader("\ufeff" + `{"id":"a","title":"x"}`)); err != nil ||
		len(articles) != 1 {
		t.Errorf("%v, %v", articles, err)
	}
}

func FuzzOpen(f *testing.F) {
	data, _ := withModel([]article.Article{{ID: "a", Title: "A", Body: "b"}}).Snapshot()
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		if x, err := open(&wire.Reader{In: data}, Model()); err == nil {
			x.Score("a", "b c", nil, 3)
		}
	})
}
