package mailbox

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/replywell/replywell/shared/store"
)

// testFiles is a data folder without durability.
type testFiles string

func (f testFiles) Path(parts ...string) string {
	return filepath.Join(append([]string{string(f)}, parts...)...)
}

func (f testFiles) Write(data []byte, parts ...string) error {
	at := f.Path(parts...)
	return errors.Join(os.MkdirAll(filepath.Dir(at), 0o700), os.WriteFile(at, data, 0o600))
}

func TestMailboxNamesProperty(t *testing.T) {
	m := New(testFiles(t.TempDir()))
	seen := map[string]bool{}
	rapid.Check(t, func(t *rapid.T) {
		address := strings.ToLower(rapid.StringMatching(`[a-z.+/%_äß -]{1,20}@[a-z.]{1,10}`).Draw(t, "address"))
		if err := m.Put(address, Inbox, "id1", []byte("Subject: x\r\n\r\nhi")); err != nil {
			t.Fatal(err)
		}
		seen[address] = true
		if dir := dirName(address); !filepath.IsLocal(dir) || strings.Contains(dir, "/") {
			t.Fatalf("%q becomes %q", address, dir)
		}
	})
	addresses, err := m.Addresses()
	if err != nil || len(addresses) != len(seen) {
		t.Errorf("%d of %d addresses, %v", len(addresses), len(seen), err)
	}
	for _, a := range addresses {
		if !seen[a] {
			t.Errorf("%q was none", a)
		}
	}
}

func TestMailboxTakesAMailOnce(t *testing.T) {
	m := New(testFiles(t.TempDir()))
	for _, text := range []string{"first", "second"} {
		if err := m.Put("A@x.example", Inbox, "id1", []byte("From: =?utf-8?q?J=C3=B6rg?= <j@x.example>\r\nSubject: =?utf-8?q?=C3=9Cber?=\r\n\r\n"+text)); err != nil {
			t.Fatal(err)
		}
	}
	list, _, err := m.List("a@x.example", 0, 100)
	if err != nil || len(list) != 1 || list[0].Subject != "Über" || list[0].From != "Jörg" {
		t.Fatalf("%+v, %v", list, err)
	}
	if raw, err := m.Read("a@x.example", Inbox, "id1"); err != nil || !bytes.HasSuffix(raw, []byte("first")) {
		t.Errorf("%q, %v", raw, err)
	}
	for _, id := range []string{"../../../keys", "id2", "", "a/b"} {
		if _, err := m.Read("a@x.example", Inbox, id); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("id %q: %v", id, err)
		}
	}
	if n, unread := m.Count("a@x.example"); n != 1 || unread != 1 {
		t.Errorf("count %d, %d", n, unread)
	}
}
