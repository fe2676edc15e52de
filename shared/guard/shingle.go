package guard

// A scale is how long a run of words must be to be found: every run of
// words+window-1 and more is, none of fewer than words. Signs of scripts
// without spaces count half.
type scale struct{ words, window int }

// How long a run has to be. Of another customer's text, eight words in a row may
// be chance, twelve are not. A note is short, and nothing but internal.
var (
	ofOthers  = scale{words: 8, window: 5}
	ofNotes   = scale{words: 6, window: 3}
	ofPhrases = scale{words: 3, window: 1}
)

// shingle is a run of words just as long as the scale says: its hash, and its
// first and last word.
type shingle struct {
	hash        uint64
	first, last int32
}

// shingles gives every one of a text, in order. The hash is a polynomial over
// the words' hashes, so that each takes one step (Karp and Rabin 1987).
func (s scale) shingles(ws []word) []shingle {
	const base = 0x9e3779b97f4a7c15 // odd, so that no word's share is lost
	sums := make([]uint64, len(ws)+1)
	for i, w := range ws {
		sums[i+1] = sums[i]*base + w.hash
	}
	powers := make([]uint64, 2*s.words+2)
	powers[0] = 1
	for i := 1; i < len(powers); i++ {
		powers[i] = powers[i-1] * base
	}
	out := make([]shingle, 0, len(ws))
	need, have, next := int32(full*s.words), int32(0), 0
	for i := range ws {
		for next < len(ws) && have < need {
			have += ws[next].weight
			next++
		}
		if have < need {
			break
		}
		h := sums[next] - sums[i]*powers[next-i]
		out = append(out, shingle{mixed(h), int32(i), int32(next - 1)})
		have -= ws[i].weight
	}
	return out
}

// mixed spreads a hash, so that the least of a window is any of them (the
// finaliser of MurmurHash3).
func mixed(h uint64) uint64 {
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

// winnowed chooses of each window of shingles the one with the least hash, the
// last of equals (Schleimer, Wilkerson, Aiken: Winnowing, SIGMOD 2003, section
// 3.1). A text that has so long a run in common with this one as a window spans,
// or all of this one, has a chosen one in common. What skip names is never chosen.
func (s scale) winnowed(all []shingle, skip func(shingle) bool) []shingle {
	var out []shingle
	var queue []shingle // of the window, with rising hashes: the least stands first
	chosen := int32(-1)
	for i, sh := range all {
		for len(queue) > 0 && queue[0].first <= int32(i-s.window) {
			queue = queue[1:]
		}
		if !skip(sh) {
			for len(queue) > 0 && queue[len(queue)-1].hash >= sh.hash {
				queue = queue[:len(queue)-1]
			}
			queue = append(queue, sh)
		}
		if (i >= s.window-1 || i == len(all)-1) && len(queue) > 0 && queue[0].first != chosen {
			chosen = queue[0].first
			out = append(out, queue[0])
		}
	}
	return out
}
