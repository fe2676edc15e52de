package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/replywell/replywell/shared/cloud"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/local"
)

type kbPushCmd struct {
	kbFolder
	Bucket string `xor:"where" required:"" placeholder:"BUCKET" help:"Publish to this configuration bucket."`
	Stack  string `xor:"where" required:"" placeholder:"STACK" help:"Publish to the configuration bucket of this deployed stack."`
	Data   string `xor:"where" required:"" placeholder:"DIR" help:"Publish to the data folder of replywell local."`
	Yes    bool   `help:"Publish without asking."`
}

// Help is what "replywell kb push --help" prints below the flags.
func (kbPushCmd) Help() string {
	return `All articles are checked first, and with a problem nothing is published. Then it shows what would change and
asks. What is published is replaced in one step: readers have all of the old articles or all of the new.
It ends with 0 when the articles are published or nothing changed, 1 when something is wrong, 3 when it was not
confirmed, 4 when somebody else published meanwhile.`
}

// publisher is where articles are published.
type publisher interface {
	Published(ctx context.Context) (article.Published, error)
	Publish(ctx context.Context, before article.Published, files map[string][]byte) error
	String() string
}

// coded is an error with the program's exit code.
type coded struct {
	error
	code int
}

// ExitCode is what the program ends with.
func (c coded) ExitCode() int { return c.code }

const (
	notConfirmed = 3
	outOfDate    = 4
)

// Run publishes.
func (c kbPushCmd) Run() error {
	ctx := context.Background()
	to, err := c.to(ctx)
	if err != nil {
		return err
	}
	return c.run(ctx, to, os.Stdin, os.Stdout)
}

func (c kbPushCmd) to(ctx context.Context) (publisher, error) {
	if c.Data != "" {
		return local.NewPublisher(c.Data)
	}
	cfg, err := cloud.Connect(ctx)
	if err != nil {
		return nil, err
	}
	bucket := c.Bucket
	if c.Stack != "" {
		if bucket, err = cloud.Stack(ctx, cfg, c.Stack, "ConfigBucket"); err != nil {
			return nil, err
		}
	}
	return cloud.NewLibrary(cfg, bucket), nil
}

func (c kbPushCmd) run(ctx context.Context, to publisher, in io.Reader, out io.Writer) error {
	review, files, err := reviewFolder(c.KB)
	if err != nil {
		return err
	}
	if err := tell(out, review); err != nil {
		return err
	}
	before, err := to.Published(ctx)
	if errors.Is(err, article.ErrUnreadable) {
		fmt.Fprintf(out, "\nWhat is published cannot be read; all of it will be replaced. (%s)\n", strings.TrimSuffix(err.Error(), "; "+article.ErrUnreadable.Error()))
	} else if err != nil {
		return err
	}
	changes := article.Difference(before.Files, files)
	if len(changes) == 0 && err == nil && before.Version != "" {
		fmt.Fprintf(out, "Nothing has changed since these articles were published to %s.\n", to)
		return nil
	}
	fmt.Fprintf(out, "\nTo %s:\n", to)
	show := map[string]string{"added": "+", "changed": "~", "removed": "-"}
	count := map[string]int{}
	for _, ch := range changes {
		count[ch.Kind]++
		fmt.Fprintf(out, "%s %s\n", show[ch.Kind], article.Printable(ch.Path))
		for _, l := range ch.Lines {
			fmt.Fprintf(out, "      %s\n", article.Printable(l))
		}
	}
	what := fmt.Sprintf("%d added, %d changed, %d removed", count["added"], count["changed"], count["removed"])
	if err := c.confirm(in, out, what); err != nil {
		return err
	}
	err = to.Publish(ctx, before, files)
	if errors.Is(err, article.ErrMoved) {
		return coded{err, outOfDate}
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Published: %s. They are in use within a few minutes.\n", what)
	return nil
}

// confirm asks, on a terminal only: a program that answers "y" to everything
// should say so with --yes.
func (c kbPushCmd) confirm(in io.Reader, out io.Writer, what string) error {
	if c.Yes {
		return nil
	}
	f, ok := in.(*os.File)
	if ok {
		info, err := f.Stat()
		ok = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	if !ok {
		return coded{fmt.Errorf("%s: nothing was published, because there is no terminal to ask on; say --yes to publish without asking", what), notConfirmed}
	}
	fmt.Fprintf(out, "\n%s. Publish? [y/N] ", what)
	answer, _ := bufio.NewReader(in).ReadString('\n') // no answer is a no
	if a := strings.ToLower(strings.TrimSpace(answer)); a != "y" && a != "yes" {
		return coded{errors.New("not published"), notConfirmed}
	}
	return nil
}
