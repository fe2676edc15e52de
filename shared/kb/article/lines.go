package article

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
)

// MaxLine bounds a line of a history file, in bytes.
const MaxLine = 4 << 20

// Lines reads JSON objects, one a line. It leaves out empty lines and the mark
// (BOM) that some programs begin a file with.
type Lines struct {
	in *bufio.Scanner
	n  int
}

// NewLines reads from r.
func NewLines(r io.Reader) *Lines {
	in := bufio.NewScanner(r)
	in.Buffer(make([]byte, 64<<10), MaxLine)
	return &Lines{in: in}
}

// Next gives the next line's number and puts what it says into v. The error is
// io.EOF after the last line; any other names the line, and what is to be there
// is said by want.
func (l *Lines) Next(want string, v any) (n int, err error) {
	for l.in.Scan() {
		l.n++
		line := l.in.Bytes()
		if l.n == 1 {
			line = bytes.TrimPrefix(line, []byte("\ufeff"))
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		if !utf8.Valid(line) {
			return l.n, fmt.Errorf("line %d is not UTF-8; save the file as UTF-8", l.n)
		}
		if what := notObject(line, v); what != "" {
			return l.n, fmt.Errorf("line %d is not a JSON object with %s: %s", l.n, want, what)
		}
		if c, ok := v.(Checker); ok {
			if err := c.Check(); err != nil {
				return l.n, fmt.Errorf("line %d is not a JSON object with %s: %w", l.n, want, err)
			}
		}
		return l.n, nil
	}
	err = l.in.Err()
	switch {
	case err == nil:
		return l.n, io.EOF
	case errors.Is(err, bufio.ErrTooLong):
		return l.n + 1, fmt.Errorf("line %d has more than %d bytes, which is the most that is read", l.n+1, MaxLine)
	}
	return l.n, fmt.Errorf("reading broke off after line %d: %w", l.n, err)
}

// Checker is what a line is read into, if it can say what the line lacks.
type Checker interface{ Check() error }

// notObject reads a line into v, or says in plain words why that cannot be done.
func notObject(line []byte, v any) string {
	if first := bytes.TrimSpace(line)[0]; first != '{' && json.Valid(line) {
		return "it is " + jsonKind(first)
	}
	err := json.Unmarshal(line, v)
	syntax, wrong := (*json.SyntaxError)(nil), (*json.UnmarshalTypeError)(nil)
	switch {
	case err == nil:
		return ""
	case errors.As(err, &syntax) && syntax.Offset >= int64(len(line)):
		return "it breaks off"
	case errors.As(err, &syntax):
		return fmt.Sprintf("byte %d cannot stand there (%v)", syntax.Offset, err)
	case errors.As(err, &wrong):
		kind, _, _ := strings.Cut(wrong.Value, " ")
		return fmt.Sprintf("%q holds %s, and %s is needed", wrong.Field, jsonKinds[kind], neededKind(wrong.Type.Kind()))
	}
	return err.Error()
}

// jsonKinds are the kinds of a value as the json package calls them, in plain words.
var jsonKinds = map[string]string{"object": "an object", "array": "a list", "string": "a text", "number": "a number", "bool": "true or false"}

// jsonKind is the kind of a value by its first byte.
func jsonKind(first byte) string {
	switch first {
	case '[':
		return "a list"
	case '"':
		return "a text"
	case 'n':
		return "null"
	case 't', 'f':
		return "true or false"
	}
	return "a number"
}

func neededKind(k reflect.Kind) string {
	switch k {
	case reflect.String:
		return "a text in quotes"
	case reflect.Slice:
		return "a list in brackets"
	case reflect.Struct, reflect.Map:
		return "an object in braces"
	}
	return "another kind of value"
}

// ReadArticles reads articles, one JSON object a line with id, title and body,
// and gives them sorted by id. An article may be no more than a title. The error
// names the line.
func ReadArticles(r io.Reader) ([]Article, error) {
	var out []Article
	seen := map[string]int{}
	for in := NewLines(r); ; {
		var a Article
		n, err := in.Next("id, title and body", &a)
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		if a.ID == "" || a.Title == "" && a.Body == "" {
			return nil, fmt.Errorf("line %d: an article needs an id, and a title or a body", n)
		}
		if before, ok := seen[a.ID]; ok {
			return nil, fmt.Errorf("line %d: the id %q is line %d's already", n, a.ID, before)
		}
		seen[a.ID] = n
		if a.Audience == "" {
			a.Audience = audiencePublic
		}
		out = append(out, a)
	}
	slices.SortFunc(out, func(a, b Article) int { return strings.Compare(a.ID, b.ID) })
	return out, nil
}
