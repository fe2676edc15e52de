package cloud

import (
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
)

// noticeOf is a notice as SES publishes it for a stored mail. The headers name
// other people than the envelope does, as with aliases and Bcc.
func noticeOf(t testing.TB, change func(map[string]any)) string {
	t.Helper()
	data, err := os.ReadFile("testdata/receipt.json")
	if err != nil {
		t.Fatal(err)
	}
	var n map[string]any
	if err := json.Unmarshal(data, &n); err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(n)
	}
	out, err := json.Marshal(n)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func inSNS(t testing.TB, message string) string {
	t.Helper()
	out, err := json.Marshal(map[string]string{
		"Type": "Notification", "MessageId": "6f0c0c9e-3f6a-5b0e-9d8c-0a8b2a1c7c11",
		"Subject":  "Amazon SES Email Receipt Notification",
		"TopicArn": "arn:aws:sns:eu-central-1:123456789012:mail", "Message": message,
		"Timestamp": "2026-03-01T09:00:01.000Z"})
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func action(n map[string]any) map[string]any {
	return n["receipt"].(map[string]any)["action"].(map[string]any)
}

func TestReceiptTakesEnvelopeAndVerdictsFromTheReceipt(t *testing.T) {
	want := Receipt{
		Key: "mail/o3vrnil0e2ic28tr5u0mbg3f1qk2n8ghdbgdm0o1", MailFrom: "erika@customer.example",
		Recipients: []string{"support@shop.example", "help@shop.example"},
		Received:   time.Date(2026, 3, 1, 9, 0, 0, 512e6, time.UTC),
		Verdicts:   desk.Verdicts{SPF: "PASS", DKIM: "PASS", DMARC: "GRAY", Spam: "PASS", Virus: "DISABLED"},
	}
	for name, body := range map[string]string{"in SNS's envelope": inSNS(t, noticeOf(t, nil)),
		"raw delivery": noticeOf(t, nil)} {
		got, err := readReceipt(body, "mail-bucket")
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v\nwant %+v", name, got, err, want)
		}
	}
}

func TestReceiptNullPath(t *testing.T) {
	for source, want := range map[string]string{"": "<>", "<>": "<>", "<a@b.example>": "a@b.example",
		"a@b.example": "a@b.example"} {
		body := noticeOf(t, func(n map[string]any) { n["mail"].(map[string]any)["source"] = source })
		if got, err := readReceipt(body, "mail-bucket"); err != nil || got.MailFrom != want {
			t.Errorf("source %q: MAIL FROM %q, %v", source, got.MailFrom, err)
		}
	}
}

func TestReceiptTellsNoticesWithoutMail(t *testing.T) {
	for _, body := range []string{
		inSNS(t, "Successfully validated SNS topic for Amazon SES event publishing."),
		`{"notificationType":"AmazonSnsSubscriptionSucceeded","message":"You have successfully subscribed"}`,
		noticeOf(t, func(n map[string]any) { action(n)["objectKey"] = "mail/AMAZON_SES_SETUP_NOTIFICATION" }),
	} {
		if _, err := readReceipt(body, "mail-bucket"); !errors.Is(err, errNothingToDo) {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestReceiptRefusesWhatIsNone(t *testing.T) {
	for name, tc := range map[string]struct{ body, say string }{
		"text":           {"hello", "no notice of SES"},
		"empty":          {"", "no notice of SES"},
		"a list":         {"[1]", "no notice of SES"},
		"another kind":   {noticeOf(t, func(n map[string]any) { n["notificationType"] = "Bounce" }), "another topic"},
		"another bucket": {noticeOf(t, func(n map[string]any) { action(n)["bucketName"] = "payroll" }), `"payroll"`},
		"no object":      {noticeOf(t, func(n map[string]any) { action(n)["objectKey"] = "" }), "names no object"},
		"SNS action":     {noticeOf(t, func(n map[string]any) { action(n)["type"] = "SNS" }), "names no object"},
		"no recipient": {noticeOf(t, func(n map[string]any) {
			n["receipt"].(map[string]any)["recipients"] = []any{}
		}), "no envelope recipient"},
	} {
		_, err := readReceipt(tc.body, "mail-bucket")
		if !desk.IsPermanent(err) || !strings.Contains(err.Error(), tc.say) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzReadReceipt(f *testing.F) {
	f.Add(noticeOf(f, nil))
	f.Add(inSNS(f, noticeOf(f, nil)))
	f.Add(`{"Type":"Notification","Message":"{}"}`)
	f.Fuzz(func(t *testing.T, body string) {
		r, err := readReceipt(body, "mail-bucket")
		if err == nil && (r.Key == "" || r.MailFrom == "" || len(r.Recipients) == 0) {
			t.Errorf("accepted without what is needed: %+v", r)
		}
		if e, err := readSESEvent(body); err == nil && (e.ID == "" || e.Kind == "" || e.SentID == "") {
			t.Errorf("accepted without what is needed: %+v", e)
		}
	})
}
