package main

import (
	"io"
	"log"
	"net"
	"regexp"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// relay takes what the desk sends, and notes when.
type relay struct {
	mu   sync.Mutex
	told map[string][]time.Time
	n    int
	last time.Time
}

func (r *relay) listen() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := smtp.NewServer(r)
	server.Domain = "relay.example"
	server.ErrorLog = log.New(io.Discard, "", 0) // connections break when the program is killed
	go func() { _ = server.Serve(l) }()          // ends with the process
	return l.Addr().String(), nil
}

func (r *relay) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.n
}

// whole is how many mails every agent was told of.
func (r *relay) whole() (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for word, times := range r.told {
		if word != "" && len(times) >= *agents { // what tells of no mail of ours is another letter of the desk's
			n++
		}
	}
	return n
}

// since tells whether a mail came within such a time.
func (r *relay) since(d time.Duration) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.last.IsZero() {
		r.last = time.Now()
	}
	return time.Since(r.last) < d
}

func (r *relay) NewSession(*smtp.Conn) (smtp.Session, error) { return session{r}, nil }

type session struct{ r *relay }

func (session) Reset()                               {}
func (session) Logout() error                        { return nil }
func (session) Mail(string, *smtp.MailOptions) error { return nil }
func (session) Rcpt(string, *smtp.RcptOptions) error { return nil }

var isWord = regexp.MustCompile(`load-\d+-\d+-`)

func (s session) Data(in io.Reader) error {
	raw, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	if *relays > 0 {
		time.Sleep(*relays)
	}
	word := string(isWord.Find(raw[:min(len(raw), 4000)]))
	s.r.mu.Lock()
	defer s.r.mu.Unlock()
	s.r.last = time.Now()
	s.r.n++
	s.r.told[word] = append(s.r.told[word], s.r.last)
	return nil
}
