package orders

import (
	"strings"
	"time"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/orders/when"
)

// timed reads a command that a time stands behind. What people do not agree on, what
// is over, and words behind a time where none belong, are asked about.
func (r *reader) timed(i int, c commands.Command, behind string) found {
	l := r.lines[i]
	at, ok := when.Read(behind, when.Clock{Now: r.desk.Now, Opens: r.desk.Opens})
	written := func(t time.Time, rest string) string {
		if rest = r.beside(rest); rest != "" && c.TimeSaid {
			return t.Format(when.Layout) + "; " + rest
		}
		return t.Format(when.Layout)
	}
	rest := r.beside(at.Rest)
	if c.TimeMay {
		switch {
		case r.beside(behind) == "":
			return found{commands: []desk.Command{{Name: c.Name}}}
		case !ok && at.Today: // until work begins again
			at, ok = when.Read("tomorrow", when.Clock{Now: r.desk.Now, Opens: r.desk.Opens})
		case ok && c.TimeTill && !at.Till && at.Likely.IsZero():
			at.At, at.Likely = time.Time{}, at.At
		}
		at.Rest, rest = "", ""
	}
	switch {
	case !ok:
		return found{err: &desk.CommandError{Line: shorten(l.raw), Why: c.Time}}
	case at.At.IsZero() && at.Likely.IsZero():
		return found{err: &desk.CommandError{Line: shorten(l.raw), Why: "that time is more than a year away, or over; " + c.Time}}
	case at.At.IsZero():
		return found{doubt: r.again(i, "#"+c.Name+" "+written(at.Likely, at.Rest)+noted(c, rest), WhySlip)}
	case rest != "" && !c.TimeSaid:
		return found{doubt: r.again(i, "#"+c.Name+" "+written(at.At, "")+noted(c, rest), WhyTail)}
	}
	return found{commands: []desk.Command{{Name: c.Name, Word: written(at.At, at.Rest)}}}
}

// noted makes a note of words behind a time that do not belong there: that harms nobody.
func noted(c commands.Command, rest string) string {
	if rest == "" || c.TimeSaid {
		return ""
	}
	return "\n#note " + rest
}

// beside are words behind a time without those that change nothing.
func (r *reader) beside(rest string) string {
	rest = strings.Trim(rest, " .,:;!-–")
	for _, w := range wordsOf(rest) {
		if words().please.at([]string{w}, 0) == 0 {
			return rest
		}
	}
	return ""
}
