package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/replywell/replywell/shared/archive"
	"github.com/replywell/replywell/shared/cloud"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/earlier"
	"github.com/replywell/replywell/shared/index"
	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/local"
	"github.com/replywell/replywell/shared/store"
)

type importCmd struct {
	Source       string   `arg:"" help:"An mbox, a Maildir, a folder of .eml files, or a help desk's export as .json or .csv; a folder of several of them is read whole."`
	Data         string   `xor:"where" placeholder:"DIR" help:"Import into the data folder of replywell local, which may be running."`
	Stack        string   `xor:"where" placeholder:"STACK" help:"Import into this deployed stack."`
	DryRun       bool     `help:"Show what would be learnt, and write nothing there."`
	Ours         []string `placeholder:"ADDRESS" help:"An address that is the team's, or a whole @domain, also of those who left; repeat it for more. Without it they are found: who answers is the team."`
	Label        []string `sep:"none" placeholder:"LABEL" help:"Of a mailbox from Google Takeout, take only mails with this label; repeat it for more."`
	WithoutLabel []string `sep:"none" default:"Spam,Trash,Drafts" placeholder:"LABEL" help:"Leave out mails with this label (default: Spam, Trash and Drafts); repeat it for more."`
	Drafts       string   `placeholder:"DIR" help:"Write a draft article into this folder for each topic that was answered again and again without one."`
	Forget       bool     `help:"Take what is in the source out again, instead of taking it in."`
	Journal      string   `placeholder:"FILE" help:"Keep what was read here until all is read (default: beside the source)."`
}

// Help is what "replywell import --help" prints below the flags.
func (importCmd) Help() string {
	return `It pairs what customers asked with what was answered, and has the knowledge base learn from it: which article each
answer stands for, and what is answered by hand. It is silent: nobody gets a mail, nothing is sent, and the figures do
not count it. Personal data is taken out first. Begin with --dry-run, and look whose mail is taken for the team's.
It can be ended at any time and goes on when it is called again; what was taken in before is known again.
A customer who answers an old mail later finds the conversation of before again, and agents see what was said.
docs/import.md says what is read of which help desk.`
}

// home is where an import goes.
type home struct {
	publisher
	bucket index.Bucket
	mail   store.Files // where raw mail is kept, and with it what customers may answer
}

// Run imports.
func (c importCmd) Run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	h, err := c.home(ctx)
	if err != nil {
		return err
	}
	return c.run(ctx, h, os.Stdout, os.Stderr, time.Now)
}

func (c importCmd) home(ctx context.Context) (home, error) {
	switch {
	case c.Data != "":
		publisher, err := local.NewPublisher(c.Data)
		return home{publisher, publisher.Library(), publisher.Library()}, err
	case c.Stack != "":
		aws, err := cloud.Connect(ctx)
		if err != nil {
			return home{}, err
		}
		bucket, err := cloud.Stack(ctx, aws, c.Stack, "ConfigBucket")
		if err != nil {
			return home{}, err
		}
		mail, err := cloud.Stack(ctx, aws, c.Stack, "MailBucket")
		if err != nil {
			return home{}, err
		}
		l := cloud.NewLibrary(aws, bucket)
		return home{l, l, cloud.NewLibrary(aws, mail)}, nil
	case c.DryRun:
		return home{}, nil
	}
	return home{}, errors.New("say where to import to, with --data DIR or --stack STACK; or say --dry-run to see what would be learnt")
}

