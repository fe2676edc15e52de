package page

import (
	"context"
	"embed"
	"html/template"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	mailpage "github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/local/mailbox"
)

//go:embed files
var pageFiles embed.FS

var pageTemplates = template.Must(template.New("").Funcs(template.FuncMap{
	"path": url.PathEscape,
	"when": clockIn(time.UTC, "2 Jan 2006, 15:04:05"), "clock": clockIn(time.UTC, "15:04:05"), // see handler
	"size": func(n int64) string { return mailpage.Size(n) },
	"int64": func(n int) int64 {
		return int64(n)
	},
	"text": linkedText,
}).ParseFS(pageFiles, "files/*.html"))

// clockIn shows a time in a zone.
func clockIn(zone *time.Location, layout string) func(time.Time) string {
	return func(t time.Time) string { return t.In(zone).Format(layout) }
}

// page serves the sample mailboxes: every mail can be read, and written as any
// sample customer or agent. What is written goes out by SMTP to our own server,
// as from any mail program; the page has no other way in.
type page struct {
	settings     *desk.Settings
	mailboxes    *mailbox.Boxes
	records      Records
	arrived      func(limit int) []string // the ids of the mails that came last, the newest first
	blob         func(ctx context.Context, key string) ([]byte, error)
	submit       func(login, from string, to []string, raw []byte) (id string, err error)
	now          func() time.Time
	random       func([]byte) error
	ours         func(address string) bool
	provocations []Provocation
	host         string // as given by --http, without the port
	address      string // of the SMTP server
	password     string
	zone         *time.Location
	templates    *template.Template
	stopping     <-chan struct{}
	watch        watch
}

// Options are what the page stands on.
type Options struct {
	Settings     *desk.Settings
	Mailboxes    *mailbox.Boxes
	Records      Records
	Arrived      func(limit int) []string // the ids of the mails that came last, the newest first
	Blob         func(ctx context.Context, key string) ([]byte, error)
	Submit       func(login, from string, to []string, raw []byte) (id string, err error) // by SMTP; id is the server's
	Ours         func(address string) bool                                                // whether the SMTP server takes mail for it
	Now          func() time.Time
	Zone         *time.Location // the one that every time is shown in
	Random       func([]byte) error
	Host         string // that the page may be called by, beside numbers and "localhost"; "": none
	SMTP         string // the SMTP server's address, to be shown
	Password     string // of the sample people, to be shown; "": nobody can log in
	Provocations []Provocation
}

// Provocation is a local part at the sample customers' domain, and what mail to it
// brings about.
type Provocation struct{ Local, Does string }

// Server makes the page's server.
func Server(o Options) *http.Server {
	p := &page{settings: o.Settings, mailboxes: o.Mailboxes, records: o.Records, arrived: o.Arrived, blob: o.Blob, ours: o.Ours,
		now: o.Now, zone: o.Zone, host: o.Host, address: o.SMTP, password: o.Password, submit: o.Submit, random: o.Random, provocations: o.Provocations}
	stopping, stop := context.WithCancel(context.Background())
	p.stopping = stopping.Done()
	server := &http.Server{Handler: p.handler(), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 2 * time.Minute, WriteTimeout: 2 * time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10, ErrorLog: nil}
	server.RegisterOnShutdown(stop)
	return server
}

