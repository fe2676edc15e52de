package archive

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/email/subject"
)

// Exchange is what a customer wrote, with the answer that followed.
type Exchange struct {
	ID      string    // of its letters; the same letters give the same
	Thread  string    // exchanges of one conversation have the same
	When    time.Time // of the answer; zero: unknown
	Subject string
	Asked   string   // the customer's letters since the last answer
	Told    string   // the answer
	Names   []string // of all people in it, for redaction
}

// Found is what a source holds.
type Found struct {
	Letters       int
	Conversations int
	Exchanges     []Exchange // by when they were answered
	Threads       []Thread   // that a customer can answer; by their first id
	Ours          []Address  // whose mail is taken for the team's, those who answer most first
	Doubtful      []Address  // who may be the team's as well, and is not counted as it
	Left          map[string]int
	Tags          map[string]int // Gmail's labels
	First, Last   time.Time      // of the exchanges; zero: unknown
}

// Address is one from which was written, or "@domain", with what it did.
type Address struct {
	Address string
	Answers int // to different people
	Begun   int // conversations
}

// Why a letter that might be one of an exchange is in none.
const (
	Unanswered      = "nobody answered it"
	Unasked         = "it answers nothing, or a second time"
	Between         = "it is between colleagues"
	Acknowledgement = "it only says that the mail arrived"
	Again           = "it is there twice"
)

// Wanted says what to read of a source.
type Wanted struct {
	Ours   []string // addresses and "@domains" that are the team's; none: they are found
	Labels []string // Gmail's; none: all but those of Without
	// Without are Gmail's labels whose mails are left out.
	Without []string
}

// Read threads letters and pairs what was asked with what was answered.
func Read(letters []Letter, want Wanted) *Found {
	f := &Found{Letters: len(letters), Left: map[string]int{}, Tags: map[string]int{}}
	known := map[string]bool{}
	var kept []Letter
	for _, l := range letters {
		for _, t := range l.Tags {
			f.Tags[t]++
		}
		if l.ID == "" { // the same mail in two folders
			l.ID = sum(l.From, l.When.String(), l.Subject, l.Text)
		}
		l.Skip = cmp.Or(l.Skip, want.leaves(l))
		if known[l.ID] {
			l.Skip = Again
		}
		known[l.ID] = true
		if l.Skip != "" {
			f.Left[l.Skip]++
			if l.Skip == Again {
				continue
			}
		}
		kept = append(kept, l) // what is left out still says what belongs together
	}
	slices.SortStableFunc(kept, func(a, b Letter) int { return a.When.Compare(b.When) })
	threads := threaded(kept)
	f.Conversations = len(threads)
	ours := f.whoIsOurs(threads, want.Ours)
	for _, t := range threads {
		for i := range t {
			if t[i].Side == Unknown {
				t[i].Side = Customer
				if ours(t[i].From) {
					t[i].Side = Team
				}
			}
		}
	}
	routine := acknowledgements(threads)
	for _, t := range threads {
		f.pair(t, ours, routine)
		f.thread(t, ours)
	}
	slices.SortStableFunc(f.Threads, byFirstID)
	slices.SortStableFunc(f.Exchanges, func(a, b Exchange) int { return cmp.Or(a.When.Compare(b.When), cmp.Compare(a.ID, b.ID)) })
	for _, e := range f.Exchanges {
		if !e.When.IsZero() {
			f.Last = e.When
			if f.First.IsZero() {
				f.First = e.When
			}
		}
	}
	return f
}

// leaves tells why a letter's labels leave it out.
func (w Wanted) leaves(l Letter) string {
	is := func(list []string) bool {
		return slices.ContainsFunc(l.Tags, func(t string) bool {
			return slices.ContainsFunc(list, func(want string) bool { return strings.EqualFold(t, want) })
		})
	}
	switch {
	case len(l.Tags) == 0:
		return ""
	case len(w.Labels) > 0 && !is(w.Labels):
		return Unlisted
	case is(w.Without):
		return Unsent
	}
	return ""
}

func sum(parts ...string) string {
	h := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(h[:12])
}

// sameSubject is within what time mails of one telling subject between the same
// people belong together.
const sameSubject = 14 * 24 * time.Hour

// threaded groups letters, which are in order of time, into conversations.
func threaded(letters []Letter) [][]Letter {
	parent := make([]int, len(letters))
	for i := range parent {
		parent[i] = i
	}
	root := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	join := func(a, b int) {
		a, b = root(a), root(b)
		parent[max(a, b)] = min(a, b)
	}
	first := map[string]int{}
	link := func(key string, i int) {
		if at, ok := first[key]; ok {
			join(at, i)
		} else {
			first[key] = i
		}
	}
	recent := map[string]int{}
	for i, l := range letters {
		if l.Thread != "" {
			link("thread "+l.Thread, i)
		}
		link("id "+l.ID, i)
		for _, a := range l.Answers {
			link("id "+a, i)
		}
		s := subject.Read(l.Subject)
		if l.Thread != "" || !s.Telling() || l.From == "" {
			continue
		}
		for _, to := range l.To {
			key := strings.Join([]string{s.Base, min(l.From, to), max(l.From, to)}, "\x00")
			if was, ok := recent[key]; ok && s.Reply && l.When.Sub(letters[was].When) <= sameSubject {
				join(was, i)
			}
			recent[key] = i
		}
	}
	var out [][]Letter
	place := map[int]int{}
	for i, l := range letters {
		r := root(i)
		at, ok := place[r]
		if !ok {
			at = len(out)
			place[r], out = at, append(out, nil)
		}
		out[at] = append(out[at], l)
	}
	return out
}

