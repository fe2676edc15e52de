package earlier

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
	"maps"
	"slices"
	"time"

	"github.com/replywell/replywell/shared/store"
)

// Kept says what became of conversations.
type Kept struct {
	New   int
	Known int // every id of them leads to one already
}

// attempts is how often a change of the list is tried where others change it too.
const attempts = 10

// Keep keeps conversations to be found again. Its retention counts from now. What was
// ended anywhere is completed by calling it again; what was kept before stays as it is.
func Keep(ctx context.Context, f store.Files, now time.Time, all []Conversation) (k Kept, err error) {
	w := keeper{imports{f}, f}
	there, err := w.known(ctx)
	if err != nil {
		return k, err
	}
	fresh := map[string]Conversation{}
	for _, c := range all {
		if !slices.ContainsFunc(c.IDs, func(id string) bool { return !there[hashOf(id)] }) {
			k.Known++
			continue
		}
		fresh[hashOf(c.IDs[0])] = c.bounded()
	}
	k.New = len(fresh)
	if len(fresh) == 0 {
		return k, nil
	}
	m := imported{Name: nameOf(fresh), Taken: now.UTC(), Parts: max(1, len(fresh)/perPart)}
	err = w.change(ctx, func(l *list) {
		if !slices.ContainsFunc(l.Imports, func(o imported) bool { return o.Name == m.Name }) { // of a call that was ended
			l.Imports = append(l.Imports, m)
		}
	})
	if err != nil {
		return k, err
	}
	return k, w.write(ctx, m, fresh)
}

// Forget takes out the conversations that any of these Message-IDs leads to, and gives how
// many they were. One that a customer has gone on with since stays: it is one of the desk's.
func Forget(ctx context.Context, f store.Files, ids []string) (forgotten int, err error) {
	w := keeper{imports{f}, f}
	gone := map[string]bool{}
	for _, id := range ids {
		gone[hashOf(id)] = true
	}
	all, err := w.list(ctx)
	if err != nil {
		return 0, err
	}
	taken := map[string]bool{}
	var empty []imported
	for _, m := range all.Imports {
		left, err := w.withoutAny(ctx, m, gone, taken)
		if err != nil {
			return len(taken), err
		}
		if left == 0 {
			empty = append(empty, m)
		}
	}
	if len(empty) == 0 {
		return len(taken), nil
	}
	for _, m := range empty {
		for part := range m.Parts {
			if err := errors.Join(w.files.Delete(ctx, m.ids(part)), w.files.Delete(ctx, m.conversations(part))); err != nil {
				return len(taken), err
			}
		}
	}
	return len(taken), w.change(ctx, func(l *list) {
		l.Imports = slices.DeleteFunc(l.Imports, func(m imported) bool { return slices.Contains(empty, m) })
	})
}

// keeper writes the files.
type keeper struct {
	imports
	files store.Files
}

// known gives every id that leads to a conversation.
func (w keeper) known(ctx context.Context) (map[string]bool, error) {
	out := map[string]bool{}
	all, err := w.list(ctx)
	if err != nil {
		return nil, err
	}
	for _, m := range all.Imports {
		for part := range m.Parts {
			leads := map[string]string{}
			if err := w.read(ctx, m.ids(part), &leads); err != nil {
				return nil, err
			}
			for id := range leads {
				out[id] = true
			}
		}
	}
	return out, nil
}

// write writes an import's files: first what is found, then what leads there.
func (w keeper) write(ctx context.Context, m imported, all map[string]Conversation) error {
	conversations, ids := make([]map[string]Conversation, m.Parts), make([]map[string]string, m.Parts)
	for i := range m.Parts {
		conversations[i], ids[i] = map[string]Conversation{}, map[string]string{}
	}
	for key, c := range all {
		conversations[partOf(key, m.Parts)][key] = c
		for _, id := range c.IDs {
			name := hashOf(id)
			ids[partOf(name, m.Parts)][name] = key
		}
	}
	for i, part := range conversations {
		if err := w.put(ctx, m.conversations(i), part); err != nil {
			return err
		}
	}
	for i, part := range ids {
		if err := w.put(ctx, m.ids(i), part); err != nil {
			return err
		}
	}
	return nil
}

