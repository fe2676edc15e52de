package orders_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/orders"
)

var withDepartments = func() orders.Desk {
	d := around
	d.Departments = []orders.Department{
		{ID: "warehouse", Names: []string{"Warehouse", "warehouse"}, Address: "lager@team.example"},
		{ID: "sales", Names: []string{"Sales", "sales"}, Address: "sales@team.example"},
		{ID: "accounts", Names: []string{"Customer Accounts", "accounts"}, Address: "konto@team.example"},
	}
	return d
}()

// questioned writes in short what comes of a mail: orders | what the customer gets | the question.
func questioned(text string) string {
	r, err := orders.Read(orders.Mail{Text: text}, withDepartments)
	var bad *desk.CommandError
	if errors.As(err, &bad) {
		return "no: " + bad.Why
	}
	mark := ""
	if r.Doubt != nil {
		if r.Doubt.Yes == nil {
			return "? " + r.Doubt.Why
		}
		mark, r = "? ", *r.Doubt.Yes
	}
	var list []string
	for _, c := range r.Commands {
		list = append(list, strings.TrimSpace(c.Name+" "+c.Word))
	}
	return mark + fmt.Sprintf("%s|%s|%s", strings.Join(list, ","), r.Text+r.Below+r.Note,
		strings.ReplaceAll(r.Question, "\n", "/"))
}

func TestWhatIsAskedOfADepartment(t *testing.T) {
	const A = "Hello Erika,\n\nThe lamp is on its way to you.\n\nBest regards\nAnna\n\n"
	for text, want := range map[string]string{
		"#forward warehouse":                           "forward warehouse||",
		"#forward warehouse\nIs batch 7 there?":        "forward warehouse||Is batch 7 there?",
		"#Forward Warehouse: is batch 7 there?":        "forward warehouse||is batch 7 there?",
		"#fwd warehouse Is batch 7 there?":             "forward warehouse||Is batch 7 there?",
		"#forward to the warehouse\nIs it?":            "forward warehouse||Is it?",
		"#forward this to sales please: is it?":        "forward sales||please: is it?",
		"#forward customer accounts: did she pay?":     "forward accounts||did she pay?",
		"#forward lager@team.example is it?":           "forward warehouse||is it?",
		"#forward <mailto:Lager@team.example>\nis it?": "forward warehouse||is it?",
		"#forward warehouse all\nis it?":               "forward warehouse all||is it?",
		"#forward warehouse all notes\nis it?":         "forward warehouse all notes||is it?",
		"#forward warehouse with our notes: is it?":    "forward warehouse notes||is it?",
		"#forward warehouse the whole thread":          "forward warehouse all||",
		"#forward warehouse all lamps flicker, do you know of it?": "forward warehouse||all lamps " +
			"flicker, do you know of it?",
		"Hallo zusammen,\n\n#forward warehouse\nist Charge 7 da?\n\nLG\nAnna": "forward warehouse||ist Charge 7 " +
			"da?//LG/Anna",
		"#weiterleiten warehouse\nist Charge 7 da?": "forward warehouse||ist Charge 7 da?",
		"Hi Erika,\n#forward warehouse is it?":      "forward warehouse||is it?",
		A + "#forward warehouse\nIs batch 7 there?": "? forward " +
			"warehouse|" + strings.TrimSpace(A) + "|Is batch 7 there?",
		"#forward warehouse\n#snooze 3d\nIs it there?": "forward warehouse,snooze Thu 4 " +
			"Jan 0001, 09:00||Is it there?",
		"#forward warehuose\nIs it there?": "? forward warehouse||Is it there?",
		"#forward sale is it?":             "? forward sales||is it?",
		"#forward ware: is it?":            "? forward warehouse||is it?",
		"#forwrad warehouse\nis it?":       "? forward warehouse||is it?",
		"#ask warehouse\nis it?":           "? forward warehouse||is it?",
		"#forward marketing\nis it?": "no: no department is called " +
			"“marketing”; there are Warehouse, Sales and Customer Accounts",
		"#forward": "no: #forward needs the name of " +
			"a department, like #forward warehouse; there are Warehouse, Sales and Customer Accounts",
		"#forward otto@carrier.example is it?": "no: otto@carrier.example is the " +
			"address of no department, and #forward asks departments alone; there are Warehouse, Sales and " +
			"Customer Accounts. To let a person into the conversation write #add and the address",
		"#forward warehouse is it?\n\n#note she lies": "no: it stands below #forward, " +
			"where all is for the department; put it above, or right below #forward's line, or into a mail of " +
			"its own",
		"#note she lies\n\n#forward warehouse is it?": "no: it stands below #note, " +
			"where all is for the team; put each into a mail of its own",
		"#forward warehouse is it?\n\n#forward sales is it?": "no: it stands below #forward, " +
			"where all is for the department; put it above, or right below #forward's line, or into a mail of " +
			"its own",
		"Could you please\n#forward warehouse\nis it?": "? forward warehouse|Could you " +
			"please|is it?",
		"\\#forward warehouse is what you write.": "|#forward warehouse is what you " +
			"write.|",
	} {
		if got := questioned(text); got != want {
			t.Errorf("%q:\n got %s\nwant %s", text, got, want)
		}
	}
	none := around
	none.Departments = []orders.Department{}
	if _, err := orders.Read(orders.Mail{Text: "#forward warehouse"},
		none); err == nil || !strings.Contains(err.Error(), "name no departments") {
		t.Errorf("without departments: %v", err)
	}
	if !orders.IsOrder("#forward warehouse is it?") {
		t.Error("a line of #forward is no order")
	}
}

