package index_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/index"
	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/kb/article"
)

// bygone are pairs of two kinds of question, and of one that no article answers.
func bygone(n int) (out []index.Pair) {
	for i := range n {
		at := monday.AddDate(-1, 0, -i)
		out = append(out,
			index.Pair{ID: fmt.Sprint("pump", i), Answered: at, Subject: "Question",
				Asked: fmt.Sprintf("Hello, my Zylonator gurgles and drools, mark %d. Erika Muster, erika@mail.example",
					i),
				Told:  "Dear Erika, tighten the ring by hand, and change the seal. Anna Winter",
				Names: []string{"Erika Muster", "Anna Winter"}},
			index.Pair{ID: fmt.Sprint("bill", i), Answered: at, Subject: "Paper",
				Asked: fmt.Sprintf("The accountant wants the yellow sheet number %d", i),
				Told:  "The invoice comes by mail on the first of the month."},
			index.Pair{ID: fmt.Sprint("sunday", i), Answered: at, Subject: "Open",
				Asked: fmt.Sprintf("May we visit your showroom on Sunday with %d children", i),
				Told:  "You are welcome each Sunday between ten and four at our hall beside the old church."})
	}
	return out
}

func (w *team) imports(pairs []index.Pair) index.Took {
	w.Helper()
	t, err := index.Import(w.Context(), w.bucket, w.now, pairs)
	if err != nil {
		w.Fatal(err)
	}
	return t
}

func (w *team) learnAndTell() {
	w.Helper()
	if err := w.LearnAndTell(w.Context()); err != nil {
		w.Fatal(err)
	}
}

// all is what stands in all files of the bucket.
func (w *team) all() string {
	out := ""
	for key, data := range w.bucket.files {
		if strings.HasPrefix(string(data), "\x1f\x8b") {
			data = unzip(w.T, data)
		}
		out += key + "\n" + string(data) + "\n"
	}
	return out
}

