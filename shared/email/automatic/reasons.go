package automatic

import (
	"github.com/replywell/replywell/shared/email/wording"
	"github.com/replywell/replywell/shared/language"
)

// cause is why a mail was not delivered: a sentence for people and the RFC 3463
// detail that it stands for (the class, 4 or 5, is told elsewhere).
type cause struct {
	name    string
	words   string   // in plain words
	detail  string   // "1.1" of "5.1.1", for reports that give no status
	lasting bool     // permanent even where the report gives no class at all
	phrases []string // folded; the way mail systems say it
}

// causes in the order in which they are looked for: what is said most exactly
// comes first. To teach a new wording, add it to its cause.
var causes = []cause{
	{"mailbox-full", "The mailbox is full", "2.2", false, []string{
		"mailbox full", "mailbox is full", "mail box full", "mail box is full", "inbox is full", "inbox full", "over quota", "overquota", "quota exceed", "exceeded quota",
		"exceeds quota", "exceeded storage", "exceeded the storage", "over the storage limit", "storage quota", "disk quota", "disc quota", "out of storage",
		"mailbox has exceeded", "mailbox exceeded", "exceeded his quota", "exceeded its quota", "user is over", "user over", "mailbox size limit", "mailbox limit",
		"not enough storage", "insufficient disk space", "insufficient mailbox", "mailbox storage", "maildir over", "mailfolder is full", "mail folder is full", "account is full",
		"is full, limit", "delivery failed: over", "storelimit", "full mailbox", "not able to receive because of quota", "quotaexceed", "reached its quota", "mailbox quota",
		"exceed the quota", "exceeding receive limits", "too many messages in mailbox", "mailbox would exceed",
		"too much mail data", "errobxfull", "gedsfull", "account is over", "recipient storage full", "exceeded the local limit",
	}},
	{"too-big", "The message is too big", "3.4", true, []string{
		"message size exceed", "message too large", "message too big", "message is too large", "message is too big", "size limit exceed", "exceeds the size", "exceeds size", "mail size limit",
		"exceeds maximum", "exceeds fixed maximum", "exceeds the maximum message", "exceeded the maximum", "message file too big", "message length exceed", "size of the message exceed", "size exceeds",
		"too large to be delivered", "larger than the current system limit", "larger than the maximum", "message larger", "exceeds limit on message size", "maximum message size",
		"max message size", "message size limit", "size greater than", "exceeded message size", "larger than the limit", "sizelimit", "email too big", "data size exceeds", "body too large", "taille maximale", "exceed.msgsize", "recipsizelimit", "line too long",
	}},
	{"virus", "The message was refused because a virus was found in it", "7.1", true, []string{
		"virus found", "virus detected", "infected with", "contains a virus", "contained a virus", "contains virus", "message infected", "malware", "because it contains a potential virus",
		"your message was infected", "illegal attachment", "attachment is not allowed", "attachment type", "file type is not allowed", "unsafe attachment", "banned filename", "blocked because its content presents a potential",
		"executable attach", "we do not accept mails with this attachment", "not allowed attachment", "potentially executable content", "552-5.7.0 this message was blocked because",
	}},
	{"dmarc", "The receiver could not verify that the message comes from your domain (SPF, DKIM or DMARC)", "7.26", true, []string{
		"purported responsible",
		"dmarc", "dkim", "spf check", "spf fail", "spf: ", "spf hard", "spf record", "sender policy framework", "spf validation", "failed spf", "spf=fail", "unauthenticated email", "unauthenticated mail", "domain's policy", "sender id (pra)", "not pass authentication checks",
		"authentication-results", "authentication information", "verification failed for", "not authorized to use this domain", "domain of sender", "openspf",
	}},
	{"reverse-dns", "The receiver does not accept mail from our server's address (no matching DNS name)", "7.25", true, []string{
		"reverse dns", "rdns", "ptr record", "ptr lookup", "no ptr", "missing ptr", "without ptr", "unable to resolve ip", "cannot find your hostname", "cannot find your reverse hostname", "hostname lookup", "client host rejected: cannot find", "fix reverse", "does not have a valid reverse", "helo command rejected", "invalid helo", "helo name", "ptr-record", "fcrdns", "access denied. name is not",
	}},
	{"blocked", "The receiver blocks our mail server", "7.1", true, []string{
		"blacklist", "black list", "blocklist", "block list", "blocked using", "spamhaus", "spamcop", "barracudacentral", "sorbs", "rbl ", "dnsbl", "is listed", "listed at", "listed by", "listed on", "currently listed", "bad reputation", "poor reputation", "low reputation", "reputation",
		"blocked ip", "ip blocked", "your ip address", "your ip is", "sending ip", "ip address is not allowed", "client host blocked", "client host rejected", "temporarily deferred due to user complaints", "not accepting mail from your", "not accepting connections from your",
		"message refused by senderbase", "banned sending ip", "senderscore", "ip has been blocked", "server is blocked", "host blocked", "connection refused by", "connection denied", "connections not accepted from", "connection rejected by policy", "access denied. your ip",
		"open relay", "dynamic ip", "dynamic/residential", "dialup", "please use the smtp server of your isp", "your network is temporary blacklisted", "cmd=rcpt, blocked", "spam source", "service unavailable; client host", "mail from ip", "your mail server", "is in my badmailfrom", "bad sender ip", "relays from",
	}},
	{"rate-limited", "The receiver limits how much mail it takes from us", "7.0", false, []string{
		"too many recipients", "you've reached your", "reached your daily", "reached the limit",
		"rate limit", "ratelimit", "rate that", "frequency limited", "too many connections", "too many concurrent", "too many messages", "too many emails", "too many mails", "too many recipients this", "too much mail", "throttl", "receiving mail too quickly", "receiving mail at a rate", "sending too",
		"connection limit", "exceeded the rate", "exceeded the sending", "sending limit", "message rate", "connection rate", "hourly limit", "daily limit", "message submission rate", "slow down", "concurrent number", "mail flow", "exceeded the max emails", "exceeded your message sending quota", "trop de connexions", "unusual rate of", "rcptcountexceeded", "max connect", "limit exceeded for this",
	}},
	{"spam", "The receiver took the message for spam", "7.1", true, []string{
		"spam", "unsolicited", "junk mail", "ube,", "bulk mail", "bulk email", "content rejected", "content reject", "rejected due to content", "content restrictions", "content-related", "content filter", "content policy", "message content", "message rejected due to", "message looks like", "high-probability", "likely unwanted", "suspicious", "phishing", "bayes", "url listed", "surbl", "uribl",
		"message blocked", "message was blocked", "mail content denied", "message filtered", "cloudmark", "refused by filter", "rejecting banned content", "banned content", "blocked by policy: no bulk", "detected as", "rejected for policy reasons", "transaction failed: message",
	}},
	{"no-domain", "The domain does not exist or takes no mail", "1.2", true, []string{
		"could not find a gateway",
		"host unknown", "unknown host", "host not found", "domain not found", "no such domain", "unknown domain", "domain does not exist", "domain name not found", "name or service not known", "nxdomain", "name service error", "domain name could not be", "non-existent domain", "non-existing domain", "bad destination system address", "domain is not reachable",
		"dns error", "domain not exist", "domain does not accept mail", "nullmx", "null mx", "no mx", "mx record", "unrouteable mail domain", "illegal host/domain name found", "no a or mx", "host name is unknown", "domain is not valid", "invalid domain", "domain isn't", "domain name that is not", "couldn't find any host", "could not find any host", "couldn't find a mail exchanger", "does not accept mail", "domain couldn't be found", "no answer from dns", "doesn't receive mail", "does not like recipient domain", "dns lookup", "recipient domain must exist", "hostnotfound",
	}},
	{"mailbox-disabled", "The mailbox is closed or suspended", "2.1", true, []string{
		"mailbox is frozen", "mailbox frozen", "account is frozen", "account is blocked", "compte du destinataire est bloqu",
		"mailbox disabled", "account disabled", "account is disabled", "account has been disabled", "mailbox is disabled", "inactive", "user is inactive", "suspended", "account has been suspended", "deactivated", "account expired", "account is locked", "mailbox is inactive", "mailbox is locked", "locked mailbox", "mailbox temporarily disabled", "account that you tried to reach is disabled", "recipient suspend", "account closed", "has been closed", "account blocked", "currently disabled", "is not active", "not activated", "no longer in use", "no longer valid", "no longer accept", "no longer on server", "desactiv", "discontinued", "temporarily locked", "user has moved out",
	}},
	{"no-mailbox", "The mailbox does not exist", "1.1", true, []string{
		"user unknown", "unknown user", "no such user", "user not found", "no such mailbox", "mailbox not found", "mailbox does not exist", "no mailbox", "mailbox unknown", "unknown mailbox",
		"unknown recipient", "recipient name is not recognized", "not listed in public", "no mailbox here", "recipient unknown", "recipient not found", "recipientnotfound", "recipnotfound", "no such recipient", "invalid recipient", "recipient invalid", "recipient address rejected: undeliverable address",
		"not a known user", "not known", "unknown address", "address unknown", "address not found", "no such address", "invalid address", "address does not exist", "address is invalid", "invalid user", "user invalid", "does not exist", "doesn't exist", "doesn't have", "does not have an account", "not exist",
		"no user", "user does not", "no account", "account does not", "unknown account", "account not found", "unknown or illegal alias", "unknown local part", "unknown local-part", "no local mailbox", "unrouteable address", "unroutable address",
		"wasn't found", "couldn't be found", "could not be found", "was not found", "is unknown", "is not a valid", "not listed in", "undeliverable address", "addressee unknown", "no valid recipient", "bad destination mailbox", "mailbox invalid", "not our customer", "is not a known", "not found in directory", "not listed in domino directory", "not listed in public name", "no match",
		"invalid mailbox", "mailbox name not allowed", "mailbox unavailable", "recipient does not exist", "recipient rejected", "unknown email address", "email address you entered", "there is no one at this address", "no longer available", "account that you tried to reach", "not in my", "nosuchuser", "no such person", "recipient address unknown", "address error", "possibly incorrect", "non-existent", "nonexistent", "user address", "isn't a", "incorrectly addressed", "access denied. [", "recipient address rejected: access denied",
		"sender verify failed", "550 requested action not taken",
	}},
	{"moved", "The recipient has another address now", "1.6", true, []string{"has moved", "new address is", "user not local; please try", "user has moved", "address changed to", "address has changed", "mailbox has moved", "recipient's new"}},
	{"not-allowed", "The recipient takes mail from certain senders only", "7.1", true, []string{
		"unroutable sender", "unauthenticated sender", "address is not verified", "sender domain", "sender is not",
		"not accept mail from", "only accepts mail from", "only accept mail from", "not authorized to send", "not permitted to send", "you do not have permission", "sender not allowed", "sender is not allowed", "not allowed to send", "restricted", "authrequired", "members only", "member only", "not a member", "permission to post", "post to this", "sender denied", "sender rejected", "sender address rejected", "sender not authenticated", "sender is blocked", "address is blocked", "permission to send", "delivery not authorized", "delivery to this recipient is not", "refused by recipient", "recipient has refused", "you are not authorized", "you're not allowed", "moderat", "rejected by recipient", "rejected by the recipient", "not in the recipient's", "sender verification", "your email address has been blocked", "unverified sender", "domain of sender address", "must be authenticated", "is not authorized",
	}},
	{"relay", "The receiver's server does not take mail for this address", "7.1", true, []string{
		"not configured to relay",
		"relaying denied", "relay access denied", "relay not permitted", "not permitted to relay", "relaying not", "unable to relay", "relay denied", "cannot relay", "relaying prohibited", "no relaying", "relaying mail", "we do not relay", "not relaying", "smtp authentication", "authentication required", "not permitted to", "relay through", "rcpthosts", "not allowed to relay", "not a gateway", "insecure mail relay", "that domain isn't in my list", "does not handle mail", "smtp server does not advertise auth", "send mail as",
	}},
	{"loop", "The mail went round in a circle", "4.6", true, []string{"mail loop", "mail loops", "mail forwarding loop", "too many hops", "hop count", "looping", "loop detected", "loops back", "routing loop", "too many received"}},
	{"greylisted", "The receiver asked us to try again later", "7.1", false, []string{"greylist", "graylist", "grey list", "gray list", "grey-list"}},
	{"unreachable", "The receiver's mail server could not be reached", "4.1", false, []string{
		"hosts have been failing", "accept our requests to connect", "accept our connect",
		"connection timed out", "connection refused", "no route to host", "network is unreachable", "host is unreachable", "host not reachable", "unreachable", "connection reset", "lost connection", "connection dropped", "connection closed", "connection lost", "remote host closed", "broken pipe", "couldn't connect", "could not connect", "unable to connect", "cannot connect", "not responding", "did not respond", "unable to reach", "timed out", "no answer from host", "sorry, i wasn't able to establish", "wasn't able to establish an smtp", "can't connect", "conversation with", "failed to connect", "couldn't establish", "failed to send to identified host", "deferred: connection", "server did not respond", "delivery host", "network error", "connect to ",
	}},
	{"expired", "The receiver could not be reached for too long", "4.7", false, []string{
		"retry timeout exceeded", "delivery time expired", "message expired", "queue too long", "too long in queue", "could not be delivered for", "unable to deliver this message after", "not been delivered within", "retry time not reached", "has been in queue", "delivery time limit", "giving up on", "could not be delivered within", "exceeded maximum time", "has been in the queue", "connection expired", "timed out while",
	}},
	{"later", "The receiver asked us to try again later", "7.1", false, []string{"try again later", "try later", "please retry", "temporarily rejected", "temporary reject", "deferred", "please try again", "veuillez essayer plus tard", "reessayer", "recommence"}},
	{"tls", "No secure connection to the receiver's server was possible", "7.4", true, []string{"starttls", "tls required", "tls is required", "tls handshake", "encryption need", "encryption required", "certificate", "mta-sts", "dane"}},
	{"content", "The receiver does not take a message of this form", "6.0", true, []string{"not rfc", "rfc 5322", "rfc 2822", "rfc822", "rfc 5321", "header error", "bad header", "invalid header", "missing header", "duplicate header", "malformed", "bare lf", "8-bit", "8bit", "non-ascii", "smtputf8", "message format", "improper", "unsupported charset", "conversion", "mime error", "message-id", "nested"}},
	{"syntax", "The address is not written correctly", "1.3", true, []string{"bad address syntax", "bad recipient address syntax", "malformed address", "address syntax", "illegal address", "illegal character", "incorrectly constructed", "unqualified address", "bad destination mailbox address syntax", "invalid syntax", "may not follow", "misspelled", "missing or malformed local part"}},
	{"protocol", "The mail servers did not understand each other", "5.0", true, []string{"protocol violation", "protocol error", "command not recognized", "bad sequence", "not implemented", "unrecognized", "bad command", "syntax error", "out of sequence", "unexpected command", "command not", "need rcpt"}},
	{"system", "The receiver's mail system has a fault", "3.0", false, []string{
		"could not load", "currently unavailable",
		"local configuration error", "system error", "server error", "internal error", "unexpected error", "queue file write error", "local error in processing", "service unavailable", "service not available", "resources temporarily", "insufficient system", "temporary failure", "local problem", "local delivery failed", "configuration error", "configuration problem", "temporary local", "temporary error", "read error", "input/output error", "too many open files", "write error", "permission denied", "can't create", "cannot create", "not accepting", "out of memory", "system not", "system resources", "upstream error", "sendmailedfailed", "pipe to", "return code", "exit status", "exec error", "proxy", "error in processing", "storage", "unable to process", "deferredagent", "server busy", "system is busy", "failure", "cannot be processed",
	}},
	{"refused", "The receiver refused the message", "7.1", true, []string{"rejected", "refused", "denied", "not accepted", "reject", "policy", "prohibited", "not allowed", "blocked", "declined", "service refuse", "access", "not permitted", "security", "discarded", "rule", "forbidden"}},
}

