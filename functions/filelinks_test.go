package functions

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// fetched is what somebody got who followed a link.
type fetched struct {
	status int
	header http.Header
	body   []byte
}

// door is how a home hands files out.
type door interface {
	// follow asks for an address below a home's own, by this method.
	follow(t *testing.T, method, path string) fetched
	// erase takes a file away, as retention does.
	erase(t *testing.T, token string)
	// begins is what links begin with.
	begins() string
}

// lambdaDoor is the files function behind its address.
type lambdaDoor struct {
	*lambdaHome
	files *function
}

func (d *lambdaDoor) begins() string { return filesURL }

func (d *lambdaDoor) follow(t *testing.T, method, path string) fetched {
	t.Helper()
	var ev events.LambdaFunctionURLRequest
	ev.RequestContext.HTTP.Method, ev.RawPath, ev.RequestContext.HTTP.Path = method, "/"+path, "/"+path
	ev.Headers = map[string]string{"if-modified-since": "Mon, 01 Jan 2035 00:00:00 GMT", "range": "bytes=0-1"}
	out, err := d.files.invoke(t.Context(), ev)
	var answer events.LambdaFunctionURLResponse
	if err := json.Unmarshal(out, &answer); err != nil {
		t.Fatal(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	f := fetched{status: answer.StatusCode, header: http.Header{}, body: []byte(answer.Body)}
	for k, v := range answer.Headers {
		f.header.Set(k, v)
	}
	if f.status != http.StatusFound {
		return f
	}
	for name, want := range neverShown {
		if name != "Content-Disposition" && f.header.Get(name) != want {
			t.Errorf("it leads on with %s: %q", name, f.header.Get(name))
		}
	}
	at, err := url.Parse(f.header.Get("Location"))
	if err != nil || at.Query().Get("X-Amz-Expires") != "300" {
		t.Fatalf("it leads on to %s, %v", at, err)
	}
	got := get(t, method, at.String())
	// moto does not say of an object what it is asked to say; S3 does (GetObject, response-content-disposition)
	got.header.Set("Content-Disposition", at.Query().Get("response-content-disposition"))
	got.header.Set("Content-Type", at.Query().Get("response-content-type"))
	return got
}

func (d *lambdaDoor) erase(t *testing.T, _ string) {
	t.Helper()
	bucket := d.outputs["MailBucket"]
	list, err := d.s3.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: aws.String("files/")})
	if err != nil || len(list.Contents) == 0 {
		t.Fatal("no file is kept", err)
	}
	for _, o := range list.Contents {
		if strings.HasSuffix(*o.Key, ".json") {
			continue // what says its name is left: that must not be told either
		}
		if _, err := d.s3.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: &bucket, Key: o.Key}); err != nil {
			t.Fatal(err)
		}
	}
}

// localDoor is the listener of the one process.
type localDoor struct{ *localHome }

var saysFiles = regexp.MustCompile(`files +\S+ has to lead to http://(\S+)`)

func (d localDoor) begins() string { return "http://127.0.0.1/fetch/" }

func (d localDoor) follow(t *testing.T, method, path string) fetched {
	t.Helper()
	m := saysFiles.FindStringSubmatch(d.log.String())
	if m == nil {
		t.Fatal("the start does not say where files are handed out")
	}
	return get(t, method, "http://"+m[1]+"/fetch/"+path)
}

func (d localDoor) erase(t *testing.T, _ string) {
	t.Helper()
	kept, err := filepath.Glob(filepath.Join(d.data, "blobs", "files", "*"))
	if err != nil || len(kept) == 0 {
		t.Fatal("no file is kept", err)
	}
	for _, name := range kept {
		if err := os.Remove(name); err != nil && !strings.HasSuffix(name, ".json") {
			t.Fatal(err)
		}
	}
}

func get(t *testing.T, method, address string) fetched {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	body, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return fetched{a.StatusCode, a.Header, body}
}

// neverShown are the header fields without which a browser might run a file as a page of ours.
var neverShown = map[string]string{"X-Content-Type-Options": "nosniff",
	"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox", "Referrer-Policy": "no-referrer",
	"Cache-Control": "no-store"}

// withFiles is an agent's reply with files, as mail programs write it.
func withFiles(p *person, r received, text string, files map[string][]byte) []byte {
	plain := string(p.reply(r, text))
	head, body, _ := strings.Cut(plain, "\r\n\r\n")
	at := strings.Index(head, "MIME-Version")
	var b strings.Builder
	fmt.Fprintf(&b, "%sMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n%s\r\n\r\n%s\r\n",
		head[:at], head[at:], body)
	for name, content := range files {
		fmt.Fprintf(&b, "--b\r\nContent-Type: text/html; name=\"%s\"\r\nContent-Disposition: attachment; "+
			"filename=\"%s\"\r\n"+
			"Content-Transfer-Encoding: base64\r\n\r\n", name, name)
		for line := range bytesOf(base64.StdEncoding.EncodeToString(content), 76) {
			b.WriteString(line + "\r\n")
		}
	}
	b.WriteString("--b--\r\n")
	return []byte(b.String())
}

