// Package storetest is package bench under its old name, while tests move there. Write
// bench.New, not storetest.New.
//
// Nothing stands here but the names, so that what others write meanwhile still
// compiles: the bench was below the store once, and imported services from there, which
// are above it. When no test uses these names they go.
package storetest

import "github.com/replywell/replywell/shared/bench"

// The names of package bench.
type (
	World   = bench.World
	Path    = bench.Path
	Blobs   = bench.Blobs
	Arrival = bench.Arrival
	Sent    = bench.Sent
	Post    = bench.Post
)

// The same.
var (
	New        = bench.New
	NewPath    = bench.NewPath
	Recipients = bench.Recipients
	Start      = bench.Start
	Trusted    = bench.Trusted
	Forged     = bench.Forged
)
