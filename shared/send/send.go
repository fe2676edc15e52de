package send

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/home"
	"github.com/replywell/replywell/shared/outbox"
	"github.com/replywell/replywell/shared/store"
)

// Mail is what a carrier is given.
type Mail struct {
	Outbox    string   // OutboxItem.ID; a carrier that tags mail uses it as the tag
	From      string   // envelope sender; "" or "<>" is the null path
	To        []string // envelope recipients
	MessageID string   // as composed, without angle brackets; the same in every attempt
	Raw       []byte
}

// Carrier takes mail away: SES, an SMTP relay, the sample mailboxes.
type Carrier interface {
	// Send hands over one mail. sentID is the carrier's own id where it
	// replaces the Message-ID, else "". A *delivery.Error says what was answered,
	// and decides what becomes of the mail; after every other error it is tried
	// again. Of a carrier that Confirms, an error that is no Refusal leaves open
	// whether the mail was taken.
	Send(ctx context.Context, m Mail) (sentID string, err error)
	// Confirms reports whether an accepted mail is also told of by an event
	// that bears Mail.Outbox. Then an attempt whose answer was lost is not
	// repeated before ConfirmWait.
	Confirms() bool
	// Rate is how many mails a second the carrier takes; +Inf is as many as it is given.
	Rate(ctx context.Context) (perSecond float64, err error)
}

// Refusal is an error of a carrier that knows more.
type Refusal interface {
	error
	NotSent() bool             // the mail was not taken, for certain
	RetryAfter() time.Duration // how long to wait at least; 0: as usual
}

// Failed is told of recipients whom a mail did not reach, so that whoever wrote
// it, or works with them, learns of it. It must bear being told twice of one item.
type Failed interface {
	Failed(ctx context.Context, item desk.OutboxItem, recipients []desk.BouncedRecipient) error
}

// The times of an attempt.
const (
	// AttemptLimit bounds one attempt, so that a claim never outlives its lease.
	AttemptLimit = 4 * time.Minute
	// Lease is how long an item is left alone after an attempt of which no end is
	// recorded. An attempt that could outlast it is not begun.
	Lease = 5 * time.Minute
	// ConfirmWait is the same where the carrier confirms by an event.
	ConfirmWait = 15 * time.Minute
)

// parallel is how many lanes are worked on at once: enough that one slow
// recipient's server does not hold the others.
const parallel = 4

// readAtOnce is how many items are read in one request, and how many agents
// beside them; together they are within engine.MaxGet.
const readAtOnce = 50

// batch is how many due items of a lane are read at once.
const batch = 200

// Service sends what is in the outbox. It is safe for concurrent use.
type Service struct {
	*home.Home
	Carrier Carrier
	Failed  Failed       // nil: nobody is told
	Log     *slog.Logger // nil: silent. It is given ids and reasons, never addresses or text
	InTurn  bool         // one lane after the other, always in the same order: for tests that hold what leaves when

	aheadLooked looked
	rate        limit
	pause       pause
	watched     watched
	turns       turns
}

// recorder records what the sender itself writes. Nobody is woken: it is at work.
func (s *Service) recorder() outbox.Recorder {
	r := s.Recorder()
	r.Wake = nil
	return r
}

// Send tries the named items now, as far as they are due. The ids whose state
// could not be settled are returned, for the queue to bring again; an item
// that a carrier refused is settled, because it is recorded with its next
// time. err is for what concerns all of them.
func (s *Service) Send(ctx context.Context, ids []string) (failed []string, err error) {
	settings, err := s.Settings(ctx)
	if err != nil {
		return ids, fmt.Errorf("reading the settings: %w", err)
	}
	var mu sync.Mutex
	lose := func(id string, err error) {
		mu.Lock()
		defer mu.Unlock()
		failed = append(failed, id)
		s.log().Warn("an outgoing mail could not be settled; it will be tried again", "outbox", id, "error", unaddressed(err.Error()))
	}
	items, counts, err := s.read(ctx, settings, ids)
	if err != nil {
		return ids, err
	}
	groups := map[string][]desk.OutboxItem{}
	var order []string
	for _, id := range ids {
		item, there := items[id]
		if !there {
			s.log().Warn("asked to send a mail that is not in the outbox", "outbox", id)
			continue
		}
		g := group(item)
		if groups[g] == nil {
			order = append(order, g)
		}
		groups[g] = append(groups[g], item)
	}
	places := s.turns.take(order...)
	var work errgroup.Group
	work.SetLimit(parallel)
	for _, g := range order {
		work.Go(func() error {
			defer places[g].done()
			stopped := places[g].wait(ctx)
			for _, item := range groups[g] {
				if stopped != nil {
					lose(item.ID, stopped)
				} else if err := s.attempt(ctx, settings, item, counts[item.Agent]); err != nil {
					lose(item.ID, err)
				}
			}
			return nil
		})
	}
	_ = work.Wait() // the functions report by lose
	return failed, nil
}

