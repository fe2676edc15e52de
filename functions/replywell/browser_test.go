package main

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// openBrowser starts a headless Chromium. A missing one is a failure: who asks
// for the test has it.
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

// The whole path by hand, in a browser: REPLYWELL_BROWSER=1 and a Chromium. The
// page is tested over HTTP without it (shared/local).
func TestPageInABrowser(t *testing.T) {
	if os.Getenv("REPLYWELL_BROWSER") != "1" {
		t.Log("not asked for: REPLYWELL_BROWSER is not 1")
		return
	}
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
		chromedp.Click(`//nav//a[contains(., "Erika Muster")]`),
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
	run("a third mail is counted while the agent types",
		chromedp.WaitVisible(`//nav//a[contains(., "Anna Winter")]//span[@class="count"][text()="3"]`))
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
