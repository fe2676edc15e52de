package orders

// order reads one line at its place.
func (r *reader) order(i int, p place) found {
	l := r.lines[i]
	if l.blank || l.quoted || l.escaped {
		return found{}
	}
	if l.code && (l.mark != "#" || l.spaced) {
		return found{}
	}
	switch l.mark {
	case "#":
		return r.hash(i, p)
	case "/":
		if f, is := r.slash(i, p); is {
			return f
		}
	}
	if l.heading && l.mark == "" {
		if f, is := r.headed(i, p); is {
			return f
		}
	}
	if f, is := r.plainWord(i, p); is {
		return f
	}
	if d := r.inLine(i); d != nil {
		return found{doubt: d}
	}
	if d := r.inSentence(i); d != nil {
		return found{doubt: d}
	}
	return found{}
}

// headed reads a heading of the HTML that is made of a command: some clients
// make one of "# note".
func (r *reader) headed(i int, p place) (found, bool) {
	l := r.lines[i]
	word, _ := l.word()
	_, how := meant(word)
	if how != exact {
		return found{}, false
	}
	l.mark, l.spaced, l.hashes, l.lead = "#", true, 1, "# "
	r.lines[i] = l
	return r.hash(i, p), true
}

// slash reads a line that begins with "/note".
func (r *reader) slash(i int, p place) (found, bool) {
	l := r.lines[i]
	word, rest := l.word()
	if l.spaced || rest != "" && rest[0] != ' ' && rest[0] != ':' && rest[0] != '.' && rest[0] != ',' && rest[0] != '!' {
		return found{}, false
	}
	name, how, behind := r.named(word, rest)
	switch {
	case how == exact && p != within:
		return r.carried(i, name, behind), true
	case how == exact, how != unlike && p != within:
		return found{doubt: r.again(i, "#"+name+" "+l.behind(behind), WhyOther)}, true
	case p == top && l.behind(rest) == "" && r.alone(i):
		return found{doubt: &Doubt{Line: shorten(l.raw), Why: WhyUnknown}}, true
	}
	return found{}, false
}
