package message

import (
	"testing"
	"time"
)

func TestDatesAsMailersWriteThem(t *testing.T) {
	want := time.Date(2026, 11, 17, 9, 20, 8, 0, time.UTC)
	for _, s := range []string{
		"Tue, 17 Nov 2026 10:20:08 +0100", "Tue, 17 Nov 2026 10:20:08 +0100 (CET)", "17 Nov 2026 09:20:08 GMT",
		"Tue, 17 Nov 26 10:20:08 +0100",
		"Tuesday, 17-Nov-26 09:20:08 UTC", "Tue Nov 17 09:20:08 2026", "Tue Nov 17 10:20:08 CET 2026",
		"2026-11-17T10:20:08+01:00", "2026-11-17 09:20:08",
		"Tue, 17 Nov 2026 10:20:08 GMT+0100", "Tue, 17 Nov 2026 10:20:08 +01:00", "Nov 17, 2026 9:20:08 AM",
		"Tue, 17 Nov 2026 4:20:08 EST", "17.11.2026 09:20:08",
		"Di, 17 Nov 2026 10:20:08 +0100", "Tue, 17 Nov 2026 10:20:08 +0100 (Mitteleuropäische Zeit)",
		"Tue,17 Nov 2026 10:20:08+0100", "17 (a day) Nov 2026 10(hour):20:08 +0100",
		"11/17/2026 9:20:08 AM", "Tue, 17 Nov 2026 09.20.08 UT", "Tue, 17 Nov 2026 09:20:08", "2026/11/17 09:20:08 Z",
		"mar., 17 nov. 2026 10:20:08 +0100",
	} {
		if got := parseDate(s); !got.Equal(want) {
			t.Errorf("%q: %v", s, got)
		}
	}
	for _, s := range []string{"", "yesterday", "32", "Tue, Nov", "+0100", ":::", "17 Foo 2026", "99/99/9999"} {
		if got := parseDate(s); !got.IsZero() && got.Year() < 9000 {
			t.Errorf("%q: %v", s, got)
		}
	}
}
