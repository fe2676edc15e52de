package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A list is imported into a desk that runs, shown, and one customer forgotten; what is
// wrong is told by line and changes nothing; a list that is dropped is taken in.
func TestImportingCustomers(t *testing.T) {
	data, dir := t.TempDir(), t.TempDir()
	file := func(name, text string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	run := func(args ...string) (string, bool) {
		out, err := exec.Command(program(t), append([]string{"customers"}, args...)...).CombinedOutput()
		return string(out), err == nil
	}
	good := file("good.csv", "E-Mail;Revenue;Tier;Phone\nolga@hotel.example;20.000;Partner;1\nerika@x.example;500;;2\n")
	wrong := file("wrong.csv", "address,potential\nolga@hotel.example,7\nerika,0.2\n")
	settings, err := exec.Command(program(t), "config", "sample").Output()
	if err != nil {
		t.Fatal(err)
	}
	formula := file("desk.yaml", string(settings)+"\ncustomer_value: {potential: revenue / 20000}\n")
	broken := file("broken.yaml", string(settings)+"\ncustomer_value: {potential: revnue / 20000}\n")
	startLocal(t, data)
	for _, x := range []struct {
		args string
		ok   bool
		want string
	}{
		{"import " + good, false, "say where to import to"},
		{"import --dry-run " + good, true, "2 entries. 0 of high potential"},
		{"import --dry-run --config " + broken + " " + good, false, "may name potential, orders, revenue"},
		{"import --data " + data + " " + wrong, false, "line 2: the potential “7” is not from 0 to 1"},
		{"import --data " + data + " " + wrong, false, "line 3: “erika” is no address"},
		{"show --data " + data + " olga@hotel.example", true, "The list says nothing of olga@hotel.example."},
		{"import --data " + data + " --config " + formula + " " + good, true, "1 of high potential"},
		{"import --data " + data + " " + good, true, "Passed over, because the desk has no use for it: Phone."},
		{"show --data " + data + " --config " + formula + " olga@hotel.example", true, "potential 1.00 (high)"},
		{"forget --data " + data + " olga@hotel.example", true, "is taken out of the list"},
		{"show --data " + data + " olga@hotel.example", true, "says nothing"},
		{"show olga@hotel.example", false, "say where the list is"},
	} {
		if out, ok := run(strings.Fields(x.args)...); ok != x.ok || !strings.Contains(out, x.want) {
			t.Errorf("customers %s: %v, %s", x.args, ok, out)
		}
	}
	drop := filepath.Join(data, "customers")
	if err := os.MkdirAll(drop, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, from := range map[string]string{"wrong.csv": wrong, "good.csv": good} {
		text, err := os.ReadFile(from)
		if err == nil {
			err = os.WriteFile(filepath.Join(drop, name), text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	there := func(name string) bool { _, err := os.Stat(filepath.Join(drop, name)); return err == nil }
	for deadline := time.Now().Add(time.Minute); there("good.csv") || !there("wrong.csv.errors.txt"); {
		if time.Now().After(deadline) {
			t.Fatal("the lists that were dropped were not taken in")
		}
		time.Sleep(50 * time.Millisecond)
	}
	if out, _ := run("show", "--data", data, "olga@hotel.example"); !strings.Contains(out, "revenue of a year 20000") {
		t.Error(out)
	}
}
