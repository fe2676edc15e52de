package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// conflictTries bounds how often Retry decides anew.
const conflictTries = 20

// Retry calls attempt until it does not end in ErrConflict: each time it must
// read again and decide again. Between attempts it waits a little longer, and
// never the same, so that those who met do not meet again. After twenty
// attempts the error is temporary and still an ErrConflict.
func Retry(ctx context.Context, attempt func(first bool) error) error {
	var err error
	for try := range conflictTries {
		if try > 0 {
			t := time.NewTimer(time.Duration(rand.IntN(min(10*try, 100))+1) * time.Millisecond)
			select {
			case <-ctx.Done():
				t.Stop()
				return ctx.Err()
			case <-t.C:
			}
		}
		if err = attempt(try == 0); !errors.Is(err, ErrConflict) {
			return err
		}
	}
	return fmt.Errorf("it was changed by others %d times while this was done: %w", conflictTries, err)
}
