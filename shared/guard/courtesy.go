package guard

import (
	"sync"

	"github.com/replywell/replywell/shared/language"
)

// phrases are the runs of three words of the sentences that letters begin and end
// with, in every language.
var phrases = sync.OnceValue(func() map[uint64]bool {
	out := map[uint64]bool{}
	for _, line := range language.Phrases(language.Courtesy) {
		for _, sh := range ofPhrases.shingles(words(line)) {
			out[sh.hash] = true
		}
	}
	return out
})

// courtesies tells of each shingle of a text whether it is a courtesy: all of it
// but a quarter are words of such phrases. The answer is by the shingle's first
// word, which counts them.
func courtesies(ws []word, all []shingle) []bool {
	known := phrases()
	polite := make([]int32, len(ws)+1) // weight of polite words up to here
	mark := make([]bool, len(ws))
	for _, sh := range ofPhrases.shingles(ws) {
		if known[sh.hash] {
			for i := sh.first; i <= sh.last; i++ {
				mark[i] = true
			}
		}
	}
	weight := make([]int32, len(ws)+1)
	for i, w := range ws {
		polite[i+1], weight[i+1] = polite[i], weight[i]+w.weight
		if mark[i] {
			polite[i+1] += w.weight
		}
	}
	out := make([]bool, len(all))
	for i, sh := range all {
		p, sum := polite[sh.last+1]-polite[sh.first], weight[sh.last+1]-weight[sh.first]
		out[i] = 4*p >= 3*sum
	}
	return out
}
