package local

import (
	"net/mail"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/replywell/replywell/shared/desk"
)

// logins tells whether clients may log in: in sample mode, where each of the
// sample people has a mailbox and no secret. Who logs in is believed to be that
// person and no other, so a mail that names somebody else shows what becomes of
// a forged one.
func logins(s *desk.Settings) bool { return s.Mode == desk.ModeSample && s.TrustLoopback }

// AuthMechanisms names PLAIN (RFC 4616) for programs on this machine.
func (s *session) AuthMechanisms() []string {
	if logins(s.settings) && s.remote.IsLoopback() {
		return []string{sasl.Plain}
	}
	return nil
}

// Auth lets a client log in with an address and any password.
func (s *session) Auth(mechanism string) (sasl.Server, error) {
	if len(s.AuthMechanisms()) == 0 || mechanism != sasl.Plain {
		return nil, smtp.ErrAuthUnknownMechanism
	}
	return sasl.NewPlainServer(func(_, user, _ string) error {
		a, err := mail.ParseAddress(user)
		if err != nil || bad(a.Address) {
			return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "Log in with an e-mail address; any password will do here"}
		}
		s.login = a.Address
		return nil
	}), nil
}
