package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// listed is a mail of a made-up mailing list, and the thread that it belongs to.
type listed struct {
	thread int
	raw    string
}

// list writes threads as lists have them: mails that never arrive, that arrive
// late, answers by programs that write In-Reply-To alone, References alone or a
// truncated list, words in In-Reply-To, one subject over many threads, ids that
// two mails share, and answers that refer to each other.
func list(r *rand.Rand, threads int) (mails []listed) {
	type posted struct {
		id   string
		refs []string
		when float64 // in hours
	}
	type at struct {
		listed
		when float64
	}
	var all []at
	subjects := []string{"Question", "Help", "[PATCH] Fix the build", "Release 1.0", "Meeting"}
	for n := range threads {
		start, size := r.Float64()*1000, 1+int(r.ExpFloat64()*6)
		var before []posted
		for i := range min(size, 60) {
			p := posted{id: fmt.Sprintf("%d.%d.%d@host%d.example", n, i, r.IntN(1e9), r.IntN(50))}
			from := fmt.Sprintf("Person %d <p%d@people.example>", r.IntN(80), r.IntN(80))
			subject := subjects[r.IntN(len(subjects))]
			if r.IntN(2) == 0 {
				subject = fmt.Sprintf("Topic %d", n)
			}
			var head strings.Builder
			p.when = start
			if i > 0 {
				parent := before[r.IntN(len(before))]
				p.when = parent.when + r.ExpFloat64()*5
				p.refs = append(slices.Clone(parent.refs), parent.id)
				if r.IntN(10) > 0 {
					subject = "Re: " + subject
				}
				switch k := r.IntN(100); {
				case k < 15:
					fmt.Fprintf(&head, "In-Reply-To: <%s>\r\n", parent.id)
				case k < 20:
					fmt.Fprintf(&head, "In-Reply-To: Message from %s of \"Mon, 2 Nov 1998\" <%s>\r\n", from, parent.id)
					fmt.Fprintf(&head, "References: <%s>\r\n", strings.Join(p.refs, "> <"))
				case k < 25: // a program that keeps the last few alone
					fmt.Fprintf(&head, "References: <%s>\r\n", strings.Join(p.refs[max(0, len(p.refs)-3):], ">\r\n <"))
				case k < 26: // a cycle: it refers to itself, too
					fmt.Fprintf(&head, "References: <%s> <%s>\r\nIn-Reply-To: <%s>\r\n", p.id, parent.id, p.id)
				default:
					fmt.Fprintf(&head, "In-Reply-To: <%s>\r\nReferences: <%s>\r\n", parent.id,
						strings.Join(p.refs, "> <"))
				}
			}
			before = append(before, p)
			when := p.when
			if r.IntN(100) < 4 {
				continue // never arrives
			}
			if r.IntN(100) < 3 {
				when += r.Float64() * 20 // late
			}
			id := p.id
			raw := fmt.Sprintf("From: %s\r\nTo: list@lists.example\r\nSubject: %s\r\nMessage-ID: <%s>\r\n%sDate: "+
				"%s\r\n\r\nText %d of %d.\r\nFrom here on.\r\n",
				from, subject, id, head.String(), time.Unix(9e8+int64(when*3600), 0).UTC().Format(time.RFC1123Z), i, n)
			all = append(all, at{listed{n, raw}, when})
		}
	}
	// A broken program's mails: one id, and nothing else in common.
	for n := range 5 {
		all = append(all, at{listed{threads + n, fmt.Sprintf(
			"From: robot@robots.example\r\nSubject: Alarm %d\r\nMessage-ID: <1@localhost>\r\n\r\nAlarm %d.\r\n", n, n)},
			float64(n * 100)})
	}
	// Answers to people, not to mails.
	for n := range 4 {
		all = append(all, at{listed{threads + 5 + n,
			fmt.Sprintf("From: x%d@people.example\r\nTo: list@lists.example\r\nSubject: Re: Thing %d\r\nMessage-ID: "+
				"<x%d@x.example>\r\nIn-Reply-To: Message from Joe <joe@people.example> of \"Mon\"\r\n\r\nNo.\r\n", n, n,
				n)}, float64(n * 90)})
	}
	slices.SortStableFunc(all, func(x, y at) int { return int((x.when - y.when) * 1e6) })
	for _, m := range all {
		mails = append(mails, m.listed)
	}
	return mails
}

