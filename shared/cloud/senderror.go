package cloud

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	"github.com/aws/smithy-go"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/send"
)

// SendError is an answer of SES that means: this mail was not sent. An error of
// Carrier.Send that is none, and not permanent, leaves open whether it was.
type SendError struct {
	What  string        // what happened and what to do, in plain words
	After time.Duration // do not try before this has passed; 0: as usual
	Err   error
}

func (e *SendError) Error() string { return e.What + ": " + e.Err.Error() }
func (e *SendError) Unwrap() error { return e.Err }

// RetryAfter is how long to wait at least before trying again.
func (e *SendError) RetryAfter() time.Duration { return e.After }

// NotSent reports that SES did not take the mail.
func (e *SendError) NotSent() bool { return true }

var _ send.Refusal = (*SendError)(nil)

// The waits: until a person has mended what keeps the account from sending, and
// until some of the mails of the last 24 hours no longer count.
const (
	untilMended = 10 * time.Minute
	untilQuota  = time.Hour
)

// sendError tells the answers of SendEmail apart (SES API v2, SendEmail, Errors).
// Those about the account can be mended by a person, so the mail waits. Those
// about the mail are permanent.
func sendError(err error) error {
	var (
		throttled *types.TooManyRequestsException
		limit     *types.LimitExceededException
		rejected  *types.MessageRejected
		bad       *types.BadRequestException
		suspended *types.AccountSuspendedException
		paused    *types.SendingPausedException
		domain    *types.MailFromDomainNotVerifiedException
		missing   *types.NotFoundException
		api       smithy.APIError
	)
	refuse := func(what string, after time.Duration) error { return &SendError{What: what, After: after, Err: err} }
	switch {
	case errors.As(err, &throttled) && isQuota(throttled.ErrorMessage()), errors.As(err, &limit) && isQuota(limit.ErrorMessage()):
		return refuse("the account's quota for 24 hours is used up; ask for a higher one in the SES console", untilQuota)
	case errors.As(err, &throttled):
		return refuse("SES was given mail faster than the account may send", 0)
	case errors.As(err, &limit):
		return refuse("SES is at a limit of the account", untilMended)
	case errors.As(err, &rejected) && strings.Contains(rejected.ErrorMessage(), "not verified"):
		return refuse("SES does not know an address as verified: in the sandbox that is every customer's (ask for production access), else our own sender's (verify the domain)", untilMended)
	case errors.As(err, &rejected):
		return desk.Permanent(fmt.Errorf("SES refuses this mail: %w", err))
	case errors.As(err, &suspended):
		return refuse("SES has suspended this account; write to AWS Support", untilMended)
	case errors.As(err, &paused):
		return refuse("sending is paused for this account or configuration set", untilMended)
	case errors.As(err, &domain):
		return refuse("the custom MAIL FROM domain is not verified; check its MX and SPF records", untilMended)
	case errors.As(err, &missing):
		return refuse("SES does not know the configuration set or the identity; was it deleted?", untilMended)
	case errors.As(err, &bad):
		return desk.Permanent(fmt.Errorf("SES cannot read this mail or its recipients: %w", err))
	case errors.As(err, &api) && api.ErrorFault() == smithy.FaultClient, errors.As(err, &api) && strings.HasPrefix(api.ErrorCode(), "AccessDenied"):
		return refuse("SES refused the request ("+api.ErrorCode()+"); check the permissions of the send function", untilMended)
	}
	return fmt.Errorf("it is not known whether SES took the mail: %w", err)
}

func isQuota(message string) bool { return strings.Contains(strings.ToLower(message), "daily") }
