package article

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// A file that cannot be read is a problem of its own, and hides no other.
func TestAFileThatCannotBeReadIsAProblemOfItsOwn(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	write := func(p, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	link := func(to, from string) {
		t.Helper()
		if err := os.Symlink(to, filepath.Join(dir, from)); err != nil {
			t.Fatal(err)
		}
	}
	write(filepath.Join(dir, "a.md"), "# A\n\n[gone](gone.md)\n\n"+enough)
	write(filepath.Join(dir, "sub", "b.md"), "# B\n\nSay the number of your order, and we look for it.\n")
	write(filepath.Join(outside, "secret.md"), "# Secret\n\nThe key lies below the mat, to the left of the door.\n")
	link("nowhere.md", "dangling.md")
	link("sub/b.md", "same.md")
	link(filepath.Join(outside, "secret.md"), "absolute.md")
	link("../"+filepath.Base(outside)+"/secret.md", "relative.md")
	link(outside, "out")
	link("out/secret.md", "through.md")
	link("round.md", "round.md")
	link("sub", "folder.md")
	files, err := Files(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	r := Check(files, nil, 1)
	var got []string
	for _, p := range r.Problems {
		got = append(got, p.Error())
	}
	all := strings.Join(got, "\n")
	for _, want := range []string{`a.md:3: the link "gone.md" leads nowhere`, "dangling.md: the file cannot be read: ",
		"absolute.md: this is a link that leads out of the folder of articles",
		"relative.md: this is a link that leads out",
		"through.md: this is a link that leads out", "round.md: the file cannot be read: ",
		"folder.md: the file cannot be read: ", "says the same as same.md"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not told:\n%s", want, all)
		}
	}
	for p, data := range files {
		if strings.Contains(string(data), "below the mat") {
			t.Errorf("%s was read from outside", p)
		}
	}
	if strings.Contains(all, "same.md: the file") || strings.Contains(all, "same.md: this is a link") {
		t.Errorf("a link within the folder is refused:\n%s", all)
	}
	if _, err := Files(os.DirFS(filepath.Join(dir, "none"))); err == nil {
		t.Error("a folder that is not there has no articles, and nothing is said")
	}
}

// locked is a folder in which one may not look into sub.
type locked struct{ fs.FS }

func (l locked) Open(name string) (fs.File, error) {
	if name == "sub" {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return l.FS.Open(name)
}

func TestAFolderThatCannotBeReadIsAProblemOfItsOwn(t *testing.T) {
	files, err := Files(locked{fstest.MapFS{"a.md": {Data: []byte("# A\n\nSay your number.")},
		"sub/b.md": {Data: []byte("# B\n\ntext")}}})
	if err != nil {
		t.Fatal(err)
	}
	if r := Check(files, nil, 1); len(r.Articles) != 1 || len(r.Problems) != 1 ||
		!strings.Contains(r.Problems[0].Error(), "sub/*.md: the file cannot be read: permission denied") {
		t.Errorf("%+v", r)
	}
}
