// Command files is the Lambda function behind the links to files that were too large
// to be mailed: it checks a link and leads on to the file.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/replywell/replywell/shared/cloud"
	"github.com/replywell/replywell/shared/config"
)

func main() {
	cloud.Log("files")
	h, err := wire(context.Background())
	if err != nil {
		cloud.Fatal(err)
	}
	lambda.Start(h.Handle)
}

func wire(ctx context.Context) (cloud.Files, error) {
	var c config.Files
	if err := config.FromEnvironment(&c); err != nil {
		return cloud.Files{}, err
	}
	cfg, err := cloud.ConnectFunction(ctx)
	if err != nil {
		return cloud.Files{}, err
	}
	return cloud.NewFiles(cfg, c), nil
}
