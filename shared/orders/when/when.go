package when

import (
	"strings"
	"time"
	"unicode"
)

// Clock is what a time is read by.
type Clock struct {
	Now   time.Time // in the time zone of who wrote
	Opens int       // when their work begins, in minutes after midnight; 0 is nine o'clock
}

// Reading is a time that was read.
type Reading struct {
	At     time.Time // where it is sure
	Likely time.Time // where it is not: what may be meant; zero is nothing
	Over   bool      // it is not sure because it is over
	Rest   string    // what stands behind the time
	// Till: it is the end of something, as of "until Friday", "Friday 14:00" and "3d". "Friday" may be the
	// day itself.
	Till  bool
	Today bool // it is today, and no hour was said; ok is false
}

// farthest bounds how far ahead a time may be.
const farthest = 366 * 24 * time.Hour

// Layout is how a reading is written so that it is read again.
const Layout = "Mon 2 Jan 2006, 15:04"

const nine = 9 * 60

const day = 24 * time.Hour

// said is what was understood so far; -1 is nothing.
type said struct {
	span             time.Duration // from now on
	unit             string
	ahead            int // days from today
	weekday          int
	month, date      int
	year             int
	minute           int    // of the day
	part             string // of the day
	next, at, unsure bool
	night            bool // an hour at which nobody works, and the same after noon is
	till             bool // "until"
	half, counted    bool // "half an", and a number that was a word
	pending          int  // a number that waits for what follows it
}

// Read reads the time that a text begins with. ok is false where it begins with none.
func Read(text string, c Clock) (r Reading, ok bool) {
	ws, ends := split(text)
	s := said{ahead: -1, weekday: -1, minute: -1, pending: -1}
	used := s.words(ws)
	if used == 0 || !s.any() {
		return Reading{}, false
	}
	r.Rest = strings.TrimFunc(strings.TrimLeftFunc(text[ends[used-1]:], func(c rune) bool { return unicode.IsSpace(c) || c == ',' || c == ';' }), unicode.IsSpace)
	r.Till = s.till || s.minute >= 0 || s.span > 0 || s.next && s.unit != ""
	at, sure := s.resolve(c)
	switch {
	case at.IsZero():
		return Reading{Rest: r.Rest, Today: s.ahead == 0}, false
	case !at.After(c.Now):
		r.Over = true
		if later := s.later(at, c.Now); later.Sub(c.Now) <= farthest {
			r.Likely = later
		}
	case at.Sub(c.Now) > farthest:
		return Reading{Rest: r.Rest, Till: r.Till}, true
	case sure:
		r.At = at
	default:
		r.Likely = at
	}
	return r, true
}

// mostWords bounds how many words a time is looked for in: none has so many.
const mostWords = 60

// split gives the words that a text begins with, and where each ends in it. A
// semicolon is a word of its own, and a comma is none.
func split(text string) (ws []string, ends []int) {
	begins := -1
	end := func(at int) {
		if begins >= 0 {
			ws, ends, begins = append(ws, text[begins:at]), append(ends, at), -1
		}
	}
	for i, c := range text {
		switch {
		case len(ws) >= mostWords:
			return ws, ends
		case c == ';':
			end(i)
			ws, ends = append(ws, ";"), append(ends, i+1)
		case c == ',' || unicode.IsSpace(c):
			end(i)
		case begins < 0:
			begins = i
		}
	}
	end(len(text))
	return ws, ends
}

// any reports whether a time was said.
func (s *said) any() bool {
	return s.span > 0 || s.ahead >= 0 || s.weekday >= 0 || s.month > 0 || s.date > 0 || s.minute >= 0 || s.part != "" || s.next && s.unit != ""
}

// words understands as many words as belong to a time, and gives how many they are.
func (s *said) words(ws []string) (used int) {
	for i := 0; i < len(ws); {
		n, ok := s.word(ws, i)
		if !ok {
			break
		}
		i += n
		if s.pending < 0 && (s.any() || i < len(ws)) {
			used = i
		}
	}
	if s.pending >= 0 { // "3", and nothing: days are what people put off by
		switch {
		case (s.at || s.day()) && s.minute < 0 && s.pending < 24:
			s.minute = 60 * s.pending
			s.night = s.pending > 0 && s.pending < 6
		case !s.any() && s.pending > 0 && !s.counted:
			s.span, s.unit, s.unsure = time.Duration(s.pending)*day, "days", true
		default:
			return used
		}
		used++
	}
	if !s.any() {
		return 0
	}
	return used
}

// day reports whether a day was said.
func (s *said) day() bool { return s.ahead >= 0 || s.weekday >= 0 || s.date > 0 && s.month > 0 }

// word understands the word at i, with those that belong to it.
func (s *said) word(ws []string, i int) (n int, ok bool) {
	w := strings.ToLower(strings.Trim(ws[i], "()!\"'“”"))
	if w == "" {
		return 0, false
	}
	if s.figures(strings.TrimSuffix(w, ",")) {
		return 1, true
	}
	bare := strings.TrimRight(w, ".:?")
	if bare == "" {
		return 0, false
	}
	at := append(append([]string(nil), ws[:i]...), bare)
	at = append(at, ws[i+1:]...)
	means, n, slip := words().at(at, i)
	for _, what := range means {
		if s.means(what) {
			s.unsure = s.unsure || slip
			return n, true
		}
	}
	return 0, false
}
