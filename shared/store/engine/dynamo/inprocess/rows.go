package inprocess

import (
	"cmp"
	"slices"
)

// value is an attribute as the wire has it: text or a number.
type value struct {
	S *string `json:"S,omitempty"`
	N *string `json:"N,omitempty"`
}

func (v value) text() string {
	if v.S != nil {
		return *v.S
	}
	return ""
}

// attributes are an item, or a key.
type attributes map[string]value

// size is what DynamoDB counts of an item: names and values.
func (a attributes) size() (n int) {
	for name, v := range a {
		n += len(name) + len(v.text())
		if v.N != nil {
			n += len(*v.N)/2 + 1
		}
	}
	return n
}

// key is where an item stands in the table or in an index.
type key struct{ partition, sort string }

// place gives an item's key in the table (0) or in an index; ok is false where it has none.
func place(index int, a attributes) (k key, ok bool) {
	p, s := a[keyNames[index].partition], a[keyNames[index].sort]
	return key{p.text(), s.text()}, p.text() != "" && s.text() != ""
}

var keyNames = [3]key{{"pk", "sk"}, {"gsi1pk", "gsi1sk"}, {"gsi2pk", "gsi2sk"}}

// row is an item in the order of its index: by its sort key there, then by its own key.
type row struct {
	sort string
	own  key
	item attributes
}

func compare(a, b row) int {
	return cmp.Or(cmp.Compare(a.sort, b.sort), cmp.Compare(a.own.partition, b.own.partition), cmp.Compare(a.own.sort, b.own.sort))
}

// rows are a table or an index, partition by partition.
type rows map[string][]row

func (r rows) replace(index int, old, now attributes) {
	if k, ok := place(index, old); ok {
		own, _ := place(0, old)
		list := r[k.partition]
		if i, found := slices.BinarySearchFunc(list, row{sort: k.sort, own: own}, compare); found {
			r[k.partition] = slices.Delete(list, i, i+1)
		}
	}
	if k, ok := place(index, now); ok {
		own, _ := place(0, now)
		next := row{k.sort, own, now}
		i, _ := slices.BinarySearchFunc(r[k.partition], next, compare)
		r[k.partition] = slices.Insert(r[k.partition], i, next)
	}
}

// change is an item's step in an index that lags.
type change struct {
	index    int
	old, now attributes
}

// put replaces an item, in the table at once and in the indexes later. now may be nil.
func (t *Table) put(k key, now attributes) {
	old := t.find(k)
	t.rows[0].replace(0, old, now)
	for i := 1; i < len(t.rows); i++ {
		t.late = append(t.late, change{i, old, now})
	}
	t.catchUp()
}

func (t *Table) find(k key) attributes {
	list := t.rows[0][k.partition]
	if i, found := slices.BinarySearchFunc(list, row{sort: k.sort, own: k}, compare); found {
		return list[i].item
	}
	return nil
}

func (t *Table) catchUp() {
	for len(t.late) > t.lag {
		c := t.late[0]
		t.late = t.late[1:]
		t.rows[c.index].replace(c.index, c.old, c.now)
	}
}
