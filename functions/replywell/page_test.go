package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"github.com/replywell/replywell/shared/bench/need"
)

// The whole path by hand, in a browser: wide and narrow, light and dark.
func TestPageInABrowser(t *testing.T) {
	need.Chromium(t)
	for _, w := range []struct {
		width  int64
		scheme string
	}{{1280, "light"}, {1280, "dark"}, {360, "light"}, {360, "dark"}} {
		t.Run(fmt.Sprint(w.width, " ", w.scheme), func(t *testing.T) {
			b := openPage(t, startLocal(t, t.TempDir()))
			checker := axe(t)
			b.size(w.width, w.scheme)
			shot := func(what string) {
				t.Helper()
				b.fits(what)
				b.accessible(what, checker)
				b.picture(fmt.Sprintf("%s-%d-%s", what, w.width, w.scheme))
			}
			b.do("the first visit", chromedp.Navigate(b.p.page+"/"),
				chromedp.WaitVisible(`//h1[contains(., "support desk that works entirely by e-mail")]`),
				chromedp.WaitVisible(`#play`))
			shot("1-first")

			b.see("Customers")
			b.do("a customer writes", chromedp.Click(`//section[contains(@class, "left")]//a[text()="Write"]`),
				chromedp.SendKeys(`#left-subject`, "My lamp <b>flickers</b>"),
				chromedp.SendKeys(`#left-text`, "Hello, it flickers with every bulb. What can I do?"))
			shot("2-write")
			b.do("it is sent", chromedp.Click(`//button[text()="Send"]`))
			b.says("flickers", "Told", "Anna Winter and Ben Okafor, by mail.")
			b.says("flickers", "Suggested", "broken")
			shot("3-told")

			b.see("Agents")
			b.do("the agent reads "+
				"it", chromedp.Click(
				`//section[contains(@class, "right")]//ul[@class="mails"]//a[contains(., "flickers")]`),
				chromedp.WaitVisible(`iframe.mail`))
			shot("4-agent")
			b.do("and answers with one digit", chromedp.Click(
				`//section[contains(@class, "right")]//a[text()="Reply"]`),
				chromedp.SendKeys(`#right-text`, "1"))
			shot("5-reply")
			b.do("it is sent", chromedp.Click(`//button[text()="Send"]`))
			b.says("flickers", "Sent", "the answer to Erika Muster.")

			b.see("Customers")
			b.do("the customer reads it", chromedp.WaitVisible(
				`//section[contains(@class, "left")]//li[@class="unread"]`),
				chromedp.Click(`//section[contains(@class, "left")]//ul[@class="mails"]//a[contains(., "flickers")]`),
				chromedp.Click(`//section[contains(@class, "left")]//details[@open]//a[text()="Text"]`),
				chromedp.WaitVisible(`.left pre.mail`))
			if answer := look(t, b.ctx, chromedp.Text(`.left pre.mail`)); !strings.Contains(answer,
				"warranty of three years") {
				t.Errorf("the customer reads %q", answer)
			}
			if n := look(t, b.ctx, chromedp.Evaluate[int](
				`document.querySelectorAll(".left details.message").length`)); n != 2 {
				t.Errorf("the customer's thread has %d mails", n)
			}
			shot("6-customer")

			b.see("What happened")
			b.do("a forged agent", chromedp.Click(`//button[contains(., "A forged agent")]`))
			b.says("Re: ", "Held back",
				"it names Anna Winter as its sender and was not written from that mailbox. The customer sees nothing "+
					"of it. Only Anna Winter can release it")
			b.do("it is named among what is held back",
				chromedp.WaitVisible(`//ul[@class="held"]/li[contains(., "Anna Winter") and contains(., "Re: ") and `+
					`contains(., "#release")]`))
			shot("7-held")
			for _, m := range inbox(t, b.p.data, "erika@customers.example") {
				if strings.Contains(m.Text, "card number") {
					t.Errorf("the customer reads the forged mail:\n%s", m.Text)
				}
			}
		})
	}
}

