package files

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/store"
)

// File is one that is handed out: what it is called, how large it is, and until when it
// is there. It stands beside the file's bytes.
type File struct {
	ID    string    `json:"id"`
	Name  string    `json:"name"`
	Size  int       `json:"size"`  // bytes
	Until time.Time `json:"until"` // no link to it is good any more
}

// Folder is where files are kept, among the blobs.
const Folder = "files"

const folder = Folder + "/"

// Key is the blob that holds a file's bytes.
func Key(id string) string { return folder + id }

// aboutKey is the blob that says what the file is called.
func aboutKey(id string) string { return folder + id + ".json" }

// ID is the id of the n-th file of what has an id of its own: the same whenever it is
// computed, so that what is kept again is kept once.
func ID(of string, n int, content []byte) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "file\x00%s\x00%d\x00%x", of, n, sha256.Sum256(content)))
	return hex.EncodeToString(sum[:replyaddr.FileIDLen/2])
}

// Keep keeps a file. Doing it again is harmless.
func Keep(ctx context.Context, b store.Blobs, f File, content []byte) error {
	about, err := json.Marshal(f)
	if err != nil {
		return err
	}
	// The bytes first: what says that it is there is there last.
	if err := b.Put(ctx, Key(f.ID), content); err != nil {
		return fmt.Errorf("keeping a file for its link: %w", err)
	}
	if err := b.Put(ctx, aboutKey(f.ID), about); err != nil {
		return fmt.Errorf("keeping a file's name for its link: %w", err)
	}
	return nil
}

// About reads what a file is called. Error: store.ErrNotFound.
func About(ctx context.Context, b store.Blobs, id string) (f File, err error) {
	data, err := b.Get(ctx, aboutKey(id))
	if err != nil {
		return f, err
	}
	if err := json.Unmarshal(data, &f); err != nil || f.ID != id {
		return f, fmt.Errorf("what %s is called cannot be read: %w", Key(id), errors.Join(err, store.ErrNotFound))
	}
	return f, nil
}

// Link is the address of a file at a public address of the desk's.
func Link(keys *replyaddr.Keyring, public string, f File) (string, error) {
	token, err := keys.SealFile(replyaddr.File{ID: f.ID, Expires: f.Until})
	if err != nil {
		return "", err
	}
	return strings.TrimRight(public, "/") + "/" + token, nil
}

// disposition says that a file is to be saved, and under which name (RFC 6266): in the
// letters that every program reads, and as it is called.
func disposition(name string) string {
	name = saved(name)
	plain := strings.Map(func(r rune) rune {
		if r >= utf8.RuneSelf || r == '"' || r == '\\' || r == '%' {
			return '_'
		}
		return r
	}, name)
	out := mime.FormatMediaType("attachment", map[string]string{"filename": plain})
	if plain != name {
		out += "; filename*=utf-8''" + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
	}
	return out
}

// maxName bounds a file's name, in bytes, as file systems do.
const maxName = 200

// saved is a name that a file can be saved under, of whatever somebody called it.
func saved(name string) string {
	name = strings.Map(func(r rune) rune {
		if r == '/' || r == '\\' || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError {
			return '_'
		}
		return r
	}, name)
	if name = strings.Trim(name, ". "); name == "" {
		return "file"
	}
	ending := path.Ext(name)
	if len(ending) > 20 {
		ending = ""
	}
	if base := strings.TrimSuffix(name, ending); len(name) > maxName {
		name = strings.ToValidUTF8(base[:maxName-len(ending)], "") + ending
	}
	return name
}

func length(n int) string { return strconv.Itoa(n) }