// What is asked of a department never reaches the customer, whatever surrounds it.
func TestLeakWhatIsAskedOfADepartment(t *testing.T) {
	for _, name := range []string{"warehouse", "Warehouse:", "to the warehouse", "warehuose", "nobody",
		"lager@team.example", "otto@carrier.example", ""} {
		for _, order := range []string{"#forward ", "#Forward ", "#fwd ", "# forward ", "*#forward* ", "> " +
			"no\n#forward ", "/forward ", "#forwrad ", "#weiterleiten ", "#ask ", "＃forward "} {
			for _, text := range []string{order + name + " " + secret, order + name + "\n" + secret,
				order + name + "\n\n" + secret + "\n\nLG\nAnna",
				"Hi Erika,\n\n" + order + name + "\n" + secret, "Hallo,\n" + order + name + " " + secret,
				"Hello Erika,\n\nThe lamp is on its way to you.\n\nBest " +
					"regards\nAnna\n\n" + order + name + "\n" + secret,
				"Hello Erika, the lamp is on its way. " + order + name + " " + secret} {
				sure := strings.HasSuffix(order, "orward "+
					"") && order[0] != '/' && order[1] != ' ' || order == "#forwrad "
				within := strings.HasPrefix(text, "Hello Erika, the") || order == "#ask "+
					"" && strings.HasPrefix(text, "Hello Erika,\n\nThe")
				if within && !sure && (name == "" || name == "nobody") {
					continue // "#ask nobody" among other words may be anything
				}
				r, err := orders.Read(orders.Mail{Text: text}, withDepartments)
				if left := gone(r, err); strings.Contains(left, secret) {
					t.Errorf("%q leaves %q", text, left)
				}
			}
		}
	}
}

func TestOrdersInWhatADepartmentWrites(t *testing.T) {
	for text, want := range map[string]string{
		"It is there.":                       "",
		"1":                                  "1",
		"#close":                             "#close",
		"It is there.\n\n#close":             "#close",
		"#answer\nDear Erika, it is there.":  "#answer",
		"#send 1":                            "#send 1",
		"It is order #20881, box 1.":         "",
		"Tell her:\n> #note\nit is there.":   "",
		"#note for you: it is there\n#close": "#note for you: it is there,#close",
	} {
		if got := strings.Join(orders.Ordered(text), ","); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
