// Package origin finds the person who really wrote a mail that came by another
// way, and takes out what gateways wrote into it.
//
// Few teams move their MX record. Their support address stays where it is, and
// a group, a redirect or a host passes the mail on; or the customer filled in a
// form, and a web server wrote. From then names somebody else, and the header
// is full of a list's or a robot's fields. [Find] says who wrote, by which rule,
// and whether the mail was passed on, so that a judge of automatic mail can
// leave out what the forwarder added (Origin.Forwarder names it).
//
// # Rules
//
//	from                   ordinary mail: the From address
//	group                  a Google group that left From alone
//	via-group              a group in From; the author in Reply-To
//	x-original-from        ... or in the field that the group or host left,
//	x-original-sender      if From shows that it was rewritten
//	from-rewritten         the author is spelled in From: SRS (erika=a.example@host),
//	                       "Erika - erika at a.example" <alias@host>
//	via, via-list          "Erika via X": the author in Reply-To
//	list                   a mailing list that is the support address itself, and
//	                       left From alone; a list of other people's stays a list
//	contact-form:reply-to  a site's mail; the customer in Reply-To
//	contact-form:body      ... or only in the body: "Name: ... E-Mail: ... Message: ..."
//	on-behalf              certified mail and the like: "Per conto di: erika@a.example"
//	relay                  a no-reply sender in the name of its user, who is in Reply-To
//	rule-forward           a rule forwarded it; who wrote stands in the header block above it
//	exchange-redirect      From is right; an Exchange rule or setting passed it on
//	resent                 From is right; Resent-From (RFC 5322 section 3.6.6)
//	x-forwarded            From is right; a Gmail filter
//	srs                    From is right; the return path was rewritten
//
// A person's From is never overruled by a field alone. A Reply-To beside a
// person's From says where to answer (Origin.ReplyTo), not who wrote; a form is
// believed only of a sender that looks like a site's.
//
// # What it does not say
//
// Whether any of it is true. Every field can be forged, so that an author found
// here is somebody to answer, and the From that was authenticated is the only
// one that may be shown a history.
//
// # Cleaning
//
// [Clean] removes "[EXTERNAL]" tags, warnings and first-contact tips at the top,
// the footers of virus scanners and Google groups, and puts the original in the
// place of wrapped links. It knows them by tables (banners.go, links.go) and by the
// words of many languages (package language), goes sentence by sentence and stops at
// the first that it does not
// know for certain: a customer's words are worth more than a tidy view. A
// banner needs two things, a beginning such as "CAUTION:" and words that only
// banners have; a footer needs the scanner's name. Quoted lines stay.
package origin
