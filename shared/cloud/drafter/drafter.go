package drafter

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/types"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/inbound"
	"github.com/replywell/replywell/shared/kb/drafting"
)

// Drafter has a model on Bedrock write answers from articles. It is an
// inbound.Drafter; what it may be asked and what is accepted of its answers is
// decided in shared/kb/drafting.
type Drafter struct {
	Client *bedrockruntime.Client
	Model  string // a model's or inference profile's id, or an ARN
}

var _ inbound.Drafter = Drafter{}

const (
	draftTokens   = 800 // of an answer, at most
	draftAttempts = 2
)

// New asks the model in this account and region. A call that is throttled
// is made once more; agents' mail does not wait for a third.
func New(cfg aws.Config, model string) Drafter {
	return Drafter{Model: model, Client: bedrockruntime.NewFromConfig(cfg, func(o *bedrockruntime.Options) {
		o.Retryer = retry.NewStandard(func(r *retry.StandardOptions) {
			r.MaxAttempts, r.MaxBackoff = draftAttempts, time.Second
		})
	})}
}

// DraftAnswer asks for an answer to a mail from the articles offered. The error says
// why there is none; it never holds anything of the mail.
func (d Drafter) DraftAnswer(ctx context.Context, subject, text, language string, offered []desk.Suggestion) (desk.DraftAnswer, error) {
	r, err := drafting.Ask(subject, text, language, offered)
	if err != nil {
		return desk.DraftAnswer{}, err
	}
	out, err := d.Client.Converse(ctx, &bedrockruntime.ConverseInput{
		ModelId:         &d.Model,
		System:          []types.SystemContentBlock{&types.SystemContentBlockMemberText{Value: r.System}},
		Messages:        []types.Message{{Role: types.ConversationRoleUser, Content: []types.ContentBlock{&types.ContentBlockMemberText{Value: r.User}}}},
		InferenceConfig: &types.InferenceConfiguration{MaxTokens: aws.Int32(draftTokens)},
	})
	var denied *types.AccessDeniedException
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return desk.DraftAnswer{}, fmt.Errorf("the model %s took too long", d.Model)
	case errors.As(err, &denied):
		return desk.DraftAnswer{}, fmt.Errorf("the model %s is refused by Bedrock: %w; ask for access to it in Bedrock's console, and see the template's DraftModelArns", d.Model, err)
	case err != nil:
		return desk.DraftAnswer{}, fmt.Errorf("the model %s on Bedrock: %w", d.Model, err)
	case out.StopReason != types.StopReasonEndTurn && out.StopReason != types.StopReasonStopSequence:
		return desk.DraftAnswer{}, fmt.Errorf("the model %s stopped with %q", d.Model, out.StopReason)
	}
	m, ok := out.Output.(*types.ConverseOutputMemberMessage)
	if !ok {
		return desk.DraftAnswer{}, fmt.Errorf("the model %s answered nothing", d.Model)
	}
	var answer strings.Builder
	for _, c := range m.Value.Content {
		if t, ok := c.(*types.ContentBlockMemberText); ok { // reasoning and the like are not for agents
			answer.WriteString(t.Value)
		}
	}
	return r.Accept(answer.String())
}
