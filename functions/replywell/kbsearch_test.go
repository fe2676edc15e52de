package main

import (
	"bytes"
	"crypto/rand"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"github.com/replywell/replywell/shared/config"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/index"
	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/kb/encoders"
	"github.com/replywell/replywell/shared/local"
	"github.com/replywell/replywell/shared/store"
)

var searchDay = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// shop is a folder with articles of each kind.
func shop(t *testing.T) string {
	dir := t.TempDir()
	file(t, dir, "return.md",
		"# Sending a lamp back\n\nYou can return anything within 30 days. Use the return label.\n")
	file(t, dir, "late.md",
		"# Where is my parcel?\n\nThe tracking number is in the mail that told you it was shipped.\n")
	file(t, dir, "team.md",
		"---\ntitle: Lost keys of the warehouse\naudience: internal\n---\nThe spare keys of the warehouse hang in "+
			"the office.\n")
	file(t, dir, "strike.md",
		"---\ntitle: The courier is on strike\nvalid_until: 2026-04-30\n---\nThe courier is on strike, and every "+
			"courier parcel waits for the strike to end.\n")
	return dir
}

func TestKBSearchSaysWhatAMailWouldShow(t *testing.T) {
	dir := shop(t)
	search := func(c kbSearchCmd, words ...string) (string, error) {
		t.Helper()
		var out, told bytes.Buffer
		c.Words = words
		err := c.run(t.Context(), &out, &told, searchDay)
		return out.String() + told.String(), err
	}
	contain := func(got string, want ...string) {
		t.Helper()
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("want %q in\n%s", w, got)
			}
		}
	}
	articles, err := readArticles(dir)
	if err != nil {
		t.Fatal(err)
	}
	x := kb.Build(articles, nil, encoders.Model()).AsOf(kb.Day(searchDay))
	for _, words := range []string{"where is my parcel", "the courier is on strike", "lost keys of the warehouse",
		"when do you open on Sunday", "asdf qwer"} {
		got, err := search(kbSearchCmd{KB: dir, Top: 4}, strings.Fields(words)...)
		if err != nil {
			t.Fatal(err)
		}
		shown := x.Suggest("", words, inMail)
		if n := strings.Count(got, "In a mail it would be shown."); n != len(shown) {
			t.Errorf("%q: %d are said to be shown, and %d are\n%s", words, n, len(shown), got)
		}
		if nothing := strings.Contains(got, "In a mail no article would be shown"); nothing != (len(shown) == 0) {
			t.Errorf("%q: %d would be shown\n%s", words, len(shown), got)
		}
	}
	got, err := search(kbSearchCmd{KB: dir, Top: 1}, "where", "is", "my", "parcel?")
	if err != nil {
		t.Fatal(err)
	}
	contain(got, "1. Where is my parcel? (", " %)  late\n   In a mail it would be shown.\n   | The tracking number is",
		"Why: it has the word parcel")
	got, _ = search(kbSearchCmd{KB: dir, Top: 3}, "lost", "keys", "of", "the", "warehouse")
	contain(got, "1. Lost keys of the warehouse", "Internal: agents see it, and it is never sent.")
	got, _ = search(kbSearchCmd{KB: dir, Top: 3}, "the", "courier", "is", "on", "strike")
	contain(got, "-  The courier is on strike  strike\n   Left out: it was valid until 2026-04-30. Else it would be "+
		"number 1")
	if strings.Contains(got, "1. The courier") {
		t.Errorf("an article that is no longer valid is ranked\n%s", got)
	}
	history := file(t, t.TempDir(), "h.jsonl", strings.Repeat(
		`{"message":{"body":"DHL says delivered, nothing here"},"sent":["late"]}`+"\n", 3)+
		`{"message":{"body":"x"},"sent":["gone"]}`+"\n")
	got, err = search(kbSearchCmd{KB: dir, History: history, Top: 1}, "DHL", "says", "delivered,", "nothing", "here")
	if err != nil {
		t.Fatal(err)
	}
	contain(got, "1. Where is my parcel?", "it was sent for 3 of the 3 past mails",
		"1 of 4 lines names no article of this folder, and teaches nothing")

	both := shop(t)
	file(t, both, "articles.jsonl", `{"id":"x","title":"X"}`)
	for _, tc := range []struct {
		c    kbSearchCmd
		want string
	}{
		{kbSearchCmd{KB: dir, Top: 0}, "--top 0: give at least 1"},
		{kbSearchCmd{KB: t.TempDir(), Top: 3}, "there are no articles in "},
		{kbSearchCmd{KB: dir + "/none", Top: 3}, "there is no folder " + dir + "/none"},
		{kbSearchCmd{KB: both, Top: 3}, "articles.jsonl and in 4 files of Markdown (late.md)"},
		{kbSearchCmd{Data: t.TempDir(), Top: 3}, "is not a data folder of Replywell's"},
		{kbSearchCmd{Data: dataFolder(t), Top: 3}, "there is no index of articles in "},
		{kbSearchCmd{Data: dir + "/none", Top: 3}, "there is no data folder"},
		{kbSearchCmd{Data: dataFolder(t), History: history, Top: 3}, "what is published has its own"},
	} {
		if got, err := search(tc.c, "parcel"); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%+v: %v, want %q\n%s", tc.c, err, tc.want, got)
		}
	}
	for _, words := range [][]string{{""}, {" ", "?!"}, nil} {
		if got, err := search(kbSearchCmd{KB: dir, Top: 3}, words...); err == nil ||
			!strings.Contains(err.Error(), "there are no words to search for") || got != "" {
			t.Errorf("%q: %v\n%s", words, err, got)
		}
	}
	for name, err := range map[string]error{"show": (kbShowCmd{kbFolder: kbFolder{both}, Article: "late"}).Run(),
		"check": (kbCheckCmd{kbFolder: kbFolder{both}}).run(&bytes.Buffer{})} {
		if err == nil || !strings.Contains(err.Error(), "articles.jsonl") || !strings.Contains(err.Error(), "late.md") {
			t.Errorf("%s of a folder with both: %v", name, err)
		}
	}
	one := t.TempDir()
	file(t, one, "articles.jsonl", `{"id":"x","title":"X"}`)
	if err := (kbCheckCmd{kbFolder: kbFolder{one}}).run(&bytes.Buffer{}); err == nil ||
		!strings.Contains(err.Error(), "folder of Markdown files") {
		t.Errorf("check: %v", err)
	}
	if err := (kbCheckCmd{kbFolder: kbFolder{t.TempDir()}}).run(&bytes.Buffer{}); err == nil ||
		!strings.Contains(err.Error(), "there are no articles") {
		t.Errorf("check of an empty folder: %v", err)
	}
}

