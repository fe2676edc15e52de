package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/cloud"
	"github.com/replywell/replywell/shared/email/page"
)

// dlqCmd is about messages that came to nothing in AWS.
type dlqCmd struct {
	List    listDLQCmd    `cmd:"" help:"List what came to nothing, and why. It stays where it is."`
	Show    showDLQCmd    `cmd:"" help:"Show one message in full."`
	Redrive redriveDLQCmd `cmd:"" help:"Put messages back into their queue, to be processed again."`
	Drop    dropDLQCmd    `cmd:"" help:"Take messages off the list for good. A mail itself stays in the mail bucket."`
}

// Help is what "replywell dlq --help" prints below the commands.
func (dlqCmd) Help() string {
	return `In AWS each queue has a dead-letter queue. What can never be processed lies there at once, with the reason; what
failed for another reason is tried for days before. Mend the cause first, then redrive: what is processed twice
changes nothing the second time. Credentials and region are those of the AWS CLI.`
}

// deadLettersOf is the stack that a command is about.
type deadLettersOf struct {
	Stack string `default:"replywell" placeholder:"STACK" help:"Name of the deployed stack (${default})."`
	Queue string `enum:",mail,events,send,index,schedule" default:"" placeholder:"QUEUE" help:"Only this queue: mail, events, send, index or schedule."`
}

func (d deadLettersOf) open(ctx context.Context) (*cloud.DeadLetters, error) {
	cfg, err := cloud.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return cloud.StackDeadLetters(ctx, cfg, d.Stack)
}

type listDLQCmd struct {
	deadLettersOf
	JSON bool `help:"Print one JSON object a line."`
}

// Run lists.
func (c listDLQCmd) Run() error {
	ctx := context.Background()
	d, err := c.open(ctx)
	if err != nil {
		return err
	}
	letters, more, err := d.List(ctx, c.Queue)
	if err != nil {
		return err
	}
	if c.JSON {
		out := json.NewEncoder(os.Stdout)
		for _, l := range letters {
			if err := out.Encode(l); err != nil {
				return err
			}
		}
		return nil
	}
	printLetters(os.Stdout, letters, more)
	return nil
}

func printLetters(w io.Writer, letters []cloud.DeadLetter, more bool) {
	if len(letters) == 0 {
		fmt.Fprintln(w, "Nothing lies in the dead-letter queues.")
		return
	}
	for _, l := range letters {
		tried := "parked at once"
		if l.Tries > 0 {
			tried = "given up"
		}
		fmt.Fprintf(w, "%s  %s  %s, %s\n", l.ID, l.First.Format(time.DateTime), l.Queue, tried)
		if l.What != "" {
			fmt.Fprintf(w, "    %s\n", l.What)
		}
		fmt.Fprintf(w, "    %s\n", l.Why)
	}
	if more {
		fmt.Fprintln(w, "There are more; these are the first thousand of a queue.")
	}
	fmt.Fprintf(w, "%s. When the cause is mended: replywell dlq redrive ID ... or --all\n", page.Count(len(letters), "message", "messages"))
}

type showDLQCmd struct {
	deadLettersOf
	ID string `arg:"" help:"The message's id, or the start of it."`
}

// Run shows.
func (c showDLQCmd) Run() error {
	ctx := context.Background()
	d, err := c.open(ctx)
	if err != nil {
		return err
	}
	letters, _, err := d.List(ctx, c.Queue)
	if err != nil {
		return err
	}
	found, err := namedLetters(letters, []string{c.ID})
	if err != nil {
		return err
	}
	for _, l := range found {
		printLetters(os.Stdout, []cloud.DeadLetter{l}, false)
		fmt.Println()
		fmt.Println(readable(l.Body))
	}
	return nil
}

// readable indents JSON, and what SNS wrapped in it.
func readable(body string) string {
	var v map[string]any
	if json.Unmarshal([]byte(body), &v) != nil {
		return body
	}
	if text, ok := v["Message"].(string); ok {
		var inner any
		if json.Unmarshal([]byte(text), &inner) == nil {
			v["Message"] = inner
		}
	}
	out, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return body
	}
	return string(out)
}

// chosen are messages by id, or all.
type chosen struct {
	deadLettersOf
	IDs []string `arg:"" optional:"" name:"id" help:"Ids of messages, or starts of them."`
	All bool     `help:"All messages, of one queue with --queue."`
}

func (c chosen) take(fate cloud.Fate, done string) error {
	if c.All == (len(c.IDs) > 0) {
		return errors.New("name the messages by id, or write --all; \"replywell dlq list\" shows the ids")
	}
	ctx := context.Background()
	d, err := c.open(ctx)
	if err != nil {
		return err
	}
	letters, _, err := d.List(ctx, c.Queue)
	if err != nil {
		return err
	}
	wanted := map[string]bool{}
	found := letters
	if !c.All {
		if found, err = namedLetters(letters, c.IDs); err != nil {
			return err
		}
	}
	scheduled := 0
	for _, l := range found {
		if fate == cloud.Redrive && l.Queue == "schedule" {
			if !c.All || c.Queue == "schedule" {
				return cloud.ErrNoSource
			}
			scheduled++
			continue
		}
		wanted[l.ID] = true
	}
	taken, err := d.Take(ctx, c.Queue, func(l cloud.DeadLetter) cloud.Fate {
		if wanted[l.ID] {
			return fate
		}
		return cloud.Leave
	})
	for _, l := range taken {
		fmt.Printf("%s %s\n", l.ID, done)
	}
	if err != nil {
		return err
	}
	if len(taken) < len(wanted) {
		return fmt.Errorf("%d of %d messages were not found a second time: somebody else looks at them just now; try again in a minute", len(wanted)-len(taken), len(wanted))
	}
	fmt.Printf("%s %s.\n", page.Count(len(taken), "message", "messages"), done)
	if scheduled > 0 {
		fmt.Printf("Left where they are: %s, which come again by their schedules.\n", page.Count(scheduled, "scheduled call", "scheduled calls"))
	}
	return nil
}

type redriveDLQCmd struct{ chosen }

// Run puts back.
func (c redriveDLQCmd) Run() error { return c.take(cloud.Redrive, "put back") }

type dropDLQCmd struct{ chosen }

// Run drops.
func (c dropDLQCmd) Run() error { return c.take(cloud.Drop, "dropped") }

// namedLetters finds messages by their ids or unambiguous starts of them.
func namedLetters(letters []cloud.DeadLetter, ids []string) (out []cloud.DeadLetter, err error) {
	for _, id := range ids {
		var fit []cloud.DeadLetter
		for _, l := range letters {
			if l.ID == id {
				fit = []cloud.DeadLetter{l}
				break
			}
			if strings.HasPrefix(l.ID, id) {
				fit = append(fit, l)
			}
		}
		switch len(fit) {
		case 0:
			err = errors.Join(err, fmt.Errorf("no dead letter has the id %s; \"replywell dlq list\" shows those that are there", id))
		case 1:
			out = append(out, fit[0])
		default:
			err = errors.Join(err, fmt.Errorf("%d dead letters have an id that starts with %s; write more of it", len(fit), id))
		}
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}
