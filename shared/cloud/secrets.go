package cloud

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/replywell/replywell/shared/email/replyaddr"
)

// Secrets reads secrets from Secrets Manager.
type Secrets struct{ Client *secretsmanager.Client }

// Keyring reads the keys of reply addresses. The secret is a JSON object of
// strings: "current" names the key that signs, and every other name is a key's id
// (0 to 15) with the key as its value, 32 characters or more:
//
//	{"current": "1", "1": "…64 random characters…"}
//
// CloudFormation makes the first one. To rotate, add "2", wait until every
// function has read it (they start anew with each deployment, and otherwise
// within hours), then make it current; take "1" out when no live reply address
// bears it any more.
func (s Secrets) Keyring(ctx context.Context, id string) (*replyaddr.Keyring, error) {
	text, err := s.read(ctx, id)
	if err != nil {
		return nil, err
	}
	ring, err := ParseKeyring([]byte(text))
	if err != nil {
		return nil, fmt.Errorf("the secret %s: %w", id, err)
	}
	return ring, nil
}

// ParseKeyring reads the form that Keyring describes. Errors name ids and
// lengths, never keys.
func ParseKeyring(data []byte) (*replyaddr.Keyring, error) {
	var entries map[string]string
	if err := json.Unmarshal(data, &entries); err != nil {
		return nil, errors.New(`it is no JSON object of strings, like {"current": "1", "1": "…"}`)
	}
	current, err := strconv.ParseUint(entries["current"], 10, 8)
	if err != nil {
		return nil, fmt.Errorf(`its "current" is %q, and has to be the id of a key`, entries["current"])
	}
	var (
		keys = map[uint8][]byte{}
		errs []error
	)
	names := make([]string, 0, len(entries))
	for name := range entries {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if name == "current" {
			continue
		}
		id, err := strconv.ParseUint(name, 10, 8)
		if err != nil {
			errs = append(errs, fmt.Errorf("the name %q is neither \"current\" nor a key's id from 0 to 15", name))
			continue
		}
		keys[uint8(id)] = []byte(entries[name])
	}
	ring, err := replyaddr.NewKeyring(uint8(current), keys)
	if err := errors.Join(append(errs, err)...); err != nil {
		return nil, err
	}
	return ring, nil
}

// Posting reads the secret that says where reports go beside mail. No secret's id
// gives nothing.
func (s Secrets) Posting(ctx context.Context, id string) ([]byte, error) {
	if id == "" {
		return nil, nil
	}
	text, err := s.read(ctx, id)
	return []byte(text), err
}

func (s Secrets) read(ctx context.Context, id string) (string, error) {
	out, err := s.Client.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: &id})
	if err != nil {
		return "", fmt.Errorf("cannot read the secret %s: %w", id, err)
	}
	return aws.ToString(out.SecretString), nil
}

// Fresh keeps a value for a time, so that a secret that was rotated is seen by
// functions that run on, and not asked for with every mail. When it cannot be
// read anew the last one stays in use.
type Fresh[T any] struct {
	Read func(context.Context) (T, error)
	For  time.Duration
	Now  func() time.Time

	mu    sync.Mutex
	read  time.Time
	known bool
	value T
}

// Get gives the value. The error is that of the first read.
func (f *Fresh[T]) Get(ctx context.Context) (T, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.known && f.Now().Sub(f.read) < f.For {
		return f.value, nil
	}
	value, err := f.Read(ctx)
	switch {
	case err == nil:
		f.value, f.known = value, true
	case !f.known:
		return value, err
	default:
		slog.Error("a value cannot be read anew; the last one stays in use", "error", err.Error())
	}
	f.read = f.Now()
	return f.value, nil
}
