package kb

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/kb/internal/evidence"
	"github.com/replywell/replywell/shared/kb/internal/fuse"
	"github.com/replywell/replywell/shared/kb/internal/wire"
)

// Embedder gives a sentence's meaning as a vector of length one.
type Embedder = evidence.Embedder

// Wider is a model that knows another one for what it cannot read.
type Wider = evidence.Wider

// Past is a mail that was answered, with the articles that agents sent.
type Past = evidence.Past

// Recent is a mail that was answered since the index was built, or not long before.
type Recent = evidence.Recent

// Index ranks articles. It is never changed after it is built, so it is safe
// for concurrent use.
type Index struct {
	main   *evidence.Index // reads English where there is another for the rest, else all mail
	across *evidence.Index // reads mail that is not English; nil: main does
	trust  []float64       // by article, from outcomes; nil: none known
}

// New builds an index for a team without a history, by words alone.
func New(articles []article.Article) *Index { return Build(articles, nil, nil) }

// Build builds an index that also knows what was sent for past mails, oldest
// first. Mails whose article is no longer there are left out. The model may be
// nil; then ranking goes by words and history alone. Where it is an [Wider] one, it
// reads English, and the other all else.
func Build(articles []article.Article, past []Past, model Embedder) *Index {
	wide := evidence.WiderThan(model)
	if wide != nil && !mostlyEnglish(model, articles) {
		model, wide = wide, nil
	}
	x := &Index{main: evidence.Build(articles, past, model)}
	if wide != nil && len(articles) > 0 {
		x.across = x.main.Across(evidence.Spread(past, acrossHistory), wide, func(subject, text string) bool { return english(model, subject+"\n"+text) })
	}
	return x
}

// acrossHistory is how many past mails, of all times, the second index is made of: they are
// embedded once more for it, and foreign mail to a team that writes English is rare.
const acrossHistory = 4000

// Len is the number of articles.
func (x *Index) Len() int { return len(x.main.Articles()) }

// Articles are the articles that it has.
func (x *Index) Articles() []article.Article { return x.main.Articles() }

// Article gives an article by id.
func (x *Index) Article(id string) (article.Article, bool) {
	if places := x.main.Places([]string{id}); len(places) > 0 {
		return x.main.Articles()[places[0]], true
	}
	return article.Article{}, false
}

// OtherModel names the embedding model that a snapshot was made with, where this
// program has another: ranking goes by words and history alone then, until the
// index is built anew. Else it is "".
func (x *Index) OtherModel() string { return x.main.OtherModel() }

// with gives an index of which both parts are changed.
func (x *Index) with(change func(*evidence.Index) *evidence.Index) *Index {
	y := *x
	y.main = change(x.main)
	if x.across != nil {
		y.across = change(x.across)
	}
	return &y
}

// AsOf gives the index as of a day, counted from 1970: articles that are no longer
// valid then are not suggested. The index itself is not changed.
func (x *Index) AsOf(today int) *Index {
	return x.with(func(e *evidence.Index) *evidence.Index { return e.AsOf(today) })
}

// WithRecent gives an index that also knows what was answered recently. Mails whose article
// it does not have are left out. The index itself is not changed, and shares its tables.
// Model is the name of the model that the mails' meanings are of.
func (x *Index) WithRecent(mails []Recent, model string) *Index {
	if !slices.ContainsFunc(mails, func(m Recent) bool { return len(x.main.Places(m.Sent)) > 0 }) {
		return x
	}
	return x.with(func(e *evidence.Index) *evidence.Index { return e.WithRecent(mails, model) })
}

// WithLearned gives an index that ranks by what was learnt as well, as of a day; see
// AsOf. The index itself is not changed, and shares its tables.
func (x *Index) WithLearned(l *Learned, today int) *Index {
	y := x.AsOf(today)
	y.trust = make([]float64, x.Len())
	for i, a := range x.main.Articles() {
		y.trust[i] = l.Trust(a.ID, today)
	}
	return y
}

// form starts a snapshot and says how it is written. The number changes with anything
// that a snapshot holds; what follows it with the fitted constants, which those of a
// team's own history were refined from. It has 24 bytes, so that what comes next is aligned.
var form = fmt.Sprintf("replywell kb %-2d%08x\n", evidence.Form, fuse.Sum())

const checksumSize = 4

// SnapshotForm is the form of the snapshots that this program writes and reads.
func SnapshotForm() string { return strings.TrimSpace(form) }

// Snapshot writes the index, for another process to Open.
func (x *Index) Snapshot() ([]byte, error) {
	w := &wire.Writer{Out: []byte(form)}
	x.main.Write(w, x.across)
	w.Number(int(crc32.ChecksumIEEE(w.Out)))
	return w.Out, nil
}

// errSnapshot is what a person is told of a snapshot that cannot be used.
func errSnapshot(err error) error {
	return fmt.Errorf("the knowledge base's snapshot cannot be read: %w; change an article, or run the index function, to build it anew", err)
}

// Open reads what Snapshot wrote. The index keeps data, which must not be
// changed afterwards. The model is the one that it was built with, or nil: then
// it ranks by words.
func Open(data []byte, model Embedder) (*Index, error) {
	rest, ok := bytes.CutPrefix(data, []byte(form))
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
	x, err := open(&wire.Reader{In: rest}, model)
	if err != nil {
		return nil, errSnapshot(err)
	}
	return x, nil
}

func open(r *wire.Reader, model Embedder) (*Index, error) {
	var models []Embedder
	if model != nil {
		models = append(models, model)
	}
	if w := evidence.WiderThan(model); w != nil {
		models = append(models, w)
	}
	main, across, err := evidence.Open(r, models)
	if err != nil {
		return nil, err
	}
	return &Index{main: main, across: across}, nil
}