// A hasty newcomer reads on the first screen that their own mail program can take
// part, and where it writes to; what more it is to be told is a click away.
func TestOwnMailProgramOnTheFirstScreen(t *testing.T) {
	need.Chromium(t)
	b := openPage(t, startLocal(t, t.TempDir()))
	for _, width := range []int64{360, 1280} {
		b.size(width, "light")
		b.do("the first visit", chromedp.EmulateViewport(width, 640), chromedp.Navigate(b.p.page+"/?see=path"),
			chromedp.WaitVisible(`//p[@class="own"][contains(., "your own mail program: `+b.p.smtp+`")]`))
		if low := look(t, b.ctx, chromedp.Evaluate[float64](
			`document.querySelector(".own").getBoundingClientRect().bottom`)); low > 640 {
			t.Errorf("%d pixels wide it ends %.0f pixels below the top", width, low)
		}
		b.do("what it is to be told", chromedp.Click(`.own a`),
			chromedp.WaitVisible(`//div[@id="own"]//dd[contains(., "port `+
				b.p.smtp[strings.LastIndexByte(b.p.smtp, ':')+1:]+`")]`),
			chromedp.WaitVisible(`//div[@id="own"]//dd[contains(., "`+b.p.password+`")]`))
		if top := look(t, b.ctx, chromedp.Evaluate[float64](
			`document.querySelector("#own").getBoundingClientRect().top`)); top < 0 || top > 600 {
			t.Errorf("%d pixels wide it is shown %.0f pixels below the top", width, top)
		}
	}
}

// Each sample mail shows what it says that it shows.
func TestSampleMailsInABrowser(t *testing.T) {
	need.Chromium(t)
	b := openPage(t, startLocal(t, t.TempDir()))
	b.do("the first visit", chromedp.Navigate(b.p.page+"/"))
	for _, s := range []struct{ button, subject, did, says string }{
		{"An angry customer", "THIRD", "Told", "Anna Winter and Ben Okafor, by mail."},
		{"A customer who writes German", "Andere", "Read as", "bin umgezogen"},
		{"A contact form", "New message", "Read as", "a customer's mail"},
		{"An agent answers with", "Re: ", "Sent", "the answer to "},
		{"A note for colleagues", "Re: ", "Kept as a note", "The customer gets nothing"},
		{"A forged agent", "Re: ", "Held back", "Only Anna Winter can release it"},
		{"An out-of-office note", "Out of office", "Read as", "never answered"},
		{"An answer that bounces", "Undelivered", "Matched", "plain words"},
	} {
		b.do(s.button, chromedp.Click(`//button[contains(., "`+s.button+`")]`))
		b.says(s.subject, s.did, s.says)
		if s.button == "An agent answers with" && *updatePictures {
			b.size(1280, "light")
			b.do("the picture", chromedp.EmulateViewport(1280, 1120),
				chromedp.Evaluate[chromedp.Void](`scrollTo(0, 0)`))
			if err := os.WriteFile("../../docs/page.png", look(t, b.ctx, chromedp.CaptureScreenshot()), 0o644); err !=
				nil {
				t.Fatal(err)
			}
		}
	}
	for _, who := range []string{"sakura@customers.example", "joao@customers.example", "erika@customers.example"} {
		for _, m := range inbox(t, b.p.data, who) {
			if strings.Contains(m.Text, "generous") || strings.Contains(m.Text, "card number") {
				t.Errorf("%s reads what was not meant to leave:\n%s", who, m.Text)
			}
		}
	}
}

