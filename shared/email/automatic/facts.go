package automatic

import (
	"strings"

	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/origin"
	"github.com/replywell/replywell/shared/email/wording"
)

// textLimit bounds the text that is looked at, in bytes: a report says what it
// has to say at its top, and a returned message's header follows soon.
const textLimit = 64 << 10

// facts is what the rules ask of a mail, read once.
type facts struct {
	m      *message.Message
	origin origin.Origin

	nullPath      bool   // the envelope sender is <> (RFC 5321 section 4.5.5)
	local, domain string // of the sender's address, in lower case; see sender
	name          string // the sender's display name, in lower case
	subject       string // folded, see fold
	raw           string // the subject as it came, without the tags of gateways
	answer        bool   // the subject says that this is somebody's Re: or Fwd:
	daemon        bool   // the sender is a mail system: mailer-daemon@, post_master@...
	postmaster    bool   // may be a mail system or the person who runs it
	noReply       bool   // an address that nobody reads

	text, lower string         // see body
	own         []message.Part // see parts
}

func gather(m *message.Message, returnPath string) *facts {
	f := &facts{m: m, origin: origin.Find(m)}
	sender := f.sender()
	f.local, f.domain = wording.SplitAddress(sender.Address)
	f.name = wording.Fold(sender.Name)
	f.raw, _ = origin.Clean(strings.TrimSpace(m.Subject), "") // robots' mail gets "[EXTERNAL]" as well
	f.subject = wording.Fold(f.raw)
	f.answer = hasAnswerPrefix(f.subject)
	path := strings.TrimSpace(returnPath)
	if path == "" {
		path = strings.TrimSpace(m.Header.Get("Return-Path"))
	}
	pathLocal, _ := wording.SplitAddress(strings.Trim(path, "<> "))
	f.nullPath = path == "<>" || isDaemonLocal(pathLocal)
	f.daemon = isDaemonLocal(f.local) || wording.ContainsAny(f.name, daemonNames) ||
		m.From.Address == "" && f.nullPath
	f.postmaster = isPostmaster(f.local) || wording.ContainsAny(f.name, postmasterNames)
	f.noReply = wording.IsNoReply(f.local)
	return f
}

// sender is who sent the mail before a group or host put itself into From.
func (f *facts) sender() message.Address {
	if f.origin.Forwarded && !f.written() {
		return f.origin.Author
	}
	return f.m.From
}

// written tells whether a site wrote the mail for a visitor or user of its own:
// the sender is a robot, and its mail a person's all the same.
func (f *facts) written() bool { return f.origin.Written() }

// body gives the readable text, bounded, as it is and in lower case.
func (f *facts) body() (text, lower string) {
	if f.text == "" {
		f.text = f.m.PlainText
		if strings.TrimSpace(f.text) == "" {
			f.text = f.m.Text
		}
		if len(f.text) > textLimit {
			f.text = strings.ToValidUTF8(f.text[:textLimit], "")
		}
		f.text = strings.ReplaceAll(f.text, "\r\n", "\n")
		f.lower = wording.Fold(f.text)
	}
	return f.text, f.lower
}

// header gives a field's value in lower case, without surrounding space.
func (f *facts) header(name string) string {
	return strings.ToLower(strings.TrimSpace(f.m.Header.Get(name)))
}

// parts gives the parts that belong to this mail itself, not to a mail that is
// attached to it: a person who forwards a report as an attachment writes no report.
func (f *facts) parts() []message.Part {
	if f.own != nil {
		return f.own
	}
	inside := -1 // depth of the message/rfc822 part we are in
	for _, p := range f.m.Parts {
		if inside >= 0 && p.Depth > inside {
			continue
		}
		inside = -1
		f.own = append(f.own, p)
		if isReturned(p.ContentType) {
			inside = p.Depth
		}
	}
	return f.own
}

// isReturned tells whether a part holds a whole mail or its header.
func isReturned(contentType string) bool {
	switch contentType {
	case "message/rfc822", "message/global", "text/rfc822-headers", "text/rfc822-header", "message/rfc822-headers",
		"message/global-headers", "text/rfc822":
		return true
	}
	return false
}
