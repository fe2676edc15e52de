package inbound

import (
	"context"
	"log/slog"
	"slices"

	"github.com/replywell/replywell/shared/desk"
)

// mostCopied bounds the people in copy whose worth is looked up.
const mostCopied = 5

// weigh notes with the conversation what the team says of its customer, or of somebody
// in copy who counts for more. Mail does not wait for it: where the list cannot be read,
// what was known before holds. Whom a form only names is nobody's customer yet.
func (s *Held) weigh(ctx context.Context, settings *desk.Settings, e *entry) {
	if s.Worth == nil || e.message.Kind != desk.KindCustomer || e.Facts.Claimed || e.conv.Customer.Address == "" {
		return
	}
	addresses := []string{e.conv.Customer.Address}
	add := func(address string) {
		if len(addresses) <= mostCopied && address != "" && !slices.Contains(addresses, address) {
			addresses = append(addresses, address)
		}
	}
	for _, same := range e.Same {
		add(same)
	}
	for _, p := range e.conv.Participants {
		add(p.Address)
	}
	for _, c := range e.Facts.Copies {
		if _, agent := settings.AgentAt(c.Address); !agent {
			add(c.Address)
		}
	}
	w, err := s.Worth.Of(ctx, settings.Value, addresses...)
	if err != nil {
		slog.Warn("what the team says of a customer could not be reckoned; mail goes on without it", "conversation", string(e.conv.ID), "error", err.Error())
	}
	if slices.Contains(e.Same, w.Copied) { // it is their own
		w.Copied = ""
	}
	if err == nil || w != (desk.Worth{}) {
		e.conv.Worth = w
	}
}