// The sample day runs, stands still when it is told to, and ends with the report.
func TestSampleDayInABrowser(t *testing.T) {
	need.Chromium(t)
	b := openPage(t, startLocal(t, t.TempDir()))
	film := newFilm(b)
	b.size(1280, "light")
	b.do("it begins", chromedp.Navigate(b.p.page+"/"), chromedp.Click(`#play`),
		chromedp.WaitVisible(`//p[@class="doing"][contains(., "Erika Muster writes that a new lamp flickers")]`))
	b.do("it stands still", chromedp.Click(`#pause`),
		chromedp.WaitVisible(`//div[@class="day"][contains(., "standing still")]`))
	film.take()
	for _, says := range []string{"Anna Winter sends ready answer 1", "João Silva asks for gift wrapping",
		"Ben Okafor answers by hand", "Erika Muster says thank you", "Anna Winter closes", "asks where the parcel is",
		"Ben Okafor leaves a note",
		"a sentence of her own", "asks for gift wrapping", "Anna Winter answers by hand", "a forged agent is held back",
		"João Silva wants two presents", "Ben Okafor answers by hand", "João Silva is away", "the parcel has come",
		"Anna Winter closes",
		"Erika Muster asks for gift wrapping", "Anna Winter answers by hand"} {
		b.do(says, chromedp.Click(`#next`), chromedp.WaitVisible(`//p[@class="doing"][contains(., "`+says+`")]`),
			chromedp.WaitNotPresent(`//p[contains(., "Working on it")]`))
		if whose := look(t, b.ctx, chromedp.Evaluate[string](
			`[...document.querySelectorAll(".pane")].map((p) => [p.querySelector(".boxes [aria-current]").title, `+
				`p.querySelector(".find [type=hidden]").value]).filter(([shown, searched]) => shown !== `+
				`searched).join(" ")`)); whose != "" {
			t.Errorf("%s: one mailbox is shown, and another is searched and written from: %s", says, whose)
		}
		film.take()
	}
	b.do("the report comes", chromedp.Click(`#next`), chromedp.WaitVisible(`#report`),
		chromedp.WaitVisible(`//p[@class="gap"][contains(., "No article answers this") and contains(., "gift") and `+
			`contains(., "4 mails")]`))
	b.do("it is read", chromedp.Click(`#report`), chromedp.WaitVisible(
		`//section[contains(@class, "right")]//h3[contains(., "Support, ")]`))
	film.take()
	film.develop("../../docs/day.gif")
	for _, m := range inbox(t, b.p.data, "anna@team.lantern.example") {
		if strings.HasPrefix(m.Subject, "Support, ") {
			for _, want := range []string{"Your hour in support", "Solved: 6", "gift"} {
				if !strings.Contains(m.Text, want) {
					t.Errorf("the report lacks %q:\n%s", want, m.Text)
				}
			}
			return
		}
	}
	t.Error("there is no report")
}

// Nothing that somebody does is undone by new mail: the mail that is read stays as
// it is, what was typed stays, and the focus too.
func TestNewMailDisturbsNobody(t *testing.T) {
	need.Chromium(t)
	b := openPage(t, startLocal(t, t.TempDir()))
	write := func(from, subject string) {
		b.p.mail(from, "support@lantern.example", "From: "+from+"\nSubject: "+subject+"\nMessage-ID: <"+subject+
			"@customers.example>\n\nHi <script>document.title='run'</script>\n")
	}
	b.do("the page", chromedp.Navigate(b.p.page+"/"))
	write("joao@customers.example", "First")
	b.do("it appears by itself", chromedp.Click(`//section[contains(@class, "right")]//a[contains(., "First")]`),
		chromedp.WaitVisible(`iframe.mail`),
		chromedp.Click(`//section[contains(@class, "right")]//a[text()="Reply"]`),
		chromedp.SendKeys(`#right-text`, "Half a sen"),
		chromedp.Evaluate[chromedp.Void](`document.querySelector("iframe.mail").mine = true; `+
			`document.querySelector(".left .empty a").focus(); void 0`))
	write("sakura@customers.example", "Second")
	b.do("the agent has another", chromedp.WaitVisible(
		`//section[contains(@class, "right")]//nav//a[contains(., "Anna Winter")]/span[contains(., "1")]`))
	write("erika@customers.example", "Third")
	b.do("and one "+
		"more", chromedp.WaitVisible(
		`//section[contains(@class, "right")]//nav//a[contains(., "Anna Winter")]/span[contains(., "2")]`))
	if typed := look(t, b.ctx, chromedp.Value(`#right-text`)); typed != "Half a sen" {
		t.Errorf("the form holds %q", typed)
	}
	if !look(t, b.ctx, chromedp.Evaluate[bool](`document.querySelector("iframe.mail").mine === true && `+
		`document.querySelector("details.message").open`)) {
		t.Error("the mail that is read was put there anew")
	}
	if focus := look(t, b.ctx, chromedp.Evaluate[string](`document.activeElement.outerHTML`)); !strings.Contains(focus,
		"Write to support@lantern.example") {
		t.Errorf("the focus is on %s", focus)
	}
}

