package dynamo

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store/engine"
)

type attributes = map[string]types.AttributeValue

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }
func number(n int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(n, 10)}
}

func keyOf(k engine.Key) attributes {
	return attributes{attrPartition: text(k.Partition), attrSort: text(k.Sort)}
}

func encode(item engine.Item) attributes {
	a := keyOf(item.Key)
	for i, k := range item.Index {
		if k != (engine.Key{}) {
			partition, sort := keyNames(i + 1)
			a[partition], a[sort] = text(k.Partition), text(k.Sort)
		}
	}
	a[attrVersion], a[attrKind], a[attrSchema] = number(item.Version), text(item.Kind), number(int64(item.Schema))
	a[attrBody] = text(string(item.Body))
	if !item.Expires.IsZero() {
		a[attrExpires] = number(item.Expires.Unix())
	}
	return a
}

func decode(a attributes) (engine.Item, error) {
	d := decoder{from: a}
	item := engine.Item{Key: engine.Key{Partition: d.text(attrPartition), Sort: d.text(attrSort)}}
	for i := range item.Index {
		partition, sort := keyNames(i + 1)
		item.Index[i] = engine.Key{Partition: d.text(partition), Sort: d.text(sort)}
	}
	item.Version, item.Kind, item.Schema = d.number(attrVersion), d.text(attrKind), int(d.number(attrSchema))
	item.Body = []byte(d.text(attrBody))
	if seconds := d.number(attrExpires); seconds != 0 {
		item.Expires = time.Unix(seconds, 0).UTC()
	}
	if d.err != nil {
		return item, desk.Permanent(fmt.Errorf("the stored item %s/%s cannot be read: %w", item.Partition, item.Sort, d.err))
	}
	return item, nil
}

// decoder reads attributes and keeps the first error. An absent one is zero.
type decoder struct {
	from attributes
	err  error
}

func (d *decoder) text(name string) string {
	switch v := d.from[name].(type) {
	case nil:
	case *types.AttributeValueMemberS:
		return v.Value
	default:
		d.err = fmt.Errorf("%s is not text", name)
	}
	return ""
}

func (d *decoder) number(name string) int64 {
	switch v := d.from[name].(type) {
	case nil:
	case *types.AttributeValueMemberN:
		n, err := strconv.ParseInt(v.Value, 10, 64)
		if err != nil {
			d.err = fmt.Errorf("%s: %w", name, err)
		}
		return n
	default:
		d.err = fmt.Errorf("%s is no number", name)
	}
	return 0
}

// A cursor is the LastEvaluatedKey as JSON: all of our keys are text.
func encodeCursor(last attributes) (string, error) {
	if len(last) == 0 {
		return "", nil
	}
	d, plain := decoder{from: last}, map[string]string{}
	for name := range last {
		plain[name] = d.text(name)
	}
	if d.err != nil {
		return "", d.err
	}
	b, err := json.Marshal(plain)
	return base64.RawURLEncoding.EncodeToString(b), err
}

func decodeCursor(cursor string) (attributes, error) {
	if cursor == "" {
		return nil, nil
	}
	plain := map[string]string{}
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		err = json.Unmarshal(b, &plain)
	}
	if err != nil {
		return nil, desk.Permanent(fmt.Errorf("the cursor %.40q is not one of this store: %w", cursor, err))
	}
	last := attributes{}
	for name, value := range plain {
		last[name] = text(value)
	}
	return last, nil
}

// cursorAfter is the cursor that continues after an item of a query.
func cursorAfter(item engine.Item, index int) (string, error) {
	last := keyOf(item.Key)
	if index > 0 {
		partition, sort := keyNames(index)
		last[partition], last[sort] = text(item.Index[index-1].Partition), text(item.Index[index-1].Sort)
	}
	return encodeCursor(last)
}
