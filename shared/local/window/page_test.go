package window

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/local/mailbox"
	"github.com/replywell/replywell/shared/store"
)

// pageWorld is the page over HTTP, with what it submitted.
type pageWorld struct {
	*httptest.Server
	boxes *mailbox.Boxes
	files testFiles
	sent  []sentByPage
	fail  error
}

// today is when the page is looked at in these tests: two answers to one question
// are the same, whenever the test runs.
var today = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)

// noRecords is a store with one held mail and nothing else.
type noRecords struct{}

func (noRecords) Held(context.Context, int) ([]desk.Inbound, error) {
	return []desk.Inbound{{ReceivedAt: today.Add(-time.Hour), Reason: "it smells <odd>"}}, nil
}
func (noRecords) Inbound(context.Context, string) (desk.Inbound, error) {
	return desk.Inbound{}, store.ErrNotFound
}
func (noRecords) Messages(context.Context, desk.ConversationID, int, int) ([]desk.Message, error) {
	return nil, store.ErrNotFound
}
func (noRecords) Outbox(context.Context, string) (desk.OutboxItem, error) {
	return desk.OutboxItem{}, store.ErrNotFound
}

func berlin(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func testSettings() *desk.Settings {
	return &desk.Settings{Version: 1, Mode: desk.ModeSample, TrustLoopback: true,
		Mailboxes: []desk.Mailbox{{ID: "support", Name: "Shop", Address: "support@shop.example",
			Aliases: []string{"help@shop.example"}, ReplyBase: "@reply.shop.example", Agents: []string{"anna"}}},
		Agents: []desk.Agent{{ID: "anna", Name: "Anna Winter",
			Addresses: []string{"anna@team.example", "aw@team.example"}}},
		Customers: []desk.SampleCustomer{{Name: "Erika Muster", Address: "erika@customers.example"}}}
}

// testFiles is a data folder without durability.
type testFiles string

func (f testFiles) Path(parts ...string) string {
	return filepath.Join(append([]string{string(f)}, parts...)...)
}

func (f testFiles) Write(data []byte, parts ...string) error {
	at := f.Path(parts...)
	return errors.Join(os.MkdirAll(filepath.Dir(at), 0o700), os.WriteFile(at, data, 0o600))
}

type sentByPage struct {
	login, from string
	to          []string
	raw         []byte
}

func startPage(t *testing.T, change ...func(*window)) *pageWorld {
	t.Helper()
	files := testFiles(t.TempDir())
	w := &pageWorld{boxes: mailbox.New(files), files: files}
	p := &window{settings: testSettings(), mailboxes: w.boxes, now: func() time.Time { return today },
		random: func(b []byte) error { _, err := rand.Read(b); return err }, host: "desk.internal",
		zone: berlin(t), ours: func(a string) bool { return strings.HasSuffix(a, "shop.example") },
		provocations: []Provocation{{"bounce", "x"}},
		records:      noRecords{}, arrived: func(int) []string { return nil },
		blob: func(context.Context, string) ([]byte, error) { return nil, store.ErrNotFound },
		submit: func(login, from string, to []string, raw []byte) (string, error) {
			if w.fail == nil {
				w.sent = append(w.sent, sentByPage{login, from, to, raw})
			}
			return "", w.fail
		}}
	for _, c := range change {
		c(p)
	}
	w.Server = httptest.NewServer(p.handler())
	t.Cleanup(w.Close)
	return w
}

func (w *pageWorld) do(t *testing.T, r *http.Request) (*http.Response, string) {
	t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(body)
}

func (w *pageWorld) get(t *testing.T, path string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", w.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return w.do(t, r)
}

// form makes a submission as a browser on the page would.
func (w *pageWorld) form(t *testing.T, path string, fields map[string]string, files map[string]string) *http.Request {
	t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for k, v := range fields {
		if err := m.WriteField(k, v); err != nil {
			t.Fatal(err)
		}
	}
	for name, content := range files {
		f, err := m.CreateFormFile("attachments", name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), "POST", w.URL+path, &body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Origin", w.URL)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return r
}

func (w *pageWorld) put(t *testing.T, raw string) {
	t.Helper()
	if err := w.boxes.Put("erika@customers.example", mailbox.Inbox, "m1", []byte(raw)); err != nil {
		t.Fatal(err)
	}
}

func TestPageKeepsOtherSitesOut(t *testing.T) {
	w := startPage(t)
	for host, want := range map[string]int{"evil.example": 421, "evil.example:8025": 421, "localhost.evil.example": 421,
		"127.0.0.1.evil.example": 421,
		"127.0.0.1:8025":         200, "localhost": 200, "LOCALHOST:1": 200, "[::1]:8025": 200,
		"desk.internal:8025": 200} {
		r, err := http.NewRequestWithContext(t.Context(), "GET", w.URL+"/", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		if answer, _ := w.do(t, r); answer.StatusCode != want {
			t.Errorf("Host %q: %s", host, answer.Status)
		}
	}
	fields := map[string]string{"mailbox": "erika@customers.example", "to": "support@shop.example", "subject": "x",
		"text": "y"}
	for name, set := range map[string]func(http.Header){
		"a form elsewhere": func(h http.Header) {
			h.Set("Origin", "https://evil.example")
			h.Set("Sec-Fetch-Site", "cross-site")
		},
		"an old browser's": func(h http.Header) {
			h.Set("Origin", "https://evil.example")
			h.Del("Sec-Fetch-Site")
		},
		"a frame without an origin": func(h http.Header) { h.Set("Origin", "null"); h.Del("Sec-Fetch-Site") },
		"another port of the machine": func(h http.Header) {
			h.Set("Origin", "http://127.0.0.1:1")
			h.Set("Sec-Fetch-Site", "same-site")
		},
	} {
		r := w.form(t, "/send", fields, nil)
		set(r.Header)
		if answer, _ := w.do(t, r); answer.StatusCode != http.StatusForbidden || len(w.sent) != 0 {
			t.Errorf("%s: %s, %d sent", name, answer.Status, len(w.sent))
		}
	}
}

func TestPageShowsMailboxes(t *testing.T) {
	w := startPage(t)
	w.put(t, "From: \"<script>alert(1)</script>\" <a@b.example>\r\nSubject: <img src=x onerror=alert(2)>\r\n\r\nhi\r\n")
	for address, id := range map[string]string{"someone@else.example": "m2", "kim@team.example": "m3"} {
		if err := w.boxes.Put(address, mailbox.Inbox, id, []byte("Subject: y\r\n\r\n")); err != nil {
			t.Fatal(err)
		}
	}
	answer, home := w.get(t, "/")
	for _, want := range []string{"Erika Muster", "Anna Winter", "someone@else.example", "support@shop.example",
		"bounce@customers.example", "it smells &lt;odd&gt;", "Europe/Berlin"} {
		if !strings.Contains(home, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if agents := home[strings.Index(home, `class="pane right"`):]; !strings.Contains(agents, "kim@team.example") ||
		strings.Contains(agents, "someone@else.example") {
		t.Error("who is of the team's domain is not on its side")
	}
	if csp := answer.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") ||
		strings.Contains(csp, "unsafe") {
		t.Errorf("policy %q", csp)
	}
	_, mail := w.get(t, "/?left=erika@customers.example&left-open=inbox.m1")
	for _, body := range []string{home, mail} {
		if strings.Contains(body, "<script>alert") || strings.Contains(body, "<img") {
			t.Errorf("a stranger's text is markup:\n%s", body)
		}
		for _, m := range regexp.MustCompile(`(?:src|href|action)="([^"]*)"`).FindAllStringSubmatch(body, -1) {
			if !strings.HasPrefix(m[1], "/") && !strings.HasPrefix(m[1], "#") {
				t.Errorf("something is fetched from elsewhere: %s", m[0])
			}
		}
		if strings.Contains(body, " style=") || strings.Contains(body, " onclick=") {
			t.Error("the policy forbids what stands in the page")
		}
		if _, err := html.Parse(strings.NewReader(body)); err != nil {
			t.Error(err)
		}
	}
	for _, path := range []string{"/nothing", "/mail/erika@customers.example/inbox/none/html",
		"/mail/erika@customers.example/other/m1/source", "/mail/erika@customers.example/inbox/m1/part/7",
		"/mail/..%2f..%2fkeys.json/inbox/m1/source", "/mail/erika@customers.example/inbox/..%2f..%2f..%2fkeys/source"} {
		if answer, body := w.get(t, path); answer.StatusCode != 404 || !strings.Contains(body, "<h1>") {
			t.Errorf("%s: %s", path, answer.Status)
		}
	}
	for _, query := range []string{"left=erika@customers.example&left-open=inbox.none", "left-open=x",
		"left-open=other.m1", "right-open=inbox...%2f..%2fkeys",
		"left=%00%ff&left-open=%ff.%ff&left-page=-7&mail=../../x&see=what"} {
		if answer, _ := w.get(t, "/?"+query); answer.StatusCode != 200 {
			t.Errorf("%s: %s", query, answer.Status)
		}
	}
}

const htmlMail = "From: Shop <support@shop.example>\r\nTo: erika@customers.example\r\nReply-To: " +
	"<support+tag@shop.example>\r\nSubject: Re: Lamp\r\nMessage-ID: <m2@x>\r\nReferences: <m0@x> <m1@x>\r\n" +
	"Date: Mon, 02 Mar 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=r\r\n" +
	"\r\n" +
	"--r\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSee " +
	"https://shop.example/a?b=1&c=2. Or mailto:support+x@shop.example?subject=Re:%20A%20%26%20B\r\n" +
	"--b\r\nContent-Type: text/html\r\n\r\n<p>Hello <script>alert(1)</script><img src=\"cid:pic\"><img " +
	"src=\"http://track.example/1.gif\"></p>\r\n--b--\r\n" +
	"--r\r\nContent-Type: image/png; name=p.png\r\nContent-ID: <pic>\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
	"iVBORw0=\r\n" +
	"--r\r\nContent-Type: text/html\r\nContent-Disposition: attachment; filename=\"b\u00fcse.html\"\r\n\r\n" +
	"<script>alert(3)</script>\r\n--r--\r\n"

func TestPageShowsAMailSafely(t *testing.T) {
	w := startPage(t)
	w.put(t, htmlMail)
	open, base := "/?left=erika@customers.example&left-open=inbox.m1", "/mail/erika@customers.example/inbox/m1"
	_, view := w.get(t, open)
	if !strings.Contains(view, `sandbox title="The mail of Shop" src="`+base+`/html"`) ||
		strings.Contains(view, "alert(1)") {
		t.Errorf("the mail is shown so:\n%s", view)
	}
	answer, frame := w.get(t, base+"/html")
	if csp := answer.Header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "sandbox; default-src 'none'") ||
		strings.Contains(csp, "script-src") {
		t.Errorf("policy of the frame: %q", csp)
	}
	if !strings.Contains(frame, `src="data:image/png;base64,iVBORw0="`) {
		t.Errorf("the inline image is missing:\n%s", frame)
	}
	answer, raw := w.get(t, base+"/source")
	if raw != htmlMail || !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/plain") ||
		answer.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("source: %v", answer.Header)
	}
	if answer, raw = w.get(t, base+"/source?save"); raw != htmlMail ||
		answer.Header.Get("Content-Disposition") != "attachment; filename=m1.eml" {
		t.Errorf("saved: %v", answer.Header)
	}
	files := 0
	for _, m := range regexp.MustCompile(`href="(`+base+`/part/\d)"`).FindAllStringSubmatch(view, -1) {
		files++
		if answer, _ := w.get(t, m[1]); !strings.HasPrefix(answer.Header.Get("Content-Disposition"), "attachment") ||
			answer.Header.Get("Content-Type") != "application/octet-stream" {
			t.Errorf("%s: %v", m[1], answer.Header)
		}
	}
	if files != 2 {
		t.Errorf("%d attachments are offered", files)
	}
	_, text := w.get(t, open+"&left-as=text")
	for _, want := range []string{`href="https://shop.example/a?b=1&amp;c=2"`,
		`left-do=new&amp;left-subject=Re%3A+A+%26+B&amp;left-to=support%2Bx%40shop.example`} {
		if !strings.Contains(text, want) {
			t.Errorf("the text lacks %s:\n%s", want, text)
		}
	}
	if _, header := w.get(t, open+"&left-as=header"); !strings.Contains(header,
		"Reply-To: &lt;support&#43;tag@shop.example&gt;") || strings.Contains(header, "iVBORw0") {
		t.Errorf("the header is shown so:\n%s", header)
	}
}

// values reads what a form holds.
func values(t *testing.T, page string) map[string]string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for n := range doc.Descendants() {
		a := map[string]string{}
		for _, x := range n.Attr {
			a[x.Key] = x.Val
		}
		switch {
		case n.Data == "input" && a["type"] != "file" && a["type"] != "search":
			if name := a["name"]; name != "at" || out["at"] == "" {
				out[name] = a["value"]
			}
		case n.Data == "textarea" && n.FirstChild != nil:
			out[a["name"]] = n.FirstChild.Data
		}
	}
	return out
}

// one is the form of a side.
func (w *pageWorld) fill(t *testing.T, path string) map[string]string {
	t.Helper()
	_, page := w.get(t, path)
	return values(t, page)
}

const toReply = "/?left=erika@customers.example&left-open=inbox.m1&left-do=reply"

// Whatever program a reply is written with, and wherever in it, what is new in it
// is what was written.
func TestPageRepliesAsMailProgramsDo(t *testing.T) {
	for _, c := range clients {
		for _, place := range []string{"above", "below"} {
			for _, text := range []string{"Thank you!", "Hello,\r\n\r\nit works now.\r\nShall I send it back?", "1"} {
				w := startPage(t)
				w.put(t, htmlMail)
				v := w.fill(t, toReply)
				if v["to"] != "<support+tag@shop.example>" || v["subject"] != "Re: Lamp" || v["answers"] != "inbox.m1" {
					t.Fatalf("the form holds %+v", v)
				}
				v["text"], v["client"], v["place"] = text, c.ID, place
				answer, _ := w.do(t, w.form(t, "/send", v, map[string]string{"photo é.txt": "content"}))
				if answer.StatusCode != http.StatusSeeOther || len(w.sent) != 1 {
					t.Fatalf("%s, %v", answer.Status, w.sent)
				}
				s := w.sent[0]
				m := email.Read(s.raw, "")
				if s.from != "erika@customers.example" || s.to[0] != "support+tag@shop.example" ||
					m.From.Name != "Erika Muster" || m.Subject != "Re: Lamp" ||
					strings.Join(m.InReplyTo, " ") != "m2@x" || strings.Join(m.References, " ") != "m0@x m1@x m2@x" ||
					len(m.Attachments) != 1 || m.Attachments[0].Filename != "photo é.txt" || m.HTML == "" {
					t.Errorf("from %s to %v: %+v\n%s", s.from, s.to, m.Visible, s.raw)
				}
				own := strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(m.Visible.Visible),
					"Sent from my iPhone"))
				if want := strings.ReplaceAll(text, "\r\n", "\n"); own != want {
					t.Errorf("%s, %s the quote: of %q is read %q\n%s", c.Name, place, want, m.Visible.Visible,
						m.PlainText)
				}
				if !strings.Contains(m.PlainText, "See https://shop.example") || !strings.Contains(m.HTML, "Hello") {
					t.Errorf("%s quotes nothing:\n%s", c.Name, m.PlainText)
				}
				if threads, _, err := w.boxes.Threads("erika@customers.example", ""); err != nil || len(threads) != 1 ||
					len(threads[0].Mails) != 2 {
					t.Errorf("the reply is not in the thread: %+v, %v", threads, err)
				}
			}
		}
	}
}

