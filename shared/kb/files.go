package kb

import (
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

// Files reads the articles' files below the root, by path.
func Files(root fs.FS) (map[string][]byte, error) {
	files := map[string][]byte{}
	err := fs.WalkDir(root, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !IsArticle(p) {
			return err
		}
		if len(files) == MaxArticles {
			return fmt.Errorf("there are more than %d articles", MaxArticles)
		}
		files[p], err = fs.ReadFile(root, p)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the articles: %w", err)
	}
	return files, nil
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

// Parse reads articles from files, by path, and gives them sorted by id. The
// error joins all problems of all files; no article is given then.
func Parse(files map[string][]byte) ([]Article, error) {
	articles, problems := parseAll(files)
	if len(problems) > 0 {
		return nil, join(problems)
	}
	return articles, nil
}

// parseAll gives the articles that could be read, and what is wrong with the others.
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
	sortProblems(problems)
	slices.SortFunc(articles, func(a, b Article) int { return strings.Compare(a.ID, b.ID) })
	return articles, problems
}
