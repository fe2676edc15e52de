// Command replywell is the command line, and the whole system in one process.
package main

import (
	"github.com/alecthomas/kong"
)

var cli struct {
	Parse   parseCmd   `cmd:"" help:"Read one raw mail on standard input and print what it says as one JSON object."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

func main() {
	ctx := kong.Parse(&cli, kong.Name("replywell"), kong.UsageOnError(),
		kong.Description("Answers a support address, entirely by e-mail."))
	ctx.FatalIfErrorf(ctx.Run())
}
