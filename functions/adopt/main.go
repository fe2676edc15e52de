// Command adopt is the Lambda function behind a CloudFormation custom resource: it
// sets again what a restored table or a kept bucket lacks. Only a stack that
// adopts something has it.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/cfn"
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/replywell/replywell/shared/cloud"
)

func main() {
	cloud.Log("adopt")
	aws, err := cloud.Connect(context.Background())
	if err != nil {
		cloud.Fatal(err)
	}
	lambda.Start(cfn.LambdaWrap(cloud.NewAdopt(aws).Handle))
}
