// Command fit fits the constants of the suggestions' ranking and confidence,
// and prints how good they are, on each set and on sets that they were not
// fitted on.
//
//	go run ./shared/kb/fit --data DIR [--out shared/kb/fitted.json] [--loo]
//
// DIR holds a folder for each set, each with tab-separated files with a header:
// kb.tsv (id, title, body), queries.tsv (qid, gold, subject, body; gold "-": no
// article fits), history_NAME.tsv (article, subject, body), or qrels.tsv (qid,
// article, rel) instead of gold. docs/suggestions-figures.md says which sets were used.
package main

import (
	"fmt"
	"os"

	"github.com/alecthomas/kong"

	"github.com/replywell/replywell/shared/kb/internal/fuse"
)

var cli struct {
	Data          string     `required:"" help:"Folder of the sets." type:"existingdir"`
	Out           string     `help:"Where the constants go; nothing is written without it."`
	Cache         string     `help:"File that keeps the evidence between runs."`
	Memo          string     `help:"File that keeps embeddings between runs."`
	Curve         bool       `help:"Instead of fitting, print how the ranking gets better with a set's first mails."`
	Topics        bool       `help:"Instead of fitting, print how well topics are found, told and named: a year of a set's mails, in which one intent rises, for each intent."`
	Intents       int        `default:"100" help:"So many intents of each set rise in turn."`
	Talk          bool       `help:"Also ask the questions with other talk around them."`
	Loo           bool       `help:"Also fit without each set in turn, and report it on that set."`
	Only          []string   `help:"Only tasks that start so."`
	Teams         int        `default:"30" help:"Also draw so many teams from each set: some of its articles, some of its history, mails that have no answer."`
	TeamWeight    float64    `default:"0.02" help:"How much a drawn team counts against a set."`
	Scorers       []string   `help:"Scorers that have a say in the ranking; the default is in fit.go."`
	NoCalibration bool       `help:"Without what an index learns from its own history about the ranking."`
	Ridge         float64    `default:"0.01" help:"Weight of the ridge penalty on the ranking's constants."`
	Rank          string     `help:"File of constants whose ranking stays as it is; only the confidence is fitted." type:"existingfile"`
	Precision     float64    `default:"0.81" help:"What is right of what is shown, over all sets together."`
	Apart         fuse.Apart `enum:"margins,standing" default:"standing" help:"Signs of what sets the first apart that the confidence goes by."`
	Hubs          float64    `default:"1" help:"How much is made of hubs, articles that come near to every mail: 0 is nothing, 1 what the program does."`
	TrustRidge    float64    `default:"0.0001" help:"The same on the confidence's."`
	Model         string     `enum:"none,encoder,wide" default:"encoder" help:"Embedding model: none, the English encoder, or the one of many languages."`
}

func main() {
	kong.Parse(&cli)
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	if cli.Topics {
		return measureTopics(rows, cli.Data, cli.Intents)
	}
	if cli.Curve {
		return curve(cli.Data)
	}
	tasks, err := evidenceOf(cli.Data, cli.Cache)
	if err != nil {
		return err
	}
	weigh(tasks)
	w := fitAll(tasks, "")
	fmt.Println("fitted on all sets")
	report(tasks, w, "")
	if cli.Loo {
		for _, g := range families(tasks) {
			fmt.Println("fitted without", g)
			report(tasks, fitAll(tasks, g), g)
		}
	}
	if cli.Out == "" {
		return nil
	}
	return write(cli.Out, w)
}
