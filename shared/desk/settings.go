package desk

import (
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// Settings is the one versioned document that a team writes: who they are and
// which addresses they answer. The config package reads and checks it.
type Settings struct {
	Version       int // of the document's form; 1
	Mode          Mode
	TrustLoopback bool // mail from a loopback client counts as authenticated; local only
	LoopbackLive  bool // it was said in so many words that this holds in live mode, too
	Mailboxes     []Mailbox
	Agents        []Agent
	Notifications NotificationPolicy
	Automatic     AutomaticPolicy
	Report        ReportPolicy
	Quarantine    QuarantinePolicy
	Hours         Hours         // when the team works; a mailbox or an agent may have hours of their own
	Morning       MorningPolicy // who gets a mail when their working day begins
	WelcomeOff    bool          // new agents get no welcome
	PlainOff      bool          // agents are not told of answers that are hard to read
	WhomOff       bool          // nor of those that may be for the team
	Tiers         []Tier        // customers who are promised other times than the rest
	Value         ValuePolicy   // what makes a customer one of high potential
	Teams         []Team        // agents who see to something together
	Departments   []Department  // people of the house who are no agents
	SubjectWindow time.Duration // how long after its last mail a conversation is found by its subject alone; 0: never
	SolvedAfter   time.Duration // an answered conversation without a further mail counts as solved after this
	Links         FileLinks     // to files that are too large to be mailed
	Customers     []SampleCustomer
	Servers       MailServers // one machine only
}

// MailServers are the team's own servers that hand mail over to one machine.
// They are believed in what they say of a mail; nobody else is.
type MailServers struct {
	Addresses []netip.Prefix // single ones or networks
	// ResultsBy is the name under which they write Authentication-Results (RFC 8601
	// section 2.5); "" believes no such field.
	ResultsBy string
	// SpamFields are the header fields in which their filter gives its verdict; none is believed else.
	SpamFields []string
}

// Has reports whether a client is one of them.
func (m MailServers) Has(ip net.IP) bool {
	a, ok := netip.AddrFromSlice(ip)
	if a = a.Unmap(); !ok {
		return false
	}
	for _, p := range m.Addresses {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// Mode says whether real people are written to.
type Mode string

// The modes. In sample mode all mail stays in the sample mailboxes of this machine.
const (
	ModeLive   Mode = "live"
	ModeSample Mode = "sample"
)

// MaxAgents bounds the agents of one mailbox: each is told of a mail in the one
// transaction that records it, and DynamoDB's holds 100 items.
const MaxAgents = 40

// Mailbox is one support address with the agents who answer it.
type Mailbox struct {
	ID        string // short, stable, lower case: "support"
	Address   string // what customers write to
	Aliases   []string
	Name      string   // display name in From: "Example Support"
	ReplyBase string   // what reply addresses are built on: an address, or "@reply.example.com"
	Agents    []string // agent ids
	Language  string   // BCP 47 tag of the mails we write; "en"
	// Acknowledge: whoever opens a conversation is told at once that the mail has come.
	Acknowledge bool
	// Rating: below an answer that closes, customers are asked whether it solved it.
	Rating bool
	// Within is the working time in which the team answers, as it promises its
	// customers; whole days are working days. 0 is no promise. Tiers are other times
	// for some of them, by Tier.ID.
	Within time.Duration
	Tiers  map[string]time.Duration
	// Share: a new conversation becomes one agent's who is at work.
	Share bool
	// Untaken is the working time after which all are told of a conversation that nobody
	// took; 0 is never.
	Untaken time.Duration
	// FollowUp: whoever does not answer a conversation that an agent said waits for them
	// is asked once after this working time, and it is closed after as much as Closes
	// more; 0 asks nobody.
	FollowUp, Closes time.Duration
	// Signature stands below every answer to a customer, as lines of text; "" is none.
	Signature string
	// Grace is how long an answer waits before it leaves, counted from the arrival of
	// the mail that it came in; within it the answer can be taken back. 0 is none.
	Grace time.Duration
	// Hours are when this mailbox is answered; without shifts the team's hold: see HoursOf.
	Hours Hours
}

// Agent is a person who answers.
type Agent struct {
	ID         string // short, stable, lower case: "anna"
	Name       string
	PublicName string   // what customers see; "" shows the mailbox's name alone
	Addresses  []string // the first is where notifications go; all are accepted as the sender
	// VouchedBy says what shows that a mail comes from the agent's domain:
	// VouchedByDMARC ("" is the same), or VouchedBySPF where the domain has no DMARC.
	VouchedBy string
	// Since voids the agent's reply addresses that were made before that day (UTC):
	// after somebody else has read the agent's mailbox. Zero: none is void.
	Since time.Time
	// Hours are when the agent works; without shifts those of the mailbox hold.
	Hours Hours
	// Capacity is how many who wait may be the agent's before no more are given to them by
	// turn; 0 is any number.
	Capacity int
	// Notify is which mail of the mailbox the agent is told of; "" is left to the desk. Topics
	// are those of NotifyTopics.
	Notify Notify
	Topics []string
	// ReviewsArticles: drafts of articles are mailed to this agent too, whoever wrote them.
	ReviewsArticles bool
}

// Notify is which mail an agent is told of.
type Notify string

// What agents can wish for. What is theirs they are told of in any case.
const (
	NotifyAll      Notify = "all"      // everything, colleagues' answers too
	NotifyInvolved Notify = "involved" // who waits for nobody in particular, or for somebody who is not at work; else where they took part
	NotifyMine     Notify = "mine"     // what is theirs
	NotifyTopics   Notify = "topics"   // that, and what is about their topics
	NotifyDigest   Notify = "digest"   // everything, what is not theirs in one mail an hour
)

// Team is agents who see to something together. What is about one of its Topics is the
// team's, see waiting.About.
type Team struct {
	ID, Name string
	Agents   []string // agent ids
	Topics   []string
}

// Team finds a team by id.
func (s *Settings) Team(id string) (Team, bool) {
	for _, t := range s.Teams {
		if t.ID == id && id != "" {
			return t, true
		}
	}
	return Team{}, false
}

// DefaultUntaken is Mailbox.Untaken where the settings do not say, and hours are set or
// new conversations are shared out.
const DefaultUntaken = 2 * time.Hour

// Tier is a group of customers, such as those with a contract.
type Tier struct {
	ID, Name  string
	Customers []string // addresses, or "@domain" for all of it
}

// TierOf finds the first tier that an address belongs to: by the address itself
// before its domain.
func (s *Settings) TierOf(address string) (Tier, bool) {
	local, domain, ok := cutAddress(address)
	if !ok {
		return Tier{}, false
	}
	for _, want := range []string{local + "@" + domain, "@" + domain} {
		for _, t := range s.Tiers {
			for _, c := range t.Customers {
				if strings.EqualFold(c, want) {
					return t, true
				}
			}
		}
	}
	return Tier{}, false
}

// What can vouch for an agent's mail. SPF counts only with an envelope sender of
// exactly the From address's domain, and never against DMARC FAIL.
const (
	VouchedByDMARC = "dmarc"
	VouchedBySPF   = "spf"
)

// SampleCustomer is a made-up customer with a mailbox on the page of sample mode.
type SampleCustomer struct{ Name, Address string }

// NotificationPolicy bounds how many mails an agent is sent: above Most within
// Window, further notifications are merged into one mail at the window's end.
type NotificationPolicy struct {
	Most   int
	Window time.Duration
}

// FileLinks says how customers get the files of an answer that are too large to be mailed.
type FileLinks struct {
	// Public is the address that links begin with, "https://files.example.com"; "" is the
	// home's own, and where that has none nothing is linked.
	Public string
	Good   time.Duration // how long a link leads to its file; whole days
}

// MaxMailedFiles bounds the files that are mailed with an answer, in bytes before they
// are encoded: customers' mail systems refuse mail of 20 to 25 MB, and encoding adds a
// third; SES slows down above 10 MB.
const MaxMailedFiles = 10_000_000

// How long links are good: by default, and at most. Files are kept no longer.
const (
	LinksGood    = 30 * 24 * time.Hour
	MaxLinksGood = 90 * 24 * time.Hour
)

// LinksGood is how long a link leads to its file.
func (s *Settings) LinksGood() time.Duration {
	if s.Links.Good > 0 {
		return s.Links.Good
	}
	return LinksGood
}

// ReportPolicy says who gets the figures, how often, and the benchmark they are held
// against.
type ReportPolicy struct {
	To                []string
	TimeZone          string        // IANA name; "UTC"
	ExchangeBenchmark float64       // exchanges per resolution the team aims at; 0: none
	Every             []Period      // none: weekly
	At                int           // minutes after midnight at which the day's and the month's are posted; the week's has its own schedule
	Mailboxes         []MailboxMail // reports of one mailbox alone
	Keep              bool          // each report is kept as a file, in each form
	Measures          bool          // figures are handed to CloudWatch, on AWS
}

// MailboxMail says who gets the report of one mailbox, and how often.
type MailboxMail struct {
	Mailbox string // id
	To      []string
	Every   []Period // none: weekly
}

// Readers are all addresses that get a report.
func (p ReportPolicy) Readers() []string {
	out := slices.Clone(p.To)
	for _, m := range p.Mailboxes {
		out = append(out, m.To...)
	}
	return out
}

// IsEvery reports whether there is a report of each such period; none is weekly.
func IsEvery(every []Period, p Period) bool {
	return len(every) == 0 && p == Weekly || slices.Contains(every, p)
}

// QuarantinePolicy says who is told daily of held mail, when, and how long it is kept.
type QuarantinePolicy struct {
	To   []string      // agents' ids; none: see Leads
	At   int           // minutes after midnight in Report.TimeZone
	Keep time.Duration // a held mail goes away after this
}

// MorningPolicy says when agents are told in one mail what waits for them. The zero
// value is at the beginning of each one's working day, where hours are set.
type MorningPolicy struct {
	Off bool
	At  int // minutes after midnight of whoever works round the clock; 0: they get none
}

// QuarantineKeep is how long held mail is kept where the settings do not say.
const QuarantineKeep = 30 * 24 * time.Hour

// KeepHeld is how long held mail is kept.
func (s *Settings) KeepHeld() time.Duration {
	if s.Quarantine.Keep > 0 {
		return s.Quarantine.Keep
	}
	return QuarantineKeep
}
