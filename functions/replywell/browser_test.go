package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// needBrowser skips a test where there is no Chromium. Under CI, and where
// REPLYWELL_BROWSER=1 asks for it, a missing one is a failure.
func needBrowser(t *testing.T) {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome", "headless-shell"} {
		if _, err := exec.LookPath(name); err == nil {
			return
		}
	}
	const missing = "there is no Chromium to try the page in; on Debian and Ubuntu \"apt-get install chromium\" installs it"
	if os.Getenv("CI") != "" || os.Getenv("REPLYWELL_BROWSER") == "1" {
		t.Fatal(missing)
	}
	t.Skip(missing)
}

// openBrowser starts a headless Chromium.
func openBrowser(t *testing.T) (ctx context.Context, complaints *[]string) {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.WindowSize(1200, 900))
	alloc, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(alloc)
	t.Cleanup(stop)
	ctx, stop = context.WithTimeout(ctx, 60*time.Second)
	t.Cleanup(stop)
	complaints = &[]string{}
	err := chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			*complaints = append(*complaints, e.ExceptionDetails.Text)
		case *runtime.EventConsoleAPICalled:
			if e.Type == "error" {
				*complaints = append(*complaints, "an error is logged")
			}
		}
	})
	if err != nil {
		t.Fatalf("starting Chromium (Debian's package is called chromium): %v", err)
	}
	return ctx, complaints
}

// look reads something of the page.
func look[T any](t *testing.T, ctx context.Context, what chromedp.Action[T]) T {
	t.Helper()
	v, err := chromedp.Run(ctx, what)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// replaced tells that the page's own refresh put a new node in the place of the
// one that was found, before anything was done to it: then it is looked for again.
func replaced(err error) bool {
	return strings.Contains(err.Error(), "Could not find node") || strings.Contains(err.Error(), "No node with given id") || strings.Contains(err.Error(), "Node is detached")
}

// screenshot puts a picture of the page into the folder REPLYWELL_SHOTS, where there is one.
func screenshot(t *testing.T, ctx context.Context, name string, width int64, dark bool) {
	t.Helper()
	dir := os.Getenv("REPLYWELL_SHOTS")
	if dir == "" {
		return
	}
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 900)); err != nil {
		t.Fatal(err)
	}
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	if err := chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, media)
		return err
	})); err != nil {
		t.Fatal(err)
	}
	picture := look(t, ctx, chromedp.FullScreenshot(100))
	if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%d-%s.png", name, width, scheme)), picture, 0o644); err != nil {
		t.Fatal(err)
	}
}

