package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/replywell/replywell/shared/kb"
)

type suggestCmd struct {
	KB      string `name:"kb" required:"" help:"Folder of articles: Markdown files, or one articles.jsonl." placeholder:"DIR"`
	History string `help:"Past mails with the articles that were sent, one JSON object a line, oldest first." placeholder:"FILE"`
	Top     int    `default:"3" help:"How many articles to give for each mail."`
}

// Help is what "replywell suggest --help" prints below the flags.
func (suggestCmd) Help() string {
	return `Standard input: one mail a line, {"id","subject","body"}, optionally "candidates": rank only these articles.
Standard output: {"id","suggestions":[{"article","confidence"}],"abstain"} for each; confidence is the probability
that the article is the right reply, and abstain says that nothing fits well enough to be shown.
A history's line is {"message":{"subject","body"},"sent":["article"]}.`
}

// asked is a mail on standard input.
type asked struct {
	ID         string   `json:"id"`
	Subject    string   `json:"subject"`
	Body       string   `json:"body"`
	Candidates []string `json:"candidates"`
}

type answered struct {
	ID string `json:"id"`
	kb.Answer
}

// Run ranks the articles for every mail on standard input.
func (c suggestCmd) Run() error { return c.run(os.Stdin, os.Stdout) }

func (c suggestCmd) run(in io.Reader, out io.Writer) error {
	if c.Top < 1 {
		return fmt.Errorf("--top %d: give at least 1", c.Top)
	}
	articles, errArticles := readArticles(c.KB)
	past, errPast := readHistory(c.History)
	if err := errors.Join(errArticles, errPast); err != nil {
		return err
	}
	x := kb.Build(articles, past, kb.Model())
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 64<<10), kb.MaxLine)
	w := bufio.NewWriter(out)
	enc := json.NewEncoder(w)
	for n := 1; ; {
		mails, err := c.readMails(lines, &n)
		for _, a := range c.answer(x, mails) {
			if err := enc.Encode(a); err != nil {
				return fmt.Errorf("writing the answers: %w", err)
			}
		}
		if err != nil || len(mails) == 0 {
			return errors.Join(w.Flush(), err)
		}
	}
}

// together is how many mails are ranked at a time, on all cores.
const together = 64

// readMails reads the next mails; none are left when it gives none. Line is the
// number of the next line.
func (c suggestCmd) readMails(lines *bufio.Scanner, line *int) (mails []asked, err error) {
	for ; len(mails) < together && lines.Scan(); *line++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		var q asked
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			return mails, fmt.Errorf("standard input, line %d is not a JSON object with id, subject and body: %w", *line, err)
		}
		mails = append(mails, q)
	}
	if err := lines.Err(); err != nil {
		return mails, fmt.Errorf("reading standard input: %w (a line has at most %d bytes)", err, kb.MaxLine)
	}
	return mails, nil
}

func (c suggestCmd) answer(x *kb.Index, mails []asked) []answered {
	out := make([]answered, len(mails))
	var done sync.WaitGroup
	for i, q := range mails {
		done.Go(func() { out[i] = answered{q.ID, x.Score(q.Subject, q.Body, q.Candidates, c.Top)} })
	}
	done.Wait()
	return out
}

// readArticles reads a folder of Markdown files or, where there is one, its articles.jsonl.
func readArticles(dir string) ([]kb.Article, error) {
	info, err := os.Stat(dir)
	switch {
	case err != nil:
		return nil, fmt.Errorf("cannot read the articles: %w; name a folder of Markdown files", err)
	case !info.IsDir():
		return nil, fmt.Errorf("%s is a file; name the folder that the articles are in", dir)
	}
	f, err := os.Open(filepath.Join(dir, "articles.jsonl"))
	if errors.Is(err, fs.ErrNotExist) {
		return kb.Load(os.DirFS(dir))
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read the articles: %w", err)
	}
	defer func() { _ = f.Close() }()
	articles, err := kb.ReadArticles(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name(), err)
	}
	return articles, nil
}

// readHistory reads a history; without a name there is none.
func readHistory(name string) ([]kb.Past, error) {
	if name == "" {
		return nil, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("cannot read the history: %w", err)
	}
	defer func() { _ = f.Close() }()
	past, err := kb.ReadHistory(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return past, nil
}
