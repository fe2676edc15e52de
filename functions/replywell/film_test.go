package main

import (
	"bytes"
	"flag"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"net"
	"net/http"
	"os"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
)

var updatePictures = flag.Bool("update", false, "make the pictures of the page in docs anew")

// film is the recording of the sample day in README.
type film struct {
	b      *browser
	frames []image.Image
}

func newFilm(b *browser) *film { return &film{b: b} }

// take keeps a picture of the window.
func (f *film) take() {
	f.b.t.Helper()
	if !*updatePictures {
		return
	}
	f.b.do("the film", chromedp.EmulateViewport(1120, 940, chromedp.EmulateScale(0.75)),
		chromedp.Evaluate[chromedp.Void](`scrollTo(0, 0)`))
	frame, err := png.Decode(bytes.NewReader(look(f.b.t, f.b.ctx, chromedp.CaptureScreenshot())))
	if err != nil {
		f.b.t.Fatal(err)
	}
	f.frames = append(f.frames, frame)
}

// develop writes the film: each frame in the colours that the film has most of,
// and of each what differs from the one before.
func (f *film) develop(path string) {
	f.b.t.Helper()
	if !*updatePictures {
		return
	}
	colours := mostUsed(f.frames, 255)
	clear := uint8(len(colours)) // shows the frame before
	palette := append(slices.Clone(colours), color.RGBA{})
	nearest := map[color.RGBA]uint8{}
	var out gif.GIF
	var last *image.Paletted
	for i, frame := range f.frames {
		whole := image.NewPaletted(frame.Bounds(), palette)
		for y := frame.Bounds().Min.Y; y < frame.Bounds().Max.Y; y++ {
			for x := frame.Bounds().Min.X; x < frame.Bounds().Max.X; x++ {
				c := color.RGBAModel.Convert(frame.At(x, y)).(color.RGBA)
				at, ok := nearest[c]
				if !ok {
					at = uint8(color.Palette(colours).Index(c))
					nearest[c] = at
				}
				whole.SetColorIndex(x, y, at)
			}
		}
		shown := image.NewPaletted(frame.Bounds(), palette)
		for p := range whole.Pix {
			if shown.Pix[p] = whole.Pix[p]; last != nil && last.Pix[p] == whole.Pix[p] {
				shown.Pix[p] = clear
			}
		}
		delay := 180 // hundredths of a second
		if i == len(f.frames)-1 {
			delay = 600
		}
		out.Image, out.Delay, out.Disposal = append(out.Image, shown), append(out.Delay, delay),
			append(out.Disposal, gif.DisposalNone)
		last = whole
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, &out); err != nil {
		f.b.t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		f.b.t.Fatal(err)
	}
	f.b.t.Logf("%s: %d frames, %d kB", path, len(out.Image), b.Len()>>10)
}

// distance is the square of how far two colours are apart.
func distance(a, b color.RGBA) int {
	r, g, v := int(a.R)-int(b.R), int(a.G)-int(b.G), int(a.B)-int(b.B)
	return r*r + g*g + v*v
}

func mostUsed(frames []image.Image, n int) []color.Color {
	count := map[color.RGBA]int{}
	for _, f := range frames {
		for y := f.Bounds().Min.Y; y < f.Bounds().Max.Y; y++ {
			for x := f.Bounds().Min.X; x < f.Bounds().Max.X; x++ {
				count[color.RGBAModel.Convert(f.At(x, y)).(color.RGBA)]++
			}
		}
	}
	var list []color.RGBA
	for c := range count {
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b color.RGBA) int { return count[b] - count[a] })
	// Signs have many greys at their edges; what differs from all that was taken comes first.
	var out []color.Color
	for _, apart := range []int{400, 60, 0} {
		for _, c := range list {
			if len(out) < n && !slices.ContainsFunc(out,
				func(o color.Color) bool { return distance(o.(color.RGBA), c) <= apart }) {
				out = append(out, c)
			}
		}
	}
	return out
}

// listenForCalls is somebody who waits for mails to phone home.
func listenForCalls(t *testing.T, called chan<- string) (url string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { called <- r.URL.Path })}
	go s.Serve(l)
	t.Cleanup(func() { s.Close() })
	return "http://" + l.Addr().String()
}

// hostile are mails that want to run something, to lead the page away, or to tell
// somebody that they were read.
func hostile(home string) []string {
	return []string{
		`<script>top.owned = parent.owned = 1; document.title = "owned"; fetch("` + home + `/script")</script>`,
		`<img src="` + home + `/img"><img srcset="` + home + `/srcset 1x"><picture><source srcset="` + home +
			`/picture"><img src="x"></picture>`,
		`<img src=x onerror="top.location='` + home + `/onerror'"><svg onload="top.location='` + home +
			`/onload'"><image href="` + home + `/svg"/></svg>`,
		`<link rel="stylesheet" href="` + home + `/css"><style>@import "` + home + `/import"; body { background: url(` +
			home + `/background) } @font-face { font-family: x; src: url(` + home +
			`/font) } p { font-family: x }</style><p>x</p>`,
		`<meta http-equiv="refresh" content="0; url=` + home + `/meta"><base href="` + home +
			`/" target="_top"><img src="based">`,
		`<iframe src="` + home + `/iframe"></iframe><object data="` + home + `/object"></object><embed src="` + home +
			`/embed"><video src="` + home + `/video" autoplay></video><audio src="` + home +
			`/audio" autoplay></audio>`,
		`<form action="` + home +
			`/form" target="_top"><button style="position:fixed;inset:0;width:100%;height:100%" formaction="` + home +
			`/button">x</button></form>`,
		`<a href="` + home + `/top" target="_top" style="position:fixed;inset:0;display:block">x</a>`,
		`<a href="javascript:top.owned=1" style="position:fixed;inset:0;display:block">x</a>`,
		`<a href="` + home + `/self" ping="` + home +
			`/ping" target="_blank" style="position:fixed;inset:0;display:block">x</a>`,
		`<link rel="preconnect" href="` + home + `"><link rel="prefetch" href="` + home +
			`/prefetch"><link rel="dns-prefetch" href="` + home + `"><link rel="icon" href="` + home +
			`/icon"><link rel="modulepreload" href="` + home + `/module">`,
		`<iframe srcdoc="<script>top.owned=1</script><img src='` + home +
			`/srcdoc'>"></iframe><math><mtext></p><style><img src=x onerror=alert(1)></style></math>`,
		`</iframe></body></html><script>document.title='owned'</script><table background="` + home +
			`/table"><tr><td background="` + home + `/cell">x</td></tr></table>`,
		`<div style="background-image: image-set('` + home + `/set' 1x); list-style-image: url(` + home +
			`/list); cursor: url(` + home + `/cursor), auto; content: url(` + home + `/content)">x</div>`,
	}
}
