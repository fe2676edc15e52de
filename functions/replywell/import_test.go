package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/earlier"
	"github.com/replywell/replywell/shared/local"
)

// box is an mbox of n questions with their answers.
func box(n int) string {
	var out strings.Builder
	for i := range n {
		at := time.Date(2025, 3, 1, 9, 0, 0, 0, time.UTC).Add(time.Duration(i) * time.Hour)
		put := func(from, to, id, answers, text string, at time.Time) {
			fmt.Fprintf(&out, "From x Sat Mar  1 09:00:00 2025\nFrom: %s\nTo: %s\nMessage-ID: <%s>\n%sSubject: Pump\n"+
				"Date: %s\n\n%s\n\n", from, to, id, answers, at.Format(time.RFC1123Z), text)
		}
		customer := fmt.Sprintf("Erika Muster <erika%d@mail.example>", i)
		put(customer, "support@shop.example", fmt.Sprintf("q%d@mail", i), "",
			fmt.Sprintf("My pump number %d gurgles.", i), at)
		put("Anna Winter <support@shop.example>", customer, fmt.Sprintf("a%d@shop", i),
			fmt.Sprintf("In-Reply-To: <q%d@mail>\n", i),
			"Dear Erika,\n\ntighten the ring by hand, and change the seal of the pump.\n\nAnna Winter",
			at.Add(time.Minute))
	}
	return out.String()
}

// imported runs the command on a data folder, which nobody holds.
func imported(t *testing.T, c importCmd) (string, error) {
	t.Helper()
	h, err := c.home(t.Context())
	if err != nil {
		return "", err
	}
	var out, told bytes.Buffer
	err = c.run(t.Context(), h, &out, &told, time.Now)
	return out.String() + told.String(), err
}

func TestImportIntoADataFolder(t *testing.T) {
	dir := t.TempDir()
	folder, err := local.OpenFolder(filepath.Join(dir, "data"))
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close() // it is in use meanwhile, as by a running replywell local
	source := filepath.Join(dir, "old.mbox")
	for name, text := range map[string]string{source: box(6),
		filepath.Join(dir,
			"data/articles/pump.md"): "# A gurgling pump\n\n" +
			"Tighten the ring by hand, and change the seal of the pump.\n"} {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c := importCmd{Source: source, Data: filepath.Join(dir, "data"), WithoutLabel: []string{"Spam"}}
	dry := c
	dry.DryRun = true
	for _, step := range []struct {
		name string
		c    importCmd
		want []string
	}{
		{"dry", dry, []string{"12 letters in 6 conversations", "6 pairs", "support@shop.example  answered 6 people",
			"With the 1 article published there, 6 answers stand", "nothing was imported"}},
		{"first", c, []string{"Imported: 6 new pairs. 6 pairs in all", "6 new conversations can be found again"}},
		{"second", c, []string{"Imported: 0 new pairs; 6 had been imported before. 6 pairs in all",
			"0 new conversations can be found again", "6 could be before"}},
		{"forget", importCmd{Source: source, Data: c.Data, Forget: true},
			[]string{"Taken out: 6 pairs; 0 pairs in all", "6 conversations can no longer be found"}},
	} {
		said, err := imported(t, step.c)
		if err != nil {
			t.Fatalf("%s: %v\n%s", step.name, err, said)
		}
		for _, want := range step.want {
			if !strings.Contains(said, want) {
				t.Errorf("%s: %q is not said:\n%s", step.name, want, said)
			}
		}
		for _, name := range []string{"Muster", "Winter"} {
			if strings.Contains(said, name) {
				t.Errorf("%s: it prints %s:\n%s", step.name, name, said)
			}
		}
		if left, _ := filepath.Glob(filepath.Join(dir, "*.replywell-import")); len(left) > 0 {
			t.Errorf("%s: it leaves %q", step.name, left)
		}
	}
	// Nobody was to get anything.
	for _, d := range []string{"spool", "mailboxes", "blobs/out"} {
		_ = filepath.WalkDir(filepath.Join(c.Data, d), func(p string, e os.DirEntry, err error) error {
			if err == nil && !e.IsDir() {
				t.Errorf("it wrote %s", p)
			}
			return nil
		})
	}
}

func TestImportSaysWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	mbox := filepath.Join(dir, "a.mbox")
	if err := os.WriteFile(mbox, []byte(box(1)), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		c    importCmd
		want string
	}{
		"nowhere to": {importCmd{Source: mbox}, "--data DIR or --stack STACK"},
		"no folder":  {importCmd{Source: mbox, Data: filepath.Join(dir, "x")}, "there is no data folder"},
		"no replywell folder": {importCmd{Source: filepath.Join(dir, "x.mbox"), Data: dir},
			"is not a data folder of Replywell's"},
		"no source":   {importCmd{Source: filepath.Join(dir, "x.mbox"), DryRun: true}, "there is no "},
		"no address":  {importCmd{Source: mbox, DryRun: true, Ours: []string{"Anna"}}, "--ours Anna"},
		"nobody ours": {importCmd{Source: mbox, DryRun: true}, "--ours"},
		"both":        {importCmd{Source: mbox, DryRun: true, Forget: true}, "do not go together"},
	} {
		if said, err := imported(t, c.c); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v\n%s", name, err, said)
		}
	}
}

