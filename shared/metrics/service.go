package metrics

import (
	"context"
	"net/http"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/home"
	"github.com/replywell/replywell/shared/topics"
)

const day = 24 * time.Hour

// Service posts the figures. What is beside Home may be left out.
type Service struct {
	*home.Home
	Posting Posting      // where reports go beside mail
	Client  *http.Client // for it; nil is one with a time limit of 10 s that reaches public addresses only
	// Keep writes a report's file; nil: none is kept.
	Keep func(ctx context.Context, name string, data []byte) error
	// Measure takes a mailbox's figures of a period; nil: nobody measures.
	Measure func(mailbox, period string, values map[string]float64)
	// Gaps gives the topics that lack an article; nil: none are told of.
	Gaps func(ctx context.Context) ([]desk.Gap, error)
	// Topics gives what conversations are about; nil: only what agents said, and articles, tell it.
	Topics func(ctx context.Context) (*topics.Book, error)
}

// weekBefore gives the start of the last whole week before the moment.
func weekBefore(now time.Time, z *time.Location) time.Time {
	d := now.In(z)
	monday := d.AddDate(0, 0, -(int(d.Weekday())+6)%7)
	return time.Date(monday.Year(), monday.Month(), monday.Day()-7, 0, 0, 0, 0, z)
}

func zone(s *desk.Settings) *time.Location {
	if z, err := time.LoadLocation(s.Report.TimeZone); err == nil {
		return z
	}
	return time.UTC
}
