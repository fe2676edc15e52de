package verify

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/replywell/replywell/shared/email/message"
)

const (
	// MaxHeader is how many bytes of header are verified. A mail with more is
	// PROCESSING_FAILED. People's are below 20 KiB.
	MaxHeader = 256 << 10
	// maxLines is the same in lines: what libraries do for a header grows with
	// lines times bytes.
	maxLines = 4_000
	// maxName is how long a field's name may be.
	maxName = 100
)

// header is a mail's header, read as strictly as RFC 5322 writes it.
type header struct {
	raw    []byte // with the empty line at its end
	fields []field
	odd    string // what parsers may differ about, "" if nothing
	beyond bool   // it is larger than the bounds, and nothing of it was read
}

type field struct{ name, value string } // value is folded as it came

// readHeader takes the header off a mail. in has a buffer of MaxHeader.
func readHeader(in *bufio.Reader) (*header, error) {
	ahead, err := in.Peek(MaxHeader)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	h := &header{}
	rest, lines := ahead, 0
	for ended := false; !ended; lines++ {
		line, next, found := bytes.Cut(rest, []byte("\n"))
		if !found && err == nil || lines >= maxLines {
			return &header{beyond: true}, nil
		}
		rest = next
		line = bytes.TrimSuffix(line, []byte("\r"))
		if ended = len(line) == 0 || !found; len(line) > 0 {
			h.line(string(line))
		}
	}
	n := len(ahead) - len(rest)
	h.raw = bytes.TrimRight(ahead[:n], "\r\n")
	h.raw = append(bytes.Clone(h.raw), "\r\n\r\n"...)
	_, err = in.Discard(n)
	return h, err
}

func (h *header) line(line string) {
	if strings.ContainsAny(line, "\r\x00") {
		h.odd = "a bare CR or a NUL"
	}
	if line[0] == ' ' || line[0] == '\t' {
		if len(h.fields) == 0 || strings.Trim(line, " \t") == "" {
			h.odd = "a line of white space"
			return
		}
		h.fields[len(h.fields)-1].value += "\r\n" + line
		return
	}
	name, value, colon := strings.Cut(line, ":")
	name = strings.TrimRight(name, " \t")
	if !colon || name == "" || len(name) > maxName || name[0] == '-' || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
		h.odd = "a line that is no field"
		return
	}
	h.fields = append(h.fields, field{name, value})
}

// all gives the values of the fields of a name.
func (h *header) all(name string) (out []string) {
	for _, f := range h.fields {
		if strings.EqualFold(f.name, name) {
			out = append(out, f.value)
		}
	}
	return out
}

// author gives the domain of the one address of the one From, or why there is
// none that could be vouched for (RFC 7489 section 6.6.1).
func (h *header) author() (domain, why string) {
	if h.beyond {
		return "", "the header is beyond the bounds"
	}
	from := h.all("From")
	switch {
	case h.odd != "":
		return "", "the header has " + h.odd
	case len(from) == 0:
		return "", "there is no From"
	case len(from) > 1:
		return "", "there are several From fields"
	}
	read := message.Parse(h.raw)
	list := message.ParseAddressList(strings.NewReplacer("\r\n", "").Replace(from[0]))
	if len(read.Header.Values("From")) != 1 || len(list) != 1 || list[0].Address != read.From.Address {
		return "", "From does not have exactly one address"
	}
	address := read.From.Address
	at := strings.LastIndexByte(address, '@')
	if domain = ascii(address[at+1:]); at < 1 || domain == "" {
		return "", "From names no domain"
	}
	return domain, ""
}
