package replyaddr

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// Purpose says what a mail to the address is for: 0 to 15.
type Purpose uint8

// The purposes in use. The values stand in mails that people keep: never
// renumber them.
const (
	Agent    Purpose = 1 // an agent's reply, which goes to the customer
	Customer Purpose = 2 // a customer's reply
	Notice   Purpose = 3 // an answer to a mail of ours that needs none: it is given back
	Confirm  Purpose = 4 // a one-time confirmation of something that was held or is destructive
	Bounce   Purpose = 5 // the envelope sender of a mail of ours: delivery reports and vacation notices come here
	Team     Purpose = 6 // an agent's reply that goes to no customer by itself; with the argument AskWhom it is asked about, else it is a note for the team
)

// Probe is the purpose of an address that the desk writes to itself at, to see
// whether mail goes the whole way.
const Probe Purpose = 7

// New is the purpose of an address to which an agent writes first: the mail says whom it
// is for. It belongs to no conversation, so its token has [NoConversation].
const New Purpose = 8

// Rating is the purpose of an address at which a customer says with a tap whether an answer
// solved it; the argument is RatedSolved or RatedNotYet. Whatever else is written to it is
// the customer's mail.
const Rating Purpose = 9

// What a tap to a Rating address says.
const (
	RatedSolved = 1
	RatedNotYet = 2
)

// FromCustomer reports whether what comes to such an address is a customer's own mail in
// a conversation.
func (p Purpose) FromCustomer() bool { return p == Customer || p == Rating }

// Department is the purpose of an address at which a department replies: a note in the
// conversation, or, with [NoConversation], a word to the leads. It gives no orders.
const Department Purpose = 10

// NoConversation is the conversation of a token that belongs to none.
const NoConversation = "000000000000"

// AskWhom is the argument of a Team address whose mail tells an agent of the
// agent's own text: a plain reply may be that text again, for the customer, or a
// word about it.
const AskWhom = 1

// List is the first argument of a Team address whose mail lists articles of its own:
// numbers in a reply are those. List+N is the Nth mail of the day that does, counted
// from 0, so that the list is found by the address alone. Else it is as AskWhom.
const List = 2

// FromAgent reports whether what comes to such an address is an agent's own mail
// in a conversation: an answer or a note.
func (p Purpose) FromAgent() bool { return p == Agent || p == Team }

// ByAgent reports whether what comes to such an address has to be proven to be the
// agent's own: an agent's mail in a conversation, the first one of it included.
func (p Purpose) ByAgent() bool { return p.FromAgent() || p == New }

// Sizes of a token and of its parts.
const (
	payloadLen = 17
	macLen     = 16
	rawLen     = payloadLen + macLen

	// TokenLen is the length of a token in characters.
	TokenLen = (rawLen*8 + 4) / 5
)

// boundBit of the argument says that the person's mark covers the mailbox.
const boundBit = 0x80

// maxPurpose and maxKeyID are bounded by the four bits each has.
const (
	maxPurpose = 15
	maxKeyID   = 15
)

// Errors of Open. Each is permanent: trying again does not help.
var (
	// ErrNotAToken: the text has not the shape of a token. It may be an
	// ordinary sub-address ("support+newsletter@...").
	ErrNotAToken = errors.New("this is not a reply token: it has not the length or the letters of one")
	// ErrForged: the shape is right, and the signature is not ours.
	ErrForged = errors.New("this reply token was not made here, or was changed on its way")
	// ErrExpired: genuine, and too old. Open still returns the token.
	ErrExpired = errors.New("this reply address is too old: answer the newest mail of the conversation instead")
	// ErrUnknownKey: signed with a key that is no longer (or not yet) in the keyring.
	ErrUnknownKey = errors.New("this reply token was signed with a key that is not in use here")
)

// Token is what a reply address says.
type Token struct {
	Purpose      Purpose
	Conversation string // see EncodeConversation
	// Person is whom the address is made for: an agent's id or a customer's
	// address; case does not matter. Only Seal reads it. A token holds but 32
	// bits of it, so Open leaves it empty: ask IsFor.
	Person string
	// Mailbox, if not empty, binds the token to the mailbox whose reply address
	// carries it: at another mailbox's address it is for nobody. Like Person it is
	// not given back; set it after Open to ask IsFor.
	Mailbox  string
	Argument uint8     // free for the purpose: 0 to 127
	LastSeen uint16    // sequence number of the last message that person was shown; see Seen
	KeyID    uint8     // 0 to 15; set by Open, ignored by Seal, which uses the current key
	Expires  time.Time // the last day the address is good (UTC); Open gives midnight at that day's start

	mark   [4]byte
	opened bool
	bound  bool // the mark covers Mailbox
}

var (
	epoch    = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	encoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)
)

const day = 24 * time.Hour

