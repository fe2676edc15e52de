package proof_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/replywell/replywell/shared/cloud/moto"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/store/engine"
	"github.com/replywell/replywell/shared/store/engine/bolt"
	"github.com/replywell/replywell/shared/store/engine/dynamo"
)

// checkNews: no answer of an agent's went out after news that its author had not
// been shown, unless a word of the author's released it that came to the mail
// which showed that news. What the author was shown is read off the address that
// the mail came to, and not out of the store.
func (w *trouble) checkNews(b book) {
	for id, list := range b.messages {
		for _, m := range list {
			if m.Kind != desk.KindAnswer {
				continue
			}
			seen, released := w.shown(b.inbound[m.Inbound])
			if released {
				w.released++
			}
			for _, n := range list {
				theirs := n.Kind == desk.KindCustomer && !n.Thanks ||
					(n.Kind == desk.KindAnswer || n.Kind == desk.KindNote && n.ForAll) && n.Agent != m.Agent
				if theirs && n.Sequence > seen && n.Sequence < m.Sequence {
					w.Errorf("in %s answer %d of %s went out past the %s %d; its author had been shown %d", id,
						m.Sequence, m.Agent, n.Kind, n.Sequence, seen)
				}
			}
		}
	}
	for _, r := range b.inbound {
		if strings.HasPrefix(r.Reason, "kept until ") {
			w.kept++
		}
	}
}

// shown reads what the mail was shown that the agent's mail answers, and whether
// it released an answer that had been kept.
func (w *trouble) shown(in desk.Inbound) (seen int, released bool) {
	for _, r := range in.Recipients {
		text, _, ok := replyaddr.Find([]string{support, help}, r)
		if !ok {
			continue
		}
		switch t, _ := w.keys.Open(text, time.Now()); {
		case t.Purpose.FromAgent():
			seen = max(seen, int(t.LastSeen))
		case t.Purpose == replyaddr.Confirm:
			q, err := w.store().Confirmation(context.Background(), t.Conversation)
			if err != nil {
				w.Fatalf("the question of %s: %v", in.ID, err)
			}
			seen, released = max(seen, q.Seen), true
		}
	}
	return seen, released
}

// TestNoAnswerPassesNews lets two agents talk to one customer all at once.
func TestNoAnswerPassesNews(t *testing.T) {
	setUnlessAsked(t, "rapid.steps", "1000")
	reached := map[string]int{}
	rapid.Check(t, func(r *rapid.T) { proveTalk(t, r, memory, reached) })
	t.Logf("%d answers left, %d came back, %d were released or replaced", reached["carried answer"], reached["kept"],
		reached["released"])
	for _, what := range []string{"carried answer", "kept", "released"} {
		if reached[what] == 0 {
			t.Errorf("no run came to: %s. What is never tried is not proven", what)
		}
	}
}

func TestNoAnswerPassesNewsInAFile(t *testing.T) {
	setUnlessAsked(t, "rapid.steps", "500")
	setUnlessAsked(t, "rapid.checks", "10")
	dir, n := t.TempDir(), 0
	rapid.Check(t, func(r *rapid.T) {
		n++
		proveTalk(t, r, func(r *rapid.T) engine.Engine {
			e, err := bolt.Open(filepath.Join(dir, fmt.Sprint(n, ".db")))
			if err != nil {
				r.Fatal(err)
			}
			return e
		}, map[string]int{})
	})
}

func TestNoAnswerPassesNewsInDynamoDB(t *testing.T) {
	setUnlessAsked(t, "rapid.steps", "300")
	setUnlessAsked(t, "rapid.checks", "3")
	srv, n := moto.Shared(t), 0
	rapid.Check(t, func(r *rapid.T) {
		n++
		name := fmt.Sprintf("%s-%d", moto.Name(t), n)
		e := &outside{Engine: dynamo.New(srv.Table(t, dynamo.Table(name)), name), calls: make(chan func()),
			done: make(chan struct{})}
		go e.serve()
		defer close(e.calls)
		proveTalk(t, r, func(*rapid.T) engine.Engine { return e }, map[string]int{})
	})
}

// proveTalk is prove, with people who have one concern and much to say of it.
func proveTalk(t *testing.T, r *rapid.T, open openEngine, reached map[string]int) {
	proveAs(t, r, open, reached, true)
}