// A click takes time. What new mail changes waits until the mouse button, the finger
// or the space bar is up again, so that the click goes where it was aimed.
func TestNewMailTakesNoClickAway(t *testing.T) {
	need.Chromium(t)
	b := openPage(t, startLocal(t, t.TempDir()))
	b.size(1280, "light")
	home := func() string {
		answer, err := http.Get(b.p.page + "/")
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		page, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(page)
	}
	mails := 0
	write := func() { // and waits until the server shows it
		t.Helper()
		mails++
		b.p.mail("joao@customers.example", "support@lantern.example",
			fmt.Sprintf("From: joao@customers.example\nSubject: Aimed at\nMessage-ID: <c%d@customers.example>\n\n"+
				"Word %d\n", mails, mails))
		for end := time.Now().Add(10 * time.Second); !strings.Contains(home(), fmt.Sprint("Word ", mails)); {
			if time.Now().After(end) {
				t.Fatalf("mail %d does not come:\n%s", mails, b.p.out)
			}
		}
	}
	write()
	row := `document.querySelector(".right .mails a")`
	space := input.DispatchKeyEventParams{Key: " ", Code: "Space", WindowsVirtualKeyCode: 32}
	mouse := func(typ input.DispatchMouseEventType, x, y float64) chromedp.Action[chromedp.Void] {
		return byHand(input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: typ, X: x, Y: y,
			Button: input.MouseButtonLeft, ClickCount: 1})
	}
	for _, how := range []struct {
		name, at string // the script that finds what it aims at
		down, up func(x, y float64) chromedp.Action[chromedp.Void]
		then     string
	}{
		{"a mouse", row,
			func(x, y float64) chromedp.Action[chromedp.Void] {
				return mouse(input.DispatchMouseEventTypeMousePressed, x, y)
			},
			func(x, y float64) chromedp.Action[chromedp.Void] {
				return mouse(input.DispatchMouseEventTypeMouseReleased, x, y)
			},
			`//section[contains(@class, "right")]//h3[contains(., "Aimed at")]`},
		{"a finger", row,
			func(x, y float64) chromedp.Action[chromedp.Void] {
				return byHand(input.DispatchTouchEvent, input.DispatchTouchEventParams{
					Type: input.DispatchTouchEventTypeTouchStart, TouchPoints: []*input.TouchPoint{{X: x, Y: y}}})
			},
			func(x, y float64) chromedp.Action[chromedp.Void] {
				return byHand(input.DispatchTouchEvent, input.DispatchTouchEventParams{
					Type: input.DispatchTouchEventTypeTouchEnd, TouchPoints: []*input.TouchPoint{}})
			},
			`//section[contains(@class, "right")]//h3[contains(., "Aimed at")]`},
		{"a mouse that is released elsewhere", row,
			func(x, y float64) chromedp.Action[chromedp.Void] {
				return mouse(input.DispatchMouseEventTypeMousePressed, x, y)
			},
			func(x, y float64) chromedp.Action[chromedp.Void] {
				return mouse(input.DispatchMouseEventTypeMouseReleased, 5, 5)
			},
			`//section[contains(@class, "right")]//span[@class="number"][contains(., "4")]`},
		{"the space bar", `document.querySelector("#play")`,
			func(x, y float64) chromedp.Action[chromedp.Void] {
				down := space
				down.Type, down.Text = input.DispatchKeyEventTypeKeyDown, " "
				return byHand(input.DispatchKeyEvent, down)
			},
			func(x, y float64) chromedp.Action[chromedp.Void] {
				up := space
				up.Type = input.DispatchKeyEventTypeKeyUp
				return byHand(input.DispatchKeyEvent, up)
			},
			`#pause`},
	} {
		b.do("the page", chromedp.Navigate(b.p.page+"/"),
			chromedp.WaitVisible(`//section[contains(@class, "right")]//ul[@class="mails"]//a`),
			chromedp.Evaluate[chromedp.Void](how.at+`.focus({ preventScroll: true })`))
		b.do("the page has been brought up to date",
			chromedp.Poll[chromedp.Void](`performance.getEntriesByType("resource").some((e) => e.initiatorType === `+
				`"fetch")`))
		at := look(t, b.ctx, chromedp.Evaluate[[]float64](`((r) => [r.x + 40, r.y + 20])(`+how.at+
			`.getBoundingClientRect())`))
		b.do(how.name+" goes down", how.down(at[0], at[1]),
			chromedp.Evaluate[chromedp.Void](`window.pressed = performance.now(); window.aimed = `+how.at+`; void 0`))
		write()
		b.do("the page asks what is new", chromedp.Poll[chromedp.Void](
			`performance.getEntriesByType("resource").some((e) => e.initiatorType === "fetch" && e.startTime > `+
				`pressed)`))
		if !look(t, b.ctx, chromedp.Evaluate[bool](`!window.aimed || window.aimed.isConnected && `+
			`!document.body.textContent.includes("Word `+fmt.Sprint(mails)+`")`)) {
			t.Errorf("new mail changes what %s presses", how.name)
		}
		b.do(how.name+" goes up", how.up(at[0], at[1]), chromedp.WaitVisible(how.then))
	}
}

