// Package proof holds the promises of this project against the whole path of a
// mail: the real services over the real store, wired as the programs wire them.
// It has tests only.
//
// # Never twice, never lost
//
// [TestNothingIsLostOrDoneTwice] lets customers and agents write, and lets
// everything go wrong that can. Every call that leaves a service (to the
// store's engine, to the blobs, to the carrier, to the queue that wakes the
// sender) is a step. A service stops at each of its steps until a scheduler lets
// it go on, and the scheduler asks the generator of package rapid who is next
// and what happens to that step: it takes place; it fails; it takes place and
// the answer is lost; the process dies before or after it. Several processes are
// on their way at once, so every interleaving of them can come up, and one that
// breaks a promise comes up again from its seed, is made smaller by rapid, and
// is told step by step. Queues deliver late, twice and in any order. The clock
// is that of testing/synctest: it stands still while anybody works, and weeks
// pass in no time.
//
// Then the faults end, everybody does what is left to do, and what the engine,
// the carrier and the people hold is compared with what was promised.
//
// # Worst nights
//
// [TestWorstNights] is the same with bad skies above: for hours the table refuses
// everything, the way out says no, and on one machine the disk is full, DNS is away or
// the clock is wrong; and a call can hang, be slow, be throttled or answer half too. On
// AWS each of the SDK's requests is a step, over a table in this process; on one machine
// each call of the file engine. In the morning every mail is in one conversation and on
// a desk, every answer is with its customer or held for all to see, nothing automatic
// passed its bound, nothing internal left, and the roll-ups are what the log is. What
// went wrong is counted by kind. "make chaos SEEDS=2000" generates many.
//
// # Whatever the way out does
//
// [TestWhateverTheRouteDoesEveryOpenConversationIsOnADesk] lets the carrier
// answer anything to anybody for a day, or take mail and give it back, and
// looks two days later at what is on which desk.
//
// # A bad night on AWS
//
// [TestABadNightEndsInNoDeadLetter] puts the functions' own handlers behind the
// queues of infra/queues.yaml, takes the table, the secrets or SES away for hours, and
// looks for dead letters, for what was lost or left twice, and at how late answers are.
//
// # The bound on loops
//
// [TestNoLoopWhateverAnswers] puts programs that answer mail into customers' and
// agents' mailboxes, in every combination, and lets days pass.
package proof
