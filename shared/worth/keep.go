package worth

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/store"
)

const (
	prefix     = "customers/"
	currentKey = prefix + "current"
	perPart    = 500      // entries in one file, about
	maxPart    = 64 << 20 // bytes that a file unpacks to
)

// current names the list that holds.
type current struct {
	Name      string    `json:"name"`
	Taken     time.Time `json:"taken"`
	Parts     int       `json:"parts"`
	Customers int       `json:"customers"`
}

func (c current) part(n int) string { return fmt.Sprintf("%s%s/part-%d", prefix, c.Name, n) }

// ErrFewer says that a list has less than half of the one before, which happens when an
// export broke off.
var ErrFewer = errors.New("that is less than half of the list that is there")

// Kept says what became of a list.
type Kept struct{ Customers, Before int }

// Keep puts a list in the place of the one before. Of two who do so at once one gets
// store.ErrMoved. Where it has less than half as many entries, the error is ErrFewer
// unless fewer is true. What was ended in the middle has changed nothing.
func Keep(ctx context.Context, f store.Files, now time.Time, list List, fewer bool) (k Kept, err error) {
	was, version, err := look(ctx, f)
	if err != nil {
		return k, err
	}
	k = Kept{Customers: len(list), Before: was.Customers}
	if !fewer && 2*len(list) < was.Customers {
		return k, ErrFewer
	}
	c := current{Name: list.name(now), Taken: now.UTC(), Parts: max(1, len(list)/perPart), Customers: len(list)}
	parts := make([]map[string]Standing, c.Parts)
	for address, s := range list {
		h := hashOf(address)
		n := partOf(h, c.Parts)
		if parts[n] == nil {
			parts[n] = map[string]Standing{}
		}
		parts[n][h] = s
	}
	for n, p := range parts {
		data, err := packed(p)
		if err != nil {
			return k, err
		}
		if err := f.Put(ctx, c.part(n), data); err != nil {
			return k, fmt.Errorf("writing the list of customers: %w", err)
		}
	}
	data, err := json.Marshal(c)
	if err != nil {
		return k, err
	}
	if err := f.Swap(ctx, currentKey, version, data); err != nil {
		return k, fmt.Errorf("putting the list of customers in place: %w", err)
	}
	return k, drop(ctx, f, was, c)
}

// drop removes the files of the list before.
func drop(ctx context.Context, f store.Files, was, but current) error {
	if was.Name == but.Name {
		return nil
	}
	for n := range was.Parts {
		if err := f.Delete(ctx, was.part(n)); err != nil {
			return fmt.Errorf("removing the list of customers of before: %w", err)
		}
	}
	return nil
}

// Forget takes one customer out of the list, for whoever asks to be erased, and reports
// whether they were in it. A domain's entry stays: it is nobody's in particular.
func Forget(ctx context.Context, f store.Files, address string) (was bool, err error) {
	c, _, err := look(ctx, f)
	if err != nil || c.Parts == 0 {
		return false, err
	}
	h := hashOf(address)
	key := c.part(partOf(h, c.Parts))
	for range 10 { // others may be forgotten at the same time
		data, version, err := f.Look(ctx, key)
		if errors.Is(err, store.ErrNotFound) {
			return was, nil
		}
		if err != nil {
			return was, fmt.Errorf("reading the list of customers: %w", err)
		}
		entries, err := unpacked(data)
		if err != nil {
			return was, err
		}
		if _, in := entries[h]; !in {
			return was, nil
		}
		was = true
		delete(entries, h)
		if data, err = packed(entries); err != nil {
			return was, err
		}
		if err = f.Swap(ctx, key, version, data); !errors.Is(err, store.ErrMoved) {
			return was, err
		}
	}
	return was, store.ErrMoved
}

func look(ctx context.Context, f store.Files) (c current, version string, err error) {
	data, version, err := f.Look(ctx, currentKey)
	if errors.Is(err, store.ErrNotFound) {
		return c, "", nil
	}
	if err != nil {
		return c, "", fmt.Errorf("reading which list of customers there is: %w", err)
	}
	if err := json.Unmarshal(data, &c); err != nil {
		return c, version, fmt.Errorf("%s cannot be read; import the list of customers again after removing it: %w", currentKey, err)
	}
	return c, version, nil
}

// hashOf is the name of an entry: an address, or a domain with its "@".
func hashOf(address string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(strings.TrimSpace(address))))
	return hex.EncodeToString(sum[:16])
}

func partOf(hash string, parts int) int {
	h := fnv.New32a()
	h.Write([]byte(hash))
	return int(h.Sum32() % uint32(max(1, parts)))
}

func packed(entries map[string]Standing) ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if err := errors.Join(json.NewEncoder(z).Encode(entries), z.Close()); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func unpacked(data []byte) (out map[string]Standing, err error) {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err == nil {
		err = json.NewDecoder(io.LimitReader(z, maxPart)).Decode(&out)
	}
	if err != nil {
		return nil, fmt.Errorf("a part of the list of customers cannot be read; import it again: %w", err)
	}
	return out, nil
}