// picture makes README's picture of the page, docs/page.png, where REPLYWELL_SHOTS
// asks for pictures.
func picture(t *testing.T, ctx context.Context) {
	t.Helper()
	if os.Getenv("REPLYWELL_SHOTS") == "" {
		return
	}
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1280, 1060), chromedp.Evaluate[chromedp.Void](`scrollTo(0, 0)`)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("../../docs/page.png", look(t, ctx, chromedp.CaptureScreenshot()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// The whole path by hand, in a browser. The page is tested over HTTP without it
// (shared/local).
func TestPageInABrowser(t *testing.T) {
	needBrowser(t)
	p := startLocal(t, t.TempDir())
	ctx, complaints := openBrowser(t)
	run := func(what string, actions ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		for _, action := range actions {
			err := chromedp.Do(ctx, action)
			for err != nil && replaced(err) {
				err = chromedp.Do(ctx, action)
			}
			if err != nil {
				t.Fatalf("%s: %v\n%s", what, err, p.out)
			}
		}
	}
	run("a customer writes",
		chromedp.Navigate(p.page+"/"),
		chromedp.Click(`//a[text()="Erika Muster"]`),
		chromedp.Click(`//a[text()="Write a mail"]`),
		chromedp.SendKeys(`#subject`, "Is it <b>dimmable</b>?"),
		chromedp.SendKeys(`#text`, "The lamp in the hall."),
		chromedp.Click(`//button[text()="Send"]`),
		chromedp.WaitVisible(`//p[@role="status"][contains(., "Sent")]`))

	// The agent's list fills by itself, and a half written text survives it.
	run("an agent is told",
		chromedp.Click(`//nav//a[contains(., "Anna Winter")]`),
		chromedp.WaitVisible(`//a[contains(@href, "/inbox/")]`))
	p.mail("joao@customers.example", "support@lantern.example", "From: joao@customers.example\nSubject: Another\nMessage-ID: <n@customers.example>\n\nHi <script>document.title='run'</script>\n")
	run("a second mail appears by itself", chromedp.WaitVisible(`//a[contains(., "Another")]`))
	run("the agent writes", chromedp.Click(`//a[contains(., "dimmable")]`), chromedp.WaitVisible(`iframe.mail`),
		chromedp.Click(`//a[text()="Reply"]`), chromedp.WaitVisible(`#text`),
		chromedp.SendKeys(`#text`, "Yes, with any dimmer."))
	p.mail("erika@customers.example", "support@lantern.example", "From: erika@customers.example\nSubject: Third\nMessage-ID: <o@customers.example>\n\nHi\n")
	run("two mails that are not read are counted while the agent types",
		chromedp.WaitVisible(`//nav//a[contains(., "Anna Winter")]//span[@class="count"][contains(., "2")]`))
	typed := look(t, ctx, chromedp.Value(`#text`))
	focused := look(t, ctx, chromedp.Evaluate[string](`document.activeElement.id`))
	if !strings.HasPrefix(typed, "Yes, with any dimmer.") || focused != "text" {
		t.Errorf("after new mail the form holds %q, and the focus is on %q", typed, focused)
	}
	run("the customer has the answer",
		chromedp.Click(`//button[text()="Send"]`),
		chromedp.WaitVisible(`//p[@role="status"]`),
		chromedp.Click(`//nav//a[contains(., "Erika Muster")]`),
		chromedp.Click(`//a[contains(@href, "/inbox/")]`),
		chromedp.Click(`//a[text()="As text"]`), chromedp.WaitVisible(`pre.mail`))
	answer, title := look(t, ctx, chromedp.Text(`pre.mail`)), look(t, ctx, chromedp.Title())
	if !strings.Contains(answer, "Yes, with any dimmer.") || !strings.Contains(title, "<b>dimmable</b>") {
		t.Errorf("%q: %s", title, answer)
	}
	if len(*complaints) > 0 {
		t.Errorf("the browser complains: %q", *complaints)
	}
}

// What somebody does in the first minute: press the buttons, and read what
// happened.
func TestFirstMinuteInABrowser(t *testing.T) {
	needBrowser(t)
	p := startLocal(t, t.TempDir())
	ctx, complaints := openBrowser(t)
	run := func(what string, actions ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		within, stop := context.WithTimeout(ctx, 10*time.Second)
		defer stop()
		if err := chromedp.Do(within, actions...); err != nil {
			shown := look(t, ctx, chromedp.Evaluate[string](`document.querySelector("main").innerText`))
			t.Fatalf("%s: %v\n%s\n%s", what, err, shown, p.out)
		}
	}
	run("the first visit", chromedp.Navigate(p.page+"/"), chromedp.WaitVisible(`//h1[contains(., "support desk that works entirely by e-mail")]`))
	screenshot(t, ctx, "first", 1280, false)
	screenshot(t, ctx, "first", 360, false)
	for _, s := range []struct{ button, subject, kind, says string }{
		{"An angry customer", "THIRD", "Outbox", "told by mail to Anna Winter and Ben Okafor"},
		{"A customer who writes German", "Andere", "Read as", "bin umgezogen"},
		{"A contact form", "New message", "Read as", "a customer's mail"},
		{"An agent answers with", "Re: ", "Outbox", "the answer to erika@customers.example: written in one step with the record, then sent"},
		{"A note below a greeting", "Re: ", "Carried out", "The customer gets nothing"},
		{"A forged agent", "Re: ", "Held", "Only Anna Winter can release it"},
		{"An out-of-office note", "Out of office", "Read as", "never answered"},
		{"An answer that bounces", "Undelivered", "Told", "plain words"},
	} {
		run(s.button, chromedp.Click(`//button[contains(., "`+s.button+`")]`), chromedp.WaitVisible(`//div[p[@class="mailname"][contains(., "`+s.subject+`")]]/ol[@class="trail"]/li[strong[text()="`+s.kind+`"]][contains(., "`+s.says+`")]`))
		if s.button == "An agent answers with" {
			picture(t, ctx)
		}
		if s.kind == "Held" {
			screenshot(t, ctx, "held", 1280, false)
			screenshot(t, ctx, "held", 1280, true)
			screenshot(t, ctx, "held", 360, false)
			screenshot(t, ctx, "held", 360, true)
		}
		if wide := look(t, ctx, chromedp.Evaluate[bool](`document.documentElement.scrollWidth > innerWidth`)); wide {
			t.Errorf("%s: the page is wider than the window", s.button)
		}
	}
	run("an agent's mailbox", chromedp.Click(`//article//a[text()="Anna Winter"]`), chromedp.WaitVisible(`ul.mails li.unread`))
	screenshot(t, ctx, "list", 1280, false)
	screenshot(t, ctx, "list", 360, true)
	run("a mail in it", chromedp.Click(`ul.mails a`), chromedp.WaitVisible(`dl.facts`))
	screenshot(t, ctx, "mail", 1280, true)
	screenshot(t, ctx, "mail", 360, false)
	run("an answer to it", chromedp.Click(`//a[text()="Reply"]`), chromedp.WaitVisible(`#text`))
	screenshot(t, ctx, "write", 360, false)
	if len(*complaints) > 0 {
		t.Errorf("the browser complains: %q", *complaints)
	}
	for _, who := range []string{"sakura@customers.example", "joao@customers.example", "erika@customers.example"} {
		for _, m := range inbox(t, p.data, who) {
			if strings.Contains(m.Text, "generous") || strings.Contains(m.Text, "card number") {
				t.Errorf("%s reads what was not meant to leave:\n%s", who, m.Text)
			}
		}
	}
}

func TestALostConnectionIsShownAndMended(t *testing.T) {
	needBrowser(t)
	data := t.TempDir()
	p := startLocal(t, data)
	ctx, _ := openBrowser(t)
	if err := chromedp.Do(ctx, chromedp.Navigate(p.page+"/"), chromedp.WaitVisible(`h1`)); err != nil {
		t.Fatal(err)
	}
	p.kill()
	if err := chromedp.Do(ctx, chromedp.WaitVisible(`//div[@id="lost"][contains(., "is lost")]`)); err != nil {
		t.Fatalf("a server that is gone is not told of: %v", err)
	}
	again := startLocal(t, data, "--http", strings.TrimPrefix(p.page, "http://"))
	again.mail("erika@customers.example", "support@lantern.example", "From: erika@customers.example\nSubject: After the break\nMessage-ID: <n@customers.example>\n\nHi\n")
	if err := chromedp.Do(ctx, chromedp.WaitVisible(`//article//a[contains(., "After the break")]`), chromedp.WaitReady(`//div[@id="lost"][not(text())]`)); err != nil {
		t.Fatalf("it does not go on by itself: %v", err)
	}
}
