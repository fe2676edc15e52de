package dynamo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store/engine"
)

// Engine keeps items in one table.
type Engine struct {
	client *dynamodb.Client
	table  string
}

// New makes an engine over a table of the form that Table defines.
func New(client *dynamodb.Client, table string) *Engine { return &Engine{client, table} }

// Close implements engine.Engine. There is nothing to close.
func (e *Engine) Close() error { return nil }

// Get implements engine.Engine: one GetItem or BatchGetItem, and more of the
// latter only for what DynamoDB held back (above 16 MB, or throttled).
func (e *Engine) Get(ctx context.Context, keys ...engine.Key) ([]engine.Item, error) {
	if err := engine.CheckGet(keys); err != nil {
		return nil, err
	}
	items := make([]engine.Item, len(keys))
	switch len(keys) {
	case 0:
		return items, ctx.Err()
	case 1:
		out, err := e.client.GetItem(ctx, &dynamodb.GetItemInput{TableName: &e.table, Key: keyOf(keys[0]), ConsistentRead: aws.Bool(true)})
		if err != nil {
			return nil, e.explain("reading from", err)
		}
		if len(out.Item) > 0 {
			items[0], err = decode(out.Item)
		}
		return items, err
	}
	found, err := e.batchGet(ctx, keys)
	if err != nil {
		return nil, err
	}
	for i, k := range keys {
		items[i] = found[k]
	}
	return items, nil
}

// batchTries bounds how often what was held back is asked for again.
const batchTries = 6

func (e *Engine) batchGet(ctx context.Context, keys []engine.Key) (map[engine.Key]engine.Item, error) {
	var ask []attributes
	asked := make(map[engine.Key]bool, len(keys))
	for _, k := range keys {
		if !asked[k] { // DynamoDB refuses a key that stands there twice
			asked[k] = true
			ask = append(ask, keyOf(k))
		}
	}
	found := make(map[engine.Key]engine.Item, len(ask))
	for try := 0; ; try++ {
		out, err := e.client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{
			RequestItems: map[string]types.KeysAndAttributes{e.table: {Keys: ask, ConsistentRead: aws.Bool(true)}}})
		if err != nil {
			return nil, e.explain("reading from", err)
		}
		for _, a := range out.Responses[e.table] {
			item, err := decode(a)
			if err != nil {
				return nil, err
			}
			found[item.Key] = item
		}
		if ask = out.UnprocessedKeys[e.table].Keys; len(ask) == 0 {
			return found, nil
		}
		if try == batchTries {
			return nil, fmt.Errorf("reading from the table %s: DynamoDB held back %d items, %d times; it is busy", e.table, len(ask), try)
		}
		if err := pause(ctx, try); err != nil {
			return nil, err
		}
	}
}

// pause waits a little longer each time, and never the same.
func pause(ctx context.Context, try int) error {
	most := 25 * time.Millisecond << min(try, 6)
	t := time.NewTimer(most/2 + rand.N(most/2))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Query implements engine.Engine. DynamoDB ends a page at 1 MB; here it goes on
// until the limit is reached.
func (e *Engine) Query(ctx context.Context, q engine.Query) (engine.Page, error) {
	in, err := e.queryInput(q)
	if err != nil {
		return engine.Page{}, err
	}
	limit := q.Limit
	if limit <= 0 {
		limit = engine.DefaultLimit
	}
	var page engine.Page
	if q.To != "" && q.From > q.To {
		return page, ctx.Err() // BETWEEN refuses what is merely empty
	}
	for {
		// One more than asked for tells whether there is more, without another request.
		in.Limit = aws.Int32(int32(limit - len(page.Items) + 1))
		out, err := e.client.Query(ctx, in)
		if err != nil {
			return engine.Page{}, e.explain("reading from", err)
		}
		for _, a := range out.Items {
			item, err := decode(a)
			if err != nil {
				return engine.Page{}, err
			}
			page.Items = append(page.Items, item)
		}
		if len(page.Items) > limit {
			page.Items = page.Items[:limit]
			page.Cursor, err = cursorAfter(page.Items[limit-1], q.Index)
			return page, err
		}
		if len(out.LastEvaluatedKey) == 0 {
			return page, nil
		}
		in.ExclusiveStartKey = out.LastEvaluatedKey
	}
}

func (e *Engine) queryInput(q engine.Query) (*dynamodb.QueryInput, error) {
	if q.Index < 0 || q.Index > len(indexNames) {
		return nil, desk.Permanent(fmt.Errorf("there is no index %d", q.Index))
	}
	start, err := decodeCursor(q.After)
	if err != nil {
		return nil, err
	}
	partition, sort := keyNames(q.Index)
	condition := "#p = :p"
	in := &dynamodb.QueryInput{TableName: &e.table, ScanIndexForward: aws.Bool(!q.Descending), ExclusiveStartKey: start,
		ExpressionAttributeNames: map[string]string{"#p": partition}, ExpressionAttributeValues: attributes{":p": text(q.Partition)}}
	if q.Index > 0 {
		in.IndexName = &indexNames[q.Index-1]
	} else {
		in.ConsistentRead = aws.Bool(true)
	}
	if q.From != "" {
		in.ExpressionAttributeValues[":from"] = text(q.From)
	}
	if q.To != "" {
		in.ExpressionAttributeValues[":to"] = text(q.To)
	}
	switch { // a sort key may have one condition only
	case q.From != "" && q.To != "":
		condition += " AND #s BETWEEN :from AND :to"
	case q.From != "":
		condition += " AND #s >= :from"
	case q.To != "":
		condition += " AND #s <= :to"
	}
	if q.From != "" || q.To != "" {
		in.ExpressionAttributeNames["#s"] = sort
	}
	in.KeyConditionExpression = &condition
	return in, nil
}

// explain tells the errors apart. Only what will be the same next time is permanent.
func (e *Engine) explain(doing string, err error) error {
	err = fmt.Errorf("%s the table %s: %w", doing, e.table, err)
	var invalid interface{ ErrorCode() string }
	if errors.As(err, &invalid) {
		switch invalid.ErrorCode() {
		case "ValidationException", "ItemCollectionSizeLimitExceededException":
			return desk.Permanent(err)
		}
	}
	return err
}