func TestALostConnectionIsShownAndMended(t *testing.T) {
	need.Chromium(t)
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
	again.mail("erika@customers.example", "support@lantern.example",
		"From: erika@customers.example\nSubject: After the break\nMessage-ID: <n@customers.example>\n\nHi\n")
	if err := chromedp.Do(ctx, chromedp.WaitVisible(
		`//section[contains(@class, "right")]//a[contains(., "After the break")]`),
		chromedp.WaitReady(`//div[@id="lost"][not(text())]`)); err != nil {
		t.Fatalf("it does not go on by itself: %v", err)
	}
}

// Everything can be done with the keyboard alone, in the order in which it is read.
func TestPageByKeyboardAlone(t *testing.T) {
	need.Chromium(t)
	b := openPage(t, startLocal(t, t.TempDir()))
	b.do("the page", chromedp.Navigate(b.p.page+"/"), chromedp.WaitVisible(`#play`))
	// to goes on with the tabulator until the focus is where the test says.
	to := func(what, test string) {
		t.Helper()
		for range 80 {
			b.do(what, chromedp.KeyEvent("\t"))
			if look(t, b.ctx, chromedp.Evaluate[bool](`((e) => !!(e && (`+test+`)))(document.activeElement)`)) {
				if !look(t, b.ctx, chromedp.Evaluate[bool](`document.activeElement.matches(":focus-visible")`)) {
					t.Errorf("%s: the focus is not seen", what)
				}
				return
			}
		}
		t.Fatalf("%s: the tabulator does not lead there", what)
	}
	enter := chromedp.KeyEvent("\r")
	to("the short way past the buttons", `e.matches(".skip")`)
	to("writing as a customer", `e.closest(".left") && e.textContent === "Write"`)
	b.do("the form", enter, chromedp.WaitVisible(`#left-subject`), focused("left-subject"), chromedp.KeyEvent("Lamp\t"),
		chromedp.KeyEvent("Is it dimmable?"))
	to("sending", `e.matches(".write .button")`)
	b.do("sent", enter)
	b.says("Lamp", "Told", "by mail.")
	to("the agent's mail", `e.closest(".right .mails") && e.textContent.includes("Lamp")`)
	b.do("opened", enter, chromedp.WaitVisible(`//section[contains(@class, "right")]//a[text()="Reply"]`))
	to("the reply", `e.closest(".right") && e.textContent === "Reply"`)
	b.do("written", enter, focused("right-text"), chromedp.KeyEvent("Yes, with any dimmer."))
	to("sending", `e.matches(".right .write .button")`)
	b.do("sent", enter)
	b.says("Lamp", "Answered", "Yes, with any dimmer.")
	to("the answer", `e.closest(".left .mails") && e.textContent.includes("dimmer")`)
	b.do("read", enter, chromedp.WaitVisible(`//section[contains(@class, "left")]//details[@open]`))
}