func (w keeper) put(ctx context.Context, key string, v any) error {
	data, err := packed(v)
	if err == nil {
		err = w.files.Put(ctx, key, data)
	}
	if err != nil {
		return fmt.Errorf("keeping conversations of before: %w", err)
	}
	return nil
}

// withoutAny takes the conversations out of an import that an id leads to which is gone,
// notes them as taken, and gives how many are left.
func (w keeper) withoutAny(ctx context.Context, m imported, gone, taken map[string]bool) (left int, err error) {
	out := map[string]bool{}
	ids := make([]map[string]string, m.Parts)
	for part := range m.Parts {
		if err := w.read(ctx, m.ids(part), &ids[part]); err != nil {
			return 0, err
		}
		for id, key := range ids[part] {
			if gone[id] {
				out[key], taken[key] = true, true
			}
		}
	}
	for part, leads := range ids {
		before := len(leads)
		maps.DeleteFunc(leads, func(_ string, key string) bool { return out[key] })
		left += len(leads)
		if len(leads) < before {
			if err := w.put(ctx, m.ids(part), leads); err != nil {
				return 0, err
			}
		}
	}
	for part := range m.Parts {
		var in map[string]Conversation
		if err := w.read(ctx, m.conversations(part), &in); err != nil {
			return 0, err
		}
		before := len(in)
		maps.DeleteFunc(in, func(key string, c Conversation) bool {
			return out[key] || slices.ContainsFunc(c.IDs, func(id string) bool { return gone[hashOf(id)] }) // of an import that was ended
		})
		if len(in) < before {
			if err := w.put(ctx, m.conversations(part), in); err != nil {
				return 0, err
			}
		}
	}
	return left, nil
}

// change changes the list in one step.
func (w keeper) change(ctx context.Context, change func(*list)) error {
	for n := 0; ; n++ {
		var l list
		data, version, err := w.files.Look(ctx, listKey)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("reading which conversations of before are kept: %w", err)
		}
		if err == nil {
			if err := unpacked(data, &l); err != nil {
				return fmt.Errorf("the list of what was imported, %s, cannot be read: %w; delete it, and import again", listKey, err)
			}
		}
		change(&l)
		if data, err = packed(l); err != nil {
			return err
		}
		err = w.files.Swap(ctx, listKey, version, data)
		if err == nil || !errors.Is(err, store.ErrMoved) || n == attempts {
			return err
		}
	}
}

// nameOf is the name of an import: the same conversations have the same.
func nameOf(all map[string]Conversation) string {
	h := sha256.New()
	for _, key := range slices.Sorted(maps.Keys(all)) {
		h.Write([]byte(key))
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

const (
	prefix  = "earlier/"
	listKey = prefix + "list"
	// perPart is about how many conversations lie in one file.
	perPart = 200
	// maxUnpacked bounds what a file unpacks to, in bytes.
	maxUnpacked = 256 << 20
)

// list is which imports there are, in the order in which they were made.
type list struct {
	Imports []imported `json:"imports"`
}

// imported is one import.
type imported struct {
	Name  string    `json:"name"`
	Taken time.Time `json:"taken"`
	Parts int       `json:"parts"`
}

func (m imported) conversations(part int) string {
	return fmt.Sprintf("%s%s/conversations-%d", prefix, m.Name, part)
}
func (m imported) ids(part int) string { return fmt.Sprintf("%s%s/ids-%d", prefix, m.Name, part) }

// hashOf is the name under which an id leads to a conversation: a stranger chose it, and
// it may be as long as a line.
func hashOf(id string) string {
	sum := sha256.Sum256([]byte(store.NormalMessageID(id)))
	return hex.EncodeToString(sum[:16])
}

func partOf(name string, parts int) int {
	h := fnv.New32a()
	h.Write([]byte(name))
	return int(h.Sum32() % uint32(max(1, parts)))
}

func packed(v any) ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if err := errors.Join(json.NewEncoder(z).Encode(v), z.Close()); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func unpacked(data []byte, v any) error {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return err
	}
	return json.NewDecoder(io.LimitReader(z, maxUnpacked)).Decode(v)
}
