package main

import (
	"math/rand/v2"
	"strings"

	"github.com/replywell/replywell/shared/kb/internal/evidence"
)

// What people write around their question, a family for each kind of occasion. Half of
// the families are fitted on, the others only reported on: a list of courtesies that
// knows its examples would shine on the former and fail on the latter.
var talk = []struct {
	family string
	said   []string
}{
	{"loyal", []string{"I have banked with you since 2009 and my parents did before me.", "As somebody who recommended you to half my street, I feel let down.", "We moved both our salaries over to you last autumn.", "My husband and I have been with you through two mortgages.", "Until this week I never had a reason to write to you.", "I am one of your oldest members according to the leaflet.", "You were voted best in the magazine, which is why I joined.", "My whole football club uses you.", "I have defended you in arguments with my brother in law.", "Ten years and not one complaint from my side."}},
	{"phone queue", []string{"I sat in the telephone queue for forty minutes listening to pan pipes.", "The line went dead just as somebody picked up.", "Your robot voice kept asking me to press three.", "I rang twice from the car park.", "The lady on the line could not find me in her computer.", "I was passed on four times and then cut off.", "Nobody picks up after five in the afternoon.", "The music you play while one holds is dreadful.", "I left my number with a young man who promised to ring back.", "The call centre told me to write instead."}},
	{"family", []string{"My daughter is getting married in three weeks and I have a hundred things on my list.", "I look after my mother who has not been well.", "We have just had our second child so sleep is short here.", "My son says I am hopeless with gadgets.", "The twins are at home with chickenpox.", "My wife usually does these things but she is abroad.", "Grandma is turning ninety on Sunday.", "The dog ate half of the letter, I am not joking.", "I am writing for my father who does not own a computer.", "Our au pair found your leaflet in the hall."}},
	{"travel", []string{"I am standing in an airport in Lisbon with bad reception.", "We are off to Crete on Friday morning.", "I am on a ferry right now, so forgive the short sentences.", "The hotel clerk was quite rude about it in front of everyone.", "I only come home at the end of the month.", "There is a seven hour time difference where I am.", "I got stuck in Milan because of the strike.", "My train leaves in ten minutes.", "I have been living out of a suitcase since March.", "We are touring Scotland in a camper van."}},
	{"devices", []string{"I use a Samsung from two years ago, nothing special.", "My laptop is a company machine that I may not change.", "The tablet is brand new, it came on Tuesday.", "I restarted everything, even the router.", "My phone has the latest software as far as I can tell.", "I wiped the cache as one of your help pages says.", "It is the same in Firefox and in Chrome.", "The battery was nearly flat, in case that matters.", "I am typing this with my thumbs on a cracked screen.", "My nephew looked at it and shrugged."}},
	{"deadline", []string{"I have to hand in my figures by noon tomorrow.", "My landlord gave me until Thursday.", "The auditors are coming next week and I look like a fool.", "Everything has to be settled before the quarter ends.", "I told my boss it would be done by tonight.", "There is a builder waiting in my kitchen.", "The shop will not hold the sofa any longer than Saturday.", "I have an appointment at nine and need it sorted before.", "My visa application hangs on this.", "Time is really against me here."}},
	{"anger", []string{"This is a joke, and not a good one.", "Frankly I expected more from a firm your size.", "I am fuming as I type this.", "You people never cease to amaze me.", "What a shambles.", "I could scream.", "It beggars belief that this still goes on in this day and age.", "My patience has run out completely.", "I have rarely been treated so shabbily.", "If this is your idea of service, heaven help us."}},
	{"legal", []string{"My solicitor has been copied in on this.", "I shall report this to the ombudsman unless it is put right.", "I know my rights under consumer law.", "I keep a record of all our correspondence.", "A friend at the newspaper would love this story.", "You have fourteen days to respond, after which I take it further.", "I am prepared to take this to the small claims court.", "The regulator will hear of it.", "Please treat this as a formal complaint.", "I reserve all my rights in the matter."}},
	{"apology", []string{"Forgive my English, I come from Brazil.", "I apologise if I have picked the wrong address.", "Excuse the long story.", "Sorry to be a nuisance on a Sunday.", "I know you must get hundreds of these.", "I am probably being very stupid.", "Bear with me, I am not good at explaining.", "Pardon the capitals, my keyboard sticks.", "I hope I am not wasting anybody's afternoon.", "Do forgive the tone of my earlier note."}},
	{"praise", []string{"By the way, the new logo looks lovely.", "I must say the branch in Leeds was superb last spring.", "Your colleague Martin was an angel in December.", "Apart from this I really do enjoy your product.", "Five stars for the design, honestly.", "You made my sister very happy last year.", "The birthday card you sent was a sweet touch.", "I always read your newsletter over breakfast.", "Hats off to the team that answers on Twitter.", "Your adverts make me laugh each time."}},
	{"weather", []string{"It has been pouring down here for days.", "Hope the sun is shining where you are.", "With this heat nobody can think straight.", "We are snowed in at the moment.", "Spring is finally here, what a relief.", "The storm took our roof tiles off last night.", "I hope you all had a restful bank holiday.", "Happy New Year to everybody in the office!", "Christmas came early, or so I thought.", "What a grey Monday this is."}},
	{"health", []string{"I had an operation on my knee and am stuck on the sofa.", "My eyes are not what they were.", "I am recovering from the flu and not at my sharpest.", "My doctor says I should avoid stress, ha ha.", "I broke my wrist, so a colleague types this for me.", "After my stroke I find forms hard.", "Migraine since this morning, I will be brief.", "I am eighty one years young.", "I have dyslexia so please write simply.", "I spent most of last month in hospital."}},
	{"hardship", []string{"Every penny counts for us right now.", "I lost my job in the summer.", "The rent is due and the fridge is empty.", "Things have been tight since the divorce.", "I live on a small pension.", "As a student I have to turn over each coin.", "We put our savings into the bakery.", "The gas bill nearly killed us this winter.", "I had to borrow from my neighbour, which is humiliating.", "I support three people on one wage."}},
	{"elsewhere", []string{"My previous provider did this in one click.", "At my building society they would have rung me at once.", "I read on a forum that others have had the same.", "A youtuber says you have a trick for it.", "My accountant had never heard of such a thing.", "The other firm I use never has such hiccups.", "Somebody on Reddit reckons it takes weeks.", "Even the post office manages better.", "I saw a programme on television about it.", "The competition is only a click away."}},
	{"meta", []string{"I already wrote about this on the contact form on the fourth.", "This is a follow-up of sorts, though I have no reference.", "I attach nothing since I do not know what you need.", "Kindly do not reply with a standard letter.", "Please write to this address rather than my office one.", "I have put the details in one mail to make it simple.", "The subject line says it all, really.", "I could not find a better place to write to.", "Your last mail landed in my junk folder.", "Please let a human being read this."}},
	{"work", []string{"I run a small flower stall near the station.", "We are a charity with two part-time staff.", "I do night shifts at the warehouse.", "As a freelance translator I handle all this myself.", "Our bookkeeper left in June and took her knowledge with her.", "I am a teacher, so I can only write in the break.", "I drive a lorry and am rarely at a desk.", "The office is being painted and nothing is where it was.", "I started a new position on Monday.", "We are opening our second café."}},
	{"steps", []string{"I have been through the settings from top to bottom.", "I looked at every page twice.", "I followed the little video to the letter.", "I tapped on everything that can be tapped.", "I even took out the sim and put it back.", "I let it rest overnight in case it mended itself.", "I signed out and in again, several times over.", "I compared it with my friend's and his looks the same.", "I wrote down each step on a piece of paper.", "I gave up after an hour."}},
	{"manners", []string{"I trust this finds you in good spirits.", "I would be much obliged.", "A line or two would do.", "With warm greetings from a rainy village.", "May I trouble you with something?", "I shall be in your debt.", "Cheers in advance, you stars.", "Whoever reads this: have a nice cup of tea on me.", "It would mean the world to me.", "Looking forward to hearing good news."}},
	{"slang", []string{"ok so basically im done lol", "no clue whats going on tbh", "bruh seriously", "pls halp", "idk man it just did", "my mate said u guys r legit", "not gonna lie im kinda stressed", "thx a mil in advance xx", "this is doing my head in", "smh"}},
	{"formal", []string{"I refer to the terms set out at the commencement of our relationship.", "The undersigned wishes to raise the following matter.", "I should be grateful for your considered response.", "In the light of the foregoing I would ask for clarity.", "Permit me to set out the circumstances.", "The matter has been pending for some while.", "I write in a personal capacity.", "Kindly acknowledge receipt.", "I remain at your disposal should anything be unclear.", "For the avoidance of doubt, no blame is implied."}},
	{"story", []string{"It all began at a petrol station outside Derby.", "I was just about to pay for dinner with friends.", "There I was, in the queue with a trolley full of shopping.", "My neighbour came round and we got talking.", "It happened on a Tuesday, I remember because of the bins.", "I had only popped out for milk.", "The kids were screaming and I was not really paying attention.", "I noticed it when I was doing the accounts at the kitchen table.", "The waiter looked at me as if I were a thief.", "I woke up to it this morning."}},
	{"doubt", []string{"Maybe I have got hold of the wrong end of the stick.", "I might have missed something obvious.", "Perhaps it is all meant to be like that.", "I honestly do not know whether it is my fault.", "It could be a coincidence, of course.", "I am not sure whom else to turn to.", "Somehow it does not add up.", "Either I am mad or something is odd.", "I am a bit lost here.", "Who knows, it may be nothing."}},
}

