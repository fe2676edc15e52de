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

// What gateways, scanners and mailing groups write in human languages is in the
// files of package language ([external-tag] to [virus]). Here is what they write
// whatever the language: their names, and marks of their own. All is folded.

// gatewayTags are what gateways put in brackets before a subject beside the words
// for mail from outside.
var gatewayTags = set("suspected spam|spam|possible spam|spam?|probable spam|spam suspect|suspicious|bulk|marketing|phishing?|suspected phishing|ext mail|newsletter?")

// isTag tells whether a folded word in brackets before a subject is a gateway's.
func isTag(folded string) bool {
	return gatewayTags[folded] || language.Has(language.ExternalTag, folded)
}

// isBanner tells whether a folded line, or sentence, is a banner by itself. The two
// words are those between which Proofpoint writes its own.
func isBanner(folded string) bool {
	return language.Has(language.BannerTitle, folded) || folded == "zjqcmqryfpfptbannerstart" || folded == "zjqcmqryfpfptbannerend"
}

// beginsBanner tells whether a folded sentence is the first of a banner: it begins
// as one, and has words that only banners have.
func beginsBanner(folded string) bool {
	return wording.HasAnyPrefix(folded, language.Phrases(language.BannerStart)) && wording.ContainsAny(folded, language.Phrases(language.BannerProof))
}

// goesOnWithBanner tells whether a folded sentence may be one of a banner's others.
func goesOnWithBanner(folded string) bool {
	return wording.HasAnyPrefix(folded, language.Phrases(language.BannerFollow)) || wording.HasAnyPrefix(folded, bannerMarks)
}

var bannerMarks = []string{
	"https://aka.ms/learnaboutsenderidentification", "<https://aka.ms/learnaboutsenderidentification",
	"http://aka.ms/learnabout", "feedback", "powered by", "zjqcmqry",
}

// beginsFooter tells whether a folded line begins the footer of a scanner or a group.
func beginsFooter(folded string) bool {
	return wording.HasAnyPrefix(folded, language.Phrases(language.FooterStart)) || wording.HasAnyPrefix(folded, footerMarks)
}

var footerMarks = []string{
	"scanned by", "avast logo", "internal virus database", "version: ", "information from eset",
	"__________ information from eset", "the message was checked by eset", "total control panel", "bullguard",
	"i am using the free version of",
}

// provesFooter tells whether the first lines of a footer have words that make it one.
func provesFooter(folded string) bool {
	return wording.ContainsAny(folded, scanners) || wording.ContainsAny(folded, language.Phrases(language.Virus)) ||
		wording.ContainsAny(folded, language.Phrases(language.FooterProof))
}

// scanners are the names of virus scanners and mailing groups.
var scanners = []string{
	"avast", "avg", "norton", "mcafee", "kaspersky", "eset", "nod32", "bitdefender", "sophos", "symantec",
	"messagelabs", "mimecast", "mailscanner", "clamav", "trend micro", "trendmicro", "avira", "f-secure", "panda",
	"websense", "forcepoint", "barracuda", "websafe", "antivirus", "anti-virus", "spamfighter", "bullguard",
	"mailcleaner", "antigena", "google groups", "google-groups", "groups.google", "google gruppe", "google グループ",
	"grupos de google", "grupos do google", "groupe google", "+unsubscribe@", "spam fighter",
}

// goesOnWithFooter tells whether a folded line may follow in a footer.
func goesOnWithFooter(folded string) bool {
	return wording.HasAnyPrefix(folded, language.Phrases(language.FooterFollow)) || wording.HasAnyPrefix(folded, footerLines)
}

var footerLines = []string{
	"checked by avg", "version:", "http", "<http", "www.", "virus database", "database version",
	"internal virus database", "avast", "the message was checked", "mcafee", "mailscanner",
}

// mayHaveFooter: without any of these in a folded text there is none to look for.
func mayHaveFooter(folded string) bool {
	return wording.ContainsAny(folded, footerHints) || wording.ContainsAny(folded, language.Phrases(language.Virus))
}

var footerHints = []string{
	"avast", "avg", "antivir", "scanned", "google", "eset", "as spam",
}

// ownList is mail that a mailing list passed on which is the team's own
// support address, and left From alone. A list of other people's stays a list.
func ownList(m *message.Message) (Origin, bool) {
	address := teamList(m)
	if address == "" || !strings.Contains(m.From.Address, "@") || ofList(m.From.Address, address) {
		return Origin{}, false
	}
	return Origin{Author: m.From, Rule: "list", Forwarded: true, ReplyTo: ordinaryReplyTo(m, address), Forwarder: address}, true
}

// teamList is the address of the list (RFC 2369 section 3.4, or as Mailman
// says it) that passed a mail on, in lower case, if the mail was written to it
// and it is named as addresses for customers are; "" else.
func teamList(m *message.Message) string {
	for _, name := range []string{"X-BeenThere", "List-Post"} {
		a, ok := addressIn(strings.ReplaceAll(m.Header.Get(name), "mailto:", ""))
		if !ok || !isRecipient(m, a.Address) {
			continue
		}
		address := strings.ToLower(a.Address)
		if local, _ := wording.SplitAddress(address); wording.ContainsAny(local, language.Phrases(language.DeskAddress)) {
			return address
		}
	}
	return ""
}

// ofList tells whether an address is the list's own or one of its robots':
// support@, support-bounces@, support-owner@.
func ofList(address, list string) bool {
	local, domain := wording.SplitAddress(strings.ToLower(address))
	name, host := wording.SplitAddress(list)
	return domain == host && (local == name || strings.HasPrefix(local, name+"-") || strings.HasPrefix(local, name+"+") || strings.HasPrefix(local, "mailman"))
}
