package golden

import "testing"

func TestWhereTextsDiffer(t *testing.T) {
	for _, c := range []struct {
		got, want string
		line      int
		now, was  string
	}{
		{"a\nb\n", "a\nc\n", 2, "b", "c"},
		{"a\n", "a", 2, "", "(the end)"},
		{"a", "a\nb", 2, "(the end)", "b"},
		{"", "a", 1, "", "a"},
	} {
		if line, now, was := differs(c.got, c.want); line != c.line || now != c.now || was != c.was {
			t.Errorf("%q and %q differ in line %d, %q and %q", c.got, c.want, line, now, was)
		}
	}
}
