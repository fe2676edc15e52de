package kb

import (
	"encoding/json"
	"fmt"
)

// snapshotForm is the version of a Snapshot's form.
const snapshotForm = 1

type snapshot struct {
	Form     int       `json:"form"`
	Articles []Article `json:"articles"`
}

// Snapshot writes the index, for another process to Open.
func (x *Index) Snapshot() ([]byte, error) {
	return json.Marshal(snapshot{snapshotForm, x.articles})
}

// Open reads what Snapshot wrote.
func Open(data []byte) (*Index, error) {
	var s snapshot
	if err := json.Unmarshal(data, &s); err != nil {
		return nil, fmt.Errorf("the knowledge base's snapshot cannot be read: %w; change an article, or run the index function, to build it anew", err)
	}
	if s.Form != snapshotForm {
		return nil, fmt.Errorf("the knowledge base's snapshot has form %d, and this program reads form %d; run the index function to build it anew", s.Form, snapshotForm)
	}
	return New(s.Articles), nil
}
