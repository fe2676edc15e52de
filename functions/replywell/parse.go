package main

import (
	"fmt"
	"io"
	"os"

	"github.com/replywell/replywell/shared/email"
)

type parseCmd struct{}

func (parseCmd) Run() error {
	raw, err := io.ReadAll(os.Stdin)
	if err != nil {
		return fmt.Errorf("cannot read the mail from standard input: %w", err)
	}
	out, err := email.Read(raw, "").Report().JSON()
	if err != nil {
		return err
	}
	_, err = fmt.Println(string(out))
	return err
}
