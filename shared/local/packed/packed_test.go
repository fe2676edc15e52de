package packed_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/local/packed"
)

// What is packed and what is not comes back as it was, and a mail takes a third at most.
func TestWhatIsKeptComesBack(t *testing.T) {
	mail := []byte("Subject: Lamp\r\n\r\n" + strings.Repeat("The lamp flickers. <p style=\"margin:0\">\r\n", 300))
	for name, data := range map[string][]byte{"mail": mail, "empty": nil, "a byte": {0x1f}, "binary": {0x1f, 0x8b, 7}} {
		kept := packed.Pack(data)
		if name == "mail" && len(kept) > len(data)/3 {
			t.Errorf("%d bytes take %d", len(data), len(kept))
		}
		note, err := packed.Note([]byte("a note"))
		if err != nil {
			t.Fatal(err)
		}
		var before bytes.Buffer
		zip := gzip.NewWriter(&before)
		if _, err := zip.Write(data); err != nil || zip.Close() != nil {
			t.Fatal(err)
		}
		files := map[string][]byte{"packed": kept, "by gzip": before.Bytes(),
			"with a note": append(bytes.Clone(kept), note...)}
		if name != "binary" {
			files["as it was"] = data
		}
		for how, content := range files {
			path := filepath.Join(t.TempDir(), "blob")
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			if got, err := packed.Read(path); err != nil || !bytes.Equal(got, data) {
				t.Errorf("%s, %s: Read gives %d bytes of %d, %v", name, how, len(got), len(data), err)
			}
			got, err := packed.ReadNote(path)
			none := errors.Is(err, packed.ErrNoNote)
			if has := how == "with a note"; has && string(got) != "a note" || has == none {
				t.Errorf("%s, %s: the note is %q, %v", name, how, got, err)
			}
			r, err := packed.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, data) || r.Close() != nil {
				t.Errorf("%s, %s: Open gives %d bytes of %d, %v", name, how, len(got), len(data), err)
			}
		}
	}
	if _, err := packed.Open(filepath.Join(t.TempDir(), "none")); !os.IsNotExist(err) {
		t.Errorf("a file that is not there: %v", err)
	}
}

func BenchmarkPack(b *testing.B) {
	mail := []byte("Subject: Lamp\r\n\r\n" + strings.Repeat("The lamp flickers. <p style=\"margin:0\">\r\n", 300))
	b.SetBytes(int64(len(mail)))
	b.ReportAllocs()
	for b.Loop() {
		packed.Pack(mail)
	}
}
