package index

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/store"
)

// The models take about 0.4 milliseconds a word, and most of what a build embeds was
// embedded by the build before. vectors keeps those: a sentence's vector under
// the hash of the sentence, a byte for each number. What is new goes through
// the same rounding, so that a build gives the same whether it remembered or not.
//
// Embedding has an end, after which what is not known stays without a vector. What
// was made is kept meanwhile, every minute, so that a build that is ended from
// outside is not for nothing.
type vectors struct {
	model kb.Embedder
	id    hash // see identity
	dims  int
	now   func() time.Time
	until time.Time // embedding ends; zero: never
	keep  func(f int, data []byte) error
	wide  *vectors // the same of the model for what is not English; nil: none

	mu    sync.Mutex
	old   [vectorFiles]map[hash][]byte // as read; nil: not there
	used  [vectorFiles]map[hash][]byte
	fresh [vectorFiles]bool // something is used that was not read
	left  [vectorFiles]int  // sentences that there was no time for
	saved time.Time
}

type hash [16]byte

const (
	// vectorFiles is over how many files the vectors are spread by their hash, so
	// that none outgrows what is read at once.
	vectorFiles = 4
	mostVectors = 50_000 // in one file: about 20 MB
	vectorForm  = "replywell vectors 1\n"
	// saveEvery is how much embedding is lost at most when a build is ended from outside.
	saveEvery = time.Minute
	// mostEmbedding bounds the time that one build embeds for: with a great
	// history articles are found by words first, and by meaning from the next on.
	mostEmbedding = 10 * time.Minute
)

// build builds the index with the vectors of the build before. left is how many
// sentences there was no time to embed: half of what is left of the build's time
// is for that, and half for the rest of the build.
func (s *Service) build(ctx context.Context, articles []article.Article, past []kb.Past) (x *kb.Index, left int, err error) {
	if s.Model == nil {
		return kb.Build(articles, past, nil), 0, nil
	}
	start := s.Now()
	v, err := s.remembered(ctx, s.Model, "")
	if err != nil {
		return nil, 0, err
	}
	if w, ok := s.Model.(kb.Wider); ok && w.Wide() != nil {
		if v.wide, err = s.remembered(ctx, w.Wide(), "wide-"); err != nil {
			return nil, 0, err
		}
	}
	v.titles(articles, past, v)
	if v.wide != nil {
		v.wide.titles(articles, past, asked{v.wide})
	}
	until := start.Add(mostEmbedding)
	if end, ok := ctx.Deadline(); ok {
		if half := start.Add(end.Sub(start) / 2); half.Before(until) {
			until = half
		}
	}
	all := []*vectors{v}
	if v.wide != nil {
		all = append(all, v.wide)
	}
	for _, v := range all {
		v.until = until
	}
	x = kb.Build(articles, past, v.embedder())
	for _, v := range all {
		if err := v.save(false); err != nil {
			return nil, 0, err
		}
		left += v.missing()
	}
	return x, left, nil
}

// remembered are the vectors that the build before kept of a model.
func (s *Service) remembered(ctx context.Context, model kb.Embedder, prefix string) (*vectors, error) {
	v := newVectors(model, s.Now)
	for f := range vectorFiles {
		data, err := s.Bucket.Get(ctx, vectorKey(prefix, f))
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, fmt.Errorf("reading the vectors of the build before: %w", err)
		}
		v.read(f, data)
	}
	v.keep = func(f int, data []byte) error { return s.Bucket.Put(ctx, vectorKey(prefix, f), data) }
	return v, nil
}

// embedder is what an index is built with: vectors that remember, of as many models as there are.
func (v *vectors) embedder() kb.Embedder {
	if v.wide == nil {
		return v
	}
	return widening{v}
}

type widening struct{ *vectors }

// Wide remembers the vectors of the model for what is not English.
func (w widening) Wide() kb.Embedder { return asked{w.wide} }

// asked is that model, which is told what a text is.
type asked struct{ *vectors }

func (a asked) Name() string { return kb.ModelName(a.model) }
func (a asked) Prefixes() (query, passage string) {
	if p, ok := a.model.(interface {
		Prefixes() (query, passage string)
	}); ok {
		return p.Prefixes()
	}
	return "", ""
}
func (a asked) Middle(prefix string) []float32 {
	if p, ok := a.model.(interface{ Middle(prefix string) []float32 }); ok {
		return p.Middle(prefix)
	}
	return make([]float32, a.dims)
}

// Knows asks the model whether it has a word.
func (w widening) Knows(word string) bool {
	k, ok := w.model.(interface{ Knows(word string) bool })
	return !ok || k.Knows(word)
}

func vectorKey(prefix string, file int) string {
	return fmt.Sprintf("%svectors-%s%d", histories, prefix, file)
}

func newVectors(model kb.Embedder, now func() time.Time) *vectors {
	v := &vectors{model: model, id: identity(model), dims: model.Dims(), now: now, saved: now()}
	for i := range v.used {
		v.used[i] = map[hash][]byte{}
	}
	return v
}

// Dims is the length of a vector.
func (v *vectors) Dims() int { return v.dims }

