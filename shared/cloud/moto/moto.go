package moto

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// Region is where everything stands.
const Region = "eu-central-1"

// startWithin bounds how long moto may take until it answers.
const startWithin = 2 * time.Minute

// Server is a running moto server behind its proxy.
type Server struct {
	// Endpoint is the proxy's URL: one request at a time passes.
	Endpoint string

	proxy    *httptest.Server
	handler  http.Handler
	requests atomic.Int64
	stdin    io.Closer
	second   io.Closer     // of another DynamoDB, if there is one
	ended    chan struct{} // closed when the process has
}

// Start starts a server that is stopped when the test ends. Where moto is not
// installed the test fails and says what to run.
func Start(t testing.TB) *Server {
	t.Helper()
	s, err := start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.stop)
	return s
}

var shared struct {
	sync.Mutex
	server *Server
	err    error
	main   bool
}

// Main runs the tests of a package and stops the server they shared, if they did.
func Main(m *testing.M) int {
	shared.Lock()
	shared.main = true
	shared.Unlock()
	code := m.Run()
	shared.Lock()
	defer shared.Unlock()
	if shared.server != nil {
		shared.server.stop()
	}
	return code
}

// Shared gives the server of this test package, started at the first call.
// The package's TestMain must call Main.
func Shared(t testing.TB) *Server {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	if !shared.main {
		t.Fatal("moto.Shared needs a TestMain that calls moto.Main, or the server would outlive the tests")
	}
	if shared.server == nil && shared.err == nil {
		shared.server, shared.err = start()
	}
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.server
}

// Config is an AWS configuration that leads to the server.
func (s *Server) Config() aws.Config { return ConfigFor(s.Endpoint) }

// ConfigFor is an AWS configuration that leads to an endpoint, such as one that
// Through gave.
func ConfigFor(endpoint string) aws.Config {
	return aws.Config{Region: Region, BaseEndpoint: aws.String(endpoint),
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", "")}
}

// Environment is what a program needs to find the server by itself, as KEY=value.
func (s *Server) Environment() []string {
	return []string{"AWS_ENDPOINT_URL=" + s.Endpoint, "AWS_REGION=" + Region, "AWS_DEFAULT_REGION=" + Region,
		"AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test", "AWS_EC2_METADATA_DISABLED=true"}
}

// Requests is how many requests the server has had.
func (s *Server) Requests() int { return int(s.requests.Load()) }

// Through puts a handler before the server for one test and gives its URL.
// The handler gets what comes next: it may answer by itself, or call it and
// hold back or change the answer.
func (s *Server) Through(t testing.TB, before func(next http.Handler) http.Handler) string {
	t.Helper()
	front := httptest.NewServer(before(s.handler))
	t.Cleanup(front.Close)
	return front.URL
}

// keeper ends moto when our end of the shell's standard input closes, and that
// it does however this process ends. Descriptor 3 carries it past the rule that
// what runs in the background reads nothing.
const keeper = `exec 3<&0; "$@" 3<&- & child=$!
(cat <&3; kill $child) >/dev/null 2>&1 &
wait $child`

var running = regexp.MustCompile(`Running on (http://127\.0\.0\.1:\d+)`)

func start() (*Server, error) {
	program, err := find()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command("/bin/sh", "-c", keeper, "moto", program, "-H", "127.0.0.1", "-p", "0")
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("starting %s: %w", program, err)
	}
	out, w := io.Pipe()
	cmd.Stdout, cmd.Stderr = w, w
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting %s: %w", program, err)
	}
	s := &Server{stdin: stdin, ended: make(chan struct{})}
	go func() {
		_ = w.CloseWithError(cmd.Wait())
		close(s.ended)
	}()
	target, err := announced(out)
	if err == nil {
		err = answers(target)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s did not start: %w", program, err), stdin.Close())
	}
	if s.handler, err = s.withSecond(s.serial(httputil.NewSingleHostReverseProxy(target))); err != nil {
		return nil, errors.Join(err, stdin.Close())
	}
	s.proxy = httptest.NewServer(s.handler)
	s.Endpoint = s.proxy.URL
	return s, nil
}

// announced waits for the line that tells the port, and then reads on for ever.
func announced(out io.Reader) (*url.URL, error) {
	type result struct {
		target *url.URL
		err    error
	}
	found := make(chan result, 1)
	go func() {
		var said strings.Builder
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if m := running.FindStringSubmatch(lines.Text()); m != nil {
				u, err := url.Parse(m[1])
				found <- result{u, err}
				_, _ = io.Copy(io.Discard, out) // ends with the process; what it logs is of no use
				return
			}
			said.WriteString(lines.Text() + "\n")
		}
		found <- result{nil, fmt.Errorf("it said:\n%s%w", said.String(), errors.Join(lines.Err(), io.ErrUnexpectedEOF))}
	}()
	select {
	case r := <-found:
		return r.target, r.err
	case <-time.After(startWithin):
		return nil, fmt.Errorf("no answer within %v", startWithin)
	}
}

// answers makes one request, which waits for the server to be ready.
func answers(target *url.URL) error {
	ctx, cancel := context.WithTimeout(context.Background(), startWithin)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target.String()+"/moto-api/data.json", nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, res.Body)
	return errors.Join(err, res.Body.Close())
}

// serial lets one request at a time through.
func (s *Server) serial(next http.Handler) http.Handler {
	turn := make(chan struct{}, 1)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case turn <- struct{}{}:
			defer func() { <-turn }()
			s.requests.Add(1)
			next.ServeHTTP(w, r)
		case <-r.Context().Done():
		}
	})
}

func (s *Server) stop() {
	s.proxy.Close()
	_ = s.stdin.Close()
	if s.second != nil {
		_ = s.second.Close()
	}
	<-s.ended
}