// byDetail gives the words for the details of RFC 3463 and its registry
// (IANA, SMTP Enhanced Status Codes) that say enough on their own.
var byDetail = map[string]string{
	"1.1": "no-mailbox", "1.2": "no-domain", "1.3": "syntax", "1.6": "moved", "1.10": "no-mailbox", "10.1": "no-mailbox",
	"2.1": "mailbox-disabled", "2.2": "mailbox-full", "2.3": "too-big",
	"3.1": "mailbox-full", "3.4": "too-big", "4.1": "unreachable", "4.4": "no-domain", "4.3": "unreachable", "4.5": "rate-limited", "4.6": "loop", "4.7": "expired", "4.14": "loop",
	"6.7": "content", "7.4": "tls", "7.10": "tls", "7.20": "dmarc", "7.21": "dmarc", "7.22": "dmarc", "7.23": "dmarc", "7.24": "dmarc", "7.25": "reverse-dns", "7.26": "dmarc", "7.27": "no-domain",
	"7.5": "dmarc", "7.9": "dmarc", "7.133": "not-allowed", "7.124": "not-allowed", "7.136": "not-allowed", "7.606": "blocked", "7.511": "blocked", "7.508": "rate-limited", "7.708": "rate-limited", "2.121": "rate-limited",
	"1.350": "no-mailbox", "7.509": "dmarc", "7.515": "dmarc",
}

