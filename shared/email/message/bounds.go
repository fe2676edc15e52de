package message

// Bounds on what a stranger's mail can make us do. Time is linear in the size
// of the mail whatever it contains; these keep the factor and the memory small.
// What lies beyond a bound is never lost: it is kept as one attachment, or
// stands in the header field or the raw mail, and a warning names it.
const (
	// MaxDepth is how deep multiparts may nest; a deeper one is kept whole, as
	// one attachment.
	MaxDepth = 50
	// MaxParts is how many parts are taken apart; the rest is kept as one attachment.
	MaxParts = 1_000
	// MaxFields is how many header fields are listed, of the mail and of each part.
	MaxFields = 5_000
	// MaxAddresses is how many addresses are read from one kind of field.
	MaxAddresses = 10_000
	// MaxIDs is how many message ids are read from one kind of field.
	MaxIDs = 1_000
	// MaxSubject is the length of Subject in bytes; the rest stands in Header.
	MaxSubject = 4 << 10
	// MaxText is how many bytes of one text part are read as text. A longer one
	// is also kept whole, as an attachment.
	MaxText = 2 << 20
	// MaxAllText bounds the sum of the texts in the same way, of those that are
	// shown and of those that are attached each.
	MaxAllText = 4 << 20
	// MaxUnpacked is how many bytes compressed text inside a winmail.dat may grow to.
	MaxUnpacked = 16 << 20
	// maxOpened is how many signatures inside one another are opened.
	maxOpened = 3
	// scanFactor and scanFree bound the bytes of multiparts that are read, as a
	// multiple of the mail and beyond it: what lies in n multiparts counts n times.
	scanFactor, scanFree = 8, 4 << 20
	// maxEncoded is how many multiparts that were encoded as a whole are decoded.
	maxEncoded = 2
	// maxFieldName is how long the name of a header field may be. A line has at
	// most 998 bytes (RFC 5322 section 2.1.1).
	maxFieldName = 998
	// maxWrapped is how many lines without an indent are looked at for the end of
	// the field that they belong to.
	maxWrapped = 200
	// maxWarnings is how many warnings of one name are listed.
	maxWarnings = 5
	// maxWord is how many bytes one encoded word may have. RFC 2047 allows 75;
	// mailers that do not fold write thousands.
	maxWord = 16 << 10
)
