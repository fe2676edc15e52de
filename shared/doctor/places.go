package doctor

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
)

// Places are where reports go beside mail, as the secret says it. None of it is printed.
type Places struct {
	Slack, Token, Channel, Webhook string
	Wrong                          error
	Weekly                         string // when the week's is posted, in words
	Kept                           string // where files are kept
	Keepable                       func() error

	API  string      // of Slack; "" is its own
	TLS  *tls.Config // nil: the system's certificates
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

const lookedWithin = 10 * time.Second

// Reports looks at where reports go, and says when the next one does. Nothing is posted: of
// a webhook it is looked whether its server answers with a certificate of its name.
func Reports(ctx context.Context, r *Report, s *desk.Settings, p Places, now time.Time) {
	const about, why, where = "reports", "nobody sees the figures", "docs/posting.md says what belongs where"
	if p.Wrong != nil {
		r.Add(Bad, "posting secret", "", OneLine(p.Wrong.Error()), "reports go by mail alone", "mend it; docs/posting.md lists its fields")
	}
	places := 0
	for _, w := range []struct{ name, url string }{{"Slack’s webhook", p.Slack}, {"the webhook", p.Webhook}} {
		if w.url == "" {
			continue
		}
		places++
		host, err := p.reach(ctx, w.url)
		if err != nil {
			r.Add(Bad, w.name, host, OneLine(err.Error()), "what is posted there does not arrive", "see that the name leads to the right server and that its certificate is good; "+where)
			continue
		}
		r.Good(w.name, host, "its server answers, and proves its name; nothing was posted")
	}
	if p.Token != "" {
		places++
		p.token(ctx, r)
	}
	switch {
	case !s.Report.Keep:
	case p.Keepable == nil:
		places++
		r.Good("files of reports", "", "they are kept in %s", p.Kept)
	default:
		places++
		if err := p.Keepable(); err != nil {
			r.Add(Bad, "files of reports", p.Kept, OneLine(err.Error()), "no report is kept", "let the user that runs the desk write there")
		} else {
			r.Good("files of reports", p.Kept, "they can be written")
		}
	}
	for _, m := range s.Report.Mailboxes {
		if _, ok := s.Mailbox(m.Mailbox); !ok {
			r.Add(Bad, about, m.Mailbox, "report.mailboxes names a mailbox that is not there", "its report is made for nobody", "write the id that mailboxes gives it")
		}
	}
	if places+len(s.Report.Readers()) == 0 && !s.Report.Measures {
		r.Add(Warning, about, "", "they go to nobody", why, "name somebody in report.to, or a place in the posting secret; "+where)
		return
	}
	var next []string
	for _, e := range []struct {
		period desk.Period
		name   string
	}{{desk.Daily, "the day’s"}, {desk.Weekly, "the week’s"}, {desk.Monthly, "the month’s"}} {
		if !wanted(s, e.period) {
			continue
		}
		if e.period == desk.Weekly {
			next = append(next, e.name+" "+p.Weekly)
			continue
		}
		next = append(next, e.name+" on "+nextTime(s, e.period, now).Format("Mon 2 Jan 2006, 15:04 MST"))
	}
	r.Good(about, "", "%s; next: %s", readers(len(s.Report.Readers()), places), strings.Join(next, ", "))
}

func readers(mails, places int) string {
	text := "to " + Count(mails, "address", "addresses")
	if places > 0 {
		text += " and " + Count(places, "place", "places")
	}
	return text
}

func wanted(s *desk.Settings, p desk.Period) bool {
	if desk.IsEvery(s.Report.Every, p) {
		return true
	}
	for _, m := range s.Report.Mailboxes {
		if desk.IsEvery(m.Every, p) {
			return true
		}
	}
	return false
}

// nextTime is when the next report of a period is posted.
func nextTime(s *desk.Settings, p desk.Period, now time.Time) time.Time {
	z, err := time.LoadLocation(s.Report.TimeZone)
	if err != nil {
		z = time.UTC
	}
	for l := now.In(z); ; l = l.AddDate(0, 0, 1) {
		_, up := p.Span(l)
		if at := time.Date(up.Year(), up.Month(), up.Day(), 0, s.Report.At, 0, 0, z); at.After(now) {
			return at
		}
	}
}

// reach opens a connection to a URL's server, and gives its name.
func (p Places) reach(ctx context.Context, text string) (host string, err error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" {
		return "", fmt.Errorf("it is no https:// URL")
	}
	ctx, stop := context.WithTimeout(ctx, lookedWithin)
	defer stop()
	port := u.Port()
	if port == "" {
		port = "443"
	}
	dial := p.Dial
	if dial == nil {
		dial = (&net.Dialer{}).DialContext
	}
	conn, err := dial(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		return u.Hostname(), fmt.Errorf("it cannot be reached: %s", reason(err))
	}
	defer conn.Close()
	cfg := &tls.Config{}
	if p.TLS != nil {
		cfg = p.TLS.Clone()
	}
	cfg.ServerName = u.Hostname()
	if err := tls.Client(conn, cfg).HandshakeContext(ctx); err != nil {
		return u.Hostname(), fmt.Errorf("its certificate is not to be trusted: %s", reason(err))
	}
	return u.Hostname(), nil
}

// token asks Slack whose the token is, and what it may do.
func (p Places) token(ctx context.Context, r *Report) {
	const about, why = "Slack’s bot token", "the chart is not posted"
	api := p.API
	if api == "" {
		api = "https://slack.com/api/"
	}
	ctx, stop := context.WithTimeout(ctx, lookedWithin)
	defer stop()
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, api+"auth.test", nil)
	if err != nil {
		r.Unknown(about, "", err, "try again")
		return
	}
	q.Header.Set("Authorization", "Bearer "+p.Token)
	client := http.Client{Transport: &http.Transport{TLSClientConfig: p.TLS, DialContext: p.Dial, DisableKeepAlives: true}}
	a, err := client.Do(q)
	if err != nil {
		r.Unknown(about, "", fmt.Errorf("no answer from Slack: %s", reason(err)), "try again; see that this machine reaches slack.com")
		return
	}
	defer a.Body.Close()
	var said struct {
		OK          bool
		Error, Team string
	}
	if err := json.NewDecoder(io.LimitReader(a.Body, 1<<16)).Decode(&said); err != nil {
		r.Unknown(about, "", fmt.Errorf("the answer of Slack cannot be read (%s)", a.Status), "try again")
		return
	}
	scopes := a.Header.Get("X-OAuth-Scopes")
	switch {
	case !said.OK:
		r.Add(Bad, about, "", fmt.Sprintf("Slack says %q", said.Error), why, "make a new token for the app, and put it into the posting secret")
	case scopes != "" && !strings.Contains(","+strings.ReplaceAll(scopes, " ", "")+",", ",files:write,"):
		r.Add(Bad, about, said.Team, "it may not write files", why, "give the app the scope files:write, install it again, and put the new token into the posting secret")
	default:
		r.Good(about, said.Team, "it is good, and may write files; whether the app is in the channel %s shows when the first chart is posted", p.Channel)
	}
}
