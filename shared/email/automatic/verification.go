package automatic

import (
	"strings"

	"github.com/replywell/replywell/shared/email/wording"
)

// verifySubjects are the subjects of mail that asks to confirm an address or
// brings a one-time code. Folded. They count only where a machine sent the
// mail: people write of codes that did not come.
var verifySubjects = []string{
	"verification code", "verify your", "verify email", "verify account", "verify it's you", "verification email", "email verification", "e-mail verification", "verification link", "verification required", "account verification", "address verification", "confirm your e", "confirm your a", "confirm your identity", "confirm your sub", "confirm your reg", "confirm email", "confirm account", "confirmation code", "email confirmation", "please confirm your email", "please confirm your e-mail", "please confirm your address", "please confirm your account", "please confirm your registration", "please confirm your subscription", "please verify", "activate your", "activation code", "activation link", "account activation", "one-time", "one time", "otp code", "otp for", "your otp", "passcode", "security code", "login code", "log-in code", "sign-in code", "sign in code", "signin code", "access code", "authentication code", "auth code", "two-factor", "2fa code", "magic link", "sign in to", "log in to", "your code", "is your code", "password reset", "reset your password", "reset password", "invited you to", "invitation to join", "join your team", "new sign-in", "new login", "new device", "complete your registration", "complete your sign",
	"bestätigungscode", "bestätigen sie ihre", "bestätige deine", "verifizier", "bestätigung ihrer e-mail", "e-mail-adresse bestätigen", "e-mail bestätigen", "anmeldecode", "sicherheitscode", "zugangscode", "einmalcode", "einmalpasswort", "aktivieren sie ihr", "aktivierungslink", "passwort zurücksetzen", "registrierung abschließen", "freischaltcode",
	"code de vérification", "vérifiez votre", "confirmez votre", "code de confirmation", "code de sécurité", "code de connexion", "activez votre", "mot de passe oublié", "réinitialis", "code à usage unique", "código de verificación", "verifica tu", "verifique su", "confirma tu", "confirme su", "código de seguridad", "código de acceso", "activa tu cuenta", "restablec", "codice di verifica", "verifica il tuo", "conferma il tuo", "conferma la tua", "codice di sicurezza", "codice di accesso", "reimposta", "código de verificação", "verifique seu", "confirme seu", "confirme o seu", "código de segurança", "redefin",
	"verificatiecode", "bevestig je", "bevestig uw", "verifieer", "beveiligingscode", "inlogcode", "wachtwoord", "kod weryfikacyjny", "potwierdź", "kod bezpieczeństwa", "zresetuj", "ověřovací kód", "potvrďte", "overovací kód", "ellenőrző kód", "erősítse meg", "cod de verificare", "confirmă", "код подтверждения", "подтвердите", "код безопасности", "код доступа", "код підтвердження", "підтверд", "verifieringskod", "bekräfta", "verifikationskode", "bekræft", "bekreft", "vahvistuskoodi", "vahvista", "kinnituskood", "kontrolni kod", "κωδικός επαλήθευσης", "κωδικός σύνδεσ", "κωδικόσ σύνδεσ", "επιβεβαι", "doğrulama kodu", "doğrulayın", "onaylayın", "確認コード", "認証コード", "ログインコード", "メールアドレスの確認", "验证码", "驗證碼", "确认您的", "验证您的", "인증 코드", "인증번호", "인증해", "mã xác", "xác nhận", "קוד אימות", "אמת את", "رمز التحقق", "تأكيد",
}

// verifySure are those of them that count also from a role address. Folded.
var verifySure = []string{"verification code", "confirmation code", "security code", "login code", "sign-in code", "access code", "authentication code", "one-time", "passcode", "verify your email", "verify your e-mail", "verify your account", "verify email", "confirm your email", "confirm your e-mail", "confirm your account", "activate your account", "magic link", "invited you to", "password reset", "reset your password", "your code", "is your code",
	"bestätigungscode", "sicherheitscode", "anmeldecode", "e-mail-adresse bestätigen", "bestätigen sie ihre e-mail", "bestätige deine e-mail", "passwort zurücksetzen", "code de vérification", "confirmez votre adresse", "código de verificación", "codice di verifica", "código de verificação", "verificatiecode", "kod weryfikacyjny", "ověřovací kód", "код подтверждения", "verifieringskod", "確認コード", "認証コード", "验证码", "驗證碼", "인증번호"}

// verifyLocals are senders of such mail beside the no-reply ones; squashed.
var verifyLocals = []string{"account", "accounts", "security", "verify", "verification", "auth", "login", "signin", "signup", "register", "registration", "confirm", "confirmation", "welcome", "activation", "notification", "notifications", "notify", "feedback", "mailer", "id", "identity", "password", "passwordreset", "otp code", "otp for", "your otp", "code", "codes", "accountsecurity", "secure", "mail", "email", "team", "hello", "support", "info", "service", "invite", "invites", "invitations", "updates"}

