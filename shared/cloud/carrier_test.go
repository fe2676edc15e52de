package cloud

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/replywell/replywell/shared/delivery"
	"github.com/replywell/replywell/shared/send"
)

// sesAnswers is an HTTP server that answers each request alike.
func sesAnswers(t *testing.T, status int, kind, body string) (cfg aws.Config, requests *atomic.Int64) {
	t.Helper()
	requests = new(atomic.Int64)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		w.Header().Set("Content-Type", "application/json")
		if kind != "" {
			w.Header().Set("X-Amzn-ErrorType", kind)
		}
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}))
	t.Cleanup(srv.Close)
	return aws.Config{Region: "eu-central-1", BaseEndpoint: aws.String(srv.URL),
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", "")}, requests
}

var oneMail = send.Mail{Outbox: "0123456789abcdef0123456789abcdef", To: []string{"erika@customer.example"},
	Raw: []byte("From: a@b.example\r\n\r\nhello\r\n")}

func TestSendTellsErrorsApart(t *testing.T) {
	for name, tc := range map[string]struct {
		status  int
		kind    string
		message string
		is      delivery.Class // "": it is not known whether SES took it
		after   time.Duration
		say     string
	}{
		"rate": {400, "TooManyRequestsException", "Maximum sending rate exceeded.", delivery.Route, 0, "faster"},
		"quota": {400, "TooManyRequestsException", "Daily message quota exceeded.", delivery.Route, untilQuota,
			"quota"},
		"limit": {400, "LimitExceededException", "Daily message quota exceeded", delivery.Route, untilQuota,
			"quota"},
		"sandbox": {400, "MessageRejected", "Email address is not verified. The following identities failed the " +
			"check in region EU-CENTRAL-1: x", delivery.Route, untilMended, "production access"},
		"content":   {400, "MessageRejected", "Illegal address", delivery.Message, 0, "refuses this mail"},
		"suspended": {400, "AccountSuspendedException", "suspended", delivery.Route, untilMended, "AWS Support"},
		"paused":    {400, "SendingPausedException", "paused", delivery.Route, untilMended, "paused"},
		"mail from": {400, "MailFromDomainNotVerifiedException", "x", delivery.Route, untilMended, "MAIL FROM"},
		"no set": {404, "NotFoundException", "Configuration set <x> does not exist.", delivery.Route, untilMended,
			"configuration set"},
		"bad":        {400, "BadRequestException", "Missing final '@domain'", delivery.Message, 0, "cannot read"},
		"permission": {403, "AccessDeniedException", "not authorized", delivery.Route, untilMended, "permissions"},
		"broken":     {500, "InternalServiceErrorException", "oops", "", 0, "not known"},
		"gateway":    {502, "", "<html>", "", 0, "not known"},
	} {
		cfg, requests := sesAnswers(t, tc.status, tc.kind, fmt.Sprintf(`{"message":%q}`, tc.message))
		_, err := NewCarrier(cfg, "replywell", 1, time.Now).Send(t.Context(), oneMail)
		if err == nil || !strings.Contains(err.Error(), tc.say) {
			t.Errorf("%s: %v", name, err)
		}
		e, known := delivery.Of(err)
		if known != (tc.is != "") {
			t.Errorf("%s: known not to be sent: %v", name, known)
		} else if known && (delivery.Judge(e.Response).Class != tc.is || e.RetryAfter() != tc.after || !e.NotSent()) {
			t.Errorf("%s: %+v, after %v", name, delivery.Judge(e.Response), e.RetryAfter())
		}
		if n := requests.Load(); n != 1 {
			t.Errorf("%s: %d requests; SES cannot recognise a repeated one", name, n)
		}
	}
}

func TestSendIsNotRepeatedWhenTheAnswerIsLost(t *testing.T) {
	var requests atomic.Int64
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		requests.Add(1)
		panic(http.ErrAbortHandler) // the connection breaks after the request was taken
	}))
	defer srv.Close()
	cfg := aws.Config{Region: "eu-central-1", BaseEndpoint: aws.String(srv.URL),
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", "")}
	_, err := NewCarrier(cfg, "replywell", 1, time.Now).Send(t.Context(), oneMail)
	if _, known := delivery.Of(err); err == nil || known || requests.Load() != 1 {
		t.Errorf("%v after %d requests", err, requests.Load())
	}
}

func TestSendRefusesWhatSESWouldNotTake(t *testing.T) {
	cfg, requests := sesAnswers(t, 200, "", `{}`)
	m := oneMail
	m.Raw = make([]byte, MaxMail+1)
	if _, err := NewCarrier(cfg, "replywell", 1, time.Now).Send(t.Context(), m); err == nil || requests.Load() != 0 {
		t.Errorf("%v after %d requests", err, requests.Load())
	}
}

func TestRateIsAskedOnceAndWarnsOfTheSandbox(t *testing.T) {
	cfg, requests := sesAnswers(t, 200, "",
		`{"ProductionAccessEnabled":false,"SendingEnabled":true,"EnforcementStatus":"HEALTHY",`+
			`"SendQuota":{"Max24HourSend":200,"MaxSendRate":14,"SentLast24Hours":3}}`)
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	c := NewCarrier(cfg, "replywell", 2, func() time.Time { return now })
	for range 3 {
		if r, err := c.Rate(t.Context()); r != 7 || err != nil {
			t.Fatalf("%v, %v", r, err)
		}
	}
	if requests.Load() != 1 {
		t.Errorf("%d requests", requests.Load())
	}
	now = now.Add(accountFor)
	if _, err := c.Rate(t.Context()); err != nil || requests.Load() != 2 {
		t.Errorf("%v after %d requests", err, requests.Load())
	}
}