func TestHowSomebodyWritesIsRemembered(t *testing.T) {
	w := startPage(t)
	w.put(t, htmlMail)
	v := w.fill(t, toReply)
	v["text"], v["client"], v["place"] = "x", "outlook", "below"
	answer, _ := w.do(t, w.form(t, "/send", v, nil))
	cookies := answer.Cookies()
	if len(cookies) != 1 || !cookies[0].HttpOnly || cookies[0].SameSite != http.SameSiteStrictMode {
		t.Fatalf("cookies: %v", cookies)
	}
	chosen := func(cookie string) string {
		r, err := http.NewRequestWithContext(t.Context(), "GET", w.URL+toReply, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Cookie", cookie)
		_, body := w.do(t, r)
		return strings.Join(regexp.MustCompile(`<option value="\w+" selected>[^<]*`).FindAllString(body, -1), " ")
	}
	if got := chosen(cookies[0].Name + "=" + cookies[0].Value); !strings.Contains(got, "Outlook") ||
		!strings.Contains(got, "below") {
		t.Errorf("chosen is %q", got)
	}
	for _, damaged := range []string{"habits=%%%", "habits=erika%40customers.example=x.y", ""} {
		if got := chosen(damaged); !strings.Contains(got, "Gmail") || strings.Contains(got, "below") {
			t.Errorf("with the cookie %q chosen is %q", damaged, got)
		}
	}
}

func TestPageKeepsWhatWasTypedWhenItCannotBeSent(t *testing.T) {
	w := startPage(t)
	w.put(t, htmlMail)
	if err := w.boxes.Put("anna@team.example", mailbox.Inbox, "m1", []byte(htmlMail)); err != nil {
		t.Fatal(err)
	}
	w.fail = errors.New("550 5.1.1 <x@y.example> is no address of this system")
	v := map[string]string{"side": "right", "mailbox": "anna@team.example", "from": "aw@team.example",
		"to": "x@y.example", "subject": "A \"quoted\" one", "text": "\nline <b>\r\n", "answers": "inbox.m1",
		"client": "apple", "place": "below", "at": "right=anna%40team.example&right-open=inbox.m1&right-do=reply"}
	for name, tc := range map[string]struct {
		to, says string
	}{"refused by the server": {"x@y.example", "550 5.1.1"}, "no address": {"nobody", "is not a list of addresses"},
		"a line break": {"a@b.example\r\nBcc: c@d.example", "is not a list"}} {
		v["to"] = tc.to
		answer, page := w.do(t, w.form(t, "/send", v, nil))
		got := values(t, page)
		if answer.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, tc.says) ||
			got["subject"] != v["subject"] || !strings.Contains(got["text"], "line <b>") ||
			got["answers"] != "inbox.m1" || !strings.Contains(page, `<option selected>aw@team.example`) ||
			!strings.Contains(page, `<option value="apple" selected>`) {
			t.Errorf("%s: %s %+v\n%s", name, answer.Status, got, page)
		}
	}
	v["to"], v["cc"] = "a@b.example", "nobody"
	if answer, page := w.do(t, w.form(t, "/send", v, nil)); answer.StatusCode != 422 ||
		!strings.Contains(page, "copies to whom?") || values(t, page)["cc"] != "nobody" {
		t.Errorf("a copy to nobody: %s\n%s", answer.Status, page)
	}
	delete(v, "cc")
	v["from"], v["to"], w.fail = "erika@customers.example", "support@shop.example", nil
	w.do(t, w.form(t, "/send", v, nil))
	if len(w.sent) != 1 || w.sent[0].from != "anna@team.example" {
		t.Errorf("an agent's mailbox wrote as a customer: %+v", w.sent)
	}
	answer, page := w.do(t, w.form(t, "/send", v, map[string]string{"big": strings.Repeat("x", maxForm)}))
	if answer.StatusCode != http.StatusRequestEntityTooLarge || !strings.Contains(page, "too large") {
		t.Errorf("too large: %s", answer.Status)
	}
	v["answers"] = "inbox.gone"
	if answer, page := w.do(t, w.form(t, "/send", v, nil)); answer.StatusCode != 404 ||
		!strings.Contains(page, "is gone") {
		t.Errorf("an answer to nothing: %s", answer.Status)
	}
}

