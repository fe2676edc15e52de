package index

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/replywell/replywell/shared/store"
)

// pointer says which files are current. Its content is a line for each of the
// last builds, the newest first, with the keys of the build's files. A key ends in
// the number of the move that named it first. So no two moves leave the same
// content, by which a version is told, and no key comes again: who clears away
// what a move has let go takes nothing that another build is about to name.
type pointer struct {
	key     string
	version string // "" where there is none yet
	lines   []string
}

// kept is how many builds stay, for readers that still look at the pointer of before.
const kept = 3

// look reads a pointer. It has no line where there is none yet.
func look(ctx context.Context, b Bucket, key string) (pointer, error) {
	data, version, err := b.Look(ctx, key)
	if errors.Is(err, store.ErrNotFound) {
		return pointer{key: key}, nil
	}
	if err != nil {
		return pointer{}, fmt.Errorf("reading the pointer %s: %w", key, err)
	}
	return pointer{key, version, linesOf(data)}, nil
}

func linesOf(data []byte) (out []string) {
	for l := range strings.Lines(string(data)) {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}

// keys gives those of the current line: the first, and the rest.
func (p pointer) keys() (first, rest string) {
	if len(p.lines) == 0 {
		return "", ""
	}
	first, rest, _ = strings.Cut(p.lines[0], " ")
	return first, rest
}

// moves is the number of the move that the pointer stands at; 0 where a program
// that did not count them wrote it.
func (p pointer) moves() int {
	first, _ := p.keys()
	_, move := cutMove(first)
	n, err := strconv.Atoi(move)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

func sumOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:16])
}

// point writes the files of a build, moves a pointer to them from where it was
// seen, and clears away what is too old for anybody to be reading it. It gives the
// line that is current then. The error is ErrMoved where the pointer has been moved
// meanwhile; then nothing of the build is left.
func (s *Service) point(ctx context.Context, from pointer, prefix string, files ...[]byte) (line string, err error) {
	var keys, same []string
	for _, data := range files {
		sum := prefix + sumOf(data)
		keys = append(keys, fmt.Sprintf("%s-%d", sum, from.moves()+1))
		same = append(same, sum)
	}
	if len(from.lines) > 0 {
		was := strings.Fields(from.lines[0])
		for i, k := range was {
			was[i], _ = cutMove(k)
		}
		if strings.Join(was, " ") == strings.Join(same, " ") && s.whole(ctx, from.lines[0], files) {
			return from.lines[0], nil
		}
	}
	for i, data := range files {
		if err := s.Bucket.Put(ctx, keys[i], data); err != nil {
			return "", err
		}
	}
	line = strings.Join(keys, " ")
	lines := append([]string{line}, from.lines...)
	old := lines[min(kept, len(lines)):]
	lines = lines[:min(kept, len(lines))]
	err = s.Bucket.Swap(ctx, from.key, from.version, []byte(strings.Join(lines, "\n")+"\n"))
	if errors.Is(err, ErrMoved) {
		now, again := look(ctx, s.Bucket, from.key)
		if again != nil {
			return "", errors.Join(err, again)
		}
		return "", errors.Join(err, s.clear(ctx, []string{line}, now.lines))
	}
	if err != nil {
		return "", err
	}
	return line, s.clear(ctx, old, lines)
}

// whole tells whether the files of a line are there as they were written.
func (s *Service) whole(ctx context.Context, line string, files [][]byte) bool {
	for i, key := range strings.Fields(line) {
		if data, err := s.Bucket.Get(ctx, key); err != nil || !bytes.Equal(data, files[i]) {
			return false
		}
	}
	return true
}

// cutMove takes the number of its move off a key.
func cutMove(key string) (content, move string) {
	at := strings.LastIndexByte(key, '-')
	if at <= strings.LastIndexByte(key, '/') {
		return key, ""
	}
	return key[:at], key[at+1:]
}

// clear deletes the files that some lines name and others do not.
func (s *Service) clear(ctx context.Context, lines, but []string) error {
	inUse := map[string]bool{}
	for _, l := range but {
		for _, k := range strings.Fields(l) {
			inUse[k] = true
		}
	}
	for _, l := range lines {
		for _, k := range strings.Fields(l) {
			if inUse[k] {
				continue
			}
			if err := s.Bucket.Delete(ctx, k); err != nil {
				return fmt.Errorf("clearing away %s, which a newer one has replaced: %w", k, err)
			}
		}
	}
	return nil
}