// bySubject gives the words for the middle figure where nothing else is said.
var bySubject = map[string]string{
	"0": "The message could not be delivered", "1": "The address does not take mail", "2": "The mailbox cannot take the message",
	"3": "The receiver's mail system has a fault", "4": "The receiver's mail server could not be reached", "5": "The mail servers did not understand each other",
	"6": "The receiver does not take a message of this form", "7": "The receiver refused the message",
}

// byCode gives the detail for SMTP reply codes (RFC 5321 section 4.2.3) that
// come with no enhanced status.
var byCode = map[string]string{
	"421": "3.2", "422": "2.2", "450": "2.0", "451": "3.0", "452": "3.1", "454": "7.0", "500": "5.2", "501": "5.4", "502": "5.1", "503": "5.1", "504": "5.4",
	"530": "7.0", "535": "7.8", "550": "0.0", "551": "1.6", "552": "2.2", "553": "1.3", "554": "0.0", "556": "1.10",
}

// causeNamed gives a cause of the table by its name, nil for "".
func causeNamed(name string) *cause {
	for i := range causes {
		if causes[i].name == name {
			return &causes[i]
		}
	}
	return nil
}

// spokenCauses are the causes that mail systems tell in the languages of their users.
var spokenCauses = map[string][]language.Heading{"mailbox-full": {language.BounceFull}, "no-mailbox": {language.BounceUnknown}}

// causeOf finds the cause that a folded diagnosis speaks of, nil if none.
func causeOf(diagnosis string) *cause {
	for i := range causes {
		if wording.ContainsAny(diagnosis, causes[i].phrases) || anyOf(diagnosis, spokenCauses[causes[i].name]...) {
			return &causes[i]
		}
	}
	return nil
}
