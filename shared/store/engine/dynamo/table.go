package dynamo

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// The names of the attributes.
const (
	attrPartition = "pk"
	attrSort      = "sk"
	attrVersion   = "ver"
	attrKind      = "kind"
	attrSchema    = "schema"
	attrExpires   = "expires"
	attrBody      = "body"
)

// indexNames are the secondary indexes; their key attributes are the name with
// "pk" and "sk" behind it.
var indexNames = [2]string{"gsi1", "gsi2"}

// keyNames gives the two key attributes of the table (0) or an index (1, 2).
func keyNames(index int) (partition, sort string) {
	if index == 0 {
		return attrPartition, attrSort
	}
	return indexNames[index-1] + attrPartition, indexNames[index-1] + attrSort
}

// TimeToLive is the attribute that DynamoDB removes expired items by.
const TimeToLive = attrExpires

// Table is the definition of the table: pay per request, two indexes with all
// attributes. infra/storage.yaml declares the same.
func Table(name string) *dynamodb.CreateTableInput {
	in := &dynamodb.CreateTableInput{TableName: aws.String(name), BillingMode: types.BillingModePayPerRequest}
	for index := range len(indexNames) + 1 {
		partition, sort := keyNames(index)
		schema := []types.KeySchemaElement{
			{AttributeName: aws.String(partition), KeyType: types.KeyTypeHash},
			{AttributeName: aws.String(sort), KeyType: types.KeyTypeRange},
		}
		for _, name := range []string{partition, sort} {
			in.AttributeDefinitions = append(in.AttributeDefinitions,
				types.AttributeDefinition{AttributeName: aws.String(name), AttributeType: types.ScalarAttributeTypeS})
		}
		if index == 0 {
			in.KeySchema = schema
			continue
		}
		in.GlobalSecondaryIndexes = append(in.GlobalSecondaryIndexes, types.GlobalSecondaryIndex{
			IndexName: aws.String(indexNames[index-1]), KeySchema: schema,
			Projection: &types.Projection{ProjectionType: types.ProjectionTypeAll},
		})
	}
	return in
}
