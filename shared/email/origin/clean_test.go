package origin_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/replywell/replywell/shared/email/origin"
)

func TestSubjectsLoseTheTagsOfGateways(t *testing.T) {
	for in, want := range map[string]string{
		"[EXTERNAL] Order 4711":                   "Order 4711",
		"[EXT] Re: Order":                         "Re: Order",
		"Re: [EXTERNAL] Order":                    "Re: Order",
		"RE: [External] RE: [EXTERN] Order":       "RE: RE: Order",
		"(External) Order":                        "Order",
		"*EXTERNAL* Order":                        "Order",
		"***SPAM*** Order":                        "Order",
		"EXTERNAL: Order":                         "Order",
		"[EXTERNE] Commande":                      "Commande",
		"AW: [EXTERN] - Bestellung":               "AW: Bestellung",
		"【外部】 注文":                                 "【外部】 注文",
		"[外部] 注文":                                 "注文",
		"External antenna for the TV":             "External antenna for the TV",
		"External: antenna":                       "External: antenna",
		"[Ticket 12] Order":                       "[Ticket 12] Order",
		"[EXTERNAL]":                              "[EXTERNAL]",
		"Order [EXTERNAL] 12":                     "Order [EXTERNAL] 12",
		"Caution: hot lamp":                       "Caution: hot lamp",
		"Re:":                                     "Re:",
		"":                                        "",
		"  two  blanks":                           "  two  blanks",
		"[Suspected Spam] [EXTERNAL] Fwd: Offers": "Fwd: Offers",
	} {
		if got, _ := origin.Clean(in, ""); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestTextsLoseWhatGatewaysWrote(t *testing.T) {
	const own = "Hello,\n\nwhere is my order?\n\nErika\n"
	for name, c := range map[string]struct{ before, after string }{
		"caution, one line": {before: "CAUTION: This email originated from outside of the organization. Do not " +
			"click links or open attachments unless you recognize the sender and know the content is safe.\n\n"},
		"caution, no blank line": {before: "CAUTION: This email originated from outside of the organization. Do not " +
			"click links or open attachments unless you recognize the sender and know the content is safe.\n"},
		"caution, hard-wrapped": {before: "CAUTION: This email originated from outside of the organization. Do not " +
			"click\nlinks or open attachments unless you recognize the sender and know the content\nis safe.\n\n"},
		"framed": {before: "------------------------------\n*** EXTERNAL EMAIL ***\nPlease use " +
			"caution when opening links or attachments.\n------------------------------\n\n"},
		"bracketed": {before: "[EXTERNAL EMAIL]\n\n"},
		"bracketed sentence": {before: "[This email originated from outside your organization. Do not click " +
			"links unless you trust it.]\n\n"},
		"title only": {before: "External Email\n"},
		"first contact": {before: "You don't often get email from erika.muster@mail.example. Learn why this " +
			"is important<https://aka.ms/LearnAboutSenderIdentification>\n\n"},
		"first contact, some": {before: "Some people who received this message don't often get email from " +
			"erika.muster@mail.example. Learn why this is important\n\n"},
		"first contact, de": {before: "Sie erhalten nicht oft eine E-Mail von erika.muster@mail.example. " +
			"Erfahren Sie, warum dies wichtig ist<https://aka.ms/LearnAboutSenderIdentification>\n\n"},
		"first contact, fr": {before: "Vous n’obtenez pas souvent d’e-mail à partir de " +
			"erika.muster@mail.example. Pourquoi c’est important\n\n"},
		"de": {before: "ACHTUNG: Diese E-Mail stammt von einem externen Absender. Klicken Sie " +
			"nicht auf Links und öffnen Sie keine Anhänge.\n\n"},
		"de, outside": {before: "Vorsicht: Diese E-Mail wurde von außerhalb der Organisation gesendet. " +
			"Öffnen Sie keine Anhänge.\n\n"},
		"fr": {before: "ATTENTION : ce courriel provient de l'extérieur de l'organisation. Ne " +
			"cliquez pas sur les liens.\n\n"},
		"es": {before: "PRECAUCIÓN: Este correo electrónico se originó fuera de la organización. " +
			"No haga clic en los enlaces.\n\n"},
		"it": {
			before: "ATTENZIONE: Questa e-mail proviene dall'esterno. Non cliccare sui link.\n\n"},
		"pt": {before: "CUIDADO: Este e-mail foi originado fora da organização. Não clique em " +
			"links.\n\n"},
		"nl": {before: "LET OP: Deze e-mail is afkomstig van buiten de organisatie. Klik niet op " +
			"links.\n\n"},
		"pl": {before: "UWAGA: Ta wiadomość pochodzi spoza organizacji. Nie klikaj linków.\n\n"},
		"ja": {before: "【注意】このメールは社外から送信されました。リンクや添付ファイルにご注意ください。\n\n"},
		"zh": {before: "警告：此邮件来自组织外部。请勿点击链接。\n\n"},
		"two banners": {before: "[EXTERNAL]\n\nThis message was sent from outside the company. Please do " +
			"not click links.\n\n"},
		"avast": {after: "\n-- \nThis email has been checked for viruses by Avast antivirus " +
			"software.\nwww.avast.com\n"},
		"avast, link": {after: "\n---\nThis email has been checked for viruses by Avast antivirus " +
			"software.\nhttps://www.avast.com/antivirus\n"},
		"avg": {after: "\n-----\nNo virus found in this message.\nChecked by AVG - www.avg.com\n" +
			"Version: 2016.0.7442 / Virus Database: 4545/11918 - Release Date: 04/01/16\n"},
		"virenfrei": {after: "\n---\nDiese E-Mail wurde von Avast Antivirus-Software auf Viren " +
			"geprüft.\nhttps://www.avast.com/antivirus\n"},
		"scanned by": {after: "\n______________________________________________________________________\n" +
			"This email has been scanned by the Symantec Email Security.cloud service.\nFor more information please " +
			"visit http://www.symanteccloud.com\n" +
			"______________________________________________________________________\n"},
		"mailscanner": {after: "\n-- \nThis message has been scanned for viruses and\ndangerous content " +
			"by MailScanner, and is\nbelieved to be clean.\n"},
		"google group": {after: "\n-- \nYou received this message because you are subscribed to the Google " +
			"Groups \"Support\" group.\nTo unsubscribe from this group and stop receiving emails from it, send an " +
			"email to support+unsubscribe@shop.example.\nTo view this discussion on the web visit " +
			"https://groups.google.com/a/shop.example/d/msgid/support/x%40mail.example.\n"},
		"google group, de": {after: "\n-- \nSie erhalten diese Nachricht, weil Sie in Google Groups E-Mails " +
			"von der Gruppe \"Support\" abonniert haben.\nWenn Sie sich von dieser Gruppe abmelden und keine E-Mails " +
			"mehr von dieser Gruppe erhalten möchten, senden Sie eine E-Mail an support+unsubscribe@shop.example.\n"},
	} {
		t.Run(name, func(t *testing.T) {
			_, got := origin.Clean("", c.before+own+c.after)
			if strings.TrimSpace(got) != strings.TrimSpace(own) {
				t.Errorf("got %q", got)
			}
		})
	}
}

// Nothing that a person wrote goes, though it reads like a banner's first words.
func TestPeoplesWordsStay(t *testing.T) {
	for _, text := range []string{
		"Caution: the lamp gets hot.\n\nErika",
		"External display does not work.\n\nErika",
		"This email is about my order. Do not click it away.",
		"Warning, this is my last mail before I call a lawyer.",
		"Attention please!\nwhere is my order?",
		"EXTERNAL EMAIL",
		"Please use caution with my parcel.",
		"Hello,\n\nCAUTION: This email originated from outside of the organization.\nwhat does this line in your " +
			"mails mean?",
		"Is my mail virus-free? This email has been returned twice.",
		"No virus found here, but your shop is down.",
		"You received this message because you are the only one who answers.",
		"I was scanned by your airport machine and the lamp broke.",
		"You don't often get praise, so here it is: great service!",
		"> This email has been checked for viruses by Avast antivirus software.\n\nwhy do you write this?",
		"Achtung: die Lampe ist kaputt.\nBitte um Ersatz.",
		"The link https://shop.example/?url=https%3A%2F%2Fother.example stays.",
	} {
		if _, got := origin.Clean("", text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}

func TestWrappedLinksAreUnwrapped(t *testing.T) {
	const want = "https://shop.example/order?id=4711&lang=de"
	for name, link := range map[string]string{
		"safelinks":     "https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fshop.example%2Forder%3Fid%3D4711%26lang%3Dde&data=05%7C01%7C&sdata=x%3D&reserved=0",
		"safelinks ap":  "https://emea01.safelinks.protection.outlook.com/ap/t-59584e83/?url=https%3A%2F%2Fshop.example%2Forder%3Fid%3D4711%26lang%3Dde&amp;data=05",
		"proofpoint v1": "https://urldefense.proofpoint.com/v1/url?u=https%3A%2F%2Fshop.example%2Forder%3Fid%3D4711%26lang%3Dde&k=x",
		"proofpoint v2": "https://urldefense.proofpoint.com/v2/url?u=https-3A__shop.example_order-3Fid-3D4711-26lang-3Dde&d=DwMF&c=x",
		"proofpoint v3": "https://urldefense.com/v3/__https://shop.example/order?id=4711&lang=de__;!!AbC!xyz$",
		"v3, replaced":  "https://urldefense.com/v3/__https://shop.example/order?id=4711*lang=de__;Jg!!AbC!xyz$",
		"barracuda":     "https://linkprotect.cudasvc.com/url?a=https%3a%2f%2fshop.example%2forder%3fid%3d4711%26lang%3dde&c=E,1,x",
		"sophos":        "https://eu-west-1.protection.sophos.com?d=shop.example&u=aHR0cHM6Ly9zaG9wLmV4YW1wbGUvb3JkZXI_aWQ9NDcxMSZsYW5nPWRl&i=x",
		"sophos slash":  "https://eu-west-1.protection.sophos.com/?d=shop.example&u=aHR0cHM6Ly9zaG9wLmV4YW1wbGUvb3JkZXI_aWQ9NDcxMSZsYW5nPWRl&i=x",
		"cisco":         "https://secure-web.cisco.com/1AbC/https%3A%2F%2Fshop.example%2Forder%3Fid%3D4711%26lang%3Dde",
	} {
		if _, got := origin.Clean("", "See "+link+". Thanks <"+link+">"); got != "See "+want+". Thanks <"+want+">" {
			t.Errorf("%s: got %q", name, got)
		}
		if got := origin.CleanHTML(`<a href="` + link + `">x</a>`); got != `<a href="`+want+`">x</a>` &&
			got != `<a href="`+strings.ReplaceAll(want, "&", "&amp;")+`">x</a>` {
			t.Errorf("%s in HTML: got %q", name, got)
		}
	}
	for _, link := range []string{"https://nam02.safelinks.protection.outlook.com/?url=javascript%3Aalert(1)&data=x",
		"https://nam02.safelinks.protection.outlook.com/", "https://protect-us.mimecast.com/s/AbC?domain=shop.example",
		"https://urldefense.com/v3/__broken", "https://urldefense.com/v3/__https://a/*b__;!!"} {
		if _, got := origin.Clean("", link); got != link {
			t.Errorf("%q became %q", link, got)
		}
	}
}

// Cleaning twice changes nothing more, and no line of a person's goes.
func TestCleanIsStableAndLosesNothing(t *testing.T) {
	pieces := []string{"CAUTION: This email originated from outside of the organization. Do not click links.\n\n",
		"[EXTERNAL]\n", "zeta one\n", "zeta two: look here.\n", "\n", "---\n",
		"This email has been checked for viruses by Avast antivirus software.\nwww.avast.com\n", "> zeta three\n",
		"zeta https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fshop.example%2F&data=x four.\n",
		"-- \n",
		"You received this message because you are subscribed to the Google Groups \"Support\" group.\nTo " +
			"unsubscribe from this group and stop receiving emails from it, send an email to " +
			"a+unsubscribe@shop.example.\n"}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 12).Draw(t, "text"), "")
		_, once := origin.Clean("", text)
		if strings.Count(once, "zeta") != strings.Count(text, "zeta") {
			t.Fatalf("%q lost a person's line: %q", text, once)
		}
		if _, twice := origin.Clean("", once); twice != once {
			t.Fatalf("cleaned twice %q, once %q", twice, once)
		}
	})
}

