package main

import (
	"fmt"
	"runtime"
)

// version is set by the Makefile.
var version = "unknown"

type versionCmd struct{}

func (versionCmd) Run() error {
	_, err := fmt.Printf("replywell %s (%s, %s/%s)\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
