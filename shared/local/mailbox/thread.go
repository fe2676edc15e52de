package mailbox

import (
	"slices"
	"strings"
	"time"
)

// Thread is a conversation as a mail program groups it.
type Thread struct {
	Mails   []Head // the oldest first
	Subject string // of the first
	People  string // who wrote, each once, in order
	Unread  int
	At      time.Time // of the newest
}

// Last is the newest mail.
func (t Thread) Last() Head { return t.Mails[len(t.Mails)-1] }

// Files tells whether one of the mails has attachments.
func (t Thread) Files() bool {
	return slices.ContainsFunc(t.Mails, func(h Head) bool { return h.Files })
}

// Threads groups the newest mails of a mailbox as Gmail does: a mail belongs to a
// thread if it names one of its mails, or is named by one (References,
// In-Reply-To), and has the same subject but for "Re:" and the like. The thread
// with the newest mail comes first. With a query only those are given in which a
// mail fits it, see [Boxes.Search]. full says whether older mails are left out.
func (m *Boxes) Threads(address, query string) (_ []Thread, full bool, _ error) {
	list, err := m.entries(address)
	if err != nil {
		return nil, false, err
	}
	q := parse(query)
	for i, h := range list {
		if list[i], err = m.head(address, h, len(q) > 0); err != nil {
			return nil, false, err
		}
		list[i].Unread = m.unread(address, h)
	}
	threads := group(list)
	if len(q) > 0 {
		threads = slices.DeleteFunc(threads, func(t Thread) bool { return !slices.ContainsFunc(t.Mails, q.fits) })
	}
	return threads, len(list) == Newest, nil
}

// Texts reads what a page of threads shows of its mails' texts.
func (m *Boxes) Texts(address string, threads []Thread) error {
	for i := range threads {
		for j, h := range threads[i].Mails {
			read, err := m.head(address, h, true)
			if err != nil {
				return err
			}
			read.Unread = h.Unread
			threads[i].Mails[j] = read
		}
	}
	return nil
}

// group makes threads of mails, which come newest first.
func group(list []Head) []Thread {
	type place struct{ id, base string }
	of := map[place]*Thread{} // by a Message-ID that is in a thread, or that one of it names
	var out []*Thread
	for _, h := range slices.Backward(list) {
		at := make([]place, 0, len(h.answers)+1)
		for _, id := range append(slices.Clone(h.answers), h.message) {
			if id != "" {
				at = append(at, place{id, h.base})
			}
		}
		var t *Thread
		for _, p := range slices.Backward(at) { // the nearest first: the mail itself, then what it answers
			if t = of[p]; t != nil {
				break
			}
		}
		if t == nil {
			t = &Thread{Subject: h.Subject}
			out = append(out, t)
		}
		t.Mails, t.At = append(t.Mails, h), h.At
		if h.Unread {
			t.Unread++
		}
		for _, p := range at {
			if of[p] == nil {
				of[p] = t
			}
		}
	}
	threads := make([]Thread, 0, len(out))
	for _, t := range slices.Backward(out) {
		t.People = who(t.Mails)
		threads = append(threads, *t)
	}
	slices.SortStableFunc(threads, func(a, b Thread) int { return b.At.Compare(a.At) })
	return threads
}

func who(mails []Head) string {
	var names []string
	for _, h := range mails {
		name := h.From
		if h.Folder == Sent {
			name = "me"
		}
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 1 && names[0] == "me" {
		return "To: " + mails[0].To
	}
	return strings.Join(names, ", ")
}

// query is what is looked for: every term must be found.
type query []term

type term struct{ in, word string }

// parse reads a query as mail programs take it: words, and from:, to: and subject:
// before one; a phrase stands in quotes.
func parse(s string) (q query) {
	if len(s) > 500 {
		s = strings.ToValidUTF8(s[:500], "")
	}
	s = strings.ToLower(strings.TrimSpace(s))
	for s != "" {
		var t term
		for _, in := range []string{"from:", "to:", "subject:"} {
			if rest, ok := strings.CutPrefix(s, in); ok {
				t.in, s = in, strings.TrimLeft(rest, " ")
			}
		}
		if rest, ok := strings.CutPrefix(s, "\""); ok {
			t.word, s, _ = strings.Cut(rest, "\"")
		} else {
			end := strings.IndexAny(s, " \t")
			if end < 0 {
				end = len(s)
			}
			t.word, s = s[:end], s[end:]
		}
		if s = strings.TrimSpace(s); t.word != "" {
			q = append(q, t)
		}
	}
	return q
}

func (q query) fits(h Head) bool {
	for _, t := range q {
		in := h.words
		switch t.in {
		case "from:":
			in = strings.ToLower(h.From) + " " + h.author
		case "to:":
			in = strings.ToLower(h.To)
		case "subject:":
			in = strings.ToLower(h.Subject)
		}
		if !strings.Contains(in, t.word) {
			return false
		}
	}
	return true
}
