package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"

	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/kb/internal/evidence"
)

// The public sets are few, and each has one share of mails without an answer:
// constants fitted on them alone would learn to tell the sets apart and take
// that for knowledge. So teams are drawn from each set: some of its articles, so
// that mails about the others have no answer; some of its history, as uneven as
// real ones; and mails of which all have an answer, for half the teams, or a share
// down to a fifth. Mails without one are about the articles that were taken away,
// or about what another set is about, as any mailbox gets some.

const (
	mostQueries   = 250
	leastOfTeam   = 8    // articles
	mostOfHistory = 1000 // mails, to save time
)

// draw adds teams. The same set gives the same teams.
func (s set) draw(all []set, tasks *[]task) {
	most := s.histories["none"]
	for _, h := range amounts {
		if len(s.histories[h]) > len(most) {
			most = s.histories[h]
		}
	}
	var far []map[string]string
	for _, o := range all {
		if o.group != s.group {
			far = append(far, o.queries...)
		}
	}
	for i := range cli.Teams {
		name := fmt.Sprintf("%s~%02d", s.name, i)
		seed := uint64(i + 1)
		for _, b := range []byte(s.name) {
			seed = seed*1099511628211 + uint64(b)
		}
		*tasks = append(*tasks, s.team(name, most, far, rand.New(rand.NewPCG(seed, 5))))
		fmt.Fprintln(os.Stderr, name)
	}
}

func (s set) team(name string, history []kb.Past, far []map[string]string, r *rand.Rand) task {
	kept := map[string]bool{}
	var articles []article.Article
	n := max(leastOfTeam, int(float64(len(s.articles))*(0.3+0.7*r.Float64())))
	for _, i := range r.Perm(len(s.articles))[:min(n, len(s.articles))] {
		kept[s.articles[i].ID] = true
	}
	for _, a := range s.articles {
		if kept[a.ID] {
			articles = append(articles, a)
		}
	}
	past := pick(history, articles, r)
	queries := s.queries
	if s.mails != nil && r.IntN(3) == 0 {
		queries = s.mails
	}
	x := evidence.Build(articles, past, s.model)
	return ask(name, s.group, x, articles, mix(queries, far, kept, r), hide(x, past))
}

// pick draws a history: none for a third of the teams.
func pick(history []kb.Past, articles []article.Article, r *rand.Rand) (past []kb.Past) {
	if len(history) == 0 || r.IntN(3) == 0 {
		return nil
	}
	mean := math.Exp(r.Float64() * math.Log(60))
	left := map[string]int{}
	for _, a := range articles {
		n := mean
		if r.IntN(2) == 0 {
			n *= r.ExpFloat64()
		}
		left[a.ID] = int(n + r.Float64())
	}
	for _, i := range r.Perm(len(history)) {
		if p := history[i]; left[p.Sent[0]] > 0 && len(past) < mostOfHistory {
			left[p.Sent[0]]--
			past = append(past, p)
		}
	}
	return past
}

// mix draws the mails that are asked about. One about an article that the team
// does not have has no answer, nor has one of another set.
func mix(queries, far []map[string]string, kept map[string]bool, r *rand.Rand) (out []map[string]string) {
	var answered, near []map[string]string
	for _, i := range r.Perm(len(queries)) {
		if q := queries[i]; slices.ContainsFunc(golds(q), func(g string) bool { return kept[g] }) {
			answered = append(answered, q)
		} else {
			near = append(near, without(q, "near"))
		}
	}
	share := 1.0
	if r.IntN(2) == 0 {
		share = 0.2 + 0.75*r.Float64()
	}
	size := min(mostQueries, int(float64(len(answered))/share))
	out = append(out, answered[:int(float64(size)*share)]...)
	ofNear := min(len(near), int(float64(size-len(out))*(0.3+0.6*r.Float64())))
	out = append(out, near[:ofNear]...)
	for _, i := range r.Perm(len(far))[:min(len(far), size-len(out))] {
		out = append(out, without(far[i], "far"))
	}
	return out
}

func without(q map[string]string, kind string) map[string]string {
	return map[string]string{"qid": kind + q["qid"], "gold": "-", "subject": q["subject"], "body": q["body"]}
}
