package replyaddr

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// MinKeyLen is the least length of a key in bytes: the output size of SHA-256,
// as RFC 2104 section 3 advises.
const MinKeyLen = 32

// Keyring holds the keys that reply addresses are signed with. One is current
// and signs; all of them are accepted. It is safe for concurrent use.
type Keyring struct {
	current uint8
	keys    map[uint8]secret
}

// secret is what is derived of one key: a key for each purpose, so that a signature
// can never be taken for a person's mark, nor a reply address for a file's.
type secret struct{ macKey, personKey, fileKey [sha256.Size]byte }

// NewKeyring makes a keyring of keys by id (0 to 15), each MinKeyLen bytes or
// more. All that is wrong is reported together. The keys are not kept.
func NewKeyring(current uint8, keys map[uint8][]byte) (*Keyring, error) {
	k := &Keyring{current: current, keys: make(map[uint8]secret, len(keys))}
	var errs []error
	ids := make([]uint8, 0, len(keys))
	for id := range keys {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		if id > maxKeyID {
			errs = append(errs, fmt.Errorf("reply address key %d: ids go from 0 to %d", id, maxKeyID))
			continue
		}
		if n := len(keys[id]); n < MinKeyLen {
			errs = append(errs, fmt.Errorf("reply address key %d has %d bytes: give it at least %d random bytes", id, n, MinKeyLen))
			continue
		}
		k.keys[id] = secret{
			macKey:    sum(keys[id], "replywell reply address 1: signature"),
			personKey: sum(keys[id], "replywell reply address 1: person"),
			fileKey:   sum(keys[id], "replywell file 1: signature"),
		}
	}
	if _, ok := keys[current]; !ok {
		errs = append(errs, fmt.Errorf("reply address key %d is named as the current one, and is not among the keys", current))
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return k, nil
}

func (s secret) sign(payload []byte) [macLen]byte {
	full := sum(s.macKey[:], "token", payload)
	return [macLen]byte(full[:macLen])
}

// mark is the start of an HMAC of whom a token is made for; with a mailbox, of
// whom at which mailbox.
func (s secret) mark(p Purpose, conversation [7]byte, person, mailbox string) [4]byte {
	if mailbox != "" {
		box := sha256.Sum256([]byte(strings.ToLower(mailbox)))
		full := sum(s.personKey[:], "person at mailbox", []byte{uint8(p)}, conversation[:], box[:], []byte(strings.ToLower(strings.TrimSpace(person))))
		return [4]byte(full[:4])
	}
	full := sum(s.personKey[:], "person", []byte{uint8(p)}, conversation[:], []byte(strings.ToLower(strings.TrimSpace(person))))
	return [4]byte(full[:4])
}

// sum is HMAC-SHA256 of a label, a zero byte and the parts. Every part but the
// last has a fixed length, so no two inputs run together.
func sum(key []byte, label string, parts ...[]byte) (out [sha256.Size]byte) {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(label))
	h.Write([]byte{0})
	for _, p := range parts {
		h.Write(p)
	}
	h.Sum(out[:0])
	return out
}
