package local

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/replywell/replywell/shared/email/replyaddr"
)

// keyFile is the form of keys.json: secrets by key id, and which one signs. To
// rotate, add a key and name it as current; take an old one out when no mail
// that bears it needs to be answered any more.
type keyFile struct {
	Current uint8            `json:"current"`
	Keys    map[uint8][]byte `json:"keys"` // base64
}

// Keys reads the keys of the reply addresses from keys.json, and makes the
// file, readable by its owner alone, where there is none.
func (f *Folder) Keys(random io.Reader) (*replyaddr.Keyring, error) {
	path := f.Path("keys.json")
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return f.newKeys(random)
	}
	if err != nil {
		return nil, fmt.Errorf("the keys of the reply addresses in %s cannot be read: %w", path, plain(err))
	}
	var k keyFile
	if err := json.Unmarshal(data, &k); err != nil {
		return nil, fmt.Errorf("%s is not a list of keys any more: %w; put back a copy of it, because without these keys no mail sent so far can be answered", path, err)
	}
	ring, err := replyaddr.NewKeyring(k.Current, k.Keys)
	if err != nil {
		return nil, fmt.Errorf("the keys in %s cannot be used: %w", path, err)
	}
	return ring, nil
}

func (f *Folder) newKeys(random io.Reader) (*replyaddr.Keyring, error) {
	secret := make([]byte, replyaddr.MinKeyLen)
	if _, err := io.ReadFull(random, secret); err != nil {
		return nil, fmt.Errorf("no random bytes for a key for the reply addresses: %w", err)
	}
	k := keyFile{Current: 0, Keys: map[uint8][]byte{0: secret}}
	data, err := json.MarshalIndent(k, "", "  ")
	if err != nil {
		return nil, err
	}
	// Temporary files have mode 0600, and place keeps it.
	if err := f.Write(append(data, '\n'), "keys.json"); err != nil {
		return nil, fmt.Errorf("the keys of the reply addresses cannot be kept: %w", err)
	}
	return replyaddr.NewKeyring(k.Current, k.Keys)
}
