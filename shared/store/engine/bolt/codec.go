package bolt

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"time"

	"github.com/replywell/replywell/shared/store/engine"
)

// header is the first line of a stored value; the body follows it as it came.
type header struct {
	Version int64         `json:"ver"`
	Kind    string        `json:"kind,omitempty"`
	Schema  int           `json:"schema,omitempty"`
	Expires int64         `json:"expires,omitempty"` // seconds since 1970
	Index   [2]engine.Key `json:"index,omitzero"`
}

func encode(item engine.Item) ([]byte, error) {
	h := header{Version: item.Version, Kind: item.Kind, Schema: item.Schema, Index: item.Index}
	if !item.Expires.IsZero() {
		h.Expires = item.Expires.Unix()
	}
	v, err := json.Marshal(h)
	if err != nil {
		return nil, err
	}
	v = append(v, '\n')
	return append(v, item.Body...), nil
}

// decode copies what it gives: bbolt's bytes are good only within a transaction.
func decode(key engine.Key, v []byte) (engine.Item, error) {
	line, body, ok := bytes.Cut(v, []byte{'\n'})
	var h header
	if !ok {
		return engine.Item{}, fmt.Errorf("the stored item %s/%s has no header", key.Partition, key.Sort)
	}
	if err := json.Unmarshal(line, &h); err != nil {
		return engine.Item{}, fmt.Errorf("the stored item %s/%s cannot be read: %w", key.Partition, key.Sort, err)
	}
	item := engine.Item{Key: key, Index: h.Index, Version: h.Version, Kind: h.Kind, Schema: h.Schema, Body: bytes.Clone(body)}
	if h.Expires != 0 {
		item.Expires = time.Unix(h.Expires, 0).UTC()
	}
	return item, nil
}

func itemKey(k engine.Key) []byte {
	b := make([]byte, 0, len(k.Partition)+len(k.Sort)+2)
	b = append(append(b, k.Partition...), 0)
	return append(append(b, k.Sort...), 0)
}

func indexKey(index, primary engine.Key) []byte {
	return append(itemKey(index), itemKey(primary)...)
}

func expiresKey(item engine.Item) []byte {
	b := binary.BigEndian.AppendUint64(nil, uint64(item.Expires.Unix()))
	return append(b, itemKey(item.Key)...)
}

// primaryOf takes the primary key out of a key of the items or of an index.
func primaryOf(k []byte, index bool) (engine.Key, error) {
	parts := bytes.Split(k, []byte{0})
	if index && len(parts) == 5 {
		parts = parts[2:]
	}
	if len(parts) != 3 {
		return engine.Key{}, fmt.Errorf("the stored key %q cannot be read", k)
	}
	return engine.Key{Partition: string(parts[0]), Sort: string(parts[1])}, nil
}
