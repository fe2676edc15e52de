package mailbox

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

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
		if err := m.Put("A@x.example", Inbox, "id1",
			[]byte("From: =?utf-8?q?J=C3=B6rg?= <j@x.example>\r\nSubject: =?utf-8?q?=C3=9Cber?=\r\n\r\n"+
				text)); err != nil {
			t.Fatal(err)
		}
	}
	list, err := m.List("a@x.example", 100)
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

// put places a mail that came so many minutes after noon.
func put(t *testing.T, m *Boxes, minute int, folder, id, header, text string) {
	t.Helper()
	if err := m.Put("erika@customers.example", folder, id,
		[]byte("From: Shop <support@shop.example>\r\nTo: Erika <erika@customers.example>\r\n"+header+"\r\n\r\n"+text+
			"\r\n")); err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 2, 12, minute, 0, 0, time.UTC)
	if err := os.Chtimes(m.path("erika@customers.example", folder, id), at, at); err != nil {
		t.Fatal(err)
	}
}

func TestThreadsAreGroupedByHeaderAndSubject(t *testing.T) {
	m := New(testFiles(t.TempDir()))
	put(t, m, 1, Sent, "a1", "Subject: My lamp\r\nMessage-ID: <a1@x>", "It flickers.")
	put(t, m, 2, Inbox, "a2", "Subject: RE: My lamp\r\nMessage-ID: <a2@x>\r\nIn-Reply-To: <a1@x>", "Try a bulb.")
	put(t, m, 3, Inbox, "b1", "Subject: My lamp\r\nMessage-ID: <b1@x>", "The same subject, and another conversation.")
	put(t, m, 4, Inbox, "c1", "Subject: Your order\r\nMessage-ID: <c1@x>\r\nReferences: <a1@x> <a2@x>",
		"The same conversation, and another subject.")
	put(t, m, 5, Sent, "d2", "Subject: AW: Early\r\nMessage-ID: <d2@x>\r\nReferences: <d1@x>",
		"The answer comes first,")
	put(t, m, 6, Inbox, "d1", "Subject: Early\r\nMessage-ID: <d1@x>", "then what it answers.")
	put(t, m, 7, Sent, "a3", "Subject: Re: My lamp\r\nMessage-ID: <a3@x>\r\nReferences: <a1@x> <a2@x>", "It helped.")
	put(t, m, 8, Inbox, "e1", "Subject:\r\nMessage-ID: <e1@x>", "no subject")
	put(t, m, 9, Inbox, "f1", "Subject: no id", "no id")
	threads, full, err := m.Threads("Erika@customers.example", "")
	if err != nil || full {
		t.Fatal(err, full)
	}
	var got []string
	for _, th := range threads {
		line := th.People + "|" + th.Subject + "|"
		for _, h := range th.Mails {
			line += h.ID + " "
		}
		got = append(got, strings.TrimSpace(line))
	}
	want := []string{"Shop|no id|f1", "Shop||e1", "me, Shop|My lamp|a1 a2 a3", "me, Shop|AW: Early|d2 d1",
		"Shop|Your order|c1", "Shop|My lamp|b1"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("grouped so:\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for query, want := range map[string]string{"bulb": "a1", "BULB flickers": "", "subject:order": "c1",
		"subject: order": "c1", "from:shop lamp": "a1 b1", "from:support@shop.example conversation": "c1 b1",
		`"same subject"`: "b1", "to:erika order": "c1", "from:nobody": "", "flickers from:": "a1",
		"  ": "f1 e1 a1 d2 c1 b1"} {
		threads, _, err := m.Threads("erika@customers.example", query)
		var got []string
		for _, th := range threads {
			got = append(got, th.Mails[0].ID)
		}
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%q finds %q, want %q (%v)", query, strings.Join(got, " "), want, err)
		}
	}
}

// What is remembered of mails is bounded, whatever stands in them.
func TestMemoryIsBounded(t *testing.T) {
	m := New(testFiles(t.TempDir()))
	var refs strings.Builder
	for i := range 700 {
		fmt.Fprintf(&refs, " <%s%d@x>", strings.Repeat("r", 60), i)
	}
	long := strings.Repeat("long words ", 4000)
	put(t, m, 1, Inbox, "m0", "Subject: "+long+"\r\nMessage-ID: <"+strings.Repeat("i", 5000)+"@x>\r\nReferences:"+
		refs.String(), long)
	h, err := m.head("erika@customers.example", Head{Folder: Inbox, ID: "m0"}, true)
	if err != nil {
		t.Fatal(err)
	}
	size := len(h.Subject) + len(h.From) + len(h.To) + len(h.Snippet) + len(h.base) + len(h.message) + len(h.author) +
		len(h.words)
	for _, s := range append(h.answers, h.recipients...) {
		size += len(s)
	}
	if size > 12<<10 || size < 1000 {
		t.Errorf("%d bytes are remembered of one mail", size)
	}
	t.Logf("at most %d bytes of a mail, of at most %d mails: %d MB", size, maxHeads, size*maxHeads>>20)
	for i := range maxHeads + 10 {
		m.heads[fmt.Sprint(i)] = h
	}
	put(t, m, 2, Inbox, "m1", "Subject: x", "x")
	if _, err := m.head("erika@customers.example", Head{Folder: Inbox, ID: "m1"}, false); err != nil ||
		len(m.heads) > maxHeads {
		t.Errorf("%d are remembered, %v", len(m.heads), err)
	}
}

