package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/local/packed"
	"github.com/replywell/replywell/shared/store"
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

// keyFile is the form of keys.json: secrets by key id, and which one signs. To
// rotate, add a key and name it as current; take an old one out when no mail
// that bears it needs to be answered any more.
type keyFile struct {
	Current uint8            `json:"current"`
	Keys    map[uint8][]byte `json:"keys"` // base64
}

// Keys reads the keys of the reply addresses from keys.json, and makes the
// file, readable by its owner alone, where there is none.
func (f *Folder) Keys(random io.Reader) (*replyaddr.Keyring, error) {
	path := f.Path("keys.json")
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return f.newKeys(random)
	}
	if err != nil {
		return nil, fmt.Errorf("the keys of the reply addresses in %s cannot be read: %w", path, plain(err))
	}
	var k keyFile
	if err := json.Unmarshal(data, &k); err != nil {
		return nil, fmt.Errorf("%s is not a list of keys any more: %w; put back a copy of it, because without these keys no mail sent so far can be answered", path, err)
	}
	ring, err := replyaddr.NewKeyring(k.Current, k.Keys)
	if err != nil {
		return nil, fmt.Errorf("the keys in %s cannot be used: %w", path, err)
	}
	return ring, nil
}

func (f *Folder) newKeys(random io.Reader) (*replyaddr.Keyring, error) {
	secret := make([]byte, replyaddr.MinKeyLen)
	if _, err := io.ReadFull(random, secret); err != nil {
		return nil, fmt.Errorf("no random bytes for a key for the reply addresses: %w", err)
	}
	k := keyFile{Current: 0, Keys: map[uint8][]byte{0: secret}}
	data, err := json.MarshalIndent(k, "", "  ")
	if err != nil {
		return nil, err
	}
	// Temporary files have mode 0600, and place keeps it.
	if err := f.Write(append(data, '\n'), "keys.json"); err != nil {
		return nil, fmt.Errorf("the keys of the reply addresses cannot be kept: %w", err)
	}
	return replyaddr.NewKeyring(k.Current, k.Keys)
}

// Blobs keeps blobs as files below the data folder. It is a store.Blobs.
type Blobs struct{ folder *Folder }

var _ store.Blobs = Blobs{}

// Put writes a blob; it is durable when Put returns nil. An error of the disk
// is temporary, one of the key permanent.
func (b Blobs) Put(_ context.Context, key string, data []byte) error {
	if err := checkKey(key); err != nil {
		return err
	}
	if isMail(key) {
		data = packed.Pack(data)
	}
	if err := b.folder.Write(data, "blobs", key); err != nil {
		return fmt.Errorf("writing blob %s: %w", key, err)
	}
	return nil
}

// Get reads a blob. Error: store.ErrNotFound.
func (b Blobs) Get(_ context.Context, key string) ([]byte, error) {
	if err := checkKey(key); err != nil {
		return nil, err
	}
	data, err := b.read(b.folder.Path("blobs", key), key)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("blob %s: %w", key, store.ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("reading blob %s: %w", key, err)
	}
	return data, nil
}

// isMail tells of what is kept packed.
func isMail(key string) bool {
	return strings.HasPrefix(key, "out/") || strings.HasPrefix(key, "mail/")
}

func (b Blobs) read(path, key string) ([]byte, error) {
	if isMail(key) {
		return packed.Read(path)
	}
	return os.ReadFile(path)
}

// checkKey lets through what is a path below the folder and nothing else.
func checkKey(key string) error {
	bad := desk.Permanent(fmt.Errorf("%q is no key of a blob: those are names of letters, digits, dots, dashes and underscores, parted by slashes", key))
	if len(key) > 500 {
		return bad
	}
	for part := range strings.SplitSeq(key, "/") {
		if part == "" || part[0] == '.' || len(part) > 200 {
			return bad
		}
		for _, c := range []byte(part) {
			if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '.' && c != '-' && c != '_' {
				return bad
			}
		}
	}
	return nil
}
