// Package cloud is everything that Replywell knows about AWS, apart from
// DynamoDB, which is an engine of the store.
//
// It translates in two directions. Inwards, the events that AWS hands to a
// Lambda function become calls of a service: a mail that SES stored in S3
// becomes an inbound.Delivery, an SES event becomes a desk.DeliveryEvent, a
// message of the send queue becomes a list of outbox ids. Outwards, what the
// services ask for becomes calls of AWS: raw mails are kept in S3 (Blobs), mail
// leaves through SES (Carrier), the send function is woken through SQS (Wake),
// the settings are an object in S3 (Settings), keys are in Secrets Manager
// (Secrets).
//
//	SES -> S3 object + SNS notice -> SQS -> Inbound  -> inbound.Service
//	outbox id ------------------- -> SQS -> Outgoing -> send.Service -> Carrier -> SES
//	SES event -> SNS ------------ -> SQS -> Events   -> events.Service
//	EventBridge Scheduler ---------------> Outgoing (sweep), Task
//	CloudFormation ----------------------> ReceiptRule
//
// # Trust
//
// Only what SES itself asserts is used: receipt.recipients is the envelope
// (mail.destination is from the headers and may name anyone), the verdicts are
// those of the receipt, and the raw mail is read from our own bucket or not at
// all. That nobody else can write into the queues is the work of their policies
// in infra/.
//
// # Failing
//
// A queue message that fails is reported by its id (batchItemFailures), so that
// the others of its batch are not repeated. What can never succeed (an error
// marked by desk.Permanent: a notice that cannot be read) is put into the
// dead-letter queue at once, with its reason. Everything else comes again after
// a growing wait, of five minutes at most, for days: a table that is away for a
// night costs a delay and no person's work. A panic is such a failure too.
// Nothing is ever dropped.
//
// SendEmail is never repeated by the SDK, because SES has no way to recognise a
// repeated request; the outbox decides, knowing which errors mean that nothing
// was sent. An invocation begins without connections of the one before, because
// they may have died while the function was frozen; see Thaw.
package cloud
