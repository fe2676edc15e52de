package evidence

import (
	"slices"

	"github.com/replywell/replywell/shared/kb/internal/fuse"
	"github.com/replywell/replywell/shared/kb/terms"
)

// recent is what was answered recently, by mail and article; what the index does not know
// comes first.
type recent struct {
	owner     []uint32
	fresh     int // so many the index does not know
	mail      *terms.Postings
	mailPiece *terms.Postings
	mails     sketch
	centre    *sketch // by article, of all mails; nil without vectors
}

// owners are the articles of the mails that the index does not know.
func (l *recent) owners() []uint32 {
	if l == nil {
		return nil
	}
	return l.owner[:l.fresh]
}

// mailsOf is how many mails there are, built in or not.
func (l *recent) mailsOf() int {
	if l == nil {
		return 0
	}
	return len(l.owner)
}

// recentMail is a mail that was answered recently as it is compared.
type recentMail struct {
	q      *Query
	owners []uint32
	sense  []float32 // nil: none that can be compared
	built  bool
}

// withRecent gives the history withRecent what was answered recently; itself where that is nothing.
func (p *past) withRecent(mails []recentMail, v *senses) *past {
	mails = slices.Clone(mails)
	slices.SortStableFunc(mails, func(a, b recentMail) int { return int(fuse.One(a.built) - fuse.One(b.built)) })
	l := &recent{}
	var mail, mailPiece terms.Builder
	var dense [][]float32
	for _, m := range mails {
		for _, o := range m.owners {
			l.owner = append(l.owner, o)
			if !m.built {
				l.fresh++
			}
			mail.Add(m.q.words.Clone())
			mailPiece.Add(m.q.pieces.Clone())
			dense = append(dense, m.sense)
		}
	}
	if len(l.owner) == 0 {
		return p
	}
	if p.mail == nil {
		l.mail, l.mailPiece = mail.Build(), mailPiece.Build()
	} else {
		l.mail, l.mailPiece = p.mail.Weigh(mail), p.mailPiece.Weigh(mailPiece)
	}
	if v != nil && slices.ContainsFunc(dense, func(d []float32) bool { return d != nil }) {
		for _, d := range dense {
			l.mails.add(d, v.dims)
		}
		if l.fresh > 0 {
			l.centre = p.centresWith(l.owners(), dense[:l.fresh], v)
		}
	}
	with := *p
	with.recent = l
	with.sent = slices.Clone(p.sent)
	for _, o := range l.owners() {
		with.sent[o]++
	}
	with.seen = seen(with.sent)
	return &with
}

// centresWith are the means of articles' past mails where some came since the index was built.
func (p *past) centresWith(owner []uint32, dense [][]float32, v *senses) *sketch {
	sums := map[uint32][]float32{}
	for i, d := range dense {
		o := owner[i]
		if sums[o] == nil {
			sums[o] = v.titleOf(int(o))
		}
		addTo(sums[o], d)
	}
	row := make([]float32, v.dims)
	for i, o := range p.owner {
		if s := sums[o]; s != nil && p.mails.vector(i, row) {
			addTo(s, row)
		}
	}
	was := p.centres(v)
	out := &sketch{}
	for a := range p.sent {
		if s := sums[uint32(a)]; s != nil {
			out.add(unitLength(s), v.dims)
			continue
		}
		out.copy(was, a, v.dims)
	}
	return out
}
