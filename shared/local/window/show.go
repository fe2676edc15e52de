package window

import (
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/local/mailbox"
)

//go:embed files
var pageFiles embed.FS

var pageTemplates = template.Must(template.New("").Funcs(template.FuncMap{
	"path": url.PathEscape,
	"when": clockIn(time.UTC, ""), "clock": clockIn(time.UTC, ""), "day": func(any) string { return "" }, // see handler
	"size":  func(n int) string { return page.Size(int64(n)) },
	"clip":  mailbox.Snippet,
	"first": first,
}).ParseFS(pageFiles, "files/*.html"))

// clockIn shows a time in a zone.
func clockIn(zone *time.Location, layout string) func(time.Time) string {
	return func(t time.Time) string { return t.In(zone).Format(layout) }
}

// show writes a page.
func (p *window) show(w http.ResponseWriter, status int, name string, data any) {
	var b strings.Builder
	if err := p.templates.ExecuteTemplate(&b, name, data); err != nil {
		http.Error(w, "The page could not be made: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(b.String())) // a browser that went away has no use for an error
}

// fail answers with an error's page.
func (p *window) fail(w http.ResponseWriter, status int, title, why string) {
	p.show(w, status, "error.html", errorView{Title: title, Why: why})
}

type errorView struct{ Title, Why string }
