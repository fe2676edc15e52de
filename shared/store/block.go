package store

import (
	"cmp"
	"context"
	"slices"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store/engine"
)

// Blocks gives every sender that is blocked, the latest first.
func (s *Store) Blocks(ctx context.Context) (out []desk.Block, err error) {
	for shard := range blockShards {
		found, err := collect(ctx, s, engine.Query{Partition: blockPartition(shard)}, 0, toBlock)
		if err != nil {
			return nil, err
		}
		for _, b := range found {
			if !b.Lifted {
				out = append(out, b)
			}
		}
	}
	slices.SortFunc(out, func(a, b desk.Block) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Sender, b.Sender)) })
	return out, nil
}

// Team reads who is away, as Rota does, which of the senders are blocked, and what other
// addresses are those of the person who has this one, in one request.
func (s *Store) Team(ctx context.Context, person string, senders []string) (rota desk.Rota, blocks []desk.Block, same []string, err error) {
	keys := newKeySet()
	keys.add(rotaKey())
	senders = senders[:min(len(senders), engine.MaxGet-2)]
	if person != "" {
		keys.add(sameKey(person))
	}
	for _, name := range senders {
		keys.add(blockKey(name))
	}
	items, err := s.get(ctx, keys.list)
	if err != nil {
		return rota, nil, nil, err
	}
	if item, ok := items[rotaKey()]; ok {
		if rota, err = toRota(item); err != nil {
			return rota, nil, nil, err
		}
	}
	if same, err = othersIn(items, person); err != nil {
		return rota, nil, nil, err
	}
	blocks, err = blocksIn(items, senders)
	return rota, blocks, same, err
}

// SetBlocks writes blocks, and takes those off the list that are lifted.
func (s *Store) SetBlocks(ctx context.Context, blocks ...desk.Block) error {
	return s.Commit(ctx, &Change{Blocks: blocks})
}
