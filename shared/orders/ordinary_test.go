package orders_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/orders"
)

// evalSets holds public articles and answers, where they are at hand. They are
// evaluated, never fitted.
const evalSets = "../../../shared/eval/kb/data/*/*.tsv"

// published reads the answers of the public sets: the bodies of articles, and the
// questions that forums' people wrote to each other; each text once.
func published(t *testing.T) (out []string) {
	seen := map[string]bool{}
	files, _ := filepath.Glob(evalSets)
	for _, f := range files {
		if name := filepath.Base(f); name != "kb.tsv" && name != "queries_email.tsv" {
			continue
		}
		file, err := os.Open(f)
		if err != nil {
			t.Fatal(err)
		}
		in := bufio.NewScanner(file)
		in.Buffer(nil, 1<<20)
		var cols []string
		for in.Scan() {
			row := strings.Split(in.Text(), "\t")
			if cols == nil {
				cols = row
				continue
			}
			if i := slices.Index(cols, "body"); i >= 0 && i < len(row) && len(row[i]) > 20 && !seen[row[i]] {
				seen[row[i]] = true
				out = append(out, strings.ReplaceAll(row[i], `\n`, "\n"))
			}
		}
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	}
	return out
}

// tempting reads testdata/tempting.txt: answers of our own that look like orders
// and are none, by their kinds.
func tempting(t *testing.T) (kinds []string, texts map[string][]string) {
	return byHeading(t, "testdata/tempting.txt")
}

// asked reports whether an ordinary answer is not sent as it is, and what is
// read instead.
func asked(text string) (string, bool) {
	got, is, _ := heard(text)
	return got, is
}

// heard is asked, with whether the author of what is not asked about is told, while it
// waits, that it may be for the team.
func heard(text string) (got string, asked, told bool) {
	r, err := orders.Read(orders.Mail{Text: text}, around)
	asked = err != nil || r.Doubt != nil || r.Nothing || len(r.Commands) > 0 || r.Note != ""
	return said(r, err), asked, !asked && r.Perhaps != ""
}

// TestLeakOrdinaryAnswers: what people answer every day goes. Of the public
// answers, and of our own that tempt, hardly one is asked about; and of at most two in a
// hundred the author is told, while they wait to leave, that they may be for the team.
func TestLeakOrdinaryAnswers(t *testing.T) {
	public := published(t)
	if len(public) == 0 {
		fmt.Fprintln(t.Output(), "THE PUBLIC ANSWERS ARE NOT HERE: only our own are tried")
	}
	total, stopped, told := 0, 0, 0
	for _, text := range public {
		total++
		got, is, doubted := heard(text)
		if doubted {
			told++
		}
		if is {
			stopped++
			fmt.Fprintf(t.Output(), "asked about: %.160q\n  as %.160s\n", text, got)
		}
	}
	kinds, texts := tempting(t)
	own := 0
	for _, kind := range kinds {
		n := 0
		for _, text := range texts[kind] {
			total++
			own++
			got, is, doubted := heard(text)
			if doubted {
				told++
			}
			if is {
				n++
				stopped++
				fmt.Fprintf(t.Output(), "%s asked about: %q\n  as %s\n", kind, text, got)
			}
		}
		if 20*n > len(texts[kind]) {
			t.Errorf("%s: %d of %d are asked about", kind, n, len(texts[kind]))
		}
	}
	fmt.Fprintf(t.Output(), "%d ordinary answers, %d of them our own that tempt: %d asked about, of %d told\n", total,
		own, stopped, told)
	if own < 200 || len(public) > 0 && total < 2000 {
		t.Errorf("only %d answers, %d of our own", total, own)
	}
	if 50*told > total {
		t.Errorf("of %d of %d answers the author is told", told, total)
	}
	if stopped > 10 {
		t.Errorf("%d ordinary answers are asked about", stopped)
	}
}
