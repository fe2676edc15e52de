package kb

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Past is a mail that was answered, with the articles that agents sent.
type Past struct {
	Subject string
	Text    string   // what the customer wrote; see said
	Sent    []string // articles' ids
}

// pastLine is a Past as a line of a history file.
type pastLine struct {
	Message struct {
		Subject string `json:"subject"`
		Body    string `json:"body"`
	} `json:"message"`
	Sent []string `json:"sent"`
}

// MaxLine bounds a line of a history file, in bytes.
const MaxLine = 4 << 20

// ReadHistory reads past mails, oldest first, one JSON object a line:
//
//	{"message":{"subject":"…","body":"…"},"sent":["article id"]}
//
// An empty file is a team without a history. The error names the line.
func ReadHistory(r io.Reader) ([]Past, error) {
	in := bufio.NewScanner(r)
	in.Buffer(make([]byte, 64<<10), MaxLine)
	var out []Past
	for n := 1; in.Scan(); n++ {
		if strings.TrimSpace(in.Text()) == "" {
			continue
		}
		var l pastLine
		if err := json.Unmarshal(in.Bytes(), &l); err != nil {
			return nil, fmt.Errorf("the history's line %d is not a JSON object with message and sent: %w", n, err)
		}
		out = append(out, Past{Subject: l.Message.Subject, Text: l.Message.Body, Sent: l.Sent})
	}
	if err := in.Err(); err != nil {
		return nil, fmt.Errorf("reading the history: %w (a line has at most %d bytes)", err, MaxLine)
	}
	return out, nil
}

// ReadArticles reads articles, one JSON object a line with id, title and body,
// and gives them sorted by id. An article may be no more than a title. The error
// names the line.
func ReadArticles(r io.Reader) ([]Article, error) {
	in := bufio.NewScanner(r)
	in.Buffer(make([]byte, 64<<10), MaxLine)
	var out []Article
	seen := map[string]int{}
	for n := 1; in.Scan(); n++ {
		if strings.TrimSpace(in.Text()) == "" {
			continue
		}
		var a Article
		if err := json.Unmarshal(in.Bytes(), &a); err != nil {
			return nil, fmt.Errorf("line %d is not a JSON object with id, title and body: %w", n, err)
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
	if err := in.Err(); err != nil {
		return nil, fmt.Errorf("reading the articles: %w (a line has at most %d bytes)", err, MaxLine)
	}
	slices.SortFunc(out, func(a, b Article) int { return strings.Compare(a.ID, b.ID) })
	return out, nil
}