// Seen makes a sequence number fit Token.LastSeen: beyond 65535 it saturates,
// which reads as "was shown everything".
func Seen(sequence int) uint16 {
	return uint16(max(0, min(sequence, math.MaxUint16)))
}

// Seal signs the token with the current key and gives its text: TokenLen
// lower-case characters. An error says which field cannot be written.
func (k *Keyring) Seal(t Token) (string, error) {
	if t.Purpose > maxPurpose {
		return "", fmt.Errorf("reply token: purpose %d is above %d", t.Purpose, maxPurpose)
	}
	if t.Argument >= boundBit {
		return "", fmt.Errorf("reply token: argument %d is above %d", t.Argument, boundBit-1)
	}
	conv, err := DecodeConversation(t.Conversation)
	if err != nil {
		return "", fmt.Errorf("reply token: %w", err)
	}
	if strings.TrimSpace(t.Person) == "" {
		return "", errors.New("reply token: it must be made for somebody, and Person is empty")
	}
	since := t.Expires.Sub(epoch)
	if since < 0 || since/day > math.MaxUint16 {
		return "", fmt.Errorf("reply token: the expiry %s is outside 2020-01-01 to %s", t.Expires.UTC().Format(time.DateOnly),
			epoch.Add(math.MaxUint16*day).Format(time.DateOnly))
	}
	s := k.keys[k.current]
	var raw [rawLen]byte
	raw[0] = uint8(t.Purpose)<<4 | k.current
	copy(raw[1:8], conv[:])
	mark := s.mark(t.Purpose, conv, t.Person, t.Mailbox)
	copy(raw[8:12], mark[:])
	raw[12] = t.Argument
	if t.Mailbox != "" {
		raw[12] |= boundBit
	}
	binary.BigEndian.PutUint16(raw[13:15], t.LastSeen)
	binary.BigEndian.PutUint16(raw[15:17], uint16(since/day))
	mac := s.sign(raw[:payloadLen])
	copy(raw[payloadLen:], mac[:])
	return encoding.EncodeToString(raw[:]), nil
}

// Open reads a token and checks it. The errors are ErrNotAToken, ErrUnknownKey,
// ErrForged and ErrExpired; with ErrExpired the token is returned as well, for
// it is genuine, and lets the caller say which conversation was meant.
func (k *Keyring) Open(text string, now time.Time) (Token, error) {
	raw, ok := decode(text)
	if !ok {
		return Token{}, ErrNotAToken
	}
	id := raw[0] & 0x0f
	s, known := k.keys[id]
	if !known {
		return Token{}, ErrUnknownKey
	}
	mac := s.sign(raw[:payloadLen])
	if !hmac.Equal(mac[:], raw[payloadLen:]) {
		return Token{}, ErrForged
	}
	days := binary.BigEndian.Uint16(raw[15:17])
	t := Token{
		Purpose:      Purpose(raw[0] >> 4),
		Conversation: EncodeConversation([7]byte(raw[1:8])),
		Argument:     raw[12] &^ boundBit,
		bound:        raw[12]&boundBit != 0,
		LastSeen:     binary.BigEndian.Uint16(raw[13:15]),
		KeyID:        id,
		Expires:      epoch.Add(time.Duration(days) * day),
		mark:         [4]byte(raw[8:12]),
		opened:       true,
	}
	if !now.Before(t.Expires.Add(day)) {
		return t, ErrExpired
	}
	return t, nil
}

// IsFor tells whether a token that came from Open was made for this person, and,
// where it is bound to a mailbox, for that in Mailbox. Older tokens are not. It
// takes the same time whatever the answer.
func (t Token) IsFor(k *Keyring, person string) bool {
	s, known := k.keys[t.KeyID]
	conv, err := DecodeConversation(t.Conversation)
	if !t.opened || !known || err != nil {
		return false
	}
	mailbox := ""
	if t.bound {
		if mailbox = t.Mailbox; mailbox == "" {
			return false
		}
	}
	mark := s.mark(t.Purpose, conv, person, mailbox)
	return hmac.Equal(mark[:], t.mark[:])
}

// decode reads the one canonical spelling of 33 bytes, in any case.
func decode(text string) ([]byte, bool) {
	if len(text) != TokenLen {
		return nil, false
	}
	lower := lowerASCII(text)
	raw, err := encoding.DecodeString(lower)
	// 53 characters carry 265 bits and 264 are used. Writing the bytes back
	// finds a stray last bit, which would be a second spelling.
	if err != nil || len(raw) != rawLen || encoding.EncodeToString(raw) != lower {
		return nil, false
	}
	return raw, true
}

// lowerASCII folds A to Z only: strings.ToLower would fold other letters (the
// Kelvin sign) into the alphabet as well.
func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + ('a' - 'A')
		}
		return r
	}, s)
}

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
