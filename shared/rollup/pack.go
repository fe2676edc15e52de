package rollup

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/replywell/replywell/shared/desk"
)

// Form is the version of the packed form.
const Form = 2

// Reads reports whether a roll-up of a form can be read; one of another is made anew. Form 1
// says nothing of what customers are worth, nor does the log of its days.
func Reads(form int) bool { return form == 1 || form == Form }

// Each event is a row: its kind, mailbox and conversation by their places in lists
// that grow as they are met, the milliseconds since the row before, a mask of what
// else there is, and that. Times are told by their distance from the row's.
const (
	hasOccurred = 1 << iota
	hasOpened
	hasSolvedBefore
	hasAsked
	hasAnswers
	hasExchanges
	hasFirstWait
	hasReopened
	hasContacts
	hasHandovers
	hasDetail
	hasArticles
	hasTopics
	hasReactions
	isByItself
	hasPotential
	hasRevenue
)

// Pack packs events that are in the order in which they were recorded. Kinds that
// are not Counted are left out.
func Pack(events []desk.Event) ([]byte, error) {
	w := writer{names: map[string]int{}, conversations: map[string]int{}}
	w.buf = append(w.buf, Form)
	for _, e := range events {
		if Counted(e.Kind) {
			w.row(Plain(e))
		}
	}
	var out bytes.Buffer
	z, err := flate.NewWriter(&out, flate.DefaultCompression)
	if err != nil {
		return nil, err
	}
	if _, err = z.Write(w.buf); err == nil {
		err = z.Close()
	}
	return out.Bytes(), err
}

type writer struct {
	buf                  []byte
	names, conversations map[string]int
	last                 int64 // the last row's time
}

func (w *writer) row(e desk.Event) {
	at := millis(e.Recorded)
	w.name(string(e.Kind))
	w.name(e.Mailbox)
	w.listed(w.conversations, string(e.Conversation))
	w.signed(at - w.last)
	w.last = at
	times := []time.Time{e.Occurred, e.Opened, e.SolvedBefore, e.Asked}
	numbers := []int64{int64(e.Answers), int64(e.Exchanges), int64(e.FirstWait / time.Millisecond), int64(e.Reopened), int64(e.Contacts), int64(e.Handovers)}
	mask := uint64(0)
	flag := func(bit uint64, there bool) {
		if there {
			mask |= bit
		}
	}
	for i, t := range times {
		flag(hasOccurred<<i, !t.IsZero())
	}
	for i, n := range numbers {
		flag(hasAnswers<<i, n != 0)
	}
	flag(hasDetail, e.Detail != "")
	flag(hasArticles, len(e.Articles) > 0)
	flag(hasTopics, len(e.Topics) > 0)
	flag(hasReactions, len(e.Reactions) > 0)
	flag(isByItself, e.ByItself)
	flag(hasPotential, e.Potential != 0)
	flag(hasRevenue, e.Revenue != 0)
	w.count(mask)
	for _, t := range times {
		if !t.IsZero() {
			w.signed(at - millis(t))
		}
	}
	for _, n := range numbers {
		if n != 0 {
			w.signed(n)
		}
	}
	if e.Detail != "" {
		w.name(e.Detail)
	}
	for _, list := range [][]string{e.Articles, e.Topics} {
		if len(list) > 0 {
			w.count(uint64(len(list)))
			for _, s := range list {
				w.name(s)
			}
		}
	}
	if len(e.Reactions) > 0 {
		w.count(uint64(len(e.Reactions)))
		for _, r := range e.Reactions {
			w.name(r.Article)
			w.name(string(r.Kind))
			w.count(uint64(r.Confidence))
		}
	}
	if e.Potential != 0 {
		w.count(uint64(math.Round(e.Potential * finely)))
	}
	if e.Revenue != 0 {
		w.count(uint64(e.Revenue))
	}
}

func (w *writer) count(n uint64) { w.buf = binary.AppendUvarint(w.buf, n) }
func (w *writer) signed(n int64) { w.buf = binary.AppendVarint(w.buf, n) }
func (w *writer) name(s string)  { w.listed(w.names, s) }

