package store

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
)

// ContentHash names the content of a mail: its Message-ID and its body, the
// bytes below the header. A mail that reaches us by two ways (two recipients,
// a list and a copy) differs in its header and is the same here. Who may not
// make another's mail a duplicate belongs into body too: inbound puts the author
// before it. A mail without a Message-ID has none ("") and is never a duplicate
// by content.
func ContentHash(messageID string, body []byte) string {
	id := NormalMessageID(messageID)
	if id == "" {
		return ""
	}
	h := sha256.New()
	h.Write([]byte(strconv.Itoa(len(id)) + ":" + id + ","))
	h.Write(body)
	return hex.EncodeToString(h.Sum(nil))
}

// NormalMessageID gives the form under which a Message-ID is kept: without
// white space and angle brackets around it. Its case counts (RFC 5322 section
// 3.6.4). Of an id that SES gave, the left part alone is kept: it is what
// SendEmail returned, and the domain differs by region and is not promised.
func NormalMessageID(id string) string {
	id = strings.Trim(id, " \t\r\n<>")
	if i := strings.LastIndexByte(id, '@'); i > 0 && isSES(id[i+1:]) {
		return id[:i]
	}
	return id
}

func isSES(domain string) bool {
	domain = strings.ToLower(domain)
	return domain == "amazonses.com" || strings.HasSuffix(domain, ".amazonses.com")
}

func leftPart(id string) string {
	left, _, _ := strings.Cut(id, "@")
	return left
}
