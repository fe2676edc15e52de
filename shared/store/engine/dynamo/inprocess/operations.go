package inprocess

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// The bounds that the engine could meet.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
const (
	mostOfPage        = 1 << 20
	mostOfItem        = 400 << 10
	mostOfTransaction = 100
	mostOfBatch       = 100
)

// keysOfTable is what a BatchGetItem asks one table for.
type keysOfTable struct {
	Keys           []attributes
	ConsistentRead bool
}

type batch struct{ RequestItems map[string]keysOfTable }

// write is a Put, a Delete or a check, alone or in a transaction.
type write struct {
	TableName                 string
	Item, Key                 attributes
	ConditionExpression       string
	ExpressionAttributeNames  map[string]string
	ExpressionAttributeValues attributes
}

type transaction struct {
	ClientRequestToken string
	TransactItems      []struct{ Put, Delete, ConditionCheck *write }
}

func (w *write) key() (key, error) {
	from := w.Item
	if from == nil {
		from = w.Key
	}
	k, ok := place(0, from)
	if !ok {
		return k, invalid("One or more parameter values were invalid: a key attribute is missing or empty")
	}
	return k, nil
}

// keysOf names the items that a request is about, for who stands before the table.
func keysOf(operation string, body []byte) (out []string, err error) {
	name := func(a attributes) { out = append(out, a["pk"].text()+" "+a["sk"].text()) }
	switch operation {
	case "BatchGetItem":
		var in batch
		err = json.Unmarshal(body, &in)
		for _, k := range in.RequestItems[Name].Keys {
			name(k)
		}
	case "TransactWriteItems":
		var in transaction
		err = json.Unmarshal(body, &in)
		for _, w := range in.TransactItems {
			for _, p := range []*write{w.Put, w.Delete, w.ConditionCheck} {
				if p != nil {
					name(p.Key)
					if p.Item != nil {
						out[len(out)-1] = p.Item["pk"].text() + " " + p.Item["sk"].text()
					}
				}
			}
		}
	case "Query":
		var in question
		err = json.Unmarshal(body, &in)
		out = append(out, in.ExpressionAttributeValues[":p"].text())
	default:
		var in write
		err = json.Unmarshal(body, &in)
		if in.Item == nil {
			in.Item = in.Key
		}
		name(in.Item)
	}
	return out, err
}

func (t *Table) answer(r *Request) (*http.Response, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	out, err := t.carryOut(r)
	if err != nil {
		return r.fail(err)
	}
	return r.respond(http.StatusOK, out)
}

func (t *Table) carryOut(r *Request) (any, error) {
	switch r.Operation {
	case "GetItem":
		var in write
		if err := json.Unmarshal(r.body, &in); err != nil {
			return nil, err
		}
		k, err := in.key()
		if err != nil {
			return nil, err
		}
		if item := t.find(k); item != nil {
			return map[string]any{"Item": item}, nil
		}
		return struct{}{}, nil
	case "BatchGetItem":
		var in batch
		if err := json.Unmarshal(r.body, &in); err != nil {
			return nil, err
		}
		found, err := t.getLocked(in.RequestItems[Name].Keys)
		return map[string]any{"Responses": map[string]any{Name: found}, "UnprocessedKeys": struct{}{}}, err
	case "PutItem", "DeleteItem":
		var in write
		if err := json.Unmarshal(r.body, &in); err != nil {
			return nil, err
		}
		k, err := t.check(&in)
		if err != nil {
			return nil, err
		}
		t.put(k, in.Item)
		return struct{}{}, nil
	case "TransactWriteItems":
		return struct{}{}, t.transact(r.body)
	case "Query":
		return t.query(r.body)
	}
	return nil, fmt.Errorf("DynamoDB was asked for %q, and the table in the process cannot do that", r.Operation)
}

func (t *Table) get(keys []attributes) ([]attributes, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.getLocked(keys)
}

