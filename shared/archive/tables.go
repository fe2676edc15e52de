package archive

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/email/message"
)

// A table is one of FreeScout's or osTicket's, as CSV with the columns' names in the
// first line, or one with the columns of our own:
//
//	conversation, side, text      needed; side is "customer" or "team"
//	when, subject, from, to, name, id, answers, internal, html
//
// FreeScout's "threads" needs its "conversations" beside it for subjects and
// addresses; osTicket's "thread_entry" has beside it "thread_entry_email" for Message-IDs
// and "user_email" for addresses, or neither.
type table struct {
	file  *os.File
	in    *csv.Reader
	size  int64
	path  string
	kind  string
	cols  map[string]int
	row   []string
	read  func(*table) Letter
	cases map[string]ticket // FreeScout's conversations, by id
	// Of osTicket: Message-IDs by entry, and addresses by customer; empty without those tables.
	ids, addresses map[string]string
}

var ownNeeded = []string{"conversation", "side", "text"}

func openTable(path string) (Source, error) {
	t, err := tableAt(path)
	if err != nil {
		return nil, err
	}
	has := func(names ...string) bool {
		return !slices.ContainsFunc(names, func(n string) bool { _, ok := t.cols[n]; return !ok })
	}
	switch {
	case has(ownNeeded...):
		t.kind, t.read = "a table", (*table).own
	case has("conversation_id", "type", "body"):
		t.kind, t.read = "FreeScout's table of threads", (*table).freeScout
		t.cases, err = conversationsBeside(path)
	case has("thread_id", "type", "body", "poster"):
		t.kind, t.read = "osTicket's table of entries", (*table).osTicket
		t.ids, err = columnBeside(path, "*thread_entry_email*.csv", "thread_entry_id", "mid")
		if err == nil {
			t.addresses, err = columnBeside(path, "*user_email*.csv", "user_id", "address")
		}
	default:
		err = fmt.Errorf("%s is a table without the columns %s; see docs/import.md for the tables that are read", path, strings.Join(ownNeeded, ", "))
	}
	if err != nil {
		return nil, errors.Join(err, t.Close())
	}
	return t, nil
}

// tableAt opens a table and reads its first line.
func tableAt(path string) (*table, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", path, err)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("cannot read %s: %w", path, err), f.Close())
	}
	in := bufio.NewReaderSize(f, 1<<16)
	if b, err := in.Peek(3); err == nil && bytes.Equal(b, []byte("\xef\xbb\xbf")) {
		_, _ = in.Discard(3)
	}
	first, _ := in.Peek(1 << 12) // as much as there is
	first, _, _ = bytes.Cut(first, []byte("\n"))
	t := &table{file: f, path: path, size: info.Size(), cols: map[string]int{}, in: csv.NewReader(in)}
	t.in.FieldsPerRecord, t.in.LazyQuotes = -1, true
	for _, comma := range ";\t" { // as spreadsheets of other countries write
		if bytes.Count(first, []byte(string(comma))) > bytes.Count(first, []byte(string(t.in.Comma))) {
			t.in.Comma = comma
		}
	}
	names, err := t.in.Read()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s has no line with the columns' names: %w", path, err), f.Close())
	}
	for i, n := range names {
		t.cols[strings.ToLower(strings.TrimSpace(n))] = i
	}
	return t, nil
}

// besideOther tells a table that only belongs to another one in its folder.
func besideOther(path string) bool {
	t, err := tableAt(path)
	if err != nil {
		return false
	}
	defer func() { _ = t.Close() }()
	_, body := t.cols["body"]
	_, text := t.cols["text"]
	_, id := t.cols["id"]
	_, ticketID := t.cols["ticket_id"]
	return !body && !text && (id || ticketID)
}

// conversationsBeside reads FreeScout's table of conversations.
func conversationsBeside(path string) (map[string]ticket, error) {
	out := map[string]ticket{}
	return out, eachBeside(path, "*conversations*.csv", func(t *table) {
		// status 4 is spam, state 1 a draft, 3 deleted (FreeScout, app/Conversation.php).
		out[t.col("id")] = ticket{Subject: t.col("subject"), Email: t.col("customer_email"), Spam: t.col("status") == "4", Deleted: t.col("state") == "3" || t.col("state") == "1"}
	})
}

// columnBeside reads one column of a table that lies beside another, by the values of a
// second one. Without such a table it is empty.
func columnBeside(path, pattern, key, value string) (map[string]string, error) {
	out := map[string]string{}
	return out, eachBeside(path, pattern, func(t *table) {
		if k, v := t.col(key), t.col(value); k != "" && v != "" {
			out[k] = v
		}
	})
}

// eachBeside gives each row of the table that lies beside another; none where there is
// no such table.
func eachBeside(path, pattern string, row func(*table)) error {
	beside, err := filepath.Glob(filepath.Join(filepath.Dir(path), pattern))
	if err != nil || len(beside) == 0 {
		return err
	}
	t, err := tableAt(beside[0])
	if err != nil {
		return err
	}
	defer func() { _ = t.Close() }()
	for {
		if t.row, err = t.in.Read(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("%s: %w", beside[0], err)
		}
		row(t)
	}
}

