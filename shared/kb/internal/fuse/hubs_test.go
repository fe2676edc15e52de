package fuse

import (
	"testing"

	"github.com/replywell/replywell/shared/kb/internal/wire"
)

// Twelve articles, of which the first says a little of everything: it comes nearer to
// every other mail than the one that the mail asks for.
func crowd(w *Weights, mails int) (out []Ranking) {
	for m := range mails {
		var cands []Candidate
		for a := range 12 {
			c := Candidate{Article: a}
			switch {
			case a == 0:
				c.Scores[ByText] = 0.50
			case a == 1+m%11:
				c.Scores[ByText] = 0.45 + 0.1*One(m%2 == 0)
			default:
				c.Scores[ByText] = 0.05
			}
			cands = append(cands, c)
		}
		out = append(out, w.Order(cands, 0, nil))
	}
	return out
}

// byText ranks by one scorer.
func byText() *Weights {
	return &Weights{
		Scorers: []Scorer{ByText}, Rank: []float64{1, 0}, Level: []Scorer{ByText}, Near: ByMail,
		First:      make([]float64, len(Signs{}.FirstAmong("", &Pool{}))),
		FirstAlone: make([]float64, len(Signs{}.First(""))),
		Fits:       make([]float64, len(Signs{}.FitsAmong("", &Pool{}))),
		FitsAlone:  make([]float64, len(Signs{}.Fits(""))),
	}
}

func TestWhatComesNearToEveryMailFallsBehind(t *testing.T) {
	for _, c := range []struct {
		name     string
		mails    int
		strength float64
		first    int // of the mails, so many in a hundred have their own article first
	}{
		{"many mails", 440, 1, 100},
		{"too few to know", LeastPool - 1, 1, 50},
		{"few", LeastPool, 1, 100},
		{"beside a long history", 440, HubsBeside(1), 50},
	} {
		w := byText()
		rankings := crowd(w, c.mails)
		hubs := NewHubs(rankings, 12, c.strength)
		right := 0
		for m, r := range rankings {
			if r.Among(hubs).Candidates[0].Article == 1+m%11 {
				right++
			}
		}
		if got := 100 * float64(right) / float64(c.mails); got < float64(c.first)-2 || got > float64(c.first)+2 {
			t.Errorf("%s: %.0f of 100 mails have their own article first, want %d", c.name, got, c.first)
		}
	}
}

// A ranking can be told twice how it stands among others.
func TestAmongOthers(t *testing.T) {
	rankings := crowd(byText(), 440)
	hubs := NewHubs(rankings, 12, 1)
	once := rankings[1].Among(hubs)
	lead := once.Signs.Lead
	twice := once.Among(hubs)
	if once.Candidates[0].Article != 2 || twice.Candidates[0].Article != 2 || twice.Signs.Lead != lead {
		t.Errorf("article %d first with %.2f, told again %d with %.2f", once.Candidates[0].Article, lead,
			twice.Candidates[0].Article, twice.Signs.Lead)
	}
	if none := (Ranking{}).Among(hubs); len(none.Candidates) > 0 {
		t.Error("a mail without candidates has some")
	}
}

func TestASnapshotKeepsHubs(t *testing.T) {
	hubs := NewHubs(crowd(byText(), 60), 12, 1)
	w := &wire.Writer{}
	hubs.Write(w)
	var none Hubs
	none.Write(w)
	r := &wire.Reader{In: w.Out}
	read := ReadHubs(r, 12)
	for a, v := range hubs {
		if len(read) != len(hubs) || read[a] != v {
			t.Fatalf("article %d had %v and has %v", a, v, read)
		}
	}
	if ReadHubs(r, 12) != nil || r.Err != nil {
		t.Error("none are read as some, or not at all:", r.Err)
	}
	if short := (&wire.Reader{In: w.Out}); ReadHubs(short, 13) != nil || short.Err == nil {
		t.Error("hubs of twelve articles are taken for those of thirteen")
	}
}
