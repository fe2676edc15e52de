package functions

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/replyaddr"
	deskhome "github.com/replywell/replywell/shared/home"
	"github.com/replywell/replywell/shared/inbound"
	"github.com/replywell/replywell/shared/index"
	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine/bolt"
	"github.com/replywell/replywell/shared/wiring"
)

// shopYear is a made-up shop over the wired services: mails come in as MIME, the agent
// reads the notification and answers it by mail, and every few minutes and every
// night happens what the schedules do. Only the embedding model is left out, for
// the time it takes. Customers name each topic by words of their own, of which no
// article has any, and with words that mean nothing.
type shopYear struct {
	*testing.T
	in       *inbound.Service
	learner  *index.Service
	reader   *index.Reader
	store    *store.Store
	blobs    *bench.Blobs
	articles *bench.Bucket
	now      time.Time
	random   *rand.Rand
	topics   []topic
	n        int
	changed  bool // an article, so that the index is built anew
}

var yearStart = time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)

type topic struct {
	title, text string   // of the article that is right
	words       []string // the customers'
}

var yearTopics = [][3]string{
	{"returns", "Sending goods back",
		"parcel box wrong size unhappy swap exchange mistake colour ugly unsuitable regret"},
	{"delivery", "Delivery times",
		"waiting arrive courier where still days late tracking van neighbour doorbell depot"},
	{"invoices", "Paying by invoice",
		"bill bank transfer company tax paper accountant vat receipt bookkeeping iban quarter"},
	{"access", "Changing your sign-in",
		"locked login forgotten reset entry app username phone blocked screen digits session"},
	{"warranty", "Warranty", "broken cracked stopped flickers dead smoke snapped dull buzzing loose hinge wobbly"},
	{"vouchers", "Gift vouchers",
		"present code birthday redeem balance friend christmas grandmother envelope expired card gift"},
	{"spares", "Spare parts", "bulb socket shade cable screw glass switch plug holder replacement drawing missing"},
	{"trade", "Terms for trade customers",
		"hotel restaurant bulk fifty quantity discount architect project rooms lobby quote contract"},
}

