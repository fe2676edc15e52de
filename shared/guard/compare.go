package guard

import (
	"slices"

	"github.com/replywell/replywell/shared/desk"
)

// library is a set of texts that are looked for in a mail, compared by one scale.
type library struct {
	scale
	texts  []kept
	public map[uint64]bool // shingles that anybody may read
	index  map[uint64]place
	// answered has where the team wrote a shingle to others: a customer may quote
	// it from there, and what was written to two is a template.
	answered map[uint64]answer
}

// answer is the first answer with a shingle.
type answer struct {
	conversation desk.ConversationID
	sequence     int
}

// kept is one text of the library.
type kept struct {
	words    []word
	shingles []shingle
	skipped  []bool // by the shingle: courtesies, and what is quoted from an answer
	owner    string
	source   Source
}

type place struct{ text, shingle int32 }

// common is how many people must have written the same before it is nobody's:
// an order confirmation, a legal notice.
const common = 3

func newLibrary(s scale, public [][]word) *library {
	l := &library{scale: s, public: map[uint64]bool{}, answered: map[uint64]answer{}}
	for _, ws := range public {
		for _, sh := range s.shingles(ws) {
			l.public[sh.hash] = true
		}
	}
	return l
}

// answer tells of an answer of the team's to another customer. What it says is
// that customer's matter, but not if two have it.
func (l *library) answer(text string, conv desk.ConversationID, sequence int) {
	for _, sh := range l.shingles(words(text)) {
		first, there := l.answered[sh.hash]
		switch {
		case there && first.conversation != conv:
			l.public[sh.hash] = true
		case !there || sequence < first.sequence:
			l.answered[sh.hash] = answer{conv, sequence}
		}
	}
}

// add puts a text into the library. owner is whose it is, "" if it is nobody's
// in particular.
func (l *library) add(text, owner string, source Source) {
	ws := words(text)
	sh := l.shingles(ws)
	if len(sh) == 0 {
		return
	}
	skipped := courtesies(ws, sh)
	for i, s := range sh {
		if a, ok := l.answered[s.hash]; ok && a.conversation == source.Conversation && a.sequence < source.Sequence {
			skipped[i] = true // quoted from an answer
		}
	}
	l.texts = append(l.texts, kept{words: ws, shingles: sh, skipped: skipped, owner: owner, source: source})
}

// close builds the index, when all texts are in.
func (l *library) close() {
	type spread struct {
		last   string
		owners int
	}
	spreads := map[uint64]spread{}
	order := make([]int, len(l.texts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { // each owner's together, so that they are counted once
		return compareStrings(l.texts[a].owner, l.texts[b].owner)
	})
	for _, i := range order {
		t := l.texts[i]
		if t.owner == "" {
			continue
		}
		for _, sh := range t.shingles {
			if s := spreads[sh.hash]; s.last != t.owner {
				spreads[sh.hash] = spread{t.owner, s.owners + 1}
			}
		}
	}
	for h, s := range spreads {
		if s.owners >= common {
			l.public[h] = true
		}
	}
	l.index = map[uint64]place{}
	for i, t := range l.texts {
		for _, sh := range l.winnowed(t.shingles, l.skip(t.skipped)) {
			if _, there := l.index[sh.hash]; !there {
				l.index[sh.hash] = place{int32(i), sh.first} // shingle n begins at word n
			}
		}
	}
}

func compareStrings(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func (l *library) skip(courtesy []bool) func(shingle) bool {
	return func(sh shingle) bool { return courtesy[sh.first] || l.public[sh.hash] }
}

// run is what a mail has in common with a text of the library.
type run struct {
	first, last int // words of the mail
	source      Source
}

// runs finds what a text has in common with the library, in order, each run as
// long as it goes.
func (l *library) runs(ws []word) (out []run) {
	if len(l.index) == 0 {
		return nil
	}
	sh := l.shingles(ws)
	done := -1
	skip := l.skip(courtesies(ws, sh))
	for _, s := range sh {
		if int(s.last) <= done || skip(s) {
			continue
		}
		p, ok := l.index[s.hash]
		if !ok {
			continue
		}
		t := l.texts[p.text]
		theirs := t.shingles[p.shingle]
		if s.last-s.first != theirs.last-theirs.first || !sameRun(ws[s.first:s.last+1], t.words[theirs.first:theirs.last+1]) {
			continue // two hashes that are equal by chance
		}
		first, last := int(s.first), int(s.last)
		for a, b := first, int(theirs.first); a > done+1 && b > 0 && ws[a-1].hash == t.words[b-1].hash; a, b = a-1, b-1 {
			first = a - 1
		}
		for a, b := last, int(theirs.last); a+1 < len(ws) && b+1 < len(t.words) && ws[a+1].hash == t.words[b+1].hash; a, b = a+1, b+1 {
			last = a + 1
		}
		done = last
		out = append(out, run{first, last, t.source})
	}
	return out
}
