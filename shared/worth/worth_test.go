package worth_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/worth"
	"github.com/replywell/replywell/shared/worth/formula"
)

var monday = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

// memory is files in memory; after so many writes the process is ended.
type memory struct {
	data  map[string][]byte
	ended int
}

var errEnded = errors.New("the process was ended")

func newMemory() *memory { return &memory{data: map[string][]byte{}, ended: math.MaxInt} }

func (m *memory) Put(_ context.Context, key string, data []byte) error {
	if m.ended--; m.ended < 0 {
		return errEnded
	}
	m.data[key] = slices.Clone(data)
	return nil
}

func (m *memory) Get(_ context.Context, key string) ([]byte, error) {
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
	if m.ended--; m.ended < 0 {
		return errEnded
	}
	delete(m.data, key)
	return nil
}

func read(t *testing.T, file string) worth.List {
	t.Helper()
	f, err := worth.Read([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	return f.List
}

func keep(t *testing.T, m *memory, file string) {
	t.Helper()
	if _, err := worth.Keep(t.Context(), m, monday, read(t, file), true); err != nil {
		t.Fatal(err)
	}
}

// How spreadsheets and people write a list, and what is understood.
func TestListsAsTheyAreWritten(t *testing.T) {
	may := time.Date(2021, 5, 3, 0, 0, 0, 0, time.UTC)
	for file, want := range map[string]worth.Standing{
		"address,potential\nolga@hotel.example,0.8":                          {Potential: 0.8},
		"\ufeffE-Mail;Potential\r\nOlga@Hotel.example;0,8\r\n":               {Potential: 0.8},
		"email\tpotential\nolga@hotel.example\t80 %":                         {Potential: 0.8},
		"address,since\nolga@hotel.example,2021-05-03":                       {Since: may},
		"address,since\nolga@hotel.example,3.5.2021":                         {Since: may},
		"address,Customer since\nolga@hotel.example,\"May 3, 2021\"":         {Since: may},
		"address,revenue\nolga@hotel.example,\"12,000.50\"":                  {Revenue: 12000.5},
		"address;revenue\nolga@hotel.example;12.000,50 €":                    {Revenue: 12000.5},
		"address,revenue\nolga@hotel.example,12.000":                         {Revenue: 12000},
		"address,revenue\nolga@hotel.example,12.5":                           {Revenue: 12.5},
		"address,revenue,phone\nolga@hotel.example,\"1,200,000\",123":        {Revenue: 1200000},
		"address,tier,owner\n\nolga@hotel.example, Partner ,Paul   Sales\n,": {Tier: "Partner", Owner: "Paul Sales"},
		"address;owner\nolga@hotel.example;J\xf6rg":                          {Owner: "Jörg"},
	} {
		list := read(t, file)
		if got := list["olga@hotel.example"]; got != want || len(list) != 1 {
			t.Errorf("%q: %+v, want %+v of %d", file, got, want, len(list))
		}
	}
}

// What is wrong is told by line, with what to do, all of it at once.
func TestWhatIsWrongWithAList(t *testing.T) {
	for file, want := range map[string][]string{
		"":                            {"the file is empty"},
		"name,potential\nOlga,1":      {"line 1: there is no column “address”"},
		"address\nolga@hotel.example": {"line 1: no column says anything"},
		"address,potental\nolga@hotel.example,1": {
			"line 1: the column “potental” is not known; did you mean “potential”?",
		},
		"address,reveune\nolga@hotel.example,1":     {"did you mean “revenue”?"},
		"address,tier,Tier\nolga@hotel.example,a,b": {"line 1: there are two columns “tier”"},
		"address,potential\n":                       {"the file names no customer"},
		"address,potential\nolga,0.5":               {"line 2: “olga” is no address; write one"},
		"address,potential\n,0.5":                   {"line 2: there is no address"},
		"address,potential\nolga@hotel.example,80": {
			"line 2: the potential “80” is not from 0 to 1; write it like 0.8 or 80%",
		},
		"address,potential\nolga@hotel.example,NaN": {"is not from 0 to 1"},
		"address,revenue\nolga@hotel.example,a lot": {"line 2: revenue “a lot” is no number"},
		"address,revenue\nolga@hotel.example,-5":    {"is no number"},
		"address,since\nolga@hotel.example,05/03/2021": {
			"line 2: since “05/03/2021” is no day that can be read in one way only",
		},
		"address,since\nolga@hotel.example,2021-02-30": {"no day"},
		"address,tier\na@b.example,x\nA@B.example,y":   {"line 3: a@b.example stands in line 2 already"},
		"address,owner\na@b.example,Winter, Anna":      {"line 2: it has 3 fields, and the first line names 2"},
		"address,owner\na@b.example,\"Anna\nb@b,x\n":   {"line 2: the quotation marks of this line do not close"},
		"address,potential\nolga,5\n\n@,1\nx@y.example": {
			"line 2: “olga”",
			"line 2: the potential “5”",
			"line 4: “@” is no address",
		},
	} {
		f, err := worth.Read([]byte(file))
		if err == nil || f.List != nil {
			t.Errorf("%q was taken: %v", file, f.List)
			continue
		}
		for _, w := range want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%q: %v, want %q", file, err, w)
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("address,potential\nolga@hotel.example,0.8\n@a.example,1"))
	f.Add([]byte("email;since;revenue\r\n\"a@b.example\";3.5.2021;1.000,5"))
	f.Add([]byte("mail;since;revenue\r\n\""))
	f.Fuzz(func(t *testing.T, data []byte) {
		found, err := worth.Read(data)
		if (err == nil) != (len(found.List) > 0) {
			t.Errorf("%d entries, %v", len(found.List), err)
		}
		for a, s := range found.List {
			if !strings.Contains(a, "@") || !(s.Potential >= 0 && s.Potential <= 1) || !(s.Revenue >= 0) ||
				s.Orders < 0 {
				t.Errorf("%q: %+v", a, s)
			}
		}
	})
}

// A formula reads as a team writes it; one that cannot be reckoned is told in words, and
// the column counts then.
func TestFormulas(t *testing.T) {
	s := worth.Standing{Potential: 0.4, Tier: "Partner", Revenue: 10000, Orders: 3, Since: monday.AddDate(-4, 0, 0)}
	for f, want := range map[string]float64{
		"": 0.4, "potential": 0.4, "0.5 * min(revenue / 20000, 1) + 0.5": 0.75, "revenue": 1, "0 - 3": 0,
		`tier == "partner" ? 0.9 : potential`: 0.9, "years >= 3 && orders > 2 ? 0.6 : 0": 0.6,
		"years_since_order > 2 ? 0.1 : potential": 0.1, "1 / 0 > 5 ? 1 : 0": 1,
	} {
		if got, err := s.Worth(f, formula.Score, monday); err != nil || math.Abs(got.Potential-want) > 1e-9 {
			t.Errorf("%s: %v, %v; want %v", f, got.Potential, err, want)
		}
	}
	for f, want := range map[string]string{
		"0 / 0": "not by 0", "potental": "may name potential", "tier": "cannot be read", "0.5 *": "cannot be read",
		"1..1000000000 | len()": "", strings.Repeat("1+", 600) + "1": "at most",
	} {
		got, err := s.Worth(f, formula.Score, monday)
		if err == nil || !strings.Contains(err.Error(), want) || got.Potential != 0.4 {
			t.Errorf("%s: %v, %v", f, got.Potential, err)
		}
	}
}

// Whoever counts most in the mail counts: the customer, or somebody in copy; an address
// before its domain.
func TestWhoCountsInAMail(t *testing.T) {
	m := newMemory()
	keep(t, m, "address,potential,tier\nolga@hotel.example,0.9,partner\n@hotel.example,0.5,\nanna@home.example,0.2,")
	r := &worth.Reader{Blobs: m, Now: func() time.Time { return monday }}
	for _, x := range []struct{ people, want string }{
		{"olga@hotel.example", "0.9 partner "}, {"OLGA@Hotel.Example", "0.9 partner "},
		{"somebody@hotel.example", "0.5  "}, {"nobody@home.example", "0  "},
		{"anna@home.example olga@hotel.example", "0.9 partner olga@hotel.example"},
		{"olga@hotel.example anna@home.example", "0.9 partner "},
		{"nobody@home.example nobody@else.example somebody@hotel.example", "0.5  somebody@hotel.example"},
	} {
		w, err := r.Of(t.Context(), desk.ValuePolicy{}, strings.Fields(x.people)...)
		if got := fmt.Sprintf("%g %s %s", w.Potential, w.Tier, w.Copied); err != nil || got != x.want {
			t.Errorf("%s: %q, %v; want %q", x.people, got, err, x.want)
		}
	}
}

// Whatever write a process ends at, a reader finds the list of before or the new one,
// whole, and importing again completes it.
func TestNothingIsHalfImported(t *testing.T) {
	list := func(potential string) string {
		var b strings.Builder
		b.WriteString("address,potential\n")
		for i := range 1300 {
			fmt.Fprintf(&b, "c%d@shop.example,%s\n", i, potential)
		}
		return b.String()
	}
	for ended := range 8 {
		m := newMemory()
		keep(t, m, list("0.1"))
		m.ended = ended
		_, err := worth.Keep(t.Context(), m, monday.Add(time.Hour), read(t, list("0.9")), false)
		m.ended = math.MaxInt
		seen := map[float64]int{}
		r := &worth.Reader{Blobs: m, Now: func() time.Time { return monday }}
		for i := 0; i < 1300; i += 13 {
			w, fails := r.Of(t.Context(), desk.ValuePolicy{}, fmt.Sprintf("c%d@shop.example", i))
			if fails != nil {
				t.Fatal(fails)
			}
			seen[w.Potential]++
		}
		if seen[0.1] != 100 && seen[0.9] != 100 {
			t.Errorf("ended at write %d (%v): %v", ended, err, seen)
		}
		if err == nil && seen[0.9] != 100 {
			t.Errorf("imported, and not there: %v", seen)
		}
		keep(t, m, list("0.9"))
	}
}

// A list that is much shorter than the one before is not taken unawares; one customer
// can be taken out; a list that nobody renews goes.
func TestAListIsReplacedAndForgotten(t *testing.T) {
	m, now := newMemory(), monday
	keep(t, m, "address,potential\na@x.example,1\nb@x.example,1\nc@x.example,1\n@x.example,0.3")
	if _, err := worth.Keep(t.Context(), m, now, read(t, "address,potential\na@x.example,1"), false); !errors.Is(err,
		worth.ErrFewer) {
		t.Errorf("a list of one entry was taken for one of four: %v", err)
	}
	if _, err := worth.Drop(t.Context(), m, now, []byte("address,potential\na@x.example,1")); !desk.IsPermanent(err) {
		t.Errorf("dropped: %v", err)
	}
	potential := func() float64 {
		r := &worth.Reader{Blobs: m, Keep: 24 * time.Hour, Now: func() time.Time { return now }}
		w, err := r.Of(t.Context(), desk.ValuePolicy{}, "b@x.example")
		if err != nil {
			t.Fatal(err)
		}
		return w.Potential
	}
	if was, err := worth.Forget(t.Context(), m, "B@x.example"); !was || err != nil {
		t.Errorf("forgot %v, %v", was, err)
	}
	if was, err := worth.Forget(t.Context(), m, "b@x.example"); was || err != nil || potential() != 0.3 {
		t.Errorf("forgot again: %v, %v; %v", was, err, potential())
	}
	for key, data := range m.data {
		if strings.Contains(string(data), "x.example") {
			t.Errorf("%s holds an address", key)
		}
	}
	if now = now.Add(25 * time.Hour); potential() != 0 {
		t.Error("a list counts longer than it is kept")
	}
}
