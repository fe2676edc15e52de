package desk

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"io"
	"strings"
)

// ConversationID is 7 random bytes as 12 lower-case letters and digits of
// Crockford's base32, which leaves out i, l, o and u.
// Seven bytes fit into a signed reply address; a collision is caught by the
// conditional write that creates the conversation.
type ConversationID string

var base32lower = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// NewConversationID draws an id from the random source.
func NewConversationID(random io.Reader) (ConversationID, error) {
	var b [7]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", fmt.Errorf("no random bytes for a conversation id: %w", err)
	}
	return ConversationID(base32lower.EncodeToString(b[:])), nil
}

// Valid reports whether the id has the form that NewConversationID gives.
func (id ConversationID) Valid() bool {
	b, err := base32lower.DecodeString(string(id))
	return err == nil && len(b) == 7 && base32lower.EncodeToString(b) == string(id)
}

// Number is the id as a number: its 56 bits, or a hash with the highest bit set of
// what NewConversationID does not give.
func (id ConversationID) Number() uint64 {
	var b [8]byte
	if len(id) == 12 && (id[11] == '0' || id[11] == 'g') { // 60 bits, of which the last four are none
		if n, err := base32lower.Decode(b[:], []byte(id)); err == nil && n == 7 {
			return binary.BigEndian.Uint64(b[:]) >> 8
		}
	}
	h := fnv.New64a()
	h.Write([]byte(id))
	return h.Sum64() | 1<<63
}

// IDsOf are the conversations that have the numbers, of which none may have the
// highest bit set.
func IDsOf(numbers []uint64) (out []ConversationID) {
	for _, n := range numbers {
		var b [8]byte
		binary.BigEndian.PutUint64(b[:], n<<8)
		out = append(out, ConversationID(base32lower.EncodeToString(b[:7])))
	}
	return out
}

// NewID draws a random id of 16 bytes as 32 hex digits, for outbox items and events.
func NewID(random io.Reader) (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", fmt.Errorf("no random bytes for an id: %w", err)
	}
	return hex.EncodeToString(b[:]), nil
}

// referenceLetters leave out what sounds or looks alike: 0 O, 1 I L, B 8, S 5, U V, Z 2.
const referenceLetters = "34679ACDEFGHJKMNPQRTWXY"

// Reference is the short name of a conversation that people can say on the
// phone, like "K7M-4Q9". It is computed from the id, so no counter is shared,
// and it proves nothing: knowing one opens nothing. Two conversations may share one.
func (id ConversationID) Reference() string {
	b, err := base32lower.DecodeString(string(id))
	if err != nil || len(b) != 7 {
		return "???-???"
	}
	var n uint64
	for _, c := range b {
		n = n<<8 | uint64(c)
	}
	var out strings.Builder
	for i := range 6 {
		if i == 3 {
			out.WriteByte('-')
		}
		out.WriteByte(referenceLetters[n%uint64(len(referenceLetters))])
		n /= uint64(len(referenceLetters))
	}
	return out.String()
}

// DerivedID gives the same 32 hex digits for the same parts, so that what is
// made twice from one cause (a mail that is processed again) has one id.
func DerivedID(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s,", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// Occasion is the cause of mail that no mail caused: what the program saw to by itself, in a
// word, and which time of that, as an id or a moment: "promise 3f2a" or "report 2026-03-02".
// Each tells a person once. An id of a mail, coming or going, has no space.
func Occasion(what, which string) string { return what + " " + which }

// IsOccasion tells an Occasion from the id of a mail.
func IsOccasion(cause string) bool {
	what, which, _ := strings.Cut(cause, " ")
	return what != "" && which != ""
}
