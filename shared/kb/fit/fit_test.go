package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/kb/internal/fuse"
)

// asked is about topics of two made-up shops: an article's title and text, and how customers
// ask for it, with words of its own and with words that others use too.
var asked = map[string][][3]string{
	"lamps": {
		{"Return a lamp", "Send a lamp back within thirty days. The label is in the box.",
			"refund unwanted colour money back"},
		{"Late parcels", "A parcel takes three days. Follow it with the number we mailed.",
			"courier nothing reached me waiting"},
		{"Flickering light", "Turn the bulb until it sits. Try another socket.", "blinks unsteady buzzing dims"},
		{"Forgotten password", "Ask for a link to choose another password.", "credentials locked login rejected"},
	},
	"rail": {
		{"Seat reservations", "Reserve a seat up to one hour before the train leaves.",
			"window carriage sit together book"},
		{"Lost luggage", "Tell us what you left in which train. We keep finds for weeks.",
			"umbrella forgot bag found coat"},
		{"Delayed trains", "After one hour you get a quarter of the fare back.",
			"compensation missed connection arrived hours"},
		{"Bicycles on board", "A bicycle needs a ticket of its own.", "bike cycle tandem folding carry"},
	},
}

// writeSets writes the sets as the program reads them, with histories and with
// queries for which nothing fits.
func writeSets(t *testing.T) string {
	dir := t.TempDir()
	for _, name := range []string{"lamps", "rail"} {
		var articles, queries, history strings.Builder
		articles.WriteString("id\ttitle\tbody\n")
		queries.WriteString("qid\tgold\tsubject\tbody\n")
		history.WriteString("article\tsubject\tbody\n")
		for i, a := range asked[name] {
			fmt.Fprintf(&articles, "%s%d\t%s\t%s\n", name, i, a[0], a[1])
			said := strings.Fields(a[2])
			for k := range 24 {
				text := fmt.Sprintf("I ask about %s and %s, please, case %d", said[k%len(said)],
					said[(k/2+1)%len(said)], k)
				if k%4 == 0 {
					text = fmt.Sprintf("%s %s?", strings.ToLower(a[0]), said[k%len(said)])
				}
				if k < 18 {
					fmt.Fprintf(&history, "%s%d\t\t%s\n", name, i, text)
				} else {
					fmt.Fprintf(&queries, "q%d-%d\t%s%d\t\t%s\n", i, k, name, i, text)
				}
			}
			fmt.Fprintf(&queries, "far%d\t-\t\tWhat do you think of opera number %d?\n", i, i)
		}
		if err := os.Mkdir(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
		for file, text := range map[string]string{"kb.tsv": articles.String(), "queries.tsv": queries.String(),
			"history_full.tsv": history.String()} {
			if err := os.WriteFile(filepath.Join(dir, name, file), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	return dir
}

func gathered(t *testing.T) []task {
	cli.Model, cli.Ridge, cli.TrustRidge = "none", 0.1, 0.001
	tasks, err := evidenceOf(writeSets(t), "")
	if err != nil {
		t.Fatal(err)
	}
	weigh(tasks)
	return tasks
}

func TestFittingIsRepeatable(t *testing.T) {
	var files [2][]byte
	for i := range files {
		path := filepath.Join(t.TempDir(), "w.json")
		if err := write(path, fitAll(gathered(t), "")); err != nil {
			t.Fatal(err)
		}
		files[i], _ = os.ReadFile(path)
	}
	if !bytes.Equal(files[0], files[1]) {
		t.Errorf("the same sets give other constants:\n%s%s", files[0], files[1])
	}
}

// right is the share of answerable queries whose article comes first, and the
// mean error of the confidence over all.
func right(t *testing.T, task task, w *fuse.Weights) (share, off float64) {
	calibration := task.calibration(w)
	n := 0.0
	for _, l := range task.Lists {
		r := w.Order(l.candidates(), task.History, calibration)
		if len(r.Candidates) == 0 {
			t.Fatalf("%s: nothing is ranked for %s", task.Name, l.ID)
		}
		hit := len(l.Gold) > 0 && int32(r.Candidates[0].Article) == l.Gold[0]
		p := r.Confidence
		if hit {
			share++
			p = 1 - p
		}
		if len(l.Gold) > 0 {
			n++
		}
		off += p / float64(len(task.Lists))
	}
	return share / n, off
}

func TestConstantsFittedOnOneShopServeTheOther(t *testing.T) {
	tasks := gathered(t)
	w := fitAll(tasks, "rail")
	for _, task := range tasks {
		share, off := right(t, task, w)
		if least := map[bool]float64{true: 0.9, false: 0.25}[strings.HasSuffix(task.Name, "full")]; share < least {
			t.Errorf("%s: %.2f first; want %.2f", task.Name, share, least)
		}
		if off > 0.5 {
			t.Errorf("%s: the confidence is off by %.2f", task.Name, off)
		}
	}
}

// The constants that are part of the program must serve sets that they were
// never fitted on.
func TestCommittedConstants(t *testing.T) {
	data, err := os.ReadFile("../internal/fuse/fitted-words.json")
	if err != nil {
		t.Fatal(err)
	}
	w := &fuse.Weights{}
	if err := json.Unmarshal(data, w); err != nil {
		t.Fatal(err)
	}
	if len(w.Rank) != len(w.Features(fuse.Scores{}, 0)) {
		t.Fatalf("%d constants for %d scorers", len(w.Rank), len(w.Scorers))
	}
	for _, task := range gathered(t) {
		share, off := right(t, task, w)
		if strings.HasSuffix(task.Name, "full") && share < 0.9 || math.IsNaN(off) || off > 0.5 {
			t.Errorf("%s: %.2f first, confidence off by %.2f", task.Name, share, off)
		}
	}
}

func TestTheCurveRises(t *testing.T) {
	cli.Model = "none"
	dir := writeSets(t)
	if err := curve(dir); err != nil {
		t.Fatal(err)
	}
	s, err := readSet(filepath.Join(dir, "rail"), "rail", new([]task))
	if err != nil {
		t.Fatal(err)
	}
	if none, all := s.right(kb.Build(s.articles, nil, nil)),
		s.right(kb.Build(s.articles, s.histories["full"], nil)); all <= none {
		t.Errorf("%.2f right without a history, %.2f with all of it", none, all)
	}
}
