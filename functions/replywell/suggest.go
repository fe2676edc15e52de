package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/kb/encoders"
)

type suggestCmd struct {
	KB      string `name:"kb" required:"" help:"Folder of articles: Markdown files, or one articles.jsonl." placeholder:"DIR"`
	History string `help:"Past mails with the articles that were sent, one JSON object a line, oldest first." placeholder:"FILE"`
	Top     int    `default:"3" help:"How many articles to give for each mail."`
	Alone   bool   `help:"Take each mail as if it were the only one."`
}

// Help is what "replywell suggest --help" prints below the flags.
func (suggestCmd) Help() string {
	return `Standard input: one mail a line, {"id","subject","body"}, optionally "candidates": rank only these articles.
Standard output: {"id","suggestions":[{"article","confidence"}],"abstain"} for each; confidence is the probability
that the article is the right reply, and abstain says that nothing fits well enough to be shown.
A history's line is {"message":{"subject","body"},"sent":["article"]}; sent is [] where an agent answered by hand
because no article fitted. All mails are read first: what they look like together, and how many of the history were
answered by hand, tells how many have an answer at all, and so how sure each can be; and an article that comes near to
every mail counts for less. Fewer than 50 mails tell nothing. --alone takes each mail as if it were the only one. Mails
have no day here, so that articles count whatever their valid_until says.
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
	kb.Scoring
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
	// The mails first: an index takes a while to build, and a bad line is told at once.
	mails, errRead := readMails(article.NewLines(in))
	if len(mails) == 0 && errRead != io.EOF {
		return fmt.Errorf("standard input, %w; 0 mails before it were answered, and nothing after it", errRead)
	}
	tellPatience(articles, past, told)
	x := kb.Build(articles, past, encoders.Model())
	w := bufio.NewWriter(out)
	enc := json.NewEncoder(w)
	unknown, first := 0, 0
	for _, q := range mails {
		if slices.ContainsFunc(q.Candidates, func(id string) bool { _, known := x.Article(id); return !known }) {
			if unknown++; unknown == 1 {
				first = q.line
			}
		}
	}
	for _, a := range c.answer(x, mails) {
		if err := enc.Encode(a); err != nil {
			return fmt.Errorf("writing the answers: %w", err)
		}
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("writing the answers: %w", err)
	}
	if unknown > 0 {
		fmt.Fprintf(told, "standard input: %d of %s %s candidates that are no article of this folder, and are left out; first: line %d\n",
			unknown, counted(len(mails), "mail"), verb(unknown, "has", "have"), first)
	}
	if errRead == io.EOF {
		return nil
	}
	return fmt.Errorf("standard input, %w; %s before it %s answered, and nothing after it", errRead, counted(len(mails), "mail"), verb(len(mails), "was", "were"))
}

// manyWords are so many that the embedding models make a person wait: both together take
// about 0.4 milliseconds a word on one core.
const manyWords = 50_000

// tellPatience says how long it will take where that is long.
func tellPatience(articles []article.Article, past []kb.Past, told io.Writer) {
	n := 0
	for _, a := range articles {
		n += len(strings.Fields(a.Title)) + min(150, len(strings.Fields(a.Body)))
	}
	for _, p := range past {
		n += min(32, len(strings.Fields(p.Text)))
	}
	if n > manyWords {
		fmt.Fprintf(told, "Reading %d articles and %d past mails. The models need about %d seconds of one core for them.\n", len(articles), len(past), n*4/10_000)
	}
}

// readMails reads all mails, up to a line that cannot be read. The error is io.EOF at the end.
func readMails(lines *article.Lines) (mails []asked, err error) {
	for {
		var q asked
		if q.line, err = lines.Next("id, subject and body", &q); err != nil {
			return mails, err
		}
		mails = append(mails, q)
	}
}

func (c suggestCmd) answer(x *kb.Index, mails []asked) []answered {
	asked := make([]kb.Asked, len(mails))
	for i, q := range mails {
		asked[i] = kb.Asked{Subject: q.Subject, Text: q.Body, Only: q.Candidates}
	}
	out := make([]answered, len(mails))
	for i, a := range x.ScoreAll(asked, c.Top, !c.Alone) {
		out[i] = answered{mails[i].ID, a}
	}
	return out
}
