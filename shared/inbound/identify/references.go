package identify

import (
	"regexp"
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/intent"
	"github.com/replywell/replywell/shared/store"
)

// Bounds of what is looked up for one mail. A thread of hundreds of mails names
// them all in References; the newest and the first say where it belongs.
const (
	maxAnswered = 40       // ids of In-Reply-To and References
	maxListed   = 25       // the same on a mailing list, where each is awaited as well
	maxAwaited  = 3        // ids that are awaited, outside lists
	maxCited    = 5        // ids in the text
	maxTokens   = 5        // reply addresses in the header, and as many in the text
	maxRead     = 64 << 10 // bytes of the text in which they are looked for
)

// answered are the ids of the mails that this one answers, the newest first:
// In-Reply-To, then References from its end (RFC 5322 section 3.6.4). Of too many,
// the newest and the thread's first. The mail itself is not among them.
func answered(m *email.Mail, inReplyTo []string, anySender bool) []string {
	ids := slices.Clone(inReplyTo)
	for _, id := range slices.Backward(m.References) {
		ids = append(ids, id)
	}
	letter := m.Letter()
	if letter != m { // the envelope may name none of them
		ids = append(slices.Clone(letter.InReplyTo), ids...)
		for _, id := range slices.Backward(letter.References) {
			ids = append(ids, id)
		}
	}
	seen, out := map[string]bool{m.MessageID: true, letter.MessageID: true, "": true}, []string(nil)
	for _, id := range ids {
		if !seen[id] && len(id) <= MaxIDLength {
			seen[id] = true
			out = append(out, id)
		}
	}
	most := maxAnswered
	if anySender {
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
func inReplyTo(m *email.Mail, author desk.Person) []string {
	ids := m.InReplyTo
	if len(ids) == 0 {
		return nil
	}
	field := strings.TrimSpace(comments.ReplaceAllString(m.Header.Get("In-Reply-To"), ""))
	if strings.Contains(field, "<") && strings.TrimLeft(field, "< \t\r\n") != "" && !strings.HasPrefix(field, "<") {
		if !strings.HasSuffix(field, ">") {
			return nil
		}
		ids = ids[len(ids)-1:]
	}
	people := map[string]bool{Canonical(m.From.Address): true, Canonical(author.Address): true}
	for _, p := range slices.Concat(m.To, m.Cc, m.ReplyTo) {
		people[Canonical(p.Address)] = true
	}
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return people[Canonical(id)] })
}

// awaited are the ids that most likely name the mail's thread: what it answers,
// the one before, and the thread's first. On a list, all.
func awaited(m *email.Mail, inReplyTo, answered []string, anySender bool) []string {
	if anySender {
		return slices.DeleteFunc(slices.Clone(answered), likeAddress)
	}
	var ids []string
	for _, list := range [][]string{inReplyTo, m.References} {
		ids = append(ids, list[:min(len(list), 1)]...)
	}
	seen, out := map[string]bool{}, []string(nil)
	for _, id := range append(ids, answered...) {
		if id != "" && id != m.MessageID && len(id) <= MaxIDLength && !seen[id] && len(out) < maxAwaited {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

// likeAddress tells whether what stands as an id may as well be somebody's address:
// on lists, old programs write that into In-Reply-To. Such an id leads to a mail that bears
// it; nothing is awaited under it, or all who answer one person would meet there.
func likeAddress(id string) bool {
	local, domain, ok := strings.Cut(id, "@")
	return ok && len(local) <= 24 && !strings.ContainsAny(local, "0123456789$%/=+") && strings.Contains(domain, ".")
}

// Anyone stands for a reader where an id is awaited by anybody. It is no address.
const Anyone = "*"

// AwaitedKey is the name under which is kept, for a reader, that an id was
// answered before a mail with it came; "" where there is nobody to keep it for.
// It stands among the Message-IDs and is none: it has no "@".
func AwaitedKey(reader, id string) string {
	if reader == "" || id == "" || len(id) > MaxIDLength {
		return ""
	}
	return "awaited:" + desk.DerivedID(strings.ToLower(reader), store.NormalMessageID(id))
}

// AwaitedKeys are the names under which others may have told of this mail, or of
// what it answers.
func (f Facts) AwaitedKeys() (out []string) {
	for _, id := range append(slices.Clone(f.Awaited), f.Mail.MessageID) {
		out = append(out, AwaitedKey(f.Reader, id))
	}
	out = append(out, AwaitedKey(Anyone, f.Mail.MessageID))
	if !f.AnySender && len(f.Awaited) > 0 {
		out = append(out, AwaitedKey(Anyone, f.Awaited[0]))
	}
	return out
}

// headerRecipients are the addresses in fields that name recipients. They are
// words of the sender's.
func headerRecipients(m *email.Mail) (out []string) {
	for _, p := range slices.Concat(m.To, m.Cc) {
		out = append(out, p.Address)
	}
	for _, name := range []string{"Delivered-To", "X-Original-To", "Envelope-To"} {
		for _, v := range m.Header.Values(name) {
			out = append(out, Bare(v))
		}
	}
	return out[:min(len(out), maxRecipients)]
}

var (
	// named is what may be an address or an id in a text.
	named    = regexp.MustCompile(`[0-9A-Za-z+_.=$!~-]{8,250}@[0-9A-Za-z.-]{3,250}`)
	ofID     = regexp.MustCompile(`(?i)(?:message-id:\s*<?|\bmid:)$`)
	unescape = strings.NewReplacer("%2B", "+", "%2b", "+", "%40", "@", "&lt;", "<", "&gt;", ">", "&#43;", "+", "&amp;", "&", "=2B", "+")
)

// cited looks into the text, quotes and links included, for what our mails
// leave there: their reply address, which many programs write above what they
// quote or forward, and Message-IDs that are ours or said to be one. The short
// reference that people read out on the phone is not looked for: it can be guessed.
func cited(at Desk, m *email.Mail) (quoted []Address, ids []string) {
	var domains []string
	for _, mb := range at.Settings.Mailboxes {
		_, domain, _ := strings.Cut(mb.Address, "@")
		domains = append(domains, strings.ToLower(domain))
	}
	texts := []string{m.Text, m.HTML}
	for _, f := range m.Attachments {
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
		for _, found := range named.FindAllStringIndex(text, 100) {
			s := strings.TrimRight(text[found[0]:found[1]], ".-")
			id := store.NormalMessageID(s) != s || slices.Contains(domains, strings.ToLower(s[strings.LastIndexByte(s, '@')+1:])) || ofID.MatchString(text[max(0, found[0]-20):found[0]])
			if _, ours := at.Settings.MailboxAt(s); ours {
				addresses = append(addresses, s)
			}
			if id && !slices.Contains(ids, s) && len(ids) < maxCited {
				ids = append(ids, s)
			}
		}
	}
	slices.Sort(addresses)
	for _, t := range opened(at, m, intent.Proof{}, slices.Compact(addresses)) {
		if t.Genuine && len(quoted) < maxTokens {
			quoted = append(quoted, t)
		}
	}
	return quoted, ids
}