// bcubed compares a partition with the truth (Bagga and Baldwin, 1998).
func bcubed(truth []int, got []string) (precision, recall float64) {
	in, of, both := map[string]float64{}, map[int]float64{}, map[string]float64{}
	for i, g := range got {
		in[g]++
		of[truth[i]]++
		both[fmt.Sprint(g, truth[i])]++
	}
	for i, g := range got {
		b := both[fmt.Sprint(g, truth[i])]
		precision += b / in[g]
		recall += b / of[truth[i]]
	}
	n := float64(len(got))
	return precision / n, recall / n
}

func threadAll(t interface{ Fatalf(string, ...any) }, cmd threadCmd) (out []threaded) {
	var stdout, stderr bytes.Buffer
	if err := cmd.run(context.Background(), &stdout, &stderr); err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	for d := json.NewDecoder(&stdout); ; {
		var line threaded
		if err := d.Decode(&line); err == io.EOF {
			return out
		} else if err != nil {
			t.Fatalf("%v", err)
		}
		out = append(out, line)
	}
}

func TestThreadsOfAMailingList(t *testing.T) {
	mails := list(rand.New(rand.NewPCG(4, 2)), 250)
	dir, box, truth := t.TempDir(), "", []int(nil)
	for i, m := range mails {
		write(t, filepath.Join(dir, fmt.Sprintf("%06d.eml", i)), m.raw)
		box += "From someone Mon Nov  2 09:00:00 1998\n" +
			strings.ReplaceAll(strings.ReplaceAll(m.raw, "\r\n", "\n"), "\nFrom here", "\n>From here") + "\n"
		truth = append(truth, m.thread)
	}
	begin := time.Now()
	lines := threadAll(t, threadCmd{Mails: dir, AnySender: true})
	took := time.Since(begin)
	if len(lines) != len(mails) {
		t.Fatalf("%d lines of %d mails", len(lines), len(mails))
	}
	var got []string
	for i, l := range lines {
		if l.File != fmt.Sprintf("%06d.eml", i) || l.Conversation == "" || len(l.Evidence) == 0 {
			t.Fatalf("line %d: %+v", i, l)
		}
		got = append(got, l.Conversation)
	}
	precision, recall := bcubed(truth, got)
	f1 := 2 * precision * recall / (precision + recall)
	t.Logf("%d mails in %v: precision %.4f, recall %.4f, F1 %.4f", len(mails), took.Round(time.Millisecond), precision,
		recall, f1)
	if precision < 1 || f1 < 0.99 {
		t.Errorf("precision %.4f, F1 %.4f", precision, f1)
	}
	file := filepath.Join(t.TempDir(), "list.mbox")
	write(t, file, box)
	for i, l := range threadAll(t, threadCmd{Mails: file, AnySender: true}) {
		if l.Conversation != got[i] || l.File != fmt.Sprintf("list.mbox#%d", i+1) {
			t.Fatalf("mail %d of the mbox: %+v; as a file it is in %s", i+1, l, got[i])
		}
	}
}

func write(t interface{ Fatalf(string, ...any) }, name, text string) {
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatalf("%v", err)
	}
}

// Threads whose mails name the thread's first arrive in any order, and are the
// same threads; and the same order gives the same answer to the letter.
func TestAnyOrderGivesTheSameThreads(t *testing.T) {
	parent := t.TempDir()
	rapid.Check(t, func(r *rapid.T) {
		var mails []listed
		for n := range rapid.IntRange(1, 3).Draw(r, "threads") {
			for i := range rapid.IntRange(1, 5).Draw(r, "mails") {
				head := ""
				if i > 0 {
					head = fmt.Sprintf("In-Reply-To: <%d.%d@a.example>\r\nReferences: <%d.0@a.example> "+
						"<%d.%d@a.example>\r\n", n, rapid.IntRange(0, i-1).Draw(r, "parent"), n, n, i-1)
				}
				mails = append(mails, listed{n, fmt.Sprintf(
					"From: p%d@a.example\r\nSubject: One\r\nMessage-ID: <%d.%d@a.example>\r\n%s\r\nText %d %d\r\n", i%3,
					n, i, head, n, i)})
			}
		}
		mails = rapid.Permutation(mails).Draw(r, "order")
		dir, err := os.MkdirTemp(parent, "")
		if err != nil {
			r.Fatalf("%v", err)
		}
		for i, m := range mails {
			write(r, filepath.Join(dir, fmt.Sprintf("%02d", i)), m.raw)
		}
		first, second := threadAll(r, threadCmd{Mails: dir, AnySender: true}),
			threadAll(r, threadCmd{Mails: dir, AnySender: true})
		conv := map[int]string{}
		for i, l := range first {
			if fmt.Sprint(l) != fmt.Sprint(second[i]) {
				r.Fatalf("%+v, and again %+v", l, second[i])
			}
			if before, ok := conv[mails[i].thread]; ok && before != l.Conversation {
				r.Fatalf("thread %d is in two conversations", mails[i].thread)
			}
			conv[mails[i].thread] = l.Conversation
		}
		seen := map[string]bool{}
		for _, c := range conv {
			if seen[c] {
				r.Fatalf("two threads are in %s", c)
			}
			seen[c] = true
		}
	})
}

