package functions

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	cfntypes "github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/replywell/replywell/shared/cloud/moto"
	"github.com/replywell/replywell/shared/store/engine/dynamo"
)

// codeBucket is where "sam package" would have put the built functions.
const codeBucket = "code"

// filesURL is where the function's address of its own would be, that files are handed out at.
const filesURL = "https://abcdefgh.lambda-url.eu-central-1.on.aws/"

// translated are the templates as CloudFormation gets them: SAM's macro carried
// out by SAM's own translator.
var translated = sync.OnceValues(func() (map[string]json.RawMessage, error) {
	root, err := filepath.Abs("..")
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(filepath.Join(root, ".venv", "bin", "python"), "functions/testdata/translate.py", codeBucket)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "AWS_DEFAULT_REGION="+moto.Region)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("translating the templates: %w; `make .venv/ready` installs the translator\n%s", err,
			said.String())
	}
	var all map[string]json.RawMessage
	return all, json.Unmarshal(out, &all)
})

// deployment is the whole stack, created on moto from the translated templates.
type deployment struct {
	cfg     aws.Config
	name    string
	nested  map[string]map[string]string // outputs of the nested stacks by their names
	outputs map[string]string
	made    map[string]string // physical ids of the main stack's own resources, once they are made
}

// deploy creates the stack as CloudFormation would. moto does not know the
// outputs of nested stacks, and runs no custom resource; so each nested stack is
// created by itself, with the parameters that moto makes of the main template's
// words, and what other stacks would give is written in.
func deploy(t *testing.T, cfg aws.Config, name string, parameters map[string]string) *deployment {
	t.Helper()
	all, err := translated()
	if err != nil {
		t.Fatal(err)
	}
	d := &deployment{cfg: cfg, name: name, nested: map[string]map[string]string{}}
	var main struct {
		Parameters, Conditions, Resources, Outputs map[string]any
	}
	if err := json.Unmarshal(all["template.yaml"], &main); err != nil {
		t.Fatal(err)
	}
	d.pushCode(t)
	before, after := d.inOrder(t, main.Resources)
	nest := func(stack string) {
		given := main.Resources[stack].(map[string]any)["Properties"].(map[string]any)
		wanted, _ := given["Parameters"].(map[string]any)
		outputs := map[string]any{}
		for _, p := range slices.Sorted(maps.Keys(wanted)) {
			outputs[p] = map[string]any{"Value": wanted[p]}
		}
		// A stack that has nothing but outputs: the values of the nested one's parameters.
		values := d.create(t, name+"-gives-"+stack, map[string]any{"Parameters": main.Parameters,
			"Conditions": main.Conditions, "Outputs": outputs,
			"Resources": map[string]any{"Nothing": map[string]any{"Type": "AWS::SNS::Topic"}}}, parameters)
		file := strings.TrimPrefix(fmt.Sprint(given["TemplateURL"]), "s3://"+codeBucket+"/")
		var template map[string]any
		if err := json.Unmarshal(all[file], &template); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		d.nested[stack] = d.create(t, name+"-"+stack, template, values)
	}
	for _, stack := range before {
		nest(stack)
	}
	own := maps.Clone(main.Resources)
	// moto would call the functions by Docker; the test does
	maps.DeleteFunc(own, func(_ string, r any) bool {
		return slices.Contains([]string{"AWS::Lambda::EventSourceMapping", "AWS::Lambda::Url"}, kindOf(r))
	})
	d.outputs = d.create(t, name, map[string]any{"Parameters": main.Parameters, "Conditions": main.Conditions,
		"Resources": own, "Outputs": main.Outputs}, parameters)
	d.made = map[string]string{}
	list, err := cloudformation.NewFromConfig(cfg).DescribeStackResources(t.Context(),
		&cloudformation.DescribeStackResourcesInput{StackName: &name})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range list.StackResources {
		d.made[aws.ToString(r.LogicalResourceId)] = aws.ToString(r.PhysicalResourceId)
	}
	for _, stack := range after {
		if stack != "Mail" { // moto makes no identity of SES by CloudFormation, and no receipt rule without Lambda
			nest(stack)
		}
	}
	return d
}

func kindOf(resource any) string { return fmt.Sprint(resource.(map[string]any)["Type"]) }

func nestedOrCustom(resource any) bool {
	return kindOf(resource) == "AWS::CloudFormation::Stack" || strings.HasPrefix(kindOf(resource), "Custom::")
}