func TestNothingEmptyIsSentWithoutAWord(t *testing.T) {
	w := startPage(t)
	w.put(t, htmlMail)
	for name, tc := range map[string]struct {
		text, answers string
		files         map[string]string
		sent          bool
	}{
		"nothing":             {text: " \r\n"},
		"a reply of nothing":  {text: "\r\n\r\n", answers: "inbox.m1"},
		"words":               {text: "Yes.", answers: "inbox.m1", sent: true},
		"a file alone":        {answers: "inbox.m1", files: map[string]string{"a.txt": "x"}, sent: true},
		"a digit":             {text: "1", answers: "inbox.m1", sent: true},
		"a mail that is none": {text: "Please tell me:", sent: true},
	} {
		w.sent = nil
		v := map[string]string{"side": "left", "mailbox": "erika@customers.example", "to": "support@shop.example",
			"subject": "x", "text": tc.text, "answers": tc.answers}
		answer, page := w.do(t, w.form(t, "/send", v, tc.files))
		if tc.sent != (len(w.sent) == 1) || !tc.sent && !strings.Contains(page, "written nothing") {
			t.Errorf("%s: %s, %d sent", name, answer.Status, len(w.sent))
		}
		if !tc.sent {
			v["empty"] = "yes"
			if w.do(t, w.form(t, "/send", v, nil)); len(w.sent) != 1 {
				t.Errorf("%s: not sent though it is meant", name)
			}
		}
	}
}