func TestThreadGoesOnAfterWhatItCannotRead(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "1"), "")
	write(t, filepath.Join(dir, "2"), "\x00\xff\x00 no mail at all")
	write(t, filepath.Join(dir, "3"), "From: a@b.example\r\nMessage-ID: <a@b.example>\r\n\r\nHello\r\n")
	if err := os.Symlink(filepath.Join(dir, "away"), filepath.Join(dir, "2a")); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	err := threadCmd{Mails: dir}.run(context.Background(), &out, &errs)
	if err == nil || !strings.Contains(err.Error(), "1 of the mails") || !strings.HasPrefix(errs.String(), "2a: ") ||
		strings.Count(out.String(), "\n") != 4 {
		t.Errorf("%v\n%s%s", err, errs.String(), out.String())
	}
	for _, missing := range []string{filepath.Join(dir, "nothing"), t.TempDir()} {
		if err := (threadCmd{Mails: missing}).run(context.Background(), io.Discard, io.Discard); err == nil {
			t.Errorf("%s: no error", missing)
		}
	}
}

// prose are forms of In-Reply-To that programs wrote before, and beside, the
// standard's. %[1]s is the id, %[2]s the author's address, %[3]s the date. Those with
// "no id" answer a person, and name no mail.
var prose = []struct {
	form string
	no   bool // id
}{
	{"<%[1]s>", false}, {"Message from %[2]s of \"%[3]s.\" <%[1]s>", false},
	{"Your message of \"%[3]s\" <%[1]s>", false}, {"%[2]s's message of \"%[3]s\" <%[1]s>", false},
	{"<%[1]s> (message from Some One on %[3]s)", false}, {"<%[1]s>; from \"Some One\" at %[3]s", false},
	{"\"Some One\"'s message of %[3]s <%[1]s>", false},
	{"<%[1]s> from Some One at \"%[3]s\"", false}, {"%[1]s", false}, {"(Your message of %[3]s) <%[1]s>", false},
	{"[%[2]s, %[3]s] <%[1]s>", false}, {"Your message <%[1]s>", false},
	{"%[2]s's message of \"%[3]s\"", true}, {"Your message of \"%[3]s\"", true},
	{"Message from %[2]s of \"%[3]s.\"", true}, {"Message from Some One <%[2]s> of \"%[3]s.\"", true},
	{"Mail from '%[2]s' dated: %[3]s", true}, {"%[2]s", true}, {"<%[2]s>", true}, {"your mail", true},
	{"Some One <%[2]s> %[3]s", true}, {"from \"Some One\" at %[3]s", true},
}

// wordy writes threads that share words, with all forms of In-Reply-To, and with
// ids that are folded, broken and encoded. Everybody answers the same few people.
func wordy(r *rand.Rand, threads int) (mails []listed, named int) {
	long := func(n, i int) string {
		return fmt.Sprintf("0102019b1c2d%04x-12345678-%04d-1234-1234-%012d-000000@eu-west-1.amazonses.com", n, i,
			r.IntN(1e9))
	}
	for n := range threads {
		var ids []string
		for i := range 1 + r.IntN(6) {
			id := fmt.Sprintf("%d.AA%05d@host%d.example", 19970000+n, r.IntN(1e5), r.IntN(5))
			if r.IntN(3) == 0 {
				id = long(n, i)
			}
			head, thread := "", n
			if i > 0 {
				parent := ids[r.IntN(len(ids))]
				p := prose[r.IntN(len(prose))]
				field := fmt.Sprintf(p.form, parent, fmt.Sprintf("p%s@people.example",
					[]string{"a", "b", "c"}[r.IntN(3)]), "Tue, 27 Aug 1996 10:00:00 +0200")
				switch {
				case p.no:
					thread = threads + len(mails) // answers a person: nothing tells which mail
				case r.IntN(4) == 0: // as Python folds what is long
					enc := fmt.Sprintf("=?utf-8?q?=3C%s?=\r\n =?utf-8?q?%s=3E?=",
						strings.ReplaceAll(parent[:20], "@", "=40"),
						strings.NewReplacer("@", "=40", ".", "=2E").Replace(parent[20:]))
					field = enc
					named++
				case r.IntN(4) == 0 && strings.Contains(field, "<"): // folded inside the brackets
					field = strings.Replace(field, "<"+parent[:12], "<"+parent[:12]+"\r\n ", 1)
					named++
				default:
					named++
				}
				head = "In-Reply-To: " + field + "\r\n"
			}
			if thread == n {
				ids = append(ids, id)
			}
			subject := []string{"Question about the build", "Re: Question about the build", "The build",
				"Re: build"}[r.IntN(4)]
			mails = append(mails, listed{thread, fmt.Sprintf(
				"From: Some One <p%s@people.example>\r\nTo: list@lists.example\r\nSubject: %s\r\nMessage-ID: <%s>\r\n"+
					"%sDate: %s\r\n\r\nI looked at the build, see https://host1.example/%d and pa@people.example.\r\n",
				[]string{"a", "b", "c"}[r.IntN(3)], subject, id, head,
				time.Unix(9e8+int64(n*3600+i), 0).UTC().Format(time.RFC1123Z), n%7)})
		}
	}
	return mails, named
}

