package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"unicode"

	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/redact"
)

type kbDraftCmd struct {
	Answer string   `arg:"" help:"The agent's answer, as a raw mail (.eml)."`
	To     string   `help:"The customer's mail that it answers, as a raw mail." placeholder:"FILE"`
	Name   []string `help:"A further name to take out; repeat it for more." placeholder:"NAME" sep:"none"`
}

// Help is what "replywell kb draft --help" prints below the flags.
func (kbDraftCmd) Help() string {
	return `It prints an article's file made of what the agent newly wrote: no quote, no signature, and without personal data.
The names of all people in the headers of both mails and of who signed are taken out, so give the customer's mail
too; it also gives the title where the answer has no subject. Read it before you put it among the articles: a
program does not find every name. It is for agents only until you take "audience: internal" out.`
}

// Run prints the draft.
func (c kbDraftCmd) Run() error { return c.run(os.Stdout) }

func (c kbDraftCmd) run(out io.Writer) error {
	answer, err := readMail(c.Answer, "answer", "the agent's")
	if err != nil {
		return err
	}
	question := email.Report{}
	if c.To != "" {
		if question, err = readMail(c.To, "mail of a customer", "the customer's"); err != nil {
			return err
		}
	}
	names := append(append(c.Name, people(answer)...), people(question)...)
	known := redact.Known{Names: names, Said: []string{question.Subject, question.VisibleReply, question.Signature}}
	file := article.Draft(answer.Subject, question.VisibleReply, answer.VisibleReply, known)
	if _, body, _ := strings.Cut(strings.TrimPrefix(file, "---\n"), "\n---\n"); !hasWords(body) {
		return holdsNo(c.Answer, "answer", "the agent's") // a line, a picture, a greeting alone
	}
	_, err = io.WriteString(out, file)
	return err
}

// readMail reads a mail that somebody wrote. What has no sender or no new text is none.
func readMail(name, what, whose string) (email.Report, error) {
	raw, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return email.Report{}, fmt.Errorf("cannot read the mail: there is no file %s; save %s mail as .eml, and name that", name, whose)
	}
	if err != nil {
		return email.Report{}, fmt.Errorf("cannot read the mail: %w", err)
	}
	r := email.Read(bytes.TrimLeft(raw, "\r\n"), "").Report()
	if r.From.Address == "" || r.OnlyQuote || strings.TrimSpace(r.VisibleReply) == "" {
		return email.Report{}, holdsNo(name, what, whose)
	}
	return r, nil
}

func holdsNo(name, what, whose string) error {
	return fmt.Errorf("%s holds no %s: save %s mail as .eml", name, what, whose)
}

// people names those whom a mail is from and to, and who signed it.
func people(r email.Report) (names []string) {
	all := []message.Address{r.From, r.Author.Address}
	for _, list := range [][]message.Address{r.To, r.Cc, r.ReplyTo} {
		all = append(all, list...)
	}
	if r.Forwarded != nil {
		all = append(all, r.Forwarded.From)
	}
	for _, a := range all {
		names = append(names, a.Name)
	}
	return append(names, signers(r.Signature)...)
}

// signers gives the lines of a signature that may be names: up to four words, each
// with a capital, below a closing formula or a delimiter. What stands below a name
// is a company or a place, but for the first line, which may be the formula itself.
func signers(signature string) (names []string) {
	before := 0 // names above the line
	for i, l := range strings.Split(signature, "\n") {
		ws := strings.Fields(l)
		name := len(ws) > 0 && len(ws) <= 4
		for _, w := range ws {
			name = name && unicode.IsUpper([]rune(w)[0]) && !strings.ContainsAny(w, ":;@/|0123456789")
		}
		switch {
		case !name:
			before = 0
		case before == 0 || i == 1:
			names = append(names, l)
			before++
		default:
			before++
		}
	}
	return names
}
