package bench

import (
	"bytes"
	"context"

	"github.com/replywell/replywell/shared/store"
)

// Bucket is where a knowledge base lies, in memory: blobs that may be written anew, and
// the articles that were published. Blobs are those that it writes to.
type Bucket struct {
	*Blobs
	Published map[string][]byte // by path
}

// Articles gives what was published.
func (b *Bucket) Articles(context.Context) (map[string][]byte, error) { return b.Published, nil }

// Put writes, also over what is there.
func (b *Bucket) Put(_ context.Context, key string, data []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.keep(key, data)
	return nil
}

// Look gives a blob with its version, which is what it holds.
func (b *Bucket) Look(ctx context.Context, key string) ([]byte, string, error) {
	data, err := b.Get(ctx, key)
	return data, string(data), err
}

// Swap writes if the blob is of that version still, else the error is store.ErrMoved.
func (b *Bucket) Swap(_ context.Context, key, version string, data []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !bytes.Equal(b.data[key], []byte(version)) {
		return store.ErrMoved
	}
	b.keep(key, data)
	return nil
}

// Delete takes a blob away.
func (b *Bucket) Delete(_ context.Context, key string) error {
	b.Lose(key)
	return nil
}
