package cloud

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/cloud/moto"
	"github.com/replywell/replywell/shared/desk"
	told "github.com/replywell/replywell/shared/events"
	"github.com/replywell/replywell/shared/send"
)

// lossy stands before SES: it lets SendEmail take place, keeps what SES was given
// and the id it gave, and loses the answer where lose says so.
type lossy struct {
	mu    sync.Mutex
	lose  func(n int) bool
	given []given
}

type given struct{ outbox, id, raw string }

func (l *lossy) before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/account") { // moto does not know it
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w,
				`{"ProductionAccessEnabled":true,"SendingEnabled":true,"EnforcementStatus":"HEALTHY",`+
					`"SendQuota":{"Max24HourSend":100000,"MaxSendRate":10000}}`)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil || !strings.HasSuffix(r.URL.Path, "/outbound-emails") {
			r.Body = io.NopCloser(bytes.NewReader(body))
			next.ServeHTTP(w, r)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		answer := httptest.NewRecorder()
		next.ServeHTTP(answer, r)
		var in struct {
			Content   struct{ Raw struct{ Data []byte } }
			EmailTags []struct{ Name, Value string }
		}
		var out struct{ MessageId string }
		if json.Unmarshal(body, &in) != nil || json.Unmarshal(answer.Body.Bytes(), &out) != nil ||
			len(in.EmailTags) != 1 || in.EmailTags[0].Name != OutboxTag {
			w.WriteHeader(http.StatusTeapot) // the test sees that nothing was given
			return
		}
		l.mu.Lock()
		l.given = append(l.given, given{in.EmailTags[0].Value, out.MessageId, string(in.Content.Raw.Data)})
		n := len(l.given)
		l.mu.Unlock()
		if l.lose(n) {
			panic(http.ErrAbortHandler) // the connection breaks
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	})
}

// settling is a desk whose mail goes to a real SES API that loses answers.
type settling struct {
	*bench.Path
	t      *testing.T
	ses    *lossy
	events Events
}

func newSettling(t *testing.T, lose func(n int) bool) *settling {
	t.Helper()
	srv := moto.Shared(t)
	domain := "lantern.example"
	if _, err := sesv2.NewFromConfig(srv.Config()).CreateEmailIdentity(t.Context(),
		&sesv2.CreateEmailIdentityInput{EmailIdentity: aws.String(domain)}); err != nil &&
		!strings.Contains(err.Error(), "AlreadyExists") {
		t.Fatal(err)
	}
	s := &settling{Path: bench.NewPath(t), t: t, ses: &lossy{lose: lose}}
	s.Settings.Mailboxes[0].Agents = []string{"anna"}
	s.Send.Carrier = NewCarrier(moto.ConfigFor(srv.Through(t, s.ses.before)), "replywell", 1, s.Now)
	service := &told.Service{Home: s.Home()}
	s.Send.Failed = service
	s.events = Events{Record: service.Record}
	return s
}

// asks one mail of a customer's, and gives the notification that it causes.
func (s *settling) asks() (outbox string) {
	in := s.Arrive(bench.Arrival{From: "erika@customers.example", To: []string{"support@lantern.example"},
		Verdicts: bench.Trusted,
		Raw: "From: erika@customers.example\nTo: support@lantern.example\nSubject: Lamp\nMessage-ID: <1@x>\n\nMy " +
			"lamp is broken.\n"})
	return desk.DerivedID(in.ID, string(desk.OutboxNotification), "anna")
}

func (s *settling) sweep() {
	s.Helper()
	if err := s.Send.Sweep(s.Context()); err != nil {
		s.Fatal(err)
	}
}

