package metrics_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/cloud/moto"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/metrics"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine"
)

func TestMain(m *testing.M) { os.Exit(moto.Main(m)) }

const anna = "anna@team.lantern.example"

func writeConversation(w *bench.World, c *desk.Conversation) {
	w.Helper()
	if err := w.Store.Commit(w.Context(), &store.Change{Conversation: c}); err != nil {
		w.Fatal(err)
	}
}

// mortal is an engine under a process that ends at its nth write, before or after it
// took place, and writes no more until it is started again.
type mortal struct {
	engine.Engine
	mu     sync.Mutex
	ends   int // at this write; 0: never
	after  bool
	writes int
	dead   bool
}

func (m *mortal) Write(ctx context.Context, writes ...engine.Write) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.dead {
		return errEnded
	}
	if m.writes++; m.writes == m.ends {
		m.dead = true
		if m.after {
			_ = m.Engine.Write(ctx, writes...)
		}
		return errEnded
	}
	return m.Engine.Write(ctx, writes...)
}

// receiver is a server of the test's own that gets what is posted.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	status []int // of the next answers; 0 takes it and does not answer
	bodies [][]byte
	heads  []http.Header
}

func newReceiver(t *testing.T) *receiver {
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		r.mu.Lock()
		defer r.mu.Unlock()
		status := http.StatusOK
		if len(r.status) > 0 {
			status, r.status = r.status[0], r.status[1:]
		}
		if status == http.StatusOK || status == 0 {
			r.bodies, r.heads = append(r.bodies, body), append(r.heads, q.Header.Clone())
		}
		if status == 0 {
			panic(http.ErrAbortHandler)
		}
		w.WriteHeader(status)
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) got() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.bodies)
}

const signing = "a key of thirty-two characters..."

// posting is a service with a week behind it that posts to the receiver.
func posting(w *bench.World, r *receiver) *metrics.Service {
	happened(w, desk.Event{Kind: desk.EventOpened, Conversation: "a"})
	w.Pass(8 * 24 * time.Hour)
	s := &metrics.Service{Home: w.Home(), Client: r.Client()}
	s.Posting = metrics.Posting{Webhook: r.URL + "/hook/secret", Signing: signing}
	return s
}

// Wherever the process ends, a report is posted once and mailed once: never twice, and
// where nobody can know whether it arrived, no more.
func TestAReportIsNeverPostedTwice(t *testing.T) {
	for name, open := range map[string]func(*testing.T) engine.Engine{
		"bolt": func(t *testing.T) engine.Engine { return bench.Bolt(t) }, "dynamo": bench.Dynamo} {
		t.Run(name, func(t *testing.T) {
			for _, after := range []bool{false, true} {
				for ends, ended := 1, true; ended; ends++ {
					ended = t.Run(fmt.Sprint(ends, after), func(t *testing.T) {
						ended = endsAt(t, open(t), ends,
							after)
					}) && ended
				}
			}
		})
	}
}

// endsAt has the process end at a write, and reports whether there were so many.
func endsAt(t *testing.T, e engine.Engine, ends int, after bool) (ended bool) {
	m := &mortal{Engine: e}
	w, r := bench.Over(t, m), newReceiver(t)
	s := posting(w, r)
	if err := s.RollUpDays(t.Context()); err != nil { // the writes that count are those of posting
		t.Fatal(err)
	}
	m.writes, m.ends, m.after = 0, ends, after
	_ = s.PostLast(t.Context())
	ended = m.dead
	m.dead, m.ends = false, 0
	for range 4 { // started again, and again
		w.Pass(20 * time.Minute)
		if err := errors.Join(s.PostLast(t.Context()), s.PostDue(t.Context())); err != nil {
			t.Error(err)
		}
	}
	report(w) // fails where there is not one
	if n := r.got(); n > 1 || n == 0 && !ended {
		t.Errorf("posted %d times", n)
	}
	return ended
}

// What a place answers decides whether it is tried again.
func TestWhatFailedIsTriedAgain(t *testing.T) {
	for _, c := range []struct {
		name   string
		status []int
		hours  int
		posted int
		says   string
	}{
		{"at once", nil, 1, 1, ""},
		{"busy, then free", []int{503, 429, 500, 200}, 30, 1, "it is tried again"},
		{"refused", []int{404, 200}, 30, 0, "check the webhook"},
		{"sent elsewhere", []int{302, 200}, 30, 0, "check the webhook"},
		{"took it and did not answer", []int{0, 200}, 30, 1, "nobody knows whether it arrived"},
		{"a gateway in between gave up", []int{504, 200}, 30, 0, "nobody knows whether it arrived"},
	} {
		w, r := bench.New(t), newReceiver(t)
		s := posting(w, r)
		r.status = c.status
		said := ""
		if err := s.PostLast(t.Context()); err != nil {
			said = err.Error()
		}
		for range c.hours {
			w.Pass(time.Hour)
			_ = s.PostDue(t.Context())
		}
		if !strings.Contains(said, c.says) || strings.Contains(said, "secret") || r.got() != c.posted {
			t.Errorf("%s: posted %d times; %q", c.name, r.got(), said)
		}
	}
	w, r := bench.New(t), newReceiver(t)
	s := posting(w, r)
	r.Close()
	if err := s.PostLast(t.Context()); err == nil || !strings.Contains(err.Error(),
		"cannot be reached; it is tried again") ||
		strings.Contains(err.Error(), "hook") && strings.Contains(err.Error(), r.URL) {
		t.Errorf("with no server: %v", err)
	}
}

// The signature can be checked by whoever has the key, and by nobody else; the form is
// the documented one.
func TestWhatAWebhookGets(t *testing.T) {
	w, r := bench.New(t), newReceiver(t)
	s := posting(w, r)
	if err := s.PostLast(t.Context()); err != nil || r.got() != 1 {
		t.Fatalf("%d, %v", r.got(), err)
	}
	body, head := r.bodies[0], r.heads[0]
	if want := metrics.Signature(signing, head.Get("Replywell-Timestamp"),
		body); head.Get("Replywell-Signature") != want ||
		metrics.Signature(signing+"x", head.Get("Replywell-Timestamp"), body) == want {
		t.Errorf("signed %s, want %s", head.Get("Replywell-Signature"), want)
	}
	var p metrics.Posted
	if err := json.Unmarshal(body, &p); err != nil || p.Form != "replywell.posted/1" || p.Period != "week" ||
		p.Report.Form != metrics.ExportForm || len(p.Report.Mailboxes) == 0 ||
		p.Delivery != head.Get("Replywell-Delivery") {
		t.Errorf("%v: %+v", err, p)
	}
	for _, agent := range w.Settings.Agents {
		if bytes.Contains(body, []byte(agent.ID)) || bytes.Contains(body, []byte(agent.Name)) {
			t.Errorf("%s stands in it", agent.Name)
		}
	}
}