func TestPageRepliesToAllAndSendsCopies(t *testing.T) {
	w := startPage(t)
	w.put(t, "From: Shop <support@shop.example>\r\nTo: erika@customers.example, Max <max@customers.example>\r\nCc: "+
		"Lee <lee@else.example>, ERIKA@customers.example\r\nSubject: x\r\nMessage-ID: <m2@x>\r\n\r\nhi\r\n")
	cc := w.fill(t, "/?left=erika@customers.example&left-open=inbox.m1&left-do=all")["cc"]
	if !strings.Contains(cc, "max@customers.example") || !strings.Contains(cc, "lee@else.example") ||
		strings.Contains(strings.ToLower(cc), "erika") {
		t.Errorf("copies go to %q", cc)
	}
	v := map[string]string{"mailbox": "erika@customers.example", "to": "support@shop.example",
		"cc": "Anna <anna@team.example>", "subject": "x", "text": "y"}
	w.do(t, w.form(t, "/send", v, nil))
	if len(w.sent) != 1 || w.sent[0].login != "erika@customers.example" ||
		strings.Join(w.sent[0].to, " ") != "support@shop.example" || len(email.Read(w.sent[0].raw, "").Cc) != 1 {
		t.Fatalf("sent: %+v", w.sent)
	}
	if mails, err := w.boxes.List("anna@team.example", 10); len(mails) != 1 || err != nil || !mails[0].Unread {
		t.Errorf("the copy did not come: %v, %v", mails, err)
	}
}

