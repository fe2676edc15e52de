package kb

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
)

// snapshotForm starts a snapshot and says how it is written. The number changes with
// anything that a snapshot holds, the features' hashes included; what follows it with
// the fitted constants, which those of a team's own history were refined from. It has
// 24 bytes, so that what comes next is aligned.
var snapshotForm = fmt.Sprintf("replywell kb 9 %08x\n", crc32.Update(crc32.Update(crc32.ChecksumIEEE(fittedJSON), crc32.IEEETable, fittedWordsJSON), crc32.IEEETable, fittedWideJSON))

const checksumSize = 4

// Snapshot writes the index, for another process to Open.
func (x *Index) Snapshot() ([]byte, error) {
	w := &wireWriter{out: []byte(snapshotForm)}
	w.number(len(x.articles))
	for _, a := range x.articles {
		for _, s := range []string{a.ID, a.Title, strings.Join(a.Topics, "\n"), a.Department, a.Language, a.Audience, a.ValidUntil, a.Reply, a.Body, a.Notes} {
			w.string(s)
		}
	}
	for _, p := range []*postings{x.terms, x.title, x.titlePiece, x.text, x.textPiece} {
		p.write(w)
	}
	x.writePast(w)
	w.number(int(one(x.wide != nil)))
	if x.wide != nil {
		x.wide.writePast(w)
	}
	w.number(int(crc32.ChecksumIEEE(w.out)))
	return w.out, nil
}

// writePast writes what an index knows beside the articles' words.
func (x *Index) writePast(w *wireWriter) {
	w.uint32s(x.sent)
	w.uint32s(x.owner)
	if x.mail != nil {
		for _, p := range []*postings{x.mail, x.mailPiece, x.together} {
			p.write(w)
		}
	}
	x.learnt.write(w)
	x.vectors.write(w)
	x.own.write(w)
}

// errSnapshot is what a person is told of a snapshot that cannot be used.
func errSnapshot(err error) error {
	return fmt.Errorf("the knowledge base's snapshot cannot be read: %w; change an article, or run the index function, to build it anew", err)
}

// Open reads what Snapshot wrote. The index keeps data, which must not be
// changed afterwards. The model is the one that it was built with, or nil: then
// it ranks by words.
func Open(data []byte, model Embedder) (*Index, error) {
	rest, ok := bytes.CutPrefix(data, []byte(snapshotForm))
	if !ok {
		return nil, errSnapshot(errors.New("it is of another form than this program's"))
	}
	if len(rest) < 2*checksumSize {
		return nil, errSnapshot(errCut)
	}
	end := wireReader{in: rest[len(rest)-2*checksumSize:]}
	if sum := crc32.ChecksumIEEE(data[:len(data)-2*checksumSize]); uint32(end.number()) != sum || end.err != nil {
		return nil, errSnapshot(errors.New("its checksum is wrong"))
	}
	x, err := readSnapshot(&wireReader{in: rest}, model)
	if err != nil {
		return nil, errSnapshot(err)
	}
	return x, nil
}

func readSnapshot(r *wireReader, model Embedder) (*Index, error) {
	n := r.number()
	if n > len(r.in) {
		return nil, errCut
	}
	x := &Index{articles: make([]Article, n), byID: make(map[string]int, n)}
	for i := range x.articles {
		a := &x.articles[i]
		var topics string
		for _, s := range []*string{&a.ID, &a.Title, &topics, &a.Department, &a.Language, &a.Audience, &a.ValidUntil, &a.Reply, &a.Body, &a.Notes} {
			*s = r.string()
		}
		if topics != "" {
			a.Topics = strings.Split(topics, "\n")
		}
		x.byID[a.ID] = i
	}
	for _, p := range []**postings{&x.terms, &x.title, &x.titlePiece, &x.text, &x.textPiece} {
		*p = readPostings(r, n)
	}
	if err := x.readPastOf(r, model); err != nil {
		return nil, err
	}
	if r.number() == 1 {
		x.wide = x.without()
		x.wide.foreign = true
		if err := x.wide.readPastOf(r, model); err != nil {
			return nil, err
		}
		if x.wide.vectors == nil {
			x.wide = nil // the model is another one by now
		}
	}
	return x, r.err
}

