package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/cloud"
	"github.com/replywell/replywell/shared/config"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/local"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/worth"
	"github.com/replywell/replywell/shared/worth/formula"
)

// customersCmd is about what the team says of its customers.
type customersCmd struct {
	Import importCustomersCmd `cmd:"" help:"Put the list of a CSV file in the place of the one before, all of it or nothing."`
	Show   showCustomerCmd    `cmd:"" help:"Say what the list has of an address, and the potential that the formula gives."`
	Forget forgetCustomerCmd  `cmd:"" help:"Take one address out of the list, for somebody who asks to be erased."`
}

// customersHome is where the list lies.
type customersHome struct {
	Data   string `xor:"where" placeholder:"DIR" help:"The data folder of replywell local, which may be running."`
	Stack  string `xor:"where" placeholder:"STACK" help:"This deployed stack."`
	Config string `placeholder:"FILE" help:"The configuration whose formula gives the potential. With --stack it is the stack's own; without it the column counts."`
}

// open gives the files of the list, nil without a place, and the settings that are known.
func (c customersHome) open(ctx context.Context) (files store.Files, settings *desk.Settings, err error) {
	settings = &desk.Settings{}
	if c.Config != "" {
		if settings, err = config.Load(c.Config); err == nil {
			err = reckoned(settings, c.Config)
		}
		if err != nil {
			return nil, nil, err
		}
	}
	switch {
	case c.Data != "":
		publisher, err := local.NewPublisher(c.Data)
		return publisher.Library(), settings, err
	case c.Stack != "":
		aws, err := cloud.Connect(ctx)
		if err != nil {
			return nil, nil, err
		}
		mail, err := cloud.Stack(ctx, aws, c.Stack, "MailBucket")
		if err != nil {
			return nil, nil, err
		}
		if c.Config == "" {
			if h, err := cloud.StackHome(ctx, aws, c.Stack); err == nil {
				if s, err := h.Settings(ctx); err == nil { // before there are settings the column counts
					settings = s
				}
			}
		}
		return cloud.NewLibrary(aws, mail), settings, nil
	}
	return nil, settings, nil
}

var errNowhere = errors.New("say where the list is, with --data DIR or --stack STACK")

type importCustomersCmd struct {
	customersHome
	File   string `arg:"" help:"The list as CSV; docs/customers.md has the columns. - reads standard input."`
	DryRun bool   `help:"Check the file and say what it holds; write nothing."`
	Fewer  bool   `help:"Take the list even if it has less than half of the entries of the one before."`
}

// Run imports a list.
func (c importCustomersCmd) Run() error { return c.run(context.Background(), os.Stdout, time.Now()) }

func (c importCustomersCmd) run(ctx context.Context, out io.Writer, now time.Time) error {
	data, err := readList(c.File)
	if err != nil {
		return err
	}
	found, err := worth.Read(data)
	if err != nil {
		return fmt.Errorf("%s is not taken, and nothing was changed:\n%w", c.File, err)
	}
	files, settings, err := c.open(ctx)
	if err != nil {
		return err
	}
	if files == nil && !c.DryRun {
		return errors.New("say where to import to, with --data DIR or --stack STACK; or say --dry-run to see what the file holds")
	}
	if err := tellList(out, c.File, found, settings, now); err != nil {
		return err
	}
	if c.DryRun {
		fmt.Fprintln(out, "\nThis was a dry run: nothing was imported.")
		return nil
	}
	kept, err := worth.Keep(ctx, files, now, found.List, c.Fewer)
	if errors.Is(err, worth.ErrFewer) {
		return fmt.Errorf("%s has %s, and the list that is there has %d: an export may have broken off, so nothing was changed; say --fewer if it is right", c.File, entries(kept.Customers), kept.Before)
	}
	if errors.Is(err, store.ErrMoved) {
		return errors.New("somebody else imported a list at the same moment, and theirs holds; import again if yours is newer")
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\nImported in the place of %s. It counts for each customer from their next mail on, within a minute.\n", entries(kept.Before))
	return nil
}

// tellList says what a list holds, and how its customers stand by the formula.
func tellList(out io.Writer, file string, f worth.Found, settings *desk.Settings, now time.Time) error {
	high, tiers, domains := 0, map[string]int{}, 0
	for _, address := range slices.Sorted(maps.Keys(f.List)) {
		s := f.List[address]
		w, err := s.Worth(settings.Value.Formula, formula.Score, now)
		if err != nil {
			return err
		}
		if settings.HighPotential(w) {
			high++
		}
		if w.Tier != "" {
			tiers[w.Tier]++
		}
		if strings.HasPrefix(address, "@") {
			domains++
		}
	}
	by := "by the column “potential”"
	if settings.Value.Formula != "" {
		by = "by the formula " + article.Printable(settings.Value.Formula)
	}
	fmt.Fprintf(out, "%s is good: %s", file, entries(len(f.List)))
	if domains > 0 {
		fmt.Fprintf(out, ", of them %s", counted(domains, "whole domain"))
	}
	fmt.Fprintf(out, ". %d of high potential, %s.\n", high, by)
	for i, t := range byCount(tiers) {
		if i == 20 {
			fmt.Fprintf(out, "  … and %d more\n", len(tiers)-i)
			break
		}
		fmt.Fprintf(out, "  %6d  tier %s\n", tiers[t], article.Printable(t))
	}
	if len(f.Unused) > 0 {
		fmt.Fprintf(out, "Passed over, because the desk has no use for it: %s.\n", article.Printable(strings.Join(f.Unused, ", ")))
	}
	return nil
}

type showCustomerCmd struct {
	customersHome
	Address string `arg:"" help:"An address, like olga@hotel.example."`
}

// Run shows one customer.
func (c showCustomerCmd) Run() error { return c.run(context.Background(), os.Stdout, time.Now()) }

func (c showCustomerCmd) run(ctx context.Context, out io.Writer, now time.Time) error {
	files, settings, err := c.open(ctx)
	if err != nil || files == nil {
		return cmpErr(err, errNowhere)
	}
	r := &worth.Reader{Blobs: files, Now: func() time.Time { return now }}
	s, known, err := r.Standing(ctx, c.Address)
	if err != nil {
		return err
	}
	if !known {
		fmt.Fprintf(out, "The list says nothing of %s.\n", article.Printable(c.Address))
		return nil
	}
	w, err := s.Worth(settings.Value.Formula, formula.Score, now)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "potential %.2f", w.Potential)
	if settings.HighPotential(w) {
		fmt.Fprint(out, " (high)")
	}
	fmt.Fprintln(out)
	for _, f := range []struct{ name, value string }{{"tier", s.Tier}, {"owner", s.Owner}} {
		if f.value != "" {
			fmt.Fprintf(out, "%s %s\n", f.name, article.Printable(f.value))
		}
	}
	for _, f := range []struct {
		name string
		at   time.Time
	}{{"since", s.Since}, {"last order", s.LastOrder}} {
		if !f.at.IsZero() {
			fmt.Fprintf(out, "%s %s\n", f.name, f.at.Format(day))
		}
	}
	if s.Orders > 0 {
		fmt.Fprintf(out, "orders %g\n", s.Orders)
	}
	if s.Revenue > 0 {
		fmt.Fprintf(out, "revenue of a year %.0f %s\n", s.Revenue, article.Printable(settings.Value.Currency))
	}
	return nil
}

