package main

import (
	"cmp"
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

	"github.com/replywell/replywell/shared/bench/need"
)

// openBrowser starts a headless Chromium.
func openBrowser(t *testing.T) (ctx context.Context, complaints *[]string) {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.WindowSize(1200, 900))
	alloc, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(alloc)
	t.Cleanup(stop)
	ctx, stop = context.WithTimeout(ctx, 10*time.Minute)
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

// browser is a window on the page of a running program.
type browser struct {
	t          *testing.T
	ctx        context.Context
	p          *process
	complaints *[]string
	width      int64
	scheme     string
}

func openPage(t *testing.T, p *process) *browser {
	t.Helper()
	ctx, complaints := openBrowser(t)
	b := &browser{t: t, ctx: ctx, p: p, complaints: complaints, width: 1280}
	t.Cleanup(func() {
		if len(*complaints) > 0 {
			t.Errorf("the browser complains: %q", *complaints)
		}
	})
	return b
}

// size makes the window so wide and sets the colour scheme.
func (b *browser) size(width int64, scheme string) {
	b.t.Helper()
	b.width, b.scheme = width, scheme
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}}
	err := chromedp.Do(b.ctx, chromedp.EmulateViewport(width, 900),
		chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, media)
			return err
		}))
	if err != nil {
		b.t.Fatal(err)
	}
}

// drawn waits until the page has its style sheet: before that nobody sees it, and
// what is measured and where something is are another page's.
var drawn = holds(`document.readyState === "complete"`)

// do carries out what a person does, and waits at most half a minute for each thing.
func (b *browser) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	for _, action := range actions {
		within, stop := context.WithTimeout(b.ctx, 30*time.Second)
		err := chromedp.Do(within, drawn, action)
		// A page that is under way, or was just refreshed, is looked for again.
		for err != nil && within.Err() == nil {
			<-time.After(50 * time.Millisecond)
			if again := chromedp.Do(within, drawn, action); again == nil || within.Err() == nil {
				err = again // else it is the end of the wait, which says less than what came before
			}
		}
		stop()
		if err != nil {
			shown := look(b.t, b.ctx, chromedp.Evaluate[string](`document.body ? document.body.innerText : ""`))
			b.t.Fatalf("%s: %v\n%s\n%s", what, err, shown, b.p.out)
		}
	}
}

// byHand sends the browser what a person's hand does.
func byHand[P any](c cdp.Command[P, cdp.Empty], what P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, c, what)
		return err
	})
}

// focused waits until the focus is on an element, across the way to another page.
func focused(id string) chromedp.Action[chromedp.Void] {
	return holds(`document.activeElement?.id === "` + id + `"`)
}

// holds waits for a condition, across the way to another page.
func holds(condition string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		for {
			yes, err := chromedp.Evaluate[bool](condition)(ctx, target)
			if yes {
				return nil
			}
			select {
			case <-ctx.Done():
				return cmp.Or(err, ctx.Err())
			case <-time.After(50 * time.Millisecond):
			}
		}
	})
}

// see opens a column, where the window shows one at a time.
func (b *browser) see(column string) {
	b.t.Helper()
	if b.width < 1000 {
		b.do("the column "+column, chromedp.Click(`//nav[@class="tabs"]/a[contains(., "`+column+`")]`),
			chromedp.WaitVisible(`//nav[@class="tabs"]/a[contains(., "`+column+`")][@aria-current]`))
	}
}

// says waits until the path tells of a mail, with such a step.
func (b *browser) says(subject, did, text string) {
	b.t.Helper()
	b.do(did+" is told of "+subject, chromedp.WaitVisible(`//section[@id="path"][.//p[@class="about"][contains(., "`+
		subject+`")]]//ol[@class="trail"]/li[strong[text()="`+did+`"]][contains(., "`+text+`")]`))
}

// fits holds that nothing is wider than the window.
func (b *browser) fits(what string) {
	b.t.Helper()
	b.do("all of the page", drawn)
	if wide := look(b.t, b.ctx, chromedp.Evaluate[string](`(() => {
		const most = document.documentElement.clientWidth;
		if (document.documentElement.scrollWidth <= most) return "";
		return [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > most + 1 && !e.closest(".samples")).map((e) => e.tagName + "." + e.className + " to " + e.getBoundingClientRect().right + " " + e.textContent.slice(0, 60)).slice(0, 5).join("; ") + " of " + innerWidth + ", " + document.documentElement.scrollWidth + " are needed";
	})()`)); wide != "" {
		b.t.Errorf("%s: wider than the window: %s", what, wide)
	}
}

// picture keeps the window as an image in the folder REPLYWELL_SHOTS, where there is one.
func (b *browser) picture(name string) {
	b.t.Helper()
	dir := os.Getenv("REPLYWELL_SHOTS")
	if dir == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), look(b.t, b.ctx, chromedp.FullScreenshot(100)),
		0o644); err != nil {
		b.t.Fatal(err)
	}
	b.size(b.width, b.scheme) // a picture of all of it leaves the window as tall as that
}

// axeCore is the checker of accessibility that the tests run in the page.
const axeCore = "axe-core@4.14.1"

// axe gives that checker's source: from the project's cache, or from npm.
func axe(t *testing.T) string {
	t.Helper()
	const cache = "../../.browser"
	path := filepath.Join(cache, "node_modules", "axe-core", "axe.min.js")
	if about, err := os.ReadFile(filepath.Join(filepath.Dir(path), "package.json")); err != nil ||
		!strings.Contains(string(about), `"version": "`+strings.TrimPrefix(axeCore, "axe-core@")+`"`) {
		fetch := []string{"install", "--prefix", cache, "--no-save", "--ignore-scripts", "--no-audit", "--no-fund",
			axeCore}
		if out, err := exec.CommandContext(t.Context(), "npm", fetch...).CombinedOutput(); err != nil {
			missing := fmt.Sprintf("%s is not there, and could not be fetched (%v: %.200s); \"npm install --prefix "+
				".browser --no-save --ignore-scripts %s\" fetches it", axeCore, err, out, axeCore)
			need.Missing(t, missing)
		}
	}
	source, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(source)
}

// accessible holds that the checker finds nothing serious in what is shown.
func (b *browser) accessible(what, checker string) {
	b.t.Helper()
	b.do("the checker", chromedp.Evaluate[chromedp.Void](checker+";void 0"),
		chromedp.Evaluate[chromedp.Void](`window.axeFound = null; axe.run(document, { iframes: false }).then((r) => `+
			`{ window.axeFound = r; }); void 0`),
		chromedp.Poll[chromedp.Void](`window.axeFound !== null`))
	found := look(b.t, b.ctx, chromedp.Evaluate[string](
		`axeFound.violations.filter((v) => ["serious", "critical", "moderate"].includes(v.impact)).map((v) => v.id + `+
			`" (" + v.impact + "): " + v.nodes.map((n) => n.html.slice(0, 160) + " " + n.failureSummary.slice(0, `+
			`200)).slice(0, 3).join("; ")).join("\n")`))
	if found != "" {
		b.t.Errorf("%s: %s", what, found)
	}
}