// around wraps a question in talk: one to four sentences before, one or two behind.
// Odd tells which half of the families it is from.
func around(q map[string]string, odd bool, r *rand.Rand) map[string]string {
	say := func(n int) (out []string) {
		for range n {
			f := talk[2*r.IntN(len(talk)/2)+int(b2i(odd))]
			out = append(out, f.said[r.IntN(len(f.said))])
		}
		return out
	}
	parts := append(say(1+r.IntN(4)), strings.TrimSpace(q["subject"]+" "+q["body"]))
	parts = append(parts, say(r.IntN(3))...)
	out := map[string]string{}
	for k, v := range q {
		out[k] = v
	}
	out["subject"], out["body"] = [...]string{"", "Question", "Help needed", "Hello"}[r.IntN(4)], "Hello,\n\n"+strings.Join(parts, " ")+"\n\nBest wishes,\nA. Customer"
	return out
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// askAround asks about a set's questions with talk around them, of the families that
// are fitted on and of the others.
func (s set) askAround(name string, x *evidence.Index, hid []hidden, tasks *[]task) {
	for _, odd := range []bool{false, true} {
		r := rand.New(rand.NewPCG(7, uint64(b2i(odd))))
		var wrapped []map[string]string
		for i, q := range s.queries {
			if i%max(1, len(s.queries)/600) == 0 {
				wrapped = append(wrapped, around(q, odd, r))
			}
		}
		*tasks = append(*tasks, ask(name+map[bool]string{false: ".talk", true: ".othertalk"}[odd], s.group, x, s.articles, wrapped, hid))
	}
}
