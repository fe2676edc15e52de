package desk

// Hours are the times at which a team works, as its settings say them. The
// calendar room reckons with them. The zero value is round the clock.
type Hours struct {
	Zone     string     // IANA name; "" is UTC
	Week     [7][]Shift // by time.Weekday, Sunday first; shifts of one day in order, not overlapping
	Holidays string     // a country or a part of one, as calendar.Regions names it: "de-be"; "" is none
	Closed   []string   // further days off, as 2006-01-02
}

// Shift is one stretch of work within a day, in minutes after midnight: from the
// first up to, and without, the last. To is at most 24*60.
type Shift struct{ From, To int }

// Always reports whether no shift is said: then the team works round the clock.
func (h Hours) Always() bool {
	for _, d := range h.Week {
		if len(d) > 0 {
			return false
		}
	}
	return true
}
