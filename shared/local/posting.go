package local

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// postingFile says where reports go beside mail. It holds secrets, so only its owner
// may read it.
const postingFile = "posting.json"

// PostingFile reads it; nothing where there is none.
func (s *System) PostingFile() ([]byte, error) {
	path := s.folder.Path(postingFile)
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
