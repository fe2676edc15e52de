package metrics_test

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/metrics"
)

// A report for programs says the same as the one for people, in each format, of the
// days that were asked for in the team's time zone.
func TestAskedReports(t *testing.T) {
	w, s := aWeek(t)
	answer := func(a metrics.Asked) string {
		t.Helper()
		out, err := s.Answer(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	var x metrics.Export
	if err := json.Unmarshal([]byte(answer(metrics.Asked{From: "2026-03-02", To: "2026-03-08", Format: "json"})),
		&x); err != nil {
		t.Fatal(err)
	}
	zone, _ := time.LoadLocation("Europe/Berlin")
	if x.Form != metrics.ExportForm || x.TimeZone != "Europe/Berlin" ||
		!x.From.Equal(time.Date(2026, 3, 2, 0, 0, 0, 0, zone)) ||
		!x.To.Equal(time.Date(2026, 3, 9, 0, 0, 0, 0, zone)) || len(x.Mailboxes) != 1 {
		t.Errorf("%+v", x)
	}
	found := map[string]metrics.ExportFigure{}
	for _, f := range x.Mailboxes[0].Figures {
		found[f.Name] = f
	}
	if f := found["solved-at-first-answer"]; *f.Part != 1 || *f.Of != 2 || *f.Value != 0.5 || f.Low == nil ||
		f.Before != nil {
		t.Errorf("%+v", f)
	}
	if f := found["first-answer-half"]; *f.Value != 7200 || *f.Of != 2 {
		t.Errorf("%+v", f)
	}
	lines, err := csv.NewReader(strings.NewReader(
		answer(metrics.Asked{From: "2026-03-02", To: "2026-03-08", Format: "csv", Rebuild: true}))).ReadAll()
	if err != nil || len(lines) != len(found)+1 {
		t.Errorf("%d lines for %d figures: %v", len(lines), len(found), err)
	}
	if text := answer(metrics.Asked{From: "2026-03-02", To: "2026-03-02", Mailbox: "support"}); !strings.Contains(text,
		"Your day in support, Monday 2 March 2026") || !strings.Contains(text, "First answer: Half within 2 hours") {
		t.Error(text)
	}
	for line := range strings.Lines(answer(metrics.Asked{})) {
		if n := len([]rune(strings.TrimRight(line, "\n"))); n > 72 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	if page := answer(metrics.Asked{Format: "html"}); !strings.Contains(page, "<h1") {
		t.Error(page)
	}
	for want, a := range map[string]metrics.Asked{
		"write a day as":       {From: "1.3.2026", To: "2026-03-08"},
		"is after":             {From: "2026-03-08", To: "2026-03-01"},
		"at most":              {From: "2024-03-08", To: "2026-03-01"},
		"still to come":        {From: "2030-03-08", To: "2030-03-09"},
		"no mailbox \"sales\"": {Mailbox: "sales"},
		"no format":            {Format: "pdf"},
	} {
		if _, err := s.Answer(t.Context(), a); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", a, err, want)
		}
	}
	for _, text := range []string{answer(metrics.Asked{}), answer(metrics.Asked{Format: "json"}),
		answer(metrics.Asked{Format: "csv"})} {
		for _, a := range w.Settings.Agents {
			if strings.Contains(text, a.Name) || strings.Contains(text, a.Addresses[0]) {
				t.Errorf("a report names %s", a.Name)
			}
		}
	}
}
