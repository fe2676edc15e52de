package earlier

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"time"

	"github.com/replywell/replywell/shared/store"
)

const (
	prefix  = "earlier/"
	listKey = prefix + "list"
	// perPart is about how many conversations lie in one file.
	perPart = 200
	// maxUnpacked bounds what a file unpacks to, in bytes.
	maxUnpacked = 256 << 20
)

// list is which imports there are, in the order in which they were made.
type list struct {
	Imports []imported `json:"imports"`
}

// imported is one import.
type imported struct {
	Name  string    `json:"name"`
	Taken time.Time `json:"taken"`
	Parts int       `json:"parts"`
}

func (m imported) conversations(part int) string {
	return fmt.Sprintf("%s%s/conversations-%d", prefix, m.Name, part)
}
func (m imported) ids(part int) string { return fmt.Sprintf("%s%s/ids-%d", prefix, m.Name, part) }

// hashOf is the name under which an id leads to a conversation: a stranger chose it, and
// it may be as long as a line.
func hashOf(id string) string {
	sum := sha256.Sum256([]byte(store.NormalMessageID(id)))
	return hex.EncodeToString(sum[:16])
}

func partOf(name string, parts int) int {
	h := fnv.New32a()
	h.Write([]byte(name))
	return int(h.Sum32() % uint32(max(1, parts)))
}

func packed(v any) ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if err := errors.Join(json.NewEncoder(z).Encode(v), z.Close()); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func unpacked(data []byte, v any) error {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return err
	}
	return json.NewDecoder(io.LimitReader(z, maxUnpacked)).Decode(v)
}
