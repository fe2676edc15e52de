package bolt

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"github.com/replywell/replywell/shared/store/engine"
)

var writeUntilKilled = flag.String("write-until-killed", "",
	"be the child of TestKilledProcessLosesNothing on this file")

func TestMain(m *testing.M) {
	flag.Parse()
	if *writeUntilKilled != "" {
		beKilled(*writeUntilKilled)
	}
	os.Exit(m.Run())
}

// Each transaction writes this many items; a whole one has all of them.
const parts = 3

func killItems(round string, n int) []engine.Write {
	var writes []engine.Write
	for p := range parts {
		it := engine.Item{Key: engine.Key{Partition: round, Sort: fmt.Sprintf("%08d.%d", n, p)}, Version: 1,
			Index: [2]engine.Key{{Partition: "index " + round, Sort: fmt.Sprintf("%08d.%d", n, p)}},
			Body:  []byte(strconv.Itoa(n))}
		writes = append(writes, engine.Write{Item: it, If: engine.IfAbsent})
	}
	return writes
}

// beKilled writes for ever, and says the number of each transaction that was acknowledged.
func beKilled(path string) {
	e, err := Open(path)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	round := strconv.Itoa(os.Getpid())
	numbers := make(chan int)
	var out sync.Mutex
	for range 8 {
		go func() {
			for n := range numbers {
				if err := e.Write(context.Background(), killItems(round, n)...); err != nil {
					fmt.Println(err)
					os.Exit(1)
				}
				out.Lock()
				fmt.Println(n) // os.Stdout has no buffer: the number is out before the next begins
				out.Unlock()
			}
		}()
	}
	for n := 0; ; n++ {
		numbers <- n
	}
}

// A process is killed at any moment, several times over the same file: what was
// acknowledged is there, and nothing is there by half.
func TestKilledProcessLosesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	for round := range 5 {
		child := exec.Command(os.Args[0], "-write-until-killed="+path)
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		acknowledged := map[int]bool{}
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			n, err := strconv.Atoi(lines.Text())
			if err != nil {
				t.Fatalf("the child said %q", lines.Text())
			}
			acknowledged[n] = true
			if len(acknowledged) == 40+35*round { // and go on reading what it said before it died
				if err := child.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		_ = child.Wait() // killed
		check(t, path, strconv.Itoa(child.Process.Pid), acknowledged)
	}
}

func check(t *testing.T, path, round string, acknowledged map[int]bool) {
	t.Helper()
	e, err := Open(path)
	if err != nil {
		t.Fatalf("after kill -9: %v", err)
	}
	defer func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}()
	for index, partition := range []string{round, "index " + round} {
		found := map[int]int{}
		q := engine.Query{Index: index, Partition: partition}
		for {
			page, err := e.Query(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			for _, it := range page.Items {
				n, err := strconv.Atoi(string(it.Body))
				if err != nil {
					t.Fatal(err)
				}
				found[n]++
			}
			if q.After = page.Cursor; q.After == "" {
				break
			}
		}
		for n := range acknowledged {
			if found[n] != parts {
				t.Errorf("transaction %d was acknowledged and has %d of %d items", n, found[n], parts)
			}
		}
		for n, have := range found {
			if have != parts {
				t.Errorf("transaction %d is there by half: %d of %d items", n, have, parts)
			}
		}
	}
}
