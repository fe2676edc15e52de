package language

import (
	_ "embed" // the phrases
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
)

// phrases is what stands in the files below the headings, without the comments, which
// are four fifths of them and which each program would carry. The tests write it.
//
//go:embed phrases.bin
var phrases string

// part is what stands before each file's part of phrases: its name follows.
const part = "=== "

// Language is what one file says. It is never changed after it was read, so any
// number of goroutines may ask it.
type Language struct {
	Code string // a BCP 47 tag without region, "de": the file's name
	Name string // in English, "German"

	said [headingCount][]string
}

// Phrases gives what stands below a heading, in the file's order; nil where the
// language has nothing there. The caller must not change it.
func (l *Language) Phrases(h Heading) []string { return l.said[h] }

// Line gives what stands below a heading that has one line; "" where it has none.
func (l *Language) Line(h Heading) string {
	if len(l.said[h]) == 0 {
		return ""
	}
	return l.said[h][0]
}

// library is all languages, ready to be asked.
type library struct {
	all    []*Language
	byCode map[string]*Language
}

var read = sync.OnceValue(load)

func load() library {
	b := library{byCode: map[string]*Language{}}
	for file := range strings.SplitSeq(strings.TrimPrefix(phrases, part), "\n"+part) {
		name, text, _ := strings.Cut(file, "\n")
		l, err := Parse(name, text)
		if err != nil {
			panic("language: " + err.Error())
		}
		b.all, b.byCode[l.Code] = append(b.all, l), l
	}
	slices.SortStableFunc(b.all, func(x, y *Language) int {
		switch {
		case (x.Code == "en") == (y.Code == "en"):
			return strings.Compare(x.Code, y.Code)
		case x.Code == "en":
			return -1
		}
		return 1
	})
	return b
}

// All gives every language: English first, the others by their codes.
func All() []*Language { return read().all }

// For gives the language of a BCP 47 tag, whatever its region; nil where there is
// no file of it.
func For(tag string) *Language { return read().byCode[Base(tag)] }

// Phrases gives what stands below a heading in any language, each phrase once, in
// the order of All. The caller must not change it.
func Phrases(h Heading) []string { return unionOf(h).phrases }

// Has reports whether a phrase stands below a heading in any language, as it is
// written there.
func Has(h Heading, phrase string) bool { return unionOf(h).has[phrase] }

// union is a heading of all languages, put together when it is first asked for.
type union struct {
	once    sync.Once
	phrases []string
	has     map[string]bool
}

var unions [headingCount]union

func unionOf(h Heading) *union {
	u := &unions[h]
	u.once.Do(func() {
		u.has = map[string]bool{}
		for _, l := range All() {
			for _, p := range l.said[h] {
				if !u.has[p] {
					u.has[p] = true
					u.phrases = append(u.phrases, p)
				}
			}
		}
	})
	return u
}

// Base is the first part of a BCP 47 tag in lower case: "de" of "de-AT"; "en" of "".
func Base(tag string) string {
	base, _, _ := strings.Cut(strings.ToLower(tag), "-")
	switch base {
	case "":
		return "en"
	case "no", "nn":
		return "nb"
	}
	return base
}

// Parse reads a file of a language; its name is the code and ".txt". The error
// names file and line, and what to do.
func Parse(name, text string) (*Language, error) {
	l := &Language{Code: strings.TrimSuffix(name, ".txt")}
	// What stands below a heading is a run of all phrases, since none stands twice.
	all := make([]string, 0, len(text)/20)
	at, start := Heading(headingCount), 0
	end := func() {
		if at < headingCount && start < len(all) {
			l.said[at] = all[start:len(all):len(all)]
		}
		start = len(all)
	}
	n := 0
	wrong := func(format string, args ...any) (*Language, error) {
		return nil, fmt.Errorf("%s:%d: %s", name, n, fmt.Sprintf(format, args...))
	}
	var seen [headingCount]bool
	for line := range strings.SplitSeq(strings.TrimPrefix(text, "\ufeff"), "\n") {
		n++
		if line != "" && line[0] == '#' { // most lines of a file
			continue
		}
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if line[0] == '[' {
			word, closed := strings.CutSuffix(line[1:], "]")
			h, known := byName[word]
			switch {
			case !closed:
				return wrong("%q has no ] at its end; put a phrase that begins with [ in double quotes", line)
			case !known:
				return wrong("[%s] is no heading; headings.go in the same folder lists them", word)
			case seen[h]:
				return wrong("[%s] stands twice; put its lines together", word)
			}
			end()
			at, seen[h] = h, true
			continue
		}
		if at == headingCount {
			return wrong("%q stands before the first [heading]", line)
		}
		if len(line) > 1 && line[0] == '"' && line[len(line)-1] == '"' {
			line = line[1 : len(line)-1]
		}
		switch headings[at].kind {
		case words:
			for w := range strings.FieldsSeq(line) {
				all = append(all, w)
			}
		case one:
			if len(all) > start {
				return wrong("[%s] has a second line; it is one sentence or word", at)
			}
			fallthrough
		default:
			all = append(all, line)
		}
	}
	end()
	if l.Name = l.Line(Name); l.Name == "" {
		n = 1
		return wrong("there is no [name] with the language's English name below it")
	}
	return l, nil
}

// Headings gives every heading, in the order of the files.
func Headings() iter.Seq[Heading] {
	return func(yield func(Heading) bool) {
		for h := range Heading(headingCount) {
			if !yield(h) {
				return
			}
		}
	}
}
