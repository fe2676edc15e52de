package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/search/query"

	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/kb/article"
)

func main() {
	data := flag.String("data", "../../../../shared/eval/kb/data", "folder of the sets")
	sets := flag.String("sets", "", "only these sets, with commas between them")
	histories := flag.String("history", "none,k1,k5,k10,full", "only these histories")
	most := flag.Int("queries", 0, "of each set, the first so many; 0 is all")
	flag.Parse()
	if err := run(*data, *sets, *histories, *most); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// set is one knowledge base with its history and the mails asked.
type set struct {
	articles []article.Article
	past     []kb.Past
	mails    []asked
}

type asked struct{ subject, body, gold string }

func run(data, sets, histories string, most int) error {
	runtime.GOMAXPROCS(1) // one core for both
	fmt.Println("| data | R@1 bleve | R@1 ours | R@3 bleve | R@3 ours | ms a mail bleve, median | p99 | ours, median | p99 |")
	fmt.Println("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
	dirs, err := os.ReadDir(data)
	if err != nil {
		return fmt.Errorf("cannot read the sets: %w", err)
	}
	lost := 0
	for _, d := range dirs {
		if sets != "" && !slices.Contains(strings.Split(sets, ","), d.Name()) {
			continue
		}
		for _, h := range strings.Split(histories, ",") {
			s, ok, err := load(filepath.Join(data, d.Name()), h, most)
			if err != nil {
				return err
			}
			if !ok {
				continue
			}
			theirs, err := newBleve(s)
			if err != nil {
				return err
			}
			x := kb.Build(s.articles, s.past, kb.Model())
			a := measure(s, theirs.rank)
			b := measure(s, func(q asked) (out []string) {
				for _, s := range x.Score(q.subject, q.body, nil, 3).Suggestions {
					out = append(out, s.Article)
				}
				return out
			})
			if a.first > b.first || a.three > b.three {
				lost++
			}
			fmt.Printf("| %s.%s | %.3f | %.3f | %.3f | %.3f | %.1f | %.1f | %.1f | %.1f |\n", d.Name(), h, a.first, b.first, a.three, b.three, a.median, a.p99, b.median, b.p99)
		}
	}
	if lost > 0 {
		return fmt.Errorf("bleve is better in %d rows", lost)
	}
	return nil
}

type result struct{ first, three, median, p99 float64 }

func measure(s set, rank func(asked) []string) result {
	first, three, n := 0, 0, 0
	var took []float64
	for _, q := range s.mails {
		start := time.Now()
		ids := rank(q)
		took = append(took, float64(time.Since(start).Microseconds())/1000)
		if q.gold == "-" {
			continue // nothing answers it
		}
		n++
		if len(ids) > 0 && ids[0] == q.gold {
			first++
		}
		if slices.Contains(ids[:min(3, len(ids))], q.gold) {
			three++
		}
	}
	slices.Sort(took)
	return result{float64(first) / float64(n), float64(three) / float64(n), took[len(took)/2], took[len(took)*99/100]}
}

type theirs struct {
	index bleve.Index
	owner map[string]string
}

func newBleve(s set) (*theirs, error) {
	m := bleve.NewIndexMapping()
	m.DefaultAnalyzer = en.AnalyzerName
	x, err := bleve.NewMemOnly(m)
	if err != nil {
		return nil, err
	}
	t := &theirs{index: x, owner: map[string]string{}}
	batch := x.NewBatch()
	add := func(id, owner, title, body string) error {
		t.owner[id] = owner
		return batch.Index(id, map[string]string{"title": title, "body": body})
	}
	for _, a := range s.articles {
		if err := add("a"+a.ID, a.ID, a.Title, a.Body); err != nil {
			return nil, err
		}
	}
	for i, p := range s.past {
		// In both fields: bleve halves what matches in one of two only.
		text := p.Subject + "\n" + p.Text
		if err := add(fmt.Sprint("p", i), p.Sent[0], text, text); err != nil {
			return nil, err
		}
	}
	return t, x.Batch(batch)
}

func (t *theirs) rank(q asked) (out []string) {
	text := q.subject + "\n" + q.body
	if strings.TrimSpace(text) == "" {
		return nil
	}
	title, body := query.NewMatchQuery(text), query.NewMatchQuery(text)
	title.SetField("title")
	title.SetBoost(2)
	body.SetField("body")
	found, err := t.index.Search(bleve.NewSearchRequestOptions(bleve.NewDisjunctionQuery(title, body), 40, 0, false))
	if err != nil {
		return nil
	}
	for _, hit := range found.Hits {
		if id := t.owner[hit.ID]; !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// load reads a set; it is not ok where it has no such history.
func load(dir, history string, most int) (s set, ok bool, err error) {
	rows, err := table(filepath.Join(dir, "kb.tsv"))
	if err != nil {
		return s, false, err
	}
	for _, r := range rows {
		s.articles = append(s.articles, article.Article{ID: r["id"], Title: r["title"], Body: r["body"]})
	}
	if history != "none" {
		if rows, err = table(filepath.Join(dir, "history_"+history+".tsv")); err != nil {
			return s, false, nil
		}
		for _, r := range rows {
			s.past = append(s.past, kb.Past{Subject: r["subject"], Text: r["body"], Sent: []string{r["article"]}})
		}
	}
	rows, err = table(filepath.Join(dir, "queries.tsv"))
	if err != nil || len(rows) == 0 || rows[0]["gold"] == "" {
		return s, false, err // a set of another kind
	}
	for _, r := range rows {
		if most == 0 || len(s.mails) < most {
			s.mails = append(s.mails, asked{r["subject"], r["body"], r["gold"]})
		}
	}
	return s, true, nil
}

var unescape = strings.NewReplacer(`\n`, "\n", `\t`, "\t", `\\`, `\`)

func table(path string) (out []map[string]string, err error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read the set: %w", err)
	}
	lines := strings.Split(strings.TrimRight(string(data), "\n"), "\n")
	head := strings.Split(lines[0], "\t")
	for _, l := range lines[1:] {
		row := map[string]string{}
		for i, f := range strings.Split(l, "\t") {
			if i < len(head) {
				row[head[i]] = unescape.Replace(f)
			}
		}
		out = append(out, row)
	}
	return out, nil
}
