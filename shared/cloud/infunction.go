package cloud

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/smithy-go/logging"
)

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