// inOrder sorts the nested stacks so that each comes after those whose outputs it
// is given, and parts them into those that the main stack's own resources wait for
// and those that wait for these.
func (d *deployment) inOrder(t *testing.T, resources map[string]any) (before, after []string) {
	t.Helper()
	waits := func(name string) (stacks []string, own bool) {
		text, err := json.Marshal(resources[name].(map[string]any)["Properties"])
		if err != nil {
			t.Fatal(err)
		}
		for other := range resources {
			switch nested := nestedOrCustom(resources[other]); {
			case nested && strings.Contains(string(text), `["`+other+`","Outputs.`):
				stacks = append(stacks, other)
			case !nested && (strings.Contains(string(text), `["`+other+`",`) ||
				strings.Contains(string(text), `{"Ref":"`+other+`"}`)):
				own = true
			}
		}
		return stacks, own
	}
	for {
		made := len(before) + len(after)
		left := 0
		for _, name := range slices.Sorted(maps.Keys(resources)) {
			if kindOf(resources[name]) != "AWS::CloudFormation::Stack" || slices.Contains(before, name) ||
				slices.Contains(after, name) {
				continue
			}
			stacks, own := waits(name)
			ready := true
			for _, s := range stacks {
				ready = ready && (slices.Contains(before, s) || slices.Contains(after, s))
				own = own || slices.Contains(after, s)
			}
			switch {
			case !ready:
				left++
			case own:
				after = append(after, name)
			default:
				before = append(before, name)
			}
		}
		if left == 0 {
			return before, after
		}
		if len(before)+len(after) == made {
			t.Fatalf("the nested stacks wait for each other; %v and %v do not", before, after)
		}
	}
}

// writtenIn puts the values in that other stacks give, and the main stack's name.
func (d *deployment) writtenIn(v any) any {
	switch v := v.(type) {
	case map[string]any:
		if list, ok := v["Fn::GetAtt"].([]any); ok && len(list) == 2 {
			if outputs, ok := d.nested[fmt.Sprint(list[0])]; ok {
				return outputs[strings.TrimPrefix(fmt.Sprint(list[1]), "Outputs.")]
			}
			if _, output, ok := strings.Cut(fmt.Sprint(list[1]), "Outputs."); ok {
				return "of a stack that is not made yet: " + output
			}
			if list[1] == "FunctionUrl" { // moto makes none by CloudFormation
				return filesURL
			}
			if list[0] == "ReceiptRule" {
				return "of the custom resource"
			}
			if id := d.made[fmt.Sprint(list[0])]; id != "" && list[1] == "Arn" {
				return "arn:aws:lambda:" + moto.Region + ":123456789012:function:" + id
			}
		}
		if ref, ok := v["Ref"].(string); ok && ref == "AWS::StackName" {
			return d.name
		} else if id := d.made[ref]; id != "" {
			return id
		}
		out := map[string]any{}
		for k, w := range v {
			out[k] = d.writtenIn(w)
		}
		delete(out, "DependsOn")
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = d.writtenIn(v[i])
		}
		return out
	case string:
		return strings.ReplaceAll(v, "${AWS::StackName}", d.name)
	}
	return v
}

func (d *deployment) create(t *testing.T, name string, template map[string]any,
	parameters map[string]string) map[string]string {
	t.Helper()
	template = d.writtenIn(template).(map[string]any)
	resources, _ := template["Resources"].(map[string]any)
	maps.DeleteFunc(resources, func(_ string, r any) bool { return nestedOrCustom(r) })
	declared, _ := template["Parameters"].(map[string]any)
	body, err := json.Marshal(template)
	if err != nil {
		t.Fatal(err)
	}
	key := name + ".json"
	if _, err := s3.NewFromConfig(d.cfg).PutObject(t.Context(),
		&s3.PutObjectInput{Bucket: aws.String(codeBucket), Key: &key, Body: bytes.NewReader(body)}); err != nil {
		t.Fatal(err)
	}
	in := &cloudformation.CreateStackInput{StackName: &name,
		TemplateURL:  aws.String("https://" + codeBucket + ".s3.amazonaws.com/" + key),
		Capabilities: []cfntypes.Capability{cfntypes.CapabilityCapabilityIam}}
	for k, v := range parameters {
		if _, ok := declared[k]; ok {
			in.Parameters = append(in.Parameters, cfntypes.Parameter{ParameterKey: aws.String(k),
				ParameterValue: aws.String(v)})
		}
	}
	client := cloudformation.NewFromConfig(d.cfg)
	if _, err := client.CreateStack(t.Context(), in); err != nil {
		t.Fatalf("creating the stack %s: %v", name, err)
	}
	out, err := client.DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{StackName: &name})
	if err != nil || len(out.Stacks) != 1 || out.Stacks[0].StackStatus != cfntypes.StackStatusCreateComplete {
		t.Fatalf("the stack %s: %+v, %v", name, out, err)
	}
	outputs := map[string]string{}
	for _, o := range out.Stacks[0].Outputs {
		outputs[aws.ToString(o.OutputKey)] = aws.ToString(o.OutputValue)
	}
	return outputs
}