func (t *Table) getLocked(keys []attributes) ([]attributes, error) {
	if len(keys) == 0 || len(keys) > mostOfBatch {
		return nil, invalid("Too many items requested for the BatchGetItem call, or none: %d", len(keys))
	}
	found, seen := []attributes{}, map[key]bool{}
	for _, a := range keys {
		k, ok := place(0, a)
		if !ok || seen[k] {
			return nil, invalid("Provided list of item keys contains duplicates, or an empty one")
		}
		seen[k] = true
		if item := t.find(k); item != nil {
			found = append(found, item)
		}
	}
	// DynamoDB gives them in no certain order: never in the one they were asked for in.
	slices.Reverse(found)
	return found, nil
}

// check says whether a write may take place, and where.
func (t *Table) check(w *write) (key, error) {
	k, err := w.key()
	if err != nil {
		return k, err
	}
	if w.TableName != Name {
		return k, &refused{code: "ResourceNotFoundException", message: "Requested resource not found: " + w.TableName}
	}
	if w.Item.size() > mostOfItem {
		return k, invalid("Item size has exceeded the maximum allowed size")
	}
	holds, err := w.holds(t.find(k))
	if err == nil && !holds {
		err = &refused{code: "ConditionalCheckFailedException", message: "The conditional request failed"}
	}
	return k, err
}

func (t *Table) transact(body []byte) error {
	var in transaction
	if err := json.Unmarshal(body, &in); err != nil {
		return err
	}
	if before, done := t.tokens[in.ClientRequestToken]; done && in.ClientRequestToken != "" {
		if before != string(body) {
			return &refused{code: "IdempotentParameterMismatchException", message: "the token was used for another request"}
		}
		return nil
	}
	if len(in.TransactItems) == 0 || len(in.TransactItems) > mostOfTransaction {
		return invalid("a transaction of %d items", len(in.TransactItems))
	}
	type step struct {
		k    key
		item attributes
	}
	var steps []step
	seen, reasons, failed := map[key]bool{}, []reason{}, false
	for _, part := range in.TransactItems {
		w := part.Put
		switch {
		case w != nil:
		case part.Delete != nil:
			w = part.Delete
		case part.ConditionCheck != nil:
			w = part.ConditionCheck
		default:
			return invalid("a part of a transaction that does nothing")
		}
		k, err := t.check(w)
		if seen[k] {
			return invalid("Transaction request cannot include multiple operations on one item")
		}
		seen[k] = true
		if err != nil {
			e, ours := err.(*refused)
			if !ours || e.code != "ConditionalCheckFailedException" {
				return err
			}
			failed = true
			reasons = append(reasons, reason{"ConditionalCheckFailed", e.message})
			continue
		}
		reasons = append(reasons, reason{Code: "None"})
		if part.ConditionCheck == nil {
			steps = append(steps, step{k, w.Item})
		}
	}
	if failed {
		return &refused{code: "TransactionCanceledException", message: "Transaction cancelled", reasons: reasons}
	}
	for _, s := range steps {
		t.put(s.k, s.item)
	}
	t.tokens[in.ClientRequestToken] = string(body)
	return nil
}

// holds reads a condition: attribute_not_exists(#a), #a = :v, #a < :v, with OR between them.
func (w *write) holds(old attributes) (bool, error) {
	if w.ConditionExpression == "" {
		return true, nil
	}
	for _, term := range strings.Split(w.ConditionExpression, " OR ") {
		if name, ok := strings.CutPrefix(term, "attribute_not_exists("); ok {
			if _, there := old[w.ExpressionAttributeNames[strings.TrimSuffix(name, ")")]]; !there {
				return true, nil
			}
			continue
		}
		f := strings.Fields(term)
		if len(f) != 3 {
			return false, invalid("Invalid ConditionExpression: %s", w.ConditionExpression)
		}
		have, there := old[w.ExpressionAttributeNames[f[0]]]
		want := w.ExpressionAttributeValues[f[2]]
		if !there || have.N == nil || want.N == nil {
			continue // what is not there compares with nothing
		}
		a, err1 := strconv.ParseInt(*have.N, 10, 64)
		b, err2 := strconv.ParseInt(*want.N, 10, 64)
		if err1 != nil || err2 != nil {
			return false, invalid("not a number: %s, %s", *have.N, *want.N)
		}
		if f[1] == "=" && a == b || f[1] == "<" && a < b {
			return true, nil
		}
	}
	return false, nil
}

