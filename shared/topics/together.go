package topics

import (
	"cmp"
	"math"
	"slices"
)

// Regrouped is what became of a topic when all mails were put together anew: it was
// joined into another, or parted from one.
type Regrouped struct {
	Topic, Into, From string
}

// linked are the crumbs' vectors whose products are the mean cosines of their mails.
func (s *Space) linked() (out [][]float32) {
	middle := s.middle()
	k := float32(1 / math.Sqrt(max(1e-6, float64(1-dot(middle, middle)))))
	for _, c := range s.Crumbs {
		v := make([]float32, len(c.Sum))
		for i, x := range c.Sum {
			v[i] = k * (x/float32(c.Mails) - middle[i])
		}
		out = append(out, v)
	}
	return out
}

// settle gives each crumb its topic. A topic keeps its identity as mails come.
func (s *Space) settle(newTopic func() string) []Regrouped {
	if s.Mails < leastMails {
		return nil
	}
	vectors := s.linked()
	if 2*s.Mails >= 3*s.Whole {
		s.Whole = s.Mails
		return s.anew(vectors, newTopic)
	}
	for _, g := range s.together(s.join(vectors), vectors) {
		if s.mails(g) >= Least {
			id := newTopic()
			for _, i := range g {
				s.Crumbs[i].Topic = id
			}
		}
	}
	return nil
}

// join puts crumbs that have no topic into the one that they are about, and gives those
// that are about none.
func (s *Space) join(vectors [][]float32) (rest []int) {
	type topic struct {
		id    string
		sum   []float32
		mails float32
	}
	var topics []*topic
	byID := map[string]*topic{}
	for i, c := range s.Crumbs {
		if c.Topic == "" {
			continue
		}
		t := byID[c.Topic]
		if t == nil {
			t = &topic{id: c.Topic, sum: make([]float32, len(c.Sum))}
			byID[c.Topic], topics = t, append(topics, t)
		}
		add(t.sum, vectors[i], float32(c.Mails))
		t.mails += float32(c.Mails)
	}
	for i, c := range s.Crumbs {
		if c.Topic != "" {
			continue
		}
		best := float32(oneTopic)
		for _, t := range topics {
			if x := dot(vectors[i], t.sum) / t.mails; x > best {
				best, c.Topic = x, t.id
			}
		}
		if c.Topic == "" {
			rest = append(rest, i)
		}
	}
	return rest
}

func (s *Space) mails(crumbs []int) (n int) {
	for _, i := range crumbs {
		n += s.Crumbs[i].Mails
	}
	return n
}

// anew puts all crumbs together anew. A topic's identity goes to the group that has the
// most of its mails, the largest share first.
func (s *Space) anew(vectors [][]float32, newTopic func() string) (changes []Regrouped) {
	all := make([]int, len(s.Crumbs))
	for i := range all {
		all[i] = i
	}
	groups := slices.DeleteFunc(s.together(all, vectors), func(g []int) bool { return s.mails(g) < Least })
	type share struct {
		group int
		topic string
		mails int
	}
	var shares []share
	for k, g := range groups {
		of := map[string]int{} // places in shares
		for _, i := range g {
			c := s.Crumbs[i]
			if c.Topic == "" {
				continue
			}
			if _, known := of[c.Topic]; !known {
				of[c.Topic] = len(shares)
				shares = append(shares, share{group: k, topic: c.Topic})
			}
			shares[of[c.Topic]].mails += c.Mails
		}
	}
	slices.SortStableFunc(shares, func(a, b share) int { return cmp.Compare(b.mails, a.mails) })
	names, at := make([]string, len(groups)), map[string]int{}
	for _, x := range shares {
		if _, taken := at[x.topic]; names[x.group] == "" && !taken {
			names[x.group], at[x.topic] = x.topic, x.group
		}
	}
	for _, x := range shares { // the largest part of each comes first
		switch _, stays := at[x.topic]; {
		case !stays:
			at[x.topic] = x.group
			changes = append(changes, Regrouped{Topic: x.topic, Into: names[x.group]})
		case names[x.group] == "":
			names[x.group] = newTopic()
			changes = append(changes, Regrouped{Topic: names[x.group], From: x.topic})
		}
	}
	for _, c := range s.Crumbs {
		c.Topic = ""
	}
	for k, g := range groups {
		if names[k] == "" {
			names[k] = newTopic()
		}
		for _, i := range g {
			s.Crumbs[i].Topic = names[k]
		}
	}
	return changes
}

// together joins crumbs by average linkage until no two groups are about one thing.
func (s *Space) together(crumbs []int, vectors [][]float32) (groups [][]int) {
	n := len(crumbs)
	like := make([]float32, n*n)
	weight, members := make([]float32, n), make([][]int, n)
	for i, c := range crumbs {
		weight[i], members[i] = float32(s.Crumbs[c].Mails), []int{c}
		for j := range i {
			x := dot(vectors[c], vectors[crumbs[j]])
			like[i*n+j], like[j*n+i] = x, x
		}
	}
	gone, nearest := make([]bool, n), make([]int, n)
	look := func(i int) {
		nearest[i] = -1
		for j := range n {
			if j != i && !gone[j] && (nearest[i] < 0 || like[i*n+j] > like[i*n+nearest[i]]) {
				nearest[i] = j
			}
		}
	}
	for i := range n {
		look(i)
	}
	for {
		a := -1
		for i := range n {
			if !gone[i] && nearest[i] >= 0 && (a < 0 || like[i*n+nearest[i]] > like[a*n+nearest[a]]) {
				a = i
			}
		}
		if a < 0 || like[a*n+nearest[a]] < oneTopic {
			break
		}
		b := nearest[a]
		gone[b], members[a] = true, append(members[a], members[b]...)
		for j := range n {
			if j != a && !gone[j] {
				x := (weight[a]*like[a*n+j] + weight[b]*like[b*n+j]) / (weight[a] + weight[b])
				like[a*n+j], like[j*n+a] = x, x
			}
		}
		weight[a] += weight[b]
		look(a)
		for j := range n {
			switch {
			case j == a || gone[j]:
			case nearest[j] == a || nearest[j] == b:
				look(j)
			case like[j*n+a] > like[j*n+nearest[j]]:
				nearest[j] = a
			}
		}
	}
	for i := range n {
		if !gone[i] {
			slices.Sort(members[i])
			groups = append(groups, members[i])
		}
	}
	return groups
}
