package inbound

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/store"
)

// Bounds of what is looked up for one mail. A thread of hundreds of mails names
// them all in References; the newest and the first say where it belongs.
const (
	maxAnswered = 40       // ids of In-Reply-To and References
	maxListed   = 25       // the same on a mailing list, where each has a word as well
	maxCited    = 5        // ids in the text
	maxTokens   = 5        // reply addresses in the header, and as many in the text
	maxRead     = 64 << 10 // bytes of the text in which they are looked for
)

// answered are the ids of the mails that this one answers, the newest first:
// In-Reply-To, then References from its end (RFC 5322 section 3.6.4). Of too many,
// the newest and the thread's first. The mail itself is not among them.
func (a *arrival) answered() []string {
	ids := slices.Clone(a.inReplyTo())
	for _, id := range slices.Backward(a.mail.References) {
		ids = append(ids, id)
	}
	letter := a.mail.Letter()
	if letter != a.mail { // the envelope may name none of them
		ids = append(slices.Clone(letter.InReplyTo), ids...)
		for _, id := range slices.Backward(letter.References) {
			ids = append(ids, id)
		}
	}
	seen, out := map[string]bool{a.mail.MessageID: true, letter.MessageID: true, "": true}, []string(nil)
	for _, id := range ids {
		if !seen[id] && len(id) <= maxIDLength {
			seen[id] = true
			out = append(out, id)
		}
	}
	most := maxAnswered
	if a.anybody {
		most = maxListed
	}
	if len(out) > most {
		out = append(out[:most-1:most-1], out[len(out)-1])
	}
	return out
}

var comments = regexp.MustCompile(`\([^()]*\)`)

// inReplyTo are the ids in In-Reply-To. RFC 822 (section 4.6.2) allowed words
// there, and mail of those days has "Message from Joe <joe@a.example> of Monday":
// an address is no id, and would join whatever answers Joe. So where words stand
// beside the ids, only one that ends the field counts; and never the address of
// somebody whom the mail names.
func (a *arrival) inReplyTo() []string {
	ids := a.mail.InReplyTo
	if len(ids) == 0 {
		return nil
	}
	field := strings.TrimSpace(comments.ReplaceAllString(a.mail.Header.Get("In-Reply-To"), ""))
	if strings.Contains(field, "<") && strings.TrimLeft(field, "< \t\r\n") != "" && !strings.HasPrefix(field, "<") {
		if !strings.HasSuffix(field, ">") {
			return nil
		}
		ids = ids[len(ids)-1:]
	}
	people := map[string]bool{canonical(a.mail.From.Address): true, canonical(a.author.Address): true}
	for _, p := range slices.Concat(a.mail.To, a.mail.Cc, a.mail.ReplyTo) {
		people[canonical(p.Address)] = true
	}
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return people[canonical(id)] })
}

// headerRecipients are the addresses in fields that name recipients. They are
// words of the sender's.
func (a *arrival) headerRecipients() (out []string) {
	for _, p := range slices.Concat(a.mail.To, a.mail.Cc) {
		out = append(out, p.Address)
	}
	for _, name := range []string{"Delivered-To", "X-Original-To", "Envelope-To"} {
		for _, v := range a.mail.Header.Values(name) {
			out = append(out, bare(v))
		}
	}
	return out[:min(len(out), maxRecipients)]
}

var (
	// written is what may be an address or an id in a text.
	written  = regexp.MustCompile(`[0-9A-Za-z+_.=$!~-]{8,250}@[0-9A-Za-z.-]{3,250}`)
	ofID     = regexp.MustCompile(`(?i)(?:message-id:\s*<?|\bmid:)$`)
	unescape = strings.NewReplacer("%2B", "+", "%2b", "+", "%40", "@", "&lt;", "<", "&gt;", ">", "&#43;", "+", "&amp;", "&", "=2B", "+")
)

// readText looks into the text, quotes and links included, for what our mails
// leave there: their reply address, which many programs write above what they
// quote or forward, and Message-IDs that are ours or said to be one. The short
// reference that people read out on the phone is not looked for: it can be guessed.
func (a *arrival) readText(keys *replyaddr.Keyring, now time.Time) {
	var domains []string
	for _, mb := range a.settings.Mailboxes {
		_, domain, _ := strings.Cut(mb.Address, "@")
		domains = append(domains, strings.ToLower(domain))
	}
	texts := []string{a.mail.Text, a.mail.HTML}
	for _, f := range a.mail.Attachments {
		if f.ContentType == "message/rfc822" && len(texts) < 4 {
			texts = append(texts, string(f.Content[:min(len(f.Content), 16<<10)]))
		}
	}
	var addresses []string
	for _, text := range texts {
		if text = text[:min(len(text), maxRead)]; !strings.Contains(text, "@") && !strings.Contains(text, "%40") {
			continue
		}
		text = unescape.Replace(text)
		for _, at := range written.FindAllStringIndex(text, 100) {
			s := strings.TrimRight(text[at[0]:at[1]], ".-")
			id := store.NormalMessageID(s) != s || slices.Contains(domains, strings.ToLower(s[strings.LastIndexByte(s, '@')+1:])) || ofID.MatchString(text[max(0, at[0]-20):at[0]])
			if _, ours := a.settings.MailboxAt(s); ours {
				addresses = append(addresses, s)
			}
			if id && !slices.Contains(a.cited, s) && len(a.cited) < maxCited {
				a.cited = append(a.cited, s)
			}
		}
	}
	slices.Sort(addresses)
	for _, t := range a.openTokens(keys, slices.Compact(addresses), now) {
		if t.genuine() && len(a.quoted) < maxTokens {
			a.quoted = append(a.quoted, t)
		}
	}
	a.written = a.written[:min(len(a.written), maxTokens)]
}
