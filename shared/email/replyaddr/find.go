package replyaddr

import (
	"errors"
	"time"
)

// Find gives every genuine token that stands in a text, in any case and
// whatever stands around it, with the bytes of the text that spell it. An
// expired token is genuine. skip tells which bytes to read over, such as the
// line breaks that a mail program put into a token; nil reads over none. Time is
// linear in the text.
func (k *Keyring) Find(text string, now time.Time, skip func(byte) bool) []Found {
	checks := len(text)
	return k.FindWithin(text, now, skip, &checks)
}

// FindWithin is Find with at most so many checks, a check being one computation
// of a MAC: a text that is made for it asks for one at each byte. checks is
// counted down; what is below zero then was not looked at.
func (k *Keyring) FindWithin(text string, now time.Time, skip func(byte) bool, checks *int) []Found {
	var out []Found
	var run []byte
	var at []int32 // where each byte of run stands
	flush := func() {
		for i := 0; i+TokenLen <= len(run); i++ {
			if !k.mayBegin(run[i], run[i+1]) {
				continue
			}
			if *checks--; *checks < 0 {
				return
			}
			t, err := k.Open(string(run[i:i+TokenLen]), now)
			if err == nil || errors.Is(err, ErrExpired) {
				out = append(out, Found{t, int(at[i]), int(at[i+TokenLen-1]) + 1})
				i += TokenLen - 1
			}
		}
		run, at = run[:0], at[:0]
	}
	for i := range len(text) {
		c := text[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		switch {
		case c >= 'a' && c <= 'z' || c >= '2' && c <= '7':
			run, at = append(run, c), append(at, int32(i))
		case skip == nil || !skip(c):
			flush()
		}
	}
	flush()
	return out
}

// Found is a token that stands in a text, at these bytes.
type Found struct {
	Token
	Start, End int
}

// mayBegin tells by its first two characters whether a token can begin there:
// they hold the purpose and the key.
func (k *Keyring) mayBegin(a, b byte) bool {
	bits := value(a)<<5 | value(b)
	purpose, id := Purpose(bits>>6), uint8(bits>>2&0x0f)
	_, known := k.keys[id]
	return known && purpose >= Agent
}

// value is what a character of the alphabet stands for.
func value(c byte) uint16 {
	if c >= 'a' {
		return uint16(c - 'a')
	}
	return uint16(c-'2') + 26
}
