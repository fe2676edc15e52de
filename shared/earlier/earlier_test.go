package earlier_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/earlier"
	"github.com/replywell/replywell/shared/store"
)

// memory is files in memory, with how many were read.
type memory struct {
	data map[string][]byte
	read int
}

func newMemory() *memory { return &memory{data: map[string][]byte{}} }

func (m *memory) Put(_ context.Context, key string, data []byte) error {
	m.data[key] = slices.Clone(data)
	return nil
}

func (m *memory) Get(_ context.Context, key string) ([]byte, error) {
	m.read++
	if data, ok := m.data[key]; ok {
		return data, nil
	}
	return nil, store.ErrNotFound
}

func (m *memory) Look(ctx context.Context, key string) ([]byte, string, error) {
	data, err := m.Get(ctx, key)
	return data, string(data), err
}

func (m *memory) Swap(ctx context.Context, key, version string, data []byte) error {
	if string(m.data[key]) != version {
		return store.ErrMoved
	}
	return m.Put(ctx, key, data)
}

func (m *memory) Delete(_ context.Context, key string) error {
	delete(m.data, key)
	return nil
}

var monday = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

// held are conversations of two mails each, the first of them number from.
func held(from, n int) (out []earlier.Conversation) {
	for i := from; i < from+n; i++ {
		who := desk.Person{Name: "Erika", Address: fmt.Sprintf("erika%d@mail.example", i)}
		q, a := fmt.Sprintf("q%d@mail", i), fmt.Sprintf("a%d@shop", i)
		out = append(out, earlier.Conversation{Customer: who, IDs: []string{a, q}, Letters: []earlier.Letter{
			{ID: q, From: who, At: monday.AddDate(-1, 0, i), Subject: "Pump", Text: fmt.Sprint("Question ", i)},
			{ID: a, Team: true, At: monday.AddDate(-1, 0, i).Add(time.Hour), Subject: "Re: Pump",
				Text: fmt.Sprint("Answer ", i)}}})
	}
	return out
}

func keep(t *testing.T, m *memory, all []earlier.Conversation) earlier.Kept {
	t.Helper()
	k, err := earlier.Keep(t.Context(), m, monday, all)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// found is the first letter's text of what an id leads to, "" where it leads nowhere.
func found(t *testing.T, m *memory, ids ...string) string {
	t.Helper()
	c, _, err := earlier.Find(t.Context(), m, 0, monday, ids)
	if err != nil {
		t.Fatal(err)
	}
	if c == nil {
		return ""
	}
	return c.Letters[0].Text
}

// What was kept is found by each of its ids with a few reads, however much there is;
// keeping it again changes nothing, and what is forgotten leaves no trace.
func TestKeepFindForget(t *testing.T) {
	m := newMemory()
	if k := keep(t, m, held(0, 1000)); k.New != 1000 {
		t.Errorf("%+v", k)
	}
	before := maps.Clone(m.data)
	if k := keep(t, m, held(0, 1000)); k != (earlier.Kept{Known: 1000}) ||
		!maps.EqualFunc(before, m.data, func(a, b []byte) bool { return string(a) == string(b) }) {
		t.Errorf("the second time: %+v, or files changed", k)
	}
	if k := keep(t, m, held(995, 10)); k != (earlier.Kept{New: 5, Known: 5}) {
		t.Errorf("with more: %+v", k)
	}
	m.read = 0
	for ids, want := range map[string]string{"q7@mail": "Question 7", "a7@shop": "Question 7", "A7@SHOP": "",
		"nobody@knows": "", "nobody@knows q1004@mail": "Question 1004"} {
		if got := found(t, m, strings.Fields(ids)...); got != want {
			t.Errorf("%s: %q", ids, got)
		}
	}
	if m.read > 5*6 {
		t.Errorf("%d files were read to find five mails", m.read)
	}
	if n, err := earlier.Forget(t.Context(), m, []string{"a7@shop", "q1004@mail", "nobody@knows"}); err != nil ||
		n != 2 {
		t.Errorf("forgot %d, %v", n, err)
	}
	for id, want := range map[string]string{"q7@mail": "", "a1004@shop": "", "q8@mail": "Question 8"} {
		if got := found(t, m, id); got != want {
			t.Errorf("%s, after others are forgotten: %q", id, got)
		}
	}
	var all []string
	for _, c := range held(0, 1005) {
		all = append(all, c.IDs...)
	}
	if n, err := earlier.Forget(t.Context(), m, all); err != nil || n != 1003 || len(m.data) != 1 {
		t.Errorf("forgot %d, left %d files, %v", n, len(m.data), err)
	}
}

// A file that cannot be read hides what is in it, and keeps no mail from coming in.
func TestUnreadableFilesAreNotFound(t *testing.T) {
	m := newMemory()
	keep(t, m, held(0, 3))
	for _, key := range slices.Sorted(maps.Keys(m.data)) {
		was := m.data[key]
		m.data[key] = []byte("no gzip")
		if got := found(t, m, "q1@mail"); got != "" {
			t.Errorf("%s: found %q", key, got)
		}
		m.data[key] = was
	}
	m.data["earlier/list"] = []byte("no gzip")
	if _, err := earlier.Keep(t.Context(), m, monday, held(5, 1)); err == nil ||
		!strings.Contains(err.Error(), "earlier/list") {
		t.Errorf("a list that cannot be read is written over: %v", err)
	}
}

// Of a long conversation the first letter and the newest are kept.
func TestLongConversations(t *testing.T) {
	m := newMemory()
	c := held(0, 1)[0]
	for i := range 100 {
		c.Letters = append(c.Letters, earlier.Letter{Text: fmt.Sprint("More ", i)})
	}
	keep(t, m, []earlier.Conversation{c})
	got, taken, err := earlier.Find(t.Context(), m, 0, monday, []string{"q0@mail"})
	if err != nil || len(got.Letters) != earlier.MaxLetters || got.Letters[0].Text != "Question 0" ||
		got.Letters[earlier.MaxLetters-1].Text != "More 99" || taken != monday {
		t.Errorf("%+v, %v, %v", got, taken, err)
	}
	conv, messages := got.Taken("abc", "support", monday)
	if conv.State != desk.StateSolved || len(messages) != earlier.MaxLetters || messages[29].At.IsZero() ||
		messages[29].Sequence != 30 {
		t.Errorf("%+v %+v", conv, messages[29])
	}
}