func TestProseAndBrokenIDsOfAMailingList(t *testing.T) {
	mails, named := wordy(rand.New(rand.NewPCG(7, 11)), 400)
	dir, truth := t.TempDir(), []int(nil)
	for i, m := range mails {
		write(t, filepath.Join(dir, fmt.Sprintf("%06d.eml", i)), m.raw)
		truth = append(truth, m.thread)
	}
	var got []string
	for i, l := range threadAll(t, threadCmd{Mails: dir, AnySender: true}) {
		if l.Conversation == "" {
			t.Fatalf("%+v of\n%s", l, mails[i].raw)
		}
		got = append(got, l.Conversation)
	}
	precision, recall := bcubed(truth, got)
	t.Logf("%d mails, %d of which name a mail: precision %.4f, recall %.4f", len(mails), named, precision, recall)
	if precision < 0.999 || recall < 0.98 {
		first := map[string]int{}
		for i, g := range got {
			if k, ok := first[g]; ok && truth[k] != truth[i] {
				t.Errorf("together:\n%s\n%s", mails[k].raw, mails[i].raw)
				break
			}
			first[g] = i
		}
		t.Errorf("precision %.4f, recall %.4f", precision, recall)
	}
}

// What belongs to no conversation is told, and is no error.
func TestThreadTellsWhatBecameOfReports(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "1"),
		"From: a@b.example\r\nMessage-ID: <a@b.example>\r\nSubject: Hello\r\n\r\nHello\r\n")
	write(t, filepath.Join(dir, "2"),
		"From: MAILER-DAEMON@mx.example\r\nMessage-ID: <b@mx.example>\r\nSubject: Undelivered Mail Returned to "+
			"Sender\r\nReturn-Path: <>\r\n\r\nYour message could not be delivered.\r\n\r\n<x@y.example>: host mx "+
			"said: 550 5.1.1 User unknown\r\n")
	write(t, filepath.Join(dir, "3"),
		"From: App <app@service.example>\r\nMessage-ID: <c@service.example>\r\nAuto-Submitted: auto-generated\r\n"+
			"Subject: Confirm\r\n\r\nYour confirmation code is 482-193.\r\n")
	write(t, filepath.Join(dir, "4"), "From: c@b.example\r\nMessage-ID: <d@b.example>\r\nSubject: More\r\n\r\nMore\r\n")
	var out, errs bytes.Buffer
	if err := (threadCmd{Mails: dir}).run(context.Background(), &out, &errs); err != nil {
		t.Fatal(err, errs.String())
	}
	var lines []threaded
	for d := json.NewDecoder(&out); d.More(); {
		var l threaded
		if err := d.Decode(&l); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, l)
	}
	if len(lines) != 4 || lines[0].Conversation == "" || lines[3].Conversation == "" {
		t.Fatalf("%+v", lines)
	}
	for _, l := range lines[1:3] {
		if l.Conversation != "" || len(l.Evidence) != 1 || l.Evidence[0].Rule != "held" || l.Evidence[0].Detail == "" {
			t.Errorf("%+v", l)
		}
	}
	if !strings.Contains(errs.String(), "2 of the mails belong to no conversation: held") ||
		strings.Contains(errs.String(), "could not be read") {
		t.Errorf("told:\n%s", errs.String())
	}
}