// titles embeds the titles of the articles that were sent, whatever time it takes:
// from them the classifier knows whether there are vectors at all. It reads them as
// the index does, as mails of one line.
func (v *vectors) titles(articles []article.Article, past []kb.Past, model kb.Embedder) {
	sent := map[string]bool{}
	for _, p := range past {
		for _, id := range p.Sent {
			sent[id] = true
		}
	}
	var titles []string
	for _, a := range articles {
		if sent[a.ID] {
			titles = append(titles, a.Title)
		}
	}
	if len(titles) == 0 {
		return
	}
	next := make(chan string)
	var done sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		done.Go(func() {
			for t := range next {
				kb.Sense(model, "", t)
			}
		})
	}
	for _, t := range titles {
		next <- t
	}
	close(next)
	done.Wait()
}

// Embed gives a sentence's vector, remembered or new; none where there is no time
// left for a new one. It is safe for concurrent use.
func (v *vectors) Embed(sentence string) []float32 {
	sum := sha256.Sum256([]byte(sentence))
	key := hash(sum[:16])
	f := int(key[0]) % vectorFiles
	v.mu.Lock()
	row, known := v.used[f][key]
	if !known {
		if row, known = v.old[f][key]; known {
			v.used[f][key] = row
		}
	}
	late := !known && !v.until.IsZero() && !v.now().Before(v.until)
	if late {
		v.left[f]++
	}
	v.mu.Unlock()
	if late {
		return nil
	}
	if !known {
		row = pack(v.model.Embed(sentence))
		v.mu.Lock()
		v.used[f][key], v.fresh[f] = row, true
		save := v.now().Sub(v.saved) >= saveEvery
		if save {
			v.saved = v.now()
		}
		v.mu.Unlock()
		if save {
			if err := v.save(true); err != nil { // the last one tries again
				slog.Warn("vectors could not be kept midway", "error", err.Error())
			}
		}
	}
	return unpack(row)
}

// save keeps what has changed. Midway that is all that is known, at the end what
// was used.
func (v *vectors) save(midway bool) error {
	for f := range vectorFiles {
		v.mu.Lock()
		data, changed := v.write(f, midway)
		v.mu.Unlock()
		if !changed {
			continue
		}
		if err := v.keep(f, data); err != nil {
			return fmt.Errorf("keeping the vectors for the next build: %w", err)
		}
	}
	return nil
}

// missing is how many sentences the next build can embed and keep. What a full
// file has no place for is not among them: it would be missing each time.
func (v *vectors) missing() (n int) {
	for f := range vectorFiles {
		if len(v.used[f]) < mostVectors {
			n += v.left[f]
		}
	}
	return n
}

// pack gives the scale and a byte for each number; nothing for no vector.
func pack(x []float32) []byte {
	if len(x) == 0 {
		return nil
	}
	top := float32(0)
	for _, y := range x {
		top = max(top, float32(math.Abs(float64(y))))
	}
	out := binary.LittleEndian.AppendUint32(make([]byte, 0, 4+len(x)), math.Float32bits(top/127))
	for _, y := range x {
		b := 0.0
		if top > 0 {
			b = math.Round(float64(y / top * 127))
		}
		out = append(out, byte(int8(b)))
	}
	return out
}

func unpack(row []byte) []float32 {
	if len(row) < 4 {
		return nil
	}
	scale := math.Float32frombits(binary.LittleEndian.Uint32(row))
	out := make([]float32, len(row)-4)
	for i, b := range row[4:] {
		out[i] = float32(int8(b)) * scale
	}
	return out
}

// identity tells one model from another by what it makes of a sentence.
func identity(model kb.Embedder) hash {
	sum := sha256.Sum256(pack(model.Embed("Where is the parcel that I ordered last week?")))
	return hash(sum[:16])
}

// read takes in file f. One that is of another form or model is as good as none.
func (v *vectors) read(f int, data []byte) {
	head := len(vectorForm) + len(v.id)
	if len(data) < head || string(data[:len(vectorForm)]) != vectorForm || hash(data[len(vectorForm):head]) != v.id {
		return
	}
	v.old[f] = map[hash][]byte{}
	for rest := data[head:]; len(rest) >= 20; {
		n := int(binary.LittleEndian.Uint32(rest[16:]))
		if n > len(rest)-20 || n != 0 && n != 4+v.dims {
			return
		}
		v.old[f][hash(rest[:16])] = rest[20 : 20+n : 20+n]
		rest = rest[20+n:]
	}
}

// write gives file f, of what was used and, midway, of what may yet be used;
// changed is false where that is what was read.
func (v *vectors) write(f int, midway bool) (data []byte, changed bool) {
	if !v.fresh[f] && (midway || len(v.used[f]) == len(v.old[f])) {
		return nil, false
	}
	ordered := func(a, b hash) int { return slices.Compare(a[:], b[:]) }
	keys := slices.SortedFunc(maps.Keys(v.used[f]), ordered)
	if midway {
		for _, k := range slices.SortedFunc(maps.Keys(v.old[f]), ordered) {
			if _, used := v.used[f][k]; !used {
				keys = append(keys, k)
			}
		}
	}
	out := append([]byte(vectorForm), v.id[:]...)
	for _, k := range keys[:min(mostVectors, len(keys))] {
		row, used := v.used[f][k]
		if !used {
			row = v.old[f][k]
		}
		out = append(out, k[:]...)
		out = binary.LittleEndian.AppendUint32(out, uint32(len(row)))
		out = append(out, row...)
	}
	return out, true
}