// A mail can be as hostile as it likes: it runs nothing, opens nothing, and calls nobody.
func TestAttackAMailThatIsShown(t *testing.T) {
	need.Chromium(t)
	p := startLocal(t, t.TempDir())
	called := make(chan string, 100)
	evil := listenForCalls(t, called)
	for i, html := range hostile(evil) {
		p.mail("joao@customers.example", "support@lantern.example",
			fmt.Sprintf("From: joao@customers.example\nSubject: Hostile %d\nMessage-ID: <h%d@customers.example>\n"+
				"MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n%s\n", i, i, html))
		// The page shows mail as it came, so it is put straight into a mailbox, too.
		dir := filepath.Join(p.data, "mailboxes", "erika@customers.example", "inbox")
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		raw := fmt.Sprintf("From: <x@evil.example>\r\nSubject: Hostile %d\r\nMIME-Version: 1.0\r\nContent-Type: "+
			"text/html; charset=utf-8\r\n\r\n%s\r\n", i, html)
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("h%d.eml", i)), []byte(raw), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ctx, _ := openBrowser(t) // it complains of what it blocks, rightly
	b := &browser{t: t, ctx: ctx, p: p, width: 1280}
	for i, html := range hostile(evil) {
		at := fmt.Sprintf("%s/?left=erika@customers.example&left-open=inbox.h%d", p.page, i)
		b.do("shown", chromedp.Navigate(at), chromedp.WaitVisible(`iframe.mail`),
			chromedp.Poll[chromedp.Void](`performance.getEntriesByType("resource").some((e) => `+
				`e.name.endsWith("/html"))`))
		b.do("clicked into, where a link covers everything", chromedp.Click(`iframe.mail`),
			chromedp.Sleep(300*time.Millisecond))
		if here := look(t, ctx, chromedp.Evaluate[string](
			`location.href + " " + document.title + " " + (window.owned || "")`)); !strings.HasPrefix(here, p.page+
			"/?") || !strings.Contains(here, "Replywell") || strings.Contains(here, "owned") {
			t.Errorf("%s: the page is at %s", html, here)
		}
		b.do("its file alone", chromedp.Navigate(fmt.Sprintf("%s/mail/erika@customers.example/inbox/h%d/html", p.page,
			i)), chromedp.Sleep(200*time.Millisecond))
		if here := look(t, ctx, chromedp.Evaluate[string](`location.href + " " + document.title`)); !strings.HasPrefix(
			here, p.page+"/mail/") || strings.Contains(here, "owned") {
			t.Errorf("%s: alone it is at %s", html, here)
		}
	}
	select {
	case path := <-called:
		t.Errorf("a mail called %s", path)
	default:
	}
}

