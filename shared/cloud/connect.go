package cloud

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"regexp"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/smithy-go/logging"

	"github.com/replywell/replywell/shared/desk"
)

// retryer tries a request again as often as an invocation's time allows.
func retryer() aws.Retryer {
	return retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts = 5
		o.MaxBackoff = 4 * time.Second
	})
}

// Connect reads region, credentials and endpoint as the AWS SDK finds them on a
// person's machine, profiles and single sign-on included; in a Lambda function see
// [ConnectFunction].
func Connect(ctx context.Context) (aws.Config, error) {
	cfg, err := awsconfig.LoadDefaultConfig(ctx, awsconfig.WithRetryer(retryer))
	if err != nil {
		return cfg, fmt.Errorf("cannot find out how to reach AWS: %w", worded(err, cfg.Region))
	}
	if cfg.Region == "" {
		return cfg, fmt.Errorf("no AWS region is set; set AWS_REGION, or a region in your AWS profile")
	}
	b, ok := cfg.HTTPClient.(*awshttp.BuildableClient) // with the certificate authorities of AWS_CA_BUNDLE
	if !ok {
		b = awshttp.NewBuildableClient()
	}
	cfg.HTTPClient = newWire(b)
	return cfg, nil
}

// wire is the HTTP client of all services of a process. Between two invocations
// a function is frozen, and what it holds open dies without a word. The next
// request on such a connection ends in an error that does not say whether it
// arrived, which for SendEmail means that a mail waits for its event; so an
// invocation begins with none.
type wire struct {
	http.Client
	kept interface{ CloseIdleConnections() }
}

// answersWithin bounds the wait for an answer once a request is written.
const answersWithin = time.Minute

// newWire has the connection settings that the SDK resolved. A redirect is an answer: the signature of a request
// holds for one host.
func newWire(b *awshttp.BuildableClient) *wire {
	t := b.GetTransport()
	t.ResponseHeaderTimeout = answersWithin
	return &wire{kept: t, Client: http.Client{Transport: t, Timeout: b.GetTimeout(),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// Thaw makes the clients of this configuration begin with new connections. Call
// it at the start of an invocation, when no request is on its way.
func Thaw(cfg aws.Config) {
	if w, ok := cfg.HTTPClient.(*wire); ok {
		w.kept.CloseIdleConnections()
	}
}

// Log makes the process write its log as JSON lines, which CloudWatch can search
// by field. Callers log ids and counts, never bodies; an address that an error
// brings along is taken out here.
func Log(function string) { slog.SetDefault(newLog(os.Stderr, function)) }

func newLog(w io.Writer, function string) *slog.Logger {
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{ReplaceAttr: unaddressed})).With("function", function)
}

var address = regexp.MustCompile(`[^\s<>"(),:;]+@[^\s<>"(),:;]+`)

func unaddressed(_ []string, a slog.Attr) slog.Attr {
	switch v := a.Value.Any().(type) {
	case string:
		a.Value = slog.StringValue(address.ReplaceAllString(v, "(address)"))
	case error:
		a.Value = slog.StringValue(address.ReplaceAllString(v.Error(), "(address)"))
	}
	return a
}

// logged logs what a whole invocation failed with: Lambda counts it, and does not
// write it down.
func logged(err error) error {
	if err != nil {
		slog.Error("the function failed", "permanent", desk.IsPermanent(err), "error", err)
	}
	return err
}

// compressFrom is the size in bytes from which the SDK compresses requests.
const compressFrom = 10240

// ConnectFunction is Connect in a Lambda function: region, credentials and endpoint
// stand in its environment, and nowhere else. What looks for profiles, roles and
// single sign-on is not linked, which is most of a megabyte of each bootstrap. A
// test holds the two against each other.
func ConnectFunction(context.Context) (aws.Config, error) {
	env, err := awsconfig.NewEnvConfig()
	switch {
	case err != nil:
		return aws.Config{}, fmt.Errorf("the function's environment does not say how to reach AWS: %w", err)
	case env.Region == "":
		return aws.Config{}, errors.New("no AWS region is set in the function's environment; Lambda sets AWS_REGION")
	case !env.Credentials.HasKeys():
		return aws.Config{}, errors.New("there are no credentials in the function's environment; Lambda sets AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY for the function's role")
	}
	b := awshttp.NewBuildableClient()
	if env.CustomCABundle != "" {
		if b, err = trusting(b, env.CustomCABundle); err != nil {
			return aws.Config{}, err
		}
	}
	cfg := aws.Config{
		Region:                      env.Region,
		Credentials:                 aws.NewCredentialsCache(credentials.StaticCredentialsProvider{Value: env.Credentials}),
		HTTPClient:                  newWire(b),
		Retryer:                     retryer,
		ConfigSources:               []any{env},
		Logger:                      logging.NewStandardLogger(os.Stderr),
		DefaultsMode:                cmp.Or(env.DefaultsMode, aws.DefaultsModeLegacy),
		AppID:                       env.AppID,
		DisableRequestCompression:   env.DisableRequestCompression != nil && *env.DisableRequestCompression,
		RequestMinCompressSizeBytes: compressFrom,
		DisableClockSkewCorrection:  env.DisableClockSkewCorrection != nil && *env.DisableClockSkewCorrection,
		AccountIDEndpointMode:       cmp.Or(env.AccountIDEndpointMode, aws.AccountIDEndpointModePreferred),
		RequestChecksumCalculation:  cmp.Or(env.RequestChecksumCalculation, aws.RequestChecksumCalculationWhenSupported),
		ResponseChecksumValidation:  cmp.Or(env.ResponseChecksumValidation, aws.ResponseChecksumValidationWhenSupported),
		AuthSchemePreference:        env.AuthSchemePreference,
		RestrictFilePermissions:     aws.RestrictFilePermissionsUserReadWrite,
	}
	if env.RequestMinCompressSizeBytes != nil {
		cfg.RequestMinCompressSizeBytes = *env.RequestMinCompressSizeBytes
	}
	if env.BaseEndpoint != "" {
		cfg.BaseEndpoint = &env.BaseEndpoint
	}
	return cfg, nil
}

// trusting is the client with the certificate authorities of a file.
func trusting(b *awshttp.BuildableClient, file string) (*awshttp.BuildableClient, error) {
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading AWS_CA_BUNDLE: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("AWS_CA_BUNDLE names %s, which holds no certificate", file)
	}
	return b.WithTransportOptions(func(t *http.Transport) {
		if t.TLSClientConfig == nil {
			t.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
		}
		t.TLSClientConfig.RootCAs = pool
	}), nil
}
