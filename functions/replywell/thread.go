package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/replywell/replywell/shared/archive"
	"github.com/replywell/replywell/shared/config"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/replyaddr"
	deskhome "github.com/replywell/replywell/shared/home"
	"github.com/replywell/replywell/shared/inbound"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine/bolt"
)

type threadCmd struct {
	AnySender bool   `help:"Count everybody as a participant, as on a mailing list, and use the header's ids alone."`
	Config    string `type:"existingfile" help:"The team's configuration, for its addresses. Without it no address is the team's."`
	Mails     string `arg:"" name:"dir" help:"A folder of raw mails, whose names in their order are the order of arrival; or an mbox file."`
}

// Run prints one line of JSON for each mail.
func (c threadCmd) Run() error { return c.run(context.Background(), os.Stdout, os.Stderr) }

// threaded is what is printed of one mail. Where it belongs to no conversation, its
// evidence says what became of it: "held", "report", "own", and why.
type threaded struct {
	File         string     `json:"file"`
	Conversation string     `json:"conversation"`
	Evidence     []evidence `json:"evidence"`
}

// evidence is one piece of it; the first one decided.
type evidence struct {
	Rule         string `json:"rule"`
	Detail       string `json:"detail,omitempty"`
	Conversation string `json:"conversation,omitempty"` // where it names another one
}

// run threads the mails by the service that receives mail, over a store of its
// own that is thrown away. A mail that cannot be read is told on errs, and the
// others go on; the error then says how many there were.
func (c threadCmd) run(ctx context.Context, out, errs io.Writer) (err error) {
	mails, err := archive.OpenMails(c.Mails)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, mails.Close()) }()
	settings := &desk.Settings{SubjectWindow: 14 * 24 * time.Hour, Mailboxes: []desk.Mailbox{{ID: "support", Address: "support@replywell.invalid", ReplyBase: "support@replywell.invalid"}}}
	if c.Config != "" {
		document, err := os.ReadFile(c.Config)
		if err != nil {
			return fmt.Errorf("reading the configuration: %w", err)
		}
		if settings, err = config.Parse(document, c.Config); err != nil {
			return err
		}
		for i := range settings.Mailboxes {
			settings.Mailboxes[i].Agents = nil // nobody is told
		}
	}
	dir, err := os.MkdirTemp("", "replywell-thread-")
	if err != nil {
		return fmt.Errorf("making a folder for the conversations: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	engine, err := bolt.OpenScratch(filepath.Join(dir, "store.db"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	t, err := newThreader(settings, engine, c.AnySender)
	if err != nil {
		return err
	}
	bad, apart, enc := 0, map[string]int{}, json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for n := 1; ; n++ {
		name, raw, err := mails.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		var line threaded
		if err == nil {
			line, err = t.thread(ctx, name, raw, n)
		}
		if err != nil {
			bad++
			fmt.Fprintf(errs, "%s: %v\n", name, err)
			line = threaded{File: name}
			if name == "" {
				break
			}
		}
		if line.Evidence == nil {
			line.Evidence = []evidence{}
		} else if line.Conversation == "" {
			apart[line.Evidence[0].Rule]++
		}
		if err := enc.Encode(line); err != nil {
			return fmt.Errorf("writing the result: %w", err)
		}
	}
	for _, what := range slices.Sorted(maps.Keys(apart)) {
		fmt.Fprintf(errs, "%d of the mails belong to no conversation: %s; the reason stands with each as its evidence\n", apart[what], what)
	}
	if bad > 0 {
		return fmt.Errorf("%d of the mails could not be read; what is wrong with each is told above, and the others were threaded", bad)
	}
	return nil
}

// threader is the receiving service with what it needs, and the one mail that
// it is reading.
type threader struct {
	*inbound.Service
	raw []byte
	now time.Time
}

func newThreader(settings *desk.Settings, engine *bolt.Engine, anySender bool) (*threader, error) {
	keys, err := replyaddr.NewKeyring(1, map[uint8][]byte{1: make([]byte, 32)}) // signs nothing
	if err != nil {
		return nil, err
	}
	t := &threader{now: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)}
	now := func() time.Time { return t.now }
	h := &deskhome.Home{Store: store.New(engine, now), Blobs: t, Keys: keys, Now: now, Random: rand.NewChaCha8([32]byte{}),
		Settings: func(context.Context) (*desk.Settings, error) { return settings, nil }}
	t.Service = &inbound.Service{Held: &inbound.Held{Home: h, AnySender: anySender}}
	return t, nil
}

// Get and Put make it the mail store of one mail.
func (t *threader) Get(context.Context, string) ([]byte, error)     { return t.raw, nil }
func (t *threader) Put(_ context.Context, _ string, _ []byte) error { return nil }

func (t *threader) thread(ctx context.Context, name string, raw []byte, n int) (threaded, error) {
	t.raw = raw
	if date := email.Date(raw); !date.IsZero() {
		t.now = date.UTC()
	}
	in, err := t.Receive(ctx, inbound.Delivery{ID: fmt.Sprintf("mail-%d", n), Raw: name, ReceivedAt: t.now, Size: max(1, len(raw))})
	if err != nil {
		return threaded{}, err
	}
	out := threaded{File: name, Conversation: string(in.Conversation)}
	switch in.Outcome {
	case desk.OutcomeDuplicate:
		first, err := t.Store.Inbound(ctx, in.Of)
		if err != nil {
			return threaded{}, fmt.Errorf("reading what it repeats: %w", err)
		}
		out.Conversation, out.Evidence = string(first.Conversation), []evidence{{Rule: "duplicate", Detail: in.Reason}}
		return out, nil
	case desk.OutcomeThreaded:
	case desk.OutcomeParked:
		return threaded{}, fmt.Errorf("it could not be processed: %s", in.Reason)
	default: // a report, a mail of our own that came back, and what is held for a person
		out.Conversation, out.Evidence = "", []evidence{{Rule: string(in.Outcome), Detail: in.Reason}}
		return out, nil
	}
	ms, err := t.Store.Messages(ctx, in.Conversation, in.Sequence, 1)
	if err != nil {
		return threaded{}, fmt.Errorf("reading its evidence: %w", err)
	}
	for _, m := range ms {
		out.Evidence = append(out.Evidence, evidence{Rule: m.Evidence.Rule, Detail: m.Evidence.Detail})
		for _, k := range m.Evidence.Found {
			e := evidence{Rule: k.Rule, Detail: k.Detail}
			if k.Conversation != in.Conversation {
				e.Conversation = string(k.Conversation)
			}
			if e != out.Evidence[0] {
				out.Evidence = append(out.Evidence, e)
			}
		}
	}
	return out, nil
}
