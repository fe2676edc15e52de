package cloud

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// inFunction sets the environment of a function, and nothing else of AWS.
func inFunction(t *testing.T, more map[string]string) {
	t.Helper()
	for _, kv := range os.Environ() {
		if name, _, _ := strings.Cut(kv, "="); strings.HasPrefix(name, "AWS_") {
			t.Setenv(name, "")
			if err := os.Unsetenv(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	env := map[string]string{"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "secret",
		"AWS_SESSION_TOKEN": "token",
		"AWS_CONFIG_FILE":   "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
		"AWS_EC2_METADATA_DISABLED": "true"}
	for name, value := range more {
		env[name] = value
	}
	for name, value := range env {
		t.Setenv(name, value)
	}
}

// TestAFunctionConnectsAsTheSDKWould: field for field, for the sources that a
// function has. Should the SDK learn another setting, this says so.
func TestAFunctionConnectsAsTheSDKWould(t *testing.T) {
	for name, more := range map[string]map[string]string{
		"as Lambda sets it": nil,
		"with all that the environment can say": {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_MAX_ATTEMPTS": "7",
			"AWS_RETRY_MODE": "adaptive", "AWS_SDK_UA_APP_ID": "app",
			"AWS_DISABLE_REQUEST_COMPRESSION": "true", "AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES": "99",
			"AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled", "AWS_ACCOUNT_ID": "123456789012",
			"AWS_REQUEST_CHECKSUM_CALCULATION": "when_required", "AWS_RESPONSE_CHECKSUM_VALIDATION": "when_required",
			"AWS_DEFAULTS_MODE": "in-region", "AWS_AUTH_SCHEME_PREFERENCE": "sigv4"},
	} {
		t.Run(name, func(t *testing.T) {
			inFunction(t, more)
			want, err := Connect(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			got, err := ConnectFunction(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			a, errA := want.Credentials.Retrieve(t.Context())
			b, errB := got.Credentials.Retrieve(t.Context())
			if errA != nil || errB != nil || a.AccessKeyID != b.AccessKeyID || a.SecretAccessKey != b.SecretAccessKey ||
				a.SessionToken != b.SessionToken || a.AccountID != b.AccountID {
				t.Errorf("the credentials are %+v, %v; the SDK's %+v, %v", b, errB, a, errA)
			}
			if x, y := got.Retryer().MaxAttempts(), want.Retryer().MaxAttempts(); x != y {
				t.Errorf("%d attempts; the SDK's %d", x, y)
			}
			if w, ok := got.HTTPClient.(*wire); !ok || w.Timeout != want.HTTPClient.(*wire).Timeout {
				t.Errorf("the HTTP client is %#v", got.HTTPClient)
			}
			for _, c := range []*aws.Config{&want, &got} {
				c.Credentials, c.Retryer, c.HTTPClient, c.ConfigSources, c.Logger = nil, nil, nil, nil, nil
				c.RuntimeEnvironment = aws.RuntimeEnvironment{} // read for the mode "auto" only
				c.Interceptors = smithyhttp.InterceptorRegistry{}
			}
			w, g := reflect.ValueOf(want), reflect.ValueOf(got)
			for i := range w.NumField() {
				if !reflect.DeepEqual(w.Field(i).Interface(), g.Field(i).Interface()) {
					t.Errorf("%s is %v; the SDK's %v", w.Type().Field(i).Name, g.Field(i), w.Field(i))
				}
			}
		})
	}
}

func TestAFunctionSaysWhatItsEnvironmentLacks(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		env  map[string]string
		want string
	}{
		"no region":       {map[string]string{"AWS_REGION": ""}, "no AWS region is set"},
		"no credentials":  {map[string]string{"AWS_ACCESS_KEY_ID": ""}, "no credentials"},
		"a wrong value":   {map[string]string{"AWS_MAX_ATTEMPTS": "many"}, "does not say how to reach AWS"},
		"no such bundle":  {map[string]string{"AWS_CA_BUNDLE": "/no/such/file"}, "AWS_CA_BUNDLE"},
		"an empty bundle": {map[string]string{"AWS_CA_BUNDLE": empty}, "holds no certificate"},
	} {
		t.Run(name, func(t *testing.T) {
			inFunction(t, c.env)
			if _, err := ConnectFunction(t.Context()); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v; want %q", err, c.want)
			}
		})
	}
}
