// Command receiptrule is the Lambda function behind a CloudFormation custom
// resource: it adds our receipt rule to the active rule set, or activates one of
// ours where none is active, and touches nobody else's rules.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/cfn"
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/replywell/replywell/shared/cloud"
)

func main() {
	cloud.Log("receiptrule")
	aws, err := cloud.ConnectFunction(context.Background())
	if err != nil {
		cloud.Fatal(err)
	}
	lambda.Start(cfn.LambdaWrap(cloud.NewReceiptRule(aws).Handle))
}