func TestWatchedMailboxesAreTheDesksMail(t *testing.T) {
	f := testFiles(t.TempDir())
	write := func(raw string, at ...string) {
		t.Helper()
		if err := f.Write([]byte(raw), append([]string{"blobs"}, at...)...); err != nil {
			t.Fatal(err)
		}
	}
	write("Return-Path: <e@c.example>\r\nReceived: x\r\nFrom: Erika <E@c.example>\r\nSubject: Lamp\r\nMessage-ID: "+
		"<1@c>\r\n\r\nhi\r\n", "mail", "2026", "03", "02", "20260302T100000-000-aa.eml")
	write("From: Shop <s@shop.example>\r\nTo: Erika <e@c.example>\r\nSubject: Re: Lamp\r\nMessage-ID: <2@s>\r\n"+
		"In-Reply-To: <1@c>\r\n\r\nhello\r\n", "out", "abc-0102")
	write("From: nobody\r\n\r\nx", "mail", "2026", "03", "02", "20260302T100001-000-bb.eml")
	m := Watched(f)
	addresses, err := m.Addresses()
	if err != nil || len(addresses) != 1 || addresses[0] != "e@c.example" {
		t.Fatal(addresses, err)
	}
	threads, _, err := m.Threads("e@C.example", "")
	if err != nil || len(threads) != 1 || len(threads[0].Mails) != 2 || threads[0].Unread != 0 {
		t.Fatalf("%+v, %v", threads, err)
	}
	for _, h := range threads[0].Mails {
		if raw, err := m.Read("e@c.example", h.Folder, h.ID); err != nil || len(raw) == 0 {
			t.Errorf("%s: %v", h.ID, err)
		}
		if _, err := m.Read("x@c.example", h.Folder, h.ID); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("somebody else's mailbox has it too: %v", err)
		}
	}
	if all, unread := m.Count("e@c.example"); all != 2 || unread != 0 {
		t.Errorf("%d, %d", all, unread)
	}
	if err := m.Open("e@c.example", "abc-0102"); err != nil || len(dirOf(t, f, "mailboxes")) != 0 {
		t.Error("a window wrote something", err)
	}
}

func dirOf(t *testing.T, f Files, parts ...string) []os.DirEntry {
	t.Helper()
	list, err := os.ReadDir(f.Path(parts...))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return list
}

func FuzzThreads(f *testing.F) {
	f.Add("Subject: Re: x\r\nReferences: <a@b>\r\n\r\nhi", "Subject: x\r\nMessage-ID: <a@b>\r\n\r\nhi", "from:x y")
	f.Add("Subject: =?utf-8?q?=FF?=\r\nFrom: <\r\n", "", "\"")
	f.Fuzz(func(t *testing.T, a, b, query string) {
		m := New(testFiles(t.TempDir()))
		for i, raw := range []string{a, b} {
			if err := m.Put("e@c.example", Inbox, fmt.Sprint("m", i), []byte(raw)); err != nil {
				t.Fatal(err)
			}
		}
		all, _, err := m.Threads("e@c.example", "")
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, th := range all {
			n += len(th.Mails)
		}
		if n != 2 {
			t.Fatalf("%d of 2 mails are in threads", n)
		}
		if err := m.Texts("e@c.example", all); err != nil {
			t.Fatal(err)
		}
		if some, _, err := m.Threads("e@c.example", query); err != nil || len(some) > len(all) {
			t.Fatal(len(some), err)
		}
	})
}

// Whoever opens a mailbox first waits for no file: what lay there at the start is
// known, and what comes is known as it comes. More than is remembered is not read.
func TestAFirstVisitReadsNoFile(t *testing.T) {
	files := testFiles(t.TempDir())
	put := func(m *Boxes, address, id string) {
		t.Helper()
		if err := m.Put(address, Inbox, id, []byte("From: Shop <s@shop.example>\r\nSubject: Lamp "+id+
			"\r\n\r\nWords of "+id+"\r\n")); err != nil {
			t.Fatal(err)
		}
	}
	old := New(files)
	for i := range 60 {
		put(old, "erika@customers.example", fmt.Sprint("m", i))
	}
	m := New(files)
	m.Warm(t.Context())
	put(m, "erika@customers.example", "new")
	mails, _ := filepath.Glob(files.Path("mailboxes", "*", Inbox, "*.eml"))
	for _, path := range mails {
		info, err := os.Stat(path)
		if err := errors.Join(err, os.Truncate(path, 0), os.Chtimes(path, time.Time{}, info.ModTime())); err != nil {
			t.Fatal(err)
		}
	}
	threads, _, err := m.Threads("erika@customers.example", "")
	if err != nil || len(threads) != 61 || len(mails) != 61 {
		t.Fatalf("%d threads of %d mails, %v", len(threads), len(mails), err)
	}
	texts := 0
	for _, thread := range threads {
		if h := thread.Last(); h.Subject != "Lamp "+h.ID || h.From != "Shop" {
			t.Errorf("%s was not known: %q from %q", h.ID, h.Subject, h.From)
		} else if h.Snippet == "Words of "+h.ID {
			texts++
		}
	}
	if texts != firstPage {
		t.Errorf("the texts of %d mails were known", texts)
	}
	for i := range maxHeads / Newest {
		for n := range Newest {
			put(old, fmt.Sprintf("c%d@customers.example", i), fmt.Sprint("m", n))
		}
	}
	again := New(files)
	again.Warm(t.Context())
	if n := len(again.heads); n < maxHeads/2 || n >= maxHeads {
		t.Errorf("%d heads are remembered", n)
	}
}
