package local

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/store"
)

func TestFolderIsHeldByOne(t *testing.T) {
	f := testFolder(t)
	if _, err := OpenFolder(f.Path()); err == nil ||
		!strings.Contains(err.Error(), "in use by another replywell (process ") {
		t.Errorf("a second one: %v", err)
	}
	if err := os.WriteFile(f.Path("tmp", "new-half"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	f.Close()
	again, err := OpenFolder(f.Path())
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if left, _ := filepath.Glob(f.Path("tmp", "*")); len(left) > 0 {
		t.Errorf("half written files stay: %v", left)
	}
}

func TestFolderThatCannotBe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{file, filepath.Join(file, "below"), "/proc/nothing"} {
		if _, err := OpenFolder(path); err == nil || !strings.Contains(err.Error(), "--data") ||
			strings.Count(err.Error(), path) != 1 {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestBlobs(t *testing.T) {
	b := Blobs{testFolder(t)}
	for range 2 {
		if err := b.Put(t.Context(), "mail/2026/01/02/a-1.eml", []byte("hello")); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := b.Get(t.Context(), "mail/2026/01/02/a-1.eml"); err != nil || string(got) != "hello" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := b.Get(t.Context(), "mail/none"); !errors.Is(err, store.ErrNotFound) || desk.IsPermanent(err) {
		t.Errorf("none: %v", err)
	}
	for _, key := range []string{"", "/", "a/../b", "../x", "a//b", ".hidden", "a/.b", "ä", "a b", "a\x00",
		strings.Repeat("x", 201), "C:\\x"} {
		if err := b.Put(t.Context(), key, nil); !desk.IsPermanent(err) {
			t.Errorf("key %q: %v", key, err)
		}
	}
}

// No key leads out of the folder.
func TestKeysStayInsideProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.StringOf(rapid.SampledFrom([]rune("./ab\\-_%"))).Draw(t, "key")
		if checkKey(key) == nil && !filepath.IsLocal(key) {
			t.Fatalf("%q leads out", key)
		}
	})
}

func TestKeysAreKept(t *testing.T) {
	f := testFolder(t)
	first, err := f.Keys(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	second, err := f.Keys(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	conv, err := desk.NewConversationID(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	token, err := first.Seal(replyaddr.Token{Purpose: replyaddr.Agent, Conversation: string(conv), Person: "anna",
		Expires: now.Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := second.Open(token, now); err != nil {
		t.Errorf("after a restart: %v", err)
	}
	if info, err := os.Stat(f.Path("keys.json")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(f.Path("keys.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Keys(rand.Reader); err == nil || !strings.Contains(err.Error(), "put back a copy") {
		t.Errorf("a damaged file: %v", err)
	}
}

func TestWeekIsPostedOnce(t *testing.T) {
	now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC) // a Wednesday
	settings := testSettings()
	settings.Report.TimeZone = "Europe/Berlin"
	s := &System{Settings: settings, folder: testFolder(t), options: Options{Now: func() time.Time { return now }}}
	posts, fail := 0, errors.New("away")
	task := s.Weekly(func(context.Context) error { posts++; return fail })
	run := func(wantPosts int, wantErr error) {
		t.Helper()
		if err := task(t.Context()); !errors.Is(err, wantErr) || posts != wantPosts {
			t.Errorf("at %v: %d posts, %v; want %d, %v", now, posts, err, wantPosts, wantErr)
		}
	}
	run(0, nil)                                        // the first start tells of no week before
	now = time.Date(2026, 3, 9, 5, 59, 0, 0, time.UTC) // Monday, 06:59 in Berlin
	run(0, nil)
	now = now.Add(time.Minute)
	run(1, fail)
	fail = nil
	run(2, nil)
	run(2, nil)
	now = now.AddDate(0, 0, 20) // three weeks later
	run(3, nil)
}
