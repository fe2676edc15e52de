package local

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
)

// lockName is the file in a data folder that whoever uses it holds. Every data folder has it.
const lockName = "lock"

// Folder is the data folder, held by this process alone.
type Folder struct {
	path  string
	lock  *os.File
	made  atomic.Int64 // files in tmp
	links bool         // a file may have two names
	syncs syncs
}

// OpenFolder makes the folder where it is missing, sees that it can be written
// to, and takes it for this process. The lock ends with the process, however
// that ends.
func OpenFolder(path string) (*Folder, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("the data folder %s: %w", path, err)
	}
	for _, d := range []string{"", "tmp", "spool", "spool/parked", "spool/later", "blobs", "mailboxes"} {
		if err := os.MkdirAll(filepath.Join(path, d), 0o700); err != nil {
			return nil, fmt.Errorf("the data folder %s cannot be used: %w; choose another one with --data, or change who may write there", path, plain(err))
		}
	}
	lock, err := os.OpenFile(filepath.Join(path, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the data folder %s cannot be written to: %w; choose another one with --data, or change who may write there", path, plain(err))
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		defer lock.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("the data folder %s is in use by another replywell%s; stop that one, or choose another folder with --data", path, holder(lock))
		}
		return nil, fmt.Errorf("the data folder %s cannot be locked: %w", path, err)
	}
	f := &Folder{path: path, lock: lock}
	if err := errors.Join(lock.Truncate(0), writeAt(lock, strconv.Itoa(os.Getpid())+"\n"), f.clean()); err != nil {
		f.Close()
		return nil, fmt.Errorf("the data folder %s cannot be written to: %w; choose another one with --data, or change who may write there", path, plain(err))
	}
	probe := f.Path("tmp", "link")
	f.links = os.Link(lock.Name(), probe) == nil && os.Remove(probe) == nil
	return f, nil
}

// Path gives the path of something in the folder.
func (f *Folder) Path(parts ...string) string {
	return filepath.Join(append([]string{f.path}, parts...)...)
}

// Close lets the folder go.
func (f *Folder) Close() error { return f.lock.Close() }

// free is how many bytes can still be written on the folder's disk. Where the
// system does not say, there is room: writing will tell.
func (f *Folder) free() uint64 {
	var st syscall.Statfs_t
	if err := syscall.Statfs(f.path, &st); err != nil {
		return math.MaxUint64
	}
	return uint64(st.Bavail) * uint64(st.Bsize) //nolint:unconvert // their types differ from system to system
}

// clean takes away what was half written when an earlier process ended.
func (f *Folder) clean() error {
	entries, err := os.ReadDir(f.Path("tmp"))
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := os.RemoveAll(f.Path("tmp", e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// create opens a new file for writing that place will put where it belongs. tmp is empty
// at the start and nobody else's, so a number is a name that is free.
func (f *Folder) create() (*os.File, error) {
	name := f.Path("tmp", "new-"+strconv.FormatInt(f.made.Add(1), 10))
	return os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
}

// name is a place in the folder.
type name []string

// place makes a file from create durable under its names: the bytes first, then
// the names, in their order. It closes the file, and removes it where it fails.
func (f *Folder) place(file *os.File, names ...name) (err error) {
	defer func() {
		if err != nil {
			_ = os.Remove(file.Name()) // it is of no use, and clean would do it too
		}
	}()
	if err := errors.Join(file.Sync(), file.Close()); err != nil {
		return err
	}
	for i, n := range names {
		target := f.Path(n...)
		if err := f.makeDir(filepath.Dir(target)); err != nil {
			return err
		}
		put := os.Link
		if i == len(names)-1 {
			put = os.Rename
		}
		if err := put(file.Name(), target); err != nil {
			return err
		}
		if err := f.syncs.do(filepath.Dir(target)); err != nil {
			return err
		}
	}
	return nil
}

// Write makes a file with this content, durable when it returns.
func (f *Folder) Write(data []byte, parts ...string) error {
	file, err := f.create()
	if err != nil {
		return err
	}
	if _, err := file.Write(data); err != nil {
		file.Close()
		_ = os.Remove(file.Name())
		return err
	}
	return f.place(file, parts)
}

// makeDir makes a folder durable, and those above it that are new.
func (f *Folder) makeDir(dir string) error {
	if _, err := os.Stat(dir); err == nil || !strings.HasPrefix(dir, f.path+string(filepath.Separator)) {
		return err
	}
	if err := f.makeDir(filepath.Dir(dir)); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	return syncDir(filepath.Dir(dir))
}

// syncs lets those who put files into a folder at the same time share one sync of it.
type syncs struct {
	mu   sync.Mutex
	open map[string]*shareable // by folder: the sync that has not begun
}

// shareable is a sync of a folder, which those may join who come before it begins.
type shareable struct {
	turn sync.Mutex // held while one of the folder is under way
	next *joined
}

type joined struct {
	once sync.Once
	err  error
}

// do makes the names durable that were put into the folder before it was called.
func (s *syncs) do(dir string) error {
	s.mu.Lock()
	if s.open == nil {
		s.open = map[string]*shareable{}
	}
	d := s.open[dir]
	if d == nil {
		if len(s.open) > 1000 { // a folder for each day
			clear(s.open)
		}
		d = &shareable{}
		s.open[dir] = d
	}
	if d.next == nil {
		d.next = &joined{}
	}
	mine := d.next
	s.mu.Unlock()
	d.turn.Lock()
	defer d.turn.Unlock()
	mine.once.Do(func() {
		s.mu.Lock()
		if d.next == mine {
			d.next = nil // who comes now is not in it
		}
		s.mu.Unlock()
		mine.err = syncDir(dir)
	})
	return mine.err
}

// syncDir makes the names in a folder durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func writeAt(f *os.File, s string) error {
	_, err := f.WriteAt([]byte(s), 0)
	return err
}

func holder(lock *os.File) string {
	b := make([]byte, 20)
	n, _ := lock.ReadAt(b, 0) // who holds it is a courtesy; the error says enough without
	if pid := strings.TrimSpace(string(b[:n])); pid != "" {
		return " (process " + pid + ")"
	}
	return ""
}

// plain takes the operation and the path off an error that names them anyway.
func plain(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