// verification is mail of the kind that the ticket trick wants: a stranger
// names the support address as his own, and the code that another service
// sends lands in a conversation he can read.
func verification(f *facts) (Judgement, bool) {
	if j, ok := verificationText(f); ok {
		return j, true
	}
	if f.answer || len(f.m.InReplyTo) > 0 || f.carries() || !wording.ContainsAny(f.subject, verifySubjects) {
		return Judgement{}, false
	}
	sender := f.noReply || f.robotic() || f.daemon
	named := false
	for _, l := range verifyLocals {
		named = named || wording.Squash(f.local) == l
	}
	// A role address is a machine only together with the traces of one.
	if !sender && !(named && f.mass() && wording.ContainsAny(f.subject, verifySure)) {
		return Judgement{}, false
	}
	_, lower := f.body()
	lower = clipText(lower)
	if !hasCode(f.subject) && !hasCode(lower) && !strings.Contains(lower, "http") && !wording.ContainsAny(strings.ToLower(clipText(f.m.HTML)), []string{"href="}) {
		return Judgement{}, false
	}
	return Judgement{Kind: Verification, Rule: "subject:verification"}, true
}

// verifyPhrases are sentences of such mail whose subject says nothing of it, as
// "Confirmation instructions", "Welcome!", "Almost there". Folded.
var verifyPhrases = []string{"confirm your email address", "confirm your e-mail address", "confirm your account", "confirm this email address", "confirm that this is your email", "verify your email", "verify your e-mail", "verify your account", "verify this email", "verify that this is your email", "activate your account", "validate your email", "your verification code", "your confirmation code", "your one-time", "reset your password", "your password reset", "to join the workspace", "accept the invitation", "accept your invitation", "finish signing up", "complete your registration",
	"e-mail-adresse bestätigen", "e-mail-adresse zu bestätigen", "bestätigen sie ihre e-mail", "bestätige deine e-mail", "ihr bestätigungscode", "dein bestätigungscode", "konto aktivieren", "konto zu aktivieren", "passwort zurücksetzen", "passwort zurückzusetzen",
	"confirmer votre adresse", "confirmez votre adresse", "vérifier votre adresse", "activer votre compte", "votre code de vérification", "confirmar tu correo", "confirme su correo", "verificar tu correo", "activar tu cuenta", "tu código de verificación", "conferma il tuo indirizzo", "verificare il tuo indirizzo", "attivare il tuo account", "confirme o seu e-mail", "confirmar o seu e-mail", "ativar a sua conta", "bevestig je e-mail", "bevestig uw e-mail", "potwierdź swój adres", "aktywuj konto", "подтвердите адрес", "подтвердить адрес", "メールアドレスを確認", "confirma tu dirección", "confirma tu e", "επιβεβαιώστε τη", "bekräfta din e", "bekræft din e", "potvrďte svou e", "erősítse meg e", "邮箱地址验证", "验证您的邮箱"}

// verificationText knows such mail by its text, where a machine says that it
// sent it. That it names a mail it answers does not count against it: who asked
// for the code may have asked by a mail in our name.
func verificationText(f *facts) (Judgement, bool) {
	if f.answer || f.carries() || !f.robotic() && !f.noReply || f.m.Header.Has("List-Id") {
		return Judgement{}, false
	}
	_, lower := f.body()
	lower = clipText(lower)
	if !wording.ContainsAny(lower, verifyPhrases) || !strings.Contains(lower, "http") && !hasCode(lower) && !strings.Contains(strings.ToLower(clipText(f.m.HTML)), "href=") {
		return Judgement{}, false
	}
	return Judgement{Kind: Verification, Rule: "text:verification"}, true
}

// mass tells whether a sending service for applications carried the mail.
func (f *facts) mass() bool {
	for _, name := range []string{"Feedback-ID", "X-SES-Outgoing", "X-SG-EID", "X-Mailgun-Sid", "X-Mandrill-User", "X-PM-Message-Id", "X-Mailin-EID", "X-MSFBL", "X-MJ-Mid", "X-Auto-Response-Suppress", "List-Unsubscribe", "X-Entity-Ref-ID", "X-Postmark-Tag", "X-CSA-Complaints", "X-Notifications", "X-Google-Id", "X-Message-Flag"} {
		if f.m.Header.Has(name) {
			return true
		}
	}
	return false
}

// hasCode tells whether a word of four to eight digits, or of such a shape as
// "ABC-123" or "G-123456", stands in folded text.
func hasCode(s string) bool {
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" \n\t.,:;()<>[]*\"'!", r) }) {
		digits, others := 0, 0
		for _, r := range w {
			switch {
			case r >= '0' && r <= '9':
				digits++
			case r == '-' || r >= 'a' && r <= 'z':
				others++
			default:
				others += 10
			}
		}
		if digits >= 3 && digits <= 8 && others <= 4 && digits+others >= 4 {
			return true
		}
	}
	return false
}
