package evidence

import (
	"slices"
	"strings"
	"testing"
)

func TestPassagesOfAnArticle(t *testing.T) {
	sentence := func(n int) string { return strings.TrimSpace(strings.Repeat("word ", n)) + ". " }
	for _, tc := range []struct {
		text string
		most int
		want []int // words of each
	}{
		{"", 100, []int{0}},
		{"Short.", 100, []int{1}},
		{sentence(50) + sentence(40), 400, []int{50, 40}},
		{sentence(30) + sentence(40) + sentence(20), 400, []int{70, 20}},
		{sentence(120) + sentence(5), 400, []int{120, 5}},
		{sentence(30) + sentence(40), 40, []int{40}},
	} {
		var got []int
		for _, p := range passages(tc.text, tc.most) {
			got = append(got, len(strings.Fields(p)))
		}
		if !slices.Equal(got, tc.want) {
			t.Errorf("%.20q, at most %d: passages of %v words, want %v", tc.text, tc.most, got, tc.want)
		}
	}
}
