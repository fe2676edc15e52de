package cloud

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/smithy-go"

	"github.com/replywell/replywell/shared/delivery"
)

// The waits: until a person has mended what keeps the account from sending, and
// until some of the mails of the last 24 hours no longer count.
const (
	untilMended = 10 * time.Minute
	untilQuota  = time.Hour
)

// sendError says what SES answered, and what whoever runs it can do (SES API v2,
// SendEmail, Errors); what it means for the mail is for [delivery.Judge]. An
// error that is no *delivery.Error leaves open whether SES took the mail.
func sendError(err error) error {
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorFault() != smithy.FaultClient && !known(api.ErrorCode()) {
		return fmt.Errorf("it is not known whether SES took the mail: %w", err)
	}
	e := &delivery.Error{Response: delivery.Response{Stage: delivery.StageService, Name: api.ErrorCode(), Text: api.ErrorMessage()}, Err: err}
	for _, a := range advice {
		if strings.Contains(" "+a.names+" ", " "+api.ErrorCode()+" ") && strings.Contains(strings.ToLower(api.ErrorMessage()), a.says) {
			e.Advice, e.After = a.words, a.after
			return e
		}
	}
	e.Advice, e.After = "SES refused the request ("+api.ErrorCode()+"); check the permissions of the send function", untilMended
	return e
}

// advice on what SES answers, the first line that fits. says must stand in the message.
var advice = []struct {
	names, says, words string
	after              time.Duration
}{
	{"TooManyRequestsException LimitExceededException", "daily", "the account's quota for 24 hours is used up; ask for a higher one in the SES console", untilQuota},
	{"TooManyRequestsException", "", "SES was given mail faster than the account may send", 0},
	{"LimitExceededException", "", "SES is at a limit of the account", untilMended},
	{"MessageRejected", "not verified", "SES does not know an address as verified: in the sandbox that is every customer's (ask for production access), else our own sender's (verify the domain)", untilMended},
	{"MessageRejected", "", "SES refuses this mail", 0},
	{"AccountSuspendedException", "", "SES has suspended this account; write to AWS Support", untilMended},
	{"SendingPausedException", "", "sending is paused for this account or configuration set", untilMended},
	{"MailFromDomainNotVerifiedException", "", "the custom MAIL FROM domain is not verified; check its MX and SPF records", untilMended},
	{"NotFoundException", "", "SES does not know the configuration set or the identity; was it deleted?", untilMended},
	{"BadRequestException", "", "SES cannot read this mail or its recipients", 0},
}

// known reports whether an error is one that SES documents: its own types do not
// always say whose fault they are.
func known(name string) bool {
	for _, a := range advice {
		if strings.Contains(" "+a.names+" ", " "+name+" ") {
			return true
		}
	}
	return strings.HasPrefix(name, "AccessDenied")
}
