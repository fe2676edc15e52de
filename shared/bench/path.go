package bench

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/confirm"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/inbound"
	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/kb/encoders"
	"github.com/replywell/replywell/shared/schedule"
	"github.com/replywell/replywell/shared/send"
	"github.com/replywell/replywell/shared/wiring"
)

// Trusted are the verdicts of a mail that its sender's domain vouches for.
var Trusted = desk.Verdicts{SPF: desk.VerdictPass, DKIM: desk.VerdictPass, DMARC: desk.VerdictPass,
	Spam: desk.VerdictPass, Virus: desk.VerdictPass}

// Forged are the verdicts of a mail that its From domain does not vouch for.
var Forged = desk.Verdicts{SPF: desk.VerdictPass, DKIM: desk.VerdictGray, DMARC: desk.VerdictFail,
	Spam: desk.VerdictPass, Virus: desk.VerdictPass}

// Path is a World with the services of a mail's way wired together: what
// arrives is judged and carried out, and what waits is sent to a Post.
type Path struct {
	*World
	Inbound  *inbound.Service
	Confirm  *confirm.Service
	Send     *send.Service
	Schedule *schedule.Service
	Post     *Post

	mu   sync.Mutex
	came int
}

// NewPath opens a path over an empty store and the sample knowledge base.
func NewPath(t *testing.T) *Path {
	t.Helper()
	return PathOver(New(t))
}

// PathOver opens a path in a world, over the sample knowledge base.
func PathOver(w *World) *Path {
	w.Helper()
	x, err := sampleIndex()
	if err != nil {
		w.Fatal(err)
	}
	p := &Path{World: w, Post: &Post{}}
	mail := wiring.Receiving(w.Home(), func(context.Context) (wiring.Knowledge, error) { return x, nil },
		encoders.Form{}, nil)
	p.Schedule = wiring.Schedule(w.Home())
	p.Inbound, p.Confirm, p.Send = mail.Inbound, mail.Confirm, wiring.Sending(w.Home(), p.Post, nil)
	p.Send.InTurn = true // whether a mail sees that the one it tells of has left is chance otherwise
	return p
}

// oneAnswer offers the same article for everything: how articles are ranked is
// not what a Path is about.
type oneAnswer struct {
	*kb.Index
	first article.Article
}

func (o oneAnswer) Suggest(string, string, int) []desk.Suggestion {
	return []desk.Suggestion{{Article: o.first.ID, Title: o.first.Title}}
}

// sampleIndex is the sample knowledge base, read once for all tests.
var sampleIndex = sync.OnceValues(func() (oneAnswer, error) {
	articles, err := article.Load(article.Sample())
	if err != nil {
		return oneAnswer{}, err
	}
	return oneAnswer{kb.Build(articles, nil, encoders.Model()), articles[0]}, nil
})

// Arrival is one mail as the receiving service hands it over.
type Arrival struct {
	From     string   // envelope sender
	To       []string // envelope recipients
	Verdicts desk.Verdicts
	Raw      string // lines end in LF or CR LF
}

// Arrive hands one mail to the services and gives what became of it.
func (p *Path) Arrive(a Arrival) desk.Inbound {
	p.Helper()
	in, err := p.Try(a)
	if err != nil {
		p.Fatal(err)
	}
	return in
}

// Try is Arrive for mail that the services may fail at.
func (p *Path) Try(a Arrival) (desk.Inbound, error) {
	p.Helper()
	p.mu.Lock()
	p.came++
	id := fmt.Sprintf("mail-%d", p.came)
	p.mu.Unlock()
	raw := []byte(strings.ReplaceAll(strings.ReplaceAll(a.Raw, "\r\n", "\n"), "\n", "\r\n"))
	if err := p.blobs().Put(p.Context(), "mail/"+id, raw); err != nil {
		p.Fatal(err)
	}
	return p.Inbound.Receive(p.Context(), inbound.Delivery{ID: id, Raw: "mail/" + id, MailFrom: a.From,
		Recipients: a.To,
		ReceivedAt: p.Now(), Verdicts: a.Verdicts, Size: len(raw)})
}

// Sent sends what is due, and gives it as its recipients read it, in the order
// in which it left.
func (p *Path) Sent() []Sent {
	p.Helper()
	// Lanes are swept side by side: whether what a refusal caused leaves in the same sweep
	// is chance, so it is swept until nothing is tried.
	for {
		tried := p.Post.tries()
		if err := p.Send.Sweep(p.Context()); err != nil {
			p.Fatal(err)
		}
		if p.Post.tries() == tried {
			return p.Post.take()
		}
	}
}

// Later lets time pass, and does each minute what the schedules do; it gives what
// was sent.
func (p *Path) Later(d time.Duration) (out []Sent) {
	p.Helper()
	for end := p.Now().Add(d); p.Now().Before(end); {
		p.Pass(min(time.Minute, end.Sub(p.Now())))
		if _, err := p.Schedule.Run(p.Context()); err != nil {
			p.Fatal(err)
		}
		out = append(out, p.Sent()...)
	}
	return out
}

// Conversation reads the conversation that a mail came into.
func (p *Path) Conversation(in desk.Inbound) desk.Conversation {
	p.Helper()
	c, err := p.Store.Conversation(p.Context(), in.Conversation)
	if err != nil {
		p.Fatal(err)
	}
	return c
}

// Messages reads all messages of the conversation that a mail came into.
func (p *Path) Messages(in desk.Inbound) []desk.Message {
	p.Helper()
	ms, err := p.Store.Messages(p.Context(), in.Conversation, 1, 0)
	if err != nil {
		p.Fatal(err)
	}
	return ms
}

// Sent is a mail that was sent, read back.
type Sent struct {
	send.Mail
	Read *email.Mail
}

// Post is a carrier that takes everything and keeps it. The zero value is ready.
type Post struct {
	Refuse func(send.Mail) error // nil: everything is taken

	mu    sync.Mutex
	mail  []Sent
	tried int
}

// Send keeps the mail; its Message-ID stands.
func (p *Post) Send(_ context.Context, m send.Mail) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tried++
	if p.Refuse != nil {
		if err := p.Refuse(m); err != nil {
			return "", err
		}
	}
	p.mail = append(p.mail, Sent{m, email.Read(m.Raw, m.From)})
	return "", nil
}

// Confirms says no: an accepted mail is sent.
func (p *Post) Confirms() bool { return false }

// Rate does not hold tests up.
func (p *Post) Rate(context.Context) (float64, error) { return 1e6, nil }

// tries is how many mails it was given, those that it refused too.
func (p *Post) tries() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.tried
}

func (p *Post) take() []Sent {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := p.mail
	p.mail = nil
	return out
}

// Outside gives the mails that left for anybody who is not an agent of the
// settings.
func (p *Path) Outside(mails []Sent) (out []Sent) {
	agents := map[string]bool{}
	for _, a := range p.Settings.Agents {
		for _, address := range a.Addresses {
			agents[strings.ToLower(address)] = true
		}
	}
	for _, m := range mails {
		for _, to := range m.To {
			if !agents[strings.ToLower(to)] {
				out = append(out, m)
				break
			}
		}
	}
	return out
}

// Recipients names everybody to whom the mails went, each once, in order.
func Recipients(mails []Sent) []string {
	seen := map[string]bool{}
	for _, m := range mails {
		for _, to := range m.To {
			seen[to] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}