// pair makes the exchanges of one conversation.
func (f *Found) pair(t []Letter, ours func(string) bool, routine map[string]bool) {
	var asked []Letter
	thread := "" // of its first letter
	for _, l := range t {
		thread = cmp.Or(thread, l.Thread, l.ID)
	}
	thread = sum(thread)
	for _, l := range t {
		switch {
		case l.Skip != "":
		case l.Side == Customer:
			asked = append(asked, l)
		case routine[sameText(l.Text)]:
			f.Left[Acknowledgement]++
		case len(l.To) > 0 && !slices.ContainsFunc(l.To, func(to string) bool { return !ours(to) }):
			f.Left[Between]++
		case len(asked) == 0:
			f.Left[Unasked]++
		default:
			f.Exchanges = append(f.Exchanges, exchange(thread, asked, l))
			asked = nil
		}
	}
	f.Left[Unanswered] += len(asked)
	if f.Left[Unanswered] == 0 {
		delete(f.Left, Unanswered)
	}
}

func exchange(thread string, asked []Letter, answer Letter) Exchange {
	e := Exchange{Thread: thread, When: answer.When, Subject: asked[0].Subject, Told: answer.Text, Names: slices.Clone(answer.Names)}
	ids, texts := []string{answer.ID}, []string{}
	for _, l := range asked {
		ids, texts, e.Names = append(ids, l.ID), append(texts, l.Text), append(e.Names, l.Names...)
	}
	slices.Sort(ids[1:]) // in whatever order the files came
	e.ID, e.Asked = sum(ids...), strings.Join(texts, "\n\n")
	slices.Sort(e.Names)
	e.Names = slices.Compact(e.Names)
	return e
}

// leastRoutine is how often a text must have been sent to be an acknowledgement.
const leastRoutine = 3

// acknowledgements finds the texts of ours that are mostly followed by another of
// ours, with nothing from the customer in between.
func acknowledgements(threads [][]Letter) map[string]bool {
	sent, followed := map[string]int{}, map[string]int{}
	for _, t := range threads {
		before := "" // what was sent since the customer wrote
		for _, l := range t {
			switch {
			case l.Skip != "":
			case l.Side == Customer:
				before = ""
			default:
				text := sameText(l.Text)
				sent[text]++
				if before != "" && before != text {
					followed[before]++
				}
				before = text
			}
		}
	}
	out := map[string]bool{}
	for text, n := range sent {
		out[text] = n >= leastRoutine && 2*followed[text] > n
	}
	return out
}

// sameText is a text without what differs from one customer to the next: greetings
// and numbers stand in lines or words of their own.
func sameText(s string) string {
	lines := strings.Split(strings.ToLower(s), "\n")
	if len(lines) > 1 && len(strings.Fields(lines[0])) <= 5 {
		lines = lines[1:]
	}
	words := strings.Fields(strings.Join(lines, " "))
	words = slices.DeleteFunc(words, func(w string) bool { return strings.ContainsAny(w, "0123456789") })
	return strings.Join(words, " ")
}

// Thread is a conversation as it was: what a customer and the team wrote to each other.
type Thread struct {
	Customer string   // address
	Name     string   // the customer's; "" where the source has none
	Letters  []Letter // by when they were written; at least one
	IDs      []string // Message-IDs of its mails, and of those that they answer; at least one
}

// thread gives a conversation by which a customer's answer can find it, if there is any
// Message-ID to find it by.
func (f *Found) thread(t []Letter, ours func(string) bool) {
	var out Thread
	known := map[string]bool{}
	for _, l := range t {
		internal := l.Side == Team && len(l.To) > 0 && !slices.ContainsFunc(l.To, func(to string) bool { return !ours(to) })
		if l.Skip == Inside || l.Skip == Unsent || l.Skip == Unlisted || internal {
			continue
		}
		for _, id := range append([]string{l.ID}, l.Answers...) { // what an absence note answers is the thread's as well
			if isMessageID(id) && !known[id] {
				known[id] = true
				out.IDs = append(out.IDs, id)
			}
		}
		if l.Skip != "" {
			continue
		}
		out.Letters = append(out.Letters, l)
		if l.Side == Customer && out.Customer == "" {
			out.Customer, out.Name = l.From, l.Name
		}
	}
	if out.Customer == "" && len(out.Letters) > 0 { // the team wrote first, and nobody answered yet
		first := out.Letters[0]
		if i := slices.IndexFunc(first.To, func(to string) bool { return !ours(to) }); i >= 0 {
			out.Customer = first.To[i]
		}
	}
	if !strings.Contains(out.Customer, "@") || len(out.Letters) == 0 || len(out.IDs) == 0 {
		return
	}
	slices.Sort(out.IDs)
	f.Threads = append(f.Threads, out)
}

// isMessageID tells the ids of mails from those that help desks give their entries.
func isMessageID(id string) bool {
	local, domain, ok := strings.Cut(id, "@")
	return ok && local != "" && domain != "" && !strings.ContainsAny(id, " <>\t\r\n")
}

func byFirstID(a, b Thread) int { return cmp.Compare(a.IDs[0], b.IDs[0]) }
