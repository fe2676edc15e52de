package functions

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// mostBytes is what a bootstrap may weigh that ranks nothing: each start of a
// function loads all of it. In megabytes of ten to the sixth, so it holds for
// those of two to the twentieth too.
const mostBytes = 18_000_000

// TestBootstrapsThatDoNotRankAreLight builds the bootstraps as the Makefile does,
// for the processor that they run on, and weighs them. Where one has become too
// heavy, see what it links that it does not need:
//
//	go build -ldflags=-dumpdep ./functions/send
//
// names each symbol with what asks for it.
func TestBootstrapsThatDoNotRankAreLight(t *testing.T) {
	dir := t.TempDir()
	light := []string{"receiptrule", "send", "events", "schedule", "metrics", "files"}
	args := []string{"build", "-trimpath", "-tags=lambda.norpc,nethttpomithttp2", "-ldflags=-s", "-o", dir +
		string(filepath.Separator)}
	for _, name := range light {
		args = append(args, "./"+name)
	}
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH=arm64", "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, name := range light {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%-12s %5.1f MB", name, float64(info.Size())/1e6)
		if info.Size() > mostBytes {
			t.Errorf("the bootstrap of %s has %d bytes, at most %d are allowed", name, info.Size(), mostBytes)
		}
	}
}
