package local

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/doctor"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/files"
)

// A file is removed when its links are over, and its link says then what any wrong one says.
func TestFilesAreRemovedWhenTheirLinksAreOver(t *testing.T) {
	folder, err := OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = folder.Close() })
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	keys, err := replyaddr.NewKeyring(1, map[uint8][]byte{1: []byte(strings.Repeat("k", 32))})
	if err != nil {
		t.Fatal(err)
	}
	s := linked{folder, keys, func() time.Time { return now }}
	web := httptest.NewServer(s.server().Handler)
	defer web.Close()
	f := files.File{ID: files.ID("x", 0, []byte("film")), Name: "Übergröße \"1\".mov", Size: 4,
		Until: now.Truncate(24*time.Hour).AddDate(0, 0, 30)}
	if err := files.Keep(t.Context(), Blobs{folder}, f, []byte("film")); err != nil {
		t.Fatal(err)
	}
	link, err := files.Link(keys, web.URL, f)
	if err != nil {
		t.Fatal(err)
	}
	for _, day := range []struct {
		days, status int
		kept         bool
	}{{0, 200, true}, {30, 200, true}, {31, 404, false}} {
		now = now.AddDate(0, 0, day.days-int(now.Sub(f.Until.AddDate(0, 0, -30)).Hours()/24))
		if err := s.erase(); err != nil {
			t.Fatal(err)
		}
		a, err := http.Get(link)
		if err != nil {
			t.Fatal(err)
		}
		a.Body.Close()
		kept, err := os.ReadDir(filepath.Join(folder.path, "blobs", files.Folder))
		if err != nil || a.StatusCode != day.status || (len(kept) == 2) != day.kept {
			t.Errorf("after %d days: %d, %d kept, %v", day.days, a.StatusCode, len(kept), err)
		}
		want := `attachment; filename="_bergr__e _1_.mov"; ` +
			`filename*=utf-8''%C3%9Cbergr%C3%B6%C3%9Fe%20%221%22.mov`
		if day.kept &&
			a.Header.Get("Content-Disposition") != want {
			t.Errorf("it is called %s", a.Header.Get("Content-Disposition"))
		}
	}
	var r doctor.Report
	doctor.FileLinks(t.Context(), &r, web.URL, "")
	other := httptest.NewServer(http.NotFoundHandler())
	defer other.Close()
	doctor.FileLinks(t.Context(), &r, other.URL, "")
	if len(r) != 2 || r[0].State != doctor.Good || r[1].State != doctor.Bad {
		t.Errorf("the doctor says %+v", r)
	}
}