func (c importCmd) run(ctx context.Context, to home, out, told io.Writer, now func() time.Time) error {
	if c.Forget && c.DryRun {
		return errors.New("--forget and --dry-run do not go together")
	}
	if err := c.checkOurs(); err != nil {
		return err
	}
	var articles []article.Article
	if to.publisher != nil {
		p, err := to.Published(ctx)
		if err != nil && !errors.Is(err, article.ErrUnreadable) {
			return err
		}
		articles, _ = article.ParseGood(p.Files) // what is wrong with the others is told by kb check
	}
	journal := cmp.Or(c.Journal, archive.JournalOf(c.Source))
	read, kind, err := archive.Collect(ctx, c.Source, journal, c.progress(told, now))
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("ended after %s; call it again, and it goes on from there. What was read until then is in %s; delete that if you do not go on",
			counted(len(read.Letters), "letter"), journal)
	}
	if err != nil {
		return err
	}
	for i, bad := range read.Bad {
		if i == 10 {
			fmt.Fprintf(told, "… and %d more\n", len(read.Bad)-i)
			break
		}
		fmt.Fprintln(told, article.Printable(bad))
	}
	found := archive.Read(read.Letters, archive.Wanted{Ours: c.Ours, Labels: c.Label, Without: c.without()})
	tellFound(out, c.Source, kind, found, len(read.Bad))
	if len(found.Exchanges) == 0 {
		return errors.Join(errors.New("no question with an answer was found; see above why, and whose mail is taken for yours (--ours)"), os.Remove(journal))
	}
	if err := c.finish(ctx, to, articles, found, out, now()); err != nil {
		return err
	}
	if err := os.Remove(journal); err != nil {
		return fmt.Errorf("all is done, but what was read could not be cleared away: %w", err)
	}
	return nil
}

func (c importCmd) checkOurs() error {
	for _, o := range c.Ours {
		if i := strings.Index(o, "@"); i < 0 || i == len(o)-1 || strings.ContainsAny(o, " <>") {
			return fmt.Errorf("--ours %s: give an address (anna@example.com) or a whole domain (@example.com)", o)
		}
	}
	return nil
}

// without are the labels that leave a mail out. A label that is asked for is not among them.
func (c importCmd) without() (out []string) {
	for _, l := range c.WithoutLabel {
		for part := range strings.SplitSeq(l, ",") {
			out = append(out, strings.TrimSpace(part))
		}
	}
	return out
}

// finish shows, takes in, or takes out.
func (c importCmd) finish(ctx context.Context, to home, articles []article.Article, found *archive.Found, out io.Writer, now time.Time) error {
	pairs := make([]index.Pair, len(found.Exchanges))
	for i, e := range found.Exchanges {
		pairs[i] = index.Pair{ID: e.ID, Answered: e.When, Subject: e.Subject, Asked: e.Asked, Told: e.Told, Names: e.Names}
	}
	if c.Forget {
		ids := make([]string, len(pairs))
		for i, p := range pairs {
			ids[i] = p.ID
		}
		var mails []string
		for _, t := range found.Threads {
			mails = append(mails, t.IDs...)
		}
		forgotten, err := earlier.Forget(ctx, to.mail, mails)
		if err != nil {
			return err
		}
		t, err := index.Forget(ctx, to.bucket, now, ids, false)
		if err == nil {
			fmt.Fprintf(out, "Taken out: %s; %s. What was learnt from them is gone with the next build, within minutes.\n", counted(t.Removed, "pair"), stay(t.All))
			fmt.Fprintf(out, "%s can no longer be found by an answer. What a customer has gone on with since is a conversation of the desk's, and stays.\n", counted(forgotten, "conversation"))
		}
		return err
	}
	samples := 0
	if c.DryRun {
		samples = 3
	}
	if c.DryRun || c.Drafts != "" {
		w := index.Preview(articles, now, pairs, samples)
		tellWould(out, w, len(articles))
		if err := c.draft(out, w.Topics); err != nil {
			return err
		}
	}
	if c.DryRun {
		fmt.Fprintln(out, "\nThis was a dry run: nothing was imported.")
		return nil
	}
	t, err := index.Import(ctx, to.bucket, now, pairs)
	if err != nil {
		return err
	}
	kept, err := earlier.Keep(ctx, to.mail, now, conversations(found.Threads))
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\nImported: %s", counted(t.New, "new pair"))
	if t.Known > 0 {
		fmt.Fprintf(out, "; %d had been imported before", t.Known)
	}
	if t.Empty > 0 {
		fmt.Fprintf(out, "; of %d nothing was left without personal data", t.Empty)
	}
	if t.Dropped > 0 {
		fmt.Fprintf(out, "; the oldest %d were left out, because no more are kept", t.Dropped)
	}
	fmt.Fprintf(out, ". %s.\n", stay(t.All))
	fmt.Fprintf(out, "%s can be found again when the customer answers an old mail", counted(kept.New, "new conversation"))
	if kept.Known > 0 {
		fmt.Fprintf(out, "; %d could be before", kept.Known)
	}
	fmt.Fprintln(out, ".")
	if t.New > 0 {
		fmt.Fprintln(out, "The knowledge base learns from them within minutes, or at the next start.")
	}
	return nil
}

