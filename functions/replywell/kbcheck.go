package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/kb/article"
)

type kbCheckCmd struct {
	kbFolder
	Online bool `help:"Also ask for each whole address that the articles link to."`
}

// Run checks the folder; it ends with 1 where there is a problem.
func (c kbCheckCmd) Run() error { return c.run(os.Stdout) }

func (c kbCheckCmd) run(out io.Writer) error {
	review, _, err := reviewFolder(c.KB)
	if err != nil {
		return err
	}
	if c.Online {
		problems, hints := asker{http.DefaultTransport}.ask(review.Articles)
		review.Problems, review.Hints = append(review.Problems, problems...), append(review.Hints, hints...)
	}
	return tell(out, review)
}

// tell prints what was found.
func tell(out io.Writer, r article.Review) error {
	for _, h := range r.Hints {
		fmt.Fprintf(out, "%v (a hint)\n", h)
	}
	for _, p := range r.Problems {
		fmt.Fprintln(out, p)
	}
	if n := len(r.Problems); n > 0 {
		are := "they are"
		if n == 1 {
			are = "it is"
		}
		return fmt.Errorf("%s in the articles; nothing is published until %s mended", counted(n, "problem"), are)
	}
	what := counted(len(r.Articles), "article")
	if n := len(r.Templates); n > 0 {
		what += ", " + counted(n, "template")
	}
	fmt.Fprintf(out, "%s, no problem, %s\n", what, counted(len(r.Hints), "hint"))
	return nil
}

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// reviewFolder reads and checks a folder of articles.
func reviewFolder(dir string) (article.Review, map[string][]byte, error) {
	files, inOne, err := articlesIn(dir)
	if err != nil {
		return article.Review{}, nil, err
	}
	if inOne {
		return article.Review{}, nil, fmt.Errorf("%s has its articles in %s, which is for ranking only; what is checked and published is a folder of Markdown files", dir, oneFile)
	}
	if len(files) == 0 {
		return article.Review{}, nil, noArticles(dir)
	}
	root := os.DirFS(dir)
	beside := func(path string) bool {
		info, err := fs.Stat(root, path)
		return err == nil && !info.IsDir()
	}
	review := article.Check(files, beside, kb.Day(time.Now()))
	for _, p := range article.Misnamed(root) {
		review.Hints = append(review.Hints, article.Problem{File: p, What: "is left out, because the name of an article ends in .md, in small letters; rename the file"})
	}
	return review, files, nil
}

// noArticles says that a folder is empty.
func noArticles(dir string) error {
	return fmt.Errorf("there are no articles in %s; an article is a file there, or in a folder below, whose name ends in .md, in small letters", dir)
}

// asker asks for the addresses that articles link to.
type asker struct{ transport http.RoundTripper }

const (
	askAtOnce = 8
	askWithin = 15 * time.Second
)

// ask gives a problem for an address that is gone, and a hint for one that
// could not be judged: many sites turn programs away.
func (k asker) ask(articles []article.Article) (problems, hints []article.Problem) {
	where := map[string][]string{}
	for _, a := range articles {
		for _, l := range article.Links(a) {
			if f := a.ID + ".md"; (strings.HasPrefix(l.Target, "http://") || strings.HasPrefix(l.Target, "https://")) && !slices.Contains(where[l.Target], f) {
				where[l.Target] = append(where[l.Target], f)
			}
		}
	}
	var mu sync.Mutex
	var done sync.WaitGroup
	slots := make(chan struct{}, askAtOnce)
	for address, files := range where {
		done.Go(func() {
			slots <- struct{}{}
			gone, doubt := k.one(address)
			<-slots
			mu.Lock()
			defer mu.Unlock()
			for _, f := range files {
				if gone != "" {
					problems = append(problems, article.Problem{File: f, What: fmt.Sprintf("the link %s leads nowhere: %s; mend it, or take it out", address, gone)})
				} else if doubt != "" {
					hints = append(hints, article.Problem{File: f, What: fmt.Sprintf("the link %s could not be followed: %s; look at it in a browser", address, doubt)})
				}
			}
		})
	}
	done.Wait()
	byPlace := func(a, b article.Problem) int { return strings.Compare(a.Error(), b.Error()) }
	slices.SortFunc(problems, byPlace)
	slices.SortFunc(hints, byPlace)
	return problems, hints
}

func (k asker) one(address string) (gone, doubt string) {
	ctx, cancel := context.WithTimeout(context.Background(), askWithin)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err.Error(), ""
	}
	req.Header.Set("User-Agent", "replywell-kb-check")
	res, err := (&http.Client{Transport: k.transport}).Do(req)
	if err != nil {
		return "", err.Error()
	}
	defer res.Body.Close()
	switch {
	case res.StatusCode == http.StatusNotFound || res.StatusCode == http.StatusGone:
		return "the site answers " + res.Status, ""
	case res.StatusCode >= 400:
		return "", "the site answers " + res.Status
	}
	return "", ""
}
