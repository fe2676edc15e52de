package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
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
A history's line is {"message":{"subject","body"},"sent":["article"]}; sent is [] where an agent answered by hand
because no article fitted. Mails have no day here, so that articles count whatever their valid_until says.
It ends with 1 at a line that cannot be read; the mails before it are answered.`
}

// asked is a mail on standard input.
type asked struct {
	ID         string   `json:"id"`
	Subject    string   `json:"subject"`
	Body       string   `json:"body"`
	Candidates []string `json:"candidates"`

	line int // of the input
}

type answered struct {
	ID string `json:"id"`
	kb.Answer
}

// Run ranks the articles for every mail on standard input.
func (c suggestCmd) Run() error { return c.run(os.Stdin, os.Stdout, os.Stderr) }

func (c suggestCmd) run(in io.Reader, out, told io.Writer) error {
	if c.Top < 1 {
		return fmt.Errorf("--top %d: give at least 1", c.Top)
	}
	articles, errArticles := readArticles(c.KB)
	past, errPast := readHistory(c.History, articles, told)
	if err := errors.Join(errArticles, errPast); err != nil {
		return err
	}
	x := kb.Build(articles, past, kb.Model())
	lines := kb.NewLines(in)
	w := bufio.NewWriter(out)
	enc := json.NewEncoder(w)
	read, strange, first := 0, 0, 0
	for {
		mails, errRead := readMails(lines)
		for _, q := range mails {
			if slices.ContainsFunc(q.Candidates, func(id string) bool { _, known := x.Article(id); return !known }) {
				if strange++; strange == 1 {
					first = q.line
				}
			}
		}
		for _, a := range c.answer(x, mails) {
			if err := enc.Encode(a); err != nil {
				return fmt.Errorf("writing the answers: %w", err)
			}
		}
		read += len(mails)
		if errRead == nil {
			continue
		}
		if err := w.Flush(); err != nil {
			return fmt.Errorf("writing the answers: %w", err)
		}
		if strange > 0 {
			fmt.Fprintf(told, "standard input: %d of %s %s candidates that are no article of this folder, and are left out; first: line %d\n",
				strange, counted(read, "mail"), verb(strange, "has", "have"), first)
		}
		if errRead == io.EOF {
			return nil
		}
		return fmt.Errorf("standard input, %w; %s before it %s answered, and nothing after it", errRead, counted(read, "mail"), verb(read, "was", "were"))
	}
}

// together is how many mails are ranked at a time, on all cores.
const together = 64

// readMails reads the next mails. With an error, io.EOF at the end, there are no more.
func readMails(lines *kb.Lines) (mails []asked, err error) {
	for len(mails) < together {
		var q asked
		if q.line, err = lines.Next("id, subject and body", &q); err != nil {
			return mails, err
		}
		mails = append(mails, q)
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
