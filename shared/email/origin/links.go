package origin

import (
	"encoding/base64"
	"net/url"
	"strings"
)

// wrapper is a gateway that replaces links by its own, and how to read the
// original out of one.
type wrapper struct {
	host   string // part of the host name
	unwrap func(link string) string
}

// wrappers in the order of how often they are met. Mimecast's short links are
// not among them: the original is in Mimecast's database only.
var wrappers = []wrapper{
	{"safelinks.protection.outlook.com/", query("url")},
	{"safelinks.protection.office365.us/", query("url")},
	{"statics.teams.cdn.office.net/evergreen-assets/safelinks/", query("url")},
	{"urldefense.proofpoint.com/v1/", query("u")},
	{"urldefense.proofpoint.com/v2/", proofpoint2},
	{"urldefense.com/v2/", proofpoint2},
	{"urldefense.com/v3/", proofpoint3},
	{"urldefense.us/v3/", proofpoint3},
	{"urldefense.us/v2/", proofpoint2},
	{"linkprotect.cudasvc.com/", query("a")},
	{"protection.sophos.com", sophos},
	{"secure-web.cisco.com/", pathTail},
	{"clicktime.symantec.com/", query("u")},
	{"protect2.fireeye.com/", query("u")},
	{"protect-us.trellix.com/", query("u")},
	{"url.emailprotection.link/", query("u")},
	{"imsva91-ctp.trendmicro.com/", query("url")},
	{"mailguard.com.au/", query("url")},
	{"scanmail.trustwave.com/", query("u")},
}

// linkLimit bounds a link that is unwrapped, in bytes.
const linkLimit = 8 << 10

// unwrapLinks puts the original in the place of each wrapped link. A link that
// cannot be read, or that leads to anything but http or https, stays.
func unwrapLinks(text string) string {
	if !strings.Contains(text, "://") {
		return text
	}
	var b strings.Builder
	done := 0
	for at := 0; at < len(text); {
		i := strings.Index(text[at:], "://")
		if i < 0 {
			break
		}
		i += at
		start := i
		for start > done && start > i-5 && isSchemeByte(text[start-1]) {
			start--
		}
		end := i + 3
		for end < len(text) && end-start < linkLimit && !isLinkEnd(text[end]) {
			end++
		}
		at = end
		link := strings.TrimRight(text[start:end], ".,;!?'*")
		if strings.Count(link, "(") < strings.Count(link, ")") {
			link = strings.TrimRight(link, ").,;")
		}
		if original := unwrap(link); original != "" {
			b.WriteString(text[done:start])
			b.WriteString(original)
			done = start + len(link)
			at = done
		}
	}
	if done == 0 {
		return text
	}
	b.WriteString(text[done:])
	return b.String()
}

func isSchemeByte(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func isLinkEnd(c byte) bool {
	return c <= ' ' || c == '<' || c == '>' || c == '"' || c == '\\' || c == '`'
}

// unwrap gives the original of a wrapped link, "" if it is none. Wrappers may be
// wrapped again; three times is enough.
func unwrap(link string) string {
	found := ""
	for range 3 {
		next := ""
		for _, w := range wrappers {
			if host := strings.Index(link, w.host); host > 0 && inHost(link, host) {
				next = w.unwrap(strings.ReplaceAll(link, "&amp;", "&"))
				break
			}
		}
		if lower := strings.ToLower(next); !strings.HasPrefix(lower, "http://") && !strings.HasPrefix(lower, "https://") || strings.ContainsAny(next, " \n\r\t<>\"'") {
			break
		}
		found, link = next, next
	}
	return found
}

// inHost tells whether a position lies in a link's host, not behind it.
func inHost(link string, at int) bool {
	i := strings.Index(link, "://")
	return i > 0 && at >= i+3 && !strings.ContainsAny(link[i+3:at], "/?#@")
}

// query reads the original out of a parameter.
func query(name string) func(string) string {
	return func(link string) string {
		u, err := url.Parse(link)
		if err != nil {
			return ""
		}
		v := u.Query().Get(name)
		if v != "" && !strings.Contains(v, "://") && strings.Contains(v, ".") {
			v = "http://" + v
		}
		return v
	}
}

// proofpoint2 reads urldefense v2: u= with "-" for "%" and "_" for "/".
func proofpoint2(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	v, err := url.PathUnescape(strings.NewReplacer("-", "%", "_", "/").Replace(u.Query().Get("u")))
	if err != nil {
		return ""
	}
	return v
}

// proofpoint3 reads urldefense v3: /v3/__URL__;BASE64!!..., where a "*" in the
// URL stands for the next byte of the base64 text and "**X" for a run of them.
func proofpoint3(link string) string {
	_, rest, ok := strings.Cut(link, "/v3/__")
	if !ok {
		return ""
	}
	body, tail, ok := cutLast(rest, "__;")
	if !ok {
		return ""
	}
	encoded, _, _ := strings.Cut(tail, "!")
	replaced, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(encoded, "="))
	if err != nil {
		return ""
	}
	const lengths = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	var b strings.Builder
	for i := 0; i < len(body); i++ {
		if body[i] != '*' {
			b.WriteByte(body[i])
			continue
		}
		n := 1
		if i+2 < len(body) && body[i+1] == '*' {
			if k := strings.IndexByte(lengths, body[i+2]); k >= 0 {
				n = k + 2
				i += 2
			}
		}
		if n > len(replaced) {
			return ""
		}
		b.Write(replaced[:n])
		replaced = replaced[n:]
	}
	v := b.String()
	// Some mailers lose one of the slashes.
	if i := strings.Index(v, ":/"); i > 0 && !strings.HasPrefix(v[i:], "://") {
		v = v[:i] + "://" + v[i+2:]
	}
	return v
}

// sophos reads u=, which is base64, or an escaped link.
func sophos(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	v := u.Query().Get("u")
	if raw, err := base64.StdEncoding.DecodeString(v); err == nil {
		return string(raw)
	}
	if raw, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(v, "=")); err == nil {
		return string(raw)
	}
	return v
}

// pathTail reads a link that is escaped as the last element of the path.
func pathTail(link string) string {
	i := strings.LastIndexByte(link, '/')
	v, err := url.PathUnescape(link[i+1:])
	if err != nil {
		return ""
	}
	return v
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}
