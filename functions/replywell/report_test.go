package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A report is printed of a desk that runs, and of the same one when it is stopped; what
// is asked for wrongly is told.
func TestPrintingAReport(t *testing.T) {
	data := t.TempDir()
	report := func(args ...string) (string, string, error) {
		var said, told strings.Builder
		cmd := exec.Command(program(t), append([]string{"report", "--data", data}, args...)...)
		cmd.Stdout, cmd.Stderr = &said, &told
		err := cmd.Run()
		return said.String(), told.String(), err
	}
	if _, told, err := report(); err == nil || !strings.Contains(told, "there is no desk in") {
		t.Errorf("of an empty folder: %v, %s", err, told)
	}
	p := startLocal(t, data)
	p.mail("erika@customers.example", "support@lantern.example",
		"From: erika@customers.example\r\nTo: support@lantern.example\r\nSubject: My lamp\r\nMessage-ID: "+
			"<r1@customers.example>\r\n\r\nIt flickers.\r\n")
	// the team's day may be another than this machine's
	today := []string{"--from", time.Now().AddDate(0, 0, -1).Format(time.DateOnly), "--to",
		time.Now().AddDate(0, 0, 1).Format(time.DateOnly)}
	said := ""
	for deadline := time.Now().Add(time.Minute); !strings.Contains(said, "1 customer waits"); {
		var told string
		var err error
		if said, told, err = report(today...); err != nil || time.Now().After(deadline) {
			t.Fatalf("%v\n%s\n%s", err, said, told)
		}
	}
	if info, err := os.Stat(filepath.Join(data, "report.sock")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others of this machine may ask: %v, %v", info, err)
	}
	if _, told, err := report("--mailbox", "sales"); err == nil || !strings.Contains(told, "no mailbox") {
		t.Errorf("a mailbox that is none: %v, %s", err, told)
	}
	running, _, err := report(append(today, "--format", "csv")...)
	if err != nil || !strings.Contains(running, ",opened,count,1,") {
		t.Errorf("%v\n%s", err, running)
	}
	p.stop()
	if stopped, told, err := report(append(today, "--format", "csv", "--rebuild")...); err != nil ||
		stopped != running {
		t.Errorf("stopped: %v, %s\n%s\nrunning:\n%s", err, told, stopped, running)
	}
	if _, told, err := report("--from", "2026-01-01"); err == nil || !strings.Contains(told, "both --from and --to") {
		t.Errorf("half a span: %v, %s", err, told)
	}
}
