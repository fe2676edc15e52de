package cloud

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/replywell/replywell/shared/desk"
)

// notice is what SES publishes to SNS when a receipt rule's S3 action has stored
// a mail (SES developer guide, "Contents of notifications for Amazon SES email
// receiving").
type notice struct {
	Type string `json:"notificationType"`
	Mail struct {
		MessageID string    `json:"messageId"`
		Source    string    `json:"source"` // MAIL FROM
		Timestamp time.Time `json:"timestamp"`
	} `json:"mail"`
	Receipt struct {
		Recipients []string  `json:"recipients"` // RCPT TO, those that the rule matched
		Timestamp  time.Time `json:"timestamp"`
		SPF        verdict   `json:"spfVerdict"`
		DKIM       verdict   `json:"dkimVerdict"`
		DMARC      verdict   `json:"dmarcVerdict"`
		Spam       verdict   `json:"spamVerdict"`
		Virus      verdict   `json:"virusVerdict"`
		Action     struct {
			Type   string `json:"type"`
			Bucket string `json:"bucketName"`
			Key    string `json:"objectKey"`
		} `json:"action"`
	} `json:"receipt"`
}

type verdict struct {
	Status desk.Verdict `json:"status"`
}

// errNothingToDo is a notice that tells of no mail; it is done with once logged.
var errNothingToDo = errors.New("the notice tells of no mail")

// setupObject is what SES writes into a bucket to see whether it may.
const setupObject = "AMAZON_SES_SETUP_NOTIFICATION"

// Receipt is a mail that SES stored: its identity, the envelope and the verdicts.
type Receipt struct {
	Key        string // of the raw mail in the bucket
	MailFrom   string // "<>" for the null path
	Recipients []string
	Received   time.Time
	Verdicts   desk.Verdicts
}

// readReceipt reads the body of a queue message. bucket is where our mail is
// stored: a notice that names another one is refused, so that whoever finds a
// way to publish a notice cannot have other objects read.
func readReceipt(body, bucket string) (Receipt, error) {
	text := unwrapSNS(body)
	if strings.HasPrefix(text, "Successfully validated SNS topic") {
		return Receipt{}, errNothingToDo
	}
	var n notice
	if err := json.Unmarshal([]byte(text), &n); err != nil {
		return Receipt{}, desk.Permanent(fmt.Errorf("the queue message is no notice of SES: %w; look at it in the dead-letter queue, and move it back once the cause is mended", err))
	}
	a := n.Receipt.Action
	switch {
	case n.Type == "AmazonSnsSubscriptionSucceeded", strings.HasSuffix(a.Key, setupObject):
		return Receipt{}, errNothingToDo
	case n.Type != "Received":
		return Receipt{}, desk.Permanent(fmt.Errorf("the notice is of the kind %q, and only \"Received\" tells of a mail; is another topic subscribed to the mail queue?", n.Type))
	case a.Type != "S3" || a.Key == "":
		return Receipt{}, desk.Permanent(fmt.Errorf("the notice %s comes from an action %q and names no object; the receipt rule must store mail in S3 and name the topic there", n.Mail.MessageID, a.Type))
	case a.Bucket != bucket:
		return Receipt{}, desk.Permanent(fmt.Errorf("the notice %s names the bucket %q; mail is read from %q alone", n.Mail.MessageID, a.Bucket, bucket))
	case len(n.Receipt.Recipients) == 0:
		return Receipt{}, desk.Permanent(fmt.Errorf("the notice %s names no envelope recipient", n.Mail.MessageID))
	}
	r := n.Receipt
	at := r.Timestamp
	if at.IsZero() {
		at = n.Mail.Timestamp
	}
	return Receipt{
		Key: a.Key, MailFrom: returnPath(n.Mail.Source), Recipients: r.Recipients, Received: at,
		Verdicts: desk.Verdicts{SPF: r.SPF.Status, DKIM: r.DKIM.Status, DMARC: r.DMARC.Status, Spam: r.Spam.Status, Virus: r.Virus.Status},
	}, nil
}

// returnPath gives the envelope sender as the desk writes it.
func returnPath(source string) string {
	s := strings.TrimSpace(source)
	s = strings.TrimSuffix(strings.TrimPrefix(s, "<"), ">")
	if s == "" {
		return "<>"
	}
	return s
}

// unwrapSNS takes a message out of SNS's envelope. With raw message delivery the
// body is the message itself; both settings work, so that switching one does not
// stop the mail.
func unwrapSNS(body string) string {
	var envelope struct {
		Type    string
		Message *string
	}
	if json.Unmarshal([]byte(body), &envelope) == nil && envelope.Type == "Notification" && envelope.Message != nil {
		return *envelope.Message
	}
	return body
}

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