// Slack gets blocks with the figures, and the picture by its three calls.
func TestWhatSlackGets(t *testing.T) {
	w, hook := bench.New(t), newReceiver(t)
	s := posting(w, hook)
	c := &desk.Conversation{ID: "c1c1c1c1c1c0", Mailbox: "support", Opened: w.Now().Add(-100 * time.Hour),
		Activity: w.Now(), Customer: desk.Person{Address: "c@x.example"}}
	c.CustomerWrote(w.Now().Add(-100*time.Hour), "", nil)
	writeConversation(w, c)
	var calls []string
	var pictured []byte
	mux := http.NewServeMux()
	api := httptest.NewServer(mux)
	defer api.Close()
	say := func(name string, answer func(*http.Request) string) {
		mux.HandleFunc("/"+name, func(rw http.ResponseWriter, q *http.Request) {
			calls = append(calls, name)
			_, _ = io.WriteString(rw, answer(q))
		})
	}
	length := ""
	say("files.getUploadURLExternal", func(q *http.Request) string {
		length = q.PostFormValue("length")
		if q.Header.Get("Authorization") != "Bearer xoxb-1" {
			return `{"ok":false,"error":"not_authed"}`
		}
		return fmt.Sprintf(`{"ok":true,"upload_url":"%s/upload","file_id":"F1"}`, api.URL)
	})
	say("upload", func(q *http.Request) string { pictured, _ = io.ReadAll(q.Body); return "OK" })
	say("files.completeUploadExternal", func(q *http.Request) string {
		if q.PostFormValue("channel_id") != "C1" || !strings.Contains(q.PostFormValue("files"), `"id":"F1"`) {
			return `{"ok":false,"error":"no_file"}`
		}
		return `{"ok":true}`
	})
	s.Posting = metrics.Posting{Slack: hook.URL, Token: "xoxb-1", Channel: "C1"}
	s.SlackAt(api.URL + "/")
	for range 3 {
		if err := s.PostLast(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if want := []string{"files.getUploadURLExternal", "upload", "files.completeUploadExternal"}; !slices.Equal(calls,
		want) {
		t.Errorf("calls %v", calls)
	}
	if img, err := png.Decode(bytes.NewReader(pictured)); err != nil || img.Bounds().Dx() < 400 ||
		length != fmt.Sprint(len(pictured)) {
		t.Errorf("a picture of %s bytes: %v", length, err)
	}
	var said struct {
		Text   string
		Blocks []struct {
			Type string
			Text struct{ Text string }
		}
	}
	if err := json.Unmarshal(hook.bodies[0], &said); err != nil || hook.got() != 1 || len(said.Blocks) < 3 ||
		said.Blocks[0].Type != "header" || !strings.HasPrefix(said.Blocks[0].Text.Text, "1 customer waits") ||
		!strings.Contains(string(hook.bodies[0]), "█") {
		t.Errorf("%v, %d: %s", err, hook.got(), hook.bodies[0])
	}
	// Without its right Slack says so in a 200.
	w, hook = bench.New(t), newReceiver(t)
	s = posting(w, hook)
	writeConversation(w, &desk.Conversation{ID: c.ID, Mailbox: c.Mailbox, Opened: c.Opened, Activity: c.Activity,
		Customer: c.Customer, State: desk.StateOpen, Messages: 1, CustomerMessages: 1})
	s.Posting = metrics.Posting{Token: "xoxb-2", Channel: "C1"}
	s.SlackAt(api.URL + "/")
	if err := s.PostLast(t.Context()); err == nil || !strings.Contains(err.Error(), "not_authed") {
		t.Errorf("without a right: %v", err)
	}
}

// Whatever a name leads to, nothing is posted to an address that is not public.
func TestPostingReachesPublicAddressesOnly(t *testing.T) {
	r := newReceiver(t)
	_, port, _ := strings.Cut(strings.TrimPrefix(r.URL, "http://"), ":")
	for _, host := range []string{"127.0.0.1", "localhost", "10.0.0.1", "169.254.169.254", "[::1]",
		"[::ffff:127.0.0.1]",
		"192.168.1.1", "172.16.0.9", "100.64.0.1", "0.0.0.0", "[fd00::1]", "[fe80::1]", "[64:ff9b::7f00:1]"} {
		w := bench.New(t)
		s := posting(w, r)
		s.Client, s.Posting.Webhook = nil, "http://"+host+":"+port
		err := s.PostLast(t.Context())
		if err == nil || !strings.Contains(err.Error(), "not public") || !desk.IsPermanent(err) {
			t.Errorf("%s: %v", host, err)
		}
	}
	w := bench.New(t)
	s := posting(w, r)
	s.Client, s.Posting.AllowPrivate = nil, true
	if err := s.PostLast(t.Context()); err != nil || r.got() != 1 {
		t.Errorf("where it is allowed: %v, %d", err, r.got())
	}
}

// What is wrong with the secret is said, and nothing of it.
func TestReadingWhereReportsArePosted(t *testing.T) {
	long := strings.Repeat("k", 32)
	for text, want := range map[string]string{
		`{"webhook": "https://hooks.slack.com/x"}`:                             "",
		`{"bot_token": "xoxb-1", "channel": "C1"}`:                             "",
		`{"post_to": "https://x.example/hook", "signing_key": "` + long + `"}`: "",
		`{}`:    "it names no place",
		`hello`: "a JSON object",
		`{"webhok": "https://hooks.slack.com/x"}`:                                   "a JSON object",
		`{"webhook": "http://hooks.slack.com/s3cret"}`:                              "webhook has to be an https:// URL",
		`{"post_to": "https://u:s3cret@x.example/", "signing_key": "` + long + `"}`: "user's name",
		`{"post_to": "https://x.example/s3cret"}`:                                   "needs a signing_key of 32",
		`{"post_to": "https://x.example/s3cret", "signing_key": "s3cret"}`:          "needs a signing_key of 32",
		`{"post_to": "file:///etc/s3cret", "signing_key": "` + long + `"}`:          "https:// URL",
		`{"bot_token": "s3cret"}`:                                                   "belong together",
	} {
		_, err := metrics.ReadPosting([]byte(text))
		if (err == nil) != (want == "") || err != nil && (!strings.Contains(err.Error(), want) ||
			strings.Contains(err.Error(), "s3cret")) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// Days, weeks and months are posted once, at the team's time, across both changes of
// its clocks; a mailbox's readers get that mailbox alone; files and measures are kept.
func TestDaysWeeksAndMonthsAcrossChangesOfClocks(t *testing.T) {
	for _, from := range []string{"2026-03-20", "2026-10-16"} {
		w := bench.New(t)
		z, _ := time.LoadLocation("Europe/Berlin")
		start, _ := time.ParseInLocation(time.DateOnly, from, z)
		settings := *w.Settings
		settings.Report = desk.ReportPolicy{To: []string{anna}, TimeZone: "Europe/Berlin", At: 7 * 60, Keep: true,
			Measures: true,
			Every:    []desk.Period{desk.Daily, desk.Weekly, desk.Monthly},
			Mailboxes: []desk.MailboxMail{{Mailbox: "support", To: []string{"lead@lantern.example"},
				Every: []desk.Period{desk.Daily}}}}
		w.Settings = &settings
		files, measured := map[string]int{}, map[string]int{}
		s := &metrics.Service{Home: w.Home(),
			Keep:    func(_ context.Context, name string, data []byte) error { files[name]++; return nil },
			Measure: func(mailbox, period string, values map[string]float64) { measured[period]++ }}
		sent := map[string][]time.Time{}
		known := map[string]bool{}
		w.Pass(start.Sub(w.Now()))
		for w.Now().Before(start.AddDate(0, 0, 20)) {
			if w.Now().In(z).Hour() == 12 {
				happened(w, desk.Event{Kind: desk.EventOpened, Conversation: "a"})
			}
			w.Pass(time.Hour)
			if err := s.PostDue(t.Context()); err != nil {
				t.Fatal(err)
			}
			for _, o := range w.Due() {
				if o.Kind == desk.OutboxReport && !known[o.ID] {
					known[o.ID] = true
					key := strings.Join(o.To, ",")
					sent[key] = append(sent[key], w.Now().In(z))
				}
			}
		}
		month := 1 // ended on the way
		days := sent["lead@lantern.example"]
		if len(days) != 19 || len(sent[anna]) != 19+month {
			t.Errorf("%s: %d and %d reports", from, len(days), len(sent[anna]))
		}
		for i, at := range days {
			if at.Hour() != 7 || i > 0 && at.YearDay()-days[i-1].YearDay() != 1 {
				t.Errorf("%s: posted at %v", from, at)
			}
		}
		if measured["day"] != 19 || measured["month"] != month || len(files) != 3*(19+month) {
			t.Errorf("%s: measured %v, %d files", from, measured, len(files))
		}
		for name, n := range files {
			if n != 1 {
				t.Errorf("%s was written %d times", name, n)
			}
		}
	}
}
