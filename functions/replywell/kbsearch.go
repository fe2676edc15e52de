package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
	"unicode"

	"github.com/replywell/replywell/shared/cloud"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/index"
	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/kb/encoders"
	"github.com/replywell/replywell/shared/local"
)

type kbSearchCmd struct {
	KB      string   `name:"kb" xor:"where" help:"Folder of articles (kb)." placeholder:"DIR"`
	Data    string   `xor:"where" help:"Search what is published to the data folder of replywell local, with what was learnt there." placeholder:"DIR"`
	Stack   string   `xor:"where" help:"Search what is published to this deployed stack, with what was learnt there." placeholder:"STACK"`
	History string   `help:"Past mails with the articles that were sent, as for suggest; for a folder only." placeholder:"FILE"`
	Top     int      `default:"3" help:"How many articles to give."`
	Words   []string `arg:"" help:"What a customer would write."`
}

// Help is what "replywell kb search --help" prints below the flags.
func (kbSearchCmd) Help() string {
	return `It ranks for a mail of these words, of today, as agents would see it: which articles their mail would show, with
the passage and why. A folder is ranked by its articles alone, or with --history. What is published is ranked as
the system does: with the answers of the past, and with what became of each suggestion up to minutes ago.`
}

// inMail is how many articles a mail to agents shows at most.
const inMail = 3

// Run prints the ranking.
func (c kbSearchCmd) Run() error {
	return c.run(context.Background(), os.Stdout, os.Stderr, time.Now())
}

func (c kbSearchCmd) run(ctx context.Context, out, told io.Writer, now time.Time) error {
	if c.Top < 1 {
		return fmt.Errorf("--top %d: give at least 1", c.Top)
	}
	if c.KB == "" {
		c.KB = "kb"
	}
	words := strings.Join(c.Words, " ")
	if !hasWords(words) {
		return errors.New("there are no words to search for; write what a customer would, as in: replywell kb search where is my parcel")
	}
	k, err := c.knowledge(ctx, told, now)
	if err != nil {
		return err
	}
	today := k.AsOf(kb.Day(now))
	shown := today.Suggest("", words, inMail)
	for i, s := range today.Score("", words, nil, c.Top).Suggestions {
		a, _ := today.Article(s.Article)
		if i < len(shown) {
			fmt.Fprintf(out, "%d. %s (%s, %s)  %s\n   In a mail it would be shown.\n", i+1, article.Printable(a.Title), kb.InWords(s.Confidence), percent(s.Confidence), article.Printable(a.ID))
			tellWhy(out, shown[i])
		} else { // words are for what is shown
			fmt.Fprintf(out, "%d. %s (%s)  %s\n   In a mail it would not be shown.\n", i+1, article.Printable(a.Title), percent(s.Confidence), article.Printable(a.ID))
		}
		if a.Internal() {
			fmt.Fprintln(out, "   Internal: agents see it, and it is never sent.")
		}
	}
	for i, s := range k.AsOf(0).Score("", words, nil, c.Top).Suggestions {
		if a, _ := k.Article(s.Article); a.ExpiredOn(kb.Day(now)) {
			fmt.Fprintf(out, "-  %s  %s\n   Left out: it was valid until %s. Else it would be number %d (%s).\n", article.Printable(a.Title), article.Printable(a.ID), a.ValidUntil, i+1, percent(s.Confidence))
		}
	}
	if len(shown) == 0 {
		fmt.Fprintln(out, "In a mail no article would be shown: it is not likely enough that one of them is right.")
	}
	if past := k.answered(words); len(shown) == 0 && past > 0 {
		fmt.Fprintf(out, "Agents would see what colleagues answered: %s.\n", counted(past, "answer"))
	}
	return nil
}

// hasWords reports whether a text says anything: it has a letter or a digit.
func hasWords(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })
}

// percent is a probability for people.
func percent(p float64) string {
	if p < 0.005 {
		return "under 1 %"
	}
	return fmt.Sprintf("%.0f %%", 100*p)
}

// tellWhy prints what an agent would read of an article.
func tellWhy(out io.Writer, s desk.Suggestion) {
	for l := range strings.Lines(s.Passage) {
		fmt.Fprintf(out, "   | %s\n", article.Printable(strings.TrimRight(l, "\n")))
	}
	var why []string
	if s.Because != "" {
		words := "words "
		if !strings.Contains(s.Because, ", ") {
			words = "word "
		}
		why = append(why, "it has the "+words+s.Because)
	}
	if s.AlikeOf > 0 && s.Alike > 0 {
		why = append(why, fmt.Sprintf("it was sent for %d of the %d past mails that are most like it", s.Alike, s.AlikeOf))
	}
	if len(why) > 0 {
		fmt.Fprintf(out, "   Why: %s.\n", strings.Join(why, "; "))
	}
}

// searched is what is searched: a folder, or what is published.
type searched struct {
	*kb.Index
	published *index.Knowledge // nil: a folder
}

// answered is how many answers of colleagues a mail would show.
func (s searched) answered(words string) int {
	if s.published == nil {
		return 0
	}
	return len(s.published.Answered("", words, 2))
}

func (c kbSearchCmd) knowledge(ctx context.Context, told io.Writer, now time.Time) (searched, error) {
	if c.Data == "" && c.Stack == "" {
		articles, err := readArticles(c.KB)
		if err != nil {
			return searched{}, err
		}
		if len(articles) == 0 {
			return searched{}, noArticles(c.KB)
		}
		past, err := readHistory(c.History, articles, told)
		if err != nil {
			return searched{}, err
		}
		return searched{Index: kb.Build(articles, past, encoders.Model())}, nil
	}
	if c.History != "" {
		return searched{}, errors.New("--history is for a folder; what is published has its own")
	}
	clock := func() time.Time { return now }
	var k *index.Knowledge
	next := "publish some with replywell kb push; it is built within a few minutes"
	if c.Data != "" {
		publisher, err := local.NewPublisher(c.Data)
		if err != nil {
			return searched{}, err
		}
		reader := &index.Reader{Bucket: publisher, Model: encoders.Model(), Now: clock}
		if k, err = reader.Knowledge(ctx); err != nil {
			return searched{}, err
		}
		learnt, err := index.CopiedLearned(ctx, publisher)
		if err != nil {
			return searched{}, err
		}
		late, model, err := index.Recent(ctx, publisher, learnt)
		if err != nil {
			fmt.Fprintf(told, "Mails are compared with older ones only: %v.\n", err)
		}
		k.Index = k.WithRecent(late, model).WithLearned(learnt, kb.Day(now))
		next = fmt.Sprintf("start replywell local --data %s, which builds it", c.Data)
	} else {
		cfg, err := cloud.Connect(ctx)
		if err != nil {
			return searched{}, err
		}
		reader, err := cloud.StackKnowledge(ctx, cfg, c.Stack, encoders.Model(), clock)
		if err != nil {
			return searched{}, err
		}
		if k, err = reader.Knowledge(ctx); err != nil {
			return searched{}, err
		}
	}
	if k.Len() == 0 {
		return searched{}, fmt.Errorf("there is no index of articles in %s%s yet; %s", c.Data, c.Stack, next)
	}
	return searched{k.Index, k}, nil
}
