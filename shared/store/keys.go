package store

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store/engine"
)

// How many partitions share what everyone writes. DynamoDB gives one partition
// about 1,000 write units a second; docs/data-model.md does the sums.
const (
	laneShards  = 4
	dueShards   = 4
	heldShards  = 4
	eventShards = 16
	learnShards = 4
)

// The indexes of the engine, by what they serve.
const (
	byCustomer = 1
	byTime     = 2 // what is due, what is held, what teaches: only items that somebody looks for are in it
)

// timeForm sorts as text as it sorts as time.
const timeForm = "2006-01-02T15:04:05.000000000Z"

// afterAll sorts after every character that our keys use.
const afterAll = "~"

func conversationKey(id desk.ConversationID) engine.Key {
	return engine.Key{Partition: "conversation#" + string(id), Sort: "head"}
}

func messageKey(id desk.ConversationID, sequence int) engine.Key {
	return engine.Key{Partition: conversationKey(id).Partition, Sort: messageSort(sequence)}
}

func messageSort(sequence int) string { return fmt.Sprintf("message#%010d", sequence) }

func inboundKey(id string) engine.Key {
	return engine.Key{Partition: "inbound#" + id, Sort: "inbound"}
}

func contentKey(hash string) engine.Key {
	return engine.Key{Partition: "content#" + hash, Sort: "content"}
}

// messageIDKey hashes what a stranger chose, so that it has a bounded length
// and spreads evenly.
func messageIDKey(normalised string) engine.Key {
	return engine.Key{Partition: "message-id#" + digest(normalised), Sort: "message-id"}
}

func confirmationKey(id string) engine.Key {
	return engine.Key{Partition: "confirmation#" + id, Sort: "confirmation"}
}

func outboxKey(id string) engine.Key {
	return engine.Key{Partition: "outbox#" + id, Sort: "outbox"}
}

func rotaKey() engine.Key { return engine.Key{Partition: "rota", Sort: "rota"} }

func notifiedKey(agent string) engine.Key {
	return engine.Key{Partition: "agent#" + agent, Sort: "notified"}
}

func eventKey(e desk.Event) engine.Key {
	return engine.Key{Partition: eventPartition(e.Recorded, shardOf(e.ID, eventShards)), Sort: e.ID}
}

func eventPartition(day time.Time, shard int) string {
	return "events#" + day.UTC().Format(time.DateOnly) + "#" + strconv.Itoa(shard)
}

// lessonIndex finds, in the order of time, what can be learnt from.
func lessonIndex(e desk.Event) engine.Key {
	if !e.Teaches() {
		return engine.Key{}
	}
	return engine.Key{Partition: lessonPartition(shardOf(e.ID, learnShards)), Sort: timeSort(e.Recorded, e.ID)}
}

func lessonPartition(shard int) string { return "lesson#" + strconv.Itoa(shard) }

// learnedKey is the one item that holds what was learnt.
func learnedKey() engine.Key { return engine.Key{Partition: "learned", Sort: "learned"} }

// customerIndex finds a customer's conversations by activity. Addresses are
// compared without regard to case, and hashed for the reasons of messageIDKey.
func customerIndex(c desk.Conversation) engine.Key {
	if c.Into != "" {
		return engine.Key{} // it is found by the one that it was joined into
	}
	return engine.Key{Partition: customerPartition(c.Customer.Address), Sort: timeSort(c.Activity, string(c.ID))}
}

func customerPartition(address string) string {
	return "customer#" + digest(strings.ToLower(strings.TrimSpace(address)))
}

// dueIndex has a conversation by what comes next. While its customer waits that is
// a look whether anybody was told, else the time since when they wait; else a time
// that it is due at, else that look.
func dueIndex(c desk.Conversation) engine.Key {
	since, waits := c.Waits()
	at := func(partition func(int) string, t time.Time) engine.Key {
		return engine.Key{Partition: partition(shardOf(string(c.ID), dueShards)), Sort: timeSort(t, string(c.ID))}
	}
	due := c.Falls()
	switch {
	case waits && c.Watch.IsZero():
		return at(waitPartition, since)
	case !waits && !due.IsZero():
		return at(duePartition, due)
	case !c.Watch.IsZero():
		return at(watchPartition, c.Watch)
	}
	return engine.Key{}
}

func duePartition(shard int) string { return "due#" + strconv.Itoa(shard) }

func waitPartition(shard int) string { return "wait#" + strconv.Itoa(shard) }

func watchPartition(shard int) string { return "watch#" + strconv.Itoa(shard) }

func heldIndex(in desk.Inbound) engine.Key {
	if in.Outcome != desk.OutcomeHeld {
		return engine.Key{}
	}
	// The id may be as long as a sort key; the digest of it is enough to tell two apart.
	return engine.Key{Partition: heldPartition(shardOf(in.ID, heldShards)), Sort: timeSort(in.ReceivedAt, digest(in.ID))}
}

func heldPartition(shard int) string { return "held#" + strconv.Itoa(shard) }

func laneIndex(o desk.OutboxItem) engine.Key {
	if !o.Due() {
		return engine.Key{}
	}
	return engine.Key{Partition: lanePartition(LaneOf(o)), Sort: timeSort(o.NotBefore, o.ID)}
}

func lanePartition(lane string) string { return "lane#" + lane }

// Lanes names every lane of the outbox: a few for answers, notices, digests and
// reports, and one for each agent's notifications. Who sweeps the outbox looks
// into each of them. An agent's lane is known by the agent's id alone;
// AgentLanes remembers those of agents who were taken out of the settings.
func Lanes(agents []desk.Agent) []string {
	lanes := make([]string, 0, laneShards+len(agents))
	for i := range laneShards {
		lanes = append(lanes, shardLane(i))
	}
	for _, a := range agents {
		lanes = append(lanes, agentLane(a.ID))
	}
	return lanes
}

// LaneOf names the lane that an item waits in.
func LaneOf(o desk.OutboxItem) string {
	if o.Kind == desk.OutboxNotification && o.Agent != "" {
		return agentLane(o.Agent)
	}
	return shardLane(shardOf(o.ID, laneShards))
}

func shardLane(shard int) string    { return "shard:" + strconv.Itoa(shard) }
func agentLane(agent string) string { return "agent:" + agent }

func timeSort(t time.Time, id string) string { return t.UTC().Format(timeForm) + "#" + id }

func shardOf(id string, shards int) int {
	h := fnv.New32a()
	h.Write([]byte(id))
	return int(h.Sum32() % uint32(shards))
}

// digest is 128 bits of SHA-256 in hex.
func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:16])
}

const causesPartition = "causes"

func causeKey(name string) engine.Key {
	return engine.Key{Partition: causesPartition, Sort: digest(name)}
}

// tiePartition hashes the name: an agent chose it.
func tiePartition(cause string) string { return "cause#" + digest(cause) }

// blockShards is how many partitions share the blocks: each mail asks for a few of them.
const blockShards = 4

func sameKey(address string) engine.Key {
	return engine.Key{Partition: "same#" + digest(address), Sort: "same"}
}

func blockKey(sender string) engine.Key {
	return engine.Key{Partition: blockPartition(shardOf(sender, blockShards)), Sort: digest(sender)}
}

func blockPartition(shard int) string { return "blocked#" + strconv.Itoa(shard) }