func bytesOf(s string, n int) func(func(string) bool) {
	return func(yield func(string) bool) {
		for len(s) > 0 {
			if !yield(s[:min(n, len(s))]) {
				return
			}
			s = s[min(n, len(s)):]
		}
	}
}

// TestLargeFilesAreLinkedInBothHomes: of an answer with a small and a large file the
// small one is mailed and the large one linked; whoever follows the link gets it, to be
// saved; and a link that was bent, of nothing, asked in another way or whose file was
// erased are answered alike.
func TestLargeFilesAreLinkedInBothHomes(t *testing.T) {
	dir := programs(t)
	t.Run("lambda", func(t *testing.T) {
		h := newLambdaHome(t, dir)
		largeFiles(t, h, &lambdaDoor{h, h.function(t, "files")})
	})
	t.Run("local", func(t *testing.T) {
		h := newLocalHome(t, dir)
		largeFiles(t, h, localDoor{h})
	})
}

// sendLarge has Anna answer with a small and a large file, and gives the token of the link and the large one.
func sendLarge(t *testing.T, h home, d door) (token string, page []byte) {
	page = noise(11_000_000)
	erika := &person{id: "films-erika", Name: "Erika Muster", Address: "erika@customers.example"}
	anna := &person{id: "films-anna", Name: "Anna Winter", Address: "anna@team.example"}
	h.deliver(t, erika.Address, "support@lantern.example", erika.compose("support@lantern.example", "Manual",
		"Hello, can you send me the film that shows how the lamp is hung?"))
	see(t, h, withMailbox(anna), step{Sees: []string{"how the lamp is hung"}}, "Anna")
	h.deliver(t, anna.Address, anna.last(t).Mail.ReplyTo[0].Address, withFiles(anna, anna.last(t),
		"Hello Erika,\n\nhere it is, with the price list.\n\nBest regards\nAnna",
		map[string][]byte{"film.html": page, "prices.csv": []byte("lamp;20")}))
	see(t, h, withMailbox(erika), step{Sees: []string{"here it is"}}, "Erika")
	got := erika.last(t)
	if names := got.Mail.Attachments; len(names) != 1 || names[0].Filename != "prices.csv" || len(got.Raw) > 100_000 {
		t.Fatalf("mailed are %d bytes with %v", len(got.Raw), names)
	}
	text := got.Mail.PlainText
	m := regexp.MustCompile(regexp.QuoteMeta(d.begins()) + `([a-z2-7]+)`).FindStringSubmatch(text)
	if m == nil || !strings.Contains(text, "film.html (11 MB)") || !strings.Contains(text, "works until") ||
		!strings.Contains(got.Mail.HTML, m[0]) || strings.Index(text, "Anna\n") > strings.Index(text, m[0]) {
		t.Fatalf("the mail does not say where the film is:\n%s", text)
	}
	return m[1], page
}

func largeFiles(t *testing.T, h home, d door) {
	token, page := sendLarge(t, h, d)
	for range 2 { // it is good more than once
		f := d.follow(t, http.MethodGet, token)
		if f.status != http.StatusOK || !bytes.Equal(f.body, page) {
			t.Fatalf("the link gives %d with %d bytes", f.status, len(f.body))
		}
		if f.header.Get("Content-Disposition") != "attachment; filename=film.html" ||
			f.header.Get("Content-Type") != "application/octet-stream" {
			t.Errorf("it would be shown: %v", f.header)
		}
	}
	bent := token[:20] + map[bool]string{true: "b", false: "a"}[token[20] == 'a'] + token[21:]
	first := d.follow(t, http.MethodGet, bent)
	if first.status != http.StatusNotFound || !strings.Contains(string(first.body), "does not lead to a file") {
		t.Fatalf("a bent link: %d %s", first.status, first.body)
	}
	for name, want := range neverShown {
		if first.header.Get(name) != want {
			t.Errorf("a bent link is answered with %s: %q", name, first.header.Get(name))
		}
	}
	d.erase(t, token)
	for name, f := range map[string]fetched{"an erased file": d.follow(t, http.MethodGet, token),
		"no token": d.follow(t, http.MethodGet, ""), "a path": d.follow(t, http.MethodGet, "../settings.yaml"),
		"a token and more": d.follow(t, http.MethodGet, token+"/x"), "another method": d.follow(t,
			http.MethodPost, token)} {
		first.header.Del("Date")
		f.header.Del("Date")
		if f.status != first.status || !bytes.Equal(f.body, first.body) ||
			fmt.Sprint(f.header) != fmt.Sprint(first.header) {
			t.Errorf("%s is answered otherwise than a bent link: %d %v %s", name, f.status, f.header, f.body)
		}
	}
}

// noise is what a film is to whoever looks for words: bytes of no text.
func noise(n int) []byte {
	out := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{}).Read(out) // it never fails
	return out
}

func withMailbox(p *person) *person {
	p.Mailbox = p.Address
	return p
}
