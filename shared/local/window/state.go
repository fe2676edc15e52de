package window

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// state is what a window shows, and stands in its address: each side's mailbox
// and what is open in it, and the mail whose path is told.
type state struct {
	Left, Right pane
	Mail        string // the server's id of the mail whose path is shown; "": the last one's
	Sample      string // the sample mail that this is
	See         string // the column that a narrow window shows: "left", "right" or "path"
}

// pane is one side's mail program.
type pane struct {
	Side    string // "left" or "right"
	Box     string // address; "": the first
	Open    string // a mail of the thread that is shown, as "inbox.ID"; "": the list
	As      string // how that mail is shown: "", "text" or "header"
	Do      string // what is written: "", "new", "reply" or "all"
	Find    string // search
	Page    int    // of the list, from 1
	To      string // where what is written goes to
	Subject string
}

// readState reads what an address asks for. What makes no sense is left out.
func readState(v url.Values) state {
	s := state{Left: readPane(v, "left"), Right: readPane(v, "right"), See: v.Get("see")}
	if id := v.Get("mail"); len(id) <= 100 && strings.Trim(id, mailID) == "" {
		s.Mail = id
	}
	if name := v.Get("sample"); len(name) <= 20 && strings.Trim(name, mailID) == "" {
		s.Sample = name
	}
	if s.See != "left" && s.See != "right" {
		s.See = "path"
	}
	return s
}

// mailID are the signs that the SMTP server's ids are made of.
const mailID = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"

// maxTyped bounds what an address may bring of what people type, in bytes.
const maxTyped = 500

func readPane(v url.Values, side string) pane {
	get := func(key string) string {
		s := strings.ToValidUTF8(v.Get(side+key), "")
		return s[:min(len(s), maxTyped)]
	}
	p := pane{Side: side, Box: get(""), Open: get("-open"), As: get("-as"), Do: get("-do"), Find: get("-find"), To: get("-to"), Subject: get("-subject")}
	n, _ := strconv.Atoi(get("-page"))
	p.Page = min(max(n, 1), 1<<20)
	return p
}

func (s state) values() url.Values {
	v := url.Values{}
	set := func(key, value string) {
		if value != "" {
			v.Set(key, value)
		}
	}
	for _, p := range []pane{s.Left, s.Right} {
		set(p.Side, p.Box)
		set(p.Side+"-open", p.Open)
		set(p.Side+"-as", p.As)
		set(p.Side+"-do", p.Do)
		set(p.Side+"-find", p.Find)
		set(p.Side+"-to", p.To)
		set(p.Side+"-subject", p.Subject)
		if p.Page > 1 {
			v.Set(p.Side+"-page", strconv.Itoa(p.Page))
		}
	}
	set("mail", s.Mail)
	set("sample", s.Sample)
	if s.See != "path" {
		set("see", s.See)
	}
	return v
}

// URL is the address that shows this.
func (s state) URL() string {
	if q := s.values().Encode(); q != "" {
		return "/?" + q
	}
	return "/"
}

// with gives the state in which one side shows something else.
func (s state) with(p pane) state {
	if s.See = p.Side; p.Side == "left" {
		s.Left = p
	} else {
		s.Right = p
	}
	return s
}

// side is one of the two.
func (s state) side(name string) pane {
	if name == "right" {
		return s.Right
	}
	return s.Left
}

// list is the pane with nothing open.
func (p pane) list() pane { return pane{Side: p.Side, Box: p.Box, Find: p.Find, Page: p.Page} }

// open is the pane with a mail's thread open.
func (p pane) open(folder, id string) pane {
	p = p.list()
	p.Open = folder + "." + id
	return p
}

// opened takes apart what is open.
func (p pane) opened() (folder, id string, ok bool) { return strings.Cut(p.Open, ".") }

// sent is where a sample mail's path is seen, beside the mailbox that it came from.
func (s state) sent(out sent, sample string) string {
	s.Mail, s.Sample = out.id, sample
	if out.about != "" {
		s = s.with(pane{Side: "left", Box: out.about})
	}
	s = s.with(pane{Side: out.side, Box: out.from.Address})
	s.See = "path"
	return s.URL()
}

// readAt reads the state that a form brings along.
func readAt(r *http.Request) state {
	at, err := url.ParseQuery(r.PostFormValue("at"))
	if err != nil {
		at = url.Values{}
	}
	return readState(at)
}
