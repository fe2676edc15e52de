package local

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
)

// reportHour is when on Monday, in the team's time zone, the week's figures are posted.
const reportHour = 7

// Weekly makes a task of posting the last week's figures: once for each week,
// on Monday morning or when the system next runs. The week in which the folder
// was first used is the first that is told of.
func (s *System) Weekly(post func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		week := s.lastWeek()
		posted, err := os.ReadFile(s.folder.Path("reported"))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("reading which week was posted: %w", err)
		}
		if strings.TrimSpace(string(posted)) >= week {
			return nil
		}
		if len(posted) > 0 {
			if err := post(ctx); err != nil {
				return err
			}
		}
		return s.folder.Write([]byte(week+"\n"), "reported")
	}
}

// lastWeek names the last week whose figures are due by its Monday.
func (s *System) lastWeek() string {
	now := s.options.Now().In(teamZone(s.Settings)).Add(-reportHour * time.Hour)
	monday := now.AddDate(0, 0, -(int(now.Weekday())+6)%7)
	return monday.AddDate(0, 0, -7).Format(time.DateOnly)
}

// teamZone is the team's time zone.
func teamZone(s *desk.Settings) *time.Location {
	if zone, err := time.LoadLocation(s.Report.TimeZone); err == nil {
		return zone
	}
	return time.UTC // the configuration is checked; a zone that is gone since is no reason to stop
}