// conversations are threads as they are kept until a customer answers.
func conversations(threads []archive.Thread) []earlier.Conversation {
	out := make([]earlier.Conversation, len(threads))
	for i, t := range threads {
		c := earlier.Conversation{Customer: desk.Person{Name: t.Name, Address: t.Customer}, IDs: t.IDs}
		for _, l := range t.Letters {
			c.Letters = append(c.Letters, earlier.Letter{ID: l.ID, Team: l.Side == archive.Team, From: desk.Person{Name: l.Name, Address: l.From},
				At: l.When, Subject: l.Subject, Text: l.Text, TextCut: len(l.Text) >= archive.MaxText})
		}
		out[i] = c
	}
	return out
}

func stay(n int) string { return fmt.Sprintf("%s in all are kept now", counted(n, "pair")) }

// draft writes the drafts, and never over a file.
func (c importCmd) draft(out io.Writer, topics []kb.Topic) error {
	if c.Drafts == "" || len(topics) == 0 {
		return nil
	}
	if err := os.MkdirAll(c.Drafts, 0o755); err != nil {
		return fmt.Errorf("cannot make the folder for drafts: %w", err)
	}
	written := 0
	for i, g := range topics {
		name := filepath.Join(c.Drafts, fmt.Sprintf("draft-%03d.md", i+1))
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if errors.Is(err, os.ErrExist) {
			fmt.Fprintf(out, "%s is there already, and stays.\n", name)
			continue
		}
		if err != nil {
			return fmt.Errorf("cannot write a draft: %w", err)
		}
		_, err = io.WriteString(f, g.Article)
		if err := errors.Join(err, f.Close()); err != nil {
			return fmt.Errorf("cannot write a draft: %w", err)
		}
		written++
	}
	fmt.Fprintf(out, "%s in %s: read each before you publish it; a program does not find every name.\n", counted(written, "draft"), c.Drafts)
	return nil
}

// tellEvery is how often progress is told.
const tellEvery = 3 * time.Second

// progress tells how far it is, and how long the rest will take at the speed so far.
func (c importCmd) progress(told io.Writer, now func() time.Time) func(int, float64) {
	start := now()
	last, from := start, -1.0
	return func(letters int, done float64) {
		t := now()
		if from < 0 {
			from = done // what an earlier call had read took no time of this one
		}
		if t.Sub(last) < tellEvery {
			return
		}
		last = t
		left := ""
		if done > from {
			rest := time.Duration(float64(t.Sub(start)) / (done - from) * (1 - done)).Round(time.Second)
			left = fmt.Sprintf(", about %v left", rest)
		}
		fmt.Fprintf(told, "Read %s, %.0f %%%s\n", counted(letters, "letter"), 100*done, left)
	}
}

const day = "2006-01-02"

