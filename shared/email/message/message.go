package message

import "time"

// Address is one mailbox of an address header (RFC 5322 section 3.4): decoded
// display name, and address as "local@domain" with the domain in lower case.
// An address that could not be understood keeps its raw text in Address.
type Address struct {
	Name    string `json:"name"`
	Address string `json:"address"`
}

// Message is one Internet mail as values. Every string is valid UTF-8.
type Message struct {
	Header     Header    // every header field, in order, decoded; see Header
	From       Address   // first address of From (or Sender, or empty)
	Sender     Address   // the Sender field, if any
	To         []Address // groups are flattened
	Cc         []Address
	ReplyTo    []Address
	Subject    string
	Date       time.Time // zero if absent or unreadable
	MessageID  string    // without angle brackets; empty if absent
	InReplyTo  []string  // message ids without angle brackets, in order
	References []string  // the same

	Text string // the text body as readable plain text (from HTML where there is no better text part)
	// PlainText and HTML are the bodies as they were sent (decoded, flowed
	// lines joined). Either may be empty. Split decides which to trust.
	PlainText string
	HTML      string
	// Bodies are the texts that those two were joined from, where there are
	// several, in the order of the mail.
	Bodies []Body `json:"-"`

	Attachments []Attachment
	Parts       []Part // the MIME tree, flattened in order: enough to judge reports by
	// SMIME is the outermost S/MIME signature, and SMIMEContent what it stands beside, as
	// that stands in the mail; nil where it holds it, or where there is none.
	SMIME, SMIMEContent []byte

	Wrapper  Wrapper   // "", "smime-signed", "smime-encrypted", "pgp-signed", "pgp-encrypted", "tnef"
	Warnings []Warning // named repairs and doubts, in the order met
}

// Body is one text of a mail: a text part, or what alternatives say.
type Body struct{ PlainText, HTML string }

// Wrapper names what the whole content is wrapped in.
type Wrapper string

// Attachment is a part that is not one of the bodies.
type Attachment struct {
	Filename    string `json:"filename"`
	ContentType string `json:"content_type"` // media type in lower case, without parameters
	Size        int    `json:"size"`         // bytes after decoding
	Inline      bool   `json:"inline"`
	ContentID   string `json:"content_id"` // without angle brackets
	SHA256      string `json:"sha256"`     // hex
	Content     []byte `json:"-"`
}

// Part is one leaf or container of the MIME tree.
type Part struct {
	ContentType string            // media type in lower case
	Params      map[string]string // Content-Type parameters
	Depth       int               // 0 is the message itself
	Header      Header            // the part's own header fields
	Content     []byte            // decoded bytes; nil for multiparts. For text/* within the bounds: UTF-8
}

// Warning is a named repair or doubt. Name is stable and machine readable
// ("charset-guessed"); Detail is for people.
type Warning struct {
	Name   string `json:"name"`
	Detail string `json:"detail,omitempty"`
}

// Header is a list of fields in the order of the mail.
type Header []Field

// Field is one header field; Name as written, Value unfolded and decoded, Raw
// as it came (unfolded).
type Field struct{ Name, Value, Raw string }
