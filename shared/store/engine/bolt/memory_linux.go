package bolt

import (
	"fmt"
	"syscall"

	"go.etcd.io/bbolt"
)

// letGoAbove is how large a file must be for its pages to matter.
const letGoAbove = 1 << 20

// LetGo takes the pages of the file that were read out of the process' memory; the system
// keeps them while it has room, and gives them back when they are read again. The file is
// mapped, so without it everything that was ever touched counts as the process' own,
// whatever is stored.
func (e *Engine) LetGo() error {
	return e.view(func(tx *bbolt.Tx) error { // nobody maps the file anew meanwhile
		size := tx.Size()
		if size < letGoAbove {
			return nil
		}
		// The mapping is at least as long as the file was when the transaction began.
		if _, _, failed := syscall.Syscall(syscall.SYS_MADVISE, e.db.Info().Data, uintptr(size), syscall.MADV_DONTNEED); failed != 0 {
			return fmt.Errorf("letting the pages of the store go: %w", failed)
		}
		return nil
	})
}
