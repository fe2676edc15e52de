package cloud

import (
	"cmp"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// Whoever names a stack that cannot be read is told what is wrong and what to
// do, not the SDK's chain of parts.
func TestTroubleOnTheWayToAWSInWords(t *testing.T) {
	status, answer := 0, ""
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(answer))
	}))
	defer srv.Close()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	t.Setenv("AWS_CONFIG_FILE", "/dev/null")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
	for _, name := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_ENDPOINT_URL"} {
		t.Setenv(name, "")
	}
	stack := "<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error></ErrorResponse>"
	for name, tc := range map[string]struct {
		profile, region string
		nobody          bool   // there are no credentials
		endpoint        string // "": the server above
		code, message   string // its answer; "": a list of no stacks
		says            string
	}{
		"no region": {says: "no AWS region is set; set AWS_REGION"},
		"no such profile": {profile: "nonesuch", region: "eu-west-1",
			says: `there is no AWS profile "nonesuch"; "aws configure list-profiles" shows`},
		"no credentials": {region: "eu-west-1", nobody: true,
			says: "no AWS credentials were found; name a profile"},
		"no region's name": {region: "eu west", endpoint: "-", says: `"eu west" is no AWS region`},
		"nobody listens": {region: "eu-west-1", endpoint: "http://" + closed.Addr().String(),
			says: "cannot be reached (connect: connection refused); is this machine online"},
		"not in the DNS": {region: "eu-west-1", endpoint: "http://nobody.invalid",
			says: "nobody.invalid is not found in the DNS"},
		"no such stack": {region: "eu-west-1", code: "ValidationError",
			message: "Stack with id desk does not exist",
			says:    `cannot read the stack "desk": it is not in eu-west-1; check its name and the region`},
		"no stack at all": {region: "eu-west-1",
			says: `cannot read the stack "desk": it is not in eu-west-1; check its name and the region`},
		"expired credentials": {region: "eu-west-1", code: "ExpiredToken",
			message: "The security token included in the request is expired", says: "have expired; log in again"},
		"credentials of nobody": {region: "eu-west-1", code: "InvalidClientTokenId",
			message: "The security token included in the request is invalid",
			says:    "AWS does not know these credentials"},
		"not allowed": {region: "eu-west-1", code: "AccessDenied",
			message: "User: x is not authorized to perform: cloudformation:DescribeStacks",
			says:    "may not do it: User: x is not authorized to perform: cloudformation:DescribeStacks"},
		"another answer of AWS": {region: "eu-west-1", code: "OptInRequired", message: "The account is suspended",
			says: "AWS answers OptInRequired: The account is suspended"},
	} {
		t.Setenv("AWS_PROFILE", tc.profile)
		t.Setenv("AWS_REGION", tc.region)
		status, answer = http.StatusBadRequest, fmt.Sprintf(stack, tc.code, tc.message)
		if tc.code == "" {
			status, answer = http.StatusOK, "<DescribeStacksResponse><DescribeStacksResult><Stacks></Stacks>"+
				"</DescribeStacksResult></DescribeStacksResponse>"
		}
		cfg, err := Connect(t.Context())
		if err == nil {
			cfg.Retryer = func() aws.Retryer { return aws.NopRetryer{} }
			if !tc.nobody {
				cfg.Credentials = credentials.NewStaticCredentialsProvider("a", "b", "")
			}
			if endpoint := cmp.Or(tc.endpoint, srv.URL); endpoint != "-" {
				cfg.BaseEndpoint = &endpoint
			}
			_, err = StackDeadLetters(t.Context(), cfg, "desk")
		}
		if err == nil || !strings.Contains(err.Error(), tc.says) || len(err.Error()) > 300 {
			t.Errorf("%s: it says %v", name, err)
		}
	}
}