func TestListsArePagedInOneOrderWithUnreadMarks(t *testing.T) {
	w := startPage(t)
	for i := range 50 {
		id := fmt.Sprintf("m%03d", i)
		if err := w.boxes.Put("erika@customers.example", mailbox.Inbox, id,
			fmt.Appendf(nil, "From: a@b.example\r\nSubject: Re: Mail %03d\r\nIn-Reply-To: <a@b>\r\n\r\nThe words of "+
				"%03d.\r\n\r\nOn Mon, 2 Mar 2026 at 10:00, Shop <s@shop.example> wrote:\r\n> old words\r\n", i,
				i)); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(w.files.Path("mailboxes", "erika@customers.example", mailbox.Inbox, id+".eml"), today,
			today); err != nil {
			t.Fatal(err)
		}
	}
	subject := regexp.MustCompile(`Mail (\d{3})`)
	seen := map[string]bool{}
	for _, page := range []string{"", "?left-page=2", "?left-page=3", "?left-page=99"} {
		_, first := w.get(t, "/"+page)
		if _, again := w.get(t, "/"+page); again != first {
			t.Errorf("page %q is another the second time", page)
		}
		for _, m := range subject.FindAllString(first, -1) {
			seen[m] = true
		}
		if strings.Contains(first, "old words") {
			t.Error("a snippet shows what was quoted")
		}
	}
	if len(seen) != 50 {
		t.Errorf("%d of 50 mails are on the pages", len(seen))
	}
	if all, unread := w.boxes.Count("erika@customers.example"); all != 50 || unread != 50 {
		t.Errorf("%d, %d unread", all, unread)
	}
	w.get(t, "/?left=erika@customers.example&left-open=inbox.m007")
	w.get(t, "/?left=erika@customers.example&left-open=inbox.m007")
	if _, unread := w.boxes.Count("erika@customers.example"); unread != 49 {
		t.Errorf("%d unread after one was opened", unread)
	}
	if _, found := w.get(t, "/?left-find=subject%3A%22mail+031%22"); !strings.Contains(found, "Mail 031") ||
		strings.Contains(found, "Mail 032") {
		t.Error("the search does not find it alone")
	}
	if _, none := w.get(t, "/?left-find=nowhere"); !strings.Contains(none, "Nothing fits “nowhere”") {
		t.Error("a search that finds nothing does not say so")
	}
}

