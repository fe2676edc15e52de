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

// postingFile says where reports go beside mail. It holds secrets, so only its owner
// may read it.
const postingFile = "posting.json"

// PostingFile reads it; nothing where there is none.
func (s *System) PostingFile() ([]byte, error) {
	return postingSecret(s.folder.Path(postingFile))
}

func postingSecret(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("where reports are posted cannot be read: %w", plain(err))
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%s holds secrets, and others on this machine may read it, so it is not used: chmod 600 %s", path, path)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("where reports are posted cannot be read: %w", plain(err))
	}
	return data, nil
}

// KeepReport writes a report's file into the folder reports of the data folder.
func (s *System) KeepReport(_ context.Context, name string, data []byte) error {
	if err := s.folder.Write(data, "reports", name); err != nil {
		return fmt.Errorf("the file %s: %w", name, plain(err))
	}
	return nil
}
