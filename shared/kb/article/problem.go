package article

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Problem is something wrong with an article's file, or, as a hint, something
// that would be better otherwise.
type Problem struct {
	File string // its path in the folder
	Line int    // counted from 1; 0 is the file as a whole
	What string // what it is, and what to do
}

func (p Problem) Error() string {
	if p.Line > 0 {
		return fmt.Sprintf("%s:%d: %s", Printable(p.File), p.Line, Printable(p.What))
	}
	return Printable(p.File) + ": " + Printable(p.What)
}

func sortProblems(ps []Problem) {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		if c := strings.Compare(a.File, b.File); c != 0 {
			return c
		}
		return a.Line - b.Line
	})
}

func join(problems []Problem) error {
	errs := make([]error, len(problems))
	for i, p := range problems {
		errs[i] = p
	}
	return errors.Join(errs...)
}
