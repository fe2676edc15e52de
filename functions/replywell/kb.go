package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/kb"
)

// kbCmd holds the commands for the knowledge base's folder.
type kbCmd struct {
	Check  kbCheckCmd  `cmd:"" help:"Check every article and report all problems."`
	Search kbSearchCmd `cmd:"" help:"Rank the articles for some words, as they would be for a mail."`
	Show   kbShowCmd   `cmd:"" help:"Print an article as it is sent to a customer."`
	Draft  kbDraftCmd  `cmd:"" help:"Make a draft article of an answer, personal data removed."`
}

type kbFolder struct {
	KB string `name:"kb" default:"kb" help:"Folder of articles." placeholder:"DIR"`
}

type kbCheckCmd struct{ kbFolder }

// Run checks the folder; the error names every problem.
func (c kbCheckCmd) Run() error {
	articles, err := readArticles(c.KB)
	if err != nil {
		return err
	}
	problems, hints := kb.Check(articles)
	for _, h := range hints {
		fmt.Println("hint:", h)
	}
	for _, p := range problems {
		fmt.Println(p)
	}
	if len(problems) > 0 {
		return fmt.Errorf("%d problems in %d articles; mend them before the articles are used", len(problems), len(articles))
	}
	fmt.Printf("%d articles, no problem\n", len(articles))
	return nil
}

type kbSearchCmd struct {
	kbFolder
	History string   `help:"Past mails with the articles that were sent, as for suggest." placeholder:"FILE"`
	Top     int      `default:"3" help:"How many articles to give."`
	Words   []string `arg:"" help:"What a customer would write."`
}

// Run prints the ranking.
func (c kbSearchCmd) Run() error { return c.run(os.Stdout) }

func (c kbSearchCmd) run(out io.Writer) error {
	articles, err := readArticles(c.KB)
	if err != nil {
		return err
	}
	past, err := readHistory(c.History)
	if err != nil {
		return err
	}
	x := kb.Build(articles, past, kb.Model())
	words := strings.Join(c.Words, " ")
	answer := x.Score("", words, nil, c.Top)
	for _, s := range answer.Suggestions {
		a, _ := x.Article(s.Article)
		fmt.Fprintf(out, "%3.0f %%  %s  %s\n", 100*s.Confidence, s.Article, a.Title)
	}
	if answer.Abstain {
		fmt.Fprintln(out, "In a mail nothing would be shown: the first is not likely enough to be right.")
	}
	return nil
}

type kbShowCmd struct {
	kbFolder
	Article string `arg:"" help:"The article's id: its path without .md."`
}

// Run prints the article's title and mail text.
func (c kbShowCmd) Run() error {
	articles, err := readArticles(c.KB)
	if err != nil {
		return err
	}
	for _, a := range articles {
		if a.ID == strings.TrimSuffix(c.Article, ".md") {
			if a.Internal() {
				fmt.Println("(internal: never sent to customers)")
			}
			fmt.Printf("%s\n\n%s\n", a.Title, a.MailText())
			return nil
		}
	}
	return fmt.Errorf("there is no article %q in %s; see its files, or search with: replywell kb search", c.Article, c.KB)
}

type kbDraftCmd struct {
	Answer string `arg:"" help:"The agent's answer, as a raw mail."`
	To     string `help:"The customer's mail that it answers, as a raw mail." placeholder:"FILE"`
}

// Run prints the draft.
func (c kbDraftCmd) Run() error { return c.run(os.Stdout) }

func (c kbDraftCmd) run(out io.Writer) error {
	read := func(name string) (*email.Mail, error) {
		raw, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("cannot read the mail: %w", err)
		}
		return email.Read(bytes.TrimLeft(raw, "\n"), ""), nil
	}
	answer, err := read(c.Answer)
	if err != nil {
		return err
	}
	question := ""
	subject := answer.Report().Subject
	if c.To != "" {
		q, err := read(c.To)
		if err != nil {
			return err
		}
		question = q.Report().VisibleReply
	}
	_, err = io.WriteString(out, kb.Draft(subject, question, answer.Report().VisibleReply))
	return err
}