// read reads items together with how often their agents were notified, in one
// request for an ordinary batch: which agents they are for is not known yet, so
// all are asked for, unless they are too many.
func (s *Service) read(ctx context.Context, settings *desk.Settings, ids []string) (map[string]desk.OutboxItem, map[string]*store.Notified, error) {
	items, counts := map[string]desk.OutboxItem{}, map[string]*store.Notified{}
	var agents []string
	if len(settings.Agents) <= readAtOnce {
		for _, a := range settings.Agents {
			agents = append(agents, a.ID)
		}
	}
	for chunk := range slices.Chunk(ids, readAtOnce) {
		found, notified, err := s.Store.OutboxItems(ctx, chunk, agents)
		if err != nil {
			return nil, nil, fmt.Errorf("reading the outbox: %w", err)
		}
		maps.Copy(items, found)
		for agent, n := range notified {
			counts[agent] = &n
		}
	}
	return items, counts, nil
}

// group names what is to stay in order: an agent's mail, or a conversation's.
func group(item desk.OutboxItem) string {
	if item.Agent != "" {
		return "agent " + item.Agent
	}
	return "conversation " + string(item.Conversation)
}

// Sweep sends everything that is due, and merges the notifications that were
// put off. One lane's trouble does not stop the others; the error joins all.
func (s *Service) Sweep(ctx context.Context) error {
	settings, err := s.Settings(ctx)
	if err != nil {
		return fmt.Errorf("reading the settings: %w", err)
	}
	lanes, err := s.lanes(ctx, settings)
	if err != nil {
		return err
	}
	errs := make([]error, len(lanes)+1)
	errs[len(lanes)] = errors.Join(s.pullIn(ctx, settings, lanes), s.watch(ctx, settings))
	var work errgroup.Group
	work.SetLimit(parallel)
	if s.InTurn {
		work.SetLimit(1)
	}
	for i, lane := range lanes {
		work.Go(func() error {
			if err := s.sweepLane(ctx, settings, lane); err != nil {
				errs[i] = fmt.Errorf("outbox lane %s: %w", lane, err)
			}
			return nil
		})
	}
	_ = work.Wait() // the functions report by errs
	return errors.Join(errs...)
}

func (s *Service) sweepLane(ctx context.Context, settings *desk.Settings, lane string) error {
	for ctx.Err() == nil && !s.pause.on(s.Now()) {
		due, err := s.Store.DueOutbox(ctx, lane, s.Now(), batch)
		if err != nil {
			return err
		}
		if len(due) == 0 {
			return nil
		}
		var count *store.Notified
		if agent := due[0].Agent; due[0].Kind == desk.OutboxNotification {
			n, err := s.Store.Notified(ctx, agent)
			if err != nil {
				return err
			}
			count = &n
		}
		var waited []desk.OutboxItem
		var errs []error
		attempt := func(item desk.OutboxItem, turn turn) {
			defer turn.done()
			if err := turn.wait(ctx); err != nil {
				errs = append(errs, err)
				return
			}
			errs = append(errs, s.attempt(ctx, settings, item, count))
		}
		var busy []desk.OutboxItem // somebody sends to the same
		for _, item := range due {
			if putOff(item) && !left(settings, item) {
				waited = append(waited, item)
			} else if turn, free := s.turns.try(group(item)); free {
				attempt(item, turn)
			} else {
				busy = append(busy, item)
			}
		}
		for _, item := range busy {
			attempt(item, s.turns.take(group(item))[group(item)])
		}
		errs = append(errs, s.merge(ctx, settings, waited, count))
		if err := errors.Join(errs...); err != nil || len(due) < batch {
			return err
		}
	}
	return ctx.Err()
}

// Recover makes every claimed item due at once. It is for a process that knows
// itself to be the only sender, at its start: whatever is claimed was claimed
// by a process that has ended.
func (s *Service) Recover(ctx context.Context) error {
	settings, err := s.Settings(ctx)
	if err != nil {
		return fmt.Errorf("reading the settings: %w", err)
	}
	lanes, err := s.lanes(ctx, settings)
	if err != nil {
		return err
	}
	var errs []error
	for _, lane := range lanes {
		items, err := s.Store.DueOutbox(ctx, lane, s.Now().Add(2*ConfirmWait), 0)
		errs = append(errs, err)
		for _, item := range items {
			if item.State != desk.OutboxSending {
				continue
			}
			item.State, item.NotBefore = desk.OutboxPending, s.Now()
			if err := s.commit(ctx, &store.Change{Outbox: []*desk.OutboxItem{&item}}); err != nil && !errors.Is(err, store.ErrConflict) {
				errs = append(errs, fmt.Errorf("outbox item %s: %w", item.ID, err))
			}
		}
	}
	return errors.Join(errs...)
}

func (s *Service) log() *slog.Logger {
	if s.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return s.Log
}

// commit writes though the caller is being stopped: what was begun is recorded.
func (s *Service) commit(ctx context.Context, c *store.Change) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	return s.Store.Commit(ctx, c)
}
