package orders

import (
	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
)

// ReadAway reads "#away until Friday" or "#back" where an agent answers a mail that is
// about no conversation: ok is false where the first line, a greeting put aside, is
// neither. Without the sign it counts only where plain is true. The error is a
// *desk.CommandError: it is one of them, and until when was not understood.
func ReadAway(text string, in Desk, plain bool) (c desk.Command, ok bool, err error) {
	r := &reader{desk: in, lines: readLines(text, nil)}
	for i, l := range r.lines {
		if l.blank || greets(l, nil) {
			continue
		}
		word, rest := l.word()
		m := words().commands[fold(word)]
		if m.name != desk.CommandAway && m.name != desk.CommandBack || !m.sure || l.mark != "#" && (!plain || l.mark != "") {
			return c, false, nil
		}
		command, _ := commands.Named(m.name)
		f := found{commands: []desk.Command{{Name: m.name}}}
		if command.Time != "" {
			f = r.timed(i, command, l.behind(rest))
		}
		switch {
		case f.doubt != nil && f.doubt.meant != "":
			return c, true, &desk.CommandError{Line: shorten(l.raw), Why: "it may mean " + f.doubt.meant + "; write it like that"}
		case f.err != nil:
			return c, true, f.err
		case len(f.commands) != 1:
			return c, true, &desk.CommandError{Line: shorten(l.raw), Why: command.Time}
		}
		return f.commands[0], true, nil
	}
	return c, false, nil
}
