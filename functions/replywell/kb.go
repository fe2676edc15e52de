package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/replywell/replywell/shared/kb/article"
)

// kbCmd holds the commands for the knowledge base's folder.
type kbCmd struct {
	Check  kbCheckCmd  `cmd:"" help:"Check every article and report all problems."`
	Push   kbPushCmd   `cmd:"" help:"Check the articles, show what would change, and publish them."`
	Search kbSearchCmd `cmd:"" help:"Say which articles a mail of some words would show, and why."`
	Show   kbShowCmd   `cmd:"" help:"Print an article as it is sent to a customer."`
	Draft  kbDraftCmd  `cmd:"" help:"Make a draft article of an answer, personal data removed."`
}

type kbFolder struct {
	KB string `name:"kb" default:"kb" help:"Folder of articles." placeholder:"DIR"`
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
			show(os.Stdout, a)
			return nil
		}
	}
	return fmt.Errorf("there is no article %q in %s; see its files, or search with: replywell kb search", c.Article, c.KB)
}

// show prints an article as a customer gets it, and apart from that what only
// agents may read.
func show(out io.Writer, a article.Article) {
	if a.Internal() {
		fmt.Fprintln(out, "(internal: never sent to customers)")
	}
	if a.ValidUntil != "" {
		fmt.Fprintf(out, "(valid until %s)\n", a.ValidUntil)
	}
	fmt.Fprintf(out, "%s\n\n%s\n", a.Title, a.MailText())
	if a.Notes != "" {
		fmt.Fprintf(out, "\nFor agents only, never sent:\n%s\n", a.Notes)
	}
}