// What is published is searched as the system ranks it, while it runs.
func TestKBSearchOfWhatIsPublished(t *testing.T) {
	data := t.TempDir()
	now := func() time.Time { return searchDay }
	settings, err := config.Load("")
	if err != nil {
		t.Fatal(err)
	}
	system, err := local.Open(local.Options{SMTP: "127.0.0.1:0", HTTP: "127.0.0.1:0", Data: data, Now: now,
		Random: rand.Reader, Log: slog.Default(), Settings: settings})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = system.Close() }()
	files := map[string][]byte{}
	for _, name := range []string{"return.md", "late.md"} {
		if files[name], err = os.ReadFile(filepath.Join(shop(t), name)); err != nil {
			t.Fatal(err)
		}
	}
	publisher, err := local.NewPublisher(data)
	if err != nil {
		t.Fatal(err)
	}
	if err := publisher.Publish(t.Context(), article.Published{}, files); err != nil {
		t.Fatal(err)
	}
	keeper := &index.Keeper{Service: &index.Service{Bucket: system.Library(), Store: system.Store, Now: now},
		Fingerprint: system.Library().Fingerprint, Every: time.Hour}
	if err := keeper.Build(t.Context()); err != nil {
		t.Fatal(err)
	}
	search := func() string {
		t.Helper()
		var out bytes.Buffer
		if err := (kbSearchCmd{Data: data, Top: 2, Words: []string{"where is my parcel"}}).run(t.Context(), &out, &out,
			searchDay); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	before := search()
	if !strings.HasPrefix(before, "1. Where is my parcel? (") {
		t.Fatalf("%s", before)
	}
	for i := range 12 {
		id := desk.ConversationID(strings.Repeat("a", i+1))
		if err := system.Store.Commit(t.Context(), &store.Change{
			Events: []desk.Event{{ID: "e" + string(id), Kind: desk.EventAnswered, Conversation: id, Sequence: 2,
				Recorded:  searchDay,
				Reactions: []desk.Reaction{{Article: "late", Kind: desk.OtherSent, Confidence: 0.9}}}}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := keeper.Learn(t.Context()); err != nil {
		t.Fatal(err)
	}
	if after := search(); after == before {
		t.Errorf("twelve agents sent another article, and the search says as before\n%s", after)
	}
}

// --kb has a default, and is no choice of its own beside --data and --stack.
func TestKBSearchFlags(t *testing.T) {
	for args, ok := range map[string]bool{"parcel": true, "--data d parcel": true, "--stack s parcel": true,
		"--kb k parcel": true, "--kb k --data d parcel": false, "--stack s --data d parcel": false} {
		var c struct {
			Search kbSearchCmd `cmd:""`
		}
		parser, err := kong.New(&c, kong.Exit(func(int) {}))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parser.Parse(append([]string{"search"}, strings.Fields(args)...)); (err == nil) != ok {
			t.Errorf("%s: %v", args, err)
		}
	}
}
