package store

import "context"

// Blobs keeps what is too large for the engine: raw mails as they came, and
// composed mails until they are sent. Keys look like paths ("mail/2026/…",
// "out/…"); a blob is written once and never changed, so writing the same key
// again with the same bytes is harmless. When Put returns nil the bytes are
// durable. Get's error is ErrNotFound where there is no such blob.
type Blobs interface {
	Put(ctx context.Context, key string, data []byte) error
	Get(ctx context.Context, key string) ([]byte, error)
}