func (x *Index) readPastOf(r *wireReader, model Embedder) error {
	n := len(x.articles)
	x.sent = r.uint32s()
	if x.owner = r.uint32s(); len(x.owner) > 0 {
		x.mail, x.mailPiece, x.together = readPostings(r, len(x.owner)), readPostings(r, len(x.owner)), readPostings(r, n)
	}
	x.learnt = readClassifier(r, n)
	x.vectors = readVectors(r, n, len(x.owner))
	x.own = readOwn(r, x.weights())
	switch {
	case r.err != nil:
		return r.err
	case len(x.sent) != n || len(x.owner) > 0 && slices.Max(x.owner) >= uint32(n):
		return errors.New("it contradicts itself")
	}
	if x.vectors != nil {
		x.model = model
		if w := widerThan(model); w != nil && x.vectors.model == nameOf(w) {
			x.model = w
		}
		if x.model == nil || x.vectors.model != nameOf(x.model) || x.vectors.dims != x.model.Dims() {
			x.otherModel, x.model, x.vectors, x.own = x.vectors.model, nil, nil, nil // vectors of two models cannot be compared
		}
	}
	x.pastSeen = seen(x.sent)
	return nil
}

func (p *postings) write(w *wireWriter) {
	w.uint32s(p.keys)
	w.uint32s(p.start)
	w.uint32s(p.count)
	w.bytes(p.entries)
	w.floats(p.scale)
}

func readPostings(r *wireReader, documents int) *postings {
	p := &postings{documents: documents, keys: r.uint32s(), start: r.uint32s(), count: r.uint32s(), entries: r.bytes(), scale: r.floats()}
	if r.err == nil && (len(p.scale) != documents || len(p.start) != len(p.keys)+1 || len(p.count) != len(p.keys) || int(p.start[len(p.keys)]) != len(p.entries)) {
		r.err = errCut
	}
	return p
}

func (c *classifier) write(w *wireWriter) {
	if c == nil {
		w.uint32s(nil)
		return
	}
	w.uint32s(c.articles)
	w.floats(c.bias)
	w.uint32s(c.keys)
	w.uint32s(c.start)
	w.uint16s(c.classes)
	w.int8s(c.weights)
	w.floats([]float32{c.step})
	w.floats(c.dense)
}

func readClassifier(r *wireReader, articles int) *classifier {
	c := &classifier{articles: r.uint32s()}
	if len(c.articles) == 0 {
		return nil
	}
	c.bias, c.keys, c.start, c.classes, c.weights = r.floats(), r.uint32s(), r.uint32s(), r.uint16s(), r.int8s()
	step := r.floats()
	c.dense = r.floats()
	if r.err != nil || len(step) != 1 || len(c.bias) != len(c.articles) || int(slices.Max(c.articles)) >= articles || len(c.start) != len(c.keys)+1 {
		r.err = errCut
		return nil
	}
	c.step = step[0]
	return c
}

func (v *vectors) write(w *wireWriter) {
	if v == nil {
		w.number(0)
		return
	}
	w.number(v.dims)
	w.string(v.model)
	w.uint32s(v.first)
	w.floats(v.middle)
	for _, s := range []*sketch{&v.title, &v.passages, &v.centre, &v.mails} {
		w.bytes(s.rows)
		w.floats(s.length)
	}
}

func readVectors(r *wireReader, articles, mails int) *vectors {
	v := &vectors{dims: r.number()}
	if v.dims == 0 {
		return nil
	}
	v.model, v.first, v.middle = r.string(), r.uint32s(), r.floats()
	if len(v.middle) == 0 {
		v.middle = nil
	} else if len(v.middle) != v.dims {
		r.err = errCut
	}
	for _, s := range []*sketch{&v.title, &v.passages, &v.centre, &v.mails} {
		s.rows, s.length = r.bytes(), r.floats()
		if r.err == nil && len(s.rows) != len(s.length)*sketchRow(v.dims) {
			r.err = errCut
		}
	}
	if r.err == nil && (len(v.first) != articles+1 || len(v.title.length) != articles || len(v.mails.length) != mails || int(v.first[articles]) != len(v.passages.length)) {
		r.err = errCut
	}
	return v
}

// SnapshotForm is the form of the snapshots that this program writes and reads.
func SnapshotForm() string { return strings.TrimSpace(snapshotForm) }
