package metrics

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
)

// slackAPI is where Slack's methods are called.
const slackAPI = "https://slack.com/api/"

// picture uploads the chart of who waited, in the three steps that Slack asks for:
// files.getUploadURLExternal, the bytes, files.completeUploadExternal. Only the last
// one shows it, so only that one is not made again if nobody knows whether it arrived.
func (s *Service) picture(ctx context.Context, week letters.Week) error {
	moments := week.Evenings()
	data, err := chart(moments)
	if err != nil || data == nil {
		return err
	}
	api := slackAPI
	if s.Posting.api != "" {
		api = s.Posting.api
	}
	call := func(method string, form url.Values) (answer slackAnswer, err error) {
		req, err := s.request("Slack", http.MethodPost, api+method, []byte(form.Encode()), "application/x-www-form-urlencoded")
		if err != nil {
			return answer, err
		}
		req.Header.Set("Authorization", "Bearer "+s.Posting.Token)
		said, err := s.send(ctx, "Slack", req)
		if err != nil {
			return answer, err
		}
		if err := json.Unmarshal(said, &answer); err != nil {
			return answer, lost{fmt.Errorf("%s: Slack’s answer cannot be read", method)}
		}
		if !answer.OK { // it answers 200 with what is wrong
			return answer, desk.Permanent(fmt.Errorf("%s: Slack says %q; check bot_token (files:write), channel, and that the app is in the channel", method, answer.Error))
		}
		return answer, nil
	}
	place, err := call("files.getUploadURLExternal", url.Values{"filename": {"waiting.png"}, "length": {strconv.Itoa(len(data))}, "alt_txt": {spoken(moments)}})
	if err != nil {
		return again(err)
	}
	req, err := s.request("Slack", http.MethodPost, place.URL, data, "image/png")
	if err != nil {
		return err
	}
	if _, err := s.send(ctx, "Slack", req); err != nil {
		return again(err)
	}
	files, err := json.Marshal([]map[string]string{{"id": place.File, "title": "Customers who waited: " + spoken(moments)}})
	if err != nil {
		return err
	}
	_, err = call("files.completeUploadExternal", url.Values{"files": {string(files)}, "channel_id": {s.Posting.Channel}})
	return err
}

type slackAnswer struct {
	OK    bool   `json:"ok"`
	Error string `json:"error"`
	URL   string `json:"upload_url"`
	File  string `json:"file_id"`
}

// again makes of an attempt that showed nobody anything one that may be made again.
func again(err error) error {
	if l, ok := err.(lost); ok {
		return fmt.Errorf("%s", strings.ReplaceAll(l.Error(), "it is not posted again", "it is tried again"))
	}
	return err
}

// spoken are the chart's numbers in words, for who does not see it.
func spoken(moments []letters.Evening) string {
	var parts []string
	for _, e := range moments {
		parts = append(parts, fmt.Sprintf("%s %d", e.At.Add(-1).Format("2 Jan"), e.Customers))
	}
	return strings.Join(parts, ", ")
}

// Sizes of the picture, in pixels.
const (
	barWide, barHigh, barGap = 72, 240, 24
	dot                      = 4 // of a digit
)

// digits are drawn in five rows of three dots each.
var digits = [10][5]string{
	{"###", "# #", "# #", "# #", "###"}, {"  #", "  #", "  #", "  #", "  #"}, {"###", "  #", "###", "#  ", "###"}, {"###", "  #", "###", "  #", "###"},
	{"# #", "# #", "###", "  #", "  #"}, {"###", "#  ", "###", "  #", "###"}, {"###", "#  ", "###", "# #", "###"}, {"###", "  #", "  #", "  #", "  #"},
	{"###", "# #", "###", "# #", "###"}, {"###", "# #", "###", "  #", "###"},
}

// chart draws how many waited at the moments, the last one in another colour, with the
// number above each bar; nil where nobody did.
func chart(moments []letters.Evening) ([]byte, error) {
	most := 0
	for _, e := range moments {
		most = max(most, e.Customers)
	}
	if most == 0 || len(moments) < 2 {
		return nil, nil
	}
	head := 9 * dot
	img := image.NewPaletted(image.Rect(0, 0, barGap+len(moments)*(barWide+barGap), barHigh+head+barGap), color.Palette{
		color.RGBA{255, 255, 255, 255}, color.RGBA{0x84, 0x91, 0xa0, 255}, color.RGBA{0x2f, 0x6f, 0xce, 255}, color.RGBA{0x1b, 0x27, 0x33, 255}})
	fill := func(x, y, w, h int, c uint8) {
		for j := y; j < y+h; j++ {
			for i := x; i < x+w; i++ {
				img.SetColorIndex(i, j, c)
			}
		}
	}
	for n, e := range moments {
		x, high, c := barGap+n*(barWide+barGap), e.Customers*barHigh/most, uint8(1)
		if n == len(moments)-1 {
			c = 2
		}
		top := head + barHigh - high
		fill(x, top, barWide, max(high, 2), c)
		said := strconv.Itoa(e.Customers)
		at := x + (barWide-(len(said)*4-1)*dot)/2
		for i, d := range said {
			for row, dots := range digits[d-'0'] {
				for col, mark := range dots {
					if mark == '#' {
						fill(at+(i*4+col)*dot, top-7*dot+row*dot, dot, dot, 3)
					}
				}
			}
		}
	}
	var b bytes.Buffer
	err := png.Encode(&b, img)
	return b.Bytes(), err
}
