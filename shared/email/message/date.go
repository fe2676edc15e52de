package message

import (
	"strconv"
	"strings"
	"time"
	"unicode"
)

// zones are the zone names of RFC 5322 section 4.3 and those that mailers write
// in their place, in minutes east of UTC.
var zones = map[string]int{"ut": 0, "utc": 0, "gmt": 0, "z": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "met": 60, "mez": 60, "cest": 120, "mest": 120,
	"mesz": 120, "eet": 120, "eest": 180, "msk": 180, "msd": 240, "ist": 330, "sgt": 480, "hkt": 480, "awst": 480, "jst": 540, "kst": 540, "aest": 600,
	"aedt": 660, "nzst": 720, "nzdt": 780, "ast": -240, "adt": -180, "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360,
	"pst": -480, "pdt": -420, "akst": -540, "akdt": -480, "hst": -600, "brt": -180}

// months by the first three letters, in English and in the languages whose
// mailers translate what must not be translated.
var months = map[string]time.Month{"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
	"mrz": 3, "mär": 3, "mai": 5, "okt": 10, "dez": 12, "fév": 2, "fev": 2, "avr": 4, "aoû": 8, "aou": 8, "déc": 12, "ene": 1, "abr": 4, "ago": 8, "set": 9,
	"out": 10, "gen": 1, "mag": 5, "giu": 6, "lug": 7, "ott": 10, "dic": 12, "maa": 3, "mei": 5, "maj": 5}

// parseDate reads a Date field (RFC 5322 section 3.3, the obsolete forms, ISO
// 8601, ctime, and what mailers write instead). Where there is no zone it is
// taken as UTC. The zero time means that no day could be found.
func parseDate(s string) time.Time {
	s = strings.TrimSpace(stripComments(s))
	if s == "" || len(s) > 200 {
		return time.Time{}
	}
	if t, err := time.Parse("Mon, 2 Jan 2006 15:04:05 -0700", s); err == nil {
		return t
	}
	if t, err := time.Parse(time.RFC3339Nano, strings.Replace(s, " ", "T", 1)); err == nil {
		return t
	}
	var d dateParts
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == '"' }) {
		d.word(w)
	}
	return d.time()
}

// dateParts collects what the words of a date say.
type dateParts struct {
	day, year        int
	month            time.Month
	hour, min, sec   int
	timed, zoned, pm bool
	am               bool
	offset           int // minutes
}

func (d *dateParts) word(w string) {
	low := strings.ToLower(w)
	switch {
	case low == "am" || low == "pm":
		d.am, d.pm = low == "am", low == "pm"
	case (w[0] == '+' || w[0] == '-') && len(w) >= 3:
		d.zone(w)
	case strings.ContainsRune(w, ':'):
		d.clock(low)
	case strings.Count(w, ".") == 2 && d.month != 0 && d.year != 0 && !d.timed: // 22.21.22
		d.clock(strings.ReplaceAll(w, ".", ":"))
	case strings.ContainsAny(w, "-/.") && unicode.IsDigit(rune(w[0])):
		d.dashed(low)
	case unicode.IsDigit(rune(w[0])):
		d.number(strings.TrimRight(low, "thndrs."))
	case strings.HasPrefix(low, "gmt+"), strings.HasPrefix(low, "gmt-"), strings.HasPrefix(low, "utc+"), strings.HasPrefix(low, "utc-"):
		d.zone(w[3:])
	default:
		if z, ok := zones[low]; ok && (d.timed || d.year != 0) {
			if !d.zoned {
				d.offset, d.zoned = z, true
			}
			return
		}
		if m := monthOf(low); m != 0 { // the last one: "mar." is a weekday in some languages
			d.month = m
		}
	}
}

func monthOf(w string) time.Month {
	r := []rune(w)
	if len(r) < 3 {
		return 0
	}
	return months[string(r[:3])]
}

// number is a day or a year.
func (d *dateParts) number(w string) {
	n, err := strconv.Atoi(w)
	switch {
	case err != nil:
	case len(w) >= 3 && d.year == 0:
		d.year = n
		if len(w) == 3 { // RFC 5322 section 4.3: three digits are years since 1900
			d.year += 1900
		}
	case d.day == 0 && n >= 1 && n <= 31:
		d.day = n
	case d.year == 0:
		d.setYear(n)
	}
}

