package replyaddr

import (
	"encoding/base32"
	"fmt"
)

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
