package page

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

// noRecords is a store with one held mail and nothing else.
type noRecords struct{}

func (noRecords) Held(context.Context, int) ([]desk.Inbound, error) {
	return []desk.Inbound{{ReceivedAt: time.Now(), Reason: "it smells <odd>"}}, nil
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

func testSettings() *desk.Settings {
	return &desk.Settings{Version: 1, Mode: desk.ModeSample, TrustLoopback: true,
		Mailboxes: []desk.Mailbox{{ID: "support", Name: "Shop", Address: "support@shop.example", Aliases: []string{"help@shop.example"}, ReplyBase: "@reply.shop.example", Agents: []string{"anna"}}},
		Agents:    []desk.Agent{{ID: "anna", Name: "Anna Winter", Addresses: []string{"anna@team.example", "aw@team.example"}}},
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

func startPage(t *testing.T) *pageWorld {
	t.Helper()
	files := testFiles(t.TempDir())
	w := &pageWorld{boxes: mailbox.New(files), files: files}
	p := &page{settings: testSettings(), mailboxes: w.boxes, now: time.Now, random: func(b []byte) error { _, err := rand.Read(b); return err }, host: "desk.internal",
		zone: time.UTC, ours: func(a string) bool { return strings.HasSuffix(a, "shop.example") }, provocations: []Provocation{{"bounce", "x"}},
		records: noRecords{}, arrived: func(int) []string { return nil },
		submit: func(login, from string, to []string, raw []byte) (string, error) {
			if w.fail == nil {
				w.sent = append(w.sent, sentByPage{login, from, to, raw})
			}
			return "", w.fail
		}}
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
	for host, want := range map[string]int{"evil.example": 421, "evil.example:8025": 421, "localhost.evil.example": 421, "127.0.0.1.evil.example": 421,
		"127.0.0.1:8025": 200, "localhost": 200, "LOCALHOST:1": 200, "[::1]:8025": 200, "desk.internal:8025": 200} {
		r, err := http.NewRequestWithContext(t.Context(), "GET", w.URL+"/", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		if answer, _ := w.do(t, r); answer.StatusCode != want {
			t.Errorf("Host %q: %s", host, answer.Status)
		}
	}
	fields := map[string]string{"to": "support@shop.example", "subject": "x", "text": "y"}
	for name, set := range map[string]func(http.Header){
		"a form elsewhere":            func(h http.Header) { h.Set("Origin", "https://evil.example"); h.Set("Sec-Fetch-Site", "cross-site") },
		"an old browser's":            func(h http.Header) { h.Set("Origin", "https://evil.example"); h.Del("Sec-Fetch-Site") },
		"a frame without an origin":   func(h http.Header) { h.Set("Origin", "null"); h.Del("Sec-Fetch-Site") },
		"another port of the machine": func(h http.Header) { h.Set("Origin", "http://127.0.0.1:1"); h.Set("Sec-Fetch-Site", "same-site") },
	} {
		r := w.form(t, "/mailbox/erika@customers.example/send", fields, nil)
		set(r.Header)
		if answer, _ := w.do(t, r); answer.StatusCode != http.StatusForbidden || len(w.sent) != 0 {
			t.Errorf("%s: %s, %d sent", name, answer.Status, len(w.sent))
		}
	}
}

func TestPageShowsMailboxes(t *testing.T) {
	w := startPage(t)
	w.put(t, "From: \"<script>alert(1)</script>\" <a@b.example>\r\nSubject: <img src=x onerror=alert(2)>\r\n\r\nhi\r\n")
	if err := w.boxes.Put("someone@else.example", mailbox.Inbox, "m2", []byte("Subject: y\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	answer, home := w.get(t, "/")
	for _, want := range []string{"Erika Muster", "Anna Winter", "someone@else.example", "support@shop.example", "bounce@customers.example", "it smells &lt;odd&gt;"} {
		if !strings.Contains(home, want) {
			t.Errorf("the first page lacks %q", want)
		}
	}
	if csp := answer.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
		t.Errorf("policy %q", csp)
	}
	_, list := w.get(t, "/mailbox/erika@customers.example")
	_, mail := w.get(t, "/mailbox/erika@customers.example/inbox/m1")
	for _, body := range []string{home, list, mail} {
		if strings.Contains(body, "<script>alert") || strings.Contains(body, "<img") {
			t.Errorf("a stranger's text is markup:\n%s", body)
		}
		for _, m := range regexp.MustCompile(`(?:src|href|action)="([^"]*)"`).FindAllStringSubmatch(body, -1) {
			if !strings.HasPrefix(m[1], "/") && !strings.HasPrefix(m[1], "#") {
				t.Errorf("something is fetched from elsewhere: %s", m[0])
			}
		}
		if _, err := html.Parse(strings.NewReader(body)); err != nil {
			t.Error(err)
		}
	}
	for _, path := range []string{"/nothing", "/mailbox/erika@customers.example/inbox/none", "/mailbox/erika@customers.example/other/m1", "/mailbox/erika@customers.example/inbox/m1/part/7",
		"/mailbox/..%2f..%2fkeys.json/inbox/m1", "/mailbox/erika@customers.example/inbox/..%2f..%2f..%2fkeys"} {
		if answer, body := w.get(t, path); answer.StatusCode != 404 || !strings.Contains(body, "<h1>") {
			t.Errorf("%s: %s", path, answer.Status)
		}
	}
}

const htmlMail = "From: Shop <support@shop.example>\r\nTo: erika@customers.example\r\nReply-To: <support+tag@shop.example>\r\nSubject: Re: Lamp\r\nMessage-ID: <m2@x>\r\nReferences: <m0@x> <m1@x>\r\n" +
	"Date: Mon, 02 Mar 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=r\r\n\r\n" +
	"--r\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSee https://shop.example/a?b=1&c=2. Or mailto:support+x@shop.example?subject=Re:%20A%20%26%20B\r\n" +
	"--b\r\nContent-Type: text/html\r\n\r\n<p>Hello <script>alert(1)</script><img src=\"cid:pic\"><img src=\"http://track.example/1.gif\"></p>\r\n--b--\r\n" +
	"--r\r\nContent-Type: image/png; name=p.png\r\nContent-ID: <pic>\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0=\r\n" +
	"--r\r\nContent-Type: text/html\r\nContent-Disposition: attachment; filename=\"b\u00fcse.html\"\r\n\r\n<script>alert(3)</script>\r\n--r--\r\n"

func TestPageShowsAMailSafely(t *testing.T) {
	w := startPage(t)
	w.put(t, htmlMail)
	base := "/mailbox/erika@customers.example/inbox/m1"
	_, view := w.get(t, base)
	if !strings.Contains(view, `<iframe class="mail" sandbox title="The mail" src="`+base+`/html">`) || strings.Contains(view, "alert(1)") {
		t.Errorf("the mail is shown so:\n%s", view)
	}
	answer, frame := w.get(t, base+"/html")
	if csp := answer.Header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "sandbox; default-src 'none'") || strings.Contains(csp, "script-src") {
		t.Errorf("policy of the frame: %q", csp)
	}
	if !strings.Contains(frame, `src="data:image/png;base64,iVBORw0="`) {
		t.Errorf("the inline image is missing:\n%s", frame)
	}
	answer, raw := w.get(t, base+"/raw")
	if raw != htmlMail || !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/plain") || answer.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("raw: %v", answer.Header)
	}
	files := 0
	for _, m := range regexp.MustCompile(`href="(`+base+`/part/\d)"`).FindAllStringSubmatch(view, -1) {
		files++
		if answer, _ := w.get(t, m[1]); !strings.HasPrefix(answer.Header.Get("Content-Disposition"), "attachment") || answer.Header.Get("Content-Type") != "application/octet-stream" {
			t.Errorf("%s: %v", m[1], answer.Header)
		}
	}
	if files != 2 {
		t.Errorf("%d attachments are offered", files)
	}
	_, text := w.get(t, base+"?as=text")
	for _, want := range []string{`href="https://shop.example/a?b=1&amp;c=2"`, `href="/mailbox/erika@customers.example/write?subject=Re%3A+A+%26+B&amp;to=support%2Bx%40shop.example"`} {
		if !strings.Contains(text, want) {
			t.Errorf("the text lacks %s:\n%s", want, text)
		}
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
		case n.Data == "input" && a["type"] != "file":
			out[a["name"]] = a["value"]
		case n.Data == "textarea" && n.FirstChild != nil:
			out[a["name"]] = n.FirstChild.Data
		}
	}
	return out
}

func TestPageRepliesAsAMailProgramDoes(t *testing.T) {
	w := startPage(t)
	w.put(t, htmlMail)
	_, page := w.get(t, "/mailbox/erika@customers.example/inbox/m1/reply")
	v := values(t, page)
	if !strings.HasPrefix(v["text"], "\n\nOn 2 Mar 2026 at ") || !strings.Contains(v["text"], "Shop wrote:\n> See https") {
		t.Errorf("quoted so: %q", v["text"])
	}
	v["text"] = "Thank you!\r\n" + strings.ReplaceAll(v["text"], "\n", "\r\n")
	answer, _ := w.do(t, w.form(t, "/mailbox/erika@customers.example/send", v, map[string]string{"photo é.txt": "content"}))
	if answer.StatusCode != http.StatusSeeOther || answer.Header.Get("Location") != "/mailbox/erika@customers.example?sent" || len(w.sent) != 1 {
		t.Fatalf("%s, %v", answer.Status, w.sent)
	}
	s := w.sent[0]
	m := email.Read(s.raw, "")
	if s.from != "erika@customers.example" || s.to[0] != "support+tag@shop.example" || m.From.Name != "Erika Muster" || m.Subject != "Re: Lamp" ||
		strings.Join(m.InReplyTo, " ") != "m2@x" || strings.Join(m.References, " ") != "m0@x m1@x m2@x" || m.Visible.Visible != "Thank you!" ||
		len(m.Attachments) != 1 || m.Attachments[0].Filename != "photo é.txt" || m.HTML == "" {
		t.Errorf("from %s to %v: %+v\n%s", s.from, s.to, m.Visible, s.raw)
	}
	if _, list := w.get(t, "/mailbox/erika@customers.example?sent"); !strings.Contains(list, "sent to") || !strings.Contains(list, `role="status"`) {
		t.Errorf("what was sent is not shown:\n%s", list)
	}
}

func TestPageKeepsWhatWasTypedWhenItCannotBeSent(t *testing.T) {
	w := startPage(t)
	w.fail = errors.New("550 5.1.1 <x@y.example> is no address of this system")
	v := map[string]string{"from": "aw@team.example", "to": "x@y.example", "subject": "A \"quoted\" one", "text": "\nline <b>\r\n", "in-reply-to": "a@b", "references": "a@b"}
	for name, tc := range map[string]struct {
		to, says string
	}{"refused by the server": {"x@y.example", "550 5.1.1"}, "no address": {"nobody", "is not a list of addresses"}, "a line break": {"a@b.example\r\nBcc: c@d.example", "is not a list"}} {
		v["to"] = tc.to
		answer, page := w.do(t, w.form(t, "/mailbox/anna@team.example/send", v, nil))
		got := values(t, page)
		if answer.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, tc.says) || got["subject"] != v["subject"] || !strings.Contains(got["text"], "line <b>") ||
			got["in-reply-to"] != "a@b" || !strings.Contains(page, `<option selected>aw@team.example`) {
			t.Errorf("%s: %s %+v\n%s", name, answer.Status, got, page)
		}
	}
	v["to"], v["cc"] = "a@b.example", "nobody"
	if answer, page := w.do(t, w.form(t, "/mailbox/anna@team.example/send", v, nil)); answer.StatusCode != 422 || !strings.Contains(page, "copies to whom?") || values(t, page)["cc"] != "nobody" {
		t.Errorf("a copy to nobody: %s\n%s", answer.Status, page)
	}
	delete(v, "cc")
	v["from"], v["to"], w.fail = "erika@customers.example", "support@shop.example", nil
	w.do(t, w.form(t, "/mailbox/anna@team.example/send", v, nil))
	if len(w.sent) != 1 || w.sent[0].from != "anna@team.example" {
		t.Errorf("an agent's mailbox wrote as a customer: %+v", w.sent)
	}
	answer, page := w.do(t, w.form(t, "/mailbox/anna@team.example/send", v, map[string]string{"big": strings.Repeat("x", maxForm)}))
	if answer.StatusCode != http.StatusRequestEntityTooLarge || !strings.Contains(page, "too large") {
		t.Errorf("too large: %s", answer.Status)
	}
}

func TestNothingEmptyIsSentWithoutAWord(t *testing.T) {
	w := startPage(t)
	quote := "\r\n\r\nOn 2 Mar 2026 at 11:00, Shop wrote:\r\n> Does it work?\r\n"
	for name, tc := range map[string]struct {
		text, inReplyTo string
		files           map[string]string
		sent            bool
	}{
		"nothing":             {text: " \r\n"},
		"a quote alone":       {text: quote, inReplyTo: "a@b"},
		"words above a quote": {text: "Yes." + quote, inReplyTo: "a@b", sent: true},
		"a file alone":        {text: quote, inReplyTo: "a@b", files: map[string]string{"a.txt": "x"}, sent: true},
		"words that end so":   {text: "Please tell me:", sent: true},
		"such words in reply": {text: "Please tell me:", inReplyTo: "a@b", sent: true},
		"a digit":             {text: "1" + quote, inReplyTo: "a@b", sent: true},
	} {
		w.sent = nil
		v := map[string]string{"to": "support@shop.example", "subject": "x", "text": tc.text, "in-reply-to": tc.inReplyTo}
		answer, page := w.do(t, w.form(t, "/mailbox/erika@customers.example/send", v, tc.files))
		if tc.sent != (len(w.sent) == 1) || !tc.sent && !strings.Contains(page, "written nothing") {
			t.Errorf("%s: %s, %d sent", name, answer.Status, len(w.sent))
		}
		if !tc.sent {
			v["empty"] = "yes"
			if w.do(t, w.form(t, "/mailbox/erika@customers.example/send", v, nil)); len(w.sent) != 1 {
				t.Errorf("%s: not sent though it is meant", name)
			}
		}
	}
}

func TestPageRepliesToAllAndSendsCopies(t *testing.T) {
	w := startPage(t)
	w.put(t, "From: Shop <support@shop.example>\r\nTo: erika@customers.example, Max <max@customers.example>\r\nCc: Lee <lee@else.example>, ERIKA@customers.example\r\nSubject: x\r\nMessage-ID: <m2@x>\r\n\r\nhi\r\n")
	_, page := w.get(t, "/mailbox/erika@customers.example/inbox/m1/reply?all=1")
	if cc := values(t, page)["cc"]; !strings.Contains(cc, "max@customers.example") || !strings.Contains(cc, "lee@else.example") || strings.Contains(strings.ToLower(cc), "erika") {
		t.Errorf("copies go to %q", cc)
	}
	v := map[string]string{"to": "support@shop.example", "cc": "Anna <anna@team.example>", "subject": "x", "text": "y"}
	w.do(t, w.form(t, "/mailbox/erika@customers.example/send", v, nil))
	if len(w.sent) != 1 || w.sent[0].login != "erika@customers.example" || strings.Join(w.sent[0].to, " ") != "support@shop.example" || len(email.Read(w.sent[0].raw, "").Cc) != 1 {
		t.Fatalf("sent: %+v", w.sent)
	}
	if mails, n, err := w.boxes.List("anna@team.example", 0, 10); n != 1 || err != nil || !mails[0].Unread {
		t.Errorf("the copy did not come: %v, %v", mails, err)
	}
}

func TestListsArePagedInOneOrderWithUnreadMarks(t *testing.T) {
	w := startPage(t)
	at := time.Now()
	for i := range 120 {
		id := fmt.Sprintf("m%03d", i)
		if err := w.boxes.Put("erika@customers.example", mailbox.Inbox, id, fmt.Appendf(nil, "From: a@b.example\r\nSubject: Re: Mail %03d\r\nIn-Reply-To: <a@b>\r\n\r\nThe words of %03d.\r\n\r\nOn Mon, 2 Mar 2026 at 10:00, Shop <s@shop.example> wrote:\r\n> old words\r\n", i, i)); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(w.files.Path("mailboxes", "erika@customers.example", mailbox.Inbox, id+".eml"), at, at); err != nil {
			t.Fatal(err)
		}
	}
	subject := regexp.MustCompile(`Mail (\d{3})`)
	seen := map[string]bool{}
	for _, page := range []string{"", "?page=2", "?page=3"} {
		_, first := w.get(t, "/mailbox/erika@customers.example"+page)
		if _, again := w.get(t, "/mailbox/erika@customers.example"+page); again != first {
			t.Errorf("page %q is in another order the second time", page)
		}
		for _, m := range subject.FindAllString(first, -1) {
			seen[m] = true
		}
		if strings.Contains(first, "old words") {
			t.Error("a snippet shows what was quoted")
		}
	}
	if len(seen) != 120 {
		t.Errorf("%d of 120 mails are on the pages", len(seen))
	}
	if all, unread := w.boxes.Count("erika@customers.example"); all != 120 || unread != 120 {
		t.Errorf("%d, %d unread", all, unread)
	}
	w.get(t, "/mailbox/erika@customers.example/inbox/m007")
	w.get(t, "/mailbox/erika@customers.example/inbox/m007")
	if _, unread := w.boxes.Count("erika@customers.example"); unread != 119 {
		t.Errorf("%d unread after one was opened", unread)
	}
}

// Any path and query gets a page.
func FuzzPage(f *testing.F) {
	f.Add("/mailbox/erika@customers.example/inbox/m1", "as=text")
	f.Add("/mailbox/%2e%2e/inbox/..", "to=%00&subject=%0d%0a")
	p := &page{settings: testSettings(), mailboxes: mailbox.New(testFiles(f.TempDir())), now: time.Now, zone: time.UTC, records: noRecords{}, arrived: func(int) []string { return nil }}
	handler := p.handler()
	f.Fuzz(func(t *testing.T, path, query string) {
		u, err := url.Parse("http://localhost/" + strings.TrimPrefix(path, "/"))
		if err != nil || u.Host != "localhost" {
			return
		}
		u.RawQuery = query
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, &http.Request{Method: "GET", URL: u, Host: "localhost", Header: http.Header{}, Body: http.NoBody})
		if w.Code >= 500 {
			t.Fatalf("%s: %d %s", u, w.Code, w.Body)
		}
	})
}