// A window of a real desk shows and does nothing.
func TestAReadOnlyWindowHasNoForms(t *testing.T) {
	w := startPage(t, func(p *window) { p.readOnly = true })
	w.put(t, htmlMail)
	for _, path := range []string{"/", "/?left-do=new", toReply} {
		_, body := w.get(t, path)
		if strings.Contains(body, `method="post"`) || strings.Contains(body, "<textarea") ||
			strings.Contains(body, "-do=") || !strings.Contains(body, "read only") {
			t.Errorf("%s:\n%s", path, body)
		}
	}
	for _, path := range []string{"/send", "/sample/angry", "/day/play"} {
		if answer, _ := w.do(t, w.form(t, path, map[string]string{"mailbox": "erika@customers.example",
			"to": "support@shop.example", "text": "y"}, nil)); answer.StatusCode < 400 || len(w.sent) != 0 {
			t.Errorf("%s: %s", path, answer.Status)
		}
	}
}

// Any path and query gets a page.
func FuzzPage(f *testing.F) {
	f.Add("/mail/erika@customers.example/inbox/m1/html", "save")
	f.Add("/",
		"left=%00&left-subject=%0d%0a&left-do=new&left-open=inbox.x&right-page=9999999999999999999&mail=x&sample=angry")
	p := &window{settings: testSettings(), mailboxes: mailbox.New(testFiles(f.TempDir())),
		now: func() time.Time { return today }, zone: time.UTC, records: noRecords{},
		arrived: func(int) []string { return nil }, blob: func(context.Context, string) ([]byte, error) {
			return nil,
				store.ErrNotFound
		}}
	handler := p.handler()
	f.Fuzz(func(t *testing.T, path, query string) {
		u, err := url.Parse("http://localhost/" + strings.TrimPrefix(path, "/"))
		if err != nil || u.Host != "localhost" {
			return
		}
		u.RawQuery = query
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, &http.Request{Method: "GET", URL: u, Host: "localhost", Header: http.Header{},
			Body: http.NoBody})
		if w.Code >= 500 {
			t.Fatalf("%s: %d %s", u, w.Code, w.Body)
		}
	})
}
