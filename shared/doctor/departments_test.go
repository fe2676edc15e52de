package doctor

import (
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/desk"
)

// What the doctor says of departments: one line each, and a hint where a topic looks
// like a slip of one that others of the team are named for.
func TestDepartmentsAreLookedAt(t *testing.T) {
	s := &desk.Settings{
		Agents: []desk.Agent{{ID: "ben", Topics: []string{"invoices"}}},
		Teams:  []desk.Team{{ID: "post", Topics: []string{"Returns"}}},
		Departments: []desk.Department{
			{ID: "warehouse", Topics: []string{"parcels"}},
			{ID: "billing", Topics: []string{"invocies"}}, // swapped letters
			{ID: "shop", Topics: []string{"returns"}},
			{ID: "porter"},
		},
	}
	var r Report
	Departments(&r, s)
	var out strings.Builder
	for _, f := range r {
		out.WriteString(string(f.State) + " " + f.Of + ": " + f.Says + "\n")
	}
	const want = `good warehouse: it can be asked with #forward warehouse, and reports name it as the owner of parcels
warning billing: its topic "invocies" is nearly "invoices" of agent ben
good shop: it can be asked with #forward shop, and reports name it as the owner of returns
good porter: it can be asked with #forward porter
`
	if out.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", out.String(), want)
	}
}
