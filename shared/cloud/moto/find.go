package moto

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

const program = "moto_server"

// find looks for moto in the project's virtual environment, then on the path.
func find() (string, error) {
	root, err := repository()
	if err != nil {
		return "", err
	}
	ours := filepath.Join(root, ".venv", "bin", program)
	if _, err := os.Stat(ours); err == nil {
		return ours, nil
	}
	path, err := exec.LookPath(program)
	if err != nil {
		return "", fmt.Errorf("these tests run against the moto server, and there is neither %s nor %s on the path: "+
			"run `make .venv/ready` once (`make test` does it by itself), then run the tests again", ours, program)
	}
	return path, nil
}

// repository is the folder above the working directory that holds go.mod.
func repository() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if filepath.Dir(dir) == dir {
			return "", errors.New("no go.mod in this folder or above it: run the tests in the repository")
		}
		dir = filepath.Dir(dir)
	}
}
