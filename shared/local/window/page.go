package window

import (
	"context"
	"html/template"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// Server makes the page's server.
func Server(o Options) *http.Server {
	p := &window{settings: o.Settings, mailboxes: o.Mailboxes, records: o.Records, arrived: o.Arrived, blob: o.Blob, ours: o.Ours, figures: o.Figures, readOnly: o.ReadOnly,
		now: o.Now, zone: o.Zone, host: o.Host, address: o.SMTP, password: o.Password, submit: o.Submit, random: o.Random, provocations: o.Provocations}
	stopping, stop := context.WithCancel(context.Background())
	p.stopping = stopping.Done()
	server := &http.Server{Handler: p.handler(), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 2 * time.Minute, WriteTimeout: 2 * time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10, ErrorLog: nil}
	server.RegisterOnShutdown(stop)
	return server
}

func (p *window) handler() http.Handler {
	p.templates = template.Must(pageTemplates.Clone()).Funcs(template.FuncMap{"when": clockIn(p.zone, "2 Jan 2006, 15:04:05"), "clock": clockIn(p.zone, "15:04:05"),
		"day": func(r row) string { return r.Day(p.now(), p.zone) }})
	// A template is worked out when it is first carried out: here, so that no visitor waits for it.
	_ = p.templates.ExecuteTemplate(io.Discard, "home.html", homeView{}) // what it shows is nobody's
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", p.home)
	mux.HandleFunc("GET /events", p.events)
	mux.HandleFunc("GET /mail/{address}/{folder}/{id}/html", p.html)
	mux.HandleFunc("GET /mail/{address}/{folder}/{id}/source", p.source)
	mux.HandleFunc("GET /mail/{address}/{folder}/{id}/part/{n}", p.part)
	if !p.readOnly {
		mux.HandleFunc("POST /sample/{name}", p.sample)
		mux.HandleFunc("POST /send", p.send)
		mux.HandleFunc("POST /day/{do}", p.playDay)
	}
	for _, name := range []string{"style.css", "refresh.js", "icon.svg"} {
		mux.HandleFunc("GET /"+name, func(w http.ResponseWriter, r *http.Request) { http.ServeFileFS(w, r, pageFiles, "files/"+name) })
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		p.fail(w, http.StatusNotFound, "There is nothing here", "The address "+r.URL.Path+" is none of this page's.")
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
func (p *window) guard(next http.Handler) http.Handler {
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
func (p *window) ourHost(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(strings.Trim(host, "[]"))
	return net.ParseIP(host) != nil || host == "localhost" || p.host != "" && host == strings.ToLower(p.host)
}