// tellFound prints what a source holds.
func tellFound(out io.Writer, source, kind string, f *archive.Found, bad int) {
	fmt.Fprintf(out, "%s is %s: %s in %s", source, kind, counted(f.Letters, "letter"), counted(f.Conversations, "conversation"))
	if bad > 0 {
		fmt.Fprintf(out, "; %d more could not be read", bad)
	}
	fmt.Fprintf(out, ".\n%s of a question and its answer", counted(len(f.Exchanges), "pair"))
	if !f.Last.IsZero() {
		fmt.Fprintf(out, ", answered from %s to %s", f.First.Format(day), f.Last.Format(day))
	}
	fmt.Fprintln(out, ".")
	if n := len(f.Threads); n > 0 {
		fmt.Fprintf(out, "%s can be found by their mails' ids when a customer answers one.\n", counted(n, "conversation"))
	} else {
		fmt.Fprintln(out, "No conversation can be found again by an answer: the source has no ids of mails, or no customers' addresses.")
	}
	list := func(title string, all []archive.Address) {
		if len(all) > 0 {
			fmt.Fprintf(out, "\n%s\n", title)
		}
		for i, a := range all {
			if i == 20 {
				fmt.Fprintf(out, "  … and %d more\n", len(all)-i)
				break
			}
			did := ""
			if a.Answers > 0 {
				did = fmt.Sprintf("  answered %s, began %s", countedPeople(a.Answers), counted(a.Begun, "conversation"))
			} else if strings.HasPrefix(a.Address, "@") && a.Begun > 0 {
				did = fmt.Sprintf("  %d others of it only asked", a.Begun)
			}
			fmt.Fprintf(out, "  %s%s\n", article.Printable(a.Address), did)
		}
	}
	list("Taken for yours:", f.Ours)
	list("May be yours too, and are not taken for it (say --ours):", f.Doubtful)
	if len(f.Left) > 0 {
		fmt.Fprintln(out, "\nIn no pair:")
		for _, why := range byCount(f.Left) {
			fmt.Fprintf(out, "  %6d  %s\n", f.Left[why], why)
		}
	}
	if len(f.Tags) > 0 {
		fmt.Fprintln(out, "\nLabels (--label, --without-label):")
		for i, t := range byCount(f.Tags) {
			if i < 20 {
				fmt.Fprintf(out, "  %6d  %s\n", f.Tags[t], article.Printable(t))
			}
		}
	}
}

func countedPeople(n int) string {
	if n == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people", n)
}

func byCount(m map[string]int) []string {
	return slices.SortedFunc(maps.Keys(m), func(a, b string) int { return cmp.Or(m[b]-m[a], cmp.Compare(a, b)) })
}

// tellWould prints what would be learnt.
func tellWould(out io.Writer, w index.Would, articles int) {
	if articles > 0 {
		fmt.Fprintf(out, "\nWith the %s published there, %d answers stand for one of them, %d were written by hand, %d may be either.\n", counted(articles, "article"), w.Articles, w.ByHand, w.Either)
	} else {
		fmt.Fprintln(out, "\nNo articles are published there, so no answer stands for one yet. Each build looks again.")
	}
	if len(w.Topics) > 0 {
		fmt.Fprintln(out, "\nAnswered again and again without an article (--drafts DIR writes a draft for each):")
		for i, g := range w.Topics {
			if i == 10 {
				fmt.Fprintf(out, "  … and %d more\n", len(w.Topics)-i)
				break
			}
			fmt.Fprintf(out, "  %6d mails  %s\n", g.Mails, article.Printable(g.Name))
		}
	}
	for i, p := range w.Samples {
		if i == 0 {
			fmt.Fprintln(out, "\nThe newest pairs, as they are kept:")
		}
		fmt.Fprintf(out, "  ? %s\n  ! %s\n", short(p.Subject+": "+p.Asked), short(p.Told))
	}
}

// short is the beginning of a text, on one line.
func short(s string) string {
	r := []rune(strings.Join(strings.Fields(s), " "))
	if len(r) > 160 {
		r = append(r[:160], '…')
	}
	return article.Printable(string(r))
}
