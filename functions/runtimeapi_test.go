package functions

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// function is a built bootstrap as Lambda runs it: a process of its own that
// asks the Runtime API for events (Lambda developer guide, "Using the Lambda
// runtime API for custom runtimes"). A process that ended is started anew for
// the next event.
type function struct {
	t       testing.TB
	program string
	env     []string
	timeout time.Duration

	api     *httptest.Server
	events  chan invocation
	mu      sync.Mutex
	pending map[string]chan outcome // by request id
	cmd     *exec.Cmd
	ended   chan struct{} // closed when cmd has
	log     syncBuffer
	count   int
}

type invocation struct {
	id   string
	body []byte
}

type outcome struct {
	body   []byte
	failed bool
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// newFunction prepares a function; its process starts with the first event.
func newFunction(t testing.TB, program string, timeout time.Duration, env ...string) *function {
	f := &function{t: t, program: program, timeout: timeout, events: make(chan invocation),
		pending: map[string]chan outcome{}}
	f.api = httptest.NewServer(http.HandlerFunc(f.serve))
	f.env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "TMPDIR=" + t.TempDir(),
		"AWS_LAMBDA_RUNTIME_API=" + strings.TrimPrefix(f.api.URL, "http://"), "AWS_LAMBDA_FUNCTION_NAME=test",
		"_HANDLER=bootstrap"}, env...)
	t.Cleanup(func() {
		f.kill()
		f.api.CloseClientConnections()
		f.api.Close()
		if t.Failed() {
			t.Logf("the log of %s:\n%s", program, f.log.String())
		}
	})
	return f
}

const runtimePath = "/2018-06-01/runtime/"

func (f *function) serve(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, runtimePath)
	switch {
	case r.Method == http.MethodGet && path == "invocation/next":
		select {
		case in := <-f.events:
			w.Header().Set("Lambda-Runtime-Aws-Request-Id", in.id)
			w.Header().Set("Lambda-Runtime-Deadline-Ms", fmt.Sprint(time.Now().Add(f.timeout).UnixMilli()))
			w.Header().Set("Lambda-Runtime-Invoked-Function-Arn",
				"arn:aws:lambda:eu-central-1:123456789012:function:test")
			w.Header().Set("Lambda-Runtime-Trace-Id",
				"Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0")
			_, _ = w.Write(in.body) // a process that was killed does not read it
		case <-r.Context().Done():
		}
	case r.Method == http.MethodPost && strings.HasPrefix(path, "invocation/"):
		id, kind, _ := strings.Cut(strings.TrimPrefix(path, "invocation/"), "/")
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // the process was killed while it answered
		}
		f.mu.Lock()
		if c := f.pending[id]; c != nil {
			c <- outcome{body: body, failed: kind == "error"}
			delete(f.pending, id)
		}
		f.mu.Unlock()
		w.WriteHeader(http.StatusAccepted)
	case r.Method == http.MethodPost && path == "init/error":
		w.WriteHeader(http.StatusAccepted)
	default:
		f.t.Errorf("the runtime asked for %s %s", r.Method, r.URL.Path)
		w.WriteHeader(http.StatusNotFound)
	}
}

func (f *function) start() error {
	f.cmd, f.ended = exec.Command(f.program), make(chan struct{})
	f.cmd.Env, f.cmd.Stdout, f.cmd.Stderr = f.env, &f.log, &f.log
	if err := f.cmd.Start(); err != nil {
		return err
	}
	go func(cmd *exec.Cmd, ended chan struct{}) {
		_ = cmd.Wait() // how it ended is seen in its log
		close(ended)
	}(f.cmd, f.ended)
	return nil
}

// kill ends the process at once, as Lambda does with one that it no longer needs.
func (f *function) kill() {
	if f.cmd == nil {
		return
	}
	_ = f.cmd.Process.Kill() // it may have ended
	<-f.ended
	f.cmd = nil
}

// invoke hands one event over and gives the answer. The error is what the
// function reported, or that it ended.
func (f *function) invoke(ctx context.Context, event any) ([]byte, error) {
	body, err := json.Marshal(event)
	if err != nil {
		return nil, err
	}
	if f.cmd == nil {
		if err := f.start(); err != nil {
			return nil, err
		}
	}
	ctx, stop := context.WithTimeout(ctx, f.timeout)
	defer stop()
	f.count++
	in := invocation{id: fmt.Sprintf("00000000-0000-4000-8000-%012d", f.count), body: body}
	answer := make(chan outcome, 1)
	f.mu.Lock()
	f.pending[in.id] = answer
	f.mu.Unlock()
	select {
	case f.events <- in:
	case <-f.ended:
		f.cmd = nil
		return nil, fmt.Errorf("%s ended before it asked for an event:\n%s", f.program, f.log.String())
	case <-ctx.Done():
		return nil, fmt.Errorf("%s does not ask for events:\n%s", f.program, f.log.String())
	}
	select {
	case out := <-answer:
		if out.failed {
			return nil, fmt.Errorf("%s reported %s", f.program, out.body)
		}
		return out.body, nil
	case <-f.ended:
		f.cmd = nil
		return nil, fmt.Errorf("%s ended during an event:\n%s", f.program, f.log.String())
	case <-ctx.Done():
		return nil, fmt.Errorf("%s did not answer in time:\n%s", f.program, f.log.String())
	}
}
