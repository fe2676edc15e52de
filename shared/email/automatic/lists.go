package automatic

import (
	"strings"

	"github.com/replywell/replywell/shared/email/wording"
)

// listMail is mail that a mailing list distributed (RFC 2919, RFC 2369). What a
// forwarder of the team's own (a group, a host) wrote into the header does not
// count, see origin.Origin.
func listMail(f *facts) (Judgement, bool) {
	for _, name := range []string{"List-Id", "List-Post", "Mailing-List", "X-Mailing-List", "X-BeenThere", "X-Mailman-Version", "X-ListName", "X-Listserver", "List-Archive", "List-Subscribe"} {
		for _, v := range f.m.Header.Values(name) {
			if v = strings.ToLower(strings.TrimSpace(v)); v != "" && v != "no" && !f.forwarders(v) {
				return Judgement{Kind: f.listOrBulk(name), Rule: "header:" + strings.ToLower(name)}, true
			}
		}
	}
	for _, v := range append(f.m.Header.Values("Precedence"), f.m.Header.Values("X-Precedence")...) {
		switch v = strings.ToLower(strings.TrimSpace(v)); {
		case f.origin.Forwarded, f.passedOn(), f.replies():
		case strings.HasPrefix(v, "list"):
			return Judgement{Kind: List, Rule: "header:precedence"}, true
		case strings.HasPrefix(v, "bulk"), strings.HasPrefix(v, "junk"):
			return Judgement{Kind: Bulk, Rule: "header:precedence"}, true
		}
	}
	return Judgement{}, false
}

// listOrBulk tells newsletters, which name a List-Id for the provider's filters,
// from lists that people write to.
func (f *facts) listOrBulk(field string) Kind {
	post := f.header("List-Post")
	if field == "List-Id" && (post == "" || strings.HasPrefix(post, "no")) && f.m.Header.Has("List-Unsubscribe") &&
		!f.m.Header.Has("X-BeenThere") && !f.m.Header.Has("List-Help") && !f.m.Header.Has("Mailing-List") {
		return Bulk
	}
	return List
}

// forwarders tells whether a list field's value is the forwarder's own.
func (f *facts) forwarders(value string) bool {
	switch {
	case strings.HasPrefix(f.origin.Rule, "contact-form"):
		return true
	case f.origin.Forwarded && (f.origin.Rule == "list" || f.origin.Rule == "via-list"):
		return true
	case !f.origin.Forwarded, f.origin.Rule != "group" && f.origin.Rule != "via-group" && !strings.HasPrefix(f.origin.Rule, "x-original"):
		return false // a redirect leaves a newsletter a newsletter
	}
	if strings.Contains(value, "googlegroups.com") || strings.Contains(value, "groups.google.com") {
		return true
	}
	local, domain := wording.SplitAddress(f.origin.Forwarder)
	return domain != "" && (strings.Contains(value, local+"."+domain) || strings.Contains(value, local+"@"+domain) || strings.Contains(value, "@"+domain) || strings.Contains(value, "/"+domain) || strings.Contains(value, "."+domain))
}

// campaignFields are written by the systems that send newsletters, and by them only.
var campaignFields = []string{"X-Campaign", "X-CampaignID", "X-Campaign-Id", "X-MC-User", "X-MailChimp-Campaign", "X-Mailer-Campaign", "X-Newsletter", "X-Mailgun-Campaign-Id", "X-Campaign-Activity-ID", "X-Rpcampaign", "X-Klaviyo-Campaign", "X-Mailkit", "X-Cleverreach", "X-Sib-Campaign", "X-Roving-ID", "X-SFMC-Stack", "X-Marketo", "X-MktArchive", "X-HubSpot-Campaign", "X-Emarsys", "X-Elq", "X-Bulkmail", "X-Bulk", "X-MSFBL-Campaign"}

// campaignMailers name themselves in X-Mailer. In lower case.
var campaignMailers = []string{"mailchimp", "phplist", "acymailing", "mailpoet", "newsletter", "cleverreach", "inxmail", "sendy", "ongage", "emarsys", "campaign"}

// bulkMail is mail that offers to unsubscribe (RFC 2369, RFC 8058) or comes
// from a campaign. An answer to a mail of ours is none, whatever system its
// writer uses.
func bulkMail(f *facts) (Judgement, bool) {
	answers := len(f.m.InReplyTo) > 0 && f.answer
	for _, name := range campaignFields {
		if f.m.Header.Has(name) && !answers {
			return Judgement{Kind: Bulk, Rule: "header:" + strings.ToLower(name)}, true
		}
	}
	if !answers && wording.ContainsAny(f.header("X-Mailer"), campaignMailers) {
		return Judgement{Kind: Bulk, Rule: "header:x-mailer"}, true
	}
	for _, name := range []string{"List-Unsubscribe-Post", "List-Unsubscribe"} {
		if v := f.header(name); v != "" && !answers && !f.forwarders(v) {
			return Judgement{Kind: Bulk, Rule: "header:" + strings.ToLower(name)}, true
		}
	}
	return Judgement{}, false
}

// machineLocals are senders of monitoring, cron and the like; squashed.
var machineLocals = []string{"cron", "crondaemon", "root", "nagios", "icinga", "zabbix", "monit", "logwatch", "alertmanager", "munin", "smartd", "anacron", "fail2ban", "prometheus", "grafana", "jenkins", "gitlab", "unattendedupgrades", "wwwdata", "apache", "nobody", "notification", "notifications", "notify", "alert", "alerts", "mailerbot", "automailer", "autoreply", "autoresponder", "autoresponse", "autoreponse", "bounce", "bounces", "system", "robot", "bot", "daemon", "calendarnotification", "invitations", "messages", "mailrobot", "dmarcreport", "dmarcreports", "dmarcsupport", "dmarc"}

// sureLocals are those of machineLocals that no person has, whatever else the mail says.
var sureLocals = map[string]bool{"autoreply": true, "autoresponder": true, "autoresponse": true, "crondaemon": true, "calendarnotification": true, "notifications": true, "notification": true, "mailrobot": true, "automailer": true}

// notification is a machine's own message: senders that nobody reads, cron,
// monitoring. A contact form or group that signs so has a person behind it.
func notification(f *facts) (Judgement, bool) {
	if f.written() {
		return Judgement{}, false
	}
	switch s := wording.Squash(f.local); {
	case s == "majordomo", s == "listserv", strings.HasPrefix(f.local, "owner-"), strings.HasSuffix(f.local, "-bounces"):
		// RFC 3834 section 2 names the senders that are list managers.
		return Judgement{Kind: List, Rule: "sender:list-manager"}, true
	case f.noReply:
		return Judgement{Kind: Notification, Rule: "sender:no-reply"}, true
	case f.daemon:
		return Judgement{Kind: Notification, Rule: "sender:mail-system"}, true
	case sureLocals[s]:
		return Judgement{Kind: Notification, Rule: "sender:machine"}, true
	case wording.HasAnyPrefix(f.subject, []string{"cron <", "anacron job", "logwatch for ", "[monit] ", "** problem ", "** recovery ", "problem: ", "[firing:", "[resolved]", "report domain: "}) && f.isMachineLocal(s):
		return Judgement{Kind: Notification, Rule: "subject:monitoring"}, true
	}
	return Judgement{}, false
}

func (f *facts) isMachineLocal(s string) bool {
	for _, l := range machineLocals {
		if s == l {
			return true
		}
	}
	return false
}
