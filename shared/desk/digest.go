package desk

// Listed is one mail of a digest.
type Listed struct {
	Conversation ConversationID
	Sequence     int // the last message that the digest tells of
	// Common is the number of the digest's answer that goes to this mail together
	// with others; 0: it is none of the alike. Offered is that answer's number in the
	// list that came with the message.
	Common  int `json:",omitempty"`
	Offered int `json:",omitempty"`
	// Apart: of another language than what would be sent, so that it goes there at a
	// word of its own only.
	Apart bool `json:",omitempty"`
}

// MostListed is how many conversations one digest tells of: as many as there are
// letters that cannot be taken for digits.
const MostListed = len(digestSigns)

const digestSigns = "ABCDEFGHJKLMNPQRSTUVWXYZ"

// DigestSign is the letter of entry n of a digest, counted from 0; "" is none.
func DigestSign(n int) string {
	if n < 0 || n >= MostListed {
		return ""
	}
	return digestSigns[n : n+1]
}