type forgetCustomerCmd struct {
	customersHome
	Address string `arg:"" help:"An address, like olga@hotel.example."`
}

// Run takes one customer out.
func (c forgetCustomerCmd) Run() error { return c.run(context.Background(), os.Stdout) }

func (c forgetCustomerCmd) run(ctx context.Context, out io.Writer) error {
	files, _, err := c.open(ctx)
	if err != nil || files == nil {
		return cmpErr(err, errNowhere)
	}
	was, err := worth.Forget(ctx, files, c.Address)
	if err != nil {
		return err
	}
	if !was {
		fmt.Fprintf(out, "The list says nothing of %s by itself. What it says of a whole domain stays.\n", article.Printable(c.Address))
		return nil
	}
	fmt.Fprintf(out, "%s is taken out of the list. Take it out of the file that you import, too.\n", article.Printable(c.Address))
	return nil
}

func entries(n int) string { return page.Count(n, "entry", "entries") }

func cmpErr(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

func readList(file string) ([]byte, error) {
	in := io.Reader(os.Stdin)
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, fmt.Errorf("the list of customers cannot be read: %w", err)
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, worth.MaxFile+1))
	if err != nil {
		return nil, fmt.Errorf("the list of customers cannot be read: %w", err)
	}
	return data, nil
}

// reckoned says whether the settings' formula can be reckoned.
func reckoned(s *desk.Settings, file string) error {
	if s.Value.Formula == "" {
		return nil
	}
	if err := formula.Check(s.Value.Formula); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// dropped takes in the lists that are put into a folder of the data folder, as articles
// are put into theirs.
type dropped struct {
	folder string
	files  store.Files
	now    func() time.Time
	log    *slog.Logger
}

// look takes in what lies there. A list that is good is taken in and removed; of one that
// is not, a file beside it says what is wrong, until it is changed.
func (d dropped) look(ctx context.Context) error {
	lists, err := filepath.Glob(filepath.Join(d.folder, "*.csv"))
	if err != nil {
		return err
	}
	for _, list := range lists {
		told := list + worth.ErrorsSuffix
		now, err := os.Stat(list)
		if err != nil || d.now().Sub(now.ModTime()) < settled { // it may still be written
			continue
		}
		if before, err := os.Stat(told); err == nil && before.ModTime().After(now.ModTime()) {
			continue
		}
		data, err := readList(list)
		if err != nil {
			return err
		}
		kept, err := worth.Drop(ctx, d.files, d.now(), data)
		switch {
		case errors.Is(err, store.ErrMoved): // another list was faster; this one is the later
			continue
		case desk.IsPermanent(err):
			if err := os.WriteFile(told, []byte(err.Error()+"\n"), 0o600); err != nil {
				return fmt.Errorf("saying what is wrong with a list of customers: %w", err)
			}
			d.log.Error("a list of customers was not taken; the file beside it says why", "file", told)
			continue
		case err != nil:
			return err
		}
		_ = os.Remove(told)
		if err := os.Remove(list); err != nil {
			return fmt.Errorf("a list of customers was taken in, and cannot be removed: %w", err)
		}
		d.log.Info("a list of customers was taken in", "entries", kept.Customers, "before", kept.Before)
	}
	return nil
}

// settled is how long a list must not have been changed before it is read.
const settled = 2 * time.Second
