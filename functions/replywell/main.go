// Command replywell is the command line, and the whole system in one process.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"runtime"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/replywell/replywell/shared/archive"
	"github.com/replywell/replywell/shared/email"
)

var cli struct {
	Config    configCmd    `cmd:"" help:"Print, check or push the team's configuration."`
	Blocked   blockedCmd   `cmd:"" help:"Senders whose mail is kept aside: who they are, one more, one less."`
	Customers customersCmd `cmd:"" help:"What the team says of its customers: how much may be ordered again, tier, who looks after them, since when."`
	Dlq       dlqCmd       `cmd:"" name:"dlq" help:"Look at messages that came to nothing in AWS, and put them back."`
	Doctor    doctorCmd    `cmd:"" help:"Look at everything that a desk depends on, in AWS or on this machine, and say what is wrong and what to do."`
	Import    importCmd    `cmd:"" help:"Learn from the mail that was answered before, from a mailbox or another help desk's export."`
	Kb        kbCmd        `cmd:"" name:"kb" help:"Check, publish, search and show the knowledge base, and draft articles."`
	Local     localCmd     `cmd:"" help:"Run the whole system on this machine: mail in by SMTP, mail out to sample mailboxes or a relay."`
	Parse     parseCmd     `cmd:"" help:"Read one raw mail on standard input and print what it says as one JSON object."`
	Report    reportCmd    `cmd:"" help:"Print the figures of any days as text, HTML, JSON or CSV, of a stack or of this machine."`
	Suggest   suggestCmd   `cmd:"" help:"Rank the articles for mails on standard input, with a confidence for each."`
	Thread    threadCmd    `cmd:"" help:"Say which conversation each mail of a folder or an mbox belongs to, and by what evidence."`
	Version   versionCmd   `cmd:"" help:"Print the version."`
}

func main() {
	parser := kong.Must(&cli, kong.Name("replywell"), kong.UsageOnError(),
		kong.Description("Answers a support address, entirely by e-mail."))
	ctx, err := parser.Parse(os.Args[1:])
	if err != nil {
		parser.FatalIfErrorf(errors.Join(append([]error{err}, furtherUnknown(parser, os.Args[1:], err)...)...))
	}
	ctx.FatalIfErrorf(ctx.Run())
}

var unknownFlag = regexp.MustCompile(`^unknown flag (--?[^ ,=]+)`)

// furtherUnknown finds the unknown flags after the first one, at which the
// parser stops, so that all of them are told at once.
func furtherUnknown(parser *kong.Kong, args []string, err error) (out []error) {
	for found := unknownFlag.FindStringSubmatch(err.Error()); found != nil; found = unknownFlag.FindStringSubmatch(err.Error()) {
		var rest []string
		for i := 0; i < len(args); i++ {
			name, _, hasValue := strings.Cut(args[i], "=")
			switch {
			case name != found[1]:
				rest = append(rest, args[i])
			case !hasValue && i+1 < len(args) && !strings.HasPrefix(args[i+1], "-"):
				i++ // most likely its value
			}
		}
		if len(rest) == len(args) {
			return out
		}
		args = rest
		if _, err = parser.Parse(args); err == nil || !unknownFlag.MatchString(err.Error()) {
			return out
		}
		out = append(out, err)
	}
	return out
}

// version is set by the Makefile.
var version = "unknown"

type versionCmd struct{}

func (versionCmd) Run() error {
	_, err := fmt.Printf("replywell %s (%s, %s/%s)\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

type parseCmd struct {
	Explain bool   `help:"Say for people what was read, which rules acted and which repairs were needed."`
	File    string `arg:"" optional:"" help:"The raw mail. Without it, standard input is read."`
}

// Run reads one raw mail and prints it as one line of JSON.
func (c parseCmd) Run() error { return c.run(os.Stdin, os.Stdout) }

func (c parseCmd) run(in io.Reader, out io.Writer) error {
	raw, err := c.read(in)
	if err != nil {
		return err
	}
	m := email.Read(raw, "")
	if c.Explain {
		_, err = io.WriteString(out, m.Explain())
		return err
	}
	line, err := m.Report().JSON()
	if err != nil {
		return fmt.Errorf("cannot write the mail as JSON: %w", err)
	}
	_, err = out.Write(append(line, '\n'))
	return err
}

func (c parseCmd) read(in io.Reader) ([]byte, error) {
	name := "standard input"
	if c.File != "" && c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return nil, fmt.Errorf("cannot read the mail: %w; name a file with one raw mail, or give it on standard input", err)
		}
		defer func() { _ = f.Close() }()
		in, name = f, c.File
	}
	if f, ok := in.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 && c.File == "" {
			return nil, errors.New("no mail was given: name a file, or send a raw mail to standard input, as in: replywell parse < mail.eml")
		}
	}
	raw, err := io.ReadAll(io.LimitReader(in, archive.MaxMail+1))
	if err != nil {
		return nil, fmt.Errorf("cannot read the mail from %s: %w", name, err)
	}
	if len(raw) > archive.MaxMail {
		return nil, fmt.Errorf("%s has more than %d MB: that is no mail", name, archive.MaxMail>>20)
	}
	return raw, nil
}
