package automatic_test

import (
	"testing"

	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/message"
)

// Single mails, in the words of services as they are: those of machines are held, those of people are not.
func TestCodesAndPeopleOneByOne(t *testing.T) {
	held := map[string]string{
		"swedish": compose("App <noreply@app.example>", "", "Din verifieringskod",
			"Ange koden\n\nQ7X9-KK2\n\nKoden går ut om 10 minuter."),
		"czech":   compose("App <no-reply@app.example>", "", "Ověření", "Váš ověřovací kód je 829 113."),
		"turkish": compose("App <noreply@app.example>", "", "Hoş geldiniz", "Doğrulama kodunuz: 482913"),
		"korean":  compose("App <noreply@app.example>", "", "인증번호", "인증번호는 482913 입니다."),
		"arabic":  compose("App <noreply@app.example>", "", "رمز التحقق", "رمز التحقق الخاص بك هو 482913"),
		"hebrew":  compose("App <noreply@app.example>", "", "קוד אימות", "קוד האימות שלך הוא 482913"),
		"finnish": compose("App <noreply@app.example>", "", "Vahvistuskoodi", "Koodi: 482913"),
		"greek":   compose("App <noreply@app.example>", "", "Κωδικός", "Ο κωδικός σας είναι 482913"),
		"letters": compose("App <noreply@app.example>", "", "Your code", "Use the code\n\nWXKP-QZRT\n\nto sign in."),
		"words": compose("Notion <notify@mail.notion.example>", "X-SG-EID: 1\r\n", "Your temporary login code",
			"Copy and paste this temporary login code:\n\nsparoi-wulfa-beqho-tilly"),
		"sns": compose("AWS <no-reply@sns.example>", "", "AWS Notification - Subscription Confirmation",
			"To confirm this subscription visit https://sns.example/?Action=ConfirmSubscription&Token=8a7f"),
		"deviceok": page("Bank <service@bank.example>", "X-MJ-Mid: 1\r\n", "New device",
			"Was this you? Sign in from a new device", "https://bank.example/device/verify/8a", "Yes"),
		"gpc": compose("Google <forwarding-noreply@google.example>", "",
			"(#482913) Gmail Forwarding Confirmation - Receive Mail from x@y.example",
			"x@y.example has requested to automatically forward mail to your address.\nConfirmation code: 482913\n"+
				"https://mail-settings.google.example/mail/vf-abc"),
		"no marks": compose("Slack <feedback@slack.example>", "Feedback-ID: 2\r\n",
			"Confirm your email address on Slack", "Your confirmation code is below\n\nABC-XYZ"),
		"bounces": page("Zoom <team@zoom.example>", "List-Unsubscribe: <https://zoom.example/u>\r\n",
			"Activate your account", "Activate your account", "https://zoom.example/activate?code=9",
			"Activate Account"),
		"facebook": compose("Facebook <registration@facebookmail.example>", "", "FB-48291 is your confirmation code",
			"You may be asked to enter this code: 48291"),
		"plus": compose("App <noreply+abc@app.example>", "", "Sign in",
			"Click https://app.example/s/abcdef to sign in. The link expires in 15 minutes."),
	}
	person := map[string]string{
		"shop": compose("Shopify <mailer@shopify.example>",
			"Reply-To: Erika <erika@mail.example>\r\nFeedback-ID: 1\r\n", "New customer message on 3 November",
			"Country Code:\nDE\n\nName:\nErika\n\nEmail:\nerika@mail.example\n\nBody:\nMy discount code XL3-9QK does "+
				"not work."),
		"etsy": compose("Etsy <noreply@mail.etsy.example>", "Reply-To: convo-482913abc7@mail.etsy.example\r\n",
			"Erika sent you a message", "Erika: Does the code 482913 work for two lamps? "+
				"https://etsy.example/messages/1?token=8a"),
		"ebay": compose("eBay <erika-48abc2913def@members.ebay.example>", "",
			"Erika has sent a question about item 123456789012",
			"New message from: erika\n\nHi, my access code for the lamp app is missing, can you help?\n\n"+
				"https://ebay.example/m2m?token=abc"),
		"order": compose("Erika <erika@mail.example>", "", "Reset your password",
			"your site says reset your password https://shop.example/reset?token=1 but nothing comes"),
		"de-mail": compose("De-Mail <noreply@demail.example>", "", "Sie haben eine De-Mail",
			"Absender: erika@demail.example\nBetreff: Code\nEmpfänger: support@shop.example\n\nMein Code 482913 geht "+
				"nicht."),
		"voicemail": compose("Telefon <noreply@tel.example>", "", "Voicemail von 030 1234567",
			"Anrufer: 030 1234567\nDauer: 0:24\n\nTranskript:\nGuten Tag, der Code in Ihrer Mail funktioniert nicht, "+
				"rufen Sie bitte zurück.\n\nhttps://tel.example/listen?token=1"),
		"jotform": compose("Jotform <noreply@jotform.example>", "", "Re: Kontakt - Erika Muster",
			"Name Erika Muster\nE-Mail erika@mail.example\nNachricht Der Code 482913 geht nicht\n"+
				"https://jotform.example/verify?t=1"),
		"chat": compose("Chat <noreply@chat.example>", "", "Chat transcript with Erika",
			"Erika (10:02): hello, the verification code 482913 fails\nBot (10:03): please wait\n"+
				"https://chat.example/t?token=1"),
		"iphone": compose("Erika <erika@icloud.example>", "", "Kode", "482913\n\nSendt fra min iPhone"),
		"review": compose("Trust <noreply.invitations@trust.example>", "", "New review",
			"Erika left a review:\n\nThe activation code never came and nobody answers my mails.\n\n"+
				"https://trust.example/reviews/token/1"),
	}
	for n, m := range held {
		if j := automatic.Judge(message.Parse([]byte(m)), ""); j.Kind != automatic.Verification {
			t.Errorf("not held:  %s: %q %q", n, j.Kind, j.Rule)
		}
	}
	for n, m := range person {
		if j := automatic.Judge(message.Parse([]byte(m)), ""); j.Kind == automatic.Verification {
			t.Errorf("a person is held:  %s: %q", n, j.Rule)
		}
	}
}
