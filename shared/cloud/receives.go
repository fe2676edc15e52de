package cloud

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/replywell/replywell/shared/desk"
)

// Deployed is what a deployed stack may send and receives.
type Deployed struct {
	ConfigBucket string
	MailDomains  []string // mail is sent from their addresses alone
	Recipients   []string // addresses (for their +tags too) and domains of the receipt rule
}

// StackDeployed reads it from the stack's outputs.
func StackDeployed(ctx context.Context, cfg aws.Config, stack string) (d Deployed, err error) {
	var recipients, domains string
	for output, to := range map[string]*string{"ConfigBucket": &d.ConfigBucket, "MailDomains": &domains, "Recipients": &recipients} {
		if *to, err = Stack(ctx, cfg, stack, output); err != nil {
			return Deployed{}, err
		}
	}
	d.Recipients, d.MailDomains = listed(recipients), listed(domains)
	return d, nil
}

func listed(value string) (out []string) {
	for v := range strings.SplitSeq(value, ",") {
		if v = strings.ToLower(strings.TrimSpace(v)); v != "" {
			out = append(out, v)
		}
	}
	return out
}

// Check compares settings with the stack. err is what would keep answers from
// leaving or replies from arriving; notes are what somebody else must see to.
func (d Deployed) Check(s *desk.Settings) (notes []string, err error) {
	var errs []error
	for _, m := range s.Mailboxes {
		if !slices.Contains(d.MailDomains, strings.ToLower(domain(m.Address))) {
			errs = append(errs, fmt.Errorf("the mailbox %s has the address %s, and the stack may send from addresses of %s alone (its parameters MailDomain, MailDomain2 and so on)", m.ID, m.Address, strings.Join(d.MailDomains, ", ")))
		}
		if !d.receives(m.ReplyBase) {
			errs = append(errs, fmt.Errorf("replies to the mailbox %s go to %s, which the stack does not receive: it takes %s (its parameter Recipients)", m.ID, m.ReplyBase, strings.Join(d.Recipients, ", ")))
		}
		for _, a := range append([]string{m.Address}, m.Aliases...) {
			if !d.receives(a) && d.receives(m.ReplyBase) {
				notes = append(notes, fmt.Sprintf("the stack does not receive mail to %s itself; it has to be forwarded to an address that it does receive", a))
			}
		}
	}
	return notes, errors.Join(errs...)
}

// receives reports whether the receipt rule takes mail to an address or, for
// "@domain", to every address of the domain (SES developer guide, "Creating
// receipt rules": an address stands for its +tags, ".domain" for subdomains alone).
func (d Deployed) receives(address string) bool {
	local, host, _ := strings.Cut(strings.ToLower(address), "@")
	local, _, _ = strings.Cut(local, "+")
	for _, r := range d.Recipients {
		r = strings.ToLower(r)
		if r == host || strings.HasPrefix(r, ".") && strings.HasSuffix(host, r) || local != "" && r == local+"@"+host {
			return true
		}
	}
	return false
}

func domain(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }
