package worth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store"
)

// fresh is how long a reader goes by the list that it knows.
const fresh = time.Minute

// Reader finds customers in the list that holds. It is safe for concurrent use.
type Reader struct {
	Blobs store.Blobs
	Now   func() time.Time
	// Score reckons the team's formula; nil: the column "potential" counts.
	Score Score
	// Keep is how long a list counts after it was imported; 0: for ever.
	Keep time.Duration

	mu    sync.Mutex
	list  current
	until time.Time
}

// Of gives what the team says of the first of these people, or of somebody in copy who
// counts for more: whose potential is higher. The first is the customer. Error: what
// kept it from being read, or what is wrong with the formula; then the column counts.
func (r *Reader) Of(ctx context.Context, p desk.ValuePolicy, addresses ...string) (best desk.Worth, err error) {
	for i, a := range addresses {
		s, known, fails := r.Standing(ctx, a)
		if fails != nil {
			return best, fails
		}
		if !known {
			continue
		}
		w, fails := s.Worth(p.Formula, r.Score, r.Now())
		if fails != nil {
			err = fails
		}
		if i > 0 {
			w.Copied = a
		}
		switch {
		case i == 0:
			best = w
		case w.Potential > best.Potential:
			best = w
		case best.Tier == "":
			best.Tier = w.Tier
		}
	}
	return best, err
}

// Standing gives what the list says of an address: by itself, else by its domain.
func (r *Reader) Standing(ctx context.Context, address string) (s Standing, known bool, err error) {
	list, err := r.current(ctx)
	if err != nil || list.Parts == 0 {
		return s, false, err
	}
	_, domain, ok := strings.Cut(address, "@")
	if !ok {
		return s, false, nil
	}
	for _, name := range []string{address, "@" + domain} {
		h := hashOf(name)
		data, err := r.Blobs.Get(ctx, list.part(partOf(h, list.Parts)))
		if errors.Is(err, store.ErrNotFound) { // another list has come meanwhile: the next mail is looked for there
			r.forget()
			return s, false, nil
		}
		if err != nil {
			return s, false, fmt.Errorf("reading the list of customers: %w", err)
		}
		entries, err := unpacked(data)
		if err != nil {
			return s, false, err
		}
		if s, known = entries[h]; known {
			return s, true, nil
		}
	}
	return s, false, nil
}

func (r *Reader) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.until = time.Time{}
}

// current reads which list holds, at most once a minute.
func (r *Reader) current(ctx context.Context) (current, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.Now()
	if now.Before(r.until) && now.After(r.until.Add(-2*fresh)) {
		return r.list, nil
	}
	data, err := r.Blobs.Get(ctx, currentKey)
	c := current{}
	switch {
	case errors.Is(err, store.ErrNotFound):
	case err != nil:
		return c, fmt.Errorf("reading which list of customers there is: %w", err)
	default:
		if err := json.Unmarshal(data, &c); err != nil {
			return c, fmt.Errorf("%s cannot be read; import the list of customers again: %w", currentKey, err)
		}
	}
	if r.Keep > 0 && now.Sub(c.Taken) > r.Keep {
		c = current{}
	}
	r.list, r.until = c, now.Add(fresh)
	return c, nil
}
