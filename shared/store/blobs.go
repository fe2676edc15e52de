package store

import (
	"context"
	"errors"
)

// Blobs keeps what is too large for the engine: raw mails as they came, and
// composed mails until they are sent. Keys look like paths ("mail/2026/…",
// "out/…"); a blob is written once and never changed, so writing the same key
// again with the same bytes is harmless. When Put returns nil the bytes are
// durable. Get's error is ErrNotFound where there is no such blob.
type Blobs interface {
	Put(ctx context.Context, key string, data []byte) error
	Get(ctx context.Context, key string) ([]byte, error)
}

// ErrMoved says that a file was written by somebody else since it was looked at.
var ErrMoved = errors.New("somebody else has written meanwhile")

// Files are blobs that change: whoever changes one says what it was before.
type Files interface {
	Blobs
	// Look reads a file and its version. Error: ErrNotFound.
	Look(ctx context.Context, key string) (data []byte, version string, err error)
	// Swap writes a file if its version is still this one, or if there still is
	// none where that is "". Else it writes nothing, and the error is ErrMoved.
	Swap(ctx context.Context, key, version string, data []byte) error
	// Delete removes a file; one that is not there is removed already.
	Delete(ctx context.Context, key string) error
}
