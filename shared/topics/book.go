package topics

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"
)

// Book is all that is known of a desk's topics. The zero value knows nothing.
type Book struct {
	Form      int
	Through   time.Time // mails that were recorded up to here are in it
	Mailboxes []string
	Spaces    map[string]*Space // by the name of the encoder
	Recent    []Placed          // the mails of the last recentDays, in the order of time
	Words     map[string]int    // in how many mails a word was, see Background
	Mails     int               // that Words counts
	Changes   []Regrouped       // the last mostChanges
	Crumbs    int               // so many have begun
	Topics    int
}

// Mail is a mail that is to be put into its topic.
type Mail struct {
	Conversation string
	Mailbox      string
	At           time.Time
	Encoder      string    // that made Meaning
	Meaning      []float32 // of length one; of the same length for each mail of an encoder
	Words        []string  // the stems it has, each once
}

// Placed is a mail that was put into a crumb.
type Placed struct {
	Conversation string
	Encoder      string
	Crumb        int
	Meaning      []int8 // its direction, in hundred-and-twenty-sevenths of its longest part
	Came         Came
}

const (
	bookForm = 1
	// Quarter is what times are counted by: no time zone is off by less.
	Quarter = 15 * time.Minute
	// recentDays is for how long it is known which mail is in which crumb: as long as
	// the longest rise, and a report's delay.
	recentDays = 14
	mostRecent = 20_000
	// PastDays is for how long back mails are counted.
	PastDays    = 380
	mostChanges = 50
	mostWords   = 30_000
)

// QuarterOf is the number of the quarter of an hour that a moment is in.
func QuarterOf(t time.Time) uint32 { return uint32(max(0, t.Unix()/int64(Quarter/time.Second))) }

// Knows reports whether a conversation of the last days is in the book.
func (b *Book) Knows() map[string]bool {
	known := map[string]bool{}
	for _, p := range b.Recent {
		known[p.Conversation] = true
	}
	return known
}

// Add puts mails into topics, in the order given, which is that of time.
func (b *Book) Add(mails []Mail) {
	if b.Spaces == nil {
		b.Spaces, b.Words = map[string]*Space{}, map[string]int{}
	}
	var encoders []string
	byEncoder := map[string][]Mail{}
	for _, m := range mails {
		b.Mails++
		for _, w := range m.Words {
			if b.Words[w] > 0 || len(b.Words) < mostWords {
				b.Words[w]++
			}
		}
		if len(m.Meaning) == 0 {
			continue
		}
		if byEncoder[m.Encoder] == nil {
			encoders = append(encoders, m.Encoder)
		}
		byEncoder[m.Encoder] = append(byEncoder[m.Encoder], m)
	}
	for _, e := range encoders {
		s := b.Spaces[e]
		if s == nil {
			s = &Space{}
			b.Spaces[e] = s
		}
		b.addTo(s, e, byEncoder[e])
	}
	slices.SortStableFunc(b.Recent, func(x, y Placed) int { return cmp.Compare(x.Came.Quarter, y.Came.Quarter) })
	b.forget()
}

func (b *Book) addTo(s *Space, encoder string, mails []Mail) {
	var meanings [][]float32
	var came []Came
	for _, m := range mails {
		meanings = append(meanings, m.Meaning)
		came = append(came, Came{QuarterOf(m.At), b.mailbox(m.Mailbox)})
	}
	of := s.place(meanings, came, func() int { b.Crumbs++; return b.Crumbs })
	for i, c := range of {
		b.Recent = append(b.Recent, Placed{Conversation: mails[i].Conversation, Encoder: encoder, Crumb: c.ID, Meaning: small(meanings[i]), Came: came[i]})
	}
	s.bound()
	changes := s.settle(func() string { b.Topics++; return "t" + strconv.Itoa(b.Topics) })
	b.Changes = append(b.Changes, changes...)
	b.Changes = b.Changes[max(0, len(b.Changes)-mostChanges):]
}

func (b *Book) mailbox(name string) uint16 {
	at := slices.Index(b.Mailboxes, name)
	if at < 0 {
		at = len(b.Mailboxes)
		b.Mailboxes = append(b.Mailboxes, name)
	}
	return uint16(at)
}

