package article

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

const wholeArticle = `---
title: "Sending a lamp back: how"
topics:
  - return
  - refund
department: returns
language: en
audience: customers
valid_until: 2026-12-31
---
You have 30 days
to send a lamp back.

1. Put it into its box.
2. Write your order number on a slip, and lay it inside.

:::internal
Above 200 euros ask Ben.
:::

See [our page](https://shop.example/returns) or [the parcel](late.md#tracking), or write to <help@shop.example>.

![The label](label.png)
`

func TestFrontMatterAndInternalPassages(t *testing.T) {
	a, err := ParseArticle("orders/return", []byte(wholeArticle))
	if err != nil {
		t.Fatal(err)
	}
	if a.Title != "Sending a lamp back: how" || !slices.Equal(a.Topics, []string{"return", "refund"}) ||
		a.Department != "returns" || a.Internal() {
		t.Errorf("%+v", a)
	}
	want := "You have 30 days to send a lamp back.\n\n1. Put it into its box.\n2. Write your order number on a slip, " +
		"and lay it inside.\n\n" +
		"See our page (https://shop.example/returns) or the parcel, or write to help@shop.example.\n\nThe label"
	if got := a.MailText(); got != want {
		t.Errorf("%q\nwant\n%q", got, want)
	}
	if !strings.Contains(a.Notes, "ask Ben") || strings.Contains(a.Body, "Ben") {
		t.Errorf("notes %q, body %q", a.Notes, a.Body)
	}
	day := func(s string) int { d, _ := time.Parse(time.DateOnly, s); return dayOf(d) }
	if a.ExpiredOn(day("2026-12-31")) || !a.ExpiredOn(day("2027-01-01")) {
		t.Error("the last day is not the one that is written")
	}
}

// Whatever stands around it, an internal passage is in nothing that is suggested.
func TestInternalPassagesAreNeverQuoted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOf(rapid.SampledFrom([]string{"text about lamps", "", "# Heading", "```", "> quote",
			"- item", "::: internal", ":::internal", ":::", "    code", "| a | b |", "SECRETWORD"})).Draw(t, "lines")
		source := "title line\n\n" + strings.Join(lines, "\n") + "\n:::internal\nSECRETWORD here\n:::\nmore text\n"
		a, err := ParseArticle("x", []byte("---\ntitle: X\n---\n"+source))
		if err != nil {
			return
		}
		outside := 0
		open := false
		for _, l := range lines {
			switch m := strings.ReplaceAll(l, " ", ""); {
			case m == ":::internal":
				open = true
			case m == ":::":
				open = false
			case l == "SECRETWORD" && !open:
				outside++
			}
		}
		if n := strings.Count(a.MailText(), "SECRETWORD"); n > outside {
			t.Fatalf("%d times in %q", n, a.MailText())
		}
		if shown := Passage(a, map[string]float64{"lamp": 1}); strings.Count(shown, "SECRETWORD") > outside {
			t.Fatalf("%q", shown)
		}
	})
}

func TestArticleProblemsHaveLinesAndSayWhatToDo(t *testing.T) {
	for _, tc := range []struct{ source, want string }{
		{"---\ntitle: A\nvalid_until: tomorrow\n---\ntext",
			"x.md:3: valid_until: \"tomorrow\" is not a date; write one like"},
		{"---\ntitle: A\ntitle: B\n---\ntext", "x.md:3: \"title\" stands twice"},
		{"---\ntitle: A\nlanguage: English please\n---\ntext", "x.md:3: language:"},
		{"---\ntitle: A: B\n---\ntext", "x.md:2: the front matter is not YAML"},
		{"---\ntitle: A\n---\ntext\n:::internal\nsecret", "x.md:5: the internal passage that starts here does not end"},
		{"---\ntitle: A\n---\ntext\n:::\n", "x.md:5: \":::\" marks no passage"},
		{"---\ntitle: A\n---\n:::internal\nx\n:::internal\ny\n:::\n",
			"x.md:6: an internal passage starts within the one of line 4"},
		{"---\ntitle: A\n---\n:::internal\nx\n:::\n", "all of the text is internal"},
		{"---\ntitle: A\nreply: |\n  yes\n  :::internal\n  no\n  :::\n---\ntext",
			"x.md:3: reply: this goes to customers"},
		{"# A\n\nGr\xfc\xdfe aus K\xf6ln\n" +
			"", "x.md:3: this is not UTF-8, and letters would be lost; save the file as UTF-8"},
		{"\xff\xfe#\x00 \x00A\x00\n\x00\n\x00t\x00\n\x00", "x.md:1: this is not UTF-8"},
		{"#\x00 \x00A\x00\n\x00\n\x00t\x00", "x.md:1: this is not UTF-8"},
		{"---\n- a\n---\ntext", "lines of \"key: value\""},
	} {
		_, err := ParseArticle("x", []byte(tc.source))
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%q: %v; want %s", tc.source, err, tc.want)
		}
	}
}

// One mistake is told once, and not by what only follows from it.
func TestAProblemIsToldAlone(t *testing.T) {
	for source, want := range map[string]string{
		"---\ntitle: A: B\n---\ntext":        "the front matter is not YAML",
		"---\n- a\n---\ntext":                "lines of \"key: value\"",
		"--- \ntitle: A\nsize: 3\n---\ntext": "x.md:3: unknown key \"size\"",
		"---\ntopics: [a]\n---\ntext":        "there is no title",
	} {
		_, err := ParseArticle("x", []byte(source))
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v; want %s alone", source, err, want)
		}
	}
	for _, source := range []string{"--- \ntitle: A\n---\t\ntext", "\uFEFF---\r\ntitle: A\r\n--- \r\ntext",
		"---\ntitle: A\nreply: text\n---"} {
		if a, err := ParseArticle("x", []byte(source)); err != nil || a.Title != "A" || a.MailText() != "text" {
			t.Errorf("%q: %v, %+v", source, err, a)
		}
	}
}
