package kb

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/kb/internal/wire"
	"github.com/replywell/replywell/shared/kb/terms"
)

// snapshotForm starts a snapshot and says how it is written. The number changes with
// anything that a snapshot holds, the features' hashes included; what follows it with
// the fitted constants, which those of a team's own history were refined from. It has
// 24 bytes, so that what comes next is aligned.
var snapshotForm = fmt.Sprintf("replywell kb 9 %08x\n", crc32.Update(crc32.Update(crc32.ChecksumIEEE(fittedJSON), crc32.IEEETable, fittedWordsJSON), crc32.IEEETable, fittedWideJSON))

const checksumSize = 4

// Snapshot writes the index, for another process to Open.
func (x *Index) Snapshot() ([]byte, error) {
	w := &wire.Writer{Out: []byte(snapshotForm)}
	w.Number(len(x.articles))
	for _, a := range x.articles {
		for _, s := range []string{a.ID, a.Title, strings.Join(a.Topics, "\n"), a.Department, a.Language, a.Audience, a.ValidUntil, a.Reply, a.Body, a.Notes} {
			w.String(s)
		}
	}
	for _, p := range []*terms.Postings{x.terms, x.title, x.titlePiece, x.text, x.textPiece} {
		p.Write(w)
	}
	x.writePast(w)
	w.Number(int(one(x.wide != nil)))
	if x.wide != nil {
		x.wide.writePast(w)
	}
	w.Number(int(crc32.ChecksumIEEE(w.Out)))
	return w.Out, nil
}

// writePast writes what an index knows beside the articles' words.
func (x *Index) writePast(w *wire.Writer) {
	w.Uint32s(x.sent)
	w.Uint32s(x.owner)
	if x.mail != nil {
		for _, p := range []*terms.Postings{x.mail, x.mailPiece, x.together} {
			p.Write(w)
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
		return nil, errSnapshot(wire.ErrCut)
	}
	end := wire.Reader{In: rest[len(rest)-2*checksumSize:]}
	if sum := crc32.ChecksumIEEE(data[:len(data)-2*checksumSize]); uint32(end.Number()) != sum || end.Err != nil {
		return nil, errSnapshot(errors.New("its checksum is wrong"))
	}
	x, err := readSnapshot(&wire.Reader{In: rest}, model)
	if err != nil {
		return nil, errSnapshot(err)
	}
	return x, nil
}

func readSnapshot(r *wire.Reader, model Embedder) (*Index, error) {
	n := r.Number()
	if n > len(r.In) {
		return nil, wire.ErrCut
	}
	x := &Index{articles: make([]article.Article, n), byID: make(map[string]int, n)}
	for i := range x.articles {
		a := &x.articles[i]
		var topics string
		for _, s := range []*string{&a.ID, &a.Title, &topics, &a.Department, &a.Language, &a.Audience, &a.ValidUntil, &a.Reply, &a.Body, &a.Notes} {
			*s = r.String()
		}
		if topics != "" {
			a.Topics = strings.Split(topics, "\n")
		}
		x.byID[a.ID] = i
	}
	for _, p := range []**terms.Postings{&x.terms, &x.title, &x.titlePiece, &x.text, &x.textPiece} {
		*p = terms.ReadPostings(r, n)
	}
	if err := x.readPastOf(r, model); err != nil {
		return nil, err
	}
	if r.Number() == 1 {
		x.wide = x.without()
		x.wide.foreign = true
		if err := x.wide.readPastOf(r, model); err != nil {
			return nil, err
		}
		if x.wide.vectors == nil {
			x.wide = nil // the model is another one by now
		}
	}
	return x, r.Err
}

func (x *Index) readPastOf(r *wire.Reader, model Embedder) error {
	n := len(x.articles)
	x.sent = r.Uint32s()
	if x.owner = r.Uint32s(); len(x.owner) > 0 {
		x.mail, x.mailPiece, x.together = terms.ReadPostings(r, len(x.owner)), terms.ReadPostings(r, len(x.owner)), terms.ReadPostings(r, n)
	}
	x.learnt = readClassifier(r, n)
	x.vectors = readVectors(r, n, len(x.owner))
	x.own = readOwn(r, x.weights())
	switch {
	case r.Err != nil:
		return r.Err
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

func (c *classifier) write(w *wire.Writer) {
	if c == nil {
		w.Uint32s(nil)
		return
	}
	w.Uint32s(c.articles)
	w.Floats(c.bias)
	w.Uint32s(c.keys)
	w.Uint32s(c.start)
	w.Uint16s(c.classes)
	w.Int8s(c.weights)
	w.Floats([]float32{c.step})
	w.Floats(c.dense)
}

func readClassifier(r *wire.Reader, articles int) *classifier {
	c := &classifier{articles: r.Uint32s()}
	if len(c.articles) == 0 {
		return nil
	}
	c.bias, c.keys, c.start, c.classes, c.weights = r.Floats(), r.Uint32s(), r.Uint32s(), r.Uint16s(), r.Int8s()
	step := r.Floats()
	c.dense = r.Floats()
	if r.Err != nil || len(step) != 1 || len(c.bias) != len(c.articles) || int(slices.Max(c.articles)) >= articles || len(c.start) != len(c.keys)+1 {
		r.Err = wire.ErrCut
		return nil
	}
	c.step = step[0]
	return c
}

func (v *vectors) write(w *wire.Writer) {
	if v == nil {
		w.Number(0)
		return
	}
	w.Number(v.dims)
	w.String(v.model)
	w.Uint32s(v.first)
	w.Floats(v.middle)
	for _, s := range []*sketch{&v.title, &v.passages, &v.centre, &v.mails} {
		w.Bytes(s.rows)
		w.Floats(s.length)
	}
}

func readVectors(r *wire.Reader, articles, mails int) *vectors {
	v := &vectors{dims: r.Number()}
	if v.dims == 0 {
		return nil
	}
	v.model, v.first, v.middle = r.String(), r.Uint32s(), r.Floats()
	if len(v.middle) == 0 {
		v.middle = nil
	} else if len(v.middle) != v.dims {
		r.Err = wire.ErrCut
	}
	for _, s := range []*sketch{&v.title, &v.passages, &v.centre, &v.mails} {
		s.rows, s.length = r.Bytes(), r.Floats()
		if r.Err == nil && len(s.rows) != len(s.length)*sketchRow(v.dims) {
			r.Err = wire.ErrCut
		}
	}
	if r.Err == nil && (len(v.first) != articles+1 || len(v.title.length) != articles || len(v.mails.length) != mails || int(v.first[articles]) != len(v.passages.length)) {
		r.Err = wire.ErrCut
	}
	return v
}

// SnapshotForm is the form of the snapshots that this program writes and reads.
func SnapshotForm() string { return strings.TrimSpace(snapshotForm) }