func (p *page) handler() http.Handler {
	p.templates = template.Must(pageTemplates.Clone()).Funcs(template.FuncMap{"when": clockIn(p.zone, "2 Jan 2006, 15:04:05"), "clock": clockIn(p.zone, "15:04:05")})
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", p.home)
	mux.HandleFunc("GET /events", p.events)
	mux.HandleFunc("POST /sample/{name}", p.sample)
	mux.HandleFunc("GET /mailbox/{address}", p.list)
	mux.HandleFunc("GET /mailbox/{address}/write", p.write)
	mux.HandleFunc("POST /mailbox/{address}/send", p.send)
	mux.HandleFunc("GET /mailbox/{address}/{folder}/{id}", p.read)
	mux.HandleFunc("GET /mailbox/{address}/{folder}/{id}/reply", p.reply)
	mux.HandleFunc("GET /mailbox/{address}/{folder}/{id}/html", p.html)
	mux.HandleFunc("GET /mailbox/{address}/{folder}/{id}/raw", p.raw)
	mux.HandleFunc("GET /mailbox/{address}/{folder}/{id}/part/{n}", p.part)
	for _, name := range []string{"style.css", "refresh.js", "icon.svg"} {
		mux.HandleFunc("GET /"+name, func(w http.ResponseWriter, r *http.Request) { http.ServeFileFS(w, r, pageFiles, "files/"+name) })
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		p.fail(w, r, http.StatusNotFound, "There is nothing here", "The address "+r.URL.Path+" is none of this page's.")
	})
	return p.guard(http.NewCrossOriginProtection().Handler(mux))
}

// contentPolicy lets the page load what it serves itself and nothing else.
const contentPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; frame-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// guard keeps other web sites out. A page elsewhere can make a browser on this
// machine call us: by a name of its own that it points to our address (DNS
// rebinding), which the Host header tells; or by a form or script of its own,
// which Origin and Sec-Fetch-Site tell (http.CrossOriginProtection).
func (p *page) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if !p.ourHost(r.Host) {
			http.Error(w, "This page answers to its address only: open it as http://localhost or by its number, not by the name "+r.Host+".", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// ourHost accepts numbers, which no foreign name can hide behind, "localhost",
// and the name that the page was started with.
func (p *page) ourHost(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(strings.Trim(host, "[]"))
	return net.ParseIP(host) != nil || host == "localhost" || p.host != "" && host == strings.ToLower(p.host)
}

// frame is what every page shows around its content.
type frame struct {
	Title   string
	Groups  []group
	Home    bool // the first page, which has the mailboxes in it
	Current string
	Refresh string // where the live parts come from
	Data    any
}

// group is a heading with mailboxes below.
type group struct {
	Name  string
	Boxes []box
}

// box is one mailbox in the list.
type box struct {
	Name, Address string
	Count, Unread int
}

func (p *page) groups() []group {
	known := map[string]bool{}
	add := func(g *group, name, address string) {
		if key := strings.ToLower(address); !known[key] {
			known[key] = true
			n, unread := p.mailboxes.Count(address)
			g.Boxes = append(g.Boxes, box{name, address, n, unread})
		}
	}
	customers, agents, others := group{Name: "Customers"}, group{Name: "Agents"}, group{Name: "Others"}
	for _, c := range p.settings.Customers {
		add(&customers, c.Name, c.Address)
	}
	for _, a := range p.settings.Agents {
		add(&agents, a.Name, a.Addresses[0])
	}
	addresses, _ := p.mailboxes.Addresses() // the known ones are shown in any case
	for _, a := range addresses {
		add(&others, "", a)
	}
	out := []group{customers, agents}
	if len(others.Boxes) > 0 {
		out = append(out, others)
	}
	return out
}

// show writes a page.
func (p *page) show(w http.ResponseWriter, status int, name string, f frame) {
	f.Groups, f.Home = p.groups(), name == "home.html"
	switch {
	case f.Refresh != "":
	case f.Current != "":
		f.Refresh = "/mailbox/" + url.PathEscape(f.Current)
	default:
		f.Refresh = "/mailbox/" + url.PathEscape(p.settings.Mailboxes[0].Address) // for the list of mailboxes
	}
	var b strings.Builder
	if err := p.templates.ExecuteTemplate(&b, name, f); err != nil {
		http.Error(w, "The page could not be made: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(b.String())) // a browser that went away has no use for an error
}

func (p *page) fail(w http.ResponseWriter, _ *http.Request, status int, title, why string) {
	p.show(w, status, "error.html", frame{Title: title, Data: why})
}