// forget lets go of what is too old to matter.
func (b *Book) forget() {
	last := uint32(0)
	for _, p := range b.Recent {
		last = max(last, p.Came.Quarter)
	}
	before := func(days uint32) uint32 {
		const quarters = uint32(24 * time.Hour / Quarter)
		return last - min(last, days*quarters)
	}
	old := before(recentDays)
	b.Recent = slices.DeleteFunc(b.Recent, func(p Placed) bool { return p.Came.Quarter < old })
	b.Recent = slices.Clone(b.Recent[max(0, len(b.Recent)-mostRecent):])
	old = before(PastDays)
	for _, s := range b.Spaces {
		for _, c := range s.Crumbs {
			n := 0
			for n < len(c.Came) && c.Came[n].Quarter < old {
				n++
			}
			c.Came = c.Came[n:]
		}
	}
}

// Each gives when a mail of a topic came, and to which mailbox, for all that is known of
// the past.
func (b *Book) Each(fn func(topic, mailbox string, at time.Time)) {
	for _, s := range b.Spaces {
		for _, c := range s.Crumbs {
			for _, t := range c.Came {
				if c.Topic != "" {
					fn(c.Topic, b.Mailboxes[t.Mailbox], time.Unix(int64(t.Quarter)*int64(Quarter/time.Second), 0))
				}
			}
		}
	}
}

// Rise tells what a rise of a topic takes in: the conversations, the nearest to its middle
// first, of the last days; how many mails came in all; and how many are usual beyond the
// topic's own.
func (b *Book) Rise(topic, mailbox string, past, from, to time.Time) (conversations []string, mails int, usual float64) {
	box := slices.Index(b.Mailboxes, mailbox)
	for encoder, s := range b.Spaces {
		if box < 0 || !slices.ContainsFunc(s.Crumbs, func(c *Crumb) bool { return c.Topic == topic }) {
			continue
		}
		rise := Span{QuarterOf(from), QuarterOf(to)}
		r := s.Reach(topic, uint16(box), Span{QuarterOf(past), rise.From}, rise)
		crumbs := map[int]bool{}
		for _, c := range s.Crumbs {
			if r.Crumbs[c.ID] {
				crumbs[c.ID] = true
				for _, j := range c.Joined {
					crumbs[j] = true
				}
			}
		}
		near := map[string]float32{}
		for _, p := range b.Recent {
			if p.Encoder == encoder && crumbs[p.Crumb] && rise.has(p.Came, uint16(box)) {
				near[p.Conversation] = dot(from8(p.Meaning, r.middle), r.heart)
				conversations = append(conversations, p.Conversation)
			}
		}
		slices.SortStableFunc(conversations, func(x, y string) int { return cmp.Compare(near[y], near[x]) })
		return conversations, r.Mails, r.Usual
	}
	return nil, 0, 0
}

// small keeps a direction in a byte a number.
func small(v []float32) []int8 {
	top := float32(0)
	for _, x := range v {
		top = max(top, x, -x)
	}
	out := make([]int8, len(v))
	for i, x := range v {
		if top > 0 {
			out[i] = int8(x / top * 127)
		}
	}
	return out
}

// from8 is such a direction, seen from a middle.
func from8(v []int8, middle []float32) []float32 {
	out := make([]float32, len(v))
	for i, x := range v {
		out[i] = float32(x)
	}
	return from(middle, unit(out), 1)
}

// Write gives the book as a file.
func (b *Book) Write() ([]byte, error) {
	b.Form = bookForm
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(gob.NewEncoder(z).Encode(b), z.Close()); err != nil {
		return nil, fmt.Errorf("writing the topics: %w", err)
	}
	return out.Bytes(), nil
}

// mostBook bounds what a file unpacks to, in bytes.
const mostBook = 256 << 20

// Read reads what Write wrote. A file of another form, or that cannot be read, knows
// nothing: the mails are in the log and are read anew.
func Read(data []byte) *Book {
	b := &Book{}
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return &Book{}
	}
	if err := gob.NewDecoder(io.LimitReader(z, mostBook)).Decode(b); err != nil || b.Form != bookForm {
		return &Book{}
	}
	return b
}
