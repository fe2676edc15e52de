package bench

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/replywell/replywell/shared/store"
)

// Blobs keeps blobs in memory. The zero value is ready. A key is written with one
// content, since whoever reads it must find what it was named for.
type Blobs struct {
	mu   sync.Mutex
	data map[string][]byte
}

// Put keeps a copy; it is an error to put something else where something is.
func (b *Blobs) Put(_ context.Context, key string, data []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if old, ok := b.data[key]; ok && !bytes.Equal(old, data) {
		return fmt.Errorf("the blob %s was written twice with different content", key)
	}
	b.keep(key, data)
	return nil
}

func (b *Blobs) keep(key string, data []byte) {
	if b.data == nil {
		b.data = map[string][]byte{}
	}
	b.data[key] = bytes.Clone(data)
}

// Get gives what was put; the error is store.ErrNotFound.
func (b *Blobs) Get(_ context.Context, key string) ([]byte, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	data, ok := b.data[key]
	if !ok {
		return nil, fmt.Errorf("%s: %w", key, store.ErrNotFound)
	}
	return data, nil
}

// Lose takes a blob away, as somebody who clears up too much does.
func (b *Blobs) Lose(key string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.data, key)
}

// Keys names all blobs, in order.
func (b *Blobs) Keys() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Sorted(maps.Keys(b.data))
}

// Look, Swap and Delete make them store.Files, for what changes.
func (b *Blobs) Look(ctx context.Context, key string) (data []byte, version string, err error) {
	data, err = b.Get(ctx, key)
	return data, string(data), err
}

// Swap writes what is still as it was looked at.
func (b *Blobs) Swap(_ context.Context, key, version string, data []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if string(b.data[key]) != version {
		return store.ErrMoved
	}
	b.keep(key, data)
	return nil
}

// Delete removes a blob.
func (b *Blobs) Delete(_ context.Context, key string) error {
	b.Lose(key)
	return nil
}
