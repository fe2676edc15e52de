package proof_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/config"
	"github.com/replywell/replywell/shared/delivery"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/events"
	"github.com/replywell/replywell/shared/home"
	"github.com/replywell/replywell/shared/inbound"
	"github.com/replywell/replywell/shared/index"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/metrics"
	"github.com/replywell/replywell/shared/schedule"
	"github.com/replywell/replywell/shared/send"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine"
	"github.com/replywell/replywell/shared/store/engine/dynamo/inprocess"
	"github.com/replywell/replywell/shared/wiring"
)

// office is a desk and the world around it: what outlives every process.
type office struct {
	stage
	settings *desk.Settings
	keys     *replyaddr.Keyring
	engine   engine.Engine
	table    *inprocess.Table // what the engine asks, where it is of this process
	blobs    bench.Blobs
	confirms bool // SES; else a plain relay
	skies    skies

	queue struct {
		sync.Mutex
		mail   []inbound.Delivery // accepted, and not yet taken in
		wakes  [][]string
		events []confirmation
	}
	arrived []inbound.Delivery
	markers map[string]string // of each delivery: what its mail says
	taken   []taken
	inboxes map[string][]taken // by address, as people have them
}

// confirmation is an event of SES on its way.
type confirmation struct {
	desk.DeliveryEvent
	accepted time.Time
}

// taken is a mail that the carrier took.
type taken struct {
	send.Mail
	SentID  string
	at      time.Time
	process *process
	read    *email.Mail
}

// messageID is the id that the recipient sees.
func (m taken) messageID() string {
	if m.SentID != "" {
		return m.SentID + "@eu-central-1.amazonses.com"
	}
	return m.MessageID
}

var sample = sync.OnceValues(func() (*desk.Settings, error) { return config.Parse(config.Sample, "sample") })

func newOffice(e engine.Engine, confirms bool, say func(string, ...any)) (*office, error) {
	settings, err := sample()
	if err != nil {
		return nil, err
	}
	own := *settings
	own.Mailboxes = slices.Clone(own.Mailboxes)
	keys, err := replyaddr.NewKeyring(1, map[uint8][]byte{1: []byte("a key for tests, of 32 bytes and more")})
	if err != nil {
		return nil, err
	}
	o := &office{skies: skies{bad: bad{route: weathers[0]}}, settings: &own, keys: keys, engine: e, confirms: confirms,
		markers: map[string]string{},
		inboxes: map[string][]taken{}}
	o.say = say
	if t, ok := e.(tabled); ok {
		o.table = t.Table
	}
	return o, nil
}

func (o *office) current(context.Context) (*desk.Settings, error) { return o.settings, nil }

// store is the store without faults.
func (o *office) store() *store.Store { return store.New(o.engine, time.Now) }

// seam is what a process sees of the engine: each call is a step.
type seam struct {
	engine.Engine
	*process
	skies *skies
}

func (s seam) Get(ctx context.Context, keys ...engine.Key) (items []engine.Item, err error) {
	err = s.at(ctx, fmt.Sprintf("get %s (%d)", short(keys[0]), len(keys)), func() error {
		if err := s.skies.read(); err != nil {
			return err
		}
		items, err = s.Engine.Get(ctx, keys...)
		return err
	})
	return items, err
}

func (s seam) Query(ctx context.Context, q engine.Query) (page engine.Page, err error) {
	err = s.at(ctx, fmt.Sprintf("query %.30s", q.Partition), func() error {
		if err := s.skies.read(); err != nil {
			return err
		}
		page, err = s.Engine.Query(ctx, q)
		return err
	})
	return page, err
}

func (s seam) Write(ctx context.Context, writes ...engine.Write) error {
	var keys []string
	for _, w := range writes {
		if w.Item.Kind != "event" && w.Item.Kind != "message-id" {
			keys = append(keys, fmt.Sprintf("%s v%d", short(w.Item.Key), w.Item.Version))
		}
	}
	sort.Strings(keys)
	return s.at(ctx, fmt.Sprintf("write %s (%d)", strings.Join(keys, ", "), len(writes)), func() error {
		if err := s.skies.write(); err != nil {
			return err
		}
		err := s.Engine.Write(ctx, writes...)
		if err != nil {
			s.say("      %v", err)
		}
		return err
	})
}

