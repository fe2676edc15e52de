package enginetest

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store/engine"
)

// Alike gives the same random operations to all engines, one after the other, and
// fails where one answers otherwise than the first by name. The engines must be empty.
func Alike(t *testing.T, seed uint64, operations int, engines map[string]engine.Engine) {
	t.Helper()
	names := slices.Sorted(maps.Keys(engines))
	r := &random{rand.New(rand.NewPCG(seed, 3)), map[engine.Key]int64{}}
	cursors := map[string]engine.Query{}
	reached := map[string]int{}
	for n := range operations {
		what, ask := r.operation(cursors)
		reached[what]++
		var first, cursor string
		for i, name := range names {
			said, after := ask(t, name, engines[name])
			if i == 0 {
				first, cursor = said, after
				continue
			}
			if said != first || (cursor == "") != (after == "") {
				t.Fatalf("operation %d of seed %d, %s: %s says\n%s\nand %s says\n%s", n, seed, what, names[0],
					first, name, said)
			}
		}
	}
	t.Log(operations, "operations on", names, reached)
}

// random draws operations on a few keys, so that they meet.
type random struct {
	*rand.Rand
	versions map[engine.Key]int64 // as last written, for conditions that hold
}

func (r *random) key() engine.Key {
	return engine.Key{Partition: fmt.Sprint("p", r.IntN(4)), Sort: fmt.Sprintf("s%02d", r.IntN(25))}
}

var started = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func (r *random) write() engine.Write {
	it := engine.Item{Key: r.key(), Version: r.Int64N(5) + 1, Kind: "test", Schema: r.IntN(3)}
	it.Body = fmt.Appendf(nil, `{"n":%d}`, r.IntN(1e6))
	if r.IntN(40) == 0 {
		it.Body = fmt.Appendf(nil, "%q", make([]byte, 40<<10)) // pages end early
	}
	for i := range it.Index {
		if r.IntN(2) == 0 {
			it.Index[i].Partition = fmt.Sprint("i", r.IntN(2))
			it.Index[i].Sort = it.Partition + it.Sort + fmt.Sprint(r.IntN(3))
		}
	}
	if r.IntN(4) == 0 {
		it.Expires = started.Add(time.Duration(r.IntN(100)) * time.Minute)
	}
	w := engine.Write{Item: it, If: engine.Condition(r.IntN(4)), Old: r.Int64N(5) + 1}
	if old, ok := r.versions[it.Key]; ok && r.IntN(3) > 0 {
		w.Old = old
	}
	if w.If == engine.IfAbsent && r.IntN(2) == 0 {
		w.AsOf = started.Add(50 * time.Minute)
	}
	w.Delete = w.If != engine.IfVersionOnly && r.IntN(4) == 0
	return w
}

func (r *random) query() engine.Query {
	q := engine.Query{Index: r.IntN(3), Descending: r.IntN(2) == 0, Limit: r.IntN(9)}
	q.Partition = fmt.Sprint([]string{"p", "i", "i"}[q.Index], r.IntN(2))
	bound := func() string {
		if r.IntN(2) == 0 {
			return ""
		}
		if q.Index > 0 {
			k := r.key()
			return k.Partition + k.Sort
		}
		return r.key().Sort
	}
	q.From, q.To = bound(), bound()
	return q
}

// asking asks an engine, and gives its answer as text and its cursor.
type asking func(t *testing.T, name string, e engine.Engine) (said, cursor string)

// operation draws one.
func (r *random) operation(cursors map[string]engine.Query) (string, asking) {
	tell := func(err error) string {
		var conflict *engine.ConflictError
		switch {
		case err == nil:
			return "done"
		case errors.As(err, &conflict):
			return fmt.Sprint("conflict ", conflict.Failed)
		case desk.IsPermanent(err):
			return "refused for good"
		}
		return "failed: " + err.Error()
	}
	switch r.IntN(4) {
	case 0:
		keys := make([]engine.Key, 1+r.IntN(6))
		for i := range keys {
			keys[i] = r.key()
		}
		return "get", func(t *testing.T, _ string, e engine.Engine) (string, string) {
			items, err := steady(func() ([]engine.Item, error) { return e.Get(t.Context(), keys...) })
			return fmt.Sprintf("%s %s", plain(items), tell(err)), ""
		}
	case 1, 2:
		writes := []engine.Write{r.write()}
		for range r.IntN(2) * r.IntN(8) {
			w := r.write()
			if !slices.ContainsFunc(writes, func(x engine.Write) bool { return x.Item.Key == w.Item.Key }) {
				writes = append(writes, w)
			}
		}
		return "write", func(t *testing.T, _ string, e engine.Engine) (string, string) {
			err := e.Write(t.Context(), writes...)
			if err == nil {
				for _, w := range writes {
					if w.If != engine.IfVersionOnly {
						r.versions[w.Item.Key] = w.Item.Version
					}
				}
			}
			return tell(err), ""
		}
	}
	if q := r.query(); r.IntN(2) == 0 || len(cursors) == 0 {
		return "query", func(t *testing.T, name string, e engine.Engine) (string, string) {
			page, err := steady(func() (engine.Page, error) { return e.Query(t.Context(), q) })
			delete(cursors, name)
			if page.Cursor != "" {
				next := q
				next.After = page.Cursor
				cursors[name] = next
			}
			return plain(page.Items) + tell(err), page.Cursor
		}
	}
	return "next page", func(t *testing.T, name string, e engine.Engine) (string, string) {
		page, err := steady(func() (engine.Page, error) { return e.Query(t.Context(), cursors[name]) })
		return plain(page.Items) + tell(err), page.Cursor
	}
}

// steady reads again where a connection to a server broke: that is no answer.
func steady[T any](read func() (T, error)) (out T, err error) {
	for range 3 {
		if out, err = read(); err == nil || desk.IsPermanent(err) {
			break
		}
	}
	return out, err
}

// plain are items as text; big bodies by their length.
func plain(items []engine.Item) (out string) {
	for _, it := range items {
		if reflect.ValueOf(it).IsZero() {
			out += "nothing\n"
			continue
		}
		body := string(it.Body)
		if len(body) > 100 {
			body = fmt.Sprint(len(body), " bytes")
		}
		out += fmt.Sprintf("%v v%d %s %d %v %s %s\n", it.Key, it.Version, it.Kind, it.Schema, it.Index,
			it.Expires.UTC().Format(time.RFC3339), body)
	}
	return out
}
