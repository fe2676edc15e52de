package article

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Load reads every article below the root; see Parse.
func Load(root fs.FS) ([]Article, error) {
	files, err := Files(root)
	if err != nil {
		return nil, err
	}
	return Parse(files)
}

// Files reads the articles' files below the root, by path. A file that cannot be
// read, or that is a link out of the folder, stands in it with a text that Check
// and Parse make a problem of: it must not hide what is wrong with the others.
func Files(root fs.FS) (map[string][]byte, error) {
	files := map[string][]byte{}
	err := fs.WalkDir(root, ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case p == "." && err != nil:
			return err
		case err != nil: // a folder whose files are not known
			if path.Ext(p) != ".md" {
				p += "/*.md"
			}
			files[p] = unreadable(err)
			return fs.SkipDir
		case d.IsDir() || !IsArticle(p):
			return nil
		case len(files) == MaxArticles:
			return fmt.Errorf("there are more than %d articles; put some together, or take out what nobody needs", MaxArticles)
		}
		if d.Type()&fs.ModeSymlink != 0 && leadsOut(root, p) {
			files[p] = []byte(notRead + "this is a link that leads out of the folder of articles; put the file itself here")
			return nil
		}
		if d.Type()&^fs.ModeSymlink != 0 { // reading a pipe would wait
			files[p] = unreadable(errors.New("it is no file"))
			return nil
		}
		if files[p], err = fs.ReadFile(root, p); err != nil {
			files[p] = unreadable(err)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the articles: %w", err)
	}
	return files, nil
}

func unreadable(err error) []byte {
	if e := (*fs.PathError)(nil); errors.As(err, &e) {
		err = e.Err // the path is told beside it
	}
	return fmt.Appendf(nil, "%sthe file cannot be read: %v; mend that, or take it out of the folder", notRead, err)
}

// mostLinks bounds how many links are followed to one file.
const mostLinks = 40

// leadsOut follows a file's links, those in the names of folders too, and reports
// whether one of them leaves the root. A link that leads nowhere leads not out.
func leadsOut(root fs.FS, p string) bool {
	at, rest := ".", strings.Split(p, "/")
	for links := 0; len(rest) > 0; {
		next := path.Join(at, rest[0])
		if !fs.ValidPath(next) {
			return true
		}
		rest = rest[1:]
		info, err := fs.Lstat(root, next)
		if err != nil {
			return false
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			at = next
			continue
		}
		to, err := fs.ReadLink(root, next)
		if err != nil || path.IsAbs(to) || strings.ContainsAny(to, `\:`) { // of Windows as well
			return true
		}
		if links++; links > mostLinks {
			return false // round and round; reading it fails
		}
		rest = append(strings.Split(path.Clean(to), "/"), rest...)
	}
	return false
}

// IsArticle tells by its path whether a file is an article: one that ends in
// .md, is not hidden, in no hidden folder, and is not a README.
func IsArticle(p string) bool {
	for _, part := range strings.Split(path.Clean(p), "/") {
		if strings.HasPrefix(part, ".") {
			return false
		}
	}
	return path.Ext(p) == ".md" && !strings.EqualFold(path.Base(p), "README.md")
}

// Parse reads articles from files, by path, and gives them sorted by id, without the
// templates. The error joins all problems of all files; no article is given then.
func Parse(files map[string][]byte) ([]Article, error) {
	articles, err := ParseGood(files)
	if err != nil {
		return nil, err
	}
	return articles, nil
}

// ParseGood is Parse that gives the articles without a problem beside the error.
func ParseGood(files map[string][]byte) ([]Article, error) {
	all, problems := parseAll(files)
	articles, _ := parted(all)
	if len(problems) > 0 {
		return articles, join(problems)
	}
	return articles, nil
}

// parseAll gives the articles and templates that could be read, and what is wrong with
// the others.
func parseAll(files map[string][]byte) (articles []Article, problems []Problem) {
	for p, data := range files {
		if !IsArticle(p) {
			continue
		}
		a, bad := parse(strings.TrimSuffix(p, ".md"), data)
		if problems = append(problems, bad...); len(bad) == 0 {
			articles = append(articles, a)
		}
	}
	slices.SortFunc(articles, func(a, b Article) int { return strings.Compare(a.ID, b.ID) })
	problems = append(problems, sameNames(articles)...)
	sortProblems(problems)
	return articles, problems
}

// Misnamed gives the files below the root that are no articles only because
// their ending is not written in small letters.
func Misnamed(root fs.FS) (paths []string) {
	// What cannot be read here, Files tells of.
	_ = fs.WalkDir(root, ".", func(p string, d fs.DirEntry, err error) error {
		if ext := path.Ext(p); err == nil && !d.IsDir() && ext != ".md" && strings.EqualFold(ext, ".md") && IsArticle(strings.TrimSuffix(p, ext)+".md") {
			paths = append(paths, p)
		}
		return nil
	})
	return paths
}
