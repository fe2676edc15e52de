package worth

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store"
)

// ErrorsSuffix names the file that says what is wrong with a list that was dropped, beside it.
const ErrorsSuffix = ".errors.txt"

// Drop takes in a list that somebody put where lists are taken from. A permanent error
// says, line by line, why it was not taken, and that nothing was changed.
func Drop(ctx context.Context, f store.Files, now time.Time, data []byte) (Kept, error) {
	found, err := Read(data)
	if err != nil {
		return Kept{}, desk.Permanent(fmt.Errorf("the list was not taken, and nothing was changed. Mend these lines and put it here again:\n%w", err))
	}
	kept, err := Keep(ctx, f, now, found.List, false)
	if errors.Is(err, ErrFewer) {
		return kept, desk.Permanent(fmt.Errorf("the list was not taken, and nothing was changed: it has %d entries, and the one that is there has %d. If it is right, import it with: replywell customers import --fewer", kept.Customers, kept.Before))
	}
	return kept, err
}