func short(k engine.Key) string {
	kind, id, _ := strings.Cut(k.Partition, "#")
	if len(id) > 8 {
		id = id[:8]
	}
	if strings.HasPrefix(k.Sort, "message#") {
		return kind + " " + id + " " + strings.TrimLeft(strings.TrimPrefix(k.Sort, "message#"), "0")
	}
	return kind + " " + id
}

// blobSeam is what a process sees of the blobs.
type blobSeam struct {
	*process
	office *office
}

func (b blobSeam) Put(ctx context.Context, key string, data []byte) error {
	return b.at(ctx, "keep "+key, func() error {
		if err := b.office.skies.room(); err != nil {
			return err
		}
		return b.office.blobs.Put(ctx, key, data)
	})
}

func (b blobSeam) Get(ctx context.Context, key string) (data []byte, err error) {
	err = b.at(ctx, "read "+key, func() error {
		data, err = b.office.blobs.Get(ctx, key)
		return err
	})
	return data, err
}

// carrier takes mail, and tells of it by events where it confirms.
type carrier struct {
	*process
	office *office
}

func (c carrier) Confirms() bool                        { return c.office.confirms }
func (c carrier) Rate(context.Context) (float64, error) { return 1e6, nil }

func (c carrier) Send(ctx context.Context, m send.Mail) (sentID string, err error) {
	err = c.at(ctx, fmt.Sprintf("carry %.8s to %v", m.Outbox, m.To), func() error {
		sentID = c.office.take(c.process, m)
		return nil
	})
	if errors.Is(err, errThrottled) {
		err = &delivery.Error{Err: err, Response: delivery.Response{Stage: delivery.StageService,
			Name: "TooManyRequestsException", Text: "Maximum sending rate exceeded."}}
	}
	return sentID, err
}

// take is where a mail leaves us for good.
func (o *office) take(p *process, m send.Mail) (sentID string) {
	o.queue.Lock()
	defer o.queue.Unlock()
	if o.confirms {
		sentID = fmt.Sprintf("0107019abc-%04d", len(o.taken))
		o.queue.events = append(o.queue.events, confirmation{
			desk.DeliveryEvent{Outbox: m.Outbox, SentID: sentID, Kind: desk.DeliverySend, At: time.Now(), ID: "send " +
				sentID}, time.Now()})
	}
	t := taken{Mail: m, SentID: sentID, at: time.Now(), process: p, read: email.Read(m.Raw, m.From)}
	o.taken = append(o.taken, t)
	for _, to := range m.To {
		o.inboxes[to] = append(o.inboxes[to], t)
	}
	return sentID
}

// services are what a process runs.
type services struct {
	inbound  *inbound.Service
	send     *send.Service
	events   *events.Service
	schedule *schedule.Service
	metrics  *metrics.Service
}

func (o *office) services(p *process) services {
	now := func() time.Time { return time.Now().Add(o.skies.wrong() + p.skew) }
	s := store.New(o.seen(p), now)
	blobs := blobSeam{p, o}
	wake := func(ctx context.Context, ids []string) {
		_ = p.at(ctx, fmt.Sprintf("wake the sender for %d", len(ids)), func() error {
			o.queue.Lock()
			defer o.queue.Unlock()
			o.queue.wakes = append(o.queue.wakes, ids)
			return nil
		})
	}
	h := &home.Home{Store: s, Blobs: blobs, Settings: o.current, Keys: o.keys, Wake: wake, Now: now, Random: p}
	mail := wiring.Receiving(h, func(context.Context) (noArticles, error) { return noArticles{}, nil }, nil, nil)
	return services{inbound: mail.Inbound, events: mail.Events, schedule: wiring.Schedule(h),
		send: wiring.Sending(h, stormy{carrier{p, o}, o.skies.out}, nil), metrics: wiring.Metrics(h, index.Found{})}
}

// noArticles is an empty knowledge base.
type noArticles struct{}

func (noArticles) Suggest(string, string, int) []desk.Suggestion { return nil }

func (noArticles) Article(string) (article.Article, bool) { return article.Article{}, false }