// One that is interrupted says how to go on, and does.
func TestImportIsInterrupted(t *testing.T) {
	dir := t.TempDir()
	mbox := filepath.Join(dir, "a.mbox")
	if err := os.WriteFile(mbox, []byte(box(5)), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	c := importCmd{Source: mbox, DryRun: true}
	calls := 0
	err := c.run(ctx, home{}, &bytes.Buffer{}, &bytes.Buffer{}, func() time.Time {
		if calls++; calls == 6 {
			cancel()
		}
		return time.Now()
	})
	if err == nil || !strings.Contains(err.Error(), "call it again") {
		t.Fatalf("%v", err)
	}
	if said, err := imported(t, c); err != nil || !strings.Contains(said, "10 letters in 5 conversations") {
		t.Errorf("%v\n%s", err, said)
	}
}

// Wherever an import is killed, a second call completes it, and nothing is there twice.
func TestImportIsKilledWhileItKeeps(t *testing.T) {
	source := filepath.Join(t.TempDir(), "a.mbox")
	if err := os.WriteFile(source, []byte(box(5)), 0o600); err != nil {
		t.Fatal(err)
	}
	for left := range 20 {
		data := dataFolder(t)
		c := importCmd{Source: source, Data: data}
		h, err := c.home(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		to := &dying{Library: h.mail.(local.Library), left: left}
		err = c.run(t.Context(), home{h.publisher, to, to}, &bytes.Buffer{}, &bytes.Buffer{}, time.Now)
		if to.left >= 0 {
			if err != nil {
				t.Errorf("after %d writes: %v", left, err)
			}
			return // all of it was written
		}
		if err == nil {
			t.Errorf("killed after %d writes, and nobody hears of it", left)
		}
		if said, err := imported(t, c); err != nil || !strings.Contains(said, "5 pairs in all") {
			t.Errorf("killed after %d writes: %v\n%s", left, err, said)
		}
		for i := range 5 {
			found, _, err := earlier.Find(t.Context(), h.mail, 0, time.Now(), []string{fmt.Sprintf("a%d@shop", i)})
			if err != nil || found == nil || len(found.Letters) != 2 {
				t.Errorf("killed after %d writes: %+v, %v", left, found, err)
			}
		}
	}
	t.Error("an import of ten mails takes twenty writes")
}

// dying is a folder that nothing can be written to any more after some writes.
type dying struct {
	local.Library
	left int
}

func (d *dying) may() error {
	if d.left--; d.left < 0 {
		return errors.New("killed")
	}
	return nil
}

func (d *dying) Put(ctx context.Context, key string, data []byte) error {
	return errors.Join(d.may(), d.only(func() error { return d.Library.Put(ctx, key, data) }))
}

func (d *dying) Swap(ctx context.Context, key, version string, data []byte) error {
	return errors.Join(d.may(), d.only(func() error { return d.Library.Swap(ctx, key, version, data) }))
}

func (d *dying) only(write func() error) error {
	if d.left < 0 {
		return nil
	}
	return write()
}