func newShopYear(t *testing.T) *shopYear {
	e, err := bolt.Open(filepath.Join(t.TempDir(), "store.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	keys, err := replyaddr.NewKeyring(1, map[uint8][]byte{1: []byte(strings.Repeat("k", 32))})
	if err != nil {
		t.Fatal(err)
	}
	y := &shopYear{T: t, now: yearStart, random: rand.New(rand.NewPCG(3, 5)), blobs: &bench.Blobs{}}
	y.articles = &bench.Bucket{Blobs: &bench.Blobs{}, Published: map[string][]byte{}}
	for _, s := range yearTopics {
		text := fmt.Sprintf("We explain here how this works in our shop. %s: read the page from top to bottom, "+
			"follow its three steps, and keep the confirmation of %s.", s[1], s[0])
		y.articles.Published[s[0]+".md"] = []byte("# " + s[1] + "\n\n" + text)
		y.topics = append(y.topics, topic{s[1], text, strings.Fields(s[2])})
	}
	settings := func(context.Context) (*desk.Settings, error) {
		return &desk.Settings{Mailboxes: []desk.Mailbox{
				{ID: "support", Address: "support@shop.example", Name: "Shop", ReplyBase: "support@shop.example",
					Agents: []string{"anna"}, Language: "en"}},
				Agents:        []desk.Agent{{ID: "anna", Name: "Anna", Addresses: []string{"anna@team.example"}}},
				Notifications: desk.NotificationPolicy{Most: 100, Window: time.Minute},
				SolvedAfter:   7 * 24 * time.Hour},
			nil
	}
	now := func() time.Time { return y.now }
	y.store = store.New(e, now)
	y.learner = &index.Service{Bucket: y.articles, Store: y.store, Now: now}
	y.reader = &index.Reader{Bucket: y.articles, Store: y.store, Now: now}
	random := rand.NewChaCha8([32]byte{9})
	h := &deskhome.Home{Store: y.store, Blobs: y.blobs, Settings: settings, Keys: keys, Now: now, Random: random}
	y.in = wiring.Receiving(h, y.reader.Knowledge, nil, nil).Inbound
	return y
}

func (y *shopYear) must(err error) {
	y.Helper()
	if err != nil {
		y.Fatal(err)
	}
}

func (y *shopYear) receive(from, to, subject, text string) desk.Inbound {
	y.Helper()
	y.n++
	id := fmt.Sprint("mail-", y.n)
	raw := fmt.Sprintf("From: %s\r\nTo: %s\r\nSubject: %s\r\nMessage-ID: <%s@mail.example>\r\nContent-Type: "+
		"text/plain; charset=utf-8\r\n\r\n%s\r\n", from, to, subject, id, strings.ReplaceAll(text, "\n", "\r\n"))
	y.must(y.blobs.Put(y.Context(), id, []byte(raw)))
	pass := desk.VerdictPass
	in, err := y.in.Receive(y.Context(), inbound.Delivery{ID: id, Raw: id, MailFrom: from, Recipients: []string{to},
		ReceivedAt: y.now, Size: len(raw),
		Verdicts: desk.Verdicts{SPF: pass, DKIM: pass, DMARC: pass, Spam: pass, Virus: pass}})
	y.must(err)
	return in
}

var readyAnswer = regexp.MustCompile(`(?m)^Answer (\d): (.+)$`)

// exchange is a customer's mail about a topic and the agent's answer to it. It
// gives the titles that were offered, and whether the agent sent one of them.
func (y *shopYear) exchange(k int) (offered []string, accepted bool) {
	y.Helper()
	t := y.topics[k]
	pick := func() string { return t.words[y.random.IntN(len(t.words))] }
	filler := []string{"table", "kitchen", "sunday", "uncle", "window", "green", "yellow", "garden", "noise", "letter",
		"summer", "family"}
	any := func() string { return filler[y.random.IntN(len(filler))] }
	in := y.receive(fmt.Sprintf("customer%d@customers.example", y.n), "support@shop.example", "Hello",
		fmt.Sprintf("Good day,\n\nthe %s has a %s, and with the %s the %s is %s. My %s says the %s.\n\nKim", pick(),
			any(), pick(), any(), pick(), any(), any()))
	item, err := y.store.Outbox(y.Context(), desk.DerivedID(in.ID, string(desk.OutboxNotification), "anna"))
	y.must(err)
	raw, err := y.blobs.Get(y.Context(), item.Raw)
	y.must(err)
	told := email.Read(raw, "")
	number := ""
	for _, m := range readyAnswer.FindAllStringSubmatch(told.PlainText, -1) {
		offered = append(offered, m[2])
		if m[2] == t.title {
			number = m[1]
		}
	}
	y.now = y.now.Add(40 * time.Minute)
	text := "Hello,\n\n" + t.text + "\n\nAnna" // found by hand, in the folder
	switch {
	case y.random.IntN(12) == 0:
		text = "Hello,\n\nI have looked into it and it is done now.\n\nAnna" // not every answer is an article's
	case number != "":
		text, accepted = "#send "+number, true
	}
	if in := y.receive("anna@team.example", told.ReplyTo[0].Address, "Re: "+told.Subject, text); in.Outcome !=
		desk.OutcomeAgent {
		y.Fatalf("the agent's answer: %s (%s)", in.Outcome, in.Reason)
	}
	return offered, accepted
}

// day is two mails in working hours, with what the schedules do.
func (y *shopYear) day(mails func() int) (offered [][]string, accepted int) {
	y.Helper()
	if kbDays := int(y.now.Sub(yearStart).Hours()) / 24; kbDays%7 == 0 || y.changed {
		y.must(y.learner.RebuildAll(y.Context())) // each night in production
		y.changed = false
	}
	start := y.now
	for range 2 {
		o, ok := y.exchange(mails())
		offered = append(offered, o)
		if ok {
			accepted++
		}
		_, err := y.learner.Learn(y.Context())
		y.must(err)
		y.now = y.now.Add(2 * time.Hour)
	}
	y.now = start.AddDate(0, 0, 1)
	return offered, accepted
}

// A year of answers teaches: more and more of what is offered is sent. In the
// seventh month a product is renamed, and its customers use other words from
// one day to the next. In the tenth the rules change: the article that was right
// for nine months is wrong, and agents send another one from then on.
func TestAYearThroughTheServices(t *testing.T) {
	y := newShopYear(t)
	var acceptance [12]float64
	var renamed, bad []int // by day: renamed topics that were offered right; mails that had the bad article first
	for month := range 12 {
		ok, all := 0, 0
		if month == 6 {
			y.topics[3].words = strings.Fields("passkey vault wallet badge signet keyring fingerprint stick enrol " +
				"token beacon pairing")
		}
		if month == 9 {
			y.topics[4].title = "Guarantee since October"
			y.topics[4].text = "Since October the workshop repairs it on the spot. Call there in the morning, bring " +
				"the receipt along, and wait for about an hour."
			y.articles.Published["guarantee.md"] = []byte("# Guarantee since October\n\n" + y.topics[4].text)
			y.changed = true
		}
		for day := range 28 {
			topics := func() int { return y.random.IntN(len(y.topics)) }
			if month == 6 && day%2 == 0 {
				topics = func() int { return 3 }
			}
			if month == 9 {
				topics = func() int { return []int{4, y.random.IntN(len(y.topics))}[y.n/2%2] }
			}
			offered, accepted := y.day(topics)
			ok, all = ok+accepted, all+len(offered)
			if month == 6 && day%2 == 0 {
				right := 0
				for _, o := range offered {
					if slices.Contains(o, "Changing your sign-in") {
						right++
					}
				}
				renamed = append(renamed, right)
			}
			if month == 9 {
				first := 0
				for _, o := range offered {
					if len(o) > 0 && o[0] == "Warranty" {
						first++
					}
				}
				bad = append(bad, first)
			}
		}
		acceptance[month] = float64(ok) / float64(all)
	}
	t.Logf("sent of all mails, by month: %.2f", acceptance)
	t.Logf("of two mails about the renamed product, offered right, by day: %v", renamed)
	t.Logf("of one mail a day about it, the article that became wrong came first, by day: %v", bad)
	if acceptance[1] <= acceptance[0] || acceptance[2] <= acceptance[1] || slices.Min(acceptance[2:6]) < 0.8 ||
		slices.Min(acceptance[10:]) < 0.75 {
		t.Errorf("sent of all mails, by month: %.2f; want it to rise and to stay", acceptance)
	}
	if sum(renamed[:2]) > 2 || sum(renamed[7:]) < 10 {
		t.Errorf("the renamed product was offered right, by day: %v; want it to be known within a week", renamed)
	}
	if sum(bad[:3]) == 0 || sum(bad[7:]) > 1 {
		t.Errorf("the article that became wrong came first, by day: %v; want it gone within a week", bad)
	}
	// What was learnt can be folded anew from the log, to the last bit.
	daily, lost := y.learnt()
	lost.State = "lost"
	y.must(y.store.SetLearned(t.Context(), &lost))
	_, err := y.learner.Learn(t.Context())
	y.must(err)
	if anew, stored := y.learnt(); !reflect.DeepEqual(anew, daily) {
		t.Errorf("folded anew it is\n%s\nand day by day\n%+v", stored.State, daily)
	}
}

// learnt is what was learnt, as of this day.
func (y *shopYear) learnt() (*kb.Learned, store.Learned) {
	y.Helper()
	stored, err := y.store.Learned(y.Context())
	y.must(err)
	l, err := kb.ReadLearned([]byte(stored.State))
	y.must(err)
	l.Settle(kb.Day(y.now))
	l.Recent = nil // depends on the day on which it is written
	return l, stored
}

func sum(ns []int) (n int) {
	for _, x := range ns {
		n += x
	}
	return n
}
