package origin

import (
	"strings"
	"sync"

	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/wording"
	"github.com/replywell/replywell/shared/language"
)

// formLabels are the labels of contact forms, folded: 'n' name, 'l' last name,
// 'e' e-mail address, 'm' message.
var formLabels = sync.OnceValue(func() map[string]byte {
	all := map[string]byte{}
	for _, l := range []struct {
		heading language.Heading
		kind    byte
	}{{language.FormName, 'n'}, {language.FormLastName, 'l'}, {language.FormAddress, 'e'}, {language.FormMessage, 'm'}} {
		for _, w := range language.Phrases(l.heading) {
			all[wording.Fold(w)] = l.kind
		}
	}
	return all
})

// titledAsForm tells whether a folded subject is a contact form's.
func titledAsForm(folded string) bool {
	return wording.ContainsAny(folded, language.Phrases(language.FormSubject)) || wording.ContainsAny(folded, []string{"[contact]", "[kontakt]"})
}

// robotLocals are local parts that sites send with, without separators.
var robotLocals = set("wordpress|webform|webforms|webformmailer|website|webserver|webmailer|www|wwwrun|wwwdata|apache|apache2|httpd|nginx|nobody|forms|form|formmail|formmailer|formular|formulare|formulaire|formulario|contactform|kontaktformular|mailer|phpmailer|php|cgi|drupal|joomla|typo3|shopify|wix|squarespace|automailer|automailer1|submissions|submission|formsubmit|formresponses|noreplyforms|websiteforms|webmasterform|sendmail|daemonform|robot|bot|notification|notifications|notify|mailbot|postfixform")

// siteLocals may be a site's or a person's: they need more evidence.
var siteLocals = set("info|contact|kontakt|contacto|contatto|contato|web|webmaster|admin|administrator|support|hello|hallo|office|mail|email|sales|shop|store|service|server|site|post|team|anfrage|enquiries|inquiries|root|help|portal|enquiry|inquiry|inserate|immobilien|vermittlung|marketplace|marktplatz|listing|listings|quote|quotes|quotation|booking|bookings|reservation|reservations|buchung|messages|message|messaging|nachrichten|customer|customers|client|clients|kunden|request|requests|angebot|angebote|offers|jobs|orders|crm|notification|notifications|notify|mailing|news|marketing|hotline|feedback|reviews|postmaster|tickets|lead|leads|enquiries|inquiries|anfrage|anfragen")

// leadLocals are those of them that portals send people's questions with.
var leadLocals = set("lead|leads|enquiry|inquiry|enquiries|inquiries|anfrage|anfragen|portal|marketplace|marktplatz|listing|listings|quotes|quotation|vermittlung|inserate|immobilien")

// formDomains are services that host forms.
var formDomains = []string{"formspree.io", "jotform.com", "typeform.com", "typeform.io", "wufoo.com", "formsubmit.co", "getform.io", "web3forms.com", "formcarry.com", "usebasin.com", "formbold.com", "tally.so", "paperform.co", "cognitoforms.com", "123formbuilder.com", "formstack.com", "formsite.com", "elfsight.com", "netlify.com", "netlifyforms.com", "webflow.com", "squarespace.info", "squarespace.com", "wixforms.com", "wix-forms.com", "ascendbywix.com", "weebly.com", "fillout.com", "formassembly.com", "zohoforms.com", "heyform.net", "staticforms.xyz", "formkeep.com", "smartforms.dev", "emailjs.com", "kontactr.com", "foxyform.com"}

// isRobot tells whether an address is one that only programs send with.
func isRobot(address string) bool {
	local, domain, _ := strings.Cut(strings.ToLower(address), "@")
	for _, d := range formDomains {
		if domain == d || strings.HasSuffix(domain, "."+d) {
			return true
		}
	}
	return robotLocals[wording.Squash(local)] || isNoReply(address)
}

func isSiteLocal(address string) bool {
	local, _, _ := strings.Cut(strings.ToLower(address), "@")
	return siteLocals[wording.Squash(local)]
}

// isNoReply tells whether an address says that nobody reads it.
func isNoReply(address string) bool {
	local, _ := wording.SplitAddress(address)
	return wording.IsNoReply(local)
}

// formSoftware tells whether the header has the traces of a web site's mailer.
func formSoftware(m *message.Message) bool {
	for _, name := range []string{"X-PHP-Originating-Script", "X-PHP-Script", "X-Contact-Form", "X-WPCF7-Content-Type", "X-Form-Id", "X-Form-Name", "X-Jotform", "X-Formspree", "X-Netlify-Form", "X-Shopify-Form", "X-Wp-Mail", "X-Gravity-Forms", "X-Ninja-Forms", "X-Wpforms", "X-Website-Form"} {
		if m.Header.Has(name) {
			return true
		}
	}
	return wording.ContainsAny(wording.Fold(m.Header.Get("X-Mailer")), []string{"phpmailer", "php/", "wpmailsmtp", "wp mail smtp", "drupal", "typo3", "joomla", "contact form", "swiftmailer", "symfony mailer", "formmail", "cgi", "nodemailer", "laravel", "codeigniter", "zend", "wpforms"})
}

func set(words string) map[string]bool {
	s := map[string]bool{}
	for _, w := range strings.Split(words, "|") {
		s[w] = true
	}
	return s
}
