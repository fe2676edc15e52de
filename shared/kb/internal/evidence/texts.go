package evidence

import (
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/kb/internal/fuse"
	"github.com/replywell/replywell/shared/kb/internal/wire"
	"github.com/replywell/replywell/shared/kb/terms"
)

// texts are articles' words, each table by article.
type texts struct {
	terms      *terms.Postings // BM25's part of each word, title and topics counting more
	title      *terms.Postings
	titlePiece *terms.Postings
	text       *terms.Postings
	textPiece  *terms.Postings
}

// titleShare is how much more a word in the title or among the topics counts.
const titleShare = 2

func readTexts(articles []article.Article) *texts {
	var fields terms.TermBuilder
	var title, titlePiece, text, textPiece terms.Builder
	for _, a := range articles {
		tw := terms.Words(a.Title, terms.MostWords)
		kw := terms.Words(strings.Join(a.Topics, " , "), terms.MostWords)
		bw := terms.Words(a.Body, article.MostWords)
		if a.Reply != "" {
			bw = append(bw, terms.Words(a.Reply, article.MostWords)...)
		}
		if a.Notes != "" {
			bw = append(bw, terms.Words(a.Notes, article.MostWords)...)
		}
		fields.Add(tw, kw, bw)
		named := slices.Concat(tw, kw)
		title.Add(terms.Gather(terms.WordFeatures(nil, named, 1)))
		titlePiece.Add(terms.Gather(terms.PieceFeatures(nil, named, 1)))
		text.Add(terms.Gather(terms.WordFeatures(terms.WordFeatures(nil, named, titleShare), bw, 1)))
		textPiece.Add(terms.Gather(terms.PieceFeatures(terms.PieceFeatures(nil, named, titleShare), bw, 1)))
	}
	return &texts{fields.Build(), title.Build(), titlePiece.Build(), text.Build(), textPiece.Build()}
}

// tables are in the order in which a snapshot has them.
func (t *texts) tables() []**terms.Postings {
	return []**terms.Postings{&t.terms, &t.title, &t.titlePiece, &t.text, &t.textPiece}
}

func (t *texts) write(w *wire.Writer) {
	for _, p := range t.tables() {
		(*p).Write(w)
	}
}

func openTexts(r *wire.Reader, articles int) *texts {
	t := &texts{}
	for _, p := range t.tables() {
		*p = terms.ReadPostings(r, articles)
	}
	return t
}

// score compares a mail with the articles' words.
func (t *texts) score(q *Query, all [][]float32) {
	asked, whole := t.terms.Query(q.Sentences)
	if len(asked) > 0 {
		t.terms.Cosines(asked, all[fuse.ByTerms])
		for i := range all[fuse.ByTerms] {
			all[fuse.ByTerms][i] /= whole
		}
	}
	cos := func(p *terms.Postings, v terms.Vector, to fuse.Scorer) { p.Cosines(p.Unit(v.Clone()), all[to]) }
	cos(t.title, q.words, fuse.ByTitle)
	cos(t.titlePiece, q.pieces, fuse.ByTitlePart)
	cos(t.text, q.words, fuse.ByText)
	cos(t.textPiece, q.pieces, fuse.ByTextPart)
}

// sharing gives the articles that share words with a text, those first that share most,
// at most so many.
func (t *texts) sharing(words terms.Vector, articles, most int) []int {
	scores := make([]float32, articles)
	t.text.Cosines(t.text.Unit(words), scores)
	var order []int
	for i, s := range scores {
		if s > 0 {
			order = append(order, i)
		}
	}
	return terms.Best(order, scores, most)
}
