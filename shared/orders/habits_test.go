package orders_test

import (
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/orders"
)

// TestLeakHabitsOfOtherPrograms: what people write to colleagues who come from a
// telephone, a chat, a tracker, or another desk. At the first try 86 of 155 went,
// most of them since they spoke neither to somebody nor about one; of 46 that were
// left out until those were mended, 17. "see slack" goes to this day, and so do its
// like: TestLeakUnseenJottings says how many.
func TestLeakHabitsOfOtherPrograms(t *testing.T) {
	const (
		b = "he lies " + secret
		n = "third time this month " + secret // says neither whom it speaks to nor of whom
		A = "Hello Erika,\n\nThe lamp is on its way to you.\n\n"
	)
	for _, text := range []string{
		// To all of the team.
		"all: " + b, "all: " + n, "All: " + n, "folks " + n, "Folks, " + n, "FYI team " + b, "FYI team: " + n,
		"fyi all, " + n, "Hi folks\n" + n, "Hey guys\n\n" + n, "Morning all,\n" + n, "Alle: " + n, "an alle: " + n,
		"@channel " + n, "<!here> " + n, "Team, " + n, "Moin Leute,\n" + b, "Salut l'équipe,\n" + n, "Pour l'équipe: " +
			n, "à tous : " + n, "gang, " + n,
		// Notes that are headed so, below an answer.
		A + "Note\n" + b, A + "Note\n\n" + b, A + "Internal\n" + n, A + "intern:\n" + n, A + "Notiz\n" + b, A +
			"[intern] " + n, A + "[intern]\n" + n, A + "(intern) " + n, A + "(for us: " + n + ")", A + "(for us) " + n,
		A + "(just for us: " + n + ")", A + "(Ben: " + n + ")", A + "// " + b, A + "// internal " + n, A +
			"-- internal --\n" + n, A + "*** internal ***\n" + n,
		// States and fields of a tracker.
		"status: pending " + secret, "Status: closed " + secret, "status: waiting for parts " + secret,
		"Status: offen, " + n, "priority: high " + secret, "prio 1 " + secret, "assignee: Ben " + secret,
		"assigned: Ben " + secret, "owner: ben " + secret, "tags: vip, angry " + secret, "label: spam " + secret,
		"resolution: wontfix " + secret, "WIP " + secret, "pending - " + n, "on hold " + secret, "due: friday " +
			secret, "blocked by warehouse " + secret, "{noformat}" + b + "{noformat}", "[~ben] " + n, "h3. Internal\n" +
			n, "{panel:title=Internal}\n" + n + "\n{panel}", "bq. " + b,
		// Telephone.
		"cc Ben: " + b, "Cc: Ben\n" + b, "cc ben " + n, "+Ben " + n, "+ @Ben " + n, "adding Ben, " + n,
		"Adding Ben here. " + b, "loop in Ben " + secret, "Ben, kannst du? " + secret, "Ben kannst du mal? " + secret,
		"Ben?? " + n, "ben - " + n, "ben.. " + n, "Ben… " + n, "hi ben quick one " + n, "for ben " + n, "ask ben " +
			secret, "Fwd to Ben " + secret, "forward to Ben: " + n, "fwd @ben " + n,
		// Nothing for the customer.
		"nicht an Kunden senden " + n, "Nicht an Kunden senden: " + n, "nicht an den Kunden " + n, "NICHT SENDEN " + n,
		"bitte nicht rausschicken: " + n, "ne pas envoyer au client : " + n, "à ne pas envoyer " + n, "don't send " + n,
		"not for customer: " + n, "internal use: " + n, "for internal eyes " + n, "to self: " + n, "self: " + n,
		"note2self " + n, "reminder: call her " + secret, "Reminder to self: " + n, "TODO: refund her " + secret,
		"todo call back " + secret, "memo an mich: " + n, "für mich: " + n, "nur zur Info: " + b, "zK: " + b, "z.K. " +
			b, "NB pour Ben: " + n, "pour info, la cliente ment " + secret, "client relou " + secret,
		"cliente pénible, " + n, "Kunde nervt " + secret, "Kundin hat schon 3x angerufen " + secret,
		"customer called, wants refund " + secret, "cust. says broken " + secret, "Spoke to customer, will call back " +
			secret, "Called customer. No answer. " + secret, "left voicemail " + secret, "tel. mit Kundin: " + n,
		"Telefonat mit Frau Muster: " + n, "Erika called: " + b, "Erika is lying " + secret, "Ms Muster is difficult " +
			secret, "duplicate of K7M-4Q9 " + secret, "dup " + secret, "same guy as yesterday " + secret,
		"this is spam " + secret, "spam " + secret, "scam? " + secret, "ignore this one. " + secret, "don't answer. " +
			secret, "leave this to me. " + secret, "I'll take this. " + secret, "I take this one. " + secret, "mine. " +
			secret, "on it. " + secret, "ich mach das. " + secret, "ich übernehme. " + secret, "je m'en occupe. " +
			secret, "who's on this? " + secret, "anyone on this? " + secret, "what do we say? " + secret,
		"what do we tell her? " + secret, "was sagen wir? " + secret, "is she a VIP? " + secret, "can we refund her? " +
			secret, "do we still sell this? " + secret, "any ideas? " + secret,
		// Jottings.
		"Ben, have a look please. " + secret, "Ben schaust du mal? " + secret, "ticket is a dup of yesterday " + secret,
		"reassign to sales " + secret, "needs refund approval from Dora " + secret, "waiting on supplier " + secret,
		"customer very upset, tread carefully " + secret, "she phoned, all sorted " + secret,
		"Kunde ist König, aber der hier nervt " + secret, "TODO Ben " + secret, "-> Ben " + secret,
		"=> team: check stock " + secret, "@@Ben look " + secret, "Ben 👀 " + secret, "👆 Ben " + secret,
		"lol what is this " + secret, "wtf " + secret, "who sold him that? " + secret, "not again... " + secret,
		"intern: Marge zu klein " + secret, "Hinweis an alle: Charge 12 defekt " + secret,
		"Note to all agents: batch 12 broken " + secret, "Hi Team, batch 12 broken " + secret,
		"Liebe Kollegen, Charge 12 ist defekt " + secret, "Chers collègues, le lot 12 est cassé " + secret,
		"FW: @Ben " + secret, "see my note above " + secret, "as discussed with Ben, refund her " + secret,
		"Ben said ok to refund " + secret, "Erika = VIP " + secret, "(she is lying) " + secret,
		"[private] margin is 40 % " + secret, "<!-- internal: she lies --> " + secret, "/assign @ben " + secret,
		"/internal she lies " + secret, "::internal  " + secret, "internal// " + secret,
		"Hello Erika,\n\nThe lamp is on its way.\n\nInternal: margin 40 % " + secret,
		"Hello Erika,\n\nThe lamp is on its way.\n\n@all fyi she is difficult " + secret,
		"Hello Erika,\n\nThe lamp is on its way.\n\nBest\nAnna\n\nps ben: she is difficult " + secret,
		"Hello Erika,\n\nThe lamp is on its way.\n\n---\nfor the team: she is difficult " + secret,
		"Kd. verärgert " + secret,
		"thoughts? " + secret, "Ideen? " + secret,
	} {
		r, err := orders.Read(orders.Mail{Text: text}, around)
		if left := gone(r, err); strings.Contains(left, secret) {
			t.Errorf("%q leaves %q", text, left)
		}
	}
}
