package main

import (
	"encoding/gob"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/kb/internal/evidence"
	"github.com/replywell/replywell/shared/kb/internal/fuse"
)

// list is one mail with the evidence for each candidate.
type list struct {
	ID    string
	Gold  []int32 // places of the right ones among the candidates; empty: none fits
	Found [][]float32
}

// task is one set with one amount of history.
type task struct {
	Name, Group string
	History     float64
	Duplicates  bool // ranking of given candidates, not scored for confidence
	Lists       []list
	Hidden      []hidden // of its own history
	weight      float64
}

// hidden is a past mail that was hidden from an index.
type hidden struct {
	Found   [][]float32
	Gold    int
	History float64
}

func hide(x *evidence.Index, past []kb.Past) (out []hidden) {
	for _, h := range x.Hide(past) {
		y := hidden{Gold: h.Gold, History: h.History}
		for _, e := range h.Found {
			y.Found = append(y.Found, narrow(e))
		}
		out = append(out, y)
	}
	return out
}

func rows(path string) ([]map[string]string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	names := strings.Split(lines[0], "\t")
	unescape := strings.NewReplacer(`\n`, "\n", `\t`, "\t", `\\`, `\`)
	var out []map[string]string
	for _, l := range lines[1:] {
		r := map[string]string{}
		for i, f := range strings.Split(l, "\t") {
			r[names[i]] = unescape.Replace(f)
		}
		out = append(out, r)
	}
	return out, nil
}

// evidenceOf builds an index for every task and asks it about every query.
func evidenceOf(dir, cache string) ([]task, error) {
	var tasks []task
	if f, err := os.Open(cache); err == nil {
		defer f.Close()
		return tasks, gob.NewDecoder(f).Decode(&tasks)
	}
	sets, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var read []set
	for _, s := range sets {
		if s.IsDir() {
			one, err := readSet(filepath.Join(dir, s.Name()), s.Name(), &tasks)
			if err != nil {
				return nil, err
			}
			if one.name != "" {
				read = append(read, one)
			}
		}
	}
	for _, s := range read {
		s.ask(&tasks)
		s.draw(read, &tasks)
	}
	if cache != "" {
		f, err := os.Create(cache)
		if err != nil {
			return nil, err
		}
		if err := gob.NewEncoder(f).Encode(tasks); err != nil {
			return nil, err
		}
		return tasks, f.Close()
	}
	return tasks, nil
}

// set is one public set.
type set struct {
	name, group string
	articles    []article.Article
	queries     []map[string]string
	mails       []map[string]string // the queries as e-mails; may be empty
	histories   map[string][]kb.Past
	model       kb.Embedder
}

func readSet(dir, name string, tasks *[]task) (set, error) {
	arts, err := rows(filepath.Join(dir, "kb.tsv"))
	if err != nil {
		return set{}, err
	}
	s := set{name: name, group: strings.TrimSuffix(name, "oos"), histories: map[string][]kb.Past{"none": nil}}
	for _, r := range arts {
		s.articles = append(s.articles, article.Article{ID: r["id"], Title: r["title"], Body: r["body"]})
	}
	// As article.ReadArticles does: the classifier's training depends on their order.
	slices.SortFunc(s.articles, func(a, b article.Article) int { return strings.Compare(a.ID, b.ID) })
	if s.queries, err = rows(filepath.Join(dir, "queries.tsv")); err != nil {
		return set{}, err
	}
	if s.model, err = model(); err != nil {
		return set{}, err
	}
	if rels, err := rows(filepath.Join(dir, "qrels.tsv")); err == nil {
		return set{}, duplicates(s.name, s.group, evidence.Build(s.articles, nil, s.model), s.queries, rels, tasks)
	}
	s.mails, _ = rows(filepath.Join(dir, "queries_email.tsv"))
	for _, h := range amounts[1:] {
		rs, err := rows(filepath.Join(dir, "history_"+h+".tsv"))
		if err != nil {
			continue
		}
		for _, r := range rs {
			s.histories[h] = append(s.histories[h], kb.Past{Subject: r["subject"], Text: r["body"], Sent: []string{r["article"]}})
		}
	}
	return s, nil
}

// amounts of history that the sets have.
var amounts = []string{"none", "k1", "k5", "k10", "full"}

// ask builds an index for every amount of history and asks it about every query.
func (s set) ask(tasks *[]task) {
	for _, h := range amounts {
		past, ok := s.histories[h]
		full := s.name + "." + h
		if !ok || len(cli.Only) > 0 && !slices.ContainsFunc(cli.Only, func(p string) bool { return strings.HasPrefix(full, p) }) {
			continue
		}
		start := time.Now()
		x := evidence.Build(s.articles, past, s.model)
		built := time.Since(start)
		hid := hide(x, past)
		*tasks = append(*tasks, ask(full, s.group, x, s.articles, s.queries, hid))
		if cli.Talk && (h == "none" || h == "full") {
			s.askAround(full, x, hid, tasks)
		}
		fmt.Fprintln(os.Stderr, full, "built", built, "asked", time.Since(start)-built)
		if s.mails != nil && (h == "none" || h == "full") {
			*tasks = append(*tasks, ask(full+".email", s.group, x, s.articles, s.mails, hid))
		}
	}
}

func ask(name, group string, x *evidence.Index, articles []article.Article, queries []map[string]string, hid []hidden) task {
	t := task{Name: name, Group: group, History: x.History(), Hidden: hid}
	for _, q := range queries {
		l := list{ID: q["qid"]}
		for i, c := range x.Consider(x.Read(q["subject"], q["body"]), nil) {
			if slices.Contains(golds(q), articles[c.Article].ID) {
				l.Gold = append(l.Gold, int32(i))
			}
			l.Found = append(l.Found, narrow(c.Scores))
		}
		if q["gold"] != "-" && len(l.Gold) == 0 {
			l.Gold = []int32{-1} // right article not among the candidates
		}
		t.Lists = append(t.Lists, l)
	}
	return t
}

// golds are the articles that answer a query; any of them is right.
func golds(q map[string]string) []string {
	if q["golds"] != "" {
		return strings.Split(q["golds"], "|")
	}
	return []string{q["gold"]}
}

func duplicates(name, group string, x *evidence.Index, queries, rels []map[string]string, tasks *[]task) error {
	of := map[string][]string{}
	right := map[string]bool{}
	for _, r := range rels {
		of[r["qid"]] = append(of[r["qid"]], r["article"])
		right[r["qid"]+" "+r["article"]] = r["rel"] != "0"
	}
	t := task{Name: name, Group: group, History: x.History(), Duplicates: true}
	for _, q := range queries {
		l := list{ID: q["qid"]}
		for i, c := range x.Consider(x.Read(q["subject"], q["body"]), x.Places(of[q["qid"]])) {
			if right[q["qid"]+" "+x.Articles()[c.Article].ID] {
				l.Gold = append(l.Gold, int32(i))
			}
			l.Found = append(l.Found, narrow(c.Scores))
		}
		t.Lists = append(t.Lists, l)
	}
	*tasks = append(*tasks, t)
	return nil
}

func narrow(e fuse.Scores) []float32 {
	out := make([]float32, len(e))
	for i, v := range e {
		out[i] = float32(v)
	}
	return out
}

func widen(f []float32) (e fuse.Scores) {
	for j, v := range f {
		e[j] = float64(v)
	}
	return e
}

func (l list) candidates() []fuse.Candidate {
	out := make([]fuse.Candidate, len(l.Found))
	for i, f := range l.Found {
		out[i] = fuse.Candidate{Article: i, Scores: widen(f)}
	}
	return out
}

// families are what is left out together. The same questions in another language are no
// new kind of data, nor are those about fewer topics.
func families(tasks []task) (out []string) {
	for _, t := range tasks {
		if !slices.Contains(out, t.family()) {
			out = append(out, t.family())
		}
	}
	return out
}

func (t task) family() string {
	name, _, _ := strings.Cut(strings.TrimPrefix(t.Group, "ar"), "_")
	return name
}

func readWeights(path string) (*fuse.Weights, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	w := &fuse.Weights{}
	return w, json.Unmarshal(data, w)
}

func write(path string, w *fuse.Weights) error {
	round := func(x []float64) {
		for i := range x {
			x[i] = math.Round(x[i]*1e4) / 1e4
		}
	}
	round(w.Rank)
	round(w.First)
	round(w.FirstAlone)
	round(w.Fits)
	round(w.FitsAlone)
	data, err := json.Marshal(w)
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(data, '\n'), 0o644)
}