// col gives a column of the row; "" where there is none. NULL is how databases write nothing.
func (t *table) col(name string) string {
	i, ok := t.cols[name]
	if !ok || i >= len(t.row) || t.row[i] == "NULL" || t.row[i] == `\N` {
		return ""
	}
	return t.row[i]
}

func (t *table) Next() (Letter, error) {
	var err error
	if t.row, err = t.in.Read(); err != nil {
		var bad *csv.ParseError
		if errors.As(err, &bad) {
			return Letter{}, fmt.Errorf("%s: %w; %w", t.path, err, ErrLetter)
		}
		return Letter{}, err
	}
	return t.read(t).tidied(), nil
}

// own reads a row of our own columns.
func (t *table) own() Letter {
	c := t.col("conversation")
	l := Letter{ID: t.col("id"), Thread: "conversation " + c, When: timeOf(t.col("when")), Subject: t.col("subject"), Name: t.col("name"), Names: []string{t.col("name")},
		Answers: strings.Fields(t.col("answers"))}
	if c == "" {
		l.Thread = ""
	}
	for _, a := range message.ParseAddressList(t.col("from")) {
		l.From, l.Name, l.Names = strings.ToLower(a.Address), cmp.Or(l.Name, a.Name), append(l.Names, a.Name)
	}
	for _, a := range message.ParseAddressList(t.col("to")) {
		l.To, l.Names = append(l.To, strings.ToLower(a.Address)), append(l.Names, a.Name)
	}
	l.Side = Side(strings.ToLower(strings.TrimSpace(t.col("side"))))
	if l.Side != Customer && l.Side != Team {
		l.Side = Unknown
	}
	l.Text = written(l.Subject, t.col("text"), t.col("html"))
	if truth(t.col("internal")) {
		l.Skip = Inside
	}
	return l
}

func truth(s string) bool {
	s = strings.ToLower(strings.TrimSpace(s))
	return s != "" && s != "0" && s != "no" && s != "false" && s != "f" && s != "n"
}

// freeScout reads a row of "threads". Types: 1 a customer's, 2 an answer, 3 a note, 4 an
// event; state 1 a draft, 3 hidden (FreeScout, app/Thread.php).
func (t *table) freeScout() Letter {
	id := t.col("conversation_id")
	c := t.cases[id]
	l := Letter{ID: cmp.Or(strings.Trim(t.col("message_id"), "<>"), "ticket "+id+" "+t.col("id")), Thread: "ticket " + id, Subject: c.Subject, When: timeOf(t.col("created_at"))}
	for _, a := range message.ParseAddressList(t.col("from")) {
		l.From, l.Name, l.Names = strings.ToLower(a.Address), cmp.Or(l.Name, a.Name), append(l.Names, a.Name)
	}
	l.Text = written(l.Subject, "", t.col("body"))
	switch t.col("type") {
	case "1":
		l.Side, l.From = Customer, cmp.Or(l.From, strings.ToLower(c.Email))
	case "2":
		l.Side = Team
	case "3":
		l.Skip = Inside
	default:
		l.Skip = NoPerson
	}
	if c.Spam || c.Deleted || t.col("state") == "1" || t.col("state") == "3" {
		l.Skip = Unsent
	}
	return l
}

// osTicket reads a row of "thread_entry". Types: M a customer's message, R an answer, N a
// note (osTicket, include/class.thread.php).
func (t *table) osTicket() Letter {
	id := t.col("thread_id")
	l := Letter{ID: "ticket " + id + " " + t.col("id"), Thread: "ticket " + id, Subject: t.col("title"), When: timeOf(t.col("created")), Name: t.col("poster"), Names: []string{t.col("poster")}}
	l.ID = cmp.Or(strings.Trim(t.ids[t.col("id")], "<> "), l.ID)
	body := t.col("body")
	if t.col("format") == "text" {
		l.Text = written(l.Subject, body, "")
	} else {
		l.Text = written(l.Subject, "", body)
	}
	switch strings.ToUpper(t.col("type")) {
	case "M":
		l.Side, l.From = Customer, strings.ToLower(t.addresses[t.col("user_id")])
	case "R":
		l.Side = Team
	case "N":
		l.Skip = Inside
	default:
		l.Skip = NoPerson
	}
	return l
}

func (t *table) Skip(n int) (int, error) {
	for i := range n {
		if _, err := t.Next(); errors.Is(err, io.EOF) {
			return i, nil
		} else if err != nil && !errors.Is(err, ErrLetter) {
			return i, err
		}
	}
	return n, nil
}

func (t *table) Done() float64 { return float64(t.in.InputOffset()) / float64(max(1, t.size)) }
func (t *table) Kind() string  { return t.kind }
func (t *table) Close() error  { return t.file.Close() }
