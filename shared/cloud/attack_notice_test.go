package cloud

import (
	"testing"
)

// TestAttack08ANoticeThatSaysTooMuch: demand 8. Verdicts are those of the receipt in
// the receiving service's notice. What stands beside it (the mail's own header
// fields are a part of the notice), or is spelled otherwise, authenticates nobody,
// and no notice has another object read.
func TestAttack08ANoticeThatSaysTooMuch(t *testing.T) {
	receipt := func(n map[string]any) map[string]any { return n["receipt"].(map[string]any) }
	pass := noticeOf(t, func(n map[string]any) { receipt(n)["dmarcVerdict"] = map[string]any{"status": "PASS"} })
	if r, err := readReceipt(pass, "mail-bucket"); err != nil || !r.Verdicts.Authenticated() {
		t.Fatalf("the receiving service itself is not believed: %+v, %v", r, err)
	}
	for name, change := range map[string]func(map[string]any){
		"no DMARC verdict": func(n map[string]any) { delete(receipt(n), "dmarcVerdict") },
		"an empty one":     func(n map[string]any) { receipt(n)["dmarcVerdict"] = map[string]any{"status": ""} },
		"in small letters": func(n map[string]any) {
			receipt(n)["dmarcVerdict"] = map[string]any{"status": "pass"}
		},
		"with a space": func(n map[string]any) {
			receipt(n)["dmarcVerdict"] = map[string]any{"status": "PASS "}
		},
		"processing failed": func(n map[string]any) {
			receipt(n)["dmarcVerdict"] = map[string]any{"status": "PROCESSING_FAILED"}
		},
		"a policy is no verdict": func(n map[string]any) {
			delete(receipt(n), "dmarcVerdict")
			receipt(n)["dmarcPolicy"] = "PASS"
		},
		"beside the receipt": func(n map[string]any) {
			delete(receipt(n), "dmarcVerdict")
			n["dmarcVerdict"] = map[string]any{"status": "PASS"}
		},
		"in the mail's part": func(n map[string]any) {
			delete(receipt(n), "dmarcVerdict")
			n["mail"].(map[string]any)["dmarcVerdict"] = map[string]any{"status": "PASS"}
		},
		"in a header field of the mail": func(n map[string]any) {
			delete(receipt(n), "dmarcVerdict")
			n["mail"].(map[string]any)["headers"] = []any{
				map[string]any{"name": "X-SES-DMARC-Verdict", "value": "PASS"},
				map[string]any{"name": "dmarcVerdict", "value": `{"status":"PASS"}`}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, body := range []string{noticeOf(t, change), inSNS(t, noticeOf(t, change))} {
				r, err := readReceipt(body, "mail-bucket")
				if err != nil || r.Verdicts.Authenticated() {
					t.Errorf("%+v, %v", r.Verdicts, err)
				}
			}
		})
	}
	for name, change := range map[string]func(map[string]any){
		"another bucket":           func(n map[string]any) { action(n)["bucketName"] = "config-bucket" },
		"another bucket's ARN":     func(n map[string]any) { action(n)["bucketName"] = "arn:aws:s3:::mail-bucket" },
		"a bucket of another case": func(n map[string]any) { action(n)["bucketName"] = "Mail-Bucket" },
		"no object":                func(n map[string]any) { action(n)["objectKey"] = "" },
		"another action":           func(n map[string]any) { action(n)["type"] = "Lambda" },
		"another kind":             func(n map[string]any) { n["notificationType"] = "Bounce" },
		"nobody as recipient":      func(n map[string]any) { receipt(n)["recipients"] = []any{} },
	} {
		t.Run(name, func(t *testing.T) {
			if r, err := readReceipt(noticeOf(t, change), "mail-bucket"); err == nil {
				t.Errorf("read as %+v", r)
			}
		})
	}
	// The envelope is what the receipt says, whatever the header fields name.
	r, err := readReceipt(noticeOf(t, func(n map[string]any) {
		mail := n["mail"].(map[string]any)
		mail["destination"] = []any{"evil@elsewhere.example"}
		mail["commonHeaders"] = map[string]any{"to": []any{"evil@elsewhere.example"}, "returnPath": "anna@team.example"}
	}), "mail-bucket")
	if err != nil || len(r.Recipients) != 2 || r.Recipients[0] != "support@shop.example" ||
		r.MailFrom != "erika@customer.example" {
		t.Errorf("%+v, %v", r, err)
	}
}
