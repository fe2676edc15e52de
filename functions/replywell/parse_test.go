package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

func TestParsePrintsOneLineOfJSON(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mail.eml")
	raw := "From: a@example.com\r\nSubject: x\r\n\r\nHello\r\n"
	if err := os.WriteFile(path, []byte(raw), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		cmd parseCmd
		in  io.Reader
	}{"file": {parseCmd{File: path}, nil}, "standard input": {parseCmd{}, iotest.OneByteReader(strings.NewReader(raw))},
		"dash": {parseCmd{File: "-"}, strings.NewReader(raw)}} {
		if c.cmd.File == "-" {
			c.cmd.File = ""
		}
		var out bytes.Buffer
		if err := c.cmd.run(c.in, &out); err != nil {
			t.Fatal(name, err)
		}
		var o struct{ Subject, Text string }
		if err := json.Unmarshal(out.Bytes(), &o); err != nil || o.Subject != "x" || o.Text != "Hello\n" ||
			strings.Count(out.String(), "\n") != 1 {
			t.Errorf("%s: %v %s", name, err, out.String())
		}
	}
}

func TestParseExplainsForPeople(t *testing.T) {
	var out bytes.Buffer
	if err := (parseCmd{Explain: true}).run(strings.NewReader("From: a@example.com\nSubject: x\n\nHello\n"),
		&out); err != nil || !strings.Contains(out.String(), "  | Hello") {
		t.Error(err, out.String())
	}
}

func TestParseSaysWhatCouldNotBeRead(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "none.eml")
	err := (parseCmd{File: missing}).run(nil, io.Discard)
	if err == nil || !strings.Contains(err.Error(), missing) || !strings.Contains(err.Error(), "standard input") {
		t.Error(err)
	}
	err = (parseCmd{}).run(iotest.ErrReader(io.ErrUnexpectedEOF), io.Discard)
	if err == nil || !strings.Contains(err.Error(), "standard input") {
		t.Error(err)
	}
}

func TestParseOfAnEmptyMailIsStillAReport(t *testing.T) {
	var out bytes.Buffer
	if err := (parseCmd{}).run(strings.NewReader(""), &out); err != nil || !json.Valid(out.Bytes()) {
		t.Error(err, out.String())
	}
}
