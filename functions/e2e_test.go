package functions

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/replywell/replywell/shared/golden"
)

// built is the folder of the programs, once they are built.
var built string

func TestMain(m *testing.M) {
	code := m.Run()
	if built != "" {
		os.RemoveAll(built)
	}
	os.Exit(code)
}

// build makes the programs as they are deployed, but for this machine.
var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "replywell-functions-")
	if err != nil {
		return "", err
	}
	built = dir
	out, err := exec.Command("go", "build", "-trimpath", "-tags", "lambda.norpc,nethttpomithttp2", "-ldflags", "-s",
		"-o", dir+
			string(filepath.Separator), "./...").CombinedOutput()
	if err != nil {
		return dir, fmt.Errorf("building the functions: %w\n%s", err, out)
	}
	return dir, nil
})

func programs(t *testing.T) string {
	t.Helper()
	dir, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// The same story, told to the Lambda functions and to the one process, leads to
// the same decisions.
func TestBothHomesDecideAlike(t *testing.T) {
	dir := programs(t)
	got := map[string]string{}
	t.Run("lambda", func(t *testing.T) { got["lambda"] = play(t, newLambdaHome(t, dir)) })
	t.Run("local", func(t *testing.T) { got["local"] = play(t, newLocalHome(t, dir)) })
	if t.Failed() {
		return
	}
	if got["lambda"] != got["local"] {
		t.Errorf("the functions decided\n%s\nand the process decided\n%s", got["lambda"], got["local"])
	}
	golden.File(t, "testdata/decisions.golden", withoutSuggestions(got["lambda"]))
}
