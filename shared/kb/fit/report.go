package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/kb/internal/fuse"
)

type outcome struct {
	confidence        float64
	right, answerable bool
	id                string
}

// report prints the figures of every task, or of one group's.
func report(tasks []task, w *fuse.Weights, group string) {
	errors, alone, n, ofTeams, teams := 0.0, 0.0, 0.0, 0.0, 0.0
	var words [3]band
	for _, t := range tasks {
		if group != "" && t.family() != group {
			continue
		}
		if t.Duplicates {
			fmt.Printf("%-34s MAP %.3f\n", t.Name, averagePrecision(t, w))
			continue
		}
		if strings.Contains(t.Name, "~") {
			var unseen [3]band
			e, _ := reportTask(t, w, &unseen)
			ofTeams, teams = ofTeams+e, teams+1
			continue
		}
		e, a := reportTask(t, w, &words)
		errors, alone, n = errors+e, alone+a, n+1
	}
	if n == 0 {
		return
	}
	fmt.Printf("mean calibration error %.3f, each mail alone %.3f, threshold %.2f; %.0f drawn teams %.3f\n", errors/n, alone/n, w.Threshold, teams, ofTeams/max(1, teams))
	for i, name := range []string{"very likely", "likely", "0.9 or more"} {
		fmt.Printf("%-12s %6.0f first articles, %.3f of them right\n", name, words[i].shown, words[i].right/max(1, words[i].shown))
	}
}

// band is how often a confidence that has a name was said, and was right.
type band struct{ shown, right float64 }

func (o outcome) count(words *[3]band) {
	for i, in := range []bool{o.confidence >= kb.VeryLikely, o.confidence >= kb.Likely && o.confidence < kb.VeryLikely, o.confidence >= 0.9} {
		if in {
			words[i].shown++
			if o.right {
				words[i].right++
			}
		}
	}
}

// reportTask gives the calibration error with what is known of the task's other
// mails, and without.
func reportTask(t task, w *fuse.Weights, words *[3]band) (together, alone float64) {
	var out, single []outcome
	each := t.judge(w)
	all := t.among(each)
	p := pool(all, w)
	first, three, answerable := 0.0, 0.0, 0.0
	for i, j := range all {
		single = append(single, outcome{confidence: each[i].ranking.Confidence, right: each[i].right})
		r := j.ranking
		r.Judge(p, nil)
		o := outcome{answerable: j.answerable, id: t.Lists[i].ID, right: j.right, confidence: r.Confidence}
		for _, c := range r.Candidates[:min(3, len(r.Candidates))] {
			if slices.Contains(t.Lists[i].Gold, int32(c.Article)) {
				three++
			}
		}
		if o.right {
			first++
		}
		if o.answerable {
			answerable++
		}
		o.count(words)
		out = append(out, o)
	}
	line := fmt.Sprintf("%-34s R@1 %.3f R@3 %.3f", t.Name, first/answerable, three/answerable)
	for _, kind := range []string{"near", "far"} {
		if a := separation(out, kind); !math.IsNaN(a) {
			line += fmt.Sprintf(" AUROC %s %.3f", kind, a)
		}
	}
	for _, o := range [][]outcome{out, single} {
		slices.SortStableFunc(o, func(a, b outcome) int { return cmp.Compare(b.confidence, a.confidence) })
	}
	good, covered, shown, shownRight := 0.0, 0.0, 0.0, 0.0
	for i, o := range out {
		if o.right {
			good++
		}
		if good/float64(i+1) >= 0.95 {
			covered = good
		}
		if o.confidence >= w.Threshold {
			shown++
			if o.right {
				shownRight++
			}
		}
	}
	together, alone = calibrationError(out), calibrationError(single)
	if !strings.Contains(t.Name, "~") {
		fmt.Printf("%s cov@95 %.3f showP %.3f showR %.3f ECE %.3f alone %.3f\n", line, covered/answerable, shownRight/max(1, shown), shownRight/answerable, together, alone)
	}
	return together, alone
}

// separation is the area under the ROC curve: answerable against one kind of others.
func separation(out []outcome, kind string) float64 {
	wins, pairs := 0.0, 0.0
	for _, a := range out {
		if !a.answerable {
			continue
		}
		for _, b := range out {
			if b.answerable || !strings.HasPrefix(b.id, kind) {
				continue
			}
			pairs++
			switch {
			case a.confidence > b.confidence:
				wins++
			case a.confidence == b.confidence:
				wins += 0.5
			}
		}
	}
	return wins / pairs
}

func calibrationError(sorted []outcome) float64 {
	const bins = 10
	e := 0.0
	for b := range bins {
		part := sorted[b*len(sorted)/bins : (b+1)*len(sorted)/bins]
		c, r := 0.0, 0.0
		for _, o := range part {
			c += o.confidence
			if o.right {
				r++
			}
		}
		e += math.Abs(c-r) / float64(len(sorted))
	}
	return e
}

func averagePrecision(t task, w *fuse.Weights) float64 {
	sum, n := 0.0, 0.0
	calibration := t.calibration(w)
	for _, l := range t.Lists {
		if len(l.Gold) == 0 {
			continue
		}
		hits, precision := 0.0, 0.0
		for i, c := range w.Order(l.candidates(), t.History, calibration).Candidates {
			if slices.Contains(l.Gold, int32(c.Article)) {
				hits++
				precision += hits / float64(i+1)
			}
		}
		sum += precision / float64(len(l.Gold))
		n++
	}
	return sum / n
}
