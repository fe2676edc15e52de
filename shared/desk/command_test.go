package desk

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestReadOrder(t *testing.T) {
	for _, tc := range []struct {
		text string
		want Order
	}{
		{"Hello Erika,\nit works.", Order{Text: "Hello Erika,\nit works."}},
		{"#close", Order{Commands: []Command{{Name: "close"}}}},
		{"\n #CLOSE \r\n\r\nDone.\r\n", Order{Commands: []Command{{Name: "close"}}, Text: "Done."}},
		{"#send 2\n#close\nKind regards", Order{Commands: []Command{{Name: "send", Argument: 2}, {Name: "close"}}, Text: "Kind regards"}},
		{"#note\nHe called.", Order{Commands: []Command{{Name: "note"}}, Text: "He called."}},
		{"\u200b#close\u00a0", Order{Commands: []Command{{Name: "close"}}}},
		{"＃close", Order{Commands: []Command{{Name: "close"}}}},
		{"#merge 2", Order{Commands: []Command{{Name: "merge", Argument: 2}}}},
		{"#Merge [k7m-4q9]", Order{Commands: []Command{{Name: "merge", Word: "K7M-4Q9"}}}},
		{"#split\n\nBest, Anna", Order{Commands: []Command{{Name: "split"}}, Text: "Best, Anna"}},
		{"#add eva@x.example\n#remove 1\nHello both", Order{Commands: []Command{{Name: "add", Word: "eva@x.example"}, {Name: "remove", Argument: 1}}, Text: "Hello both"}},
		{"#add eva@x.example<mailto:eva@x.example>", Order{Commands: []Command{{Name: "add", Word: "eva@x.example"}}}},
		{"#4711 was shipped", Order{Text: "#4711 was shipped"}},
		{"# Steps\n1. Open it", Order{Text: "# Steps\n1. Open it"}},
		{"Use the tag\n#summer in your post", Order{Text: "Use the tag\n#summer in your post"}},
	} {
		got, err := ReadOrder(tc.text)
		if err != nil || !reflect.DeepEqual(got, tc.want) {
			t.Errorf("ReadOrder(%q) = %+v, %v; want %+v", tc.text, got, err, tc.want)
		}
	}
}

func TestReadOrderRefuses(t *testing.T) {
	for _, text := range []string{
		"#clsoe\nHello", "#close now", "#send", "#send x", "#send 0", "#send 1 2", "#close\n#close",
		"#note", "#note\n#send 1\ntext", "#schließen", "Hello\n#close", "Hello\n\n  #note\nhe is rude",
		"#merge", "#merge x", "#merge 0", "#merge 1 2", "#split 2", "#split\n#close", "#undo\n#undo", "#merge 1\n#merge 2", "#add", "#add eva",
		"#add eva@", "#add a@x.example b@x.example", "#undo now", "#help me", "#show", "#show one", "#show 1\n#close", "#show 1\n#show 2", "#close\n#frobnicate", "# close", "#\u00a0send 1\nHello", "# note\nhe is rude",
	} {
		_, err := ReadOrder(text)
		var ce *CommandError
		if !errors.As(err, &ce) || ce.Why == "" {
			t.Errorf("ReadOrder(%q) = %v; want a CommandError that says why", text, err)
		}
	}
}

// A text that goes out never holds a line that is a command by itself.
func TestNoCommandLeavesProperty(t *testing.T) {
	line := rapid.SampledFrom([]string{"", "#close", "#note", "#send 1", "#Send 12", " #close ", "Hello", "#x", "# y", "#1", "see #close there"})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(line).Draw(t, "lines"), "\n")
		o, err := ReadOrder(text)
		if err != nil {
			return
		}
		for _, l := range strings.Split(o.Text, "\n") {
			if !looksLikeCommand(cleanLine(l)) {
				continue
			}
			if c, err := readCommand(cleanLine(l)); err == nil {
				t.Fatalf("command %v is left in the text %q", c, o.Text)
			}
		}
	})
}
