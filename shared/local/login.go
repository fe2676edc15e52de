package local

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net/mail"
	"os"
	"strings"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/replywell/replywell/shared/desk"
)

// logins tells whether clients may log in: in sample mode, where all of the sample
// people share one password, which the start prints. Who logs in is believed to
// be that person and no other, and nobody else is believed: a mail that names an
// agent and was not written from that agent's mailbox shows what becomes of a
// forged one.
func logins(s *desk.Settings) bool { return s.Mode == desk.ModeSample && s.TrustLoopback }

// AuthMechanisms names PLAIN (RFC 4616) for programs on this machine.
func (s *session) AuthMechanisms() []string {
	if logins(s.settings) && s.remote.IsLoopback() {
		return []string{sasl.Plain}
	}
	return nil
}

// Auth lets a client log in with an address and the sample's password.
func (s *session) Auth(mechanism string) (sasl.Server, error) {
	if len(s.AuthMechanisms()) == 0 || mechanism != sasl.Plain {
		return nil, smtp.ErrAuthUnknownMechanism
	}
	return sasl.NewPlainServer(func(_, user, password string) error {
		a, err := mail.ParseAddress(user)
		if err != nil || bad(a.Address) || subtle.ConstantTimeCompare([]byte(password), []byte(s.password)) != 1 || s.password == "" {
			return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "Log in with a sample person's e-mail address and the password that the start and the page show"}
		}
		s.login = a.Address
		return nil
	}), nil
}

// passwordSigns are those of the sample's password: none is taken for another.
const passwordSigns = "abcdefghjkmnpqrstuvwxyz23456789"

// Password reads the password of all sample people, and draws one, readable by
// the folder's owner alone, where there is none. It stays, for mail programs keep it.
func (f *Folder) Password(random io.Reader) (string, error) {
	data, err := os.ReadFile(f.Path("password"))
	if word := strings.TrimSpace(string(data)); err == nil && word != "" {
		return word, nil
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("the sample's password in %s cannot be read: %w", f.Path("password"), plain(err))
	}
	b := make([]byte, 10)
	if _, err := io.ReadFull(random, b); err != nil {
		return "", fmt.Errorf("no random bytes for the sample's password: %w", err)
	}
	for i := range b {
		b[i] = passwordSigns[int(b[i])%len(passwordSigns)]
	}
	word := string(b[:5]) + "-" + string(b[5:])
	if err := f.Write([]byte(word+"\n"), "password"); err != nil {
		return "", fmt.Errorf("the sample's password cannot be kept: %w", err)
	}
	return word, nil
}
