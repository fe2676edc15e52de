package terms

import "strings"

// Shingles are a text's runs of words, folded; a short text is one run.
func Shingles(text string) map[string]int {
	ws := Split(text)
	for i, w := range ws {
		ws[i] = Fold(w)
	}
	out := map[string]int{}
	if len(ws) > 0 && len(ws) < shingle {
		out[strings.Join(ws, " ")] = 1
	}
	for i := 0; i+shingle <= len(ws); i++ {
		out[strings.Join(ws[i:i+shingle], " ")] = 1
	}
	return out
}

const (
	shingle      = 4  // words; so many in a row seldom agree by chance
	Explained    = -1 // of a shingle that an article explains already
	leastMatched = 3  // shingles that must be left to speak for an article that is not all there
)

// Contained is the share of some shingles that others have. Those that are taken
// count neither way.
func Contained(some, others map[string]int) float64 {
	n, all := 0, 0
	for s := range some {
		if others[s] != Explained {
			all++
			n += others[s]
		}
	}
	if all == 0 || n < leastMatched && (n < all || all < len(some)) {
		return 0
	}
	return float64(n) / float64(all)
}