// question is a Query.
type question struct {
	IndexName, KeyConditionExpression string
	ExpressionAttributeNames          map[string]string
	ExpressionAttributeValues         attributes
	ExclusiveStartKey                 attributes
	ScanIndexForward                  *bool
	ConsistentRead                    bool
	Limit                             int
}

func (t *Table) query(body []byte) (any, error) {
	var in question
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, err
	}
	index := slices.Index([]string{"", "gsi1", "gsi2"}, in.IndexName)
	if index < 0 || index > 0 && in.ConsistentRead {
		return nil, invalid("no such index, or a consistent read by one: %q", in.IndexName)
	}
	in2, err := in.within(index)
	if err != nil {
		return nil, err
	}
	forward := in.ScanIndexForward == nil || *in.ScanIndexForward
	list := slices.Clone(t.rows[index][in.ExpressionAttributeValues[":p"].text()])
	if !forward {
		slices.Reverse(list)
	}
	var after *row
	if in.ExclusiveStartKey != nil {
		k, ok := place(index, in.ExclusiveStartKey)
		own, ok2 := place(0, in.ExclusiveStartKey)
		if !ok || !ok2 {
			return nil, invalid("The provided starting key is invalid")
		}
		after = &row{sort: k.sort, own: own}
	}
	items, size, last := []attributes{}, 0, attributes(nil)
	for _, r := range list {
		if after != nil {
			if c := compare(r, *after); forward && c <= 0 || !forward && c >= 0 {
				continue
			}
		}
		if !in2(r.sort) {
			continue
		}
		items, size = append(items, r.item), size+r.item.size()
		if len(items) == in.Limit || size > mostOfPage {
			last = keyAttributes(index, r.item) // also where nothing more comes: DynamoDB does not look
			break
		}
	}
	out := map[string]any{"Items": items, "Count": len(items)}
	if last != nil {
		out["LastEvaluatedKey"] = last
	}
	return out, nil
}

// within reads the condition on the sort key.
func (q question) within(index int) (func(string) bool, error) {
	if q.ExpressionAttributeNames["#p"] != keyNames[index].partition || !strings.HasPrefix(q.KeyConditionExpression, "#p = :p") ||
		q.ExpressionAttributeValues[":p"].text() == "" {
		return nil, invalid("Query condition missed key schema element: %s", q.KeyConditionExpression)
	}
	rest := strings.TrimPrefix(q.KeyConditionExpression, "#p = :p")
	if rest != "" && q.ExpressionAttributeNames["#s"] != keyNames[index].sort {
		return nil, invalid("Query condition missed key schema element: %s", q.KeyConditionExpression)
	}
	from, to := q.ExpressionAttributeValues[":from"].text(), q.ExpressionAttributeValues[":to"].text()
	switch rest {
	case "":
		return func(string) bool { return true }, nil
	case " AND #s BETWEEN :from AND :to":
		if from > to {
			return nil, invalid("The BETWEEN operator requires upper bound to be greater than or equal to lower bound")
		}
		return func(s string) bool { return s >= from && s <= to }, nil
	case " AND #s >= :from":
		return func(s string) bool { return s >= from }, nil
	case " AND #s <= :to":
		return func(s string) bool { return s <= to }, nil
	}
	return nil, invalid("Invalid KeyConditionExpression: %s", q.KeyConditionExpression)
}

// keyAttributes are what a page's LastEvaluatedKey has.
func keyAttributes(index int, item attributes) attributes {
	out := attributes{}
	for name := range maps.Keys(item) {
		if slices.Contains([]string{"pk", "sk", keyNames[index].partition, keyNames[index].sort}, name) {
			out[name] = item[name]
		}
	}
	return out
}
