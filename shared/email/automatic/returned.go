package automatic

import (
	"strings"

	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/wording"
	"github.com/replywell/replywell/shared/language"
)

// original says which mail of ours a report is about: from the returned mail
// or header, wherever it is kept, else from the report's own fields and words.
func (f *facts) original(returned, report string) Original {
	var o Original
	for _, p := range f.parts() {
		if isReturned(p.ContentType) && len(p.Content) > 0 {
			o = readHeader(string(clip(p.Content)))
			break
		}
	}
	if o == (Original{}) {
		for _, p := range f.parts()[min(1, len(f.m.Parts)):] {
			// Attachments such as "mailheaders.txt", and second text parts.
			if strings.HasPrefix(p.ContentType, "text/") && p.ContentType != "text/html" {
				if _, after := cutReturned(string(clip(p.Content))); after != "" {
					o = readHeader(after)
					break
				}
			}
		}
	}
	if o == (Original{}) && returned != "" {
		o = readHeader(returned)
	}
	f.spokenOriginal(&o, report)
	return o
}

// readHeader reads the header at the top of a returned mail.
func readHeader(s string) Original {
	s = strings.TrimLeft(s, "\r\n")
	end := len(s)
	for _, sep := range []string{"\n\n", "\r\n\r\n"} {
		if i := strings.Index(s, sep); i >= 0 && i < end {
			end = i
		}
	}
	head := strings.TrimRight(s[:min(end, textLimit)], "\r\n")
	m := message.Parse([]byte(head + "\r\n\r\n"))
	o := Original{MessageID: m.MessageID, Subject: m.Subject}
	if len(m.To) > 0 && strings.Contains(m.To[0].Address, "@") {
		o.Recipient = m.To[0].Address
	}
	return o
}

// spokenOriginal completes an original from "The message subject was: ..." and
// the like, from In-Reply-To, and from the report's own subject.
func (f *facts) spokenOriginal(o *Original, report string) {
	if o.MessageID == "" {
		if len(f.m.InReplyTo) > 0 {
			o.MessageID = f.m.InReplyTo[len(f.m.InReplyTo)-1]
		} else if n := len(f.m.References); n > 0 {
			o.MessageID = f.m.References[n-1]
		}
	}
	lines := 0
	for line := range strings.Lines(report) {
		if lines++; lines > 400 {
			break
		}
		t := strings.TrimSpace(line)
		if len(t) > 1000 {
			continue
		}
		label, value, ok := strings.Cut(t, ":")
		if !ok || len(label) > 60 {
			continue
		}
		value = strings.Trim(strings.TrimSpace(value), "'\"")
		label = strings.Trim(wording.Fold(label), "- *")
		switch {
		case o.Subject == "" && (label == "subject" || subjectLabels[label]):
			o.Subject = value
		case o.MessageID == "" && (label == "message-id" || label == "message id" || label == "original message id") && strings.Contains(value, "@"):
			o.MessageID = strings.Trim(value, "<> ")
		}
	}
	if o.Subject == "" {
		raw := f.raw
		for _, p := range language.Phrases(language.BouncePrefix) {
			if rest, ok := cutFoldedPrefix(raw, p); ok {
				o.Subject = rest
				break
			}
		}
	}
}

// subjectLabels are words before the subject of the mail that was returned.
var subjectLabels = map[string]bool{
	"the message subject was": true, "the subject of the message is": true, "message subject": true, "original subject": true, "betreff": true, "objet": true,
	"asunto": true, "oggetto": true, "assunto": true, "onderwerp": true, "件名": true, "email subject": true, "subject of the message": true, "original message subject": true,
}

// cutFoldedPrefix removes a folded prefix from a string that is not folded.
func cutFoldedPrefix(s, prefix string) (string, bool) {
	i := strings.IndexAny(s, ":：")
	for ; i >= 0 && i < 80; i += 1 {
		end := i + 1
		if strings.HasPrefix(s[i:], "：") {
			end = i + len("：")
		}
		if wording.Fold(s[:end]) == prefix {
			return strings.TrimSpace(s[end:]), true
		}
		next := strings.IndexAny(s[i+1:], ":：")
		if next < 0 {
			break
		}
		i += next
	}
	return "", false
}

// cutReturned splits a report's text into what the mail system says and the
// returned mail (header first) that it quotes; after is "" if there is none.
func cutReturned(text string) (before, after string) {
	block, at, end, fields, marked := -1, 0, 0, 0, -1
	known := map[string]bool{}
	for line := range strings.Lines(text) {
		start := at
		at += len(line)
		t := strings.TrimRight(line, "\r\n")
		name, _, ok := strings.Cut(t, ":")
		lower := strings.ToLower(strings.TrimSpace(name))
		switch {
		case ok && originalFields[lower] && (block >= 0 || t[0] != ' '):
			if block < 0 {
				block, fields = start, 0
				known = map[string]bool{}
			}
			fields++
			known[lower] = true
		case ok && block >= 0 && !strings.ContainsAny(name, " \t"):
		case block >= 0 && t != "" && (t[0] == ' ' || t[0] == '\t'):
		default:
			if block >= 0 && fields >= 2 && headerEnough(known, marked >= 0) {
				return text[:cutAt(block, marked)], text[block:]
			}
			block = -1
			if returnedMark(t) {
				marked, end = start, at
			} else if t != "" && at-end > 400 {
				marked = -1
			}
		}
	}
	if block >= 0 && fields >= 2 && headerEnough(known, marked >= 0) {
		return text[:cutAt(block, marked)], text[block:]
	}
	return text, ""
}

func cutAt(block, marked int) int {
	if marked >= 0 && marked < block {
		return marked
	}
	return block
}

// headerEnough tells whether fields that stand together are a mail's header
// rather than a few labelled lines of the report.
func headerEnough(known map[string]bool, marked bool) bool {
	strong := known["received"] || known["message-id"] || known["return-path"] || known["mime-version"]
	return strong && len(known) >= 2 || marked && known["from"] && (known["to"] || known["subject"])
}

func returnedMark(line string) bool {
	if len(line) > 200 {
		return false
	}
	t := strings.Trim(wording.Fold(line), "-=*_#> .:")
	return startsAny(t, language.ReturnedMessage)
}

var originalFields = map[string]bool{
	"received": true, "message-id": true, "return-path": true, "mime-version": true, "from": true, "to": true, "subject": true, "date": true, "cc": true, "reply-to": true,
	"sender": true, "content-type": true, "content-transfer-encoding": true, "dkim-signature": true, "x-mailer": true, "delivered-to": true, "x-received": true, "x-envelope-from": true,
	"x-envelope-to": true, "references": true, "in-reply-to": true, "importance": true, "user-agent": true, "x-original-to": true, "thread-topic": true, "thread-index": true, "authentication-results": true, "received-spf": true,
}
