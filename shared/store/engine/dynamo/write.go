package dynamo

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store/engine"
)

// Write implements engine.Engine.
func (e *Engine) Write(ctx context.Context, writes ...engine.Write) error {
	if err := engine.CheckWrites(writes); err != nil {
		return err
	}
	// A check alone is possible only in a transaction.
	if w := writes[0]; len(writes) == 1 && w.If != engine.IfVersionOnly {
		return e.writeOne(ctx, w)
	}
	in := &dynamodb.TransactWriteItemsInput{} // the SDK gives it a ClientRequestToken
	for _, w := range writes {
		in.TransactItems = append(in.TransactItems, e.part(w))
	}
	_, err := e.client.TransactWriteItems(ctx, in)
	return e.explainWrite(err)
}

func (e *Engine) writeOne(ctx context.Context, w engine.Write) error {
	c := conditionOf(w)
	var err error
	if w.Delete {
		_, err = e.client.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &e.table, Key: keyOf(w.Item.Key),
			ConditionExpression: c.expression, ExpressionAttributeNames: c.names, ExpressionAttributeValues: c.values})
	} else {
		_, err = e.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: &e.table, Item: encode(w.Item),
			ConditionExpression: c.expression, ExpressionAttributeNames: c.names, ExpressionAttributeValues: c.values})
	}
	return e.explainWrite(err)
}

func (e *Engine) part(w engine.Write) types.TransactWriteItem {
	c := conditionOf(w)
	switch {
	case w.If == engine.IfVersionOnly:
		return types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{TableName: &e.table, Key: keyOf(w.Item.Key),
			ConditionExpression: c.expression, ExpressionAttributeNames: c.names, ExpressionAttributeValues: c.values}}
	case w.Delete:
		return types.TransactWriteItem{Delete: &types.Delete{TableName: &e.table, Key: keyOf(w.Item.Key),
			ConditionExpression: c.expression, ExpressionAttributeNames: c.names, ExpressionAttributeValues: c.values}}
	}
	return types.TransactWriteItem{Put: &types.Put{TableName: &e.table, Item: encode(w.Item),
		ConditionExpression: c.expression, ExpressionAttributeNames: c.names, ExpressionAttributeValues: c.values}}
}

// condition is a condition in DynamoDB's words; Always has none.
type condition struct {
	expression *string
	names      map[string]string
	values     attributes
}

func conditionOf(w engine.Write) condition {
	switch w.If {
	case engine.IfAbsent:
		c := condition{aws.String("attribute_not_exists(#p)"), map[string]string{"#p": attrPartition}, nil}
		if !w.AsOf.IsZero() {
			// A comparison with an absent attribute does not hold, as we want it.
			c.expression = aws.String(*c.expression + " OR #x < :now")
			c.names["#x"] = attrExpires
			c.values = attributes{":now": number(w.AsOf.Unix())}
		}
		return c
	case engine.IfVersion, engine.IfVersionOnly:
		return condition{aws.String("#v = :old"), map[string]string{"#v": attrVersion}, attributes{":old": number(w.Old)}}
	}
	return condition{}
}

// The reasons for which DynamoDB cancels a transaction, one for each part.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
const (
	reasonNone      = "None"
	reasonCondition = "ConditionalCheckFailed"
	reasonConflict  = "TransactionConflict"
	reasonInvalid   = "ValidationError"
	reasonTooLarge  = "ItemCollectionSizeLimitExceeded"
)

func (e *Engine) explainWrite(err error) error {
	if err == nil {
		return nil
	}
	var (
		failed    *types.ConditionalCheckFailedException
		met       *types.TransactionConflictException
		mismatch  *types.IdempotentParameterMismatchException
		cancelled *types.TransactionCanceledException
	)
	switch {
	case errors.As(err, &failed):
		return &engine.ConflictError{Failed: []int{0}}
	case errors.As(err, &met):
		return &engine.ConflictError{}
	case errors.As(err, &mismatch):
		return desk.Permanent(fmt.Errorf("writing to the table %s: %w", e.table, err))
	case errors.As(err, &cancelled):
		return e.explainCancelled(cancelled)
	}
	return e.explain("writing to", err)
}

func (e *Engine) explainCancelled(err *types.TransactionCanceledException) error {
	var failed, met []int
	var other []string
	invalid := false
	for i, r := range err.CancellationReasons {
		switch code := aws.ToString(r.Code); code {
		case "", reasonNone:
		case reasonCondition:
			failed = append(failed, i)
		case reasonConflict:
			met = append(met, i)
		default:
			invalid = invalid || code == reasonInvalid || code == reasonTooLarge
			other = append(other, fmt.Sprintf("part %d: %s %s", i, code, aws.ToString(r.Message)))
		}
	}
	switch {
	case invalid:
		return desk.Permanent(fmt.Errorf("writing to the table %s: DynamoDB refused the transaction: %s", e.table, strings.Join(other, "; ")))
	case len(failed) > 0:
		return &engine.ConflictError{Failed: failed}
	case len(met) > 0 && len(other) == 0:
		return &engine.ConflictError{Met: met}
	}
	return fmt.Errorf("writing to the table %s: DynamoDB put the transaction off: %s: %w", e.table, strings.Join(other, "; "), err)
}
