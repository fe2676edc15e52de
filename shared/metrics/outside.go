package metrics

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"strconv"
	"syscall"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
)

// PostTo reads the secret that says where reports go beside mail; no text is nowhere.
func (s *Service) PostTo(secret []byte) (err error) {
	s.Posting = Posting{}
	if len(secret) == 0 {
		return nil
	}
	if s.Posting, err = ReadPosting(secret); err != nil {
		return desk.Permanent(fmt.Errorf("the secret that says where reports are posted: %w", err))
	}
	return nil
}

// outside is a client that reaches public addresses only, whatever a name leads to,
// and follows no redirect.
func outside(private bool) *http.Client {
	d := &net.Dialer{Timeout: 5 * time.Second, Control: func(_, address string, _ syscall.RawConn) error {
		if a, err := netip.ParseAddrPort(address); private || err == nil && public(a.Addr().Unmap()) {
			return nil
		}
		return errPrivate
	}}
	return &http.Client{Timeout: 10 * time.Second,
		Transport:     &http.Transport{DialContext: d.DialContext, TLSHandshakeTimeout: 5 * time.Second, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

var errPrivate = errors.New("its name leads to an address that is not public")

// notPublic are ranges beside those that netip names: shared and translated addresses,
// and those kept for tests and documents.
var notPublic = func() (out []netip.Prefix) {
	for _, s := range []string{"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
		"64:ff9b::/96", "64:ff9b:1::/48", "2001:db8::/32", "2002::/16", "fec0::/10"} {
		out = append(out, netip.MustParsePrefix(s))
	}
	return out
}()

func public(a netip.Addr) bool {
	for _, p := range notPublic {
		if p.Contains(a) {
			return false
		}
	}
	return a.IsGlobalUnicast() && !a.IsPrivate()
}

// send posts, and says what is known of whether it arrived: a lost error where
// nobody knows, a permanent one where it was refused. who is named in errors, in which
// no URL stands.
func (s *Service) send(ctx context.Context, who string, req *http.Request) ([]byte, error) {
	written := false
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { written = true }})
	client := s.Client
	if client == nil {
		client = outside(s.Posting.AllowPrivate)
	}
	resp, err := client.Do(req.WithContext(ctx))
	switch {
	case errors.Is(err, errPrivate):
		return nil, desk.Permanent(fmt.Errorf("posting the report to %s: %w; allow_private allows it", who, errPrivate))
	case err != nil && written:
		return nil, lost{fmt.Errorf("posting the report to %s: it did not answer, so nobody knows whether it arrived; it is not posted again", who)}
	case err != nil:
		return nil, fmt.Errorf("posting the report to %s: it cannot be reached; it is tried again", who)
	}
	defer resp.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<16))
	switch {
	case resp.StatusCode < 300:
		return said, nil
	case resp.StatusCode == http.StatusBadGateway, resp.StatusCode == http.StatusGatewayTimeout:
		return nil, lost{fmt.Errorf("posting the report to %s: it answered %s, so nobody knows whether it arrived; it is not posted again", who, resp.Status)}
	case resp.StatusCode == http.StatusTooManyRequests, resp.StatusCode >= 500:
		return nil, fmt.Errorf("posting the report to %s: it answered %s; it is tried again", who, resp.Status)
	}
	return nil, desk.Permanent(fmt.Errorf("posting the report to %s: it answered %s (%.100q); check the webhook", who, resp.Status, said))
}

func (s *Service) request(who, method, to string, body []byte, kind string) (*http.Request, error) {
	req, err := http.NewRequest(method, to, bytes.NewReader(body))
	if err != nil {
		return nil, desk.Permanent(fmt.Errorf("posting the report to %s: its URL cannot be used; make a new one and set it again", who))
	}
	req.Header.Set("Content-Type", kind)
	return req, nil
}

// slack posts the report to an incoming webhook, as blocks.
func (s *Service) slack(ctx context.Context, settings *desk.Settings, week letters.Week) error {
	text, blocks := letters.Writer{Settings: settings, Now: s.Now()}.Chat(week)
	body, err := json.Marshal(map[string]any{"text": text, "blocks": blocks})
	if err != nil {
		return err
	}
	req, err := s.request("Slack", http.MethodPost, s.Posting.Slack, body, "application/json")
	if err != nil {
		return err
	}
	_, err = s.send(ctx, "Slack", req)
	return err
}

// The headers of a report to a webhook: docs/posting.md tells how to check them.
const (
	headerDelivery  = "Replywell-Delivery"
	headerTimestamp = "Replywell-Timestamp"
	headerSignature = "Replywell-Signature"
)

// Posted is what a webhook gets: the report, and which one it is.
type Posted struct {
	Form     string `json:"form"`     // "replywell.posted/1"
	Delivery string `json:"delivery"` // the same for the same report
	Period   string `json:"period"`   // "day", "week" or "month"
	Report   Export `json:"report"`
}

// PostedForm names the form of Posted; a field that is merely new does not change it.
const PostedForm = "replywell.posted/1"

func (s *Service) webhook(ctx context.Context, settings *desk.Settings, period string, week letters.Week, id string) error {
	body, err := json.Marshal(Posted{Form: PostedForm, Delivery: id, Period: period, Report: Exported(week, zone(settings), s.Now())})
	if err != nil {
		return err
	}
	req, err := s.request("the webhook", http.MethodPost, s.Posting.Webhook, body, "application/json")
	if err != nil {
		return err
	}
	at := strconv.FormatInt(s.Now().Unix(), 10)
	req.Header.Set(headerDelivery, id)
	req.Header.Set(headerTimestamp, at)
	req.Header.Set(headerSignature, Signature(s.Posting.Signing, at, body))
	_, err = s.send(ctx, "the webhook", req)
	return err
}

// Signature is what a report to a webhook is signed with: "v1=" and the HMAC-SHA256 of
// the timestamp, a dot and the body, in hex.
func Signature(key, timestamp string, body []byte) string {
	m := hmac.New(sha256.New, []byte(key))
	m.Write([]byte(timestamp + "."))
	m.Write(body)
	return "v1=" + hex.EncodeToString(m.Sum(nil))
}
