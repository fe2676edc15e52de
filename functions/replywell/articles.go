package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/replywell/replywell/shared/kb"
	"github.com/replywell/replywell/shared/kb/article"
)

// oneFile is the name of a file that may hold all articles of a folder.
const oneFile = "articles.jsonl"

// articlesIn reads the Markdown files of a folder, by path. In one is true where
// the articles are in articles.jsonl instead; a folder with both is refused, for
// nobody could say which of them count.
func articlesIn(dir string) (files map[string][]byte, inOne bool, err error) {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, false, fmt.Errorf("cannot read the articles: there is no folder %s; name the folder of Markdown files with --kb", dir)
	case err != nil:
		return nil, false, fmt.Errorf("cannot read the articles: %w; name the folder of Markdown files with --kb", err)
	case !info.IsDir():
		return nil, false, fmt.Errorf("%s is a file; name the folder that the articles are in with --kb", dir)
	}
	if files, err = article.Files(os.DirFS(dir)); err != nil {
		return nil, false, err
	}
	one := filepath.Join(dir, oneFile)
	_, err = os.Stat(one)
	inOne = !errors.Is(err, fs.ErrNotExist)
	if inOne && len(files) > 0 {
		first := slices.Min(slices.Collect(maps.Keys(files)))
		return nil, true, fmt.Errorf("%s has articles in %s and in %s of Markdown (%s); take one of them out, or name the folder of the others with --kb",
			dir, oneFile, counted(len(files), "file"), article.Printable(first))
	}
	return files, inOne, nil
}

// readArticles reads a folder of Markdown files, or its articles.jsonl.
func readArticles(dir string) ([]article.Article, error) {
	files, inOne, err := articlesIn(dir)
	if err != nil {
		return nil, err
	}
	if !inOne {
		return article.Parse(files)
	}
	f, err := os.Open(filepath.Join(dir, oneFile))
	if err != nil {
		return nil, fmt.Errorf("cannot read the articles: %w", err)
	}
	defer func() { _ = f.Close() }()
	articles, err := article.ReadArticles(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name(), err)
	}
	return articles, nil
}

// readHistory reads a history; without a name there is none. It tells of lines
// that teach nothing, because their articles are not there.
func readHistory(name string, articles []article.Article, told io.Writer) ([]kb.Past, error) {
	if name == "" {
		return nil, nil
	}
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("cannot read the history: there is no file %s; name the one with past mails, or leave --history out", name)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read the history: %w; see who may read it, or leave --history out", err)
	}
	defer func() { _ = f.Close() }()
	past, err := kb.ReadHistory(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if n, line := kb.UnknownArticles(past, articles); n > 0 && articles != nil {
		fmt.Fprintf(told, "%s: %d of %s %s no article of this folder, and %s nothing; first: line %d\n",
			name, n, counted(len(past), "line"), verb(n, "names", "name"), verb(n, "teaches", "teach"), line)
	}
	return past, nil
}

// Check reports what a mail on standard input lacks: by its id an answer is told
// from the others.
func (q *asked) Check() error {
	if q.ID == "" {
		return errors.New("it has no id")
	}
	return nil
}

func verb(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
