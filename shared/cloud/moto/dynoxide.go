package moto

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"time"
)

// secondDynamoDB names the program of another DynamoDB, dynoxide, which then takes
// moto's place for that one service: it keeps conditions and transactions under
// concurrent requests as the real one does, and was checked against it by its
// authors. "make dynoxide" sets it.
const secondDynamoDB = "REPLYWELL_DYNOXIDE"

// Second reports whether another DynamoDB is in use. What moto's CloudFormation
// makes is not in it.
func Second() bool { return os.Getenv(secondDynamoDB) != "" }

// portTries is how often a port is tried that was free a moment ago.
const portTries = 5

// withSecond leads what is for DynamoDB to a dynoxide of this server's own.
func (s *Server) withSecond(next http.Handler) (http.Handler, error) {
	program := os.Getenv(secondDynamoDB)
	if program == "" {
		return next, nil
	}
	var err error
	for range portTries {
		var target *url.URL
		if target, err = s.startSecond(program); err == nil {
			second := httputil.NewSingleHostReverseProxy(target)
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.HasPrefix(r.Header.Get("X-Amz-Target"), "DynamoDB_") {
					s.requests.Add(1)
					second.ServeHTTP(w, r)
					return
				}
				next.ServeHTTP(w, r)
			}), nil
		}
	}
	return nil, fmt.Errorf("%s did not start: %w", program, err)
}

func (s *Server) startSecond(program string) (*url.URL, error) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	address := free.Addr().String()
	if err := free.Close(); err != nil {
		return nil, err
	}
	cmd := exec.Command("/bin/sh", "-c", keeper, "dynoxide", program, "serve", "--host", "127.0.0.1", "--port", address[strings.LastIndexByte(address, ':')+1:])
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, w := io.Pipe()
	cmd.Stdout, cmd.Stderr = w, w
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go func() { _ = w.CloseWithError(cmd.Wait()) }()
	listening := make(chan error, 1)
	go func() {
		lines := bufio.NewScanner(out)
		var said strings.Builder
		for lines.Scan() {
			if strings.Contains(lines.Text(), "listening on") {
				listening <- nil
				_, _ = io.Copy(io.Discard, out)
				return
			}
			said.WriteString(lines.Text() + "\n")
		}
		listening <- fmt.Errorf("it said: %s", said.String())
	}()
	select {
	case err = <-listening:
	case <-time.After(startWithin):
		err = fmt.Errorf("no answer within %v", startWithin)
	}
	if err != nil {
		_ = stdin.Close()
		return nil, err
	}
	s.second = stdin
	return &url.URL{Scheme: "http", Host: address}, nil
}
