package origin

import (
	"github.com/replywell/replywell/shared/email/wording"
	"github.com/replywell/replywell/shared/language"
)

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