// listed writes a name's place in a list, and at the first time the name itself.
func (w *writer) listed(list map[string]int, s string) {
	at, known := list[s]
	if !known {
		at = len(list)
		list[s] = at
	}
	w.count(uint64(at))
	if !known {
		w.count(uint64(len(s)))
		w.buf = append(w.buf, s...)
	}
}

func millis(t time.Time) int64 { return t.UnixMilli() }

// errCut is what is said of a roll-up that does not hold what it should.
var errCut = errors.New("the roll-up is damaged; make it anew with: replywell report --rebuild")

// maxPlain bounds what a roll-up may grow to when it is opened.
const maxPlain = 1 << 30

// Unpack gives each event, until each returns an error. The event and what hangs on
// it are the caller's.
func Unpack(data []byte, each func(desk.Event) error) error {
	plain, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(data)), maxPlain))
	if err != nil {
		return fmt.Errorf("%w (%v)", errCut, err)
	}
	if len(plain) == 0 || !Reads(int(plain[0])) {
		return errCut
	}
	r := reader{rest: plain[1:]}
	for len(r.rest) > 0 {
		e := r.row()
		if r.cut {
			return errCut
		}
		if err := each(e); err != nil {
			return err
		}
	}
	return nil
}

type reader struct {
	rest                 []byte
	names, conversations []string
	last                 int64
	cut                  bool
}

func (r *reader) row() (e desk.Event) {
	e.Schema = desk.EventSchema
	e.Kind, e.Mailbox = desk.EventKind(r.name()), r.name()
	e.Conversation = desk.ConversationID(r.listed(&r.conversations))
	r.last += r.signed()
	e.Recorded = time.UnixMilli(r.last).UTC()
	mask := r.count()
	for i, t := range []*time.Time{&e.Occurred, &e.Opened, &e.SolvedBefore, &e.Asked} {
		if mask&(hasOccurred<<i) != 0 {
			*t = time.UnixMilli(r.last - r.signed()).UTC()
		}
	}
	var wait int
	for i, n := range []*int{&e.Answers, &e.Exchanges, &wait, &e.Reopened, &e.Contacts, &e.Handovers} {
		if mask&(hasAnswers<<i) != 0 {
			*n = int(r.signed())
		}
	}
	e.FirstWait = time.Duration(wait) * time.Millisecond
	if mask&hasDetail != 0 {
		e.Detail = r.name()
	}
	if mask&hasArticles != 0 {
		e.Articles = r.list()
	}
	if mask&hasTopics != 0 {
		e.Topics = r.list()
	}
	if mask&hasReactions != 0 {
		for n := r.length(); n > 0 && !r.cut; n-- {
			e.Reactions = append(e.Reactions, desk.Reaction{Article: r.name(), Kind: desk.ReactionKind(r.name()), Confidence: float64(min(r.count(), 1))})
		}
	}
	e.ByItself = mask&isByItself != 0
	if mask&hasPotential != 0 {
		e.Potential = float64(r.count()) / finely
	}
	if mask&hasRevenue != 0 {
		e.Revenue = float64(r.count())
	}
	return e
}

func (r *reader) list() (out []string) {
	for n := r.length(); n > 0 && !r.cut; n-- {
		out = append(out, r.name())
	}
	return out
}

// length is a count of things of which each takes at least a byte.
func (r *reader) length() int {
	n := r.count()
	if n > uint64(len(r.rest)) {
		r.cut = true
		return 0
	}
	return int(n)
}

func (r *reader) count() uint64 {
	n, size := binary.Uvarint(r.rest)
	if size <= 0 {
		r.cut, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

func (r *reader) signed() int64 {
	n, size := binary.Varint(r.rest)
	if size <= 0 {
		r.cut, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

func (r *reader) name() string { return r.listed(&r.names) }

func (r *reader) listed(list *[]string) string {
	at := r.count()
	switch {
	case r.cut || at > uint64(len(*list)):
		r.cut = true
		return ""
	case at < uint64(len(*list)):
		return (*list)[at]
	}
	n := r.length()
	if r.cut {
		return ""
	}
	s := string(r.rest[:n])
	r.rest = r.rest[n:]
	*list = append(*list, s)
	return s
}