func FuzzClean(f *testing.F) {
	f.Add("[EXTERNAL] x", "CAUTION: This email originated from outside of the organization.\n\nHi "+
		"https://urldefense.com/v3/__https://a/**A__;!!")
	f.Add("***SPAM***", "-- \nNo virus found in this message.\nChecked by AVG - www.avg.com")
	f.Fuzz(func(t *testing.T, subject, text string) {
		s, c := origin.Clean(subject, text)
		if strings.TrimSpace(text) != "" && strings.TrimSpace(c) == "" {
			t.Fatalf("nothing is left of %q", text)
		}
		if strings.TrimSpace(subject) != "" && strings.TrimSpace(s) == "" {
			t.Fatalf("nothing is left of %q", subject)
		}
	})
}

func BenchmarkClean(b *testing.B) {
	text := "CAUTION: This email originated from outside of the organization.\n\n" +
		strings.Repeat("The order of last week did not come, see "+
			"https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fshop.example%2F&data=x and tell me.\n",
			150)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		origin.Clean("[EXTERNAL] Order", text)
	}
}

// A stranger's text takes time in proportion to its size, however it is made.
func BenchmarkCleanHostile(b *testing.B) {
	for name, text := range map[string]string{
		"banners": strings.Repeat("CAUTION: external email. Do not click. ", 25000),
		"footers": strings.Repeat("This email has been scanned by avast\n", 25000),
		"links": strings.Repeat("https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fa.example ",
			12000),
		"slashes": strings.Repeat("://", 300000),
		"titles":  strings.Repeat("[EXTERNAL]\n", 90000),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				origin.Clean("", text)
			}
		})
	}
}
