package window

import (
	"net/http"
	"net/url"
	"strings"
)

// habits is the cookie that remembers with which program each person writes, and
// where in the mail.
const habits = "habits"

// mostHabits bounds that cookie.
const mostHabits = 20

func readHabits(r *http.Request) url.Values {
	c, err := r.Cookie(habits)
	if err != nil {
		return url.Values{}
	}
	v, err := url.ParseQuery(c.Value)
	if err != nil {
		return url.Values{}
	}
	return v
}

// habit fills in with which program the person wrote last.
func (d *draft) habit(r *http.Request) {
	if d.Client == "" {
		name, place, _ := strings.Cut(readHabits(r).Get(d.Box.Address), ".")
		d.Client, d.Below = clientCalled(name).ID, place == "below"
	}
}

// remember keeps how this mail was written for the person's next one.
func (p *window) remember(w http.ResponseWriter, r *http.Request, d draft) {
	v := readHabits(r)
	if len(v) >= mostHabits {
		v = url.Values{}
	}
	place := "above"
	if d.Below {
		place = "below"
	}
	v.Set(d.Box.Address, d.Client+"."+place)
	http.SetCookie(w, &http.Cookie{Name: habits, Value: v.Encode(), Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteStrictMode})
}
