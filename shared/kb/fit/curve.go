package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"

	"github.com/replywell/replywell/shared/kb"
)

const (
	curveDraws = 3   // orders in which a history is drawn
	curveBuilt = 300 // mails of the index that late ones are added to
)

// curve prints how the ranking gets better with a set's first mails, drawn in some
// orders from its full history, and what mails are worth that are answered after the
// index was built: against none, and against an index that is built anew with them.
func curve(dir string) error {
	sets, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, d := range sets {
		if !d.IsDir() {
			continue
		}
		s, err := readSet(filepath.Join(dir, d.Name()), d.Name(), new([]task))
		if err != nil {
			return err
		}
		if full := s.histories["full"]; len(full) > 0 {
			s.curve(full)
		}
	}
	return nil
}

func (s set) curve(full []kb.Past) {
	first, late, built := map[int]float64{}, map[int]float64{}, map[int]float64{}
	steps := []int{0, 30, 60, 100, 200, 300, 500}
	after := []int{0, 50, 200}
	for draw := range curveDraws {
		past := slices.Clone(full)
		r := rand.New(rand.NewPCG(uint64(draw), 2))
		r.Shuffle(len(past), func(i, j int) { past[i], past[j] = past[j], past[i] })
		for _, n := range steps {
			first[n] += s.right(kb.Build(s.articles, past[:min(n, len(past))], s.model)) / curveDraws
		}
		before := min(curveBuilt, len(past)/2)
		x := kb.Build(s.articles, past[:before], s.model)
		for _, n := range after {
			var since []kb.Recent
			to := min(before+n, len(past))
			for _, p := range past[before:to] {
				sense, wide := kb.Sense(s.model, p.Subject, p.Text)
				since = append(since, kb.Recent{Past: p, Sense: sense, Wide: wide})
			}
			late[n] += s.right(x.WithRecent(since, kb.ModelName(s.model))) / curveDraws
			built[n] += s.right(kb.Build(s.articles, past[:to], s.model)) / curveDraws
		}
	}
	fmt.Printf("%-20s", s.name)
	for _, n := range steps {
		fmt.Printf("  %d mails %.3f", n, first[n])
	}
	fmt.Println()
	for _, n := range after[1:] {
		fmt.Printf("%-20s  index of %.3f, with %d mails since %.3f, built anew with them %.3f\n", s.name, late[0], n, late[n], built[n])
	}
}

// right is the share of the answerable mails whose article comes first.
func (s set) right(x *kb.Index) float64 {
	var asked []kb.Asked
	var gold []string
	for _, q := range s.queries {
		if q["gold"] != "-" {
			asked, gold = append(asked, kb.Asked{Subject: q["subject"], Text: q["body"]}), append(gold, q["gold"])
		}
	}
	n := 0.0
	for i, a := range x.ScoreAll(asked, 1, false) {
		if len(a.Suggestions) > 0 && a.Suggestions[0].Article == gold[i] {
			n++
		}
	}
	return n / float64(len(asked))
}
