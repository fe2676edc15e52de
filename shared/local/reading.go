package local

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/home"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine/bolt"
)

// Reading opens the values in a data folder that no process holds, for who asks for
// figures. Whoever opens it closes it.
func Reading(dataFolder string, settings *desk.Settings, now func() time.Time) (*home.Home, func() error, error) {
	e, err := bolt.Open(filepath.Join(dataFolder, "store.db"))
	if err != nil {
		return nil, nil, fmt.Errorf("the data folder %s: %w", dataFolder, err)
	}
	return &home.Home{Store: store.New(e, now), Now: now, Settings: func(context.Context) (*desk.Settings, error) { return settings, nil }}, e.Close, nil
}