func (d *dateParts) setYear(n int) {
	switch {
	case n < 50:
		n += 2000
	case n < 100:
		n += 1900
	}
	d.year = n
}

// dashed is 2005-06-06, 06-Jun-2005, 6/6/2005 or 6.6.2005, perhaps with a time after T.
func (d *dateParts) dashed(w string) {
	w, clock, _ := strings.Cut(w, "t")
	f := strings.FieldsFunc(w, func(r rune) bool { return r == '-' || r == '/' || r == '.' })
	if len(f) != 3 {
		return
	}
	if m := monthOf(f[1]); m != 0 {
		d.month = m
		d.number(f[0])
		if y, err := strconv.Atoi(f[2]); err == nil {
			d.setYear(y)
		}
		return
	}
	n := [3]int{}
	for i := range f {
		v, err := strconv.Atoi(f[i])
		if err != nil {
			return
		}
		n[i] = v
	}
	switch {
	case len(f[0]) == 4:
		d.year, d.month, d.day = n[0], time.Month(n[1]), n[2]
	case strings.Contains(w, "/") && n[0] <= 12: // as in the United States, where slashes are at home
		d.month, d.day = time.Month(n[0]), n[1]
		d.setYear(n[2])
	default:
		d.day, d.month = n[0], time.Month(n[1])
		d.setYear(n[2])
	}
	if clock != "" {
		d.clock(clock)
	}
}

// clock is 22:21, 22:21:22, 22:21:22.5+02:00, 10:21pm or 2005-06-06T22:21.
func (d *dateParts) clock(w string) {
	if t := strings.IndexByte(w, 't'); t > 0 && strings.ContainsAny(w[:t], "-/.") {
		d.dashed(w[:t])
		w = w[t+1:]
	}
	if d.timed {
		return
	}
	if strings.HasSuffix(w, "pm") || strings.HasSuffix(w, "am") {
		d.pm, d.am = strings.HasSuffix(w, "pm"), strings.HasSuffix(w, "am")
		w = w[:len(w)-2]
	}
	if strings.HasSuffix(w, "z") {
		d.zoned = true
		w = w[:len(w)-1]
	}
	if i := strings.LastIndexAny(w, "+-"); i > 0 {
		d.zone(w[i:])
		w = w[:i]
	}
	f := strings.Split(w, ":")
	at := [3]*int{&d.hour, &d.min, &d.sec}
	for i := 0; i < len(f) && i < 3; i++ {
		digits, _, _ := strings.Cut(f[i], ".")
		n, err := strconv.Atoi(digits)
		if err != nil || n < 0 {
			return
		}
		*at[i] = n
	}
	d.timed = true
}

// zone is +0200, +02:00, +02 or +200.
func (d *dateParts) zone(w string) {
	if d.zoned {
		return
	}
	digits := strings.ReplaceAll(w[1:], ":", "")
	n, err := strconv.Atoi(digits)
	if err != nil || n < 0 {
		return
	}
	if len(digits) <= 2 {
		n *= 100
	}
	off := n/100*60 + n%100
	if w[0] == '-' {
		off = -off
	}
	if off > -24*60 && off < 24*60 {
		d.offset, d.zoned = off, true
	}
}

func (d *dateParts) time() time.Time {
	if d.day == 0 || d.month < 1 || d.month > 12 || d.year < 1 || d.year > 9999 {
		return time.Time{}
	}
	if d.pm && d.hour < 12 {
		d.hour += 12
	} else if d.am && d.hour == 12 {
		d.hour = 0
	}
	if d.hour > 23 || d.min > 59 || d.sec > 60 {
		d.hour, d.min, d.sec = 0, 0, 0
	}
	loc := time.UTC
	if d.offset != 0 {
		loc = time.FixedZone("", d.offset*60)
	}
	return time.Date(d.year, d.month, d.day, d.hour, d.min, d.sec, 0, loc)
}
