package worth

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Bounds of a file.
const (
	MaxFile      = 64 << 20  // bytes
	MaxCustomers = 1_000_000 // lines
	maxWords     = 80        // bytes of a tier or an owner
	maxTold      = 40        // problems that are told one by one
)

// List is what a file says, by address in lower case, or by "@domain".
type List map[string]Standing

// name tells a list from others: what it says, and when it was taken, so that a list that
// comes again is written beside the one that is read meanwhile.
func (l List) name(now time.Time) string {
	data, _ := json.Marshal(l) // maps are written in the order of their keys
	sum := sha256.Sum256(append(data, now.UTC().Format(time.RFC3339Nano)...))
	return hex.EncodeToString(sum[:8])
}

// Problem is one thing that is wrong with a file.
type Problem struct {
	Line int // 0: the file
	Text string
}

// Problems is all that is wrong, in the order of lines.
type Problems []Problem

// Error tells them one by one.
func (p Problems) Error() string {
	var b strings.Builder
	for i, x := range p {
		if i == maxTold {
			fmt.Fprintf(&b, "… and %d more\n", len(p)-i)
			break
		}
		if x.Line > 0 {
			fmt.Fprintf(&b, "line %d: ", x.Line)
		}
		b.WriteString(x.Text + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// Columns are what a file may say of a customer, as docs/customers.md has them. Case,
// spaces, hyphens and underscores in a name do not count.
var Columns = []string{"address", "potential", "tier", "owner", "since", "orders", "revenue", "last_order"}

// names are how columns are called, beside their own names.
var names = map[string]string{"email": "address", "mail": "address", "emailaddress": "address", "domain": "address", "customersince": "since", "accountowner": "owner", "segment": "tier"}

// Found is what was read of a file.
type Found struct {
	List   List
	Unused []string // columns that are no business of the desk's
}

// Read reads a file. The error is Problems with all that is wrong; then nothing of the
// file is to be used. It takes what spreadsheets write: commas, semicolons or tabs, a
// byte order mark, Windows-1252, a comma before decimals.
func Read(data []byte) (f Found, err error) {
	if len(data) > MaxFile {
		return f, Problems{{Text: fmt.Sprintf("the file has %d MB, and %d are read; take out columns and lines that are not needed", len(data)>>20, MaxFile>>20)}}
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if !utf8.Valid(data) {
		if data, err = charmap.Windows1252.NewDecoder().Bytes(data); err != nil {
			return f, Problems{{Text: "the file is neither UTF-8 nor Windows-1252; save it as “CSV UTF-8”"}}
		}
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = separator(data), -1, false
	head, err := r.Read()
	if err != nil {
		return f, Problems{{Text: "the file is empty; its first line names the columns: " + strings.Join(Columns, ",")}}
	}
	at, unused, problems := columns(head)
	if len(problems) > 0 {
		return f, problems
	}
	f = Found{List: List{}, Unused: unused}
	lines := map[string]int{}
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		var bad *csv.ParseError
		if errors.As(err, &bad) {
			return Found{}, append(problems, Problem{bad.StartLine, "the quotation marks of this line do not close; save the file as CSV once more"})
		}
		if err != nil {
			return Found{}, append(problems, Problem{Text: err.Error()})
		}
		line, _ := r.FieldPos(0) // there is one in every record
		if strings.Trim(strings.Join(record, ""), " ") == "" {
			continue
		}
		address, s, wrong := entry(record, at, len(head))
		for _, w := range wrong {
			problems = append(problems, Problem{line, w})
		}
		if before, twice := lines[address]; twice && address != "" {
			problems = append(problems, Problem{line, fmt.Sprintf("%s stands in line %d already; a customer has one line, so take one of them out", address, before)})
		}
		lines[address] = line
		f.List[address] = s
		if len(f.List) > MaxCustomers {
			return Found{}, append(problems, Problem{line, fmt.Sprintf("there are more than %d customers; leave out those who can never write", MaxCustomers)})
		}
	}
	if len(problems) > 0 {
		return Found{}, problems
	}
	if len(f.List) == 0 {
		return Found{}, Problems{{Text: "the file names no customer; below the line of column names each line is one"}}
	}
	return f, nil
}

// separator is what the first line's names are parted by.
func separator(data []byte) rune {
	head, _, _ := bytes.Cut(data, []byte("\n"))
	best, most := ',', 0
	for _, c := range ",;\t" {
		if n := bytes.Count(head, []byte(string(c))); n > most {
			best, most = c, n
		}
	}
	return best
}

// columns says which column stands where.
func columns(head []string) (at map[string]int, unused []string, problems Problems) {
	at = map[string]int{}
	for i, h := range head {
		name := plain(h)
		if other, ok := names[name]; ok {
			name = other
		}
		k := slices.IndexFunc(Columns, func(c string) bool { return plain(c) == name })
		if k < 0 {
			if c := near(name); c != "" {
				problems = append(problems, Problem{1, fmt.Sprintf("the column “%s” is not known; did you mean “%s”?", strings.TrimSpace(h), c)})
			}
			unused = append(unused, strings.TrimSpace(h))
			continue
		}
		if _, twice := at[Columns[k]]; twice {
			problems = append(problems, Problem{1, fmt.Sprintf("there are two columns “%s”; take one out, or call it something else", Columns[k])})
		}
		at[Columns[k]] = i
	}
	if _, ok := at["address"]; !ok {
		problems = append(problems, Problem{1, "there is no column “address”; the first line names the columns: " + strings.Join(Columns, ",")})
	}
	if len(at) == 1 && len(problems) == 0 {
		problems = append(problems, Problem{1, "no column says anything of a customer; name at least one of " + strings.Join(Columns[1:], ", ")})
	}
	return at, unused, problems
}

func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '_' || r == '-' || r == '\u00a0' {
			return -1
		}
		return r
	}, strings.ToLower(strings.TrimSpace(s)))
}

// near is the column that a name is one slip away from: a letter too many, too few, or
// another one, or two that changed places.
func near(name string) string {
	for _, c := range Columns {
		k := plain(c)
		if len(name) < 4 || len(name) > len(k)+1 || len(name) < len(k)-1 {
			continue
		}
		a := 0
		for a < len(name) && a < len(k) && name[a] == k[a] {
			a++
		}
		b := 0
		for b < len(name)-a && b < len(k)-a && name[len(name)-1-b] == k[len(k)-1-b] {
			b++
		}
		n, m := len(name)-a-b, len(k)-a-b
		swapped := n == 2 && m == 2 && name[a] == k[a+1] && name[a+1] == k[a]
		if n <= 1 && m <= 1 || swapped {
			return c
		}
	}
	return ""
}

// entry reads one line.
func entry(record []string, at map[string]int, width int) (address string, s Standing, wrong []string) {
	if len(record) > width {
		wrong = append(wrong, fmt.Sprintf("it has %d fields, and the first line names %d; put a field that holds the separator into quotation marks", len(record), width))
	}
	cell := func(column string) string {
		if i, ok := at[column]; ok && i < len(record) {
			return strings.TrimSpace(record[i])
		}
		return ""
	}
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	address = strings.ToLower(cell("address"))
	somebody := address
	if strings.HasPrefix(address, "@") {
		somebody = "x" + address
	}
	parsed, err := mail.ParseAddress(somebody)
	switch {
	case address == "":
		say("there is no address; give one, like olga@hotel.example, or a domain, like @hotel.example")
	case err != nil:
		say("“%s” is no address; write one, like olga@hotel.example, or a domain, like @hotel.example", short(address))
	case !strings.HasPrefix(address, "@"):
		address = strings.ToLower(parsed.Address)
	}
	if v := cell("potential"); v != "" {
		p, ok := share(v)
		if s.Potential = p; !ok {
			say("the potential “%s” is not from 0 to 1; write it like 0.8 or 80%%", short(v))
		}
	}
	for column, to := range map[string]*float64{"orders": &s.Orders, "revenue": &s.Revenue} {
		if v := cell(column); v != "" {
			n, ok := number(v)
			if *to = n; !ok || n < 0 {
				say("%s “%s” is no number; write it like 12000", column, short(v))
			}
		}
	}
	for column, to := range map[string]*time.Time{"since": &s.Since, "last_order": &s.LastOrder} {
		if v := cell(column); v != "" {
			t, ok := date(v)
			if *to = t; !ok {
				say("%s “%s” is no day that can be read in one way only; write it like 2021-05-03", column, short(v))
			}
		}
	}
	for column, to := range map[string]*string{"tier": &s.Tier, "owner": &s.Owner} {
		if *to = strings.Join(strings.Fields(cell(column)), " "); len(*to) > maxWords {
			say("%s “%s” is too long; it is a word or a name", column, short(*to))
		}
	}
	slices.Sort(wrong)
	return address, s, wrong
}

func short(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
