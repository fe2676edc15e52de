package window

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
)

// homeView is the page: the customers on one side, the agents on the other, and
// between them what the system did with one mail.
type homeView struct {
	Title    string
	ReadOnly bool
	Refresh  string // the address that shows this, for the script
	See      string
	At       string // the state, for forms
	Support  string
	SMTP     smtpView
	Samples  []oneClick
	Sample   string // what the sample mail that was sent shows
	Day      dayView

	Left, Right paneView
	SeeLeft     string
	SeePath     string
	SeeRight    string
	NewLeft     int // unread mails
	NewRight    int

	Trail   *trail // nil before the first mail
	Earlier []earlier
	Held    []heldView
	Problem string

	Provocations []provocation
	Zone         string
	Now          time.Time
}

// smtpView is what a mail program is to be told.
type smtpView struct {
	Address, Host, Port, Password string
	Customer                      string // for example
}

// earlier is a mail whose path can be looked at.
type earlier struct {
	URL, From, Subject string
	At                 time.Time
	Current            bool
}

// heldView is a mail that waits for somebody's decision.
type heldView struct {
	From, Subject, Why, Do string
	At                     time.Time
	URL                    string // of its path
}

type provocation struct{ Address, Does, URL string }

// earlierMails is how many paths are offered, mostHeld how many held mails are named.
const (
	earlierMails = 8
	mostHeld     = 20
)

func (p *window) home(w http.ResponseWriter, r *http.Request) {
	s := readState(r.URL.Query())
	p.showHome(w, r, http.StatusOK, s, func(v *homeView) {
		for _, d := range []*draft{v.Left.Draft, v.Right.Draft} {
			if d != nil {
				d.habit(r)
			}
		}
	})
}

// showHome shows a state, changed before it is shown.
func (p *window) showHome(w http.ResponseWriter, r *http.Request, status int, s state, change func(*homeView)) {
	if p.readOnly {
		s.Left.Do, s.Right.Do = "", ""
	}
	now := p.now()
	v := homeView{Title: "A support desk that works entirely by e-mail", ReadOnly: p.readOnly, Refresh: s.URL(), See: s.See, At: s.values().Encode(),
		Support: p.support(), Samples: samples, Now: now, Zone: now.In(p.zone).Format("MST") + ", " + p.zone.String()}
	// The sides come first: what opens marks as read.
	v.Left, v.Right = p.look(s, "left", now), p.look(s, "right", now)
	left, right := p.sides()
	for _, b := range left {
		v.NewLeft += b.Unread
	}
	for _, b := range right {
		v.NewRight += b.Unread
	}
	see := func(column string) string {
		s := s
		s.See = column
		return s.URL()
	}
	v.SeeLeft, v.SeePath, v.SeeRight = see("left"), see("path"), see("right")
	v.SMTP = p.smtpView()
	v.Day = p.day.view()
	for _, one := range samples {
		if one.Name == s.Sample {
			v.Sample = one.Shows
		}
	}
	p.lookAtPath(r.Context(), s, &v)
	p.lookAtHeld(r.Context(), s, &v)
	if !p.readOnly {
		for _, x := range p.provocations {
			address := x.Local + "@" + p.customerDomain()
			v.Provocations = append(v.Provocations, provocation{address, x.Does, s.with(pane{Side: "left", Box: address, Do: "new"}).URL()})
		}
	}
	change(&v)
	p.show(w, status, "home.html", v)
}

func (p *window) smtpView() smtpView {
	v := smtpView{Address: p.address, Password: p.password, Customer: p.customer(0).Address}
	v.Host, v.Port, _ = strings.Cut(p.address, ":")
	if i := strings.LastIndexByte(p.address, ':'); i >= 0 {
		v.Host, v.Port = p.address[:i], p.address[i+1:]
	}
	return v
}

// lookAtPath fills in what became of the mail that is asked for, or of the last one.
func (p *window) lookAtPath(ctx context.Context, s state, v *homeView) {
	ids, asked := p.arrived(earlierMails), s.Mail
	if asked != "" && !slices.Contains(ids, asked) {
		ids = append(ids, asked)
	}
	if asked == "" && len(ids) > 0 {
		asked = ids[0]
	}
	for _, id := range ids {
		at := s
		at.Mail, at.Sample, at.See = id, "", "path"
		if id == asked {
			t := p.trail(ctx, id, s)
			v.Trail = &t
			v.Earlier = append(v.Earlier, earlier{at.URL(), t.From, t.Subject, t.At, true})
			continue
		}
		f := p.find(ctx, id)
		from, subject := f.named()
		e := earlier{URL: at.URL(), From: from, Subject: subject}
		if f.in != nil {
			e.At = f.in.ReceivedAt
		}
		v.Earlier = append(v.Earlier, e)
	}
}

// lookAtHeld names the mails that wait for a decision, each with what one can do.
func (p *window) lookAtHeld(ctx context.Context, s state, v *homeView) {
	list, err := p.records.Held(ctx, mostHeld)
	if err != nil {
		v.Problem = "What is held back could not be looked up: " + err.Error()
	}
	for _, in := range list {
		f := found{settings: p.settings, in: &in, sample: p.settings.Mode == desk.ModeSample}
		at := s
		at.Mail, at.Sample, at.See = in.ID, "", "path"
		v.Held = append(v.Held, heldView{From: in.Summary.From, Subject: in.Summary.Subject, Why: f.heldWhy(), Do: f.canDo(), At: in.ReceivedAt, URL: at.URL()})
	}
}

// customerDomain is the domain of the sample customers.
func (p *window) customerDomain() string {
	if len(p.settings.Customers) > 0 {
		return domainOf(p.settings.Customers[0].Address)
	}
	return "customers.example"
}
