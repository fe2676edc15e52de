// Command replywell is the command line, and the whole system in one process.
package main

import (
	"github.com/alecthomas/kong"
)

var cli struct {
	Config  configCmd  `cmd:"" help:"Print, check or push the team's configuration."`
	Kb      kbCmd      `cmd:"" name:"kb" help:"Check, search and show the knowledge base, and draft articles."`
	Local   localCmd   `cmd:"" help:"Run the whole system on this machine: mail in by SMTP, mail out to sample mailboxes or a relay."`
	Parse   parseCmd   `cmd:"" help:"Read one raw mail on standard input and print what it says as one JSON object."`
	Suggest suggestCmd `cmd:"" help:"Rank the articles for mails on standard input, with a confidence for each."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

func main() {
	ctx := kong.Parse(&cli, kong.Name("replywell"), kong.UsageOnError(),
		kong.Description("Answers a support address, entirely by e-mail."))
	ctx.FatalIfErrorf(ctx.Run())
}
