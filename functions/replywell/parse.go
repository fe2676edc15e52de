package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/replywell/replywell/shared/archive"
	"github.com/replywell/replywell/shared/email"
)

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