// The page is there at once, however much mail there is: also for whoever opens it
// first after a start, and when what they see is the first page that the program
// shows at all. The browser measures; a busy machine is given three starts.
func TestFirstPaintWithAThousandMails(t *testing.T) {
	need.Chromium(t)
	data := t.TempDir()
	fill(t, data, 1000)
	ctx, _ := openBrowser(t)
	paint := func(p *process) float64 {
		b := &browser{t: t, ctx: ctx, p: p}
		b.do("the page", chromedp.Navigate(p.page+"/"),
			chromedp.WaitVisible(`//ul[@class="mails"]//a[contains(., "Mail 999")]`),
			chromedp.Poll[chromedp.Void](`performance.getEntriesByName("first-contentful-paint").length > 0`))
		return look(t, ctx, chromedp.Evaluate[float64](
			`performance.getEntriesByName("first-contentful-paint")[0].startTime`))
	}
	var first, later []float64
	for range 3 {
		p := startLocal(t, data)
		if len(first) == 0 { // what a browser needs to show its first page of all is no matter of ours
			(&browser{t: t, ctx: ctx, p: p}).do("any page", chromedp.Navigate(p.page+"/nothing"),
				chromedp.WaitVisible(`h1`))
		}
		first, later = append(first, paint(p)), append(later, paint(p))
		p.kill()
	}
	t.Logf("first contentful paint of the first visit after %.0f ms, of the second after %.0f", first, later)
	if slices.Min(first) > 300 || slices.Min(later) > 300 {
		t.Errorf("the first contentful paint comes after %.0f ms at the first visit, after %.0f at the second",
			slices.Min(first), slices.Min(later))
	}
}

// fill puts so many mails into a customer's mailbox, the newest with the highest number.
func fill(t testing.TB, data string, mails int) {
	t.Helper()
	dir := filepath.Join(data, "mailboxes", "erika@customers.example", "inbox")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	first := time.Now().Add(-time.Duration(mails) * time.Second)
	for i := range mails {
		raw := fmt.Sprintf("From: Shop <support@lantern.example>\r\nTo: erika@customers.example\r\nSubject: Mail "+
			"%d\r\nMessage-ID: <m%d@x>\r\n\r\nThe words of mail %d.\r\n\r\nOn Mon, 2 Mar 2026 at 10:00, Shop "+
			"<s@shop.example> wrote:\r\n> %s\r\n",
			i, i, i, strings.Repeat("old words ", 200))
		path, at := filepath.Join(dir, fmt.Sprintf("m%d.eml", i)), first.Add(time.Duration(i)*time.Second)
		if err := errors.Join(os.WriteFile(path, []byte(raw), 0o600), os.Chtimes(path, at, at)); err != nil {
			t.Fatal(err)
		}
	}
}

// The memory of the whole program with so many mails in a mailbox, of which lists,
// a search and a thread were shown.
func BenchmarkMemoryOfThePage(b *testing.B) {
	for _, mails := range []int{0, 1000, 10_000} {
		b.Run(fmt.Sprint(mails, " mails"), func(b *testing.B) {
			data := b.TempDir()
			fill(b, data, mails)
			p := startLocal(b, data)
			defer p.kill()
			for b.Loop() {
				for _, path := range []string{"/", "/?left-page=50", "/?left-find=words",
					fmt.Sprintf("/?left=erika@customers.example&left-open=inbox.m%d", mails-1), "/?left-find=nothing"} {
					answer, err := http.Get(p.page + path)
					if err != nil {
						b.Fatal(err)
					}
					if _, err := io.Copy(io.Discard, answer.Body); err != nil || answer.StatusCode != http.StatusOK {
						b.Fatalf("%s: %s, %v", path, answer.Status, err)
					}
					answer.Body.Close()
				}
			}
			status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
			if err != nil {
				need.Missing(b, "the system does not tell how much memory a program has, as Linux does: "+err.Error())
			}
			_, most, _ := strings.Cut(string(status), "VmHWM:")
			var kB float64
			if _, err := fmt.Sscan(most, &kB); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(kB*1024/1e6, "MB-resident") // the kernel counts 1,024 bytes as one kB
		})
	}
}