// tell brings the events of the mails that SES was given, as SES writes them.
func (s *settling) tell(kind string, mails ...given) {
	s.Helper()
	for _, g := range mails {
		body := fmt.Sprintf(
			`{"eventType":%q,"mail":{"timestamp":%q,"source":"support@lantern.example","messageId":%q,`+
				`"destination":["anna@team.lantern.example"],`+
				`"tags":{"ses:configuration-set":["replywell"],"outbox":[%q]}},"send":{},`+
				`"delivery":{"timestamp":%[2]q,"recipients":["anna@team.lantern.example"]}}`, kind,
			s.Now().Format(time.RFC3339Nano), g.id, g.outbox)
		out, err := s.events.Handle(s.Context(), records(inSNS(s.t, body)))
		if err != nil || len(out.BatchItemFailures) > 0 {
			s.Fatalf("the event %s of %s: %v, %v", kind, g.id, out, err)
		}
	}
}

func (s *settling) item(id string) desk.OutboxItem {
	s.Helper()
	item, err := s.Store.Outbox(s.Context(), id)
	if err != nil {
		s.Fatal(err)
	}
	return item
}

// SES takes a mail and its answer is lost on the way. However often the outbox is
// swept, the mail is not given to SES again before its event had time to come;
// the event with its tag settles it, and it is found by the id that SES gave.
func TestALostAnswerIsSettledByTheEventWithItsTag(t *testing.T) {
	s := newSettling(t, func(n int) bool { return n == 1 })
	id := s.asks()
	for passed := time.Duration(0); passed < send.ConfirmWait-time.Minute; passed += time.Minute {
		s.sweep()
		s.Pass(time.Minute)
	}
	if len(s.ses.given) != 1 || s.ses.given[0].outbox != id || s.item(id).State != desk.OutboxSending {
		t.Fatalf("SES was given %d mails, and the item is %+v", len(s.ses.given), s.item(id))
	}
	s.tell("Send", s.ses.given[0], s.ses.given[0]) // SNS delivers at least once
	s.tell("Delivery", s.ses.given[0])
	for range 40 {
		s.Pass(time.Minute)
		s.sweep()
	}
	if item := s.item(id); len(s.ses.given) != 1 || item.State != desk.OutboxSent || item.SentID != s.ses.given[0].id {
		t.Errorf("SES was given %d mails, and the item is %+v", len(s.ses.given), item)
	}
	if found, err := s.Store.FindSent(t.Context(), s.ses.given[0].id+"@eu-central-1.amazonses.com"); err != nil ||
		found.ID != id {
		t.Errorf("by the id that SES gave: %+v, %v", found, err)
	}
}

// Any other event tells too that SES took the mail: the first to come may be the delivery.
func TestALostAnswerIsSettledByTheFirstEventThatComes(t *testing.T) {
	s := newSettling(t, func(n int) bool { return n == 1 })
	id := s.asks()
	s.sweep()
	s.tell("Delivery", s.ses.given[0])
	for range 40 {
		s.Pass(time.Minute)
		s.sweep()
	}
	if item := s.item(id); len(s.ses.given) != 1 || item.State != desk.OutboxSent {
		t.Errorf("SES was given %d mails, and the item is %+v", len(s.ses.given), item)
	}
}

// Where no event comes in time nothing is forgotten: the mail is given again,
// the same to the byte, and events of both settle on the one item.
func TestALostAnswerWithoutAnEventIsSentAgainUnchanged(t *testing.T) {
	s := newSettling(t, func(n int) bool { return n < 3 })
	id := s.asks()
	for range 60 {
		s.sweep()
		s.Pass(time.Minute)
	}
	if len(s.ses.given) != 3 || s.item(id).State != desk.OutboxSent {
		t.Fatalf("SES was given %d mails, and the item is %+v", len(s.ses.given), s.item(id))
	}
	for _, g := range s.ses.given {
		if g.outbox != id || g.raw != s.ses.given[0].raw {
			t.Errorf("given as %s, which differs", g.outbox)
		}
	}
	s.tell("Send", s.ses.given...)
	if item := s.item(id); item.State != desk.OutboxSent || item.SentID != s.ses.given[2].id {
		t.Errorf("%+v", item)
	}
	for _, g := range s.ses.given {
		if found, err := s.Store.FindSent(t.Context(), g.id); err != nil || found.ID != id {
			t.Errorf("a reply to the copy %s finds %+v, %v", g.id, found, err)
		}
	}
}
