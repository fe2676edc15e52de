package replyaddr

import (
	"crypto/hmac"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"time"
)

// File is what the address of a file says that was too large to be mailed: which one,
// and until when. It opens that file and nothing else: the key that signs it is
// derived for this alone, so no reply address passes for one, nor the other way.
type File struct {
	ID      string    // FileIDLen characters of lower-case hexadecimal
	Expires time.Time // the last day it is good (UTC); OpenFile gives midnight at that day's start
}

// FileIDLen is the length of a file's id in characters.
const FileIDLen = 2 * fileIDBytes

const (
	fileIDBytes = 16
	filePayload = 1 + fileIDBytes + 2 // key id, file, last day

	// FileTokenLen is the length of a file's token in characters: its bytes fill them,
	// so that each token has one spelling.
	FileTokenLen = (filePayload + macLen) * 8 / 5
)

// SealFile signs it with the current key and gives FileTokenLen lower-case letters and digits.
func (k *Keyring) SealFile(f File) (string, error) {
	id, err := hex.DecodeString(f.ID)
	if err != nil || len(id) != fileIDBytes {
		return "", fmt.Errorf("the address of a file: %q is no id of one: those are %d characters of 0-9 and a-f", clip(f.ID), FileIDLen)
	}
	since := f.Expires.Sub(epoch)
	if since < 0 || since/day > math.MaxUint16 {
		return "", fmt.Errorf("the address of a file: the last day %s is outside 2020-01-01 to %s", f.Expires.UTC().Format(time.DateOnly),
			epoch.Add(math.MaxUint16*day).Format(time.DateOnly))
	}
	var raw [filePayload + macLen]byte
	raw[0] = k.current
	copy(raw[1:], id)
	binary.BigEndian.PutUint16(raw[1+fileIDBytes:], uint16(since/day))
	mac := k.keys[k.current].signFile(raw[:filePayload])
	copy(raw[filePayload:], mac[:])
	return encoding.EncodeToString(raw[:]), nil
}

// OpenFile reads such a token. Whatever is wrong with it, too old included, it says
// no more than that, and takes the same time.
func (k *Keyring) OpenFile(text string, now time.Time) (File, bool) {
	raw := make([]byte, filePayload+macLen)
	whole := len(text) == FileTokenLen
	if whole {
		n, err := encoding.Decode(raw, []byte(text))
		whole = err == nil && n == len(raw)
	}
	s, known := k.keys[raw[0]]
	if !known {
		s = k.keys[k.current]
	}
	mac := s.signFile(raw[:filePayload])
	genuine := hmac.Equal(mac[:], raw[filePayload:])
	f := File{ID: hex.EncodeToString(raw[1 : 1+fileIDBytes]), Expires: epoch.Add(time.Duration(binary.BigEndian.Uint16(raw[1+fileIDBytes:])) * day)}
	if !whole || !known || !genuine || !now.Before(f.Expires.Add(day)) {
		return File{}, false
	}
	return f, true
}

func (s secret) signFile(payload []byte) [macLen]byte {
	full := sum(s.fileKey[:], "file", payload)
	return [macLen]byte(full[:macLen])
}

// ConversationIDLen is the length of a conversation's id in characters.
const ConversationIDLen = 12

// The alphabet leaves out i, l, o and u: an id is sometimes read aloud or
// copied from a log by hand (Crockford's base32).
var conversationEncoding = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// EncodeConversation writes a conversation's 56 bits as its id: 12 characters
// of lower-case base32. Ids made from random bytes cannot be guessed one from
// the other.
func EncodeConversation(b [7]byte) string {
	return conversationEncoding.EncodeToString(b[:])
}

// DecodeConversation is the reverse of EncodeConversation. It accepts only the
// spelling that EncodeConversation gives.
func DecodeConversation(id string) ([7]byte, error) {
	var out [7]byte
	if len(id) == ConversationIDLen {
		raw, err := conversationEncoding.DecodeString(id)
		if err == nil && len(raw) == len(out) {
			copy(out[:], raw)
			if EncodeConversation(out) == id {
				return out, nil
			}
		}
	}
	return out, fmt.Errorf("%q is not a conversation's id: those are %d characters of 0-9 and a-z without i, l, o and u", clip(id), ConversationIDLen)
}

// ValidConversationID tells whether the text is an id as EncodeConversation writes it.
func ValidConversationID(id string) bool {
	_, err := DecodeConversation(id)
	return err == nil
}

// clip keeps a stranger's text in an error short.
func clip(s string) string {
	if len(s) > 40 {
		return s[:40] + "..."
	}
	return s
}