// The first mail after an import is ranked by what was answered before, with nobody
// told of anything; what was answered by hand is shown, and makes topics.
func TestAnImportTeachesTheFirstMail(t *testing.T) {
	w := newTeam(t)
	w.rebuild()
	r := w.reader()
	if got, _ := w.first(r, hose); got == "pump" {
		t.Fatal("it is known without an import")
	}
	if took := w.imports(bygone(8)); took.New != 24 || took.All != 24 {
		t.Errorf("%+v", took)
	}
	w.learnAndTell() // builds at once, not the next day
	if got, _ := w.first(r, hose); got != "pump" {
		t.Errorf("%s comes first", got)
	}
	if got, _ := w.first(r, "My accountant asks for a yellow sheet"); got != "bill" {
		t.Errorf("%s comes first", got)
	}
	k, err := r.Knowledge(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if told := k.Answered("Open", "May we visit your showroom on Sunday", 2); len(told) != 1 || told[0].Times != 8 ||
		!strings.Contains(told[0].Text, "old church") {
		t.Errorf("answers of colleagues: %+v", told)
	}
	gaps, err := index.Gaps(t.Context(), w.bucket)
	if err != nil || len(gaps) != 1 || gaps[0].Mails != 8 || !strings.Contains(gaps[0].DraftArticle, "old church") {
		t.Errorf("topics: %+v, %v", gaps, err)
	}
	for _, personal := range []string{"Muster", "Erika", "Winter", "erika@"} {
		if strings.Contains(w.all(), personal) {
			t.Errorf("%s is kept", personal)
		}
	}
	if n := w.learn(); n != 0 {
		t.Errorf("%d outcomes are counted that nobody saw", n)
	}
	// An article that is written later gets the old mails.
	w.bucket.articles["visit.md"] = []byte(
		"# Showroom\n\nYou are welcome each Sunday between ten and four at our hall beside the old church.")
	w.rebuild()
	if got, _ := w.first(r, "Can I come with children"); got != "visit" {
		t.Errorf("%s comes first", got)
	}
}

func TestAnImportTwiceDoublesNothing(t *testing.T) {
	w := newTeam(t)
	w.imports(bygone(8))
	w.learnAndTell()
	before := w.all()
	if took := w.imports(append(bygone(8), bygone(8)...)); took.New != 0 || took.Known != 48 || took.All != 24 {
		t.Errorf("%+v", took)
	}
	w.learnAndTell()
	if w.all() != before && len(w.all()) != len(before) {
		t.Error("something has changed")
	}
	if took := w.imports(bygone(9)); took.New != 3 || took.All != 27 {
		t.Errorf("%+v", took)
	}
}

// Wherever an import ends, all of it or nothing is there, and a second one completes it.
func TestAnImportIsEndedAnywhere(t *testing.T) {
	for _, at := range []string{"kb-import/", "kb-import/current", "kb-index/unfinished"} {
		w := newTeam(t)
		w.rebuild()
		w.imports(bygone(2)[3:])
		w.learnAndTell() // and has nothing left to do
		w.bucket.failOn = at
		if _, err := index.Import(t.Context(), w.bucket, w.now, bygone(8)); err == nil {
			t.Errorf("%s: nobody hears of it", at)
		}
		w.bucket.failOn = ""
		if took := w.imports(bygone(8)); took.All != 24 {
			t.Errorf("%s: %+v", at, took)
		}
		w.learnAndTell()
		if got, _ := w.first(w.reader(), hose); got != "pump" {
			t.Errorf("%s: %s comes first", at, got)
		}
	}
}

// What is imported while a build runs is built in by the same call.
func TestAnImportDuringABuildIsNotLost(t *testing.T) {
	w := newTeam(t)
	w.rebuild()
	during := &meanwhile{bucket: w.bucket, do: func() { w.imports(bygone(8)) }}
	w.Service.Bucket = during
	if err := w.RebuildAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, _ := w.first(w.reader(), hose); got != "pump" {
		t.Errorf("%s comes first", got)
	}
}

// meanwhile does something when the snapshot is written.
type meanwhile struct {
	*bucket
	do func()
}

func (m *meanwhile) Put(ctx context.Context, key string, data []byte) error {
	if do := m.do; do != nil && key == "kb-index/form" {
		m.do = nil
		do()
	}
	return m.bucket.Put(ctx, key, data)
}

// What is taken out again is nowhere any more after the next build.
func TestWhatIsForgottenLeavesAllThatWasLearnt(t *testing.T) {
	w := newTeam(t)
	pairs := bygone(8)
	w.imports(pairs)
	w.learnAndTell()
	var ids []string
	for _, p := range pairs {
		if strings.HasPrefix(p.ID, "sunday") {
			ids = append(ids, p.ID)
		}
	}
	took, err := index.Forget(t.Context(), w.bucket, w.now, ids, false)
	if err != nil || took.Removed != 8 || took.All != 16 {
		t.Fatalf("%+v, %v", took, err)
	}
	for range 4 { // until no older snapshot is kept for readers
		w.now = w.now.Add(25 * time.Hour)
		w.learnAndTell()
		w.bucket.articles["other.md"] = append(w.bucket.articles["other.md"], " More."...)
		w.rebuild()
	}
	if strings.Contains(w.all(), "church") {
		t.Error("it is still there")
	}
	if got, _ := w.first(w.reader(), hose); got != "pump" {
		t.Errorf("%s comes first", got)
	}
}

// What is imported ranks as a history of the same pairs does: as often is the right
// article first, for mails that neither has seen.
func TestAnImportRanksAsAHistoryOfTheSamePairs(t *testing.T) {
	said := [][2]string{{"gurgles and drools", "Tighten the ring by hand, and change the seal under the lid."},
		{"yellow sheet for the taxman", "The invoice comes by mail on the first of the month, as a file."},
		{"parcel van drove past", "A parcel takes three days, and the van comes once more on the next."},
		{"secret phrase slipped my mind", "Choose forgotten on the page where you sign in, and a link follows."},
		{"wrong shade of blue", "Send it back within thirty days, with the slip that lies in the box."},
		{"moved house last week", "Change where you live in your account, before the lamp leaves us."}}
	extras := []string{"since Monday", "once more", "at the office", "and my wife too", "in the evening",
		"again and again", "for weeks"}
	w := newTeam(t)
	clear(w.bucket.articles)
	var pairs []index.Pair
	var past []kb.Past
	var asked []kb.Asked
	var want []string
	for i, s := range said {
		id := fmt.Sprint("a", i)
		w.bucket.articles[id+".md"] = []byte("# Article " + string(rune('A'+i)) + "\n\n" + s[1] + "\n")
		for k := range 14 {
			text := fmt.Sprintf("The thing: %s %s", s[0], extras[k%len(extras)])
			if k%7 == 6 {
				asked, want = append(asked, kb.Asked{Subject: "Hello", Text: text}), append(want, id)
				continue
			}
			pairs = append(pairs, index.Pair{ID: fmt.Sprint(id, k), Answered: monday.AddDate(-1, 0, 20*i+k),
				Subject: "Hello", Asked: text, Told: s[1]})
			past = append(past, kb.Past{Subject: "Hello", Text: text, Sent: []string{id}})
		}
	}
	articles, err := article.Parse(w.bucket.articles)
	if err != nil {
		t.Fatal(err)
	}
	right := func(x *kb.Index) (n int) {
		for i, a := range x.ScoreAll(asked, 1, false) {
			if len(a.Suggestions) > 0 && a.Suggestions[0].Article == want[i] {
				n++
			}
		}
		return n
	}
	w.imports(pairs)
	w.learnAndTell()
	k, err := w.reader().Knowledge(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	without, imported, history := right(kb.New(articles)), right(k.Index), right(kb.Build(articles, past, nil))
	if imported != history || imported != len(want) || without == imported {
		t.Errorf("of %d mails %d are answered rightly after the import, %d with a history of the same pairs, %d "+
			"without", len(want), imported, history, without)
	}
}
