package automatic

import (
	"encoding/json"
	"strings"
)

// snsNotice reads the bounces and complaints that Amazon SES publishes through
// an SNS topic to a mailbox: JSON as the mail's text, bare or within the
// topic's envelope. Only SNS's own sender counts.
func snsNotice(f *facts) (Judgement, bool) {
	if !f.m.Header.Has("X-Amz-Sns-Message-Id") && f.domain != "sns.amazonaws.com" {
		return Judgement{}, false
	}
	text, _ := f.body()
	n, ok := parseNotice(text)
	if !ok {
		return Judgement{Kind: Notification, Rule: "sns:notification"}, true
	}
	j := Judgement{Original: n.original()}
	delayed := false
	rs := n.Bounce.Recipients
	switch n.kind() {
	case "bounce":
		j.Kind, j.Rule = Bounce, "sns:bounce"
	case "deliverydelay":
		j.Kind, j.Rule, delayed, rs = Bounce, "sns:delay", true, n.Delay.Recipients
	case "delivery":
		j.Kind, j.Rule = Bounce, "sns:delivery"
		for _, a := range n.Delivery.Recipients {
			rs = append(rs, sesRecipient{Address: a, Action: "delivered", Status: "2.0.0"})
		}
	case "complaint":
		j.Kind, j.Rule = Complaint, "sns:complaint"
		for _, r := range n.Complaint.Recipients[:min(len(n.Complaint.Recipients), recipientLimit)] {
			j.Recipients = append(j.Recipients, complainer(r.Address, "abuse"))
		}
		return j, true
	default:
		return Judgement{Kind: Notification, Rule: "sns:notification"}, true
	}
	for _, r := range rs[:min(len(rs), recipientLimit)] {
		said := failure{address: r.Address, action: r.Action, status: r.Status, diagnosis: r.Diagnosis}
		if said.status == "" {
			said.status = sesStatus[n.Bounce.Type+"/"+n.Bounce.SubType]
			if said.status == "" && n.Bounce.Type == "Permanent" {
				said.status = "5.0.0"
			}
		}
		j.Recipients = append(j.Recipients, said.understand(delayed, false))
	}
	return j, true
}

// sesStatus is for bounces that come without a status (SES developer guide,
// "Bounce types").
var sesStatus = map[string]string{
	"Permanent/NoEmail": "5.1.1", "Permanent/Suppressed": "5.1.1", "Permanent/OnAccountSuppressionList": "5.1.1",
	"Transient/General": "4.0.0", "Transient/MailboxFull": "4.2.2", "Transient/MessageTooLarge": "5.3.4", "Transient/ContentRejected": "5.6.0", "Transient/AttachmentRejected": "5.7.1",
}

type sesRecipient struct {
	Address   string `json:"emailAddress"`
	Action    string `json:"action"`
	Status    string `json:"status"`
	Diagnosis string `json:"diagnosticCode"`
}

// sesNotice is what is read of SES's notification and event JSON.
type sesNotice struct {
	Type   string `json:"notificationType"`
	Event  string `json:"eventType"`
	Bounce struct {
		Type       string         `json:"bounceType"`
		SubType    string         `json:"bounceSubType"`
		Recipients []sesRecipient `json:"bouncedRecipients"`
	} `json:"bounce"`
	Complaint struct {
		Recipients []sesRecipient `json:"complainedRecipients"`
	} `json:"complaint"`
	Delivery struct {
		Recipients []string `json:"recipients"`
	} `json:"delivery"`
	Delay struct {
		Recipients []sesRecipient `json:"delayedRecipients"`
	} `json:"deliveryDelay"`
	Mail struct {
		MessageID   string   `json:"messageId"`
		Destination []string `json:"destination"`
		Common      struct {
			MessageID string `json:"messageId"`
			Subject   string `json:"subject"`
		} `json:"commonHeaders"`
	} `json:"mail"`
}

func (n sesNotice) kind() string { return strings.ToLower(n.Type + n.Event) }

func (n sesNotice) original() Original {
	o := Original{MessageID: strings.Trim(n.Mail.Common.MessageID, "<> "), Subject: n.Mail.Common.Subject}
	if o.MessageID == "" {
		o.MessageID = n.Mail.MessageID
	}
	if len(n.Mail.Destination) > 0 {
		o.Recipient = n.Mail.Destination[0]
	}
	return o
}

// parseNotice finds the JSON in a mail's text. SNS appends a footer, and mail
// systems break long lines: line breaks inside the JSON are taken out.
func parseNotice(text string) (n sesNotice, ok bool) {
	i := strings.IndexByte(text, '{')
	if i < 0 {
		return n, false
	}
	for _, s := range []string{text[i:], strings.NewReplacer("!\n ", "", "\n", "").Replace(text[i:])} {
		var envelope struct{ Message string }
		if json.NewDecoder(strings.NewReader(s)).Decode(&envelope) == nil && envelope.Message != "" {
			s = envelope.Message
		}
		n = sesNotice{}
		if json.NewDecoder(strings.NewReader(s)).Decode(&n) == nil && n.kind() != "" {
			return n, true
		}
	}
	return n, false
}