// pushCode puts a package for each function where the translated template names it.
func (d *deployment) pushCode(t *testing.T) {
	t.Helper()
	client := s3.NewFromConfig(d.cfg)
	if _, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String(codeBucket),
		CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: moto.Region}}); err != nil &&
		!strings.Contains(err.Error(), "BucketAlreadyOwnedByYou") {
		t.Fatal(err)
	}
	var pack bytes.Buffer
	z := zip.NewWriter(&pack)
	w, err := z.Create("bootstrap")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte("run by the test itself")); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	folders, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range folders {
		if !f.IsDir() {
			continue
		}
		if _, err := client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String(codeBucket),
			Key: aws.String("functions/" + f.Name() + ".zip"), Body: bytes.NewReader(pack.Bytes())}); err != nil {
			t.Fatal(err)
		}
	}
}

// environment is what the deployed function is told, as KEY=value.
func (d *deployment) environment(t *testing.T, function string) (out []string) {
	t.Helper()
	// Asked without the SDK: moto gives a number where a variable's value came from one, and the SDK refuses that.
	ask, err := http.NewRequestWithContext(t.Context(), http.MethodGet, *d.cfg.BaseEndpoint+"/2015-03-31/functions/"+
		d.made[function]+"/configuration", nil)
	if err != nil {
		t.Fatal(err)
	}
	ask.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/"+moto.Region+
		"/lambda/aws4_request, SignedHeaders=host, Signature=x")
	answer, err := http.DefaultClient.Do(ask)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var f struct {
		Environment struct{ Variables map[string]any }
	}
	if err := json.NewDecoder(answer.Body).Decode(&f); err != nil || len(f.Environment.Variables) == 0 {
		t.Fatalf("the environment of %s (%s): %v, %v", function, d.made[function], f, err)
	}
	for k, v := range f.Environment.Variables {
		out = append(out, k+"="+fmt.Sprint(v))
	}
	return out
}

// A stack works on what another one kept: nothing new is made for it, functions and
// policies are led to it, and the built custom resource sets again what a restored table lacks.
func TestAStackTakesOverWhatWasKept(t *testing.T) {
	srv := moto.Start(t)
	cfg, db, objects := srv.Config(), dynamodb.NewFromConfig(srv.Config()), s3.NewFromConfig(srv.Config())
	if _, err := db.CreateTable(t.Context(), dynamo.Table("restored")); err != nil {
		t.Fatal(err)
	}
	for _, b := range []string{"kept-mail", "kept-config"} {
		if _, err := objects.CreateBucket(t.Context(),
			&s3.CreateBucketInput{Bucket: &b, CreateBucketConfiguration: &s3types.CreateBucketConfiguration{
				LocationConstraint: moto.Region}}); err != nil {
			t.Fatal(err)
		}
	}
	const keys = "arn:aws:secretsmanager:" + moto.Region + ":123456789012:secret:kept-Ab12Cd"
	d := deploy(t, cfg, "desk", map[string]string{"MailDomain": "lantern.example",
		"Recipients": "support@lantern.example", "ExistingTable": "restored",
		"ExistingMailBucket": "kept-mail", "ExistingConfigBucket": "kept-config", "ExistingKeysArn": keys,
		"MailDomain2": "second.example", "OtherMailDomains": "third.example,fourth.example"})
	env := d.environment(t, "InboundFunction")
	for _, v := range []string{"REPLYWELL_TABLE=restored", "REPLYWELL_MAIL_BUCKET=kept-mail",
		"REPLYWELL_CONFIG_BUCKET=kept-config", "REPLYWELL_KEYS_SECRET=" + keys} {
		if !slices.Contains(env, v) {
			t.Errorf("inbound is not told %s but %v", v, env)
		}
	}
	if got := d.outputs["MailDomains"]; got != "lantern.example,second.example,third.example,fourth.example" {
		t.Errorf("the stack sends from %s", got)
	}
	tables, err := db.ListTables(t.Context(), &dynamodb.ListTablesInput{})
	if err != nil || len(tables.TableNames) != 1 {
		t.Errorf("there are the tables %v, %v", tables, err)
	}
	for role, wants := range map[string][]string{"InboundRoleArn": {"table/restored", "table/restored/index/gsi1",
		"arn:aws:s3:::kept-mail/mail/*", "arn:aws:s3:::kept-config/config/settings.yaml", keys},
		"SendRoleArn":  {"'*@lantern.example", "'*@second.example", "'*@fourth.example"},
		"AdoptRoleArn": {"table/restored", "arn:aws:s3:::kept-mail", "dynamodb:UpdateTimeToLive"}} {
		policy := d.policy(t, d.nested["Roles"][role])
		for _, w := range wants {
			if !strings.Contains(policy, w+"'") { // moto gives it as Python writes it
				t.Errorf("%s may do nothing with %s", role, w)
			}
		}
	}

	answers := make(chan map[string]any, 1)
	cloudFormation := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var a map[string]any
		if err := json.NewDecoder(r.Body).Decode(&a); err != nil {
			t.Errorf("CloudFormation cannot read the answer: %v", err)
		}
		answers <- a
	}))
	defer cloudFormation.Close()
	f := newFunction(t, programs(t)+"/adopt", time.Minute,
		append(d.environment(t, "AdoptFunction"), srv.Environment()...)...)
	if _, err := f.invoke(t.Context(), map[string]any{"RequestType": "Create", "RequestId": "r", "StackId": "s",
		"LogicalResourceId": "Adopted", "ResourceType": "Custom::Adopted",
		"ResponseURL": cloudFormation.URL, "ResourceProperties": map[string]any{"Table": "restored",
			"MailBucket": "kept-mail", "ConfigBucket": "kept-config", "MailRetentionDays": "730"}}); err != nil {
		t.Fatal(err)
	}
	if a := <-answers; a["Status"] != "SUCCESS" {
		t.Fatalf("CloudFormation was told %v", a)
	}
	if ttl, err := db.DescribeTimeToLive(t.Context(),
		&dynamodb.DescribeTimeToLiveInput{TableName: aws.String("restored")}); err != nil ||
		aws.ToString(ttl.TimeToLiveDescription.AttributeName) != dynamo.TimeToLive {
		t.Errorf("the time to live: %+v, %v", ttl, err)
	}
}

// policy is what a role may do, as one text.
func (d *deployment) policy(t *testing.T, role string) string {
	t.Helper()
	form := url.Values{"Action": {"ListRolePolicies"}, "Version": {"2010-05-08"},
		"RoleName": {role[strings.LastIndexByte(role, '/')+1:]}}
	ask := func() string {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, *d.cfg.BaseEndpoint,
			strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Authorization",
			"AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=x")
		answer, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
	var all string
	for _, m := range regexp.MustCompile(`<member>([^<]+)</member>`).FindAllStringSubmatch(ask(), -1) {
		form.Set("Action", "GetRolePolicy")
		form.Set("PolicyName", m[1])
		document, err := url.QueryUnescape(regexp.MustCompile(
			`(?s)<PolicyDocument>(.*?)</PolicyDocument>`).FindStringSubmatch(ask())[1])
		if err != nil {
			t.Fatal(err)
		}
		all += document
	}
	return html.UnescapeString(all)
}

// What is kept outlives the stack; what a first deployment that fails has made
// goes with it, but for the table, which is protected.
func TestWhatIsKeptAndWhatIsTakenBack(t *testing.T) {
	policies := map[string]string{}
	for _, file := range []string{"template.yaml", "infra/storage.yaml", "infra/queues.yaml", "infra/roles.yaml",
		"infra/mail.yaml", "infra/observability.yaml"} {
		resources := template(t, file).node("Resources")
		for name := range resources {
			r := resources.node(name)
			p := r.text("DeletionPolicy")
			if kind := r.text("Type"); p != "" || strings.HasSuffix(kind, "::Table") ||
				strings.HasSuffix(kind, "::Bucket") || strings.HasSuffix(kind, "::Secret") ||
				strings.HasSuffix(kind, "::EmailIdentity") {
				policies[name] = p
			}
		}
	}
	want := map[string]string{"Table": "Retain", "MailBucket": "RetainExceptOnCreate",
		"ConfigBucket": "RetainExceptOnCreate", "Keys": "RetainExceptOnCreate",
		"Identity": "RetainExceptOnCreate", "Identity2": "RetainExceptOnCreate", "Identity3": "RetainExceptOnCreate",
		"ReplyIdentity": "RetainExceptOnCreate",
		"Storage":       "Delete", "Queues": "Delete", "Roles": "Delete", "Mail": "Delete", "Observability": "Delete"}
	if !maps.Equal(policies, want) {
		t.Errorf("on deletion: %v, wanted %v", policies, want)
	}
}
